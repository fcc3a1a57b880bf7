"""What the rows of each thing rest on, as a digest: where that is what it was, so are its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tracker.ids import int_digest
from tracker.render.catalogue import parties_of
from tracker.render.database.partyrows import Above
from tracker.render.database.values import SearchIds
from tracker.render.dispute_records import group_answers
from tracker.render.reads import digest_all
from tracker.render.views import Views
from tracker.types import ClaimRecord, Dispute, Event

Owner = tuple[str, str]
"""(kind, id) of a thing that rows of several tables tell of."""


def row_keys(views: Views, numbers: SearchIds, digest: Callable[[str], int]) -> dict[Owner, int]:
    """A key for each document, claim, event and dispute; `digest` says what a thing of the catalogue is now.

    It is of whatever the rows of a thing read (`documentrows`, `claimrows`, `eventrows`, `partyrows`); whether an
    entity that is mentioned is on file is none of it.
    """
    return dict(_Keys(views, numbers, digest).list_all())


def answers_key(views: Views, digest: Callable[[str], int]) -> int:
    """One key for the rows of all answers: of whatever `eventrows.answer_rows` and `partyrows` read of them."""
    catalogue = views.catalogue
    parts = [digest("entities:*")]
    for group in group_answers(catalogue.events, catalogue.disputes, catalogue.claims):
        parts.append(int_digest(repr(group.entries)))
        for entry, _ in group.entries:
            record = catalogue.claims.get(entry.claim_id or "")
            event = catalogue.events_by_id.get(entry.event_id or "")
            parts.append(digest(f"events_decided:{entry.event_id}"))
            if record:
                names = (f"claims:{record.id}", f"claims_decided:{record.id}", f"documents:{record.document_id}")
                parts += map(digest, names)
            elif event:
                parts.append(int_digest(str(views.changed_at(event))))
    return digest_all(parts)


class _Keys:
    def __init__(self, views: Views, numbers: SearchIds, digest: Callable[[str], int]) -> None:
        self._catalogue, self._numbers, self._digest = views.catalogue, numbers, digest
        self._above = Above(views.catalogue.entities)
        self._parties: dict[str, int] = {}
        self._claims: Mapping[str, int] = {}
        self._events: Mapping[str, int] = {}

    def list_all(self) -> Iterator[tuple[Owner, int]]:
        catalogue = self._catalogue
        self._claims = {key: self._claim(record) for key, record in catalogue.claims.items()}
        self._events = {event.id: self._event(event) for event in catalogue.events}
        told = ("events_of_claim", "events_recalled_by", "events_answered_by")
        for key, rests in self._claims.items():
            yield ("claim", key), self._key("claim", key, rests, *(self._digest(f"{kind}:{key}") for kind in told))
        for key, rests in self._events.items():
            yield ("event", key), self._key("event", key, rests)
        for dispute in catalogue.disputes:
            yield ("dispute", dispute.id), self._key("dispute", dispute.id, *self._of_dispute(dispute))
        for key in catalogue.documents:
            claims = (self._claims[record.id] for record in catalogue.claims_of_document.get(key, ()))
            own = (self._digest(f"documents:{key}"), self._digest(f"copies_of:{key}"))
            yield ("document", key), self._key("document", key, *own, *claims)

    def _key(self, kind: str, key: str, *rests: int) -> int:
        return digest_all((self._numbers[kind, key], *rests))

    def _claim(self, record: ClaimRecord) -> int:
        names = (f"claims:{record.id}", f"documents:{record.document_id}", f"claims_decided:{record.id}")
        return digest_all((*map(self._digest, names), *self._standing(parties_of(record))))

    def _event(self, event: Event) -> int:
        answers = [item.claim_id for item in event.answers if item.claim_id]
        figures = [item.claim_id for item in event.figures]
        named = dict.fromkeys((*event.claim_ids, *event.recalled_in, *answers, *figures))
        parties = [*event.actors, *(item.party for item in event.answers)]
        parties += [party for item in event.figures for party in (item.speaker, *item.accused) if party]
        own = (self._digest(f"events_by_id:{event.id}"), self._digest(f"events_decided:{event.id}"))
        return digest_all((*own, *self._standing(parties), *(self._claims.get(key, 0) for key in named)))

    def _of_dispute(self, dispute: Dispute) -> Iterator[int]:
        yield self._digest(f"dispute:{dispute.id}")
        yield self._digest(f"disputes_decided:{dispute.id}")
        yield from self._standing((*dispute.accusers, *dispute.accused, *(entry.party for entry in dispute.ledger)))
        for key in dispute.event_ids:
            yield self._events.get(key) or self._digest(f"events_decided:{key}")

    def _standing(self, parties: Iterable[str]) -> Iterator[int]:
        """Of each party a digest of itself, its owners and its country."""
        for party in parties:
            if party not in self._parties:
                self._parties[party] = int_digest(*self._above.keys_of_one(party))
            yield self._parties[party]
