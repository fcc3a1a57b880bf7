"""Requests that point at what is not there, or was elsewhere once, or could not have been given out."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.conftest import build_world
from tests.serve.apiclient import ApiClient, client_of, problem_of
from tracker.config import Site
from tracker.ids import sha256_hex
from tracker.render.database import make_database
from tracker.serve.api.cursors import question_digest
from tracker.serve.api.problems import Problem
from tracker.serve.api.service import told_as_problems


@pytest.mark.parametrize("since", ["Mon, 01 Jan 99999999999 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +2300"])
def test_a_date_that_no_calendar_has_is_none(api: ApiClient, since: str) -> None:
    assert api.ask("/claims", headers={"If-Modified-Since": since}).status_code == 200


def test_what_is_not_there_is_nobodys_already(api: ApiClient) -> None:
    later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    for headers in (later, {"If-None-Match": "*"}):
        problem_of(api.ask("/events/nope", headers=headers), 404, "not-found")
        problem_of(api.ask("/claims?event=nope", headers=headers), 400, "bad-parameters")
        assert api.ask("/events/northwind-letter-old", headers=headers).status_code == 308
        for path in ("/events/northwind-letter-2026-02", "/claims"):
            assert api.ask(path, headers=headers).status_code == 304


def test_a_filter_by_what_was_merged_brings_what_it_was_merged_into(api: ApiClient) -> None:
    for name in ("claims", "figures", "answers", "disputes"):
        found = api.rows(f"/{name}", event="northwind-letter-2026-02")
        assert found and api.rows(f"/{name}", event="northwind-letter-old") == found, name


def test_what_stands_no_more_is_told_and_leads_nowhere(tmp_path: Path) -> None:
    lost = (("2026-01-01-lost", "2026-01-01-lost"), ("2026-01-02-led", "2026-01-03-astray"))
    world = build_world()
    path = tmp_path / "tracker.db"
    path.write_bytes(make_database(replace(world, reconciled=replace(world.reconciled, redirects=lost)), Site()))
    with client_of(path) as client:
        for old, _ in lost:
            assert "no longer stands" in problem_of(client.ask(f"/events/{old}"), 404, "not-found")["detail"]
            problem_of(client.ask(f"/claims?event={old}"), 400, "bad-parameters")


def test_a_slash_after_a_list_is_told(api: ApiClient) -> None:
    assert "the list is at /claims" in problem_of(api.ask("/claims/?actor=kestrel"), 404, "not-found")["detail"]


def test_no_redirect_leads_to_a_host_that_was_sent(api: ApiClient) -> None:
    for path in ("/search/?q=letter", "/reconcile/", "/docs/"):
        answer = api.ask(path, headers={"Host": "elsewhere.example"})
        assert "elsewhere" not in str(answer.headers)
        assert "did you mean" in problem_of(answer, 404, "not-found")["detail"]


@pytest.mark.parametrize("path, keys", [("/claims", 2), ("/search?q=letter", 3)])
@pytest.mark.parametrize("mark", ["\ud800", "\x00", "\u2028"])
def test_a_made_up_cursor_with_marks_that_no_key_has_is_refused(
    api: ApiClient, path: str, keys: int, mark: str
) -> None:
    asked = {"q": "letter"} if keys == 3 else {}
    question = question_digest(path[1:].partition("?")[0], asked)
    payload = json.dumps([question, *(["claim"] if keys == 3 else []), "2026-01-01", f"c{mark}"]).encode()
    check = sha256_hex(b"cursor " + payload)[: len(question)].encode()
    cursor = base64.urlsafe_b64encode(check + payload).decode().rstrip("=")
    whole = f"{path}{'&' if asked else '?'}cursor={cursor}"
    assert "no row's keys" in problem_of(api.ask(whole), 400, "bad-cursor")["detail"]


def test_a_value_that_no_database_takes_is_the_requests_mistake(api: ApiClient) -> None:
    with (
        pytest.raises(Problem) as refused,
        told_as_problems(),
        api.editions.use() as edition,
        edition.lend() as database,
    ):
        database.ask("SELECT :text", {"text": "\ud800"})
    assert refused.value.status == 400
