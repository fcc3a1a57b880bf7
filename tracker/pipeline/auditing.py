"""Audit: what the database of subscribers holds about one party, put together for an auditor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tracker.digest.audit import Audit, Period, make_audit
from tracker.ports.subscriptions import KeptDigest, SubscriptionStore
from tracker.query import Limits, Published

_MOST = Limits(rows=100_000)
_NAME = "SELECT name FROM entities WHERE id = :id"
_MEMBERS = """
SELECT e.name FROM families AS f JOIN entities AS e ON e.id = f.member_id
WHERE f.entity_id = :id AND f.member_id != :id ORDER BY e.name, e.id
"""


def audit(store: SubscriptionStore, published: Published, party: str, period: Period, now: datetime) -> Audit:
    """The audit of a party (an entity's id) with all that belongs to it, in a period."""
    names = published.ask(_NAME, {"id": party}).rows
    members = [str(row[0]) for row in published.ask(_MEMBERS, {"id": party}, _MOST).rows]
    changes = store.load_changes(0)
    return make_audit(
        (party, str(names[0][0]) if names else party),
        members,
        period,
        changes,
        _stream(store, changes[0].seen_at or now if changes else now, now),
        store.verify_digests(),
        now,
    )


def _stream(store: SubscriptionStore, begun_at: datetime, now: datetime) -> Iterator[KeptDigest]:
    """All digests, a day's at one time: those of years need not be in memory together, each with its message.

    What a wrong clock put before the beginning or behind the present is among them.
    """
    yield from store.load_digests(until=begun_at)
    since = begun_at
    while since <= now:
        until = since + timedelta(days=1)
        yield from store.load_digests(since=since, until=until)
        since = until
    yield from store.load_digests(since=since)
