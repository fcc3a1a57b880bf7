"""Invented subscribers, changes, digests and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tracker.ids import digest_of
from tracker.ports.subscriptions import Cut
from tracker.types.changes import Change, Evidence, Fact
from tracker.types.digests import Channel, Digest, DigestGroup, DigestItem, Message, Told
from tracker.types.watching import Subscriber, WatchRule

NOW = datetime(2026, 6, 24, 8, tzinfo=UTC)
QUOTE = Evidence(
    "c-1", "nearly 300 accounts", "en", "Orchid Labs", "", "operators affiliated with Fern AI", "The Wire",
    "Orchid writes a letter", date(2026, 6, 23), "https://wire.example/1#:~:text=nearly", "events/e-1.html#c-1", "ab" * 32,
)  # fmt: skip


def fact(number: int, digest: int = 1) -> Fact:
    return Fact(f"event:e-{number}", digest, {"title": f"Event {number}", "sources": [number, None, 1.5]})


def change(number: int) -> Change:
    return Change(
        "figure", f"event:e-{number}", f"Orchid Labs alleges {number}", "events/e-1.html", "e-1", "Orchid accuses",
        "allegation", ("d-1",), ("fern-ai",), ("fern-ai", "fern"), ("CN",), date(2026, 6, 23), 2, 1,
        "about 300 accounts", "nearly 300 accounts", (QUOTE,), (replace(QUOTE, quote="about 300 accounts"),), ("event:e-0",),
    )  # fmt: skip


def subscriber(number: int, channel: Channel = "mail", **changes: object) -> Subscriber:
    address = {"mail": f"reader-{number}@desk.example", "webhook": f"https://hook.example/{number}", "feed": ""}[
        channel
    ]
    made = Subscriber(
        f"s-{number}", f"reader {number}", channel, address, (WatchRule(entities=("fern-ai",), min_sources=2),),
        cadence="at_once", created_at=NOW, consent="entered by hand", secret="hush" if channel == "webhook" else "",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def message(whose: Subscriber, words: str) -> Message:
    message_id = f"<{digest_of(whose.id, words)}@tracker.example>"
    body = f"From: Tracker <news@tracker.example>\r\nTo: {whose.address}\r\nSubject: {words}\r\nMessage-ID: {message_id}\r\n\r\n{words}\r\n"
    return Message("digest", whose.channel, whose.address, message_id, body.encode(), words)


def cut(whose: Subscriber, changes: tuple[Change, ...], at: datetime = NOW, number: int = 1) -> Cut:
    """What `whose` is told of these changes, the first of which is told as a correction."""
    from_seq, to_seq = whose.cursor, max(item.seq for item in changes)
    told = Told(changes[0].key, "d-before", at - timedelta(days=1), "about 300 accounts", ("c-0",))
    first, *others = (DigestItem(item, ("you watch Fern AI",)) for item in changes)
    digest = Digest(
        digest_of(whose.id, str(from_seq), str(to_seq)), whose.id, "digest", number, from_seq, to_seq, None, at, "e1",
        (replace(first, told=told),), (DigestGroup("Fern AI", "entities/fern-ai.html", tuple(others)),) if others else (),
    )  # fmt: skip
    now_told = tuple(Told(item.key, digest.id, at, item.after, ("c-1",)) for item in changes)
    words = f"Digest {number} of {whose.name}"
    return Cut(whose.id, from_seq, to_seq, whose.slot_at, at, digest, message(whose, words), now_told)
