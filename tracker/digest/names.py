"""What the parties and disputes that somebody watches are called, and where the site shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.query import Limits, Published

_AT_ONCE = 5_000
_LIMITS = Limits(seconds=60.0, rows=_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Named:
    """A party or a dispute."""

    name: str
    page: str = ""
    """As in `Change.page`; "" for one that the edition does not hold."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; an id that the edition does not hold stands for itself."""

    entities: Mapping[str, Named] = field(default_factory=dict)
    disputes: Mapping[str, Named] = field(default_factory=dict)

    def entity(self, id: str) -> Named:
        """A party."""
        return self.entities.get(id) or Named(id)

    def dispute(self, id: str) -> Named:
        """A dispute."""
        return self.disputes.get(id) or Named(id)


def load_names(published: Published, entities: Iterable[str], disputes: Iterable[str]) -> Names:
    """The names of parties and disputes, by their ids.

    Raises:
        QueryRefused: the database has not the views of docs/database.md.
    """
    return Names(
        _load(published, "entities", "name", set(entities)), _load(published, "disputes", "title", set(disputes))
    )


def _load(published: Published, view: str, column: str, ids: set[str]) -> dict[str, Named]:
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), _AT_ONCE):
        sql = f"SELECT id, {column}, page FROM {view} WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608
        values = {"ids": json.dumps(wanted[start : start + _AT_ONCE])}
        for key, name, page in published.ask(sql, values, _LIMITS).rows:
            found[str(key)] = Named(str(name), str(page))  # whole already, where the site has an address
    return found
