"""The whole site out of one dataset: no clock, no network, and the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from jinja2 import Environment

from tracker import config
from tracker.errors import BuildRefused
from tracker.render import (
    calendar,
    datafiles,
    disputes,
    documentpages,
    downloads,
    entitypages,
    eventpages,
    eventpartpages,
    feeds,
    formerpages,
    llms,
    recordpages,
    registerpages,
    searchable,
    sitemap,
    timelinepages,
)
from tracker.render.catalogue import build_catalogue
from tracker.render.engine import load_engine, render
from tracker.render.page import DataFile, Page, Values
from tracker.render.paths import root_of
from tracker.render.views import Views
from tracker.render.wording import as_of_words
from tracker.types import Dataset

KINDS: tuple[Callable[[Views], Iterable[Page | DataFile]], ...] = (
    timelinepages.list_pages,
    eventpages.list_pages,
    eventpartpages.list_pages,
    disputes.list_pages,
    documentpages.list_pages,
    entitypages.list_pages,
    registerpages.list_pages,
    recordpages.list_pages,
    downloads.list_pages,
    calendar.list_pages,
    llms.list_pages,
    searchable.list_pages,
    formerpages.list_pages,
    feeds.list_pages,
    datafiles.list_pages,
)
"""What the site has, a module for each kind of page."""


def render_site(dataset: Dataset, site: config.Site) -> dict[str, bytes]:
    """Every file of the site: path relative to its top, with "/" between folders -> bytes.

    Reads nothing but the bundled templates. Equal input gives equal bytes, whatever the time and the machine.

    Raises:
        BuildRefused: two things of the dataset want the same file.
    """
    views = Views(build_catalogue(dataset), site)
    engine = load_engine()
    common = {"site": site, "base": views.base, "known_on": as_of_words(dataset.as_of) if dataset.as_of else ""}
    files: dict[str, bytes] = {}
    listed: list[str] = []
    for kind in KINDS:
        for item in kind(views):
            if item.path in files:
                raise BuildRefused(f"two pages want the file {item.path}; two ids of the dataset are the same")
            files[item.path] = item.body() if isinstance(item, DataFile) else _render(engine, item, common, site)
            if isinstance(item, Page) and item.is_listed:
                listed.append(item.path)
    files |= sitemap.sitemap_files(views, listed)
    return dict(sorted(files.items()))


def _render(engine: Environment, page: Page, common: Values, site: config.Site) -> bytes:
    root = _not_found_root(site.base_url) if page.path == "404.html" else root_of(page.path)
    return render(engine, page.template, common | {"path": page.path, "root": root} | page.values())


def _not_found_root(base_url: str | None) -> str:
    # A server answers with this page at any depth, so its links start at the server's top where we know it.
    return (urlsplit(base_url).path.rstrip("/") + "/") if base_url else ""
