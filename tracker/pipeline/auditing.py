"""Audit: what the database of subscribers holds about one party, put together for an auditor."""

from __future__ import annotations

from datetime import datetime

from tracker.digest.audit import Audit, Period, make_audit
from tracker.ports.subscriptions import SubscriptionStore
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
    return make_audit(
        (party, str(names[0][0]) if names else party),
        members,
        period,
        store.load_changes(0),
        store.load_digests(),
        store.verify_digests(),
        now,
    )
