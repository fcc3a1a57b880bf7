"""The status steps of one dispute: which of the events' charges and moves belong to it, and when each was taken."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.reconcile.bearings import Bearing, Charge
from tracker.reconcile.cues import speaks_of_copying
from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.ledger import LedgerMaker
from tracker.reconcile.moves import Move
from tracker.reconcile.namelists import names_in
from tracker.reconcile.sides import COUNTRY, STATE, Sides
from tracker.types import ClaimRecord, DisputeStatus, StatusStep

_Found = dict[tuple[DisputeStatus, str], tuple[Interval, list[ClaimRecord]]]
"""(status, event) -> (when, evidence)."""
_ENDS = ("withdrawn", "settled", "closed")
_CAN_END: tuple[DisputeStatus, ...] = ("under_investigation", "in_court", "sanctioned")
_ORDER: tuple[DisputeStatus, ...] = (
    "alleged", "repeated_by_government", "under_investigation", "in_bill", "in_court", "sanctioned", "admitted",
    "closed", "withdrawn", "settled",
)  # fmt: skip
"""Steps of one day stand in this order."""


class StepFinder:
    """Finds the steps of the dispute between two sides."""

    def __init__(
        self, key: tuple[str, str], first: Interval, ledger: LedgerMaker, parties: Parties, sides: Sides
    ) -> None:
        self._accuser, self._accused = key
        self._key, self._first, self._ledger, self._parties, self._sides = key, first, ledger, parties, sides

    def find(self, bearings: Sequence[Bearing]) -> tuple[StatusStep, ...]:
        """The steps by date, those of the same days in the order of the bearings. Of mere allegations only the first
        is one, and the first after a withdrawal."""
        found: _Found = {}
        for bearing in bearings:
            for charge in bearing.charges:
                if charge.sides == self._key:
                    _note(found, "alleged", bearing, bearing.when, charge.record)
                elif self._repeats(charge, bearing):
                    _note(found, "repeated_by_government", bearing, bearing.when, charge.record)
            for move, when in bearing.moves:
                if when.to_on < self._first.from_on:
                    continue
                if self._belongs(move, bearing) or (move.status == "closed" and self._ends_one(move, when, found)):
                    _note(found, move.status, bearing, when, move.record)
            for record in bearing.replies:
                if self._admits(record, bearing):
                    _note(found, "admitted", bearing, bearing.when, record)
        return _only_moves(sorted((_step(key, *value) for key, value in found.items()), key=_step_order))

    def _repeats(self, charge: Charge, bearing: Bearing) -> bool:
        """Whether a state that is not the accuser makes the charge its own: the same accused, the target no other.

        Where no target is named, the words must speak of copying: a cable that "also mentions" a firm accuses it not.
        """
        accuser = charge.sides[0]
        if not accuser.startswith(STATE) or accuser == self._accuser or charge.accused is None:
            return False
        if not self._sides.holds(self._accused, charge.accused) or bearing.event.to_on < self._first.from_on:
            return False
        claim = charge.record.claim
        return self._ledger.answers_accuser(charge.record) if claim.target else speaks_of_copying(claim.text)

    def _admits(self, record: ClaimRecord, bearing: Bearing) -> bool:
        claim = record.claim
        if claim.type != "admission" or claim.status == "denied" or bearing.event.to_on < self._first.from_on:
            return False
        owned = any(self._sides.holds(self._accused, party) for party in claim.accused)
        voiced = any(
            self._sides.holds(self._accused, who) for who in (claim.speaker, claim.on_behalf_of) if who is not None
        )
        return owned and voiced and self._ledger.answers_accuser(record)

    def _belongs(self, move: Move, bearing: Bearing) -> bool:
        """Whether a step is one of this dispute: it concerns the accused, and is on its matter or between its sides."""
        concerned = any(self._sides.holds(self._accused, party) for party in move.concerned)
        if self._accused.startswith(COUNTRY):
            concerned = concerned or self._accused.removeprefix(COUNTRY) in move.countries
        if move.status in ("in_court", "withdrawn"):
            return concerned and self._accuser in move.actors
        if move.status == "settled":
            return self._is_between_both(move)
        if not concerned:
            return False
        if self._accuser.startswith(STATE):
            return self._accuser in (move.actors | bearing.actors) and (move.is_on_matter or bearing.is_on_matter)
        return self._is_on_matter(move)

    def _ends_one(self, move: Move, when: Interval, found: _Found) -> bool:
        """Whether words about the accused end a step that the same body has taken in this dispute before."""
        if not any(self._sides.holds(self._accused, party) for party in move.concerned):
            return False
        return any(
            status in _CAN_END and opened.from_on <= when.to_on and move.actors & self._voices(record)
            for (status, _), (opened, records) in found.items()
            for record in records
        )

    def _voices(self, record: ClaimRecord) -> set[str]:
        return {self._sides.of(who) for who in (record.claim.speaker, record.claim.on_behalf_of) if who}

    def _is_between_both(self, move: Move) -> bool:
        parties = {self._sides.of(party) for party in move.concerned}
        return {self._accuser, self._accused} <= parties | move.actors

    def _is_on_matter(self, move: Move) -> bool:
        """A public body's step on an accused firm: for copying, or for what this accuser charges."""
        claim = move.record.claim
        if claim.target:
            return self._ledger.answers_accuser(move.record)
        named = (self._sides.of(name.entity_id) for name in names_in(claim.text, self._parties))
        return move.is_on_matter or self._accuser in named


def _note(found: _Found, status: DisputeStatus, bearing: Bearing, when: Interval, record: ClaimRecord) -> None:
    _, records = found.setdefault((status, bearing.event.id), (when, []))
    if record not in records:
        records.append(record)


def _step(key: tuple[DisputeStatus, str], when: Interval, records: list[ClaimRecord]) -> StatusStep:
    seen = [record.first_seen_at for record in records if record.first_seen_at]
    ids = tuple(record.id for record in records)
    return StatusStep(key[0], when.from_on, when.to_on, when.basis, key[1], ids, min(seen, default=None))


def _step_order(step: StatusStep) -> tuple[object, ...]:
    return (step.from_on, step.to_on, _ORDER.index(step.status))


def _only_moves(steps: Sequence[StatusStep]) -> tuple[StatusStep, ...]:
    """Without allegations that change nothing; those steps that only repeat an event's own are already one."""
    kept: list[StatusStep] = []
    for step in steps:
        if step.status != "alleged" or not kept or kept[-1].status in _ENDS:
            kept.append(step)
    return tuple(kept)
