"""The whole site out of one dataset: no clock, no network, and the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
from tracker.render.gates import Findings
from tracker.render.given import names_of, what_is_given
from tracker.render.page import DataFile, Item, Page, PageGroup, Values, is_listed, list_all
from tracker.render.paths import root_of
from tracker.render.record import BuildRecord, RecordMaker
from tracker.render.tablefiles import Tables
from tracker.render.views import Views
from tracker.render.watching import Watch, watch
from tracker.render.wording import as_of_words
from tracker.types import Dataset, Digests

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


@dataclass(frozen=True)
class Build:
    """A site as far as it was made: `made` goes in the place of what stood there, `kept` stays as it stands."""

    made: Mapping[str, bytes]
    kept: frozenset[str]
    _record: RecordMaker
    _watch: Watch

    def record(self, findings: Findings, files: Mapping[str, tuple[int, int]]) -> BuildRecord:
        """The record of it: with what `check_build` found, and the files as they were left."""
        for path, sums in findings.links.items():
            self._record.add_links(path, sums, findings.places[path])
        return self._record.make(self._watch.digest, files)


def render_site(dataset: Dataset, site: config.Site) -> dict[str, bytes]:
    """Every file of the site: path relative to its top, with "/" between folders -> bytes.

    Reads nothing but the bundled templates. Equal input gives equal bytes, whatever the time and the machine.

    Raises:
        BuildRefused: two things of the dataset want the same file.
    """
    builder = _Builder(Views(build_catalogue(dataset), site), dataset)
    for page in list_all(builder.items()):
        builder.note(page.path, is_listed=is_listed(page))
        builder.make(page)
    return builder.files()


def build_site(
    dataset: Dataset,
    digests: Digests,
    site: config.Site,
    program: str,
    last: BuildRecord,
    intact: Collection[str],
    read: Callable[[str], bytes | None] = lambda path: None,
) -> Build:
    """As `render_site`, but what would come out as it did in the build that left `last` is kept.

    `digests` says what the things of the dataset are; `program` is a digest of everything else that the site depends
    on; `intact` are the files that stand as that build left them, and `read` gives their bytes.

    Raises:
        BuildRefused: two things of the dataset want the same file.
    """
    last = last if last.program == program else BuildRecord()
    watching = watch(build_catalogue(dataset), digests)
    tables = Tables(watching.digest, last.tables, lambda path: read(path) if path in intact else None)
    builder = _Builder(Views(watching.catalogue, site, watching.reads, tables), dataset)
    update = _Update(builder, watching, RecordMaker(program, last), last, intact)
    for item in builder.items():
        update.take(item)
    return update.end()


class _Update:
    """Carries a site on: keeps what would come out as it did, and makes the rest."""

    def __init__(
        self, builder: _Builder, watching: Watch, record: RecordMaker, last: BuildRecord, intact: Collection[str]
    ) -> None:
        self._builder, self._watching, self._reads = builder, watching, watching.reads
        self._record, self._last = record, last
        self._changed = last.changed(watching.digest)
        pages = (name.removeprefix("page:") for name in self._changed if name.startswith("page:"))
        self._holding = frozenset(intact).difference(pages)
        self._kept: set[str] = set()

    def take(self, item: Item) -> None:
        """Keep or make what there is to make, a group as a whole or one by one."""
        if not isinstance(item, PageGroup):
            self._take_one(item)
        elif not self._keep_group(item):
            reader = f"group:{item.name}"
            with self._reads.by(reader, *names_of(item.about)):
                pages = list(item.list_pages())
            self._record.add(reader, 0, self._reads.of.pop(reader))
            self._record.add_group(item.name, [(page.path, is_listed(page)) for page in pages])
            for page in pages:
                self._take_one(page)

    def _keep_group(self, group: PageGroup) -> bool:
        reader, pages = f"group:{group.name}", self._last.groups.get(group.name)
        if pages is None or reader in self._changed or any(path not in self._holding for path, _ in pages):
            return False
        self._record.keep(reader)
        self._record.add_group(group.name, pages)
        for path, is_listed_ in pages:
            self._builder.note(path, is_listed=is_listed_)
            self._keep(path)
        return True

    def _keep(self, path: str) -> None:
        self._kept.add(path)
        self._record.keep(f"page:{path}")
        self._record.keep_links(path)

    def _take_one(self, item: Page | DataFile) -> None:
        self._builder.note(item.path, is_listed=is_listed(item))
        reader, given = f"page:{item.path}", what_is_given(item)
        held = self._last.readers.get(reader)
        if given and held and held.given == given[1] and item.path in self._holding:
            self._keep(item.path)
            return
        with self._reads.by(reader, *(given[0] if given else ())):
            self._builder.make(item)
        self._record.add(reader, given[1] if given else -1, self._reads.of.pop(reader))

    def end(self) -> Build:
        """The build; what views read, that nobody asked for now, stays on record as long as it holds."""
        for view, read in self._reads.of.items():
            self._record.add(view, 0, read)
        for view in self._last.readers:
            if view.startswith("view:") and view not in self._reads.of and view not in self._changed:
                self._record.keep(view)
        self._record.tables = {**self._last.tables, **self._builder.views.tables.made}
        return Build(self._builder.files(), frozenset(self._kept), self._record, self._watching)


class _Builder:
    """Makes the files of a site, one after the other."""

    def __init__(self, views: Views, dataset: Dataset) -> None:
        self.views = views
        self._engine = load_engine()
        known_on = as_of_words(dataset.as_of) if dataset.as_of else ""
        self._common: Values = {"site": views.site, "base": views.base, "known_on": known_on}
        self._files: dict[str, bytes] = {}
        self._paths: set[str] = set()
        self._listed: list[str] = []

    def items(self) -> Iterator[Item]:
        """All that there is to make."""
        for kind in KINDS:
            yield from kind(self.views)

    def note(self, path: str, *, is_listed: bool) -> None:
        """There is a page at this path.

        Raises:
            BuildRefused: there is another one.
        """
        if path in self._paths:
            raise BuildRefused(f"two pages want the file {path}; two ids of the dataset are the same")
        self._paths.add(path)
        if is_listed:
            self._listed.append(path)

    def make(self, item: Page | DataFile) -> None:
        """Make one of them."""
        if isinstance(item, DataFile):
            self._files[item.path] = item.body()
        else:
            self._files[item.path] = _render(self._engine, item, self._common, self.views.site)

    def files(self) -> dict[str, bytes]:
        """What was made, by path."""
        self._engine.forget()
        return dict(sorted((self._files | sitemap.sitemap_files(self.views, self._listed)).items()))


def _render(engine: Environment, page: Page, common: Values, site: config.Site) -> bytes:
    root = _not_found_root(site.base_url) if page.path == "404.html" else root_of(page.path)
    return render(engine, page.template, common | {"path": page.path, "root": root} | page.values())


def _not_found_root(base_url: str | None) -> str:
    # A server answers with this page at any depth, so its links start at the server's top where we know it.
    return (urlsplit(base_url).path.rstrip("/") + "/") if base_url else ""
