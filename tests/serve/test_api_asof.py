"""What stood at an instant: nothing that is told of it may come from later, and what is left out is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.serve.apiclient import ApiClient, client_of

THEN = "2026-03-01"


@pytest.fixture(scope="module")
def changed(api_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """The world in which the memo's words were only read after the dispute's step that they show, and stood on later."""
    path = tmp_path_factory.mktemp("as-of") / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE _claims SET first_seen_at = '2026-03-05T00:00:00Z' WHERE id = 'c-memo-1'")
        connection.execute("""UPDATE _dispute_steps SET claims = '["c-memo-1", "c-letter-1", "c-zh-1"]'""")
        connection.execute("UPDATE _claims SET version_id = 'doc-fix.2' WHERE id = 'c-fix-1'")
    with client_of(path) as client:
        yield client


def test_a_claim_has_the_title_of_its_page_as_it_was_then_and_no_later_version(changed: ApiClient) -> None:
    told = changed.ask("/claims/c-fix-1", params={"as_of": THEN}).json()
    assert told["data"]["document_title"] == "Umbra copied a model"
    assert told["data"]["first_version_id"] == "doc-fix.1"
    assert "doc-fix.2" not in str(told["data"])
    places = {"version_id", "version_sha256", "start_offset", "end_offset"}
    assert places <= set(told["meta"]["as_of"]["left_out"]) and not places & set(told["data"])
    listed = changed.ask("/claims", params={"as_of": THEN, "fields": "document_title"}).json()["data"]
    assert {"Umbra copied a model"} == {row["document_title"] for row in listed if row["id"] == "c-fix-1"}
    assert changed.ask("/claims/c-fix-1").json()["data"]["version_id"] == "doc-fix.2"


@pytest.mark.parametrize("path", ["/claims", "/figures", "/answers"])
def test_places_in_later_versions_cannot_be_asked_for(api: ApiClient, path: str) -> None:
    for name in ("version_id", "start_offset"):
        answer = api.ask(path, params={"as_of": THEN, "fields": name})
        assert answer.status_code == 400 and f"fields: {name} cannot be told" in answer.json()["detail"]


def test_a_step_of_a_dispute_names_the_claims_that_stood(changed: ApiClient) -> None:
    path = "/disputes/northwind-v-kestrel"
    steps = changed.ask(path, params={"as_of": THEN}).json()["data"]["steps"]
    assert [step["claims"] for step in steps] == [["c-letter-1", "c-zh-1"]]
    later = changed.ask(path, params={"as_of": "2026-03-06"}).json()["data"]["steps"]
    now = changed.ask(path).json()["data"]["steps"]
    assert [step["claims"] for step in later] == [step["claims"] for step in now]
    assert now[0]["claims"] == ["c-memo-1", "c-letter-1", "c-zh-1"]


@pytest.mark.parametrize("path, parts", [
    ("/events/northwind-letter-2026-02", {"figures", "answers", "sources", "assertions", "disputes", "claims.version_id"}),
    ("/disputes/northwind-v-kestrel", {"events", "answers"}),
    ("/documents/doc-fix", {"claims", "events", "copies", "versions.is_current", "versions.last_seen_on"}),
    ("/claims/c-letter-1", {"events", "assertions", "quantities.start_offset"}),
])  # fmt: skip
def test_lists_of_a_detail_that_cannot_be_told_are_named_and_refused(
    api: ApiClient, path: str, parts: set[str]
) -> None:
    whole = api.ask(path, params={"as_of": THEN}).json()
    assert parts <= set(whole["meta"]["as_of"]["left_out"])
    assert not parts & set(whole["data"])
    for part in parts:
        name, _, column = part.partition(".")
        answer = api.ask(path, params={"as_of": THEN, "fields": f"id,{name}"})
        if column:
            assert all(column not in row for row in answer.json()["data"][name])
        else:
            assert answer.status_code == 400 and name in answer.json()["detail"]
    listed = api.ask(f"/{path.split('/')[1]}", params={"as_of": THEN}).json()
    assert not parts & set(listed["meta"]["as_of"]["left_out"])
