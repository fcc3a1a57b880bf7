"""The answers of a dispute, party by party and day by day; a party without any has `none_found`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tracker.reconcile.bearings import Bearing, Charge
from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.namelists import names_in
from tracker.reconcile.sides import Sides
from tracker.types import Answer, AnswerKind, ClaimRecord, LedgerEntry, LedgerKind

_KINDS: Mapping[AnswerKind, LedgerKind] = {
    "denial": "denied",
    "admission": "admitted",
    "no_response": "no_reply",
    "declined": "declined",
    "counter_claim": "counter_claim",
}


class LedgerMaker:
    """Collects the answers to the charges of one dispute."""

    def __init__(
        self,
        charges: Sequence[Charge],
        first: Interval,
        parties: Parties,
        sides: Sides,
    ) -> None:
        self._first, self._parties, self._sides = first, parties, sides
        self._sides_of = charges[0].sides
        self._accused = sorted({charge.accused for charge in charges if charge.accused})
        self._owners = {above for party in self._accused for above in parties.ancestors(party)} - {*self._accused}
        self._target = {target for charge in charges for target in charge.record.claim.target}
        self._entries: dict[tuple[str, str], LedgerEntry] = {}

    def make(self, charging: Iterable[Bearing], others: Iterable[Bearing]) -> tuple[LedgerEntry, ...]:
        """The entries: what answers the events that charge, then what other events hold of answers to this accuser."""
        for bearing in charging:
            records = {record.id: record for record in bearing.answers}
            for answer in bearing.event.answers:
                self._add_answer(answer, records.get(answer.claim_id or ""), bearing)
        for bearing in others:
            self._add_replies(bearing)
            self._add_counter_charges(bearing)
        answered = {entry.party for entry in self._entries.values()}
        silent = [
            LedgerEntry(p, "none_found", None, None, None, None, None) for p in self._accused if p not in answered
        ]
        return tuple(sorted([*self._entries.values(), *silent], key=_order))

    def _add_answer(self, answer: Answer, record: ClaimRecord | None, bearing: Bearing) -> None:
        if record is None or answer.kind == "none_found":
            return
        accused_here = {party for charge in bearing.charges for party in (charge.accused,) if party}
        is_accused = answer.party in self._accused
        if not is_accused and answer.party not in self._owners and answer.party in accused_here:
            return  # another party that the same event accuses answers for itself
        if not is_accused and not self._is_about(record):
            return
        when = (
            Interval(answer.from_on, answer.to_on, answer.date_basis)
            if answer.from_on and answer.to_on and answer.date_basis
            else None
        )
        self._add(answer.party, _KINDS[answer.kind], when, record, bearing)

    def _is_about(self, record: ClaimRecord) -> bool:
        """Whether an answer by somebody else speaks of those accused here, or of nobody by name."""
        accused = record.claim.accused
        return not accused or any(self._sides.holds(self._sides_of[1], party) for party in accused)

    def _add_replies(self, bearing: Bearing) -> None:
        """Denials and admissions in events of their own: answers to this accuser where they say so."""
        for record in bearing.replies:
            claim = record.claim
            voices = [who for who in (claim.speaker, claim.on_behalf_of) if who in self._accused]
            if voices and bearing.event.to_on >= self._first.from_on and self.answers_accuser(record):
                kind: LedgerKind = "denied" if claim.type == "denial" else "admitted"
                self._add(voices[-1], kind, bearing.when, record, bearing)

    def answers_accuser(self, record: ClaimRecord) -> bool:
        """Whether a reply is about what this accuser charges: its model or itself is the target, or named."""
        claim, accuser = record.claim, self._sides_of[0]
        if claim.target:
            return self._parties.overlap(claim.target, self._target) or any(
                self._sides.of(target) == accuser for target in claim.target
            )
        return any(self._sides.of(name.entity_id) == accuser for name in names_in(claim.text, self._parties))

    def _add_counter_charges(self, bearing: Bearing) -> None:
        for charge in bearing.charges:
            back = charge.accuser in self._accused and charge.accused is not None
            if back and self._sides.holds(self._sides_of[0], charge.accused or "") and self._is_later(bearing):
                self._add(charge.accuser, "counter_claim", bearing.when, charge.record, bearing)

    def _is_later(self, bearing: Bearing) -> bool:
        return bearing.event.from_on > self._first.to_on

    def _add(self, party: str, kind: LedgerKind, when: Interval | None, record: ClaimRecord, bearing: Bearing) -> None:
        self._entries.setdefault(
            (party, record.id),
            LedgerEntry(
                party,
                kind,
                when.from_on if when else None,
                when.to_on if when else None,
                when.basis if when else None,
                record.id,
                bearing.event.id,
                party in self._accused,
                record.first_seen_at,
            ),
        )


def _order(entry: LedgerEntry) -> tuple[object, ...]:
    days = (entry.to_on or date.max, entry.from_on or date.max)
    return (not entry.is_accused, entry.party, *days, entry.claim_id or "")
