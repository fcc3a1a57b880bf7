"""The whole site out of one dataset: no clock, no network, and the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tracker import config
from tracker.errors import BuildRefused
from tracker.render import disputes, machine, pages
from tracker.render.catalogue import Catalogue, build_catalogue
from tracker.render.citation import cite
from tracker.render.edits import EditViews
from tracker.render.engine import load_engine, render
from tracker.render.feeds import Feed, json_feed, make_feed, seen_span
from tracker.render.find import timeline_data
from tracker.render.linked import event_linked_data
from tracker.render.paths import dispute_path, document_path, entity_path, event_path, file_stem, root_of, types_page
from tracker.render.views import Views
from tracker.render.wording import CLAIM_TYPE_WORDS, as_of_words
from tracker.resources import bundled_path
from tracker.types import Dataset, Event, is_dispute_id

ASSETS = ("site.css", "icon.svg", "find.js")

_Page = tuple[str, str, dict[str, Any]]
"""(path, template, values)."""


def render_site(dataset: Dataset, site: config.Site) -> dict[str, bytes]:
    """Every file of the site: path relative to its top, with "/" between folders -> bytes.

    Reads nothing but the bundled templates. Equal input gives equal bytes, whatever the time and the machine.

    Raises:
        BuildRefused: two things of the dataset want the same file.
    """
    catalogue = build_catalogue(dataset)
    engine = load_engine()
    base = site.base_url.rstrip("/") + "/" if site.base_url else ""
    common = {"site": site, "base": base, "known_on": as_of_words(dataset.as_of) if dataset.as_of else ""}
    files: dict[str, bytes] = {}
    for path, template, values in _list_pages(catalogue, site.title, base):
        root = _not_found_root(site.base_url) if path == "404.html" else root_of(path)
        _add(files, path, render(engine, template, common | {"path": path, "root": root} | values))
    listed = [path for path in files if path != "404.html"]
    for path, template, values in _list_redirects(catalogue):
        _add(files, path, render(engine, template, common | {"path": path, "root": root_of(path)} | values))
    for path, template, values in _list_withheld(catalogue):
        _add(files, path, render(engine, template, common | {"path": path, "root": root_of(path)} | values))
    for path, body in _list_other_files(catalogue, site, listed):
        _add(files, path, body)
    for feed in _list_feeds(catalogue, site.title, base):
        _add(files, f"{feed.path}.xml", render(engine, "feed.xml", common | {"feed": feed}))
        _add(files, f"{feed.path}.json", json_feed(feed, base))
    return dict(sorted(files.items()))


def _list_feeds(catalogue: Catalogue, title: str, base: str) -> Iterator[Feed]:
    """One for all events, one for each type and one for each entity of an event; they need the site's address."""
    if not base:
        return
    views = Views(catalogue)
    wanted: list[tuple[str, str, Iterable[Event]]] = [("index.html", title, catalogue.events)]
    for type_ in sorted({event.type for event in catalogue.events}):
        own = [event for event in catalogue.events if event.type == type_]
        wanted.append((types_page(type_), f"{title}: {CLAIM_TYPE_WORDS[type_]}", own))
    for entity in catalogue.entities.values():
        own = catalogue.events_of_entity.get(entity.id, [])
        wanted.append((entity_path(entity.id), f"{title}: {entity.name}", own))
    for page, name, events in wanted:
        if feed := make_feed(catalogue, base, page, name, map(views.event, events)):
            yield feed


def _add(files: dict[str, bytes], path: str, body: bytes) -> None:
    if path in files:
        raise BuildRefused(f"two pages want the file {path}; two ids of the dataset are the same")
    files[path] = body


def _not_found_root(base_url: str | None) -> str:
    # A server answers with this page at any depth, so its links start at the server's top where we know it.
    return (urlsplit(base_url).path.rstrip("/") + "/") if base_url else ""


def _list_pages(catalogue: Catalogue, title: str, base: str) -> Iterator[_Page]:
    views = Views(catalogue)
    for only in (None, *sorted({event.type for event in catalogue.events})):
        for path, values in pages.timeline_pages(views, only):
            yield path, "timeline.html", values
    for event in catalogue.events:
        span = seen_span(catalogue, event)
        told = {
            "citation": cite(event, title, base, span[1] if span else None),
            "linked": event_linked_data(catalogue, event, base),
        }
        yield event_path(event.id), "event.html", pages.event_values(views, event) | told
    yield "disputes/index.html", "disputes.html", disputes.disputes_index_values(views)
    for dispute in catalogue.dataset.reconciled.disputes:
        yield dispute_path(dispute.id), "dispute.html", disputes.dispute_values(views, dispute)
    yield "documents/index.html", "documents.html", pages.documents_index_values(views)
    for document in catalogue.documents.values():
        yield document_path(document.id), "document.html", pages.document_values(views, document)
    yield "entities/index.html", "entities.html", pages.entities_index_values(views)
    for entity in catalogue.entities.values():
        yield entity_path(entity.id), "entity.html", pages.entity_values(views, entity)
    yield "sources.html", "sources.html", pages.sources_values(views)
    yield "corrections.html", "corrections.html", pages.corrections_values(views)
    yield "about.html", "about.html", {"as_of": pages.as_of(catalogue)}
    yield "404.html", "404.html", {}


def _list_redirects(catalogue: Catalogue) -> Iterator[_Page]:
    """A page for each event or dispute that was merged into another; one that stands again needs none."""
    targets = dict(catalogue.dataset.reconciled.redirects)
    titles = {event.id: event.title for event in catalogue.events}
    titles |= {dispute.id: dispute.title for dispute in catalogue.dataset.reconciled.disputes}
    for old in targets:
        if old in titles:
            continue
        new, seen = old, {old}
        while new in targets and new not in titles:
            new = targets[new]
            if new in seen:
                break
            seen.add(new)
        found = new in titles
        is_dispute = is_dispute_id(old)
        path_of = dispute_path if is_dispute else event_path
        target = path_of(new) if found else "disputes/index.html" if is_dispute else "index.html"
        values = {"target": target, "title": titles.get(new, ""), "found": found}
        yield path_of(old), "moved.html", values | {"what": "dispute" if is_dispute else "event"}


def _list_withheld(catalogue: Catalogue) -> Iterator[_Page]:
    """A page for each event that people hid, which says so; links to it keep working."""
    shown = {event.id for event in catalogue.events}
    for event_id, edit in EditViews(catalogue.dataset.edits, catalogue.entities).withheld().items():
        if event_id not in shown:
            yield event_path(event_id), "withheld.html", {"edit": edit}


def _list_other_files(catalogue: Catalogue, site: config.Site, listed: list[str]) -> Iterator[tuple[str, bytes]]:
    for event in catalogue.events:
        yield f"events/{file_stem(event.id)}.json", machine.event_json(catalogue, event)
    for dispute in catalogue.dataset.reconciled.disputes:
        yield f"disputes/{file_stem(dispute.id)}.json", machine.dispute_json(catalogue, dispute)
    yield "data/events.json", machine.events_json(catalogue)
    yield "data/timeline.js", timeline_data(Views(catalogue))
    yield "robots.txt", machine.robots_txt(site.base_url)
    if site.base_url:
        yield "sitemap.xml", machine.sitemap_xml(site.base_url, listed)
    folder = bundled_path("templates") / "assets"
    for name in ASSETS:
        yield f"assets/{name}", (folder / name).read_bytes()
