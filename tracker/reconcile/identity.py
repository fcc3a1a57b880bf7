"""Event ids that outlive re-runs: made once from what the event is, then handed on by what it consists of."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.ids import slugify
from tracker.reconcile.heirs import Heirs
from tracker.types import ClaimType, Event

_TYPE_WORDS: Mapping[ClaimType, str] = {
    "allegation": "allegation",
    "admission": "admission",
    "denial": "denial",
    "no_response": "silence",
    "legislation": "bill",
    "government_action": "action",
    "legal_action": "case",
    "company_action": "measure",
    "statement": "statement",
}


def slug_of(event: Event, actor: str | None, accused: str | None) -> str:
    """The id of a new event: day, actor, type and the first accused."""
    parts = [event.from_on.isoformat(), slugify(actor, 40) if actor else "unattributed", _TYPE_WORDS[event.type]]
    if accused and accused != actor:
        parts.append(slugify(accused, 30))
    return "-".join(parts)


def _shared(event: Event, old: Event) -> tuple[int, int]:
    """(claims, documents) in common. Documents count for the same kind of event by the same party on these days."""
    claims = len(set(event.claim_ids) & set(old.claim_ids))
    alike = event.type == old.type and event.from_on <= old.to_on and old.from_on <= event.to_on
    alike = alike and bool(set(event.actors[:1]) & set(old.actors[:1]))
    documents = len(set(event.document_ids) & set(old.document_ids)) if claims or alike else 0
    return claims, documents


EVENT_HEIRS: Heirs[Event] = Heirs(
    members=lambda event: (*event.claim_ids, *event.document_ids), shared=_shared, tie=lambda event: event.claim_ids
)
"""How the ids of events are handed on: to the event with which most claims are shared."""
