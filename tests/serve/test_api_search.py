"""Search in titles, summaries and quotes, and reconciliation of names, as a client of each asks for them."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.apiclient import ROOT, ApiClient, client_of
from tracker.reconcile.namescores import bare_name, normal_name, score_names


def test_words_phrases_and_beginnings_are_found(api: ApiClient) -> None:
    found = api.rows("/search", q="letter")
    assert {row["kind"] for row in found} >= {"event", "claim"}
    for row in found:
        assert "letter" in f"{row['title']} {row['words']}".lower()
        assert api.ask(row["self"].removeprefix(ROOT)).status_code == 200
    assert api.rows("/search", q='"in a letter"') != []
    assert api.rows("/search", q='"letter a in"') == []
    assert {row["id"] for row in api.rows("/search", q="fraud*", kind="claim")} >= {"c-letter-1"}
    assert api.rows("/search", q="letter northwind nowhere") == []


def test_chinese_is_found_also_by_two_characters(api: ApiClient) -> None:
    for words in ("红隼公司", "红隼", "虚假账户 红隼", "隼"):
        assert "c-zh-1" in {row["id"] for row in api.rows("/search", q=words)}, words
    assert api.rows("/search", q="红隼不在") == []


def test_pages_of_a_search_hold_each_row_once_in_the_order_of_all(api: ApiClient) -> None:
    whole = api.rows("/search", q="northwind", limit=100)
    assert len(whole) > 4
    assert list(api.walk("/search", q="northwind", limit=2)) == whole
    kinds = [row["kind"] for row in whole]
    assert kinds == sorted(kinds, key=["event", "dispute", "document", "claim"].index)
    for kind in set(kinds):
        days = [row["dated_on"] or "" for row in whole if row["kind"] == kind]
        assert days == sorted(days, reverse=True)
        assert list(api.walk("/search", q="northwind", kind=kind, limit=1)) == [r for r in whole if r["kind"] == kind]


def test_by_relevance_there_is_one_page(api: ApiClient) -> None:
    told = api.ask("/search", params={"q": "northwind", "order": "relevance", "limit": 2}).json()
    assert len(told["data"]) == 2
    assert "next" not in told["links"]


@given(st.text(max_size=30))
def test_any_words_are_answered_or_refused(api: ApiClient, words: str) -> None:
    answer = api.ask("/search", params={"q": words.encode("utf-8", "ignore").decode()})
    assert answer.status_code in (200, 400)


def match(api: ApiClient, **query: Any) -> list[dict[str, Any]]:
    answer = api.ask("/reconcile", params={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["q0"]["result"]
    return found


def test_the_manifest_has_what_openrefine_asks_for(api: ApiClient) -> None:
    told = api.ask("/reconcile").json()
    assert "0.2" in told["versions"]
    assert {"name", "identifierSpace", "schemaSpace", "defaultTypes", "view", "preview", "suggest", "extend"} <= set(
        told
    )
    assert "{{id}}" in told["view"]["url"] and "{{id}}" in told["preview"]["url"]
    here = told["suggest"]["entity"]["service_url"]
    assert here == f"http://tracker.example{ROOT}/reconcile"
    for what in ("entity", "type", "property"):
        path = f"/reconcile{told['suggest'][what]['service_path']}"
        result = api.ask(path, params={"prefix": "c" if what == "type" else "k" if what == "entity" else "j"}).json()[
            "result"
        ]
        assert result and all({"id", "name"} <= set(item) for item in result)
    proposed = api.ask(
        f"/reconcile{told['extend']['propose_properties']['service_path']}", params={"type": "company"}
    ).json()
    assert {"id": "jurisdiction", "name": "Country (ISO 3166-1 code)"} in proposed["properties"]
    assert api.ask("/reconcile", headers={"Host": "evil.example/<script>"}).status_code == 400


@pytest.mark.parametrize(
    "name", ["Kestrel AI", "kestrel ai", "KESTREL  A.I.", "Kestrel AI, Inc.", "kestrel", "红隼公司"]
)
def test_a_name_is_matched_whatever_its_form(api: ApiClient, name: str) -> None:
    first = match(api, query=name)[0]
    assert first["id"] == "kestrel"
    assert set(first) == {"id", "name", "description", "type", "score", "match", "features"}
    features = {item["id"]: item["value"] for item in first["features"]}
    assert features["name_likeness"] == first["score"]
    assert all(isinstance(value, bool | int | float) for value in features.values())


def test_only_the_same_name_is_a_match_and_slips_are_candidates(api: ApiClient) -> None:
    assert match(api, query="Kestrel AI")[0]["match"] is True
    slip = match(api, query="Kestral AI")[0]
    assert (slip["id"], slip["match"]) == ("kestrel", False)
    assert 55 <= slip["score"] < 98
    assert match(api, query="Zzyzx Quux") == []
    assert match(api, query="Kestrel AI", type="person", type_strict="any") == []
    should = match(api, query="Kestrel AI", type="person", type_strict="should")[0]
    assert (should["id"], should["match"], should["score"]) == ("kestrel", False, 90.0)
    differs = match(api, query="Kestrel AI", properties=[{"pid": "jurisdiction", "v": "FR"}])[0]
    assert (differs["match"], differs["score"]) == (False, 85.0)


def test_a_batch_comes_back_by_its_keys_by_get_and_by_post(api: ApiClient) -> None:
    batch = json.dumps({"a": {"query": "Umbra"}, "b": {"query": "Northwind Labs", "limit": 1}, "c": {"query": ""}})
    by_get = api.ask("/reconcile", params={"queries": batch}).json()
    by_post = api.ask("/reconcile", "POST", data={"queries": batch}).json()
    assert by_get == by_post
    assert [by_post[key]["result"][0]["id"] for key in "ab"] == ["umbra", "northwind"]
    assert len(by_post["b"]["result"]) == 1 and by_post["c"]["result"] == []


def test_properties_of_entities_can_be_fetched(api: ApiClient) -> None:
    asked = {"ids": ["kestrel", "nobody"], "properties": [{"id": "alias"}, {"id": "claims"}, {"id": "jurisdiction"}]}
    told = api.ask("/reconcile", "POST", data={"extend": json.dumps(asked)}).json()
    assert [item["id"] for item in told["meta"]] == ["alias", "claims", "jurisdiction"]
    assert told["rows"]["nobody"] == {"alias": [], "claims": [], "jurisdiction": []}
    assert told["rows"]["kestrel"]["claims"][0]["int"] > 0


def test_a_page_that_is_fetched_into_a_table_has_its_whole_address(
    api: ApiClient, api_database: Path, tmp_path: Path
) -> None:
    asked = {"extend": json.dumps({"ids": ["kestrel"], "properties": [{"id": "page"}]})}

    def page(client: ApiClient) -> str:
        answer = client.ask("/reconcile", params=asked)
        assert answer.headers["cache-control"].startswith("private")
        return str(answer.json()["rows"]["kestrel"]["page"][0]["str"])

    assert page(api).startswith("http://tracker.example/entities/kestrel")
    path = tmp_path / "tracker.db"
    path.write_bytes(api_database.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT OR REPLACE INTO _about (name, value, description) VALUES ('site_url', 'https://site.example/below/', '')"
        )
    with client_of(path) as client:
        assert page(client).startswith("https://site.example/below/entities/kestrel")


def test_the_preview_is_a_page_of_its_own(api: ApiClient) -> None:
    page = api.ask("/reconcile/preview", params={"id": "kestrel"})
    assert page.headers["content-type"].startswith("text/html")
    assert "Kestrel AI" in page.text and not re.search(r"<script|src=|@import", page.text)


@pytest.mark.parametrize("given, status", [
    ({"params": {"queries": "{"}}, 400), ({"params": {"queries": "[]"}}, 400), ({"params": {"queries": '{"a": 1}'}}, 400),
    ({"params": {"queries": '{"a": {"query": 1}}'}}, 400), ({"params": {"queries": "[" * 2000}}, 400),
    ({"params": {"queries": json.dumps({str(n): {"query": "a"} for n in range(60)})}}, 400),
    ({"params": {"queries": '{"a": {"query": "a", "properties": [{"pid": "nose", "v": 1}]}}'}}, 400),
    ({"params": {"extend": '{"ids": ["a"], "properties": [{"id": "nose"}]}'}}, 400),
    ({"params": {"queries": "{}", "extend": "{}"}}, 400), ({"params": {"query": "x"}}, 400),
    ({"method": "POST", "data": {}}, 415), ({"method": "POST", "json": {"queries": {}}}, 415),
    ({"method": "POST", "data": {"x": "1"}}, 400),
    ({"method": "POST", "content": b"queries=" + b"a" * 1_500_000,
      "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 413),
])  # fmt: skip
def test_bad_batches_are_refused(api: ApiClient, given: dict[str, Any], status: int) -> None:
    answer: httpx.Response = api.ask("/reconcile", **given)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text


NAMES = st.text("abcdef éÀ北风公司.-", max_size=20)


@given(NAMES, st.lists(NAMES, min_size=1, max_size=4))
def test_scores_stay_in_bounds_and_only_the_same_name_has_all(query: str, names: list[str]) -> None:
    forms = [(name, normal_name(name), bare_name(normal_name(name))) for name in names]
    found = score_names(normal_name(query), forms)
    assert found is not None and 0 <= found.value <= 100
    assert (found.value == 100) == (normal_name(query) in {normal for _, normal, _ in forms})
    assert found.name in names
    assert score_names(normal_name(query), reversed(forms)).value == found.value  # type: ignore[union-attr]
