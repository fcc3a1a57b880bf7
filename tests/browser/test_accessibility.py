"""WCAG 2.2 AA as far as a machine can tell: axe-core, and the keyboard."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""The dark scheme has other colours and nothing else."""
SCHEMES: dict[Literal["light", "dark"], dict[str, object]] = {"light": EVERYTHING, "dark": COLOURS}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
MOST_TABS = 500


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_light_and_dark(tabs: dict[str, Page], width: int) -> None:
    found = []
    for kind, page in tabs.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(AXE)
        for scheme, rules in SCHEMES.items():
            page.emulate_media(media="screen", color_scheme=scheme)
            answer = page.evaluate("(rules) => axe.run(document, rules)", rules)
            ran = {item["id"] for outcome in ("passes", "violations", "inapplicable") for item in answer[outcome]}
            assert "color-contrast" in ran and (scheme == "dark" or "target-size" in ran)
            found += [
                f"{kind}, {scheme}: {item['id']}: {item['help']}: {[node['html'][:160] for node in item['nodes'][:3]]}"
                for item in answer["violations"]
            ]
        page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


def focused(page: Page) -> dict[str, object]:
    """What has the focus, and whether one can see it."""
    value: dict[str, object] = page.evaluate("""() => {
      const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
      return { name: element.tagName, words: element.textContent.trim().slice(0, 60), id: element.id,
        outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
    }""")
    return value


@pytest.mark.browser
def test_the_first_stop_skips_to_the_content(browser: Browser, folder: Path, kinds: dict[str, str]) -> None:
    page = browser.new_page()
    for kind, path in kinds.items():
        page.goto((folder / path).as_uri())
        page.keyboard.press("Tab")
        first = focused(page)
        assert (first["words"], first["seen"], first["outline"]) == ("Skip to the content", True, True), kind
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        past_head = "!document.activeElement.closest('.site-head, .skip')"
        assert page.evaluate(past_head), kind
    page.close()


@pytest.mark.browser
def test_every_link_and_field_is_reached_in_order_and_shows_it(
    browser: Browser, folder: Path, kinds: dict[str, str]
) -> None:
    within_reach = """[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
      .filter((element) => element.checkVisibility() && !element.disabled).length"""
    page = browser.new_page(reduced_motion="reduce")  # else the focus is there before the page has scrolled to it
    for kind in ("timeline", "events", "entities", "disputes", "sources"):
        page.goto((folder / kinds[kind]).as_uri())
        wanted, reached = min(page.evaluate(within_reach), MOST_TABS), set()
        for _ in range(wanted):
            page.keyboard.press("Tab")
            stop = focused(page)
            assert stop["outline"], (kind, stop)
            assert stop["seen"], (kind, stop)
            reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
            if page.evaluate("document.activeElement.matches('input[type=date]')"):
                for _ in range(3):  # day, month, year and the calendar are stops of their own
                    page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert len(reached) >= wanted - 1, kind
    page.close()
