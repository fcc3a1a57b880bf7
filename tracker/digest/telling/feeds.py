"""A subscriber's digests as a feed: Atom 1.0 (RFC 4287) and JSON Feed 1.1. A digest is an entry, and never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tracker.config import Settings
from tracker.digest.links import Links
from tracker.digest.telling.shown import ShownDigest, show_digest
from tracker.digest.telling.textbody import text_of
from tracker.digest.telling.wording import subject_of
from tracker.render.engine import load_engine, render
from tracker.render.jsontext import json_bytes
from tracker.render.wording import clean, machine_instant
from tracker.types.digests import Digest
from tracker.types.watching import Subscriber

MAX_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A digest in a feed."""

    id: str
    """A URN that does not change with our address."""
    url: str
    """"" where nothing is served."""
    title: str
    cut: str
    shown: ShownDigest
    html: str
    """As text: the template escapes it once more, as Atom's type="html" asks."""


@dataclass(frozen=True, slots=True)
class DigestFeed:
    """A feed before it is written."""

    id: str
    title: str
    updated: str
    site: str
    site_url: str
    licence: str
    self_url: str
    entries: tuple[FeedEntry, ...]


def make_feed(
    subscriber: Subscriber,
    digests: Iterable[Digest],
    settings: Settings,
    links: Links | None,
    self_url: str,
    begun_at: datetime,
) -> DigestFeed:
    """The newest digests of a subscriber, the newest first.

    Args:
        subscriber: whose.
        digests: its digests, in any order.
        settings: for the site's name, address and licence.
        links: None where nothing is served.
        self_url: where the feed itself was asked for.
        begun_at: when it was last changed while there is no digest yet.
    """
    newest = sorted(digests, key=lambda digest: (digest.cut_at, digest.number), reverse=True)[:MAX_ENTRIES]
    return DigestFeed(
        id=_urn(f"digests of {subscriber.id}"),
        title=clean(f"{settings.site.title}: digests for {subscriber.name}"),
        updated=machine_instant(newest[0].cut_at if newest else begun_at),
        site=settings.site.title,
        site_url=settings.site.base_url or "",
        licence=settings.site.licence,
        self_url=self_url,
        entries=tuple(_make_entry(subscriber, digest, settings, links) for digest in newest),
    )


def _make_entry(subscriber: Subscriber, digest: Digest, settings: Settings, links: Links | None) -> FeedEntry:
    shown = show_digest(subscriber, digest, settings, links)
    return FeedEntry(
        id=_urn(f"digest {digest.id}"),
        url=shown.digest_url,
        title=subject_of(digest, settings.site.title),
        cut=machine_instant(digest.cut_at),
        shown=shown,
        html=render(load_engine(), "digest/entry.html", {"shown": shown}).decode(),
    )


def atom_feed(feed: DigestFeed) -> bytes:
    """As Atom 1.0."""
    return render(load_engine(), "digest/feed.xml", {"feed": feed})


def json_feed(feed: DigestFeed) -> bytes:
    """As JSON Feed 1.1."""
    value: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        **({"home_page_url": feed.site_url} if feed.site_url else {}),
        "feed_url": feed.self_url,
        "language": "en",
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json_bytes(value)


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        **({"url": entry.url} if entry.url else {}),
        "title": clean(entry.title),
        "content_html": entry.html,
        "content_text": text_of(entry.shown),
        "date_published": entry.cut,
    }


def _urn(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:distillation-tracker:{key}')}"
