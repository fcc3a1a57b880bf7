"""Pages on which people subscribe, confirm, change and leave: the one part of the server that writes."""

from tracker.serve.subscriptions.pages import PATH, SubscriptionPages

__all__ = ["PATH", "SubscriptionPages"]
