"""Disputes out of events: who accuses whom, grouped by side, with how each stands and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from tracker.ids import slugify
from tracker.reconcile.bearings import Bearing, Charge, pair_of, touched_by
from tracker.reconcile.entities import Parties
from tracker.reconcile.ledger import LedgerMaker
from tracker.reconcile.sides import COUNTRY, STATE, Sides
from tracker.reconcile.steps import StepFinder
from tracker.types import Dispute, Event, LedgerEntry, StatusStep

Key = tuple[str, str]
"""(accuser's side, accused side)."""

_MOST_NAMED = 3
_MOST_WORDINGS = 20


class DisputeBook:
    """The bearings of events by the sides that they touch; drafts the dispute of a key from these alone."""

    def __init__(self, parties: Parties, sides: Sides) -> None:
        self._parties, self._sides = parties, sides
        self._charging: dict[Key, list[Bearing]] = defaultdict(list)
        self._touching: dict[str, list[Bearing]] = defaultdict(list)

    def add(self, bearing: Bearing) -> frozenset[str]:
        """Enter what an event bears; gives the marks of the disputes that it may change (`touched_by`)."""
        touched = touched_by(bearing, self._sides)
        for key in {charge.sides for charge in bearing.charges}:
            self._charging[key].append(bearing)
        if bearing.charges or bearing.moves or bearing.replies:
            for mark in touched:
                self._touching[mark].append(bearing)
        return touched

    def all_keys(self) -> list[Key]:
        """The keys of all disputes, in order."""
        return sorted(self._charging)

    def draft(self, key: Key) -> Dispute:
        """The dispute between two sides, without an id."""
        charging = sorted(self._charging[key], key=_by_date)
        charges = [charge for bearing in charging for charge in bearing.charges if charge.sides == key]
        touching = [*self._touching[key[1]], *self._touching[pair_of(*key)]]
        near = sorted({b.event.id: b for b in touching}.values(), key=_by_date)
        first = charging[0].when
        maker = LedgerMaker(charges, first, self._parties, self._sides)
        steps = StepFinder(key, first, maker, self._parties, self._sides).find(near)
        ledger = maker.make(charging, near)
        return self._dispute(key, charges, charging, near, steps, ledger)

    def _dispute(
        self,
        key: Key,
        charges: Sequence[Charge],
        charging: Sequence[Bearing],
        near: Sequence[Bearing],
        steps: tuple[StatusStep, ...],
        ledger: tuple[LedgerEntry, ...],
    ) -> Dispute:
        own = {b.event.id for b in charging} | {step.event_id for step in steps}
        own |= {entry.event_id for entry in ledger if entry.event_id}
        events = [b.event for b in sorted({b.event.id: b for b in [*near, *charging]}.values(), key=_by_date)]
        accusers = tuple(sorted({charge.accuser for charge in charges}))
        accused = tuple(sorted({charge.accused for charge in charges if charge.accused}))
        wordings = dict.fromkeys(charge.record.claim.accused_as for charge in charges)
        return Dispute(
            id="",
            title=title_of(key, accusers, accused, self._parties),
            sides=key,
            accusers=accusers,
            accused=accused,
            accused_as=tuple([words for words in wordings if words][:_MOST_WORDINGS]),
            target=tuple(sorted({target for charge in charges for target in charge.record.claim.target})),
            event_ids=tuple(event.id for event in events if event.id in own),
            allegation_ids=tuple(dict.fromkeys(charge.record.id for charge in charges)),
            steps=steps,
            ledger=ledger,
            changed_on=_last_day([e for e in events if e.id in own], steps, ledger),
        )


def _by_date(bearing: Bearing) -> tuple[object, ...]:
    """Events of the same days by what they consist of: their ids tell which document happened to come first."""
    event = bearing.event
    return (event.from_on, event.to_on, min(event.claim_ids, default=""), event.id)


def _last_day(events: Iterable[Event], steps: Iterable[StatusStep], ledger: Iterable[LedgerEntry]) -> date:
    """Of an event, a step or an answer; that somebody is silent still is no change."""
    days = [event.to_on for event in events] + [step.to_on for step in steps]
    return max([*days, *(entry.to_on for entry in ledger if entry.to_on and entry.kind != "no_reply")])


def title_of(key: Key, accusers: Sequence[str], accused: Sequence[str], parties: Parties) -> str:
    """ "Anthropic v. Alibaba/Qwen", "United States v. entities in China": names that the claims name, and no more."""
    return f"{_side_name(key[0], accusers, parties)} v. {_side_name(key[1], accused, parties)}"


def _side_name(side: str, named: Sequence[str], parties: Parties) -> str:
    if side.startswith(COUNTRY):
        return f"entities in {parties.name(side.removeprefix(COUNTRY))}"
    if side.startswith(STATE):
        return parties.name(side.removeprefix(STATE))
    ordered = _owners_first(named, parties)
    more = f" and {len(ordered) - _MOST_NAMED} more" if len(ordered) > _MOST_NAMED else ""
    return "/".join(dict.fromkeys(parties.name(one) for one in ordered[:_MOST_NAMED])) + more


def _owners_first(named: Sequence[str], parties: Parties) -> list[str]:
    return sorted(named, key=lambda one: (len(set(parties.ancestors(one)).intersection(named)), one))


def slug_of(dispute: Dispute, parties: Parties) -> str:
    """The id of a new dispute: "anthropic-v-alibaba", "united-states-v-entities-in-china"."""
    ends = []
    for side, named in zip(dispute.sides, (dispute.accusers, dispute.accused), strict=True):
        if side.startswith(COUNTRY):
            ends.append(f"entities-in-{slugify(side.removeprefix(COUNTRY), 30)}")
        elif side.startswith(STATE):
            ends.append(slugify(side.removeprefix(STATE), 40))
        else:
            ends.append(slugify(_owners_first(named, parties)[0], 40))
    return "-v-".join(ends)
