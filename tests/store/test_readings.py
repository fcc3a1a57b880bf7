"""Pages that are read together are kept in one transaction, as they would be one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from tracker.ports import Attempt, Reading, UnreadPage, Visit
from tracker.reconcile.change import Change
from tracker.store import SqlStore, open_store
from tracker.types import ArchiveRef, Candidate, Extraction, Outcome, PageContent, Response, StoredDocument

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOST = "https://wire.example"
_LONG = "\n\n".join(f"Paragraph {n} says what the {n} offices of the harbour did on that day." for n in range(12))


def fetch(store: SqlStore, path: str, day: int) -> None:
    at, url = NOW + timedelta(days=day), f"{HOST}/{path}"
    ref = ArchiveRef("f.warc.gz", 10, f"{path} {day}")
    response = Response(url, url, 200, (), f"{path} {day}".encode(), at, False, ref)
    store.save_page("wire", response, Attempt("wire", url, at, Outcome.NEW, 200, None, is_listing=False))
    store.save_sightings("wire", [Candidate(url)], at)


def readings(store: SqlStore, said: dict[str, tuple[str, str]]) -> list[tuple[UnreadPage, Reading]]:
    """What is read of pages that wait; `said` gives of each path whose document it is and its words."""
    found = []
    for page in store.load_unread("read/1"):
        path = page.state.url.removeprefix(f"{HOST}/")
        if path not in said:
            continue
        owner, text = said[path]
        reading = Reading(f"{HOST}/{owner}", "wire", "Wire", "news", "Title", None, "en", PageContent(text))
        found.append((page, reading))
    return found


_ROUNDS: tuple[dict[str, tuple[str, str]], ...] = (
    {"a": ("a", f"First words.\n\n{_LONG}"), "a-amp": ("a", f"First words.\n\n{_LONG}"), "b": ("b", "Other words.")},
    {"a": ("a", f"Second words.\n\n{_LONG}"), "b": ("b", "Other words."), "c": ("c", "New here."), "d": ("a", "Rewritten.")},
    {"a": ("a", f"First words.\n\n{_LONG}"), "c": ("c", "New here, and corrected."), "c-print": ("c", "New here, and corrected.")},
)  # fmt: skip
_EXPECTED = [
    {"a": Outcome.NEW, "a-amp": Outcome.UNCHANGED, "b": Outcome.NEW},
    {"a": Outcome.CHANGED, "b": Outcome.UNCHANGED, "c": Outcome.NEW, "d": Outcome.CHANGED},
    {"a": Outcome.CHANGED, "c": Outcome.CHANGED, "c-print": Outcome.UNCHANGED},
]


def run(store: SqlStore, *, together: bool) -> tuple[list[dict[str, Outcome]], dict[str, int]]:
    """The outcomes of each round by path, and what is pending at the end."""
    outcomes = []
    for day, said in enumerate(_ROUNDS):
        for path in said:
            fetch(store, path, day)
        read = readings(store, said)
        if together:
            done = store.save_readings("read/1", read)
        else:
            done = [store.save_reading(page, "read/1", reading) for page, reading in read]
        assert not list(store.load_unread("read/1"))
        paths = [page.state.url.removeprefix(f"{HOST}/") for page, _ in read]
        outcomes.append(dict(zip(paths, done, strict=True)))
    return outcomes, dict(store.load_pending())


def documents(store: SqlStore) -> tuple[StoredDocument, ...]:
    store.save_extractions("x", [Extraction(item.id, "irrelevant") for item in store.load_unextracted("x")])
    return store.load_documents("x")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that go to the database within."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_together_or_one_by_one_the_same_is_kept(store: SqlStore, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'other.db'}") as other:
        assert run(store, together=True) == run(other, together=False)
        assert documents(store) == documents(other)
        assert store.load_digests() == other.load_digests()


def test_each_page_is_told_how_it_came_out(store: SqlStore) -> None:
    outcomes, pending = run(store, together=True)
    assert outcomes == _EXPECTED
    assert sorted(pending.values()) == [1, 2, 4], "as often as words came: that a run has not seen one must not be lost"


def test_nothing_read_is_nothing_kept(store: SqlStore) -> None:
    assert store.save_readings("read/1", []) == []


def test_what_other_writers_wait_for_does_not_grow_with_the_pages(postgres_url: str) -> None:
    """On a server each statement is a way there and back, and who writes is alone in writing."""
    counts = []
    with open_store(postgres_url) as store:
        store.save_change("", Change(), {})  # the first one makes the mark
        for number, size in enumerate((2, 30)):
            paths = {f"p{number}-{item}": (f"p{number}-{item}", f"Words of {item}.") for item in range(size)}
            for path in paths:
                fetch(store, path, number)
            read = readings(store, paths)
            with counted(store._engine) as statements:
                store.save_readings("read/1", read)
            counts.append(len(statements))
            with counted(store._engine) as statements:
                store.save_change("", Change(), store.load_pending())
            counts.append(len(statements))
    assert counts[0] == counts[2] and counts[1] == counts[3]


def test_pages_that_are_seen_again_are_noted_together(postgres_url: str) -> None:
    """Lists and pages that nobody has read are looked for among the versions by nobody."""
    counts = []
    with open_store(postgres_url) as store:
        for number, size in enumerate((2, 30)):
            paths = {f"p{number}-{item}": (f"p{number}-{item}", f"Words of {item}.") for item in range(size)}
            for path in (*paths, f"unread{number}"):
                fetch(store, path, number)
            store.save_readings("read/1", readings(store, paths))
            at = NOW + timedelta(days=9)
            again = [Response(f"{HOST}/{path}", "", 304, (), b"", at, True) for path in (*paths, f"unread{number}")]
            attempts = [Attempt("wire", item.url, at, Outcome.UNCHANGED, 304, None, is_listing=False) for item in again]
            with counted(store._engine) as statements:
                store.save_visits([Visit(attempt, item) for attempt, item in zip(attempts, again, strict=True)])
            counts.append(len(statements))
            assert not [said for said in statements if "version.text" in said], "the words are not loaded for that"
            assert not [said for said in statements if "archive_record_id =" in said and said.startswith("SELECT")]
        assert {document.last_seen_at for document in documents(store)} == {at}
    assert counts[0] == counts[1]
