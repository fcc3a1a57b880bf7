"""The numbers by which the full-text indexes know what can be found: in the order of the search, and the same from one
file to the next but for what is of one day with something new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from tracker.errors import BuildRefused
from tracker.render.database.claimrows import claim_day
from tracker.render.database.values import SearchIds, day
from tracker.render.views import Views

_OF_A_DAY = 1 << 22
"""So many things of one kind and day are told apart; with more, SQLite would take eight bytes for a number, not six."""
_DAYS = 1 << 22
_LAST_DAY = date.max.toordinal()


def search_ids(views: Views) -> SearchIds:
    """A number for all that can be found: events, disputes, documents, claims, of each the newest first.

    So the API's search runs along the full-text index in that order. A number is made of the kind, of the day counted
    backwards, and of the place among what is of that kind and day: something new moves nothing of other days.

    Raises:
        BuildRefused: there is more of one kind and day than can be told apart.
    """
    catalogue = views.catalogue
    dated = (
        ("event", ((day(event.from_on), event.id) for event in catalogue.events)),
        ("dispute", ((day(dispute.changed_on), dispute.id) for dispute in catalogue.disputes)),
        ("document", ((day(document.current.published), key) for key, document in catalogue.documents.items())),
        ("claim", ((claim_day(views, record), key) for key, record in catalogue.claims.items())),
    )
    return {
        (kind, key): (place * _DAYS + days_before_the_last) * _OF_A_DAY + number
        for place, (kind, found) in enumerate(dated)
        for days_before_the_last, number, key in _numbered(kind, found)
    }


def _numbered(kind: str, found: Iterable[tuple[str | None, str]]) -> Iterator[tuple[int, int, str]]:
    newest = sorted(((on or "", key) for on, key in found), reverse=True)
    for on, same in groupby(newest, key=lambda row: row[0]):
        before = _LAST_DAY - date.fromisoformat(on).toordinal() if on else _LAST_DAY
        for number, (_, key) in enumerate(same, 1):
            if number >= _OF_A_DAY:
                raise BuildRefused(f"more than {_OF_A_DAY} {kind}s are of {on or 'no day'}")
            yield before, number, key
