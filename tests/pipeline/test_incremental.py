"""Run by run through the real store: the result is that of everything made anew, and ids and permalinks stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reconcile.builders import GAZETTEER, Page, charge, document, over
from tests.reconcile.test_replay import pages_drawn, without_ids
from tracker.errors import StoreUnusable
from tracker.pipeline.reconcile import reconcile
from tracker.reconcile.change import Change
from tracker.store import SqlStore, open_store
from tracker.types import Document, Extraction, Outcome, Reconciled

AT = datetime(2026, 9, 1, tzinfo=UTC)


class Prepared:
    """An extractor of which the answers are given: the store and the reconciler are what is tested."""

    def __init__(self, name: str = "prepared/1") -> None:
        self.name = name

    def extract(self, document: Document) -> Extraction:
        raise AssertionError("nothing is extracted here")

    def extract_all(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        raise AssertionError("nothing is extracted here")


def put(store: SqlStore, number: str, *pages: Page, extractor: str = "prepared/1") -> None:
    """Hand in a document with a version for each page, and what was read out of it."""
    made = document(number, *pages)
    for version, extraction in zip(made.versions, made.extractions, strict=True):
        own = number if version.number == 1 else version.id
        version, extraction = replace(version, id=own), replace(extraction, document_id=own)
        outcome = store.save_ingested(
            Document(
                version.id, version.text or "Nothing.", made.url, made.publisher, published=version.published,
                title=version.title,
            ),
            AT,
        )  # fmt: skip
        fits = [_fitted(extraction, version.text)] if version.text else [Extraction(version.id, "irrelevant")]
        if outcome is not Outcome.UNCHANGED:
            store.save_extractions(extractor, fits)


def _fitted(extraction: Extraction, text: str) -> Extraction:
    """The store takes only spans that hold the words that they claim."""

    def fit(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(item, text=text[item.start : item.end]) for item in items)

    return replace(
        extraction,
        mentions=fit(extraction.mentions),
        quantities=fit(extraction.quantities),
        dates=fit(extraction.dates),
    )


def run(store: SqlStore, extractor: str = "prepared/1") -> Reconciled:
    reconcile(store, Prepared(extractor), GAZETTEER)
    return store.load_reconciled()[1]


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    with open_store(database) as opened:
        yield opened


def story(name: str, published: str, on: str | None = None, **changes: object) -> Page:
    return Page(published, [charge(f"Lumen accused Garnet of copying Prism, says {name}.", on=on, **changes)])


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.lists(pages_drawn, min_size=1, max_size=2)), min_size=1, max_size=3),
        min_size=2,
        max_size=5,
    )
)
def test_run_by_run_is_all_anew(steps: list[list[tuple[int, list[Page]]]]) -> None:
    given: list[tuple[str, Sequence[Page]]] = []
    with open_store("sqlite://") as grown:
        for changes in steps:
            for number, pages in changes:
                if f"d{number}" not in {name for name, _ in given}:
                    put(grown, f"d{number}", *pages)
                    given.append((f"d{number}", pages))
            result = run(grown)
            assert not grown.load_pending()
            with open_store("sqlite://") as anew:
                for name, pages in reversed(given):
                    put(anew, name, *pages)
                assert without_ids(run(anew)) == without_ids(result)


def test_a_run_without_news_changes_nothing_and_one_with_news_reads_only_what_it_touches(store: SqlStore) -> None:
    for day in range(1, 9):
        put(store, f"a{day}", story(f"a{day}", f"2026-0{day}-03", f"2026-0{day}-02"))
    first = run(store)
    assert len(first.events) == 8
    assert reconcile(store, Prepared(), GAZETTEER).done == 0
    put(store, "b", story("b", "2026-03-04"))
    report = reconcile(store, Prepared(), GAZETTEER)
    assert (report.done, report.skipped) == (1, 7)
    grown = store.load_reconciled()[1]
    assert [event.id for event in grown.events] == [event.id for event in first.events]
    assert sum(event.document_ids == ("a3", "b") for event in grown.events) == 1


def test_an_extractor_upgrade_makes_everything_anew_and_keeps_the_ids(store: SqlStore) -> None:
    put(store, "a", story("a", "2026-03-03", "2026-03-02"))
    put(store, "b", story("b", "2026-03-03", "2026-03-02"))
    before = run(store)
    for name in ("a", "b"):
        made = document(name, story(name, "2026-03-03", "2026-03-02", accused=("basalt",)))
        read = replace(_fitted(made.extractions[0], made.current.text), document_id=name)
        store.save_extractions("prepared/2", [read])
    after = run(store, "prepared/2")
    assert not {c.id for c in before.claims} & {c.id for c in after.claims}
    assert [event.id for event in after.events] == [event.id for event in before.events]


def test_a_merge_leaves_a_redirect_that_stays_with_later_runs(store: SqlStore) -> None:
    def told(by: str, published: str, *accused: str) -> Page:
        return Page(published, [charge(f"Lumen accused them, says {by}.", accused=accused, on="2026-06-10")])

    for name in ("a", "b"):
        put(store, name, told(name, "2026-06-11", "basalt"))
    put(store, "c", told("c", "2026-06-11", "garnet"))
    apart = {event.document_ids: event.id for event in run(store).events}
    assert apart.keys() == {("a", "b"), ("c",)}
    read = document("c", told("c", "2026-06-11", "basalt-research"))
    store.save_extractions("prepared/1", [replace(_fitted(read.extractions[0], read.current.text), document_id="c")])
    joined = run(store)
    assert {event.document_ids: event.id for event in joined.events} == {("a", "b", "c"): apart["a", "b"]}
    no_longer_stands = ("lumen-v-garnet", "lumen-v-garnet")
    assert joined.redirects == ((apart["c",], apart["a", "b"]), no_longer_stands)
    put(store, "z", story("z", "2026-01-05", "2026-01-04"))
    later = run(store)
    assert later.redirects == joined.redirects[:1], "the dispute stands again, at its own address"
    assert "lumen-v-garnet" in {dispute.id for dispute in later.disputes}


def test_a_run_that_fails_in_writing_leaves_the_last_result_and_is_made_up_for(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with open_store(f"sqlite:///{path}") as store:
        put(store, "a", story("a", "2026-03-03", "2026-03-02"))
        put(store, "c", story("c", "2026-05-03", "2026-05-02"))
        before = run(store)
        put(store, "b", story("b", "2026-03-03", "2026-03-02", figures=(over("accounts", 24_000),)))
    with sqlite3.connect(path) as connection:  # the last table that a run writes
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON happening BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    with pytest.raises(StoreUnusable, match="full"), open_store(f"sqlite:///{path}") as store:
        run(store)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER full")
    with open_store(f"sqlite:///{path}") as store:
        assert store.load_reconciled()[1] == before
        assert store.load_pending()
        after = run(store)
        assert not store.load_pending()
    assert after.events[0].document_ids == ("a", "b")
    assert after.events[0].id == before.events[0].id


def test_what_changes_while_a_run_goes_on_stays_pending(store: SqlStore) -> None:
    put(store, "a", story("a", "2026-03-03", "2026-03-02"))
    seen = dict(store.load_pending())
    put(store, "a", story("a", "2026-03-03", "2026-03-02"), story("a, later", "2026-03-04", "2026-03-02"))
    store.save_change("k", Change(), seen)
    assert store.load_pending().keys() == {"a"}
    run(store)
    assert not store.load_pending()
