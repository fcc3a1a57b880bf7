"""A subscriber's digests as a feed: read back by a reader of feeds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import feedparser

from tests.digest.telling_world import CUT, LINKS, SETTINGS, SUBSCRIBER, hostile_digest, whole_digest
from tracker.digest.telling.feeds import MAX_ENTRIES, DigestFeed, atom_feed, json_feed, make_feed
from tracker.types.digests import Digest

SELF = "https://serve.tracker.example/subscriptions/feed?t=abc"


def feed_of(*digests: Digest) -> DigestFeed:
    return make_feed(replace(SUBSCRIBER, channel="feed"), digests, SETTINGS, LINKS, SELF, CUT)


def test_atom_is_read_back_whole() -> None:
    later = replace(hostile_digest(), cut_at=CUT + timedelta(days=1))
    read = feedparser.parse(atom_feed(feed_of(whole_digest(), later)))
    assert not read.bozo
    assert [entry.updated for entry in read.entries] == ["2026-06-27T06:00:00Z", "2026-06-26T06:00:00Z"]
    assert read.feed.updated == "2026-06-27T06:00:00Z"
    newest, whole = read.entries
    assert "nearly 25,000 accounts" in whole.summary and "阿里巴巴否认" in whole.summary
    assert "<script" not in newest.summary and "<img" not in newest.summary
    assert whole.link.startswith("https://serve.tracker.example/subscriptions/digest?t=")


def test_json_feed_says_the_same() -> None:
    value = json.loads(json_feed(feed_of(whole_digest())))
    assert value["version"] == "https://jsonfeed.org/version/1.1" and value["feed_url"] == SELF
    (item,) = value["items"]
    assert "On 24 June 2026 we reported about 24,000 accounts" in item["content_html"]
    assert "nearly 25,000 accounts" in item["content_text"]


def test_a_digest_keeps_its_id_and_old_ones_leave() -> None:
    many = [replace(whole_digest(), id=f"dg-{n}", number=n, cut_at=CUT + timedelta(days=n)) for n in range(1, 60)]
    feed = feed_of(*many)
    assert len(feed.entries) == MAX_ENTRIES and len({entry.id for entry in feed.entries}) == MAX_ENTRIES
    again = feed_of(many[-1])
    assert again.entries[0].id == feed.entries[0].id
    assert atom_feed(feed) == atom_feed(feed_of(*reversed(many)))


def test_before_its_first_digest_a_feed_is_empty_and_dated() -> None:
    read = feedparser.parse(atom_feed(feed_of()))
    assert not read.bozo and not read.entries and read.feed.updated == "2026-06-26T06:00:00Z"
