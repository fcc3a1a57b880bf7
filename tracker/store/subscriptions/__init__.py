"""The database of subscribers, of what changed and of what they were told: `tracker.ports.subscriptions` over SQL."""

from tracker.store.subscriptions.opening import has_subscriptions, open_subscriptions
from tracker.store.subscriptions.sqlsubscriptions import SqlSubscriptions

__all__ = ["SqlSubscriptions", "has_subscriptions", "open_subscriptions"]
