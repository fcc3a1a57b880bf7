"""Feeds: read back by feedparser and by the rules of JSON Feed, with ids that outlive the site's address."""

from __future__ import annotations

import json
from dataclasses import replace

import feedparser
import pytest

from tests.render.conftest import SEEN, build_world
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
