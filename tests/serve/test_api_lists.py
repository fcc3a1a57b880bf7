"""What the API's lists and details hold, and how they are asked: true to the database, strict about questions."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.serve.apiclient import ROOT, ApiClient, client_of
from tracker.errors import InputError
from tracker.serve.api.resources import RESOURCES

LISTS = [resource.name for resource in RESOURCES]


@pytest.fixture(scope="module")
def database(api_database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(api_database)) as connection:
        yield connection


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [str(row.get("id") or row.get("name")) for row in rows]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_every_row_of_its_view_with_the_same_values(
    api: ApiClient, database: sqlite3.Connection, name: str
) -> None:
    listed = list(api.walk(f"/{name}", limit=2))
    cursor = database.execute(f"SELECT * FROM {name}")
    columns = [column[0] for column in cursor.description]
    held = [dict(zip(columns, row, strict=True)) for row in cursor]
    key = "name" if name == "sources" else "id"
    assert sorted(row[key] for row in listed) == sorted(row[key] for row in held)
    by_key = {row[key]: row for row in held}
    for row in listed:
        stored = by_key[row[key]]
        assert set(row) == set(stored) - {"search_id"} | {"self"}
        for column in ("quote", "title", "start_offset", "version_id", "low", "high", "url", "kind"):
            assert row.get(column) == stored.get(column)


@pytest.mark.parametrize("name", LISTS)
def test_each_row_leads_to_itself(api: ApiClient, name: str) -> None:
    for row in api.rows(f"/{name}"):
        whole = api.ask(row["self"].removeprefix(ROOT)).json()["data"]
        assert {key: whole[key] for key in row} == row


def test_the_newest_come_first_and_what_has_no_day_last(api: ApiClient) -> None:
    days = [row["published_on"] or "" for row in api.rows("/claims")]
    assert days == sorted(days, reverse=True)
    assert days[-1] == ""


def test_a_party_brings_what_belongs_to_it(api: ApiClient) -> None:
    claims = {row["id"]: row for row in api.rows("/claims", actor="Kestrel AI")}
    assert {"c-letter-1", "c-letter-3", "c-memo-1", "c-zh-1"} <= set(claims)
    assert claims["c-letter-1"]["accused_as"] == "operators affiliated with Kestrel AI"
    assert api.rows("/claims", actor="kestrel ai") == api.rows("/claims", actor="kestrel")
    assert "c-fix-1" in claims  # it is Umbra that is accused there, which belongs to Kestrel
    assert "c-fix-1" not in ids(api.rows("/claims", actor=["kestrel", "oma"]))
    assert {"c-letter-2", "c-fix-1"} <= set(ids(api.rows("/claims", actor="kestrel", role="accused")))
    assert [row["id"] for row in api.rows("/entities", actor="kestrel")] == ["kestrel", "umbra"]
    assert ids(api.rows("/claims", actor=["kestrel", "oma"])) == ["c-memo-1"]
    assert ids(api.rows("/claims", actor="northwind", role="via")) == ["c-memo-1"]
    assert "northwind-letter-2026-02" in ids(api.rows("/events", actor="kestrel"))
    assert {row["party"] for row in api.rows("/answers", actor="umbra")} == {"umbra"}
    assert "doc-letter" in ids(api.rows("/documents", actor="umbra"))
    assert {row["event_id"] for row in api.rows("/figures", actor="oma")} == {"oma-memo-2025"}


def test_a_country_brings_who_is_at_home_there(api: ApiClient) -> None:
    assert ids(api.rows("/entities", jurisdiction="CN")) == ["kestrel", "umbra"]
    assert {row["jurisdiction"] for row in api.rows("/entities", jurisdiction="cn")} == {"CN"}
    for name in ("claims", "events", "figures", "answers", "documents", "disputes"):
        at_home = api.rows(f"/{name}", jurisdiction="CN")
        assert at_home and ids(at_home) == ids(api.rows(f"/{name}", actor="kestrel")), name
        assert api.rows(f"/{name}", jurisdiction="FR") == []
    assert ids(api.rows("/claims", jurisdiction="CN", actor="oma")) == ["c-memo-1"]


def test_filters_leave_what_they_say(api: ApiClient) -> None:
    assert {row["type"] for row in api.rows("/claims", type="denial,allegation")} == {"denial", "allegation"}
    assert {row["status"] for row in api.rows("/claims", status="denied")} == {"denied"}
    assert ids(api.rows("/claims", current="false")) == ["c-fix-1"]
    assert all(
        "2026-02-01" <= row["published_on"] <= "2026-02-24"
        for row in api.rows("/claims", **{"from": "2026-02-01", "to": "2026-02-24"})
    )
    assert set(ids(api.rows("/claims", document="doc-letter"))) == {f"c-letter-{number}" for number in (1, 2, 3, 4)}
    assert "c-letter-3" in ids(api.rows("/claims", event="northwind-letter-2026-02"))
    assert ids(api.rows("/events", **{"from": "2025-06-01", "to": "2025-06-05"})) == ["campaign-2025"]
    allowed = {row["text"] for row in api.rows("/figures", allows="24500", kind="accounts")}
    assert allowed == {"over 24,000 fraudulent accounts", "nearly 25,000", "tens of thousands of accounts"}
    assert {row["kind"] for row in api.rows("/answers", kind="none_found")} == {"none_found"}
    assert {row["id"] for row in api.rows("/documents", language="zh")} == {"doc-zh"}
    assert api.rows("/claims", current="TRUE") == api.rows("/claims", current="true")
    by_name = api.rows("/documents", publisher="harbour COURIER")
    assert by_name and by_name == api.rows("/documents", publisher="Harbour Courier", source="Courier")
    assert api.rows("/documents", source="silent") == []  # a source that nothing came from yet


def test_a_language_is_a_range_of_tags(api_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    tags = {"doc-zh": "zh-CN", "doc-letter": "en", "doc-fix": "en-GB", "memo-1": "zha", "doc-earn": "zh"}
    with closing(sqlite3.connect(path)) as connection, connection:
        for id_, tag in tags.items():
            connection.execute("UPDATE _documents SET language = ? WHERE id = ?", (tag, id_))
    with client_of(path) as client:
        for asked, wanted in (
            ("zh", {"doc-zh", "doc-earn"}), ("ZH", {"doc-zh", "doc-earn"}), ("zh-cn", {"doc-zh"}),
            ("en", {"doc-letter", "doc-fix"}), ("en-gb", {"doc-fix"}), ("zh-TW", set()), ("*", set(tags)),
        ):  # fmt: skip
            assert set(ids(client.rows("/documents", language=asked))) == wanted, asked
    with tracker.open(path) as data:
        assert {item.id for item in data.documents(language="ZH")} == {"doc-zh", "doc-earn"}
        assert {item.id for item in data.documents(language="*")} == set(tags)
        with pytest.raises(InputError, match="expected a tag"):
            list(data.documents(language="chinese"))


def test_updates_come_in_the_order_in_which_they_were_learned(api: ApiClient) -> None:
    learned = api.rows("/claims", updated_since="2026-01-01")
    at = [row["updated_at"] for row in learned]
    assert at == sorted(at)
    # the second version of the page has other words: those of c-fix-1 are gone
    assert ids(api.rows("/claims", updated_since="2026-03-02")) == ["c-fix-1", "c-fix-2"]
    assert api.rows("/claims", updated_since="2100-01-01") == []


def test_as_of_an_instant_only_what_stood_then_is_told(api: ApiClient, database: sqlite3.Connection) -> None:
    before = api.ask("/claims", params={"as_of": "2026-03-01"}).json()
    assert "c-fix-1" in ids(before["data"])
    assert "c-fix-2" not in ids(before["data"])
    after = api.rows("/claims", as_of="2026-03-02T09:30:00Z")
    assert "c-fix-1" not in ids(after)
    assert "c-fix-2" in ids(after)
    told = before["meta"]["as_of"]
    assert {"gone_at", "is_current", "chain"} <= set(told["left_out"])
    assert not set(told["left_out"]) & set(before["data"][0])
    assert api.ask("/claims/c-fix-2", params={"as_of": "2026-02-01"}).status_code == 404
    document = api.ask("/documents/doc-fix", params={"as_of": "2026-03-01"}).json()["data"]
    assert document["title"] == "Umbra copied a model"
    assert [version["number"] for version in document["versions"]] == [1]
    for name in ("events", "figures", "answers", "disputes", "documents"):
        assert api.rows(f"/{name}", as_of="1990-01-01") == []
    held = database.execute("SELECT id, status, since_on FROM disputes ORDER BY id").fetchall()
    assert held == [("northwind-v-kestrel", "under_investigation", "2026-02-25")]
    then = api.ask("/disputes/northwind-v-kestrel", params={"as_of": "2026-03-01"}).json()["data"]
    assert (then["status"], then["since_on"], len(then["steps"])) == ("alleged", "2026-02-23", 1)
    assert api.rows("/disputes", actor="kestrel", side="accused") and not api.rows(
        "/disputes", actor="kestrel", side="accuser"
    )
    assert [row["party"] for row in api.rows("/answers", dispute="northwind-v-kestrel")] == ["kestrel"]
    now = {row["id"]: (row["status"], row["since_on"]) for row in api.rows("/disputes", as_of="2100-01-01")}
    assert now == {key: (status, since) for key, status, since in held}


def test_as_of_an_instant_events_are_counted_by_what_their_pages_said(api: ApiClient) -> None:
    then = {row["id"]: row["claim_count"] for row in api.rows("/events", as_of="2026-03-01")}
    later = {row["id"]: row["claim_count"] for row in api.rows("/events", as_of="2026-03-03")}
    assert then["umbra-claim-2026-02"] == 1
    assert "umbra-claim-2026-02" not in later  # its one page no longer says it
    assert "campaign-2025" in later and "campaign-2025" not in then
    assert then["northwind-letter-2026-02"] == later["northwind-letter-2026-02"] == 5
    whole = api.ask("/events/northwind-letter-2026-02", params={"as_of": "2026-03-01"}).json()["data"]
    assert len(whole["claims"]) == 5 and "figures" not in whole
    assert api.ask("/events/umbra-claim-2026-02", params={"as_of": "2026-03-03"}).status_code == 404
    assert {row["kind"] for row in api.rows("/answers")} > {
        row["kind"] for row in api.rows("/answers", as_of="2026-03-03")
    }


def test_what_cannot_be_told_as_of_an_instant_is_refused(api: ApiClient) -> None:
    for path, params in (
        ("/entities", {"as_of": "2026-01-01"}),
        ("/claims", {"as_of": "2026-01-01", "current": "true"}),
        ("/claims", {"as_of": "2026-01-01", "fields": "gone_at"}),
        ("/disputes", {"as_of": "2026-01-01", "status": "alleged"}),
    ):
        answer = api.ask(path, params=params)
        assert answer.status_code == 400, path
        assert "as_of" in answer.text or "as of" in answer.text


def test_a_claim_has_its_words_speakers_and_place(api: ApiClient) -> None:
    claim = api.ask("/claims/c-letter-1").json()["data"]
    assert claim["quote"].startswith("In a letter dated")
    assert claim["link"].startswith("https://") and "#:~:text=" in claim["link"]
    assert claim["page"].startswith("/documents/")
    assert [part["role"] for part in claim["parties"]] == ["accused", "speaker", "target"]
    assert {item["text"] for item in claim["quantities"]} >= {"over 24,000 fraudulent accounts"}
    assert [item["event_id"] for item in claim["events"]] == ["northwind-letter-2026-02"]
    changed = api.ask("/claims/c-fix-1").json()["data"]
    assert changed["link"] is None and changed["gone_at"] == "2026-03-02T09:30:00Z"


def test_sparse_fields_are_those_asked_for_and_the_id(api: ApiClient) -> None:
    row = api.rows("/claims", fields="quote,speaker", limit=1)[0]
    assert list(row) == ["id", "speaker", "quote", "self"]
    whole = api.ask("/events/northwind-letter-2026-02", params={"fields": "title,claims"}).json()["data"]
    assert set(whole) == {"id", "title", "claims", "self"}


def test_csv_and_json_lines_hold_the_same_rows(api: ApiClient) -> None:
    rows = api.rows("/claims")
    lines = api.ask("/claims", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    table = api.ask("/claims?format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    read = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["id"] for row in read] == ids(rows)
    assert [json.loads(row["accused"]) for row in read] == [row["accused"] for row in rows]
    assert {row["is_current"] for row in read} == {"true", "false"}
    paged = api.ask("/claims", params={"limit": 2, "format": "csv"})
    assert paged.headers["link"].endswith('rel="next"')


@pytest.mark.parametrize("accept, status", [
    ("text/csv;q=0.2, application/json;q=0.9", "application/json"), ("text/*", "text/csv"), ("*/*", "application/json"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
    ("application/json;q=0, */*", "application/x-ndjson"), ("image/png", "406"), ("text/csv;q=nonsense", "406"),
])  # fmt: skip
def test_the_accept_header_chooses(api: ApiClient, accept: str, status: str) -> None:
    answer = api.ask("/claims", headers={"Accept": accept})
    found = answer.headers["content-type"].partition(";")[0] if answer.status_code == 200 else str(answer.status_code)
    assert found == status
