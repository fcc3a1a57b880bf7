"""Revisions: what became of a document's claims when its page changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RevisionKind = Literal["changed", "vanished", "added"]
"""What is kept as it was is no revision."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One claim before and after a change of its page."""

    document_id: str
    kind: RevisionKind
    from_version: str
    to_version: str
    seen_at: datetime
    """When the tracker first saw the changed page."""
    before: str | None
    """The claim as it was; None for `added`."""
    after: str | None
    """The claim as it is; None for `vanished`. The same as `before` where the same words stand in another sentence."""
    what: tuple[str, ...] = ()
    """Which of its fields changed: "words", "figure", "qualifier", "speaker", "accused", "target", "date", "status",
    "type"."""
    was: tuple[str, ...] = ()
    """For each of `what`, the value before, "" for none: the source's words for figures, ids for parties."""
    now: tuple[str, ...] = ()
    """For each of `what`, the value after."""
