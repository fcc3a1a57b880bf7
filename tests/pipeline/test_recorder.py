"""Keeping what was fetched: whole batches, in order, on disk before the database, and never without a word lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.errors import StoreUnusable
from tracker.fetch.archive import WarcArchive
from tracker.pipeline import recorder as recording
from tracker.pipeline.lanes import MAX_WORKERS, Lanes
from tracker.pipeline.recorder import Recorder
from tracker.ports import Attempt, Visit
from tracker.store import SqlStore, open_store
from tracker.types import Candidate, Outcome, Response

NOW = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


def _visit(number: int, body: bytes = b"<p>words</p>") -> Visit:
    url = f"https://a.example/{number}"
    answer = Response(url, url, 200, (("content-type", "text/html"),), body, NOW)
    return Visit(Attempt("wire", url, NOW, Outcome.NEW, 200, None, False, bytes=len(body), elapsed_ms=5), answer)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as opened:
        yield opened


def test_what_was_put_is_kept_when_the_block_ends_also_by_an_error(tmp_path: Path, store: SqlStore) -> None:
    async def run(archive: WarcArchive) -> None:
        async with Recorder(archive, store) as recorder:
            for number in range(200):
                recorder.put(_visit(number))
            await recorder.flush()
            for number in range(200, 250):
                recorder.put(_visit(number))
            raise KeyError("a source's own fault")

    with WarcArchive(tmp_path / "archive", "run1") as archive, pytest.raises(KeyError):
        asyncio.run(run(archive))
    kept = store.load_pages([f"https://a.example/{number}" for number in range(250)])
    assert len(kept) == 250
    assert {archive.load_body(page.archive) for page in kept.values()} == {b"<p>words</p>"}


def test_a_disk_that_fails_is_told_to_everybody_and_no_page_is_in_the_database_without_its_record(
    tmp_path: Path, store: SqlStore
) -> None:
    (tmp_path / "archive").write_text("a file stands where the folder should")

    async def run() -> None:
        async with Recorder(WarcArchive(tmp_path / "archive", "run1"), store) as recorder:
            recorder.put(_visit(1))
            with pytest.raises(StoreUnusable):
                await recorder.flush()
            with pytest.raises(StoreUnusable):
                await recorder.room()
            recorder.put(_visit(2))

    with pytest.raises(StoreUnusable):
        asyncio.run(run())
    assert store.load_pages(["https://a.example/1"]) == {}
    assert store.load_attempts() == ()


def test_there_is_no_room_while_too_much_waits(
    tmp_path: Path, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MAX_WAITING_BYTES", 100_000)

    async def run(archive: WarcArchive) -> bool:
        async with Recorder(archive, store) as recorder:
            recorder.put(_visit(1, b"x" * 200_000))
            waiting = asyncio.create_task(recorder.room())
            await asyncio.sleep(0)
            held = not waiting.done()
            await asyncio.wait_for(waiting, 5)
            return held

    with WarcArchive(tmp_path / "archive", "run1") as archive:
        assert asyncio.run(run(archive))


def _drain(urls: Sequence[str], per_host: int, slow: str) -> tuple[list[str], int]:
    """The order in which pages are done where one host is slow, and the most that were visited at once."""
    done: list[str] = []
    running = most = 0

    async def visit(candidate: Candidate) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.2 if slow in candidate.url else 0)
        running -= 1
        done.append(candidate.url)

    asyncio.run(Lanes([Candidate(url) for url in urls], lambda host: per_host).drain(visit))
    return done, most


def test_each_page_is_visited_once_and_a_slow_host_holds_up_only_its_own() -> None:
    urls = [f"https://slow.example/{n}" for n in range(4)] + [
        f"https://h{n}.example/{m}" for n in range(9) for m in range(5)
    ]
    done, most = _drain(urls, 2, "slow")
    assert sorted(done) == sorted(urls)
    assert all("slow" in url for url in done[-4:])
    assert most <= 20


def test_workers_are_bounded_however_many_hosts_there_are() -> None:
    done, most = _drain([f"https://h{n}.example/" for n in range(5_000)], 2, "none")
    assert len(done) == 5_000
    assert most <= MAX_WORKERS


def test_no_candidates_are_no_work() -> None:
    assert _drain([], 2, "none") == ([], 0)
