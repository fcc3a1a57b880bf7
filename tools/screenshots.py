"""Pictures of each kind of page of a built site: three widths, light and dark.

    tracker demo --dir tracker-demo
    python tools/screenshots.py tracker-demo/site                     # docs/images, as the documentation shows them
    python tools/screenshots.py tracker-demo/site --full --out shots  # whole pages, to look at

Needs Playwright (`pip install -e .[dev]`) and a Chromium on the PATH (Debian: apt-get install chromium).
"""

from __future__ import annotations

import argparse
import base64
import shutil
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, sync_playwright
from site_pages import choose_pages, read_page_sizes

ROOT = Path(__file__).resolve().parent.parent
SIZES = {360: 760, 768: 1000, 1440: 900}
SCHEMES = ("light", "dark")
QUALITY = 38
"""Of WebP: letters stay clean, and the pictures of all kinds together stay within a few megabytes."""
TALLEST_PX = 9000
TRIES = 4


def take(browser: Browser, site: Path, paths: dict[str, str], full: bool) -> Iterator[tuple[str, bytes]]:
    """(file name, WebP) of each page in each width and scheme."""
    for width, scheme in product(SIZES, SCHEMES):
        context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        for kind, path in paths.items():
            page.goto((site / path).as_uri())
            tall = page.evaluate("document.documentElement.scrollHeight") if full else SIZES[width]
            clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST_PX), "scale": 1}
            settings = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": full}
            yield f"{kind.replace(' ', '-')}-{width}-{scheme}.webp", capture(devtools, settings)
        context.close()


def capture(devtools: CDPSession, settings: dict[str, Any]) -> bytes:
    """The picture; Playwright's own screenshots know no WebP."""
    for _ in range(TRIES - 1):
        try:
            return base64.b64decode(devtools.send("Page.captureScreenshot", settings)["data"])
        except Error:  # a busy machine: the first frame is not drawn yet
            time.sleep(0.5)
    return base64.b64decode(devtools.send("Page.captureScreenshot", settings)["data"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the folder of a built site")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "pages")
    parser.add_argument("--full", action="store_true", help="the whole page, not its first screen")
    parser.add_argument("--only", nargs="*", default=(), metavar="KIND", help="only these kinds of page")
    args = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("no Chromium on the PATH; Debian: apt-get install chromium")
    pages = choose_pages(read_page_sizes(args.site))
    if not pages:
        sys.exit(f"{args.site}: no pages in it; `tracker demo` makes tracker-demo/site")
    wanted = {kind: path for kind, path in pages.items() if not args.only or kind in args.only}
    args.out.mkdir(parents=True, exist_ok=True)
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for name, picture in take(browser, args.site.resolve(), wanted, args.full):
            (args.out / name).write_bytes(picture)
            total += len(picture)
        browser.close()
    print(f"{len(wanted)} kinds of page, {total / 1e6:.1f} MB in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
