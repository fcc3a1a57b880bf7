"""The whole site out of one dataset: no clock, no network, and the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol
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
    lawpages,
    llms,
    recordpages,
    registerpages,
    searchable,
    sitemap,
    timelinepages,
)
from tracker.render.catalogue import build_catalogue
from tracker.render.engine import load_engine, render
from tracker.render.page import DataFile, FileSet, Item, Page, Values, comes_last, is_listed, list_all, paths_of
from tracker.render.paths import root_of
from tracker.render.views import Views
from tracker.render.wording import as_of_words
from tracker.types import Dataset

KINDS: tuple[Callable[[Views], Iterable[Item]], ...] = (
    timelinepages.list_pages,
    eventpages.list_pages,
    eventpartpages.list_pages,
    disputes.list_pages,
    documentpages.list_pages,
    entitypages.list_pages,
    registerpages.list_pages,
    lawpages.list_pages,
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
    files = InMemory()
    builder = Builder(Views(build_catalogue(dataset), site), dataset, files)
    for page in sorted(list_all(builder.items()), key=comes_last):
        for path in paths_of(page):
            builder.note(path, is_listed=is_listed(page))
        builder.make(page)
    builder.end()
    return dict(sorted(files.items()))


class Sink(Protocol):
    """Where the files of a site go."""

    def put(self, path: str, body: bytes) -> bool:
        """Take a file; True if it differs from what stands there."""
        ...


class InMemory(dict[str, bytes]):
    """A sink that keeps all."""

    def put(self, path: str, body: bytes) -> bool:
        """Take a file."""
        self[path] = body
        return True


class Builder:
    """Makes the files of a site, one after the other, and puts them into a sink."""

    def __init__(self, views: Views, dataset: Dataset, sink: Sink) -> None:
        self.views = views
        self._engine = load_engine()
        known_on = as_of_words(dataset.as_of) if dataset.as_of else ""
        self._common: Values = {"site": views.site, "base": views.base, "known_on": known_on}
        self._sink = sink
        self.put: dict[str, bool] = {}
        """By the path of each file that was made whether it differs from what stands there."""
        self.told: dict[str, Any] = {}
        """By its name what was told of each set of files that was made."""
        self.paths: dict[str, bool] = {}
        """By its path whether the sitemap names a page."""

    def items(self) -> Iterator[Item]:
        """All that there is to make."""
        for kind in KINDS:
            yield from kind(self.views)

    def note(self, path: str, *, is_listed: bool) -> None:
        """There is a page at this path.

        Raises:
            BuildRefused: there is another one.
        """
        if path in self.paths:
            raise BuildRefused(f"two pages want the file {path}; two ids of the dataset are the same")
        self.paths[path] = is_listed

    def make(self, item: Page | DataFile | FileSet) -> Mapping[str, bytes]:
        """Make one of them: its files, which are in the sink by then."""
        if isinstance(item, FileSet):
            files, self.told[item.name] = item.make()
            item.tell(self.told[item.name])
        elif isinstance(item, DataFile):
            files = {item.path: item.body()}
        else:
            files = {item.path: _render(self._engine, item, self._common, self.views.site)}
        for path, body in files.items():
            self.put[path] = self._sink.put(path, body)
        return files

    def end(self) -> None:
        """Make what names all pages."""
        self._engine.forget()
        listed = [path for path, is_listed_ in self.paths.items() if is_listed_]
        for path, body in sitemap.sitemap_files(self.views, listed).items():
            self.put[path] = self._sink.put(path, body)


def _render(engine: Environment, page: Page, common: Values, site: config.Site) -> bytes:
    root = _not_found_root(site.base_url) if page.path == "404.html" else root_of(page.path)
    return render(engine, page.template, common | {"path": page.path, "root": root} | page.values())


def _not_found_root(base_url: str | None) -> str:
    # A server answers with this page at any depth, so its links start at the server's top where we know it.
    return (urlsplit(base_url).path.rstrip("/") + "/") if base_url else ""
