"""The docket: the disputes that a run's events may have changed, drafted anew from the events of their sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.reconcile.bearings import Bearing, bearing_of, pair_of
from tracker.reconcile.curator import Curator
from tracker.reconcile.dispute_ids import assign_dispute_ids
from tracker.reconcile.disputes import DisputeBook, slug_of
from tracker.reconcile.entities import Parties
from tracker.reconcile.memory import Memory
from tracker.reconcile.sides import Sides
from tracker.types import ClaimRecord, Dispute, Event, Reconciled


@dataclass(frozen=True)
class Docket:
    """What becomes of disputes."""

    disputes: tuple[Dispute, ...] = ()
    """By id: those drafted anew."""
    gone: tuple[str, ...] = ()
    redirects: tuple[tuple[str, str], ...] = ()
    sides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each of the run's events the marks of the disputes that it may change."""
    bearings: tuple[Bearing, ...] = ()
    """What each of these events bears on disputes."""


def open_docket(
    memory: Memory,
    curator: Curator,
    parties: Parties,
    events: Sequence[Event],
    gone: Iterable[str],
    records: Iterable[ClaimRecord],
    previous: Reconciled | None = None,
) -> Docket:
    """The disputes after these events came or changed and those with the ids in `gone` went.

    `records` are the claims of the run. `previous` is given where everything is made anew: ids are handed on from it.
    """
    ids = {*(event.id for event in events), *gone}
    shown = curator.shown(events)
    claims = _claims_of(memory, shown, {record.id: record for record in records})
    sides = Sides(parties)
    book = DisputeBook(parties, sides)
    bearings = tuple(bearing_of(event, claims, parties, sides) for event in shown)
    touched = {bearing.event.id: tuple(sorted(book.add(bearing))) for bearing in bearings}
    before = memory.load_sides_of_disputes()
    marks = {mark for own in touched.values() for mark in own}.union(memory.load_sides(ids))
    known = {*book.all_keys(), *before.values()}
    keys = {key for key in known if key[1] in marks or pair_of(*key) in marks}
    near = {mark for key in keys for mark in (key[1], pair_of(*key))}
    others = {b.event.id: b for b in memory.load_bearings(set(memory.load_touching(near)) - ids)}
    for event in curator.shown([bearing.event for bearing in others.values()]):
        book.add(others[event.id])
    drafts = [book.draft(key) for key in book.all_keys() if key in keys]
    old = memory.load_disputes(sorted(key for key, own in before.items() if own in keys))
    kept = previous or Reconciled(disputes=tuple(old), redirects=tuple(memory.load_redirects(d.id for d in old)))
    taken = before.keys() - {dispute.id for dispute in old}
    slugs = [slug_of(draft, parties) for draft in drafts]
    assigned, redirects = assign_dispute_ids(drafts, slugs, kept, lambda key: key in taken or memory.is_used(key))
    gone_ids = sorted({dispute.id for dispute in kept.disputes} - set(assigned))
    # what has no heir leads to itself: its address says that it no longer stands
    redirects = tuple(sorted({**dict(zip(gone_ids, gone_ids, strict=True)), **dict(redirects)}.items()))
    disputes = (replace(draft, id=dispute_id) for draft, dispute_id in zip(drafts, assigned, strict=True))
    return Docket(
        disputes=tuple(sorted(disputes, key=lambda dispute: dispute.id)),
        gone=tuple(gone_ids),
        redirects=redirects,
        sides=touched,
        bearings=bearings,
    )


def _claims_of(memory: Memory, events: Iterable[Event], known: Mapping[str, ClaimRecord]) -> dict[str, ClaimRecord]:
    """The claims of events and of their answers, by id, beside those that are known."""
    wanted = {key for event in events for key in (*event.claim_ids, *(a.claim_id for a in event.answers)) if key}
    missing = sorted(wanted.difference(known))
    return {**known, **{record.id: record for record in (memory.load_claims(missing) if missing else ())}}
