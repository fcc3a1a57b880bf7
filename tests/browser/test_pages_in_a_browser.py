"""What holds for every kind of page: nothing from elsewhere, nothing refused, nothing that moves or sticks out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import STICKING_OUT, Watched


@pytest.mark.browser
@pytest.mark.parametrize("way", ["folder", "server"])
def test_nothing_is_asked_of_others_and_nothing_is_refused(
    browser: Browser, folder: Path, server: str, kinds: dict[str, str], way: str
) -> None:
    start = folder.as_uri() + "/" if way == "folder" else server
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    watched = Watched(context)
    for kind, path in kinds.items():
        watched.page.goto(start + path)
        watched.page.wait_for_load_state()
        assert watched.page.evaluate("window.violations") == [], kind
        assert watched.page.evaluate("window.shifted") < 0.02, kind
    context.close()
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith((start, "data:"))] == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 768, 1440, 2560, 3840])
def test_no_page_is_wider_than_its_window(tabs: dict[str, Page], width: int) -> None:
    for kind, page in tabs.items():
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKING_OUT) == [], kind
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind


@pytest.mark.browser
def test_wider_spacing_of_letters_and_lines_loses_nothing(
    browser: Browser, folder: Path, kinds: dict[str, str]
) -> None:
    """WCAG 1.4.12, text spacing."""
    spacing = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    context = browser.new_context(viewport={"width": 360, "height": 760}, bypass_csp=True)
    page = context.new_page()
    for kind, path in kinds.items():
        page.goto((folder / path).as_uri())
        page.add_style_tag(content=spacing + " p { margin-bottom: 2em !important }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, (kind, page.evaluate(STICKING_OUT))
    context.close()


@pytest.mark.browser
def test_paper_has_no_navigation_and_no_dark_ink(tabs: dict[str, Page]) -> None:
    for kind, page in tabs.items():
        page.set_viewport_size({"width": 800, "height": 1100})
        page.emulate_media(media="print", color_scheme="dark")
        assert not page.locator(".site-nav").is_visible(), kind
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", kind
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", kind
        page.emulate_media(media="screen", color_scheme="light")


@pytest.mark.browser
def test_nothing_moves_for_those_who_ask_for_it(tabs: dict[str, Page]) -> None:
    moving = """[document.documentElement, ...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.scrollBehavior === "smooth" || style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).map((element) => element.tagName)"""
    for kind, page in tabs.items():
        assert page.evaluate(moving) == [], kind


@pytest.mark.browser
def test_chinese_words_are_set_in_chinese_fonts(browser: Browser, folder: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    family = """([lang, tag]) => { const made = document.createElement(tag); made.lang = lang; document.body.append(made);
      const inner = document.createElement("p"); made.append(inner); return getComputedStyle(inner).fontFamily; }"""
    for tag, face in (("blockquote", "Serif"), ("span", "Sans")):
        assert f"Noto {face} CJK SC" in page.evaluate(family, ["zh", tag])
        assert f"Noto {face} CJK SC" in page.evaluate(family, ["zh-CN", tag])
        assert f"Noto {face} CJK TC" in page.evaluate(family, ["zh-TW", tag])
    context.close()
