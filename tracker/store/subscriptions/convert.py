"""Rows <-> values. What is kept as JSON goes through pydantic, so that a row of a hand that is not ours is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from tracker.ids import sha256_hex
from tracker.store.subscriptions.rows import ChangeRow, DeliveryRow, FactRow, SubscriberRow, ToldRow, TryRow
from tracker.types.changes import Change, Fact
from tracker.types.digests import Delivery, DeliveryAttempt, DeliveryState, Message, MessageKind, Told
from tracker.types.watching import Channel, Subscriber, WatchRule

START = "0" * 64
"""The hash that stands before the first of a chain."""
CHANGE = TypeAdapter(Change)
TEXTS = TypeAdapter(tuple[str, ...])
_RULES = TypeAdapter(tuple[WatchRule, ...])
_VALUE = TypeAdapter(dict[str, Any])
_SAME = ("id", "name", "channel", "address", "cadence", "at_hour", "weekday", "timezone", "shape", "secret",
         "wants_all_clear", "state", "state_why", "created_at", "confirmed_at", "consent", "token_version")  # fmt: skip
"""What is kept of a subscriber as it is; its rules are JSON, its cursor and slot are moved by cuts alone."""


def address_key(channel: Channel, address: str) -> str:
    """An address as it is compared: no mail server tells two people apart by capitals."""
    return address.casefold() if channel == "mail" else address


def subscriber_columns(subscriber: Subscriber) -> dict[str, Any]:
    """What `save_subscriber` may set."""
    kept = {name: getattr(subscriber, name) for name in _SAME}
    rules = _RULES.dump_json(subscriber.rules).decode()
    return {**kept, "address_key": address_key(subscriber.channel, subscriber.address), "rules": rules}


def subscriber(row: SubscriberRow) -> Subscriber:
    """A row as a value; rules of a hand that is not ours, or of a newer tracker, are its own trouble alone."""
    kept = {name: getattr(row, name) for name in _SAME}
    try:
        rules, unreadable = _RULES.validate_json(row.rules), ""
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        rules, unreadable = (), ": ".join([*map(str, first["loc"]), first["msg"]])
    return Subscriber(**kept, rules=rules, cursor=row.cursor, slot_at=row.slot_at, unreadable=unreadable)


def fact_columns(fact: Fact) -> dict[str, Any]:
    """A fact as a row."""
    return {"key": fact.key, "digest": fact.digest, "value": _VALUE.dump_json(fact.value).decode()}


def fact(row: FactRow) -> Fact:
    """A row as a value."""
    return Fact(row.key, row.digest, _VALUE.validate_json(row.value))


def change_payload(change: Change) -> str:
    """A change as JSON, without its place in the log."""
    return CHANGE.dump_json(replace(change, seq=0, edition="", seen_at=None)).decode()


def change_hash(change: Change, previous: str) -> str:
    """Of a change with its place, edition and instant, and of all changes before it."""
    at = change.seen_at.astimezone(UTC).isoformat() if change.seen_at else ""
    return sha256_hex(f"{previous}:{change.seq}:{change.edition}:{at}:{sha256_hex(change_payload(change))}")


def change(row: ChangeRow) -> Change:
    """A row as a value."""
    return replace(CHANGE.validate_json(row.payload), seq=row.seq, edition=row.edition, seen_at=row.seen_at)


def told_columns(subscriber_id: str, told: Told) -> dict[str, Any]:
    """What was told as a row."""
    return {
        "subscriber_id": subscriber_id, "key": told.key, "digest_id": told.digest_id, "told_at": told.told_at,
        "words": told.words, "claim_ids": TEXTS.dump_json(told.claim_ids).decode(),
    }  # fmt: skip


def told(row: ToldRow) -> Told:
    """A row as a value."""
    return Told(row.key, row.digest_id, row.told_at, row.words, TEXTS.validate_json(row.claim_ids))


def delivery_row(subscriber_id: str, digest_id: str | None, message: Message, at: datetime) -> DeliveryRow:
    """A message that waits to be sent; one for a feed stands there as soon as it is kept."""
    stands = message.channel == "feed"
    return DeliveryRow(
        subscriber_id=subscriber_id, digest_id=digest_id, kind=message.kind, channel=message.channel,
        address=message.address, message_id=message.message_id, subject=message.subject, body=message.body,
        state="sent" if stands else "pending", created_at=at, next_at=at, sent_at=at if stands else None, why="",
    )  # fmt: skip


def delivery(row: DeliveryRow, name: str) -> Delivery:
    """A row as a value; `name` is its subscriber's."""
    assert row.id is not None
    kind, channel = cast(MessageKind, row.kind), cast(Channel, row.channel)
    return Delivery(
        id=row.id, subscriber_id=row.subscriber_id, subscriber_name=name, digest_id=row.digest_id,
        message=Message(kind, channel, row.address, row.message_id, row.body, row.subject),
        state=cast(DeliveryState, row.state), created_at=row.created_at, next_at=row.next_at, attempts=row.attempts,
        sent_at=row.sent_at, why=row.why, tried_since=row.tried_since,
    )  # fmt: skip


def attempt(row: TryRow) -> DeliveryAttempt:
    """A row as a value."""
    outcome = cast(Any, row.outcome)
    return DeliveryAttempt(row.delivery_id, row.at, outcome, row.code, row.why, row.elapsed_ms)
