"""What the edition before knew: its events by their claims and words, as far as they are otherwise now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.digest.held import HeldClaim, HeldEvent, read_event
from tracker.types import Fact

_MOST_STEPS = 20
"""Of redirects that lead to redirects."""


@dataclass
class Known:
    """Events of one edition that differ between the two, with indexes into what they say."""

    events: dict[str, HeldEvent]
    by_claim: dict[str, list[HeldEvent]] = field(default_factory=lambda: defaultdict(list))
    """Events by the id of a claim or of an answer's claim."""
    by_place: dict[tuple[str, int], list[HeldClaim]] = field(default_factory=lambda: defaultdict(list))
    by_version: dict[str, list[HeldClaim]] = field(default_factory=lambda: defaultdict(list))
    of_place: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    """Ids of events by their claims' words."""

    def readings(self, claim: HeldClaim) -> list[HeldClaim]:
        """The claims on the same words, or on words of the same version that overlap with them."""
        same = self.by_place.get(claim.place, [])
        return same or [other for other in self.by_version.get(claim.version, ()) if claim.overlaps(other)]

    def knows(self, claim: HeldClaim, party: str | None = None) -> bool:
        """Whether these words were read to say the same; of `party`, where it is one of several accused."""
        return any(claim.is_read_like(other, party) for other in self.readings(claim))

    def events_with(self, claim: HeldClaim) -> list[str]:
        """Ids of the events that tell it, or words of its version that overlap with its."""
        found = {event.id for event in self.by_claim.get(claim.id, ())} | set(self.of_place.get(claim.place, ()))
        if not found:
            ids = (other.id for other in self.by_version.get(claim.version, ()) if claim.overlaps(other))
            found = {event.id for key in ids for event in self.by_claim.get(key, ())}
        return sorted(found)


def make_known(events: Iterable[HeldEvent]) -> Known:
    """The events with their indexes."""
    known = Known({event.id: event for event in events})
    for event in known.events.values():
        for key in sorted(event.claim_ids):
            known.by_claim[key].append(event)
        for claim in event.claims:
            known.by_place[claim.place].append(claim)
            known.by_version[claim.version].append(claim)
            known.of_place[claim.place].append(event.id)
    return known


@dataclass(frozen=True)
class Comparison:
    """Two editions beside each other. Of events only those that differ are looked into."""

    before: Mapping[str, Fact]
    now: Mapping[str, Fact]
    old: Known
    new: Known
    redirects: Mapping[str, str]
    """Each old id of an event or dispute to the one that it leads to in the end."""
    former: Mapping[str, tuple[str, ...]]
    """The old ids of each."""
    withdrawn: frozenset[str]
    """Ids of claims and events that people hid."""
    stages: Sequence[Fact]
    """Stages of laws in the edition before."""
    revisions: Sequence[Fact]
    """Changes of pages in the edition before."""

    def facts(self, kind: str) -> Iterable[tuple[Fact | None, Fact | None]]:
        """(before, now) of each fact of a kind ("dispute") that is new, otherwise or gone, by key."""
        prefix = f"{kind}:"
        both = {key for facts in (self.before, self.now) for key in facts if key.startswith(prefix)}
        for key in sorted(both):
            was, fact = self.before.get(key), self.now.get(key)
            if was is None or fact is None or was.digest != fact.digest:
                yield was, fact

    def current(self, id_: str) -> str:
        """The id that an event or dispute has now."""
        return self.redirects.get(id_, id_)

    def ids_of(self, event: str) -> tuple[str, ...]:
        """All ids that an event was ever known by, that of now first."""
        current = self.current(event)
        return (current, *self.former.get(current, ()))

    def keys_resting_on(self, claim_ids: Iterable[str]) -> tuple[str, ...]:
        """The keys of all that rested on any of these claims in the edition before, under every id of their events.

        What a page was changed to rests on its new words: who was told that change is told the next one.
        """
        wanted = frozenset(claim_ids)
        events = {event.id: event for key in sorted(wanted) for event in self.old.by_claim.get(key, ())}
        found = [key for event in events.values() for key in event.keys_resting_on(wanted, self.ids_of(event.id))]
        found += [fact.key for fact in self.stages if wanted & set(fact.value["claims"])]
        found += [fact.key for fact in self.revisions if wanted & set(fact.value["after"])]
        return tuple(dict.fromkeys(found))


def compare(before: Mapping[str, Fact], now: Mapping[str, Fact], renamed: Mapping[str, str]) -> Comparison:
    """The editions beside each other; `renamed` has parties of the one before that have another id now."""
    redirects = _redirects(now)
    withdrawn = frozenset(fact.value["id"] for key, fact in now.items() if key.startswith("withdrawn:"))
    old = make_known(read_event(*item, renamed) for item in _differing(before, now))
    new = make_known(read_event(*item) for item in _differing(now, before))
    former: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(redirects):
        former[redirects[id_]].append(id_)
    known_by = {id_: tuple(ids) for id_, ids in former.items()}
    stages, revisions = (
        [before[key] for key in sorted(before) if key.startswith(f"{kind}:")] for kind in ("stage", "revision")
    )
    return Comparison(before, now, old, new, redirects, known_by, withdrawn, stages, revisions)


def _differing(facts: Mapping[str, Fact], others: Mapping[str, Fact]) -> Iterable[tuple[str, Mapping[str, object]]]:
    for key in sorted(facts):
        fact, other = facts[key], others.get(key)
        if key.startswith("event:") and (other is None or other.digest != fact.digest):
            yield key.removeprefix("event:"), fact.value


def parties_of(before: Mapping[str, Fact], now: Mapping[str, Fact]) -> frozenset[str]:
    """The parties of the events of the edition before that are otherwise now."""
    events = (read_event(*item) for item in _differing(before, now))
    return frozenset(party for event in events for party in (*event.parties, *(a.party for a in event.answers)))


def _redirects(now: Mapping[str, Fact]) -> dict[str, str]:
    """Each id that was merged to where it leads in the end; one that leads astray is left out."""
    steps = {key.removeprefix("redirect:"): str(f.value["to"]) for key, f in now.items() if key.startswith("redirect:")}
    found: dict[str, str] = {}
    for old in steps:
        at, count = old, 0
        while at in steps and count < _MOST_STEPS:
            at, count = steps[at], count + 1
        if at not in steps:
            found[old] = at
    return found
