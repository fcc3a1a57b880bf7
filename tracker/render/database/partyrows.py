"""What each party takes part in, by date: claims, events, figures, documents, answers and disputes, a row each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from tracker.render.catalogue import parties_of
from tracker.render.database.claimrows import claim_day
from tracker.render.database.eventrows import figure_ids
from tracker.render.database.values import Row, day
from tracker.render.jurisdictions import home_of, jurisdictions_of, load_register
from tracker.render.views import Views
from tracker.types import ClaimRecord, Entity, Event

_MOST_OWNERS = 20
KINDS = ("claim", "figure", "event", "document", "answer", "dispute")


def party_rows(views: Views, answers: Callable[[], Iterable[Row]], kinds: Collection[str] = KINDS) -> Iterator[Row]:
    """A row for each party of a thing of these kinds, each owner of one, and each country where one is at home.

    `answers` gives the rows of answers.
    """
    above = Above(views.catalogue.entities)
    for kind in kinds:
        for dated_on, id_, keys in _LISTS[kind](views, above) if kind != "answer" else _answers(answers(), above):
            for key in keys:
                yield {"party": key, "kind": kind, "dated_on": dated_on, "id": id_}


_Listed = Iterator[tuple[str, str, Iterable[str]]]
"""(day or "", id, the keys under which it is listed)."""


class Above:
    """The keys that a party stands for: itself, its owners, and its country as `in:CODE`."""

    def __init__(self, entities: dict[str, Entity]) -> None:
        self.entities = entities
        self.register = load_register()
        self._keys: dict[str, tuple[str, ...]] = {}

    def keys_of(self, parties: Iterable[str]) -> set[str]:
        """Those of all of them."""
        return {key for party in parties for key in self.keys_of_one(party)}

    def keys_of_one(self, party: str) -> tuple[str, ...]:
        """Itself first, then its owners from the nearest on, then its country."""
        return self._keys.get(party) or self._find(party)

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


def _claims(views: Views, above: Above) -> _Listed:
    for record in views.catalogue.claims.values():
        yield claim_day(views, record) or "", record.id, above.keys_of(parties_of(record))


def _figures(views: Views, above: Above) -> _Listed:
    claims = views.catalogue.claims
    for event in views.catalogue.events:
        for id_, figure in zip(figure_ids(event), event.figures, strict=True):
            if figure.claim_id in claims:
                record = claims[figure.claim_id]
                parties = [*parties_of(record), *figure.accused, *([figure.speaker] if figure.speaker else [])]
                yield claim_day(views, record) or "", id_, above.keys_of(parties)


def _events(views: Views, above: Above) -> _Listed:
    for event in views.catalogue.events:
        homes = {f"in:{code}" for code in jurisdictions_of(event, views.home)}
        yield day(event.from_on) or "", event.id, above.owners_of(_parties(event, views)) | homes


def _parties(event: Event, views: Views) -> list[str]:
    """Those whose pages list the event: its actors, who answers or does not, and the parties of its claims."""
    told: list[ClaimRecord] = [views.catalogue.claims[key] for key in event.claim_ids if key in views.catalogue.claims]
    answering = [answer.party for answer in event.answers]
    return [*event.actors, *answering, *(party for record in told for party in parties_of(record))]


def _documents(views: Views, above: Above) -> _Listed:
    catalogue = views.catalogue
    for document in catalogue.documents.values():
        claimed = catalogue.claims_of_document.get(document.id, ())
        keys = above.keys_of(party for record in claimed for party in parties_of(record))
        yield day(document.current.published) or "", document.id, keys


def _answers(rows: Iterable[Row], above: Above) -> _Listed:
    for row in rows:
        yield str(row["dated_on"]), str(row["id"]), above.keys_of([str(row["party"])])


def _disputes(views: Views, above: Above) -> _Listed:
    for dispute in views.catalogue.disputes:
        parties = [*dispute.accusers, *dispute.accused, *(entry.party for entry in dispute.ledger)]
        yield day(dispute.changed_on) or "", dispute.id, above.keys_of(parties)


_LISTS: Mapping[str, Callable[[Views, Above], _Listed]] = {
    "claim": _claims,
    "figure": _figures,
    "event": _events,
    "document": _documents,
    "dispute": _disputes,
}
