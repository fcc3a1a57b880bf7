"""A site over the one that stands: what would come out as it did is kept, and the rest is made and looked through, in
one process or in several.

Copies of this process make what they take of it (`tracker.forking`) and put the files into the sink themselves; what
they send back is small.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tracker import config
from tracker.forking import Deal, Twin, twins
from tracker.render import gates
from tracker.render.catalogue import build_catalogue
from tracker.render.engine import load_templates
from tracker.render.gates import Findings, Kept, Looked
from tracker.render.given import names_of, what_is_given
from tracker.render.longlived import long_lived
from tracker.render.page import DataFile, FileSet, Item, Page, PageGroup, comes_last, is_listed, paths_of
from tracker.render.pagefacts import PageFacts, read_facts, style_loads
from tracker.render.record import BuildRecord, Grown, RecordMaker, digests_of
from tracker.render.site import Builder, Sink
from tracker.render.tablefiles import Lines, Tables
from tracker.render.views import Views
from tracker.render.watching import Watch, watch
from tracker.types import Dataset, Digests

_FEWEST_FOR_TWO = 20
"""Things to make; fewer are not worth a copy of this process."""
_LOT = 8
"""Things to make that are taken at once."""
_Unmade = tuple[Item, "tuple[frozenset[str], int] | None"]
"""What is to be made, and what it is given; of a group that is seen when it is listed."""


@dataclass(frozen=True)
class Standing:
    """The site that stands, as far as it can be built on."""

    record: BuildRecord
    intact: Collection[str] = ()
    """The files that are as that build left them."""
    read: Callable[[str], bytes | None] = lambda path: None


@dataclass(frozen=True)
class Share:
    """What one process has made."""

    put: Mapping[str, bool]
    paths: Mapping[str, bool]
    kept: Collection[str]
    ids: Mapping[str, tuple[str, ...]]
    """Of each page that was made the places on it."""
    record: Grown
    tables: Mapping[str, Lines]
    told: Mapping[str, Any]


class Build:
    """A site as far as it was made: `put` goes in the place of what stood there, `kept` stays as it stands."""

    def __init__(self, making: Making, others: list[Twin], ids: Mapping[str, tuple[str, ...]]) -> None:
        self._making, self._twins, self._ids = making, others, ids
        self.put: Mapping[str, bool] = making.builder.put
        """By the path of each file that was made whether it differs from what stands there."""
        self.kept = frozenset(making.kept)

    def look_through(self, gone: frozenset[str], previous_event_count: int) -> Findings:
        """What is wrong with it (`tracker.render.gates`); `gone` is what stands and is not to be there any more."""
        last = self._making.standing.record
        kept = Kept(
            self.kept,
            read=self._making.standing.read,
            gone=gone,
            places=last.places.get,
            linking=lambda sums: self.kept & last.linking(sums),
        )
        for twin in self._twins:
            twin.ask("look_at", list(self.put), self.kept, self._ids)
        site = gates.Site(self.kept | self.put.keys(), self._ids, kept)
        looked = [self._making.look_at(list(self.put), self.kept, self._ids)]
        looked.append(gates.look_at_whole(site, self._making.dataset, previous_event_count))
        looked += [twin.answer() for twin in self._twins]
        findings = gates.join(looked)
        unseen = sorted(path for path in self.put if path.endswith(".html") and path not in findings.links)
        return replace(findings, problems=[*findings.problems, *(f"{path}: nobody looked at it" for path in unseen)])

    def record(self, findings: Findings, files: Mapping[str, tuple[int, int]]) -> BuildRecord:
        """The record of it: with what `look_through` found, and the files as they were left."""
        record = self._making.record
        for path, sums in findings.links.items():
            record.add_links(path, sums, findings.places[path])
        return record.make(self._making.watching.digest, files)


@contextmanager
def build_site(
    dataset: Dataset,
    digests: Digests,
    site: config.Site,
    program: str,
    standing: Standing,
    sink: Sink,
    workers: int = 1,
) -> Iterator[Build]:
    """As `render_site`, but what would come out as it did in the build that left the record is kept.

    `digests` says what the things of the dataset are; `program` is a digest of everything else that the site depends
    on. With several `workers` the sink has to take files in copies of this process. The build's files are made when
    the block begins, and it can be looked through until the block ends.

    Raises:
        BuildRefused: two things of the dataset want the same file.
        WorkerLost: a copy of this process was ended from outside.
    """
    if standing.record.program != program:
        standing = replace(standing, record=BuildRecord())
    with long_lived():
        watching = watch(build_catalogue(dataset), digests)
        now = digests_of(standing.record.names, watching.digest)
        making = Making(dataset, site, watching, RecordMaker(program, standing.record, now), standing, sink)
        for item in making.builder.items():
            making.take(item)
        count = workers if len(making.todo) >= _FEWEST_FOR_TWO else 1
        if count > 1:
            load_templates()
    try:
        with making.dealt(), twins(count - 1, making) as others:
            yield _make_all(making, others)
    finally:
        gc.unfreeze()


def _make_all(making: Making, others: list[Twin]) -> Build:
    common = making.record.counts_names()
    for number, twin in enumerate(others):
        twin.ask("make_share", number % 2 == 0)
    making.make_lots()
    ids = dict(making.ids)
    for twin in others:
        share: Share = twin.answer()
        making.absorb(share, common)
        ids |= share.ids
    making.end()
    return Build(making, others, ids | making.ids)


class _Digests(dict[str, int]):
    """What each name gives now: the tables ask for hundreds of thousands, nearly all of them found for the record."""

    def __init__(self, known: Mapping[str, int], find: Callable[[str], int]) -> None:
        super().__init__(known)
        self._find = find

    def __missing__(self, name: str) -> int:
        found = self[name] = self._find(name)
        return found


class Making:
    """What one process makes of a site."""

    def __init__(
        self, dataset: Dataset, site: config.Site, watching: Watch, record: RecordMaker, standing: Standing, sink: Sink
    ) -> None:
        self.dataset, self.watching, self.record, self.standing = dataset, watching, record, standing
        last, intact = standing.record, standing.intact
        known = zip(last.names, record.now.tolist(), strict=True)
        self._digests = _Digests({name: now for name, now in known if not name.startswith("view:")}, watching.digest)
        tables = Tables(
            self._digests.__getitem__, last.tables, lambda path: standing.read(path) if path in intact else None
        )
        views = Views(watching.catalogue, site, watching.reads, tables, watching.stamps)
        self.builder = Builder(views, dataset, sink)
        self.todo: list[_Unmade] = []
        self.kept: set[str] = set()
        self._last: list[_Unmade] = []
        self._changed = last.changed(record.now)
        pages = (name.removeprefix("page:") for name in self._changed if name.startswith("page:"))
        self._holding = frozenset(intact).difference(pages)
        self._facts: dict[str, PageFacts] = {}
        self._styles: dict[str, tuple[str, ...]] = {}

    @property
    def ids(self) -> dict[str, tuple[str, ...]]:
        """Of each page that was made here the places on it."""
        return {path: page.ids for path, page in self._facts.items()}

    def take(self, item: Item) -> None:
        """Keep what there is to keep, a group as a whole or one by one; the rest is to be made."""
        if isinstance(item, PageGroup):
            if not self._keep_group(item):
                self.todo.append((item, None))
        elif not self._keep_one(item, given := what_is_given(item)):
            (self._last if comes_last(item) else self.todo).append((item, given))

    def _keep_group(self, group: PageGroup) -> bool:
        last = self.standing.record
        reader, pages = f"group:{group.name}", last.groups.get(group.name)
        if pages is None or reader in self._changed or any(path not in self._holding for path, _ in pages):
            return False
        self.record.keep(reader)
        self.record.add_group(group.name, pages)
        for path, is_listed_ in pages:
            self.builder.note(path, is_listed=is_listed_)
            self._keep(path)
        return True

    def _keep_one(self, item: Page | DataFile | FileSet, given: tuple[frozenset[str], int] | None) -> bool:
        paths = paths_of(item)
        for path in paths:
            self.builder.note(path, is_listed=is_listed(item))
        for path in paths:
            if not given or path not in self._holding or self.standing.record.given_to(f"page:{path}") != given[1]:
                return False
        for path in paths:
            self._keep(path)
        return True

    def _keep(self, path: str) -> None:
        self.kept.add(path)
        self.record.keep_page(path)

    @contextmanager
    def dealt(self) -> Iterator[None]:
        """Within, what is to be made is dealt out to this process and its copies: what takes longest comes first."""
        large = [[entry] for entry in self.todo if isinstance(entry[0], FileSet)]
        small = [entry for entry in self.todo if not isinstance(entry[0], FileSet)]
        self._lots = [*large, *(small[at : at + _LOT] for at in range(0, len(small), _LOT))]
        self._deal = Deal(len(self._lots))
        try:
            yield
        finally:
            self._deal.close()

    def make_lots(self, *, from_behind: bool = False) -> None:
        """Make what nobody else takes."""
        try:
            for number in self._deal.take(highest=from_behind):
                for item, given in self._lots[number]:
                    self._make(item, given)
        except BaseException:
            self._deal.stop()
            raise

    def make_share(self, from_behind: bool) -> Share:
        """As a copy of the process that began: make what nobody else takes, and say what that is."""
        self.record.begin()
        builder = self.builder
        builder.paths, builder.put, builder.told, self.kept = {}, {}, {}, set()
        self.make_lots(from_behind=from_behind)
        self._note_views()
        tables = builder.views.tables.made
        return Share(builder.put, builder.paths, self.kept, self.ids, self.record.grown(), tables, builder.told)

    def absorb(self, share: Share, common: int) -> None:
        """What a copy has made is made; when it began, the record had `common` names.

        Raises:
            BuildRefused: it has made a file that was made here.
        """
        for path, is_listed_ in share.paths.items():
            self.builder.note(path, is_listed=is_listed_)
        self.builder.put.update(share.put)
        self.kept |= set(share.kept)
        self.record.absorb(share.record, common)
        self.builder.views.tables.made.update(share.tables)
        for item, _ in self.todo:
            if isinstance(item, FileSet) and item.name in share.told:
                item.tell(share.told[item.name])

    def end(self) -> None:
        """Make what comes last. What views read, that nobody asked for now, stays on record as long as it holds."""
        for item, given in self._last:
            self._make(item, given)
        self.builder.end()
        self._note_views()
        last = self.standing.record
        for view in last.reads:
            if view.startswith("view:") and view not in self._changed and not self.record.holds(view):
                self.record.keep(view)
        self.record.tables = {**last.tables, **self.builder.views.tables.made}

    def look_at(self, made: Collection[str], kept: frozenset[str], ids: Mapping[str, tuple[str, ...]]) -> Looked:
        """Look through the pages that were made here; on the site is what was made anywhere, and what is kept."""
        site = gates.Site(kept.union(made), ids, Kept(kept, read=self.standing.read))
        return gates.look_at(self._facts, self._styles, site, self.dataset)

    def _make(self, item: Item, given: tuple[frozenset[str], int] | None) -> None:
        if isinstance(item, PageGroup):
            self._make_group(item)
            return
        reads = self.watching.reads
        if item.shows_all and given:  # it rests on all that there is, so nobody need note what it reads
            files, read = self.builder.make(item), given[0]
        else:
            reader = f"page:{paths_of(item)[0]}"
            with reads.by(reader, *(given[0] if given else ())):
                files = self.builder.make(item)
            read = reads.of.pop(reader)
        for path, body in files.items():
            self.record.add(f"page:{path}", given[1] if given else -1, read)
            if path.endswith(".html"):
                self._facts[path] = read_facts(body)
            elif path.endswith(".css"):
                self._styles[path] = style_loads(body)

    def _make_group(self, group: PageGroup) -> None:
        reader, reads = f"group:{group.name}", self.watching.reads
        with reads.by(reader, *names_of(group.about)):
            pages = list(group.list_pages())
        self.record.add(reader, 0, reads.of.pop(reader))
        self.record.add_group(group.name, [(page.path, is_listed(page)) for page in pages])
        for page in pages:
            if not self._keep_one(page, given := what_is_given(page)):
                self._make(page, given)

    def _note_views(self) -> None:
        for view, read in self.watching.reads.of.items():
            self.record.add(view, 0, read)
