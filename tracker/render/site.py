"""The whole site out of one dataset: no clock, no network, and the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from tracker.render.given import what_is_given
from tracker.render.page import DataFile, Page, Values
from tracker.render.paths import root_of
from tracker.render.record import BuildRecord, RecordMaker
from tracker.render.views import Views
from tracker.render.watching import Watch, watch
from tracker.render.wording import as_of_words
from tracker.types import Dataset, Digests

KINDS: tuple[Callable[[Views], Iterable[Page | DataFile]], ...] = (
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


@dataclass(frozen=True)
class Build:
    """A site as far as it was made: `made` goes in the place of what stood there, `kept` stays as it stands."""

    made: Mapping[str, bytes]
    kept: frozenset[str]
    _record: RecordMaker
    _watch: Watch

    def record(self, links: Mapping[str, Sequence[int]], files: Mapping[str, tuple[int, int]]) -> BuildRecord:
        """The record of it: `links` as `check_build` found them, `files` as they were left."""
        for path, sums in links.items():
            self._record.add_links(path, sums)
        return self._record.make(self._watch.digest, files)


def render_site(dataset: Dataset, site: config.Site) -> dict[str, bytes]:
    """Every file of the site: path relative to its top, with "/" between folders -> bytes.

    Reads nothing but the bundled templates. Equal input gives equal bytes, whatever the time and the machine.

    Raises:
        BuildRefused: two things of the dataset want the same file.
    """
    builder = _Builder(Views(build_catalogue(dataset), site), dataset)
    for item in builder.items():
        builder.make(item)
    return builder.files()


def build_site(
    dataset: Dataset, digests: Digests, site: config.Site, program: str, last: BuildRecord, intact: Collection[str]
) -> Build:
    """As `render_site`, but what would come out as it did in the build that left `last` is kept.

    `digests` says what the things of the dataset are; `program` is a digest of everything else that the site depends
    on; `intact` are the files that stand as that build left them.

    Raises:
        BuildRefused: two things of the dataset want the same file.
    """
    last = last if last.program == program else BuildRecord()
    watching = watch(build_catalogue(dataset), digests)
    reads, record = watching.reads, RecordMaker(program, last)
    builder = _Builder(Views(watching.catalogue, site, reads), dataset)
    changed = last.changed(watching.digest)
    kept = set()
    for item in builder.items():
        reader, given = f"page:{item.path}", what_is_given(item)
        held = last.readers.get(reader)
        if given and held and held.given == given[1] and reader not in changed and item.path in intact:
            kept.add(item.path)
            record.keep(reader)
            record.keep_links(item.path)
            continue
        with reads.by(reader, *(given[0] if given else ())):
            builder.make(item)
        record.add(reader, given[1] if given else -1, reads.of.pop(reader))
    for view, read in reads.of.items():
        record.add(view, 0, read)
    for view in last.readers:
        if view.startswith("view:") and view not in reads.of and view not in changed:
            record.keep(view)
    return Build(builder.files(), frozenset(kept), record, watching)


class _Builder:
    """Makes the files of a site, one after the other."""

    def __init__(self, views: Views, dataset: Dataset) -> None:
        self._views = views
        self._engine = load_engine()
        known_on = as_of_words(dataset.as_of) if dataset.as_of else ""
        self._common: Values = {"site": views.site, "base": views.base, "known_on": known_on}
        self._files: dict[str, bytes] = {}
        self._listed: list[str] = []

    def items(self) -> Iterator[Page | DataFile]:
        """All that there is to make, each path once."""
        paths: set[str] = set()
        for kind in KINDS:
            for item in kind(self._views):
                if item.path in paths:
                    raise BuildRefused(f"two pages want the file {item.path}; two ids of the dataset are the same")
                paths.add(item.path)
                if isinstance(item, Page) and item.is_listed:
                    self._listed.append(item.path)
                yield item

    def make(self, item: Page | DataFile) -> None:
        """Make one of them."""
        if isinstance(item, DataFile):
            self._files[item.path] = item.body()
        else:
            self._files[item.path] = _render(self._engine, item, self._common, self._views.site)

    def files(self) -> dict[str, bytes]:
        """What was made, by path."""
        return dict(sorted((self._files | sitemap.sitemap_files(self._views, self._listed)).items()))


def _render(engine: Environment, page: Page, common: Values, site: config.Site) -> bytes:
    root = _not_found_root(site.base_url) if page.path == "404.html" else root_of(page.path)
    return render(engine, page.template, common | {"path": page.path, "root": root} | page.values())


def _not_found_root(base_url: str | None) -> str:
    # A server answers with this page at any depth, so its links start at the server's top where we know it.
    return (urlsplit(base_url).path.rstrip("/") + "/") if base_url else ""
