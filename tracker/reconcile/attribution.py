"""On whose word an event stands: its claims' chains, what they say alike, and its documents by independence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.reconcile.assertions import make_assertions
from tracker.reconcile.chains import Chains
from tracker.reconcile.entities import Parties
from tracker.reconcile.sources import Sources
from tracker.types import ClaimRecord, Event, StoredDocument


def attribute(
    event: Event, records: Sequence[ClaimRecord], documents: Mapping[str, StoredDocument], parties: Parties
) -> Event:
    """The event with its `chains`, `assertions` and `sources`.

    `records` are those of `event.claim_ids` in their order, `documents` (by id) at least the event's own. Its figures
    must be there already.
    """
    made = Chains(parties)
    chains = {record.id: made.chain(record, documents[record.document_id]) for record in records}
    own = [documents[document_id] for document_id in event.document_ids]
    sources = Sources(own, records, chains, parties, event.type)
    return replace(
        event,
        chains=tuple(chains.values()),
        assertions=make_assertions(event, records, sources, parties),
        sources=sources.groups(event.document_ids),
    )
