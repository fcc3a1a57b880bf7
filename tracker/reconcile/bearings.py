"""What one event bears on disputes: its charges, its steps, and what it holds of answers.

A bearing is a function of the event and its own claims alone; a dispute is a function of the bearings that touch its
accused side. So a new document changes the disputes of its events' sides and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.reconcile.cues import speaks_of_copying, takes_other_goods
from tracker.reconcile.dates import Interval, own_dates, usable
from tracker.reconcile.entities import Parties
from tracker.reconcile.moves import Move, moves_in
from tracker.reconcile.sides import COUNTRY, STATE, Sides
from tracker.types import ClaimRecord, Event


@dataclass(frozen=True, slots=True)
class Charge:
    """An allegation by one side against another; `accused` is None where it only tells the firms of a country."""

    sides: tuple[str, str]
    accuser: str
    accused: str | None
    record: ClaimRecord


@dataclass(frozen=True, slots=True)
class Bearing:
    """An event as disputes see it."""

    event: Event
    charges: tuple[Charge, ...]
    moves: tuple[tuple[Move, Interval], ...]
    replies: tuple[ClaimRecord, ...]
    """Denials and admissions that it consists of."""
    actors: frozenset[str]
    """The sides of the event's actors."""
    is_on_matter: bool
    """Whether a charge in it speaks of copying."""
    answers: tuple[ClaimRecord, ...] = ()
    """The claims by which its charges are answered, where it charges anybody."""

    @property
    def when(self) -> Interval:
        """The event's days."""
        return Interval(self.event.from_on, self.event.to_on, self.event.date_basis)


def outline_of(event: Event) -> Event:
    """What disputes need of an event; the rest is most of it, and a busy party has thousands of events."""
    return replace(
        event,
        title_parts=(),
        summary=(),
        recalled_in=(),
        document_ids=(),
        figures=(),
        figure_groups=(),
        figure_conflicts=(),
        figure_sums=(),
        chains=(),
        assertions=(),
        sources=(),
        flags=(),
        vanished=(),
    )


def bearing_of(event: Event, claims: Mapping[str, ClaimRecord], parties: Parties, sides: Sides) -> Bearing:
    """What an event bears on disputes; `claims` by id, one that is not there is passed over."""
    records = [claims[claim_id] for claim_id in event.claim_ids if claim_id in claims]
    charges = tuple(charge for record in records for charge in _charges(record, sides))
    answering = dict.fromkeys(answer.claim_id for answer in event.answers if answer.claim_id in claims)
    moves = ((move, _when(record, event)) for record in records for move in moves_in(record, parties, sides))
    return Bearing(
        outline_of(event),
        tuple(replace(charge, record=_said(charge.record)) for charge in charges),
        tuple((replace(move, record=_said(move.record)), when) for move, when in moves),
        tuple(_said(record) for record in records if record.claim.type in ("denial", "admission")),
        frozenset(sides.of(actor) for actor in event.actors),
        any(record.claim.type == "allegation" and speaks_of_copying(record.claim.text) for record in records),
        tuple(_said(claims[claim_id]) for claim_id in answering if claim_id) if charges else (),
    )


def _said(record: ClaimRecord) -> ClaimRecord:
    """Who says what of whom: a dispute asks for no more of a claim, and a busy party has thousands."""
    return replace(record, claim=replace(record.claim, quantities=(), dates=()), quantities=(), dates=())


def _charges(record: ClaimRecord, sides: Sides) -> list[Charge]:
    accuser = sides.accuser(record.claim) if record.claim.type == "allegation" else None
    if accuser is None or record.claim.status == "denied" or takes_other_goods(record.claim.text):
        return []
    own = sides.of(accuser)
    return [Charge((own, side), accuser, party, record) for side, party in sides.accused(record.claim, accuser)]


def _when(record: ClaimRecord, event: Event) -> Interval:
    """When a step was taken: the event's days where it is what the event is, else those of the claim's own words."""
    days = Interval(event.from_on, event.to_on, event.date_basis)
    if record.claim.type == event.type:
        return days
    return next(iter(usable(own_dates(record, None))), days)


def pair_of(accuser: str, accused: str) -> str:
    """The mark of an event that touches the dispute between two sides, and no other of the accused side."""
    return f"{accuser} > {accused}"


def touched_by(bearing: Bearing, sides: Sides) -> frozenset[str]:
    """What an event may change, as marks: a side (every dispute in which it is accused), or a pair of sides.

    A company's charge touches the dispute between the two, and the one the other way round, where it may be a
    counter-charge. A state's charge may repeat anybody's, a step or a reply may be one in any dispute of the accused.
    """
    found = {pair_of(*charge.sides) for charge in bearing.charges}
    parties = {charge.accused for charge in bearing.charges if charge.accused and charge.sides[0].startswith(STATE)}
    for charge in bearing.charges:
        if charge.accused:
            found.add(pair_of(sides.of(charge.accused), sides.of(charge.accuser)))
            if home := sides.country(charge.accuser):
                found.add(pair_of(sides.of(charge.accused), f"{COUNTRY}{home}"))
    parties.update(party for move, _ in bearing.moves for party in move.concerned)
    parties.update(party for record in bearing.replies for party in record.claim.accused)
    parties.update(
        who for record in bearing.replies for who in (record.claim.speaker, record.claim.on_behalf_of) if who
    )
    for party in parties:
        found.add(sides.of(party))
        if home := sides.country(party):
            found.add(f"{COUNTRY}{home}")
    found.update(f"{COUNTRY}{home}" for move, _ in bearing.moves for home in move.countries)
    return frozenset(found)
