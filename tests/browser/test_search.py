"""The search in a real browser: with the index that Pagefind made, under the page's own Content-Security-Policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, serving
from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.deliver import FolderSiteWriter
from tracker.deliver.searchindex import SearchableSiteWriter
from tracker.render import render_site


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "below"
    SearchableSiteWriter(FolderSiteWriter()).write(render_site(with_disputes(ACCUSED, PERSONAL), Site()), out)
    return out


@pytest.fixture(scope="module")
def address(indexed: Path) -> Iterator[str]:
    with serving(indexed) as found_at:
        yield found_at


def titles(page: Page) -> list[str]:
    return page.locator("#search-found h2").all_inner_texts()


def seek(page: Page, words: str) -> None:
    page.fill("#search-q", words)
    expect(page).to_have_url(re.compile(r"\?q="))
    expect(page.locator("#search-status")).to_have_text(re.compile(r"page"))
    page.wait_for_timeout(400)


@pytest.mark.browser
def test_what_is_typed_is_found_and_stands_in_the_address(browser: Browser, address: str, indexed: Path) -> None:
    context = browser.new_context()
    watched = Watched(context)
    page = watched.page
    page.goto(address + "search.html")
    seek(page, "fraudulent accounts")
    assert "Northwind Labs accuses Kestrel AI and Umbra in a letter" in titles(page)
    assert "24,000 fraudulent accounts" in page.locator("#search-found").inner_text()
    assert page.locator("#search-found mark").count() > 0
    found = page.locator("#search-found a").first.get_attribute("href") or ""
    assert found.startswith("/below/") and (indexed / found.removeprefix("/below/")).is_file()
    page.reload()
    expect(page.locator("#search-found h2").first).to_be_visible()
    assert page.input_value("#search-q") == "fraudulent accounts"
    page.select_option("#search-kind", "Event")
    expect(page).to_have_url(re.compile("kind=Event"))
    page.wait_for_timeout(400)
    assert set(page.locator("#search-found .row-type").all_inner_texts()) == {"Event · Allegation"}
    seek(page, "no such word at all")
    assert titles(page) == [] and page.inner_text("#search-status") == "No page was found"
    page.click("#search [type=reset]")
    expect(page.locator("#search-status")).to_be_empty()
    assert page.evaluate("() => window.violations") == [] and watched.said == []
    assert [url for url in watched.asked if not url.startswith(address)] == []
    context.close()


@pytest.mark.browser
def test_chinese_is_found_by_its_characters_in_their_order(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "search.html")
    seek(page, "红隼公司")
    assert page.locator("#search-found li").count() > 0
    assert "红隼公司" in page.locator("#search-found mark").first.locator("xpath=..").inner_text()
    seek(page, "司公隼红")
    assert titles(page) == []
    page.close()


@pytest.mark.browser
def test_from_a_folder_the_page_says_where_else_to_look(browser: Browser, indexed: Path) -> None:
    context = browser.new_context()
    watched = Watched(context)
    watched.page.goto((indexed / "search.html").as_uri())
    assert watched.page.is_visible("#search-without") and not watched.page.is_visible("#search")
    assert watched.said == []
    context.close()


@pytest.mark.browser
def test_without_an_index_the_page_says_so(browser: Browser, address: str, indexed: Path) -> None:
    page = browser.new_page()
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(address + "search.html?q=accounts")
    expect(page.locator("#search-status")).to_have_text("The index could not be loaded.")
    assert page.is_visible("#search-without")
    page.close()


@pytest.mark.browser
def test_words_of_markup_are_sought_and_shown_as_words(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "search.html")
    page.fill("#search-q", "<img src=x onerror=alert(1)> accounts")
    page.wait_for_timeout(800)
    assert page.locator("#search-found img").count() == 0
    page.close()
