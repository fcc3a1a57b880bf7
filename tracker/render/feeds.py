"""Feeds of events: Atom 1.0 (RFC 4287) and JSON Feed 1.1 (jsonfeed.org/version/1.1), with ids that outlive addresses.

An entry was published when the tracker first had a page that reports the event, and updated when it last learned
something about it, or a person last decided something about it: so a feed of equal input is equal byte for byte, and a
reader is told of every change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tracker.days import interval_words
from tracker.render.eventlists import WITH_FEED, list_events
from tracker.render.jsontext import json_bytes
from tracker.render.page import DataFile, Item, Page, group_each
from tracker.render.paths import dispute_path, entity_path, feed_path, full_address
from tracker.render.views import Views
from tracker.render.wording import CLAIM_TYPE_WORDS, clean, shorten
from tracker.types import Dispute, Entity, Event

MAX_ENTRIES = 50
_QUOTE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in a feed."""

    id: str
    """A URN that does not change with the site's address."""
    url: str
    title: str
    type_words: str
    when: str
    quote: str
    """Of the claim nearest to the original speaker; "" where there is none."""
    quote_language: str
    publisher: str
    documents: int
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it is written: `path` is without its ending, `page` is the page that it belongs to."""

    path: str
    page: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def updated_at(self) -> datetime:
        """When its newest entry changed."""
        return max(entry.updated_at for entry in self.entries)


def list_pages(views: Views) -> Iterator[Item]:
    """Two feeds for all events, each type, country, entity and dispute; they need the site's address."""
    if not views.base:
        return
    for listed in list_events(views):
        if listed.kind in WITH_FEED:
            name = "" if listed.kind == "all" else listed.name
            yield from _list_feed(views, listed.front, name, [view.event for view in listed.events])
    yield from group_each("feeds of entities", views.catalogue.entities.values(), partial(_list_of_entity, views))
    yield from group_each("feeds of disputes", views.catalogue.disputes, partial(_list_of_dispute, views))


def _list_of_entity(views: Views, entity: Entity) -> Iterator[Page | DataFile]:
    events = views.catalogue.events_of_entity.get(entity.id, [])
    return _list_feed(views, entity_path(entity.id), entity.name, events)


def _list_of_dispute(views: Views, dispute: Dispute) -> Iterator[Page | DataFile]:
    held = views.catalogue.events_by_id
    events = [held[key] for key in dispute.event_ids if key in held]
    return _list_feed(views, dispute_path(dispute.id), dispute.title, events)


def _list_feed(views: Views, page: str, name: str, events: Iterable[Event]) -> Iterator[Page | DataFile]:
    title = f"{views.site.title}: {name}" if name else views.site.title
    if feed := _make_feed(views, page, title, events):
        yield Page(f"{feed.path}.xml", "feed.xml", partial(dict, feed=feed), is_listed=False)
        yield DataFile(f"{feed.path}.json", partial(json_feed, feed, views.base))


def _make_feed(views: Views, page: str, title: str, events: Iterable[Event]) -> Feed | None:
    """The feed of some events, the last changed first; None where no event can be dated."""
    dated = [(at, event) for event in events if (at := views.changed_at(event)) and views.seen_span(event)]
    dated.sort(key=lambda row: (row[0], _urn(row[1].id)), reverse=True)
    entries = tuple(_make_entry(views, event) for _, event in dated[:MAX_ENTRIES])
    return Feed(feed_path(page), page, title, entries) if entries else None


@lru_cache(maxsize=1 << 14)
def _urn(event_id: str) -> str:
    """A name that stays whatever the site's address."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:distillation-tracker:event:{event_id}')}"


def _make_entry(views: Views, event: Event) -> Entry:
    """An event that can be dated."""
    return views.remember("feed_entry", event.id, partial(_build_entry, views, event))


def _build_entry(views: Views, event: Event) -> Entry:
    span, changed_at = views.seen_span(event), views.changed_at(event)
    assert span is not None and changed_at is not None
    catalogue, view = views.catalogue, views.event(event)
    first = next((catalogue.claims[key] for key in event.claim_ids if key in catalogue.claims), None)
    version = catalogue.versions[first.version_id] if first else None
    return Entry(
        id=_urn(event.id),
        url=full_address(views.base, view.path),
        title=view.title,
        type_words=CLAIM_TYPE_WORDS[event.type],
        when=interval_words(event.from_on, event.to_on),
        quote=shorten(first.claim.text, _QUOTE_CHARS) if first else "",
        quote_language=version.language if version else "",
        publisher=catalogue.documents[first.document_id].publisher if first else "",
        documents=view.documents,
        published_at=span[0],
        updated_at=changed_at,
    )


def json_feed(feed: Feed, base: str) -> bytes:
    """A feed as JSON Feed 1.1."""
    value: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.title),
        "home_page_url": full_address(base, feed.page),
        "feed_url": full_address(base, f"{feed.path}.json"),
        "language": "en",
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json_bytes(value)


def _json_item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": clean(entry.title),
        "content_text": clean("\n".join(_lines(entry))),
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
        "tags": [entry.type_words],
    }


def _lines(entry: Entry) -> Sequence[str]:
    said = [f"“{entry.quote}” ({entry.publisher})"] if entry.quote else []
    return [f"{entry.type_words}, {entry.when}. Documents: {entry.documents}.", *said]
