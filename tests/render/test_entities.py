"""The pages of entities, over the small world and over one party with very many events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import html5lib
import pytest

from tests.render.conftest import build_world
from tests.render.test_pages import text_of
from tracker.config import Site
from tracker.render import check_site, entityindex, entitypages, render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.engine import load_engine, render
from tracker.render.page import DataFile, Page, list_all
from tracker.render.paths import root_of
from tracker.render.views import Views
from tracker.types import Dataset, Entity, FigureGroup

MANY = 1500
LARGEST_PAGE = 300_000


def pages_about(dataset: Dataset, start: str) -> dict[str, bytes]:
    """The pages of entities whose path begins so, and nothing else of the site."""
    site = Site()
    views, engine = Views(build_catalogue(dataset), site), load_engine()
    found = {}
    for item in list_all(entitypages.list_pages(views)):
        if item.path.startswith(start):
            common = {"site": site, "base": "", "known_on": "", "path": item.path, "root": root_of(item.path)}
            found[item.path] = (
                item.body() if isinstance(item, DataFile) else render(engine, item.template, common | item.values())
            )
    return found


@pytest.fixture(scope="module")
def crowded() -> dict[str, bytes]:
    """The pages of a party with MANY events, and as many claims against it."""
    world = build_world()
    held = {record.id: record for record in world.reconciled.claims}
    model, charge = world.reconciled.events[0], held["c-letter-1"]
    claims = [replace(charge, id=f"c-{number}") for number in range(MANY)]
    events = [
        replace(model, id=f"event-{number}", claim_ids=(f"c-{number}",), from_on=day, to_on=day)
        for number in range(MANY)
        for day in [date(2024, 1, 1) + timedelta(days=number // 5)]
    ]
    reconciled = replace(world.reconciled, events=tuple(events), claims=(*world.reconciled.claims, *claims))
    return pages_about(replace(world, reconciled=reconciled), "entities/")


def test_a_party_with_very_many_events_has_small_pages_and_loses_none(crowded: dict[str, bytes]) -> None:
    pages = {path: body for path, body in crowded.items() if path.endswith(".html")}
    assert max(map(len, pages.values())) < LARGEST_PAGE
    months = "".join(body.decode() for path, body in pages.items() if path.startswith("entities/months/kestrel/"))
    assert all(f'events/event-{number}.html"' in months for number in range(MANY))
    front = pages["entities/kestrel.html"].decode()
    assert 'href="../entities/months/kestrel/2024-01.html"' in front
    assert f'<a href="#h-events">{MANY}</a>' in front
    assert "older claims more" in text_of(pages["entities/kestrel.html"])
    for path in ("entities/kestrel.html", "entities/months/kestrel/2024-02.html"):
        html5lib.HTMLParser(strict=True).parse(pages[path])


def test_the_json_of_a_page_has_all_that_the_page_cuts(crowded: dict[str, bytes]) -> None:
    value = json.loads(crowded["entities/kestrel.json"])
    assert len(value["events"]) == MANY
    assert len(value["accused_by"]) > MANY
    assert value["accused_by"][0].keys() >= {"id", "path", "speaker", "accused_as", "events"}


def test_a_page_says_who_accuses_how_often_and_since_when(pages: dict[str, bytes]) -> None:
    text = text_of(pages["entities/kestrel.html"])
    assert "Accuser Claims Documents First published Last published" in text
    assert "Northwind Labs 2 2 24 February 2026 25 February 2026" in text
    assert "Office of Model Affairs 1 1 no date given no date given" in text
    assert b'href="kestrel.json"' in pages["entities/kestrel.html"]


def test_a_page_names_relations_and_links_wikidata(pages: dict[str, bytes]) -> None:
    page = pages["entities/northwind.html"].decode()
    assert '<a href="https://www.wikidata.org/wiki/Q1" rel="noopener">Q1</a>' in page
    assert "Its models and products Borealis" in text_of(pages["entities/northwind.html"])
    assert "Part of Kestrel AI" in text_of(pages["entities/umbra.html"])


def test_a_wikidata_id_that_is_none_is_not_linked(world: Dataset) -> None:
    entities = tuple(replace(entity, wikidata="Q1/../<x>") for entity in world.reconciled.entities)
    odd = replace(world, reconciled=replace(world.reconciled, entities=entities))
    assert b"wikidata.org" not in pages_about(odd, "entities/northwind.html")["entities/northwind.html"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("entities/fair-copy-act.html", "no claim that was read out of a document names it as a party"),
        ("entities/northwind.html", "no document read here accuses it by name"),
        ("entities/umbra.html", "Who or what bears this name"),
        ("entities/kestrel.html", "its country is not on file"),
    ],
)
def test_a_page_says_what_is_not_known(pages: dict[str, bytes], path: str, words: str) -> None:
    text = text_of(pages[path])
    assert words in text[text.index("What is not known here") :]


def test_what_an_entity_said_and_did_stands_on_its_page(pages: dict[str, bytes]) -> None:
    text = text_of(pages["entities/northwind.html"])
    assert "What else it said and did 1" in text
    assert "Northwind Labs said that it is still looking at Umbra." in text[text.index("What else") :]


def test_figures_stand_with_whom_they_are_said_of_and_with_their_speaker(world: Dataset) -> None:
    event = world.reconciled.events[0]
    groups = tuple(FigureGroup(event.figures[n].kind, None, ("kestrel",), (n,), None, None, n) for n in (0, 1))
    changed = replace(world, reconciled=replace(world.reconciled, events=(replace(event, figure_groups=groups),)))
    accused, speaker = (
        pages_about(changed, f"entities/{key}.html")[f"entities/{key}.html"] for key in ("kestrel", "northwind")
    )
    assert "Figures said of it 2" in text_of(accused)
    assert "Figures on its word 2" in text_of(speaker)
    assert "Figures said of it" not in text_of(speaker)
    assert b'href="../events/northwind-letter-2026-02.html#h-figures"' in accused


def test_a_type_with_very_many_entities_has_pages_of_its_own(world: Dataset) -> None:
    more = tuple(Entity(f"firm-{number:04}", f"Firm {number:04}", "company") for number in range(900))
    crowd = replace(world, reconciled=replace(world.reconciled, entities=(*world.reconciled.entities, *more)))
    pages = render_site(crowd, Site())
    assert check_site(pages, crowd) == []
    assert "Companies and labs 60 of 903" in text_of(pages["entities/index.html"])
    assert "Kestrel AI" in text_of(pages["entities/index.html"])  # it has events, and those come first
    lists = ["entities/types/company.html", "entities/types/company-2.html", "entities/types/company-3.html"]
    assert [path for path in pages if path.startswith("entities/types/")] == sorted(lists)
    named = "".join(pages[path].decode() for path in lists)
    assert all(f"Firm {number:04}<" in named for number in range(900))
    assert max(len(pages[path]) for path in [*lists, "entities/index.html"]) < LARGEST_PAGE
    assert entityindex.FRONT_ROWS == 60 and isinstance(Page("a", "b", dict), Page)
