"""The API at its edges: validators, methods, other origins, rate limits, and questions that make no sense."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.serve.apiclient import ROOT, ApiClient, client_of, problem_of
from tracker.serve.api import ApiSettings
from tracker.serve.api.problems import PROBLEM_TYPES
from tracker.serve.api.ratelimit import Buckets, RateLimit


@pytest.mark.parametrize(
    "path", ["/claims", "/claims?limit=2&format=csv", "/events/northwind-letter-2026-02", "/search?q=letter"]
)
def test_who_has_an_answer_is_told_that_it_stands(api: ApiClient, path: str) -> None:
    first = api.ask(path)
    for etag in (first.headers["etag"], f'"other", W/{first.headers["etag"]}'):
        again = api.ask(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert api.ask(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert api.ask(path, headers={"If-Modified-Since": first.headers["last-modified"]}).status_code == 304
    assert api.ask(path, headers={"If-Modified-Since": "Mon, 01 Jan 1990 00:00:00 GMT"}).status_code == 200
    assert api.ask(path, headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_another_question_or_format_or_file_has_another_validator(
    api: ApiClient, api_database: Path, tmp_path: Path
) -> None:
    paths = ["/claims", "/claims?limit=2", "/claims?format=csv", "/events", "/claims/c-letter-1"]
    etags = {api.ask(path).headers["etag"] for path in paths}
    etags.add(api.ask("/claims", headers={"Accept": "text/csv"}).headers["etag"])
    assert len(etags) == len(paths) + 1
    copy = tmp_path / "tracker.db"
    copy.write_bytes(api_database.read_bytes())
    with client_of(copy) as other:
        assert other.ask("/claims").headers["etag"] == api.ask("/claims").headers["etag"]


def test_head_is_get_without_a_body(api: ApiClient) -> None:
    for path in ("/claims", "/claims/c-letter-1", "/openapi.json", "/claims/none"):
        whole, head = api.ask(path), api.ask(path, "HEAD")
        assert head.content == b"" and head.status_code == whole.status_code
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["content-type"] == whole.headers["content-type"]


def test_options_and_other_methods(api: ApiClient) -> None:
    assert api.ask("/claims", "OPTIONS").headers["allow"] == "GET, HEAD, OPTIONS"
    assert api.ask("/reconcile", "OPTIONS").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        answer = api.ask("/claims", method)
        problem_of(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_pages_of_other_origins_may_read(api: ApiClient) -> None:
    answer = api.ask("/claims", headers={"Origin": "https://newsroom.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers

    def preflight(path: str, method: str) -> httpx.Response:
        asked = {"Origin": "https://newsroom.example", "Access-Control-Request-Method": method}
        return api.ask(path, "OPTIONS", headers=asked)

    assert preflight("/claims", "GET").status_code == 200
    assert preflight("/claims", "POST").status_code == 400
    assert preflight("/reconcile", "POST").status_code == 200
    assert preflight("/reconcile", "DELETE").status_code == 400


@pytest.mark.parametrize("path, told", [
    ("/claims?actr=alibaba", "did you mean actor"), ("/claims?type=allegatoin", "did you mean allegation"),
    ("/claims?type=", "it is empty"), ("/claims?type=denial&type=denial", "more than once"),
    ("/claims?actor=Kestral+AI", "did you mean Kestrel AI"), ("/claims?actor=zzzzzz", "nobody is called"),
    ("/claims?from=2026-07-01&to=2026-06-01", "lies before from"),
    ("/claims?from=yesterday", "no day such as"), ("/claims?from=2026-02-30", "no day such as"),
    ("/claims?as_of=2026-06-01T12:00", "no instant such as"), ("/claims?as_of=99999-01-01", "no day"),
    ("/claims?limit=0", "from 1 to 500"), ("/claims?limit=501", "from 1 to 500"), ("/claims?limit=1e3", "from 1 to 500"),
    ("/claims?limit=%D9%A1", "from 1 to 500"), ("/claims?fields=quote,qoute", "did you mean quote"),
    ("/claims?role=accused", "give that too"), ("/claims?format=xml", "there is no"),
    ("/claims?jurisdiction=CHN", "no country"), ("/figures?allows=many", "no number"),
    ("/claims?current=maybe", "neither true nor false"), ("/claims?type=denial%00", "control characters"),
    ("/entities?as_of=2026-01-01", "there is no parameter"), ("/claims/c-letter-1?type=denial", "there is no parameter"),
    ("/search", "q is missing"), ("/search?q=%22%22", "no word"), ("/search?q=a&order=random", "there is no"),
    ("/docs?x=1", "takes no parameters"), ("/claims?type=' OR 1=1 --", "there is no"),
    ("/claims?type=x'; DROP TABLE claims; --", "there is no"),
    ("/claims?actor=kestrel,oma", "give actor once for each: actor=kestrel&actor=oma"),
    ("/claims?actor=Kestrel+AI,+Northwind+Labs", "actor=Kestrel%20AI&actor=Northwind%20Labs"),
    ("/claims?event=northwind-letter-2026", "did you mean northwind-letter-2026-02"),
    ("/figures?event=zzz", "there is no event"), ("/answers?dispute=northwind-v-kestral", "did you mean northwind-v-kestrel"),
    ("/claims?document=doc-lettre", "did you mean doc-letter"), ("/figures?claim=c-leter-1", "did you mean c-letter-1"),
    ("/entities?parent=kestral", "did you mean kestrel"), ("/documents?publisher=Harbor+Courier", "did you mean Harbour Courier"),
    ("/documents?source=courrier", "did you mean courier"), ("/documents?language=chinese", "no language tag"),
])  # fmt: skip
def test_what_is_wrong_with_a_question_is_told(api: ApiClient, path: str, told: str) -> None:
    assert told in problem_of(api.ask(path), 400, "bad-parameters")["detail"]


def test_all_that_is_wrong_is_told_at_once(api: ApiClient) -> None:
    errors = problem_of(api.ask("/claims?actr=x&limit=no&type=deniel"), 400, "bad-parameters")["errors"]
    assert [item["parameter"] for item in errors] == ["actr", "limit", "type"]
    assert errors[0]["did_you_mean"] == ["actor"]
    assert "denial" in errors[2]["allowed"]


@pytest.mark.parametrize("path, status, name", [
    ("/nothing", 404, "not-found"), ("/claims/none", 404, "not-found"), ("/claims/", 404, "not-found"),
    ("/claims/..%2f..%2fetc%2fpasswd", 404, "not-found"), ("/claims/%00", 404, "not-found"),
    ("/claims/' OR 1=1 --", 404, "not-found"), ("/claims?x=" + "y" * 10_000, 414, "address-too-long"),
    ("/claims/" + "y" * 10_000, 414, "address-too-long"), ("/claims?x=%ff", 400, "bad-request"),
    ("/claims?" + "&".join(f"a{n}=1" for n in range(200)), 400, "bad-request"),
    ("/reconcile/preview?id=none", 404, "not-found"),
])  # fmt: skip
def test_addresses_that_lead_nowhere(api: ApiClient, path: str, status: int, name: str) -> None:
    problem_of(api.ask(path), status, name)


def test_a_query_of_ten_megabytes_is_refused_unread(api: ApiClient) -> None:
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "method": "GET", "path": f"{ROOT}/claims", "query_string": b"type=" + b"a" * 10_000_000,
                 "headers": [], "scheme": "http", "client": ("192.0.2.9", 1), "root_path": "", "http_version": "1.1"}  # fmt: skip
        await api.app(scope, receive, send)

    asyncio.run(run())
    assert sent[0]["status"] == 414
    assert len(sent[1]["body"]) < 1000


def test_an_id_that_is_nearly_right_is_answered_with_the_right_one(api: ApiClient) -> None:
    for path, told in (
        ("/claims/c-letter-", "did you mean c-letter-"), ("/entities/Kestrel", "did you mean kestrel"),
        ("/entities/kestral", "did you mean kestrel"), ("/event", "did you mean /events"),
        ("/claims.csv", "did you mean /claims"), ("/qqqqqq", "the root lists"), ("/claims/zzzzzz", "there is no claim"),
    ):  # fmt: skip
        assert told in problem_of(api.ask(path), 404, "not-found")["detail"], path


def test_what_was_merged_leads_to_where_it_is(api: ApiClient, api_database: Path) -> None:
    with closing(sqlite3.connect(api_database)) as connection:
        moved = connection.execute("SELECT old_id, new_id FROM redirects").fetchall()
    assert moved
    for old, _ in moved:
        resource = "disputes" if "-v-" in old else "events"
        answer = api.ask(f"/{resource}/{old}?fields=title")
        assert answer.status_code == 308
        assert api.ask(answer.headers["location"].removeprefix(ROOT)).status_code == 200


def test_too_many_requests_have_to_wait(api_database: Path) -> None:
    with client_of(api_database, ApiSettings(RateLimit(requests=3, window_s=60))) as client:
        answers = [client.ask("/sources") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"requests";q=3;w=60'
        assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers] == [
            '"requests";r=2', '"requests";r=1', '"requests";r=0', '"requests";r=0',
        ]  # fmt: skip
        problem_of(answers[3], 429, "rate-limited")
        assert 1 <= int(answers[3].headers["retry-after"]) <= 20
        assert (
            answers[3].headers["access-control-allow-origin"] == "*" if "origin" in answers[3].request.headers else True
        )
        assert client.ask("/sources", client=("192.0.2.2", 5)).status_code == 200
        assert client.ask("/sources", "OPTIONS").status_code == 204


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from(["192.0.2.1", "2001:db8::1", "2001:db8::2"])), max_size=60))
def test_a_bucket_never_gives_more_than_its_limit(steps: list[tuple[float, str]]) -> None:
    now, given_at = 0.0, []
    buckets = Buckets(RateLimit(requests=5, window_s=10, most_addresses=2), clock=lambda: now)
    for wait, address in steps:
        now += wait
        allowance = buckets.take(address)
        assert 0 <= allowance.left <= 5 and 0 <= allowance.reset_s <= 10
        if allowance.is_allowed and ":" in address:
            given_at.append(now)
        assert allowance.is_allowed or allowance.wait_s >= 1
    for start in given_at:  # all at once, and what came back meanwhile
        assert sum(start <= at <= start + 10 for at in given_at) <= 5 + 5 + 1


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    with client_of(tmp_path / "none.db") as client:
        answer = client.ask("/claims")
        problem_of(answer, 503, "unavailable")
        assert answer.headers["retry-after"]
        assert client.ask("/openapi.json").status_code == 200


def test_a_question_that_takes_too_long_is_ended(api_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(_sources)") if row[1] != "name"]
        connection.execute(
            f"""WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 30000)
            INSERT INTO _sources (name, {", ".join(columns)})
            SELECT 'source-' || n.x, {", ".join(columns)} FROM n, (SELECT * FROM _sources LIMIT 1)"""
        )
        connection.commit()
    with client_of(path, ApiSettings(RateLimit(0), seconds=0.0)) as client:
        answer = client.ask("/sources?health=layout_changed")
        assert "smaller limit" in problem_of(answer, 503, "too-slow")["detail"]
        assert answer.headers["retry-after"]
        assert client.ask("/claims/c-letter-1").status_code == 200


def test_a_mistake_of_ours_says_nothing_of_the_machine(api_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP VIEW answers")
    with client_of(path) as client:
        problem_of(client.ask("/answers"), 500, "internal")
        assert client.ask("/answers", headers={"Origin": "https://newsroom.example"}).headers[
            "access-control-allow-origin"
        ]
        assert client.ask("/claims").status_code == 200


def test_cells_that_a_spreadsheet_would_run_are_neutralised(tmp_path: Path, api_database: Path) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    marks = ["=", "+", "-", "@", "\t", "\r", "\n"]
    with closing(sqlite3.connect(path)) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM _claims ORDER BY id LIMIT ?", (len(marks),))]
        for mark, id_ in zip(marks, ids, strict=False):
            connection.execute("UPDATE _claims SET quote = ? WHERE id = ?", (f"{mark}HYPERLINK(1)", id_))
        connection.commit()
    with client_of(path) as client:
        cells = [row["quote"] for row in csv.DictReader(io.StringIO(client.ask("/claims?format=csv").text, newline=""))]
        assert sum(cell.startswith("'") for cell in cells) == len(ids)
        assert not [cell for cell in cells if cell[:1] in marks]
        assert f"{marks[0]}HYPERLINK(1)" in {row["quote"] for row in client.rows("/claims")}


def test_the_description_and_its_page_name_every_problem_and_load_nothing(api: ApiClient) -> None:
    page = api.ask("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"<script|<link|<img|@import|url\(|src=", page.text)
    for name in PROBLEM_TYPES:
        assert f'id="problem-{name}"' in page.text
    description = api.ask("/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert description["servers"] == [{"url": ROOT}]
    assert set(description["paths"]) >= {"/claims", "/claims/{id}", "/search", "/reconcile"}
    assert json.dumps(description).count("#/components/schemas/Claim") >= 2
