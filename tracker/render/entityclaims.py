"""Which claims say what of an entity: who accuses it, whom it accuses, what it answered, what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.render.catalogue import Catalogue
from tracker.render.views import ClaimView, Party, Views
from tracker.types import Claim, ClaimRecord

MOST_QUOTED = 15
"""Quotes of a section; the others stand on their events' pages, and all of them in the page's JSON."""
MOST_SIDES = 30

_ANSWERS = frozenset({"denial", "admission"})
_OTHER_SIDES = frozenset({"allegation", "no_response"}) | _ANSWERS


@dataclass(frozen=True, slots=True)
class EntityClaims:
    """The claims about an entity, each list newest first."""

    accused_by: tuple[ClaimRecord, ...]
    """Allegations against it."""
    accuses: tuple[ClaimRecord, ...]
    """Its own allegations."""
    answers: tuple[ClaimRecord, ...]
    """Its denials and admissions, and what sources say of its silence."""
    copied: tuple[ClaimRecord, ...]
    """Allegations by others that it was copied."""
    acts: tuple[ClaimRecord, ...]
    """What else it said or did."""


def claims_of_entity(catalogue: Catalogue, id: str) -> EntityClaims:
    """The claims that name an entity, by what they say of it; one that only passes on what another said is in none."""
    records = catalogue.claims_of_entity.get(id, ())

    def select(keep: Callable[[Claim], bool]) -> tuple[ClaimRecord, ...]:
        return tuple(record for record in records if keep(record.claim))

    return EntityClaims(
        accused_by=select(lambda claim: claim.type == "allegation" and id in claim.accused),
        accuses=select(lambda claim: claim.type == "allegation" and speaks(id, claim)),
        answers=select(lambda claim: _is_answer(id, claim)),
        copied=select(lambda claim: claim.type == "allegation" and id in claim.target and not speaks(id, claim)),
        acts=select(lambda claim: claim.type not in _OTHER_SIDES and speaks(id, claim)),
    )


def speaks(id: str, claim: Claim) -> bool:
    """Whether it says it itself or somebody on its behalf."""
    return id in (claim.speaker, claim.on_behalf_of)


def _is_answer(id: str, claim: Claim) -> bool:
    if claim.type == "no_response":
        return speaks(id, claim) or id in claim.accused
    return claim.type in _ANSWERS and speaks(id, claim)


@dataclass(frozen=True, slots=True)
class OtherSide:
    """Somebody on the other side of claims: None where the documents name nobody."""

    party: Party | None
    claims: int
    documents: int
    first_on: date | None
    last_on: date | None
    """The days on which the first and the last of the words were published, where that is known."""


@dataclass(frozen=True, slots=True)
class ClaimSection:
    """The newest claims of a kind with their words, how many there are, and who stands on the other side."""

    count: int = 0
    groups: tuple[tuple[ClaimView, ...], ...] = ()
    sides: tuple[OtherSide, ...] = ()
    more_sides: int = 0

    @property
    def more(self) -> int:
        """How many are not quoted."""
        return self.count - sum(map(len, self.groups))


def claim_section(
    views: Views, records: Sequence[ClaimRecord], sides_of: Callable[[Claim], Iterable[str | None]] | None = None
) -> ClaimSection:
    """The section of `records` (newest first); `sides_of` gives the other side of a claim, if the section names it."""
    groups = views.by_words(views.claim(record) for record in records[: MOST_QUOTED * 3])[:MOST_QUOTED]
    sides = _sides(views, records, sides_of) if sides_of else []
    return ClaimSection(len(records), groups, tuple(sides[:MOST_SIDES]), max(len(sides) - MOST_SIDES, 0))


def accuser_of(claim: Claim) -> tuple[str | None]:
    """Who accuses: the organisation where somebody speaks for one."""
    return (claim.on_behalf_of or claim.speaker,)


def accused_of(claim: Claim) -> tuple[str | None, ...]:
    """Whom a claim accuses by name, (None,) where it names nobody."""
    return claim.accused or (None,)


@dataclass
class _Tally:
    """What is counted of one side."""

    claims: int = 0
    documents: set[str] = field(default_factory=set)
    days: list[date] = field(default_factory=list)


def _sides(
    views: Views, records: Sequence[ClaimRecord], sides_of: Callable[[Claim], Iterable[str | None]]
) -> list[OtherSide]:
    tallies: dict[str | None, _Tally] = {}
    for record in records:
        published = record.published_on or views.catalogue.versions[record.version_id].published
        for key in sides_of(record.claim):
            tally = tallies.setdefault(key, _Tally())
            tally.claims += 1
            tally.documents.add(record.document_id)
            tally.days += [published] if published else []
    ranked = sorted(tallies.items(), key=lambda item: (item[0] is None, -item[1].claims, item[0] or ""))
    return [
        OtherSide(
            views.party(key) if key else None,
            tally.claims,
            len(tally.documents),
            min(tally.days, default=None),
            max(tally.days, default=None),
        )
        for key, tally in ranked
    ]
