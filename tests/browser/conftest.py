"""A real browser over the sample site: from a folder, and from a server below a path.

TRACKER_SITE=FOLDER looks at another built site instead, for example at tracker-demo/site.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs Playwright: pip install playwright axe-playwright-python")

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.render.conftest import build_world
from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.deliver.site import FolderSiteWriter
from tracker.render import render_site

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tools"))

from site_pages import choose_pages, read_page_sizes

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


SHIFTS = """
window.shifted = 0;
window.violations = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""
STICKING_OUT = """
(() => {
  const scrolls = (element) => element !== document.documentElement
    && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  return [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.right > document.documentElement.clientWidth + 1 && !scrolls(element.parentElement);
  }).slice(0, 5).map((element) => element.tagName + "." + element.className + " " + element.textContent.slice(0, 40));
})()
"""
"""What reaches past the right edge and cannot be scrolled into view by itself."""


class Watched:
    """A context of the browser that writes down what its pages ask for and complain of."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page: Page = context.new_page()
        context.add_init_script(SHIFTS)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """For this package alone: Playwright keeps an event loop running, which others would trip over."""
    if not CHROMIUM:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM)
        yield made
        made.close()


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that knows no address of its own, as people open it from their disk."""
    return _built_site(tmp_path_factory, Site())


@pytest.fixture(scope="package")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site as it goes onto a server, below the path /served/."""
    return _built_site(tmp_path_factory, Site(base_url="https://tracker.example/served/"))


def _built_site(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    if given := os.environ.get("TRACKER_SITE"):
        return Path(given).resolve()
    out = tmp_path_factory.mktemp("browser") / "served"
    FolderSiteWriter().write(
        render_site(with_disputes(ACCUSED, PERSONAL, redirects=build_world().reconciled.redirects), site), out
    )
    return out


@pytest.fixture(scope="package")
def kinds(folder: Path) -> dict[str, str]:
    """Kind of page -> the address of its largest one."""
    return choose_pages(read_page_sizes(folder))


@pytest.fixture(scope="package")
def tabs(browser: Browser, folder: Path, kinds: dict[str, str]) -> Iterator[dict[str, Page]]:
    """Kind of page -> a tab in which its largest one is open, for a reader who wants nothing to move.

    Loaded once for all tests that only look: each sets the width and the media that it looks at.
    """
    context = browser.new_context(reduced_motion="reduce")
    opened = {}
    for kind, path in kinds.items():
        opened[kind] = context.new_page()
        opened[kind].goto((folder / path).as_uri())
    yield opened
    context.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a folder below its own name, on a plain server of files."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder.parent)))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}/{folder.name}/"
    made.shutdown()
    made.server_close()


@pytest.fixture(scope="package")
def server(served_folder: Path) -> Iterator[str]:
    """The address of the site on a plain server of files."""
    with serving(served_folder) as address:
        yield address
