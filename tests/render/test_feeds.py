"""Feeds: read back by feedparser and by the rules of JSON Feed, with ids that outlive the site's address."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree

import feedparser
import pytest

from tests.render.conftest import SEEN, build_world
from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.feeds import MAX_ENTRIES
from tracker.types import Dataset

HERE = Site(base_url="https://tracker.example/site", title="Copies & <Disputes>")


@pytest.fixture(scope="module")
def world() -> Dataset:
    return build_world()


@pytest.fixture(scope="module")
def pages(world: Dataset) -> dict[str, bytes]:
    return render_site(world, HERE)


def test_atom_is_read_back_whole(world: Dataset, pages: dict[str, bytes]) -> None:
    read = feedparser.parse(pages["feeds/index.xml"])
    assert not read.bozo and read.version == "atom10"
    assert read.feed.title == "Copies & <Disputes>"
    assert {entry.title for entry in read.entries} == {event.title for event in world.reconciled.events}
    for entry in read.entries:
        assert entry.id.startswith("urn:uuid:")
        assert entry.link.startswith("https://tracker.example/site/events/")
        assert entry.published and entry.updated
        assert entry.link.removeprefix("https://tracker.example/site/") in pages


def test_json_feed_says_what_atom_says(pages: dict[str, bytes]) -> None:
    atom = feedparser.parse(pages["feeds/index.xml"])
    value = json.loads(pages["feeds/index.json"])
    assert value["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in value["items"]] == [entry.id for entry in atom.entries]
    assert [item["url"] for item in value["items"]] == [entry.link for entry in atom.entries]


def test_ids_stay_when_the_site_moves(world: Dataset, pages: dict[str, bytes]) -> None:
    moved = render_site(world, HERE.model_copy(update={"base_url": "https://elsewhere.example/"}))

    def ids(site: dict[str, bytes]) -> list[str]:
        return [item["id"] for item in json.loads(site["feeds/index.json"])["items"]]

    assert ids(moved) == ids(pages)


def test_there_is_a_feed_for_each_type_and_each_entity_of_an_event(world: Dataset, pages: dict[str, bytes]) -> None:
    kestrel = json.loads(pages["feeds/entities/kestrel.json"])
    assert kestrel["home_page_url"] == "https://tracker.example/site/entities/kestrel.html"
    allegations = json.loads(pages["feeds/types/allegation.json"])
    assert len(allegations["items"]) == sum(event.type == "allegation" for event in world.reconciled.events)
    assert b'href="../feeds/entities/kestrel.xml"' in pages["entities/kestrel.html"]
    assert check_site(pages, world) == []


def test_words_that_a_page_lost_count_as_an_update(world: Dataset) -> None:
    event = next(e for e in world.reconciled.events if "c-fix-1" in e.claim_ids)
    later = SEEN.replace(day=9)
    documents = tuple(
        replace(item, versions=(item.versions[0], replace(item.versions[1], fetched_at=later)))
        if item.id == "doc-fix"
        else item
        for item in world.documents
    )
    value = json.loads(render_site(replace(world, documents=documents), HERE)["feeds/index.json"])
    entry = next(item for item in value["items"] if item["url"].endswith(f"events/{event.id}.html"))
    assert entry["date_modified"] == later.isoformat() and entry["date_published"] == SEEN.isoformat()
    changed = [item["date_modified"] for item in value["items"]]
    assert changed == sorted(changed, reverse=True) and changed[0] == later.isoformat()


def test_without_an_address_there_is_no_feed(world: Dataset) -> None:
    pages = render_site(world, Site())
    assert not [path for path in pages if path.startswith("feeds/")]
    assert b"application/atom+xml" not in pages["index.html"]


def test_a_feed_holds_the_last_changed_only(world: Dataset) -> None:
    model = world.reconciled.events[0]
    events = tuple(replace(model, id=f"made-{number}") for number in range(MAX_ENTRIES + 30))
    pages = render_site(replace(world, reconciled=replace(world.reconciled, events=events)), HERE)
    assert len(json.loads(pages["feeds/index.json"])["items"]) == MAX_ENTRIES


def test_there_is_a_feed_for_each_dispute() -> None:
    world = with_disputes(ACCUSED, PERSONAL)
    pages = render_site(world, HERE)
    for dispute in world.reconciled.disputes:
        value = json.loads(pages[f"feeds/disputes/{dispute.id}.json"])
        assert value["home_page_url"] == f"https://tracker.example/site/disputes/{dispute.id}.html"
        assert len(value["items"]) == len(dispute.event_ids)
        assert f'href="../feeds/disputes/{dispute.id}.xml"'.encode() in pages[f"disputes/{dispute.id}.html"]
    assert check_site(pages, world) == []


ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def test_every_atom_feed_has_what_rfc_4287_asks_for(pages: dict[str, bytes]) -> None:
    feeds = [path for path in pages if path.startswith("feeds/") and path.endswith(".xml")]
    assert len(feeds) > 5
    ids = set()
    for path in feeds:
        root = ElementTree.fromstring(pages[path])
        assert root.tag == f"{ATOM}feed"
        for name in ("id", "title", "updated"):
            assert len(root.findall(f"{ATOM}{name}")) == 1, "4.1.1: exactly one"
        ids.add(root.findtext(f"{ATOM}id"))
        links = [(link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")]
        assert ("self", f"https://tracker.example/site/{path}") in links
        assert root.find(f"{ATOM}author/{ATOM}name") is not None, "4.2.1: entries without an author have the feed's"
        entries = root.findall(f"{ATOM}entry")
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
        for entry in entries:
            for name in ("id", "title", "updated", "published", "content"):
                assert len(entry.findall(f"{ATOM}{name}")) == 1
            content = entry.find(f"{ATOM}content")
            assert content is not None and content.get("type") == "xhtml"
            assert [child.tag for child in content] == ["{http://www.w3.org/1999/xhtml}div"], "3.1.1.3: a single div"
            for name in ("updated", "published"):
                assert RFC_3339.fullmatch(entry.findtext(f"{ATOM}{name}") or "")
        newest = max(datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") for entry in entries)
        assert datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "") == newest
    assert len(ids) == len(feeds), "4.2.6: a feed's id is its own"


def test_every_json_feed_has_what_its_version_asks_for(pages: dict[str, bytes]) -> None:
    for path in (path for path in pages if path.startswith("feeds/") and path.endswith(".json")):
        value = json.loads(pages[path])
        assert value["version"] == "https://jsonfeed.org/version/1.1" and value["title"]
        assert value["feed_url"] == f"https://tracker.example/site/{path}"
        for item in value["items"]:
            assert isinstance(item["id"], str) and item["content_text"]
            assert RFC_3339.fullmatch(item["date_published"]) and RFC_3339.fullmatch(item["date_modified"])
            assert all(isinstance(tag, str) for tag in item["tags"])


def test_there_is_a_feed_for_each_country_that_has_a_page(pages: dict[str, bytes]) -> None:
    fronts = [
        path
        for path in pages
        if path.startswith("jurisdictions/") and path.count("/") == 1 and b"feeds/" in pages[path]
    ]
    for path in fronts:
        value = json.loads(pages[f"feeds/{path.removesuffix('.html')}.json"])
        assert value["home_page_url"] == f"https://tracker.example/site/{path}"
    assert {path for path in pages if path.startswith("feeds/jurisdictions/")} == {
        f"feeds/{path.removesuffix('.html')}.{end}" for path in fronts for end in ("xml", "json")
    }
