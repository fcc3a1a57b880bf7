"""Finding events on the front page: the address says what is sought, and the page shows it, in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.deliver.site import FolderSiteWriter
from tracker.render import render_site
from tracker.render.catalogue import build_catalogue
from tracker.render.find import timeline_data
from tracker.render.views import Views
from tracker.types import Dataset

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: apt-get install chromium")


def test_the_list_of_events_is_a_script_of_plain_data() -> None:
    value = data_of(build_world())
    rows = [dict(zip(value["row"], cells, strict=False)) for cells in value["events"]]
    assert {row["stem"] for row in rows} == {event.id for event in build_world().reconciled.events}
    assert all(value["parties"][at] for row in rows for at in row["actors"])


def data_of(dataset: Dataset) -> Any:
    body = render_site(dataset, Site())["data/timeline.js"].decode()
    return json.loads(body.removeprefix("trackerTimeline(").removesuffix(");\n"))


def test_the_list_of_five_thousand_events_stays_under_a_megabyte() -> None:
    world = build_world()
    model = world.reconciled.events[0]
    titles = (
        "Northwind Laboratories accuses operators affiliated with Kestrel AI of extracting abilities of Borealis: {} of them",
        "Kestrel AI denies the allegations of Northwind {}",
        "The Office of Model Affairs and the Committee on Copies open investigation {}",
    )
    days = [date(2022, 1, 1) + timedelta(days=number // 3) for number in range(5000)]
    events = tuple(
        replace(
            model,
            id=f"{on}-northwind-allegation-kestrel-{number % 3}",
            from_on=on,
            to_on=on,
            title=titles[number % 3].format(number),
            figures=model.figures[: number % 2 + 1],
        )
        for number, on in enumerate(days)
    )
    many = replace(world, reconciled=replace(world.reconciled, events=events))
    catalogue = build_catalogue(many)
    assert len(timeline_data(Views(catalogue, Site()))) < 1_000_000


def test_only_the_front_page_and_the_search_may_run_a_script() -> None:
    pages = render_site(build_world(), Site())
    assert (
        b"script-src 'self';" in pages["index.html"] and b'<script src="assets/find.js" defer>' in pages["index.html"]
    )
    assert b"script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'" in pages["search.html"]
    running = {"index.html", "search.html"}
    others = [body for path, body in pages.items() if path.endswith(".html") and path not in running]
    assert not [body for body in others if b"script-src" in body or b"<script src" in body]


def test_a_title_may_hold_the_characters_that_stand_for_names() -> None:
    world = build_world()
    events = tuple(replace(event, title=f"\ue000 {event.title} \ue007") for event in world.reconciled.events)
    value = data_of(replace(world, reconciled=replace(world.reconciled, events=events)))
    tokens = {letter for cells in value["events"] for letter in cells[1] if "\ue000" <= letter <= "\ue007"}
    assert all(cells[1].startswith("\ufffd") and cells[1].endswith("\ufffd") for cells in value["events"])
    assert tokens == {"\ue000", "\ue001", "\ue002"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("find") / "site"
    FolderSiteWriter().write(render_site(build_world(), Site()), out)
    return out


def look(site: Path, query: str, profile: Path) -> tuple[list[str], str, Tag]:
    """(titles found, what the status line says, the page) after the page has run."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        f"--user-data-dir={profile}", "--virtual-time-budget=4000", "--dump-dom", f"{(site / 'index.html').as_uri()}{query}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    page = BeautifulSoup(done.stdout, "html.parser")
    status = page.select_one("#find-status")
    assert status is not None
    return [item.get_text() for item in page.select("#found .row-title")], status.get_text(), page


@needs_browser
def test_the_address_says_what_is_sought(site: Path, tmp_path: Path) -> None:
    titles, status, page = look(site, "?type=allegation", tmp_path)
    events = build_world().reconciled.events
    assert sorted(titles) == sorted(event.title for event in events if event.type == "allegation")
    assert status.startswith(str(len(titles)))
    rest = page.select_one("#all-events")
    assert rest is not None and rest.has_attr("hidden")


@needs_browser
def test_words_party_and_days_narrow_each_other(site: Path, tmp_path: Path) -> None:
    all_of_kestrel, _, _ = look(site, "?actor=kestrel%20ai", tmp_path)
    before, _, _ = look(site, "?actor=Kestrel%20AI&to=1999-12-31", tmp_path)
    assert all_of_kestrel and before == []
    nothing, status, _ = look(site, "?q=no-such-words-anywhere", tmp_path)
    assert nothing == [] and status == "0 events of 4"


@needs_browser
def test_without_a_question_the_timeline_stands_and_the_form_is_shown(site: Path, tmp_path: Path) -> None:
    titles, status, page = look(site, "", tmp_path)
    form, rest = page.select_one("#find-more-fields"), page.select_one("#all-events")
    assert titles == [] and status == ""
    assert form is not None and not form.has_attr("open")
    assert rest is not None and not rest.has_attr("hidden")
