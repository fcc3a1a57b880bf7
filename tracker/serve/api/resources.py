"""The resources of the API, in the order in which they are told of."""

from __future__ import annotations

from tracker.serve.api.claimlists import ANSWERS, CLAIMS, FIGURES
from tracker.serve.api.eventlists import DISPUTES, EVENTS
from tracker.serve.api.resource import Resource
from tracker.serve.api.sourcelists import DOCUMENTS, ENTITIES, SOURCES
from tracker.serve.api.withdrawals import WITHDRAWN

RESOURCES: tuple[Resource, ...] = (
    EVENTS, CLAIMS, ENTITIES, FIGURES, DISPUTES, ANSWERS, DOCUMENTS, SOURCES, WITHDRAWN,
)  # fmt: skip
