"""Pages of a list while rows come and go: what stood all the time is met once, whatever else happens."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serve.apiclient import ROOT, ApiClient, client_of

DAYS = ["", "2026-01-01", "2026-01-02", "2026-01-03"]


class Changing:
    """A database to which claims are added and from which they are taken between two requests."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.path = folder / "tracker.db"
        self._body = source.read_bytes()
        self.reset()

    def reset(self) -> None:
        """As it was at first, without a claim."""
        self._write(self._body, "DELETE FROM _claims", [])

    def change(self, added: list[tuple[str, str]], removed: list[str]) -> None:
        """Publish it anew with further claims, as (id, day), and without others."""
        self._write(self.path.read_bytes(), "DELETE FROM _claims WHERE id = ?", [(key,) for key in removed], added)

    def _write(
        self, body: bytes, sql: str, values: list[tuple[str]], added: list[tuple[str, str]] | None = None
    ) -> None:
        new = self.path.with_suffix(".new")
        new.write_bytes(body)
        with closing(sqlite3.connect(new)) as connection:
            columns = [row[1] for row in connection.execute("PRAGMA table_info(_claims)")]
            _ = connection.executemany(sql, values) if values else connection.execute(sql) if added is None else None
            for id_, day in added or ():
                row = dict.fromkeys(columns, "") | {
                    "search_id": None, "id": id_, "type": "denial", "dated_on": day, "published_on": day or None,
                    "document_id": "doc-zh", "version_id": "doc-zh.1", "first_version_id": "doc-zh.1", "is_current": 1,
                    "accused": "[]", "target": "[]", "via": "[]", "chain": "[]", "edits": "[]", "speaker": None,
                    "updated_at": f"{day or '2026-01-09'}T00:00:00Z", "start_offset": 0, "end_offset": 1,
                    "is_vanished": 0,
                }  # fmt: skip
                marks = ", ".join("?" * len(columns))
                connection.execute(f"INSERT OR IGNORE INTO _claims VALUES ({marks})", [row[name] for name in columns])
            connection.commit()
        new.replace(self.path)


@pytest.fixture(scope="module")
def changing(api_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Changing:
    return Changing(api_database, tmp_path_factory.mktemp("changing"))


@pytest.fixture(scope="module")
def walker(changing: Changing) -> Iterator[ApiClient]:
    with client_of(changing.path) as client:
        yield client


ROWS = st.lists(st.tuples(st.integers(0, 40).map("c-{:02}".format), st.sampled_from(DAYS)), unique_by=lambda r: r[0])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=ROWS,
    later=st.lists(st.tuples(ROWS, st.lists(st.integers(0, 40).map("c-{:02}".format), max_size=4)), max_size=4),
    limit=st.integers(1, 5),
    filters=st.sampled_from([{}, {"type": "denial"}, {"updated_since": "2025-01-01"}]),
)
def test_what_stands_all_the_time_is_met_once(
    changing: Changing,
    walker: ApiClient,
    first: list[tuple[str, str]],
    later: list[tuple[list[tuple[str, str]], list[str]]],
    limit: int,
    filters: dict[str, str],
) -> None:
    changing.reset()
    changing.change(first, [])
    assert walker.editions.look()
    stood, changes, met = {key for key, _ in first}, iter(later), []
    answer = walker.ask("/claims", params={"limit": limit, "fields": "id", **filters})
    for _ in range(100):
        told = answer.json()
        met += [row["id"] for row in told["data"]]
        added, removed = next(changes, ([], []))
        changing.change(added, removed)
        walker.editions.look()
        stood -= set(removed)
        if "next" not in told["links"]:
            break
        assert told["data"]
        answer = walker.ask(told["links"]["next"].removeprefix(ROOT))
    else:
        raise AssertionError("the pages have no end")
    steady = [key for key in met if key in stood and key not in {key for added, _ in later for key, _ in added}]
    assert len(steady) == len(set(steady))
    assert stood <= set(met)


def cursor_of(api: ApiClient, **params: Any) -> str:
    told = api.ask("/claims", params={"limit": 1, **params}).json()
    return str(told["links"]["next"].partition("cursor=")[2])


def test_a_cursor_is_only_good_for_its_question(api: ApiClient) -> None:
    cursor = cursor_of(api, type="allegation")
    assert api.ask("/claims", params={"type": "allegation", "cursor": cursor, "limit": 3}).status_code == 200
    for path, params in (("/claims", {}), ("/claims", {"type": "denial"}), ("/events", {"type": "allegation"})):
        answer = api.ask(path, params={**params, "cursor": cursor})
        assert answer.status_code == 400
        assert answer.json()["type"].endswith("#problem-bad-cursor")
        assert "begin anew" in answer.json()["detail"]


@pytest.mark.parametrize("spoil", [lambda c: c[:-3], lambda c: c[::-1], lambda c: "x", lambda c: "%00", lambda c: c + "AAAA",
                                   lambda c: "é" * 20, lambda c: "A" * 5000])  # fmt: skip
def test_a_damaged_cursor_is_refused(api: ApiClient, spoil: Any) -> None:
    answer = api.ask("/claims", params={"cursor": spoil(cursor_of(api))})
    assert answer.status_code in (400, 414)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_forged_cursor_has_no_more_than_a_place(api: ApiClient) -> None:
    raw = base64.urlsafe_b64decode(cursor_of(api) + "==")
    held = json.loads(raw[10:])
    forged = (
        base64.urlsafe_b64encode(raw[:10] + json.dumps([held[0], "' OR 1=1 --", "x"]).encode()).decode().rstrip("=")
    )
    assert api.ask("/claims", params={"cursor": forged}).status_code == 400
