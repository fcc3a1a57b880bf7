"""What is new of events: those that were not known, and what is said, counted, answered or contradicted anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.digest import factkeys as keys
from tracker.digest.drafts import Draft
from tracker.digest.held import HeldAnswer, HeldConflict, HeldEvent
from tracker.digest.known import Comparison
from tracker.digest.saidnews import SaidNews


def find_event_news(comparison: Comparison, told: frozenset[str]) -> Iterator[Draft]:
    """What is new of each event.

    Args:
        comparison: the two editions.
        told: ids of claims that another change tells of: what a page says instead, what is read otherwise now.
    """
    news = []
    for event in comparison.new.events.values():
        origins = _origins(comparison, event)
        if origins:
            news += list(_News(comparison, event, origins, told).drafts())
        else:
            news.append(_new_event(event))
    answers = _each_answer_once([draft for draft in news if draft.kind == "answer"])
    answering = {claim for draft in answers for claim in draft.claims}
    for draft in (*answers, *(draft for draft in news if draft.kind != "answer")):
        # a denial that is an event of its own is told as the answer that it is
        is_denial = draft.kind == "event" and draft.about in ("denial", "admission")
        if not (is_denial and draft.claims and answering >= set(draft.claims)):
            yield draft


def _origins(comparison: Comparison, event: HeldEvent) -> list[HeldEvent]:
    """The events of the edition before that it was: itself, what was merged into it, what its claims come from.

    What has more claims that are new than such that were known is an event that was not known.
    """
    old, ids = comparison.old.events, comparison.ids_of(event.id)
    same = [old[id_] for id_ in ids if id_ in old]
    moved = {claim.id: comparison.old.events_with(claim) for claim in event.claims}
    origins = dict.fromkeys(key for found in moved.values() for key in found)
    known = sum(bool(found) for found in moved.values())
    if (not same and known * 2 < len(event.claims)) or not event.claims:
        return same
    return [*same, *(old[key] for key in origins if old[key] not in same)]


def _new_event(event: HeldEvent) -> Draft:
    claims = tuple(claim.id for claim in event.claims)
    return Draft("event", keys.event_key(event.id), event.id, claims=claims, about=event.type, sources=event.sources)


@dataclass
class _News:
    """What one event says that the events did not that it was."""

    comparison: Comparison
    event: HeldEvent
    origins: Sequence[HeldEvent]
    told: frozenset[str]

    def drafts(self) -> Iterator[Draft]:
        """Answers, contradictions, what is said, and what more sources say."""
        said = SaidNews(self.comparison, self.event, self.origins, self.told)
        answers, conflicts = list(self._answers()), list(self._conflicts(said.values))
        new = said.new({claim for draft in answers for claim in draft.claims})
        yield from answers
        yield from conflicts
        yield from said.claims(new)
        yield from said.figures(new, {value for draft in conflicts for value in draft.values})
        yield from said.sources()
        yield from self._gain()

    def _gain(self) -> Iterator[Draft]:
        """More independent sources for the event as a whole, whatever of it they say; of joined events, of all."""
        seen = {claim.place for origin in self.origins for claim in origin.claims}
        fresh = [claim for claim in self.event.claims if claim.place not in seen]
        counts = [origin.sources for origin in self.origins]
        before = max(counts) if fresh else sum(counts)
        is_told = bool(fresh) and all(claim.id in self.told or claim.type == "no_response" for claim in fresh)
        if 0 < before < self.event.sources and not is_told:
            claims = (*self.event.claims[:1], *fresh, *self.event.claims)
            yield Draft(
                "sources",
                keys.event_key(self.event.id),
                self.event.id,
                claims=tuple(dict.fromkeys(claim.id for claim in claims)),
                about=self.event.type,
                sources=self.event.sources,
                sources_before=before,
            )

    def _answers(self) -> Iterator[Draft]:
        """Who answered and how, where that was not known of the charges of this event."""
        known = [item for origin in self.origins for item in origin.answers]
        groups: dict[tuple[str, str], list[HeldAnswer]] = {}
        for item in self.event.answers:
            is_known = any((item.party, item.kind) == (other.party, other.kind) for other in known)
            is_told = item.kind == "no_reply" and item.claim in self.told  # of silence, the page's change says all
            if item.kind != "none_found" and item.claim and not (is_told or is_known):
                groups.setdefault((item.party, item.kind), []).append(item)
        for (party, kind), items in groups.items():
            was = [other.kind for other in known if other.party == party]
            yield Draft(
                "answer",
                keys.answer_key(self.event.id, party, kind),
                self.event.id,
                claims=tuple(dict.fromkeys(item.claim for item in items if item.claim)),
                about=kind,
                was="none_found" if was and set(was) == {"none_found"} else "",
                who=party,
                sources=self._sources_of({item.claim for item in items}),
                is_accused=items[0].is_accused,
            )

    def _sources_of(self, claims: set[str | None]) -> int:
        """How many sources say what any of these claims says; one where that is not counted."""
        return max((i.sources for i in self.event.said if any(c.id in claims for c in i.claims)), default=1) or 1

    def _conflicts(self, values: set[str]) -> Iterator[Draft]:
        """Values that cannot both be right, of which one at least was not known; one change for each such value."""
        known = {item.pair for origin in self.origins for item in origin.conflicts}
        groups: dict[str, list[HeldConflict]] = {}
        for item in self.event.conflicts:
            fresh = [value for value in item.values if value not in values]
            if fresh and item.pair not in known and not set(item.claims) <= self.told:
                groups.setdefault(fresh[0], []).append(item)
        for items in groups.values():
            first = items[0]
            yield Draft(
                "conflict",
                keys.conflict_key(self.event.id, *first.values),
                self.event.id,
                claims=tuple(dict.fromkeys(claim for item in items for claim in item.claims)),
                about=" ".join(dict.fromkeys(item.why for item in items)),
                values=tuple(dict.fromkeys(value for item in items for value in item.values)),
                texts=first.texts,
                sources=self.event.sources,
            )


def _each_answer_once(drafts: Sequence[Draft]) -> list[Draft]:
    """One change for an answer to the charges of several events; it stands at the last of them."""
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault((draft.who, draft.about, frozenset(draft.claims)), []).append(draft)
    last = [(max(same, key=lambda draft: draft.event or ""), same) for same in groups.values()]
    return [replace(one, also=tuple(d.event for d in same if d.event and d is not one)) for one, same in last]
