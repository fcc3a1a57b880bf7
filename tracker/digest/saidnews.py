"""What an event's claims say that nobody had said: charges and other claims, values, and more sources for either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.digest import factkeys as keys
from tracker.digest.drafts import Draft
from tracker.digest.held import HeldAssertion, HeldClaim, HeldEvent
from tracker.digest.known import Comparison

Fresh = tuple[HeldAssertion, tuple[HeldClaim, ...]]
"""What is said, and those of its claims that were not known to say it."""


@dataclass
class SaidNews:
    """What one event says beside what the events said that it was."""

    comparison: Comparison
    event: HeldEvent
    origins: Sequence[HeldEvent]
    told: frozenset[str]
    """Ids of claims that another change tells of: what a page says instead, what is read otherwise."""

    def __post_init__(self) -> None:
        self.said = [item for origin in self.origins for item in origin.said]
        self.values = {value for item in self.said for value in item.values}

    def new(self, answering: set[str]) -> list[Fresh]:
        """What was not said; without what a correction or an answer (by its claims) tells. An answer's figures stay."""
        found = []
        for item in self.event.said:
            if self._known(item) or self._is_repeated(item):
                continue
            other = self.told if item.values else self.told | answering
            fresh = tuple(claim for claim in self._fresh(item) if claim.id not in other)
            if fresh:
                found.append((item, fresh))
        return found

    def _known(self, item: HeldAssertion) -> list[HeldAssertion]:
        """What was said that is the same thing."""
        return [other for other in self.said if self._is_same(item, other)]

    def _is_same(self, item: HeldAssertion, other: HeldAssertion) -> bool:
        if item.type != other.type or bool(item.values) != bool(other.values):
            return False
        if item.values and not set(item.values) & set(other.values):
            return False
        if item.is_charge and set(item.accused) != set(other.accused):
            return False
        shared = {claim.place for claim in item.claims} & {claim.place for claim in other.claims}
        if item.values or item.is_charge:
            return item.who == other.who or bool(shared)
        return bool(shared) or (item.who == other.who and item.type == self.event.type != "statement")

    def _fresh(self, item: HeldAssertion) -> tuple[HeldClaim, ...]:
        """Its claims that were not read so before, of the party or the value that it is about."""
        old = self.comparison.old
        if item.values:
            own = set(item.values)
            return tuple(
                claim
                for claim in item.claims
                if not any(set(claim.values) & own & set(other.values) for other in old.readings(claim))
            )
        parties = (item.accused if item.is_charge else ()) or (None,)
        return tuple(c for c in item.claims if not all(old.knows(c, party) for party in parties))

    def _is_repeated(self, item: HeldAssertion) -> bool:
        """Whether it names no speaker and somebody's word for it was known, or whether it only tells of silence."""
        if item.type == "no_response" or item.who is not None:
            return item.type == "no_response"
        if item.values:
            return bool(set(item.values) & self.values)
        return item.is_charge and any(o.type == item.type and set(o.accused) == set(item.accused) for o in self.said)

    def claims(self, new: Sequence[Fresh]) -> Iterator[Draft]:
        """What nobody had said; one change where a claim says it of several parties."""
        groups: list[tuple[list[HeldAssertion], tuple[HeldClaim, ...]]] = []
        for item, fresh in sorted((pair for pair in new if not pair[0].values), key=lambda pair: -len(pair[1])):
            same = next((items for items, own in groups if _says_more(items[0], own, item, fresh)), None)
            if same is None:
                groups.append(([item], fresh))
            else:
                same.append(item)
        for items, fresh in groups:
            first, ids = items[0], {claim.id for claim in fresh}
            values = (v for item, own in new if item.values and {c.id for c in own} <= ids for v in item.values)
            yield Draft(
                "claim",
                first.keys(self.event.id)[0],
                self.event.id,
                claims=tuple(claim.id for claim in fresh),
                about=first.type,
                who=first.who,
                accused=tuple(dict.fromkeys(party for item in items for party in item.accused)),
                values=tuple(dict.fromkeys(values)),
                sources=min(item.sources for item in items),
            )

    def figures(self, new: Sequence[Fresh], contradicted: set[str]) -> Iterator[Draft]:
        """Values that the event did not have, but where a new claim or a contradiction tells them already."""
        charges = [{claim.id for claim in fresh} for item, fresh in new if not item.values]
        groups: dict[tuple[object, ...], Draft] = {}
        for item, fresh in new:
            ids = tuple(claim.id for claim in fresh)
            if not item.values or set(item.values) <= contradicted or any(set(ids) <= charge for charge in charges):
                continue
            own = {value for claim in fresh for value in claim.values}
            values = tuple(value for value in item.values if value in own)
            key = (item.who, tuple(claim.place for claim in fresh))
            if (known := groups.get(key)) is not None:
                values = tuple(dict.fromkeys((*known.values, *values)))
                groups[key] = replace(known, values=values, sources=min(known.sources, item.sources))
                continue
            groups[key] = Draft(
                "figure", keys.figure_key(self.event.id, item.who, values[0]), self.event.id, claims=ids,
                about=item.type, who=item.who, accused=item.accused, values=values, sources=item.sources,
            )  # fmt: skip
        yield from groups.values()

    def sources(self) -> Iterator[Draft]:
        """More independent sources for what was known; one change for what one speaker says that gained alike."""
        gained: dict[tuple[int, tuple[object, ...]], list[HeldAssertion]] = {}
        for item in self.event.said:
            known = self._known(item)
            before = self._sources_before(item, known)
            fresh = {claim.id for claim in item.claims} - {claim.id for other in known for claim in other.claims}
            is_told = bool(fresh) and fresh <= self.told  # a page that says so since it was corrected
            if known and item.sources > before and item.type != "no_response" and not is_told:
                words = () if item.values or item.is_charge else item.keys(self.event.id)
                alike = (item.sources, item.type, item.who, words)
                gained.setdefault((before, alike), []).append(item)
        for (before, _), items in gained.items():
            yield self._gain(before, items)

    def _sources_before(self, item: HeldAssertion, known: Sequence[HeldAssertion]) -> int:
        """How many said it; of what two events said before they were joined, those of both."""
        counts = [other.sources for other in known]
        return max(counts, default=0) if self._fresh(item) else sum(counts)

    def _gain(self, before: int, items: Sequence[HeldAssertion]) -> Draft:
        charges = [item for item in items if not item.values] or items
        first = charges[0]
        seen = {claim.place for item in items for other in self._known(item) for claim in other.claims}
        fresh = [claim.id for item in items for claim in item.claims if claim.place not in seen]
        standing = [claim.id for claim in first.claims if claim.is_current]
        lead = standing[:1]  # what is said stands before those who say it too
        return Draft(
            "sources",
            first.keys(self.event.id)[0],
            self.event.id,
            claims=tuple(dict.fromkeys((*lead, *fresh, *(claim.id for claim in first.claims)))),
            about=first.type,
            who=first.who,
            accused=tuple(dict.fromkeys(party for item in charges for party in item.accused)),
            values=tuple(dict.fromkeys(value for item in items for value in item.values)),
            sources=first.sources,
            sources_before=before,
        )


def _says_more(first: HeldAssertion, own: Sequence[HeldClaim], item: HeldAssertion, fresh: Sequence[HeldClaim]) -> bool:
    """Whether an earlier one of the same kind and speaker stands on all the words of this one."""
    places = {claim.place for claim in own}
    return (first.type, first.who) == (item.type, item.who) and all(claim.place in places for claim in fresh)
