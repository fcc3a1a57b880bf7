"""When a decision of a person last changed what is published of a claim, an event or a dispute, and what it withdrew.

Who mirrors the data by `updated_at` must learn that a charge was corrected or hidden, not only that a page changed. A
hidden thing leaves no record to stamp, so what its documents tell and the disputes of those it accused count as
changed with it: a row that is fetched in vain harms nobody, one that is missed tells on what was withdrawn.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from tracker.render.catalogue import Catalogue
from tracker.types import (
    Acceptance,
    AliasEdit,
    Edit,
    EditState,
    EntityEdit,
    EntityMerge,
    Event,
    Hiding,
    Judged,
    Undoing,
)

HAD_EFFECT: tuple[EditState, ...] = ("applied", "open", "undone")
"""The states of an edit that changes what is published, or once did."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class EditStamps:
    """The last edit of each claim, event, dispute and document that one touched, by id."""

    claims: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, datetime] = field(default_factory=dict)
    disputes: dict[str, datetime] = field(default_factory=dict)
    documents: dict[str, datetime] = field(default_factory=dict)
    """Of these what is said on their pages was decided about, not the documents themselves."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A claim or event that people hid."""

    kind: str
    id: str
    at: datetime
    edit_id: str


def stamp_edits(catalogue: Catalogue) -> EditStamps:
    """When people last changed what is published of each record; taking an edit back is a change at its own time."""
    stamps, judged = EditStamps(), {item.edit.id: item for item in catalogue.edits}
    for item in catalogue.edits:
        if item.state not in HAD_EFFECT or isinstance(item.edit.act, Acceptance):
            continue
        about = _undone_by(item, judged)
        if about is not None:
            _stamp(catalogue, stamps, about, item.edit.at)
    _stamp_marked(catalogue, stamps, judged)
    return stamps


def _undone_by(item: Judged, judged: dict[str, Judged]) -> Judged | None:
    """The edit whose records an edit touches: its own, or those of the one that it takes back, through any number."""
    seen: set[str] = set()
    while isinstance(item.edit.act, Undoing):
        found = judged.get(item.edit.act.edit)
        if found is None or found.edit.id in seen:
            return None
        seen.add(found.edit.id)
        item = found
    return item


def _stamp(catalogue: Catalogue, stamps: EditStamps, item: Judged, at: datetime) -> None:
    claims = set(_claims_of(catalogue, item))
    events = {*item.event_ids, *(event.id for key in claims for event in events_with_claim(catalogue, key))}
    disputes = set[str]()
    if isinstance(item.edit.act, Hiding):
        accused = {party for anchor in item.edit.anchors for party in anchor.accused}
        told = (event for a in item.edit.anchors for event in catalogue.events_of_document.get(a.document_id, ()))
        events |= {event.id for event in told}
        disputes |= {dispute.id for dispute in catalogue.disputes if accused & set(dispute.accused)}
    disputes |= {dispute.id for key in events for dispute in catalogue.disputes_of_event.get(key, ())}
    documents = {anchor.document_id for anchor in item.edit.anchors}
    documents |= {catalogue.claims[key].document_id for key in claims if key in catalogue.claims}
    set_last(stamps.documents, documents, at)
    set_last(stamps.claims, claims, at)
    set_last(stamps.events, events, at)
    set_last(stamps.disputes, disputes, at)


def _claims_of(catalogue: Catalogue, item: Judged) -> Iterator[str]:
    yield from item.claim_ids
    yield from (anchor.claim_id for anchor in item.edit.anchors if anchor.claim_id)
    yield from (change.claim_id for change in item.changes)
    act = item.edit.act
    if isinstance(act, EntityEdit | AliasEdit | EntityMerge):
        entity = act.into if isinstance(act, EntityMerge) else act.entity
        yield from (record.id for record in catalogue.claims_of_entity.get(entity, ()))


def events_with_claim(catalogue: Catalogue, claim_id: str) -> Iterator[Event]:
    """The events that a claim tells, recalls or answers."""
    for index in (catalogue.events_of_claim, catalogue.events_recalled_by, catalogue.events_answered_by):
        yield from index.get(claim_id, ())


def _stamp_marked(catalogue: Catalogue, stamps: EditStamps, judged: dict[str, Judged]) -> None:
    """The records that name their edits themselves."""
    for record in catalogue.claims.values():
        for at in _times(record.edits, judged):
            set_last(stamps.claims, (record.id,), at)
            set_last(stamps.documents, (record.document_id,), at)
            set_last(stamps.events, (event.id for event in catalogue.events_of_claim.get(record.id, ())), at)
    for event in catalogue.events:
        for at in _times(event.edits, judged):
            set_last(stamps.events, (event.id,), at)
            set_last(stamps.disputes, (item.id for item in catalogue.disputes_of_event.get(event.id, ())), at)


def _times(edit_ids: Iterable[str], judged: dict[str, Judged]) -> Iterator[datetime]:
    return (judged[key].edit.at for key in edit_ids if key in judged)


def last_of(*times: datetime | None) -> datetime | None:
    """The last of the instants that are known."""
    return max(filter(None, times), default=None)


def set_last(times: dict[Key, datetime], keys: Iterable[Key], at: datetime) -> None:
    """Each of these was touched at that instant, or later if that is known already."""
    for key in keys:
        times[key] = max(times.get(key, at), at)


def list_withdrawals(catalogue: Catalogue) -> list[Withdrawal]:
    """What people hid and is not published, by kind and id, with the first edit that hides it."""
    found: dict[tuple[str, str], Withdrawal] = {}
    for item in catalogue.edits:
        if isinstance(item.edit.act, Hiding) and item.state in ("applied", "open"):
            for kind, key in _hidden(item, item.edit):
                if key not in catalogue.claims and key not in catalogue.events_by_id:
                    found.setdefault((kind, key), Withdrawal(kind, key, item.edit.at, item.edit.id))
    return [found[key] for key in sorted(found)]


def _hidden(item: Judged, edit: Edit) -> Iterator[tuple[str, str]]:
    assert isinstance(edit.act, Hiding)
    if edit.act.what == "event":
        yield from (("event", key) for key in (*item.event_ids, *edit.act.was))
    claims = (*item.claim_ids, *(anchor.claim_id for anchor in edit.anchors if anchor.claim_id))
    yield from (("claim", key) for key in claims)
