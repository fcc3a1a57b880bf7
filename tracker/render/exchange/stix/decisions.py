"""When people's decisions changed what is told of a claim, an event, a party or a charge, also by taking it away.

Who was told of a charge has to hear that it was corrected or withdrawn. What an edit touched is taken rather too wide
than too narrow: an object that is told once more with a later instant misleads nobody, one that is not told again may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tracker.render.catalogue import Catalogue, parties_of
from tracker.render.editstamps import HAD_EFFECT, events_with_claim, set_last
from tracker.types import (
    Acceptance,
    AliasEdit,
    ClaimRecord,
    Correction,
    EntityEdit,
    EntityMerge,
    EventMerge,
    EventSplit,
    Hiding,
    Judged,
    TitleEdit,
    Undoing,
)

Pair = tuple[str, str]
"""Who accuses, and whom."""
_FIELDS = {"type": "type", "speaker": "speaker", "for": "on_behalf_of", "accused": "accused"}
"""Field of an edit -> of a claim."""


@dataclass
class Touched:
    """For each thing, by id, when a decision last touched it."""

    claims: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, datetime] = field(default_factory=dict)
    parties: dict[str, datetime] = field(default_factory=dict)
    pairs: dict[Pair, datetime] = field(default_factory=dict)
    withheld: dict[str, ClaimRecord] = field(default_factory=dict)
    """Claims that people hid, by id."""
    hidden: dict[str, tuple[ClaimRecord, ...]] = field(default_factory=dict)
    """For each event that people hid the claims that went with it."""
    charges: dict[Pair, list[ClaimRecord]] = field(default_factory=lambda: defaultdict(list))
    """Who accused whom before an edit, by which claims."""


def list_touched(catalogue: Catalogue) -> Touched:
    """What all edits that hold or once held touched."""
    touched = Touched()
    marked: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in catalogue.claims.values():
        for key in record.edits:
            marked[key].append(record)
    on_event: dict[str, list[str]] = defaultdict(list)
    for event in catalogue.events:
        for key in event.edits:
            on_event[key].append(event.id)
    last = _instants(catalogue.edits)
    for item in catalogue.edits:
        if item.edit.id in last:
            _touch(catalogue, touched, item, last[item.edit.id], marked[item.edit.id], on_event[item.edit.id])
    return touched


def _instants(edits: Iterable[Judged]) -> dict[str, datetime]:
    """For each edit that does or did something, when it was made, or taken back last."""
    last: dict[str, datetime] = {}
    means: dict[str, str] = {}
    for item in edits:
        act = item.edit.act
        if isinstance(act, Undoing):
            base = means[item.edit.id] = means.get(act.edit, act.edit)
            if base in last:
                last[base] = max(last[base], item.edit.at)
        elif not isinstance(act, Acceptance) and _is_told(item):
            last[item.edit.id] = item.edit.at
    return last


def _is_told(item: Judged) -> bool:
    """Whether an edit may have changed what others were told.

    A hiding counts in every state, as what it hides is kept back from the moment that it is written; the database's
    `updated_at` counts it once it is applied.
    """
    return item.state in HAD_EFFECT or isinstance(item.edit.act, Hiding)


def _touch(
    catalogue: Catalogue, touched: Touched, item: Judged, at: datetime, marked: list[ClaimRecord], on_event: list[str]
) -> None:
    gone = tuple(record for record in item.withheld if record.id not in catalogue.claims)
    touched.withheld.update((record.id, record) for record in gone)
    named = {*item.claim_ids, *(anchor.claim_id for anchor in item.edit.anchors if anchor.claim_id)}
    records = {record.id: record for record in (*gone, *marked)}
    records |= {key: catalogue.claims[key] for key in named if key in catalogue.claims}
    set_last(touched.claims, (*named, *records), at)
    readings = [reading for record in records.values() for reading in _readings(catalogue, item, record)]
    parties = {party for reading in readings for party in parties_of(reading)}
    parties.update(party for a in item.edit.anchors for party in (a.speaker, *a.accused) if party)
    parties.update(_entities(item.edit.act))
    set_last(touched.parties, parties, at)
    for reading in readings:
        for pair in charges_of(reading):
            set_last(touched.pairs, (pair,), at)
            touched.charges[pair].append(reading)
    set_last(touched.events, {*item.event_ids, *on_event, *_was(item.edit.act)}, at)
    set_last(touched.events, (event.id for key in records for event in events_with_claim(catalogue, key)), at)
    if isinstance(item.edit.act, Hiding) and item.state != "undone":
        left = (e.id for party in parties for e in catalogue.events_of_entity.get(party, ()))
        set_last(touched.events, left, at)  # which of them a hidden claim stood in is not told any more
        led = {old for old, new in catalogue.redirects if new in catalogue.events_by_id}
        was = (key for key in item.edit.act.was if key not in led)
        for key in {*item.event_ids, *was} - catalogue.events_by_id.keys():
            touched.hidden[key] = (*touched.hidden.get(key, ()), *gone)


def charges_of(record: ClaimRecord) -> list[Pair]:
    """Who accuses whom by a claim: the word of the organisation that its speaker speaks for."""
    claim = record.claim
    accuser = claim.on_behalf_of or claim.speaker
    if claim.type != "allegation" or not accuser:
        return []
    return [(accuser, accused) for accused in dict.fromkeys(claim.accused)]


def _readings(catalogue: Catalogue, item: Judged, record: ClaimRecord) -> Iterator[ClaimRecord]:
    """The claim as it is read, and as it was read before the edit, or by an edit that was taken back."""
    yield record
    before: dict[str, Any] = {}
    for change in item.changes:
        if change.claim_id == record.id and change.field in _FIELDS:
            is_list = change.field == "accused"
            value = tuple(filter(None, change.before.split(", "))) if is_list else change.before or None
            before[_FIELDS[change.field]] = value
    act = item.edit.act
    if isinstance(act, Correction) and item.state == "undone":
        sets = {name: _FIELDS[name] for name in act.sets if name in _FIELDS}
        before = {name: getattr(act, name) for name in sets.values()}
    if isinstance(act, EntityMerge):
        before = _unmerged(record, act)
    if before:
        yield replace(record, claim=replace(record.claim, **before))


def _unmerged(record: ClaimRecord, act: EntityMerge) -> dict[str, Any]:
    def back(key: str | None) -> str | None:
        return act.source if key == act.into else key

    claim = record.claim
    accused = tuple(back(key) or key for key in claim.accused)
    return {"speaker": back(claim.speaker), "on_behalf_of": back(claim.on_behalf_of), "accused": accused}


def _entities(act: object) -> tuple[str, ...]:
    if isinstance(act, EntityMerge):
        return act.source, act.into
    return (act.entity,) if isinstance(act, EntityEdit | AliasEdit) else ()


def _was(act: object) -> tuple[str, ...]:
    return act.was if isinstance(act, EventMerge | EventSplit | TitleEdit | Hiding) else ()
