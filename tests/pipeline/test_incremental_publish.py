"""A site that is carried on from build to build is, byte for byte, the site that is built at once."""

from __future__ import annotations

import gc
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.reconcile_growth import Prepared
from benchmarks.reconcile_world import World, entities
from tracker.config import Settings, Site
from tracker.deliver.site import FolderSiteWriter
from tracker.errors import BuildRefused
from tracker.pipeline.publish import make_site, publish
from tracker.pipeline.reconcile import reconcile
from tracker.render import InMemory
from tracker.render.page import PageGroup, paths_of
from tracker.store import SqlStore, open_store
from tracker.types import Anchor, Curation, Document, Edit, EventMerge, Extraction, Hiding, StageReport, TitleEdit

AT = datetime(2026, 1, 1, tzinfo=UTC)
SITE = Site(base_url="https://tracker.example/", workers=1)  # type: ignore[arg-type]
STEPS = ("add", "reread", "change", "look", "hide", "merge", "title", "undo")


def batch(days: int, seed: int = 7) -> list[tuple[Document, Extraction]]:
    made = World(seed, people=6).days()
    return [item for _ in range(days) for item in next(made)]


class Newsroom:
    """A store, the edits of people, and the folder of the site that is carried on."""

    def __init__(self, folder: Path, store: SqlStore) -> None:
        self.folder, self.store = folder, store
        self.curation = Curation()
        self.waiting = batch(4)
        self.read: dict[str, tuple[Document, Extraction]] = {}
        self.builds = 0

    def add(self, count: int = 1) -> None:
        for document, extraction in [self.waiting.pop(0) for _ in range(count)]:
            self.store.save_ingested(document, AT + timedelta(hours=len(self.read)))
            self.store.save_extractions(Prepared.name, [extraction])
            self.read[document.id] = document, extraction

    def reread(self, at: int) -> None:
        """Another extractor finds less in a document."""
        _, extraction = self._pick(at)
        self.store.save_extractions(Prepared.name, [replace(extraction, claims=extraction.claims[1:])])

    def change(self, at: int) -> None:
        """A page gets another version, which no longer has its last words."""
        document, extraction = self._pick(at)
        text = document.text[: len(document.text) // 2]
        newer = replace(document, id=f"{document.id}-{self.builds}", text=text, title=f"{document.title}, corrected")
        kept = {
            name: tuple(item for item in getattr(extraction, name) if item.end <= len(text))
            for name in ("mentions", "claims")
        }
        claims = tuple(replace(claim, quantities=(), dates=()) for claim in kept["claims"])
        self.store.save_ingested(newer, AT + timedelta(days=30 + self.builds))
        self.store.save_extractions(
            Prepared.name,
            [Extraction(newer.id, extraction.relevance, kept["mentions"], claims=claims)],
        )

    def look(self, at: int) -> None:
        """A page is seen again as it was."""
        document, _ = self._pick(at)
        self.store.save_ingested(document, AT + timedelta(days=60 + self.builds))

    def decide(self, kind: str, at: int) -> None:
        _, result = self.store.load_reconciled()
        events = result.events
        if not events:
            return
        claims = {record.id: record for record in result.claims}

        def anchors(number: int) -> tuple[Anchor, ...]:
            record = claims[events[number % len(events)].claim_ids[0]]
            return (Anchor(record.document_id, record.claim.text, claim_id=record.id, version_id=record.version_id),)

        act = {
            "hide": lambda: Hiding("event", anchors(at)),
            "merge": lambda: EventMerge(anchors(at), anchors(at + 1)),
            "title": lambda: TitleEdit(anchors(at), "What people call it", ""),
        }[kind]()
        at_ = AT + timedelta(days=90 + self.builds)  # later than any page, so that pages say it
        edit = Edit(f"edit-{self.builds}", act, "Mara <mara@desk.example>", at_, "seen with the desk")
        self.curation = Curation((*self.curation.edits, edit))

    def _pick(self, at: int) -> tuple[Document, Extraction]:
        return list(self.read.values())[at % len(self.read)]

    def step(self, kind: str, at: int) -> None:
        if kind == "add":
            self.add()
        elif kind in ("hide", "merge", "title"):
            self.decide(kind, at)
        elif kind == "undo":
            self.curation = Curation(self.curation.edits[:-1])
        else:
            getattr(self, kind)(at)
        # every other time a hiding holds before it is reconciled
        if kind != "hide" or at % 2:
            reconcile(self.store, Prepared(), entities(), curation=self.curation)

    def publish(self, out: Path) -> StageReport:
        self.builds += 1
        held = Settings(site=SITE, sources=())
        return publish(self.store, FolderSiteWriter(), held, AT, out, curation=self.curation, entities=entities())

    def build_anew(self) -> Mapping[str, bytes]:
        held, nowhere, files = Settings(site=SITE, sources=()), self.folder / "nowhere", InMemory()
        made = make_site(
            self.store, FolderSiteWriter(), held, AT, nowhere, files, curation=self.curation, entities=entities()
        )
        assert not made.kept and not made.breaches
        return files


def files_of(folder: Path) -> dict[str, bytes]:
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {path: body for path, body in found.items() if path != ".tracker-site"}


@settings(
    max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), min_size=2, max_size=4))
