"""An open database that newer files replace: who has begun with one, or comes upon a newer one, ends in peace."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.errors import UnreadableInput
from tracker.render.database import make_database
from tracker.serve.edition import Edition, EditionBusy, Editions


@pytest.fixture(scope="module")
def bodies() -> list[bytes]:
    return [make_database(build_world(), Site(title=f"Edition {number}")) for number in range(3)]


def put(path: Path, body: bytes) -> None:
    path.with_suffix(".new").write_bytes(body)
    path.with_suffix(".new").replace(path)


def title_of(edition: Edition) -> str:
    with edition.lend() as database:
        return str(database.ask("SELECT value FROM about WHERE name = 'title'").rows[0][0])


def test_an_edition_stays_open_for_all_who_began_before_it_was_replaced(tmp_path: Path, bodies: list[bytes]) -> None:
    path = tmp_path / "tracker.db"
    editions = Editions(path, connections=1)
    seen: list[Edition] = []
    closed: list[str] = []

    def follow(edition: Edition) -> None:
        seen.append(edition)
        edition.on_close(lambda: closed.append(edition.about.facts["title"]))

    editions.follow(follow)
    put(path, bodies[0])
    assert editions.look() and not editions.look()
    with editions.use() as first:
        put(path, bodies[1])
        assert editions.look()
        put(path, bodies[2])
        assert editions.look()
        assert [title_of(item) for item in seen] == ["Edition 0", "Edition 1", "Edition 2"]  # also what it comes upon
        with editions.use() as newest:
            assert title_of(newest) == "Edition 2"
        assert title_of(first) == "Edition 0"
        assert not closed
    assert closed == ["Edition 0", "Edition 1"]
    editions.close()
    assert closed == ["Edition 0", "Edition 1", "Edition 2"]
    with pytest.raises(UnreadableInput), editions.use():
        pass


def test_what_cannot_be_read_is_told_and_changes_nothing(tmp_path: Path, bodies: list[bytes]) -> None:
    path = tmp_path / "tracker.db"
    editions = Editions(path, connections=1)
    assert not editions.look() and "tracker publish" in str(editions.trouble)
    put(path, bodies[0])
    assert editions.look() and editions.trouble is None
    put(path, b"no database at all")
    assert not editions.look() and editions.trouble is not None
    with editions.use() as edition:
        assert title_of(edition) == "Edition 0"
    path.unlink()
    assert not editions.look() and editions.trouble is not None
    put(path, bodies[1])
    assert editions.look() and editions.trouble is None
    editions.close()


def test_a_file_of_an_older_tracker_is_told_from_one_that_can_be_served(tmp_path: Path, bodies: list[bytes]) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(bodies[0])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM _columns WHERE table_name = 'claims' AND column_name = 'updated_at'")
        connection.commit()
    editions = Editions(path, connections=1)
    assert not editions.look()
    assert "older tracker" in str(editions.trouble) and "claims.updated_at" in str(editions.trouble)


def test_each_connection_is_lent_to_one_at_a_time(tmp_path: Path, bodies: list[bytes]) -> None:
    path = tmp_path / "tracker.db"
    put(path, bodies[0])
    editions = Editions(path, connections=2)
    editions.look()
    with editions.use() as edition, edition.lend() as one, edition.lend() as other:
        assert one is not other
        with pytest.raises(EditionBusy), edition.lend(wait_s=0.01):
            pass
    counts: list[int] = []

    def ask() -> None:
        for _ in range(20):
            with editions.lend() as database:
                counts.append(database.ask("SELECT count(*) FROM claims").rows[0][0])

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    editions.close()
    assert len(counts) == 120 and len(set(counts)) == 1
