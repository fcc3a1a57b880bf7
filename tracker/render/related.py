"""Events that belong beside another, each with why: answers, recollections, the same dispute, or parties near by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from tracker.render.catalogue import Catalogue, month_key
from tracker.render.isolation import isolate
from tracker.render.wording import count_words, shorten
from tracker.types import Event

MOST_RELATED = 12
NEAR_DAYS = 30
"""How far apart events of the same parties may lie to be shown beside each other."""
_SHARED_PARTIES = 2
_NEIGHBOURS = 2
"""Events of a dispute before this one, and as many after it; its page has all."""
_NAME_CHARS = 80
_ANSWER, _RECALL, _DISPUTE, _PARTIES = range(4)


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why an event stands beside another; a smaller weight is weightier."""

    weight: int
    words: str
    claim_id: str = ""
    """The claim whose words show it; "" where the events' own rows do."""
    dispute_id: str = ""


@dataclass(slots=True)
class Kin:
    """A related event with its reasons, no two of them in the same words."""

    event: Event
    reasons: list[Reason] = field(default_factory=list)


class Kinship:
    """Finds related events, out of what the catalogue has by document, party and month: one far off is not read."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def of(self, event: Event) -> list[Kin]:
        """The events beside this one, at most MOST_RELATED, the weightiest reason first, then the nearest in time."""
        found: dict[str, Kin] = {}
        for other, reason in self._all(event):
            if other.id != event.id:
                reasons = found.setdefault(other.id, Kin(other)).reasons
                if all(known.words != reason.words for known in reasons):
                    reasons.append(reason)

        def order(kin: Kin) -> tuple[int, int, str]:
            return (
                min(reason.weight for reason in kin.reasons),
                abs((kin.event.from_on - event.from_on).days),
                kin.event.id,
            )

        return sorted(found.values(), key=order)[:MOST_RELATED]

    def _all(self, event: Event) -> Iterator[tuple[Event, Reason]]:
        yield from self._answers(event)
        yield from self._recollections(event)
        yield from self._of_disputes(event)
        yield from self._of_parties(event)

    def _answers(self, event: Event) -> Iterator[tuple[Event, Reason]]:
        for claim_id in event.claim_ids:
            for other in self._catalogue.events_answered_by.get(claim_id, ()):
                yield other, Reason(_ANSWER, "words of this event are an answer to it", claim_id)
        for answer in event.answers:
            for other in self._catalogue.events_of_claim.get(answer.claim_id or "", ()):
                yield other, Reason(_ANSWER, "holds an answer to this event", answer.claim_id or "")

    def _recollections(self, event: Event) -> Iterator[tuple[Event, Reason]]:
        for record in (self._catalogue.claims[key] for key in event.recalled_in if key in self._catalogue.claims):
            for other in self._catalogue.events_of_document.get(record.document_id, ()):
                yield other, Reason(_RECALL, "a source of it recalls this event", record.id)
        for document_id in event.document_ids:
            for record in self._catalogue.claims_of_document.get(document_id, ()):
                for other in self._catalogue.events_recalled_by.get(record.id, ()):
                    yield other, Reason(_RECALL, "a source of this event recalls it", record.id)

    def _of_disputes(self, event: Event) -> Iterator[tuple[Event, Reason]]:
        for dispute in self._catalogue.disputes_of_event.get(event.id, ()):
            at = dispute.event_ids.index(event.id)
            near = dispute.event_ids[max(at - _NEIGHBOURS, 0) : at + _NEIGHBOURS + 1]
            for key in near:
                if key in self._catalogue.events_by_id:
                    words = f"of the dispute {isolate(shorten(dispute.title, _NAME_CHARS))}"
                    yield self._catalogue.events_by_id[key], Reason(_DISPUTE, words, dispute_id=dispute.id)

    def _of_parties(self, event: Event) -> Iterator[tuple[Event, Reason]]:
        shared: dict[str, tuple[Event, list[str]]] = {}
        for party in event.actors:
            for other in self._near(party, event):
                if party in other.actors:
                    shared.setdefault(other.id, (other, []))[1].append(party)
        for other, parties in shared.values():
            if len(parties) >= _SHARED_PARTIES:
                yield other, Reason(_PARTIES, f"names {self._names(parties)} too, {_apart(event, other)}")

    def _near(self, party: str, event: Event) -> Iterator[Event]:
        """The party's events within NEAR_DAYS, the oldest first."""
        first, last = (event.from_on + timedelta(days=days) for days in (-NEAR_DAYS, NEAR_DAYS))
        days = (first + timedelta(days=number) for number in range(0, 2 * NEAR_DAYS + 1, NEAR_DAYS // 2))
        for month in dict.fromkeys(month_key(party, day) for day in days):
            for other in reversed(self._catalogue.events_of_month.get(month, ())):
                if first <= other.from_on <= last:
                    yield other

    def _names(self, parties: list[str]) -> str:
        entities = self._catalogue.entities
        names = [isolate(shorten(entities[key].name if key in entities else key, _NAME_CHARS)) for key in parties]
        if len(names) > _SHARED_PARTIES + 1:
            names = [*names[:_SHARED_PARTIES], f"{len(names) - _SHARED_PARTIES} more"]
        return f"{', '.join(names[:-1])} and {names[-1]}"


def _apart(event: Event, other: Event) -> str:
    days = (other.from_on - event.from_on).days
    if not days:
        return "the same day"
    return f"{count_words(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
