"""What the site tells programs about itself: the sitemap, llms.txt, and links for robots."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from tests.render.conftest import SEEN
from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.render import render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.sitemap import sitemap_files
from tracker.render.views import Views
from tracker.types import Dataset

HERE = Site(base_url="https://tracker.example/site", title="Copies & <Disputes>")
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def world() -> Dataset:
    return with_disputes(ACCUSED, PERSONAL)


@pytest.fixture(scope="module")
def pages(world: Dataset) -> dict[str, bytes]:
    return render_site(world, HERE)


def rows_of(body: bytes, name: str = "url") -> dict[str, str | None]:
    root = ElementTree.fromstring(body)
    return {
        row.findtext(f"{SPACE}loc") or "": row.findtext(f"{SPACE}lastmod") for row in root.findall(f"{SPACE}{name}")
    }


def test_the_sitemap_names_every_page_with_when_it_changed(world: Dataset, pages: dict[str, bytes]) -> None:
    rows = rows_of(pages["sitemap.xml"])
    paths = {address.removeprefix("https://tracker.example/site/") for address in rows}
    assert paths <= pages.keys() and "404.html" not in paths and "downloads.html" in paths
    assert paths >= {
        path for path in pages if path.startswith(("documents/", "entities/", "disputes/")) and path.endswith(".html")
    }
    for event in world.reconciled.events:
        if event.claim_ids:
            told = rows[f"https://tracker.example/site/events/{event.id}.html"]
            assert told and datetime.fromisoformat(told) >= SEEN
    assert rows["https://tracker.example/site/about.html"] is None, "a page without an instant of its own claims none"


def test_more_pages_than_a_file_may_have_are_split_under_an_index(world: Dataset) -> None:
    views = Views(build_catalogue(world), HERE)
    paths = [f"events/e{number}.html" for number in range(25)]
    files = sitemap_files(views, paths, most=10)
    assert list(rows_of(files["sitemap.xml"], "sitemap")) == [
        f"https://tracker.example/site/sitemap-{n}.xml" for n in (1, 2, 3)
    ]
    named = [address for n in (1, 2, 3) for address in rows_of(files[f"sitemap-{n}.xml"])]
    assert len(named) == 25 and {address.rpartition("/")[2] for address in named} == {
        path.rpartition("/")[2] for path in paths
    }


def test_without_an_address_there_is_no_sitemap(world: Dataset) -> None:
    assert not [path for path in render_site(world, Site()) if path.startswith("sitemap")]


def test_llms_txt_has_its_form_and_leads_to_what_there_is(world: Dataset, pages: dict[str, bytes]) -> None:
    for files, base in ((pages, "https://tracker.example/site/"), (render_site(world, Site()), "")):
        lines = files["llms.txt"].decode().splitlines()
        assert (
            lines[0].startswith("# ")
            and lines[2].startswith("> ")
            and sum(line.startswith("# ") for line in lines) == 1
        )
        links = [match for line in lines if (match := re.fullmatch(r"- \[[^\]]+\]\(([^)]+)\): .+", line))]
        assert len(links) == sum(line.startswith("- ") for line in lines) > 8
        for link in links:
            assert link[1].startswith(base) and link[1].removeprefix(base) in files, link[1]


def test_every_kind_of_page_has_a_card(pages: dict[str, bytes]) -> None:
    kinds = {re.sub(r"/.+\.html", "/x", path) for path in pages if path.endswith(".html")}
    assert kinds >= {
        "index.html",
        "events/x",
        "documents/x",
        "entities/x",
        "disputes/x",
        "search.html",
        "downloads.html",
    }
    for path, body in pages.items():
        if path.endswith(".html") and b'http-equiv="refresh"' not in body:
            for name in (b"og:title", b"og:description", b"og:type", b"og:site_name", b"og:url"):
                assert body.count(b'<meta property="' + name + b'" content="') == 1, (path, name)
            assert not re.search(rb'property="og:(?:title|description)" content=""', body), path
