"""How somebody becomes a subscriber, changes and leaves, as values; keeping them is the store's."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from tracker.digest.links import Links
from tracker.digest.tokens import LIFETIMES
from tracker.ports.subscriptions import SubscriptionStore
from tracker.types.watching import Channel, Subscriber, WatchRule

LEFT = "left by the link in a message"
"""`state_why` of who unsubscribed; only they come back, by the form or by consent that is written down."""
_UNCONFIRMED_FOR = LIFETIMES["confirm"] + timedelta(days=1)
"""After so long an address that nobody confirmed is kept no longer."""
BY_LINK = "confirmed by the link that was sent to the address"


def new_subscriber(name: str, channel: Channel, address: str, rules: tuple[WatchRule, ...], at: datetime) -> Subscriber:
    """A new one, with an id that says nothing; one by mail is pending until the address is confirmed."""
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}" if channel == "webhook" else ""
    return Subscriber(
        secrets.token_urlsafe(12), name, channel, address, rules,
        secret=secret, state="pending" if channel == "mail" else "active", created_at=at,
    )  # fmt: skip


def confirmed(subscriber: Subscriber, at: datetime, consent: str) -> Subscriber:
    """The subscriber as it is told from now on."""
    return replace(subscriber, state="active", state_why="", confirmed_at=at, consent=consent)


def was_never_confirmed(subscriber: Subscriber, now: datetime) -> bool:
    """Whether it waits to be confirmed since before the link that was mailed ceased to hold."""
    began = subscriber.created_at if subscriber.state == "pending" and not subscriber.confirmed_at else None
    return began is not None and now - began >= _UNCONFIRMED_FOR


def left(subscriber: Subscriber) -> Subscriber:
    """The subscriber who has left: nothing is sent, and the rules are kept until they are erased."""
    return replace(subscriber, state="disabled", state_why=LEFT)


def export_subscriber(store: SubscriptionStore, subscriber: Subscriber) -> dict[str, Any]:
    """All that is kept of somebody, as JSON can hold it; what signs a webhook's payloads is not shown again."""
    kept = {name: value for name, value in asdict(subscriber).items() if name != "secret"}
    sent = store.load_deliveries(subscriber_id=subscriber.id, limit=100_000)
    told = [
        {
            "id": item.digest.id,
            "number": item.digest.number,
            "cut_at": item.digest.cut_at,
            "edition": item.digest.edition,
            "sha256": item.sha256,
        }
        for item in store.load_digests(subscriber_id=subscriber.id)
        if item.digest is not None
    ]
    messages = [
        {
            "id": item.id, "kind": item.message.kind, "subject": item.message.subject, "to": item.message.address,
            "state": item.state, "created_at": item.created_at, "sent_at": item.sent_at, "attempts": item.attempts,
            "message_id": item.message.message_id, "why": item.why,
        }
        for item in sent
    ]  # fmt: skip
    whole = {"subscriber": kept, "digests": told, "messages": messages}
    return dict(json.loads(json.dumps(whole, default=_plain)))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def feed_url_of(subscriber: Subscriber, links: Links | None, at: datetime) -> str:
    """Where a subscriber's feed is; "" where nothing is served."""
    return links.feed_url(subscriber, at) if links else ""
