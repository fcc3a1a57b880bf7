"""What the parties and disputes that somebody watches are called, and where the site shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.query import Limits, Published
from tracker.types.watching import Subscriber

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


def load_names(published: Published, subscribers: Iterable[Subscriber]) -> Names:
    """The names of all that these subscribers watch by name.

    Raises:
        QueryRefused: the database has not the views of docs/database.md.
    """
    rules = [rule for subscriber in subscribers for rule in subscriber.rules]
    entities = {party for rule in rules for party in rule.entities}
    disputes = {dispute for rule in rules for dispute in rule.disputes}
    rows = published.ask("SELECT value FROM about WHERE name = 'site_url'").rows
    base = str(rows[0][0]) if rows else ""
    return Names(
        _load(published, "entities", "name", entities, base), _load(published, "disputes", "title", disputes, base)
    )


def _load(published: Published, view: str, column: str, ids: set[str], base: str) -> dict[str, Named]:
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), _AT_ONCE):
        sql = f"SELECT id, {column}, page FROM {view} WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608
        values = {"ids": json.dumps(wanted[start : start + _AT_ONCE])}
        for key, name, page in published.ask(sql, values, _LIMITS).rows:
            found[str(key)] = Named(str(name), f"{base.rstrip('/')}/{page}" if base else str(page))
    return found
