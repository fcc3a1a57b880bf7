"""The coverage statement: its figures are those of the published database, and its parts add up."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.types import Dataset


@pytest.fixture(scope="module")
def world() -> Dataset:
    world = with_disputes(ACCUSED, PERSONAL)
    return replace(world, awaiting_review=(replace(world.reconciled.claims[0], id="c-unsure"),))


@pytest.fixture(scope="module")
def pages(world: Dataset) -> dict[str, bytes]:
    return render_site(world, Site())


def test_the_totals_are_those_of_the_published_database(pages: dict[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "tracker.db"
    file.write_bytes(pages["data/tracker.db"])
    page = BeautifulSoup(pages["sources.html"], "html.parser")
    told = {item["data-count"]: int(item.get_text()) for item in page.select(".totals [data-count]")}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        held = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in
                ("sources", "documents", "versions", "claims", "events", "disputes", "entities")}  # fmt: skip
    assert {**held, "all-documents": held["documents"]} == {
        name: told.get(name, held["documents"]) for name in (*held, "all-documents")
    }
    assert told["awaiting"] == 1 and told["copies"] == 0


def test_each_way_of_counting_documents_adds_up(pages: dict[str, bytes], world: Dataset) -> None:
    page = BeautifulSoup(pages["sources.html"], "html.parser")
    rows = [item for item in page.select(".totals > div") if item.dt and item.dt.get_text().startswith("documents by")]
    assert len(rows) == 3
    for row in rows:
        assert row.dd is not None
        assert sum(map(int, re.findall(r" (\d+)(?:, |$)", row.dd.get_text()))) == len(world.documents)
    assert check_site(pages, world) == []


def test_sources_in_trouble_are_named_first(pages: dict[str, bytes], world: Dataset) -> None:
    assert b'id="h-watched"' not in pages["sources.html"], "the one in trouble is switched off"
    sources = tuple(replace(item, enabled=True) for item in world.sources)
    page = BeautifulSoup(render_site(replace(world, sources=sources), Site())["sources.html"], "html.parser")
    told = page.find("section", attrs={"aria-labelledby": "h-watched"})
    assert told is not None and "no answer within 20 s" in told.get_text() and "silent" in told.get_text()


def test_an_empty_site_counts_nothing() -> None:
    pages = render_site(Dataset(), Site())
    assert check_site(pages, Dataset()) == [] and b"No source has been read yet" in pages["sources.html"]
