"""What each party takes part in, by date: claims, events, figures, documents, answers and disputes, a row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from tracker.render.catalogue import parties_of
from tracker.render.database.claimrows import claim_day
from tracker.render.database.eventrows import answer_rows, figure_ids
from tracker.render.database.values import Row, day
from tracker.render.jurisdictions import home_of, jurisdictions_of, load_register
from tracker.render.views import Views
from tracker.types import ClaimRecord, Entity, Event

_MOST_OWNERS = 20


def party_rows(views: Views) -> Iterator[Row]:
    """A row for each party of a thing, for each owner of one, and for each country where one is at home."""
    above = _Above(views.catalogue.entities)
    for kind, dated_on, id_, keys in chain(
        _claims(views, above), _figures(views, above), _events(views, above), _others(views, above)
    ):
        for key in keys:
            yield {"party": key, "kind": kind, "dated_on": dated_on, "id": id_}


_Listed = Iterator[tuple[str, str, str, Iterable[str]]]
"""(kind, day or "", id, the keys under which it is listed)."""


class _Above:
    """The keys that a party stands for: itself, its owners, and its country as `in:CODE`."""

    def __init__(self, entities: dict[str, Entity]) -> None:
        self.entities = entities
        self.register = load_register()
        self._keys: dict[str, tuple[str, ...]] = {}

    def keys_of(self, parties: Iterable[str]) -> set[str]:
        """Those of all of them."""
        return {key for party in parties for key in self._keys.get(party) or self._find(party)}

    def owners_of(self, parties: Iterable[str]) -> set[str]:
        """The same without countries."""
        return {key for key in self.keys_of(parties) if not key.startswith("in:")}

    def _find(self, party: str) -> tuple[str, ...]:
        found: list[str] = []
        above: str | None = party
        while above and above not in found and len(found) < _MOST_OWNERS:
            found.append(above)
            above = self.entities[above].parent if above in self.entities else None
        home = home_of(party, self.entities, self.register)
        self._keys[party] = (*found, *((f"in:{home}",) if home else ()))
        return self._keys[party]


def _claims(views: Views, above: _Above) -> _Listed:
    for record in views.catalogue.claims.values():
        yield "claim", claim_day(views, record) or "", record.id, above.keys_of(parties_of(record))


def _figures(views: Views, above: _Above) -> _Listed:
    claims = views.catalogue.claims
    for event in views.catalogue.events:
        for id_, figure in zip(figure_ids(event), event.figures, strict=True):
            if figure.claim_id in claims:
                record = claims[figure.claim_id]
                parties = [*parties_of(record), *figure.accused, *([figure.speaker] if figure.speaker else [])]
                yield "figure", claim_day(views, record) or "", id_, above.keys_of(parties)


def _events(views: Views, above: _Above) -> _Listed:
    for event in views.catalogue.events:
        homes = {f"in:{code}" for code in jurisdictions_of(event, views.catalogue.entities, above.register)}
        yield "event", day(event.from_on) or "", event.id, above.owners_of(_parties(event, views)) | homes


def _parties(event: Event, views: Views) -> list[str]:
    """Those whose pages list the event: its actors, who answers or does not, and the parties of its claims."""
    told: list[ClaimRecord] = [views.catalogue.claims[key] for key in event.claim_ids if key in views.catalogue.claims]
    answering = [answer.party for answer in event.answers]
    return [*event.actors, *answering, *(party for record in told for party in parties_of(record))]


def _others(views: Views, above: _Above) -> _Listed:
    catalogue = views.catalogue
    for document in catalogue.documents.values():
        claimed = catalogue.claims_of_document.get(document.id, ())
        keys = above.keys_of(party for record in claimed for party in parties_of(record))
        yield "document", day(document.current.published) or "", document.id, keys
    for row in answer_rows(views):
        yield "answer", str(row["dated_on"]), str(row["id"]), above.keys_of([str(row["party"])])
    for dispute in catalogue.disputes:
        parties = [*dispute.accusers, *dispute.accused, *(entry.party for entry in dispute.ledger)]
        yield "dispute", day(dispute.changed_on) or "", dispute.id, above.keys_of(parties)