def test_a_site_that_is_carried_on_is_the_site_built_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("site")
    with open_store("sqlite://") as store:
        room = Newsroom(folder, store)
        room.add(12)
        reconcile(store, Prepared(), entities())
        room.publish(folder / "carried")
        for kind, at in steps:
            room.step(kind, at)
            room.publish(folder / "carried")
            assert files_of(folder / "carried") == room.build_anew(), (kind, at)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with open_store("sqlite://") as store:
        made = Newsroom(tmp_path, store)
        made.add(12)
        reconcile(store, Prepared(), entities())
        made.publish(tmp_path / "site")
        yield made


def times_of(folder: Path) -> dict[str, int]:
    return {f.relative_to(folder).as_posix(): f.stat().st_mtime_ns for f in folder.rglob("*") if f.is_file()}


def test_what_shows_nothing_new_is_not_made_again(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.render import site as building

    made: list[str] = []
    render = building.Builder.make
    monkeypatch.setattr(
        building.Builder, "make", lambda self, item: (made.extend(paths_of(item)), render(self, item))[1]
    )
    before = times_of(room.folder / "site")
    room.step("add", 0)
    report = room.publish(room.folder / "site")
    assert 0 < len(made) < report.given / 2
    after = times_of(room.folder / "site")
    touched = {path for path in after if before.get(path) != after[path]} - {".tracker-site"}
    assert touched <= {*made, "sitemap.xml"} and len(touched) == report.done
    made.clear()
    assert room.publish(room.folder / "site").done == 0
    assert len(made) <= 12, made  # what is read off the disk, and nothing of the dataset


def test_rows_of_what_is_not_new_stay_in_the_database(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.render.database import carrying

    inserted: Counter[str] = Counter()
    insert = carrying.insert

    def counting(connection: Any, schema: Any, table: str, rows: Iterable[Any]) -> None:
        held = list(rows)
        inserted[table] += len(held)
        insert(connection, schema, table, held)

    monkeypatch.setattr(carrying, "insert", counting)
    room.step("look", 0)
    room.publish(room.folder / "site")
    seen_again = room.store.load_documents()[0]
    assert inserted["_documents"] == 1 and inserted["_versions"] == len(seen_again.versions), inserted
    assert inserted["_mentions"] == len(seen_again.extractions[-1].mentions)
    assert files_of(room.folder / "site") == room.build_anew()


def test_what_is_told_of_parties_in_the_formats_of_others_is_made_for_those_of_what_is_new(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.render.exchange.stix import making

    made: Counter[str] = Counter()
    make = making.Maker.make

    def counting(self: making.Maker, type: str, *about: Any, **more: Any) -> Any:
        made[type] += 1
        return make(self, type, *about, **more)

    monkeypatch.setattr(making.Maker, "make", counting)
    room.step("look", 0)
    room.publish(room.folder / "site")
    seen_again = room.store.load_documents()[0]
    named = {mention.entity_id for mention in seen_again.extractions[-1].mentions}
    held = len(room.store.load_reconciled()[1].entities)
    assert 0 < made["identity"] <= len(named) + 1 < held / 2, (made, named)  # and our own
    assert files_of(room.folder / "site") == room.build_anew()


def test_quotes_are_read_for_names_again_only_where_their_page_changed(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.render.database import documentrows

    asked: list[str] = []
    look = documentrows.accuses_by_name

    def noting(catalogue: Any, record: Any, accused: str) -> bool:
        asked.append(record.document_id)
        return look(catalogue, record, accused)

    charges = {
        record.document_id
        for record in room.store.load_reconciled()[1].claims
        if record.claim.type == "allegation" and record.claim.accused and record.claim.speaker
    }
    at = next(at for at, key in enumerate(room.read) if key in charges)
    monkeypatch.setattr(documentrows, "accuses_by_name", noting)
    room.step("look", at)
    room.publish(room.folder / "site")
    assert set(asked) == {list(room.read)[at]} < charges, asked
    assert files_of(room.folder / "site") == room.build_anew()


def test_a_site_that_is_built_leaves_nothing_aside_of_what_is_looked_at_for_garbage(room: Newsroom) -> None:
    room.step("add", 0)
    room.publish(room.folder / "site")
    assert gc.isenabled() and gc.get_freeze_count() == 0


def test_a_database_that_somebody_changed_is_made_whole(room: Newsroom) -> None:
    database = room.folder / "site" / "data" / "tracker.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM _claims")
        connection.commit()
    room.step("add", 0)
    room.publish(room.folder / "site")
    assert files_of(room.folder / "site") == room.build_anew()


def test_a_page_that_somebody_changed_is_put_right(room: Newsroom) -> None:
    page = next((room.folder / "site" / "events").glob("*.html"))
    body = page.read_bytes()
    page.unlink()
    page.write_bytes(b"<p>not ours</p>")
    report = room.publish(room.folder / "site")
    assert page.read_bytes() == body and report.done == 1
    page.unlink()
    assert room.publish(room.folder / "site").done == 1 and page.read_bytes() == body


@pytest.mark.parametrize("spoil", [b"", b"PK\x03\x04 broken", None])
def test_without_its_record_a_site_is_built_whole(room: Newsroom, spoil: bytes | None) -> None:
    record = room.folder / "site.record"
    if spoil is None:
        record.unlink()
    else:
        record.write_bytes(spoil)
    before = files_of(room.folder / "site")
    assert room.publish(room.folder / "site").done == 0
    assert files_of(room.folder / "site") == before and len(record.read_bytes()) > 1000


def test_the_gates_hold_for_what_is_carried_on(room: Newsroom) -> None:
    """A claim that is stored with a place where its words are not stops the build, and the old site stays."""
    key, result = room.store.load_reconciled()
    first = result.claims[0]
    moved = replace(first, claim=replace(first.claim, start=first.claim.start + 1, end=first.claim.end + 1))
    room.store.save_reconciled(key, replace(result, claims=(moved, *result.claims[1:])))
    before = files_of(room.folder / "site")
    with pytest.raises(BuildRefused, match=f"claim {first.id}: its words are not those of"):
        room.publish(room.folder / "site")
    assert files_of(room.folder / "site") == before


def test_a_page_that_leads_to_what_is_lost_is_found(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a page kept although a place that it leads to is gone, the gates would say so."""
    from tracker.render import documentpages

    event = next(event for event in room.store.load_reconciled()[1].events if event.claim_ids)
    claim = next(c for c in room.store.load_reconciled()[1].claims if c.id == event.claim_ids[0])
    real = documentpages.list_pages
    from tracker.render import site as building

    kinds = tuple(
        (
            lambda views: (
                p for p in real(views) if claim.document_id not in (p.name if isinstance(p, PageGroup) else "")
            )
        )
        if kind is real
        else kind
        for kind in building.KINDS
    )
    monkeypatch.setattr(building, "KINDS", kinds)
    with pytest.raises(BuildRefused) as refused:
        room.publish(room.folder / "site")
    assert f"/{claim.document_id}.html" in str(refused.value)
    assert "leads to no file of the site" in str(refused.value)


def test_a_site_of_what_is_on_the_matter_is_that_of_a_store_without_the_rest(tmp_path: Path) -> None:
    """Byte for byte, from build to build; what comes to be on the matter has its page then."""
    settings = Settings(site=SITE.model_copy(update={"other_documents": False}), sources=())  # type: ignore[arg-type]
    everything = batch(3)
    apart = [item for item in everything if item[1].relevance == "irrelevant"]
    assert 3 < len(apart) < len(everything) / 2

    def build(name: str, some: Sequence[tuple[Document, Extraction]], out: str) -> dict[str, bytes]:
        with open_store(f"sqlite:///{tmp_path / name}.db") as store:
            for document, extraction in some:
                store.save_ingested(document, AT)
                store.save_extractions(Prepared.name, [extraction])
            reconcile(store, Prepared(), entities())
            publish(store, FolderSiteWriter(), settings, AT, tmp_path / out, entities=entities())
        return files_of(tmp_path / out)

    first = build("whole", everything, "whole")
    assert first == build("part", [item for item in everything if item not in apart], "part")
    document, extraction = apart[0]
    assert not [path for path in first if document.id in path]
    now_on = [(document, replace(extraction, relevance="background"))]
    again = build("whole", now_on, "whole")
    assert [path for path in again if document.id in path]
    assert again == build("part", now_on, "part") == build("whole", [], "anew")
