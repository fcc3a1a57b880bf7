"""What says otherwise than it did: pages that changed or dropped words, and words that are read otherwise now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.digest import factkeys as keys
from tracker.digest.drafts import Draft
from tracker.digest.held import HeldClaim, HeldEvent
from tracker.digest.known import Comparison
from tracker.types import ChangeKind, Fact


def find_page_news(comparison: Comparison) -> Iterator[Draft]:
    """Claims of events that their pages changed or dropped since the edition before, by page and words.

    A change that only a better reading of two known versions shows is none.
    """
    seen = _Seen(comparison.before)
    for was, fact in comparison.facts("revision"):
        if was is None and fact is not None and not seen.knows(fact.value):
            yield from _page_change(comparison, fact.key, fact.value)


@dataclass
class _Seen:
    """The versions that the edition before knew."""

    before: Mapping[str, Fact]

    def __post_init__(self) -> None:
        revisions = [f.value for key, f in self.before.items() if key.startswith("revision:")]
        self.versions = {value["version"] for value in revisions}
        self._events: set[str] | None = None

    def knows(self, revision: Mapping[str, Any]) -> bool:
        """Whether the page after the change was known."""
        if self._events is None:  # looked up only where a page changed
            events = (fact.value for key, fact in self.before.items() if key.startswith("event:"))
            self._events = {row[2] for event in events for row in event["claims"]}
        return revision["version"] in self.versions or revision["version"] in self._events


def _page_change(comparison: Comparison, key: str, revision: Mapping[str, Any]) -> Iterator[Draft]:
    before, after = tuple(revision["before"]), tuple(revision["after"])
    event = _event_of(comparison, *after, *before)
    same = comparison.old.by_place.get((revision["document"], revision["words"]), ())
    corrects = comparison.keys_resting_on((*before, *(claim.id for claim in same)))
    if event is None or not corrects or comparison.withdrawn & set(before):
        return  # nobody can have been told what it replaces
    kind: ChangeKind = "corrected" if after else "vanished"
    left = [item.sources for item in event.said if any(claim.id in before for claim in item.claims)]
    yield Draft(
        kind,
        key,
        event.id,
        claims=after,
        claims_before=before,
        about="page",
        was="" if after or not left else "all" if all(left) else "part" if any(left) else "none",
        sources=max(left) if left and not after else -1,
        corrects=corrects,
    )


def _event_of(comparison: Comparison, *claims: str) -> HeldEvent | None:
    found = [event for key in claims for event in comparison.new.by_claim.get(key, ())]
    found += [event for key in claims for event in comparison.old.by_claim.get(key, ())]
    standing = [event for event in found if f"event:{event.id}" in comparison.now]
    return standing[0] if standing else None


def find_reading_news(comparison: Comparison, told: frozenset[str]) -> Iterator[Draft]:
    """Words that stand as they stood, and are now read as somebody else's, of somebody else, or with another value.

    Either people corrected the reading, or a better one was made. Who was told the old one is told so. `told` are
    the claims of pages that changed.
    """
    places = sorted(comparison.old.by_place.keys() & comparison.new.by_place.keys())
    for place in places:
        before, now = comparison.old.by_place[place], comparison.new.by_place[place]
        wrong = [claim for claim in _each_once(before) if _is_otherwise(claim, now) and claim.id not in told]
        event = _event_of(comparison, *(claim.id for claim in now))
        if wrong and event is not None:
            yield _reading(comparison, event, wrong, _each_once(now))


def _each_once(claims: list[HeldClaim]) -> list[HeldClaim]:
    return list({claim.id: claim for claim in claims}.values())


def _is_otherwise(claim: HeldClaim, now: list[HeldClaim]) -> bool:
    """Whether no reading of its words says any more what it said of each party, or gives the values that it gave."""
    parties: tuple[str | None, ...] = claim.accused or (None,)
    lost = any(not any(claim.is_read_like(other, party) for other in now) for party in parties)
    return lost or not set(claim.values) <= {value for other in now for value in other.values}


def _reading(comparison: Comparison, event: HeldEvent, wrong: list[HeldClaim], now: list[HeldClaim]) -> Draft:
    first = wrong[0]
    edited = {edit for claim in now for edit in claim.edits} - {edit for claim in wrong for edit in claim.edits}
    return Draft(
        "corrected",
        keys.words_key(event.id, "reading", first.who, *first.place),
        event.id,
        claims=tuple(claim.id for claim in now),
        about="people" if edited else "reading",
        was=first.type,
        who=first.who,
        accused=tuple(dict.fromkeys(party for claim in wrong for party in claim.accused)),
        values=tuple(dict.fromkeys(value for claim in wrong for value in claim.values)),
        parties=tuple(dict.fromkeys(p for claim in wrong for p in (*sorted(claim.voices), *claim.accused))),
        corrects=comparison.keys_resting_on(claim.id for claim in wrong),
    )
