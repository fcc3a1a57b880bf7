"""What the log tells of a source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.ports import Attempt
from tracker.store import SqlStore
from tracker.types import ArchiveRef, Candidate, Outcome, Response

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://wire.example/feed"


def listed(at: datetime, items: int | None, source: str = "wire", url: str = FEED) -> Attempt:
    return Attempt(source, url, at, Outcome.UNCHANGED, 200, None, True, items, 1000, 20)


def test_a_run_is_one_asking_however_many_answers_it_took(store: SqlStore) -> None:
    store.save_attempt(listed(START, None, url="https://wire.example/sitemap-1.xml"))
    store.save_attempt(listed(START, 12))
    store.save_attempt(listed(START + HOUR, None, url="https://wire.example/sitemap-1.xml"))
    part = "https://wire.example/sitemap-2.xml"
    store.save_attempt(Attempt("wire", part, START + HOUR, Outcome.FAILED, None, "gone", True, reason="status"))
    store.save_attempt(Attempt("wire", FEED, START + HOUR, Outcome.FAILED, None, "slow", True, reason="timeout"))
    store.save_attempt(listed(START, 99, source="other"))
    record = store.load_source_record("wire", FEED)
    assert [(item.at, item.items, item.reason) for item in record.askings] == [
        (START + HOUR, None, "timeout"), (START, 12, None),
    ]  # fmt: skip


def test_a_log_without_counts_still_tells_when_it_was_asked(store: SqlStore) -> None:
    store.save_attempt(listed(START, None))
    assert [item.at for item in store.load_source_record("wire", FEED).askings] == [START]


def test_news_are_the_instants_at_which_pages_were_first_seen(store: SqlStore) -> None:
    pages = [Candidate(f"https://wire.example/{n}") for n in range(4)]
    store.save_sightings("wire", pages[:2], START)
    store.save_sightings("wire", pages[:2], START + HOUR)
    store.save_sightings("wire", pages, START + 2 * HOUR)
    assert store.load_source_record("wire", FEED).news_at == (START + 2 * HOUR, START)


def test_the_newest_pages_with_their_last_attempt_and_what_could_not_be_read(store: SqlStore) -> None:
    for number in range(3):
        url = f"https://wire.example/{number}"
        at = START + number * HOUR
        response = Response(url, url, 200, (), b"x", at, archive=ArchiveRef("f", 0, f"r{number}"))
        store.save_page("wire", response, Attempt("wire", url, at, Outcome.NEW, 200, None, False))
    store.save_attempt(Attempt("wire", "https://wire.example/0", START + 9 * HOUR, Outcome.FAILED, 404, "gone", False))
    store.save_sightings("wire", [Candidate(f"https://wire.example/{n}") for n in range(3)], START)
    page = next(item for item in store.load_unread("r") if item.state.url.endswith("/1"))
    store.save_unreadable(page, "r", "no text")
    record = store.load_source_record("wire", FEED)
    assert [(item.url[-1], item.outcome) for item in record.pages] == [
        ("0", Outcome.FAILED), ("2", Outcome.NEW), ("1", Outcome.NEW),
    ]  # fmt: skip
    assert record.unreadable == ("https://wire.example/1",)


def test_pages_that_were_never_had_are_counted_however_old(store: SqlStore) -> None:
    url = "https://wire.example/0"
    response = Response(url, url, 200, (), b"x", START, archive=ArchiveRef("f", 0, "r0"))
    store.save_page("wire", response, Attempt("wire", url, START, Outcome.NEW, 200, None, False))
    store.save_sightings("wire", [Candidate(f"https://wire.example/{n}") for n in range(3)], START)
    store.save_sightings("other", [Candidate("https://wire.example/1")], START)
    assert [store.load_source_record(name, FEED).missing for name in ("wire", "other", "third")] == [2, 1, 0]


def test_the_log_in_figures(store: SqlStore) -> None:
    store.save_attempt(listed(START, 12))
    store.save_attempt(listed(START + HOUR, 12))
    store.save_attempt(Attempt("wire", FEED, START, Outcome.REFUSED, 403, "no", True, reason="forbidden"))
    sums = [
        (item.outcome, item.reason, item.attempts, item.bytes, item.elapsed_ms) for item in store.load_attempt_sums()
    ]
    assert sums == [("refused", "forbidden", 1, 0, 0), ("unchanged", "", 2, 2000, 40)]
