"""Words from outside that try to break a page, as a browser shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import STICKING_OUT, Watched
from tests.render.conftest import build_world
from tests.render.test_disputes import ACCUSED, PERSONAL
from tests.render.test_pages import build_hostile
from tracker.config import Site
from tracker.deliver.site import FolderSiteWriter
from tracker.render import render_site
from tracker.types import Dataset, Entity, StoredDocument

HEBREW = "שלום (עולם) 42"
"""A name that runs from right to left, with brackets and a number at its end: both jump when it is not isolated."""


def write_site(dataset: Dataset, out: Path) -> list[Path]:
    FolderSiteWriter().write(render_site(dataset, Site()), out)
    pages = sorted(out.rglob("*.html"))
    return [path for path in pages if b'http-equiv="refresh"' not in path.read_bytes()]  # those lead elsewhere at once


@pytest.mark.browser
def test_markup_scripts_and_endless_words_stay_words(browser: Browser, tmp_path: Path) -> None:
    pages = write_site(build_hostile(), tmp_path / "hostile")
    context = browser.new_context(viewport={"width": 320, "height": 700})
    watched = Watched(context)
    dialogs: list[str] = []
    watched.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for path in pages:
        watched.page.goto(path.as_uri())
        assert watched.page.evaluate("document.querySelectorAll('main img, main script, main [onerror]').length") == 0
        assert watched.page.evaluate(STICKING_OUT) == [], path.name
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320, path.name
    context.close()
    assert dialogs == [] and watched.said == []
    assert [url for url in watched.asked if not url.startswith((tmp_path.as_uri(), "data:"))] == []


def from_right_to_left(dataset: Dataset) -> Dataset:
    """The dataset with every name that comes from outside in Hebrew."""

    def document(item: StoredDocument) -> StoredDocument:
        versions = tuple(replace(version, title=HEBREW, byline=HEBREW) for version in item.versions)
        return replace(item, publisher=HEBREW, versions=versions)

    def entity(item: Entity) -> Entity:
        return replace(item, name=HEBREW, aliases=(HEBREW,))

    held = dataset.reconciled
    told = replace(
        held,
        events=tuple(replace(event, title=HEBREW) for event in held.events),
        entities=tuple(entity(item) for item in held.entities),
        disputes=tuple(replace(item, title=HEBREW, accused_as=(HEBREW,)) for item in (ACCUSED, PERSONAL)),
    )
    sources = tuple(replace(status, publisher=HEBREW) for status in dataset.sources)
    return replace(dataset, documents=tuple(map(document, dataset.documents)), reconciled=told, sources=sources)


NOT_ISOLATED = """
(words) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.includes("שלום") || node.parentElement.closest("option, datalist, script, title, desc, svg, .cite-this")) continue;
    let element = node.parentElement, apart = false;
    // One text node of the name and our words: nothing can set them apart.
    for (; element && !apart && node.data.trim() === words; element = element.parentElement) {
      const style = getComputedStyle(element);
      const alone = element.textContent.trim() === node.data.trim();
      apart = ["isolate", "plaintext", "isolate-override"].includes(style.unicodeBidi)
        && (style.display.startsWith("inline") || alone || element.hasAttribute("dir"));
      if (!style.display.startsWith("inline")) { apart = apart || alone || element.hasAttribute("dir"); break; }
    }
    if (!apart) found.push(node.parentElement.outerHTML.slice(0, 160));
  }
  return found;
}
"""
"""Words in Hebrew that stand in a line with others and are not set apart from them. A citation is plain text to copy."""


@pytest.mark.browser
def test_names_from_right_to_left_leave_the_words_beside_them_in_place(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    for path in write_site(from_right_to_left(build_world()), tmp_path / "hebrew"):
        page.goto(path.as_uri())
        assert page.evaluate(NOT_ISOLATED, HEBREW) == [], path.relative_to(tmp_path)
    page.close()
