"""The timeline on pages of bounded size: what is on the front page, where the rest lies, and what a new event moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.render import check_site, render_site
from tracker.render.timeline import FRONT_ROWS, PAGE_ROWS
from tracker.types import Dataset, Event

FIRST = date(2024, 1, 3)


def many(count: int, per_day: int = 1, type_: str = "allegation") -> Dataset:
    """A world with so many events more, all of which rest on the same claims."""
    world = build_world()
    model = next(event for event in world.reconciled.events if event.type == "allegation")

    def event(number: int) -> Event:
        on = FIRST + timedelta(days=number // per_day)
        return replace(model, id=f"made-{number:05d}", type=type_, from_on=on, to_on=on, title=f"Event {number}")  # type: ignore[arg-type]

    events = (*world.reconciled.events, *map(event, range(count)))
    return replace(world, reconciled=replace(world.reconciled, events=events))


def titles(page: bytes) -> list[str]:
    from bs4 import BeautifulSoup

    return [item.get_text() for item in BeautifulSoup(page, "html.parser").select(".rows .row-title")]


@pytest.fixture(scope="module")
def large() -> tuple[Dataset, dict[str, bytes]]:
    dataset = many(900, per_day=6)
    return dataset, render_site(dataset, Site())


def test_front_page_has_the_newest_whole_months_and_links_to_all_others(
    large: tuple[Dataset, dict[str, bytes]],
) -> None:
    dataset, pages = large
    shown = titles(pages["index.html"])
    assert FRONT_ROWS // 2 <= len(shown) <= FRONT_ROWS
    months = {f"{event.from_on:%Y-%m}" for event in dataset.reconciled.events}
    assert {path for path in pages if path.startswith("months/") and path.count("-") == 1} == {
        f"months/{month}.html" for month in months
    }
    for month in months:
        assert f"months/{month}.html".encode() in pages["index.html"]


def test_every_event_stands_on_exactly_one_page_of_a_month(large: tuple[Dataset, dict[str, bytes]]) -> None:
    dataset, pages = large
    on_pages = [title for path, page in pages.items() if path.startswith("months/") for title in titles(page)]
    assert sorted(on_pages) == sorted(event.title for event in dataset.reconciled.events)
    assert all(len(titles(page)) <= PAGE_ROWS for path, page in pages.items() if path.startswith("months/"))


def test_a_site_of_many_events_passes_the_gates_and_stays_small(large: tuple[Dataset, dict[str, bytes]]) -> None:
    dataset, pages = large
    assert check_site(pages, dataset) == []
    assert len(pages["index.html"]) < 100_000
    assert max(len(body) for path, body in pages.items() if path.startswith(("months/", "types/"))) < 300_000


def test_a_new_event_rewrites_its_own_month_and_the_front_page_only() -> None:
    before = render_site(many(300), Site())
    after = render_site(many(301), Site())
    moved = {path for path in after if path.startswith(("months/", "index")) and after[path] != before.get(path)}
    newest = FIRST + timedelta(days=300)
    assert moved == {"index.html", f"months/{newest:%Y-%m}.html"}


def test_a_full_part_of_a_long_month_stays_as_it_is_when_another_event_comes() -> None:
    before = render_site(many(PAGE_ROWS + 20, per_day=1000), Site())
    after = render_site(many(PAGE_ROWS + 21, per_day=1000), Site())
    first, second = "months/2024-01.html", "months/2024-01-2.html"
    assert titles(before[first]) == titles(after[first]) and len(titles(after[first])) == PAGE_ROWS
    assert len(titles(after[second])) == len(titles(before[second])) + 1


def test_a_short_list_of_one_type_has_no_further_pages() -> None:
    pages = render_site(build_world(), Site())
    assert [path for path in pages if path.startswith("types/allegation")] == ["types/allegation.html"]


def test_a_long_list_of_one_type_goes_on_by_month() -> None:
    dataset = many(200, type_="legal_action")
    pages = render_site(dataset, Site())
    own = [path for path in pages if path.startswith("types/legal-action/")]
    listed = [title for path in own for title in titles(pages[path])]
    assert sorted(listed) == sorted(event.title for event in dataset.reconciled.events if event.type == "legal_action")
    assert check_site(pages, dataset) == []
