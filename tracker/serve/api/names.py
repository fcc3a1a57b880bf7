"""Who is called so: every name and other name of the database's entities, held ready for one edition."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import quote

from tracker.query import Limits, Published
from tracker.reconcile.namescores import nearest_names, normal_name
from tracker.serve.api.problems import Wrong, near, shown
from tracker.serve.edition import Edition

_MOST_NAMES = 2_000_000
_NAMES = """
SELECT e.id, e.name, e.type, e.jurisdiction, e.parent, e.parent_name, e.claim_count, e.page
FROM entities AS e ORDER BY e.id
"""
_ALIASES = "SELECT entity_id, alias FROM aliases ORDER BY entity_id, alias"
_SPELLED = {
    "publisher": "SELECT publisher FROM _documents UNION SELECT publisher FROM _sources ORDER BY 1",
    "source": "SELECT source FROM _documents UNION SELECT name FROM _sources ORDER BY 1",
}


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with its names, the first of which is its own."""

    id: str
    type: str
    jurisdiction: str | None
    parent: str | None
    parent_name: str | None
    claim_count: int
    page: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The entities by id, and who each name may mean."""

    entities: dict[str, Named]
    ids_of: dict[str, tuple[str, ...]]
    """Normal form of a name -> ids, by id."""
    spelled: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """"publisher" and "source" -> folded name -> the names as documents and sources have them."""

    def find(self, text: str) -> str | Wrong:
        """The id of the party that is meant by an id or a name, whatever its case; or what is wrong with it."""
        if text in self.entities:
            return text
        if several := self._several(text):
            again = "&".join(f"actor={quote(one)}" for one in several)
            told = f"actor: {shown(text)} is nobody's name, its parts are; give actor once for each: {again}"
            return Wrong("actor", told, several)
        found = self.ids_of.get(normal_name(text), ())
        if len(found) == 1:
            return found[0]
        if found:
            told = f"actor: {shown(text)} may be any of {', '.join(found[:5])}; name one by its id"
            return Wrong("actor", told, found[:5])
        likely = nearest_names(text, (*self.entities, *(item.names[0] for item in self.entities.values())))
        hint = f"did you mean {' or '.join(likely)}?" if likely else "/reconcile finds parties by their names"
        return Wrong("actor", f"actor: nobody is called {shown(text)} in the data; {hint}", likely)

    def _several(self, text: str) -> tuple[str, ...]:
        """The parts of a text between commas where each is a name and the whole, to the letter, is none."""
        parts = tuple(part.strip() for part in text.split(","))
        if len(parts) < 2 or not all(part in self.entities or normal_name(part) in self.ids_of for part in parts):
            return ()
        bearers = self.ids_of.get(normal_name(text), ())
        is_name = any(text.casefold() == name.casefold() for id_ in bearers for name in self.entities[id_].names)
        return () if is_name else parts

    def spellings(self, column: str, text: str) -> tuple[str, ...] | Wrong:
        """What a column of documents holds that is this name, whatever its case; or what is wrong with it."""
        held = self.spelled[column]
        if found := held.get(text.strip().casefold()):
            return found
        likely = near(text, (one for spelled in held.values() for one in spelled))
        hint = f"did you mean {' or '.join(likely)}?" if likely else "/documents and /sources have those there are"
        return Wrong(column, f"{column}: there is no {column} {shown(text)} in the data; {hint}", likely)


def load_names(database: Published) -> Names:
    """All names of a database."""
    others: dict[str, list[str]] = defaultdict(list)
    for entity_id, alias in database.ask(_ALIASES, limits=Limits(rows=_MOST_NAMES)).rows:
        others[entity_id].append(alias)
    entities = {}
    ids_of: dict[str, dict[str, None]] = defaultdict(dict)
    for row in database.ask(_NAMES, limits=Limits(rows=_MOST_NAMES)).rows:
        id_, name, type_, jurisdiction, parent, parent_name, claims, page = row
        called = (name, *others.get(id_, ()))
        entities[id_] = Named(id_, type_, jurisdiction, parent, parent_name, claims, page, called)
        for one in (id_, *called):
            if key := normal_name(one):
                ids_of[key][id_] = None
    spelled = {column: _load_spellings(database, sql) for column, sql in _SPELLED.items()}
    return Names(entities, {key: tuple(ids) for key, ids in ids_of.items()}, spelled)


def _load_spellings(database: Published, sql: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (name,) in database.ask(sql, limits=Limits(rows=_MOST_NAMES)).rows:
        found[name.casefold()].append(name)
    return {key: tuple(names) for key, names in found.items()}


class NamesOfEditions:
    """The names of the edition that was asked last: loaded once for each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[object, Names] | None = None

    def of(self, edition: Edition) -> Names:
        """Its names."""
        held = self._held
        if held is not None and held[0] == edition.identity:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != edition.identity:
                with edition.lend() as database:
                    self._held = (edition.identity, load_names(database))
            return self._held[1]
