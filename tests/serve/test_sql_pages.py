"""SQL for people under /data: the documented views, the worked questions, and nothing that was not meant."""

from __future__ import annotations

import csv
import io
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import build_world
from tests.serve.asking import get
from tests.serve.conftest import running
from tracker.config import Site
from tracker.deliver import FolderSiteWriter
from tracker.render.database import load_questions, load_schema, make_database
from tracker.serve.csvcells import CsvCells
from tracker.serve.serving import Serving

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


def ask(server: str, sql: str, ending: str = "json", **more: str) -> httpx.Response:
    return get(f"{server}/data/tracker.{ending}", params={"sql": sql, **more}, timeout=60)


def test_every_view_has_a_page_with_its_descriptions_and_comes_as_json_and_csv(server: str) -> None:
    for relation in load_schema().relations:
        if not relation.is_public:
            continue
        page = get(f"{server}/data/tracker/{relation.name}", timeout=30)
        assert page.status_code == 200, relation.name
        assert relation.columns[0].description.partition("'")[0].partition('"')[0] in page.text
        rows = get(f"{server}/data/tracker/{relation.name}.json?_shape=array").json()
        lines = get(f"{server}/data/tracker/{relation.name}.csv").text
        assert len(list(csv.reader(io.StringIO(lines)))) == len(rows) + 1, relation.name


def test_the_worked_questions_are_there_and_begin_with_values_that_show_what_they_are_for(server: str) -> None:
    front = get(f"{server}/data", follow_redirects=True)
    for question in load_questions():
        assert f'href="/data/tracker/{question.name}"' in front.text
        page = get(f"{server}/data/tracker/{question.name}", follow_redirects=True)
        assert page.status_code == 200
        for name, value in question.parameters:
            assert re.search(rf'name="{name}" value="{re.escape(value)}"', page.text)
            assert f"{name}={value}" in str(page.url)
        rows = get(f"{server}/data/tracker/{question.name}.json", params=dict(question.parameters))
        assert rows.json()["ok"], question.name


def test_facets_search_and_filters_work_on_views(server: str) -> None:
    facets = get(f"{server}/data/tracker/claims.json?_facet=type").json()["facet_results"]["type"]["results"]
    assert {item["value"] for item in facets} >= {"allegation", "denial"}
    found = get(f"{server}/data/tracker/claims.json?_shape=array&_search=fraudulent").json()
    assert found and all("fraudulent" in row["quote"] for row in found)
    assert get(f"{server}/data/tracker/claims.json?_shape=array&type=denial").json()


def test_rows_lead_to_their_pages_on_the_site(server: str) -> None:
    page = get(f"{server}/data/tracker/events").text
    links = set(re.findall(r'href="(/events/[^"]+)"', page))
    assert links
    for link in links:
        assert get(f"{server}{link}").status_code == 200
    assert re.search(r'href="/entities/[^"]+"', get(f"{server}/data/tracker/relations").text)


def test_links_and_assets_of_the_pages_are_of_this_server(server: str) -> None:
    for path in ("tracker", "tracker/claims", "tracker/who-speaks-for?body=x", "tracker?sql=select+1"):
        page = get(f"{server}/data/{path}")
        loaded = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="([^"]+)"', page.text)
        assert loaded and all(item.startswith(("/data/", f"{server}/data/")) for item in loaded)
        for item in loaded:
            address = item if item.startswith("http") else server + item
            assert get(address.replace("&amp;", "&")).status_code == 200, address
        assert "unsafe-inline" not in page.headers["content-security-policy"].partition("style-src")[0]
        assert "set-cookie" not in page.headers


def test_browsers_find_the_sites_icon_where_they_look_for_one(server: str) -> None:
    assert get(f"{server}/favicon.ico", follow_redirects=True).headers["content-type"] == "image/svg+xml"


def test_what_the_site_has_there_is_the_sites(server: str, site: Path) -> None:
    assert get(f"{server}/data/tracker.db").content == (site / "data/tracker.db").read_bytes()
    assert get(f"{server}/data/metadata.json").content == (site / "data/metadata.json").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "-/versions", "-/versions.json", "-/plugins.json", "-/settings.json", "-/threads", "-/databases.json", "-/actor",
        "-/auth-token", "-/logout", "-/permissions", "-/messages", "-/allow-debug", "-/patterns", "-/metadata.json",
        "_internal", "_internal/tables.json", "_internal.json?sql=select+1", "_memory", ":memory:/x", "other",
        "-/static/../../templates/base.html", "-/static/%2e%2e/app.py", "-/static-plugins/x/y", "tracker.db/", "favicon.ico",
    ],
)  # fmt: skip
def test_nothing_else_of_datasette_is_reached(server: str, path: str) -> None:
    answer = get(f"{server}/data/{path}")
    assert answer.status_code == 404, answer.text[:300]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM _events", "INSERT INTO _about VALUES (99, 'a', 'b', 'c')", "ATTACH '/etc/passwd' AS other",
        "PRAGMA database_list", "select * from pragma_database_list", "select * from pragma_database_list()",
        "select load_extension('x')", "select 1; drop table _events", "with a as (select 1) delete from _events",
        "select writefile('/tmp/x', 'y')", "select readfile('/etc/passwd')", "select * from pragma_function_list",
        "select fts3_tokenizer('x')", "select * from pragma_schema_version(7)", "explain select 1; vacuum into '/tmp/x'",
        "select * from nothing", "select nothing from events", "select", "select '", "\u0000",
        "select " + "(" * 500 + "1" + ")" * 500, "select 1" + " union all select 1" * 60, "select " + "1," * 500 + "1",
    ],
)  # fmt: skip
def test_sql_that_writes_leads_out_or_is_wrong_is_refused(server: str, sql: str) -> None:
    for ending in ("json", "csv"):
        answer = ask(server, sql, ending)
        assert answer.status_code == 400, answer.text[:200]
        assert (
            "Traceback" not in answer.text and "site-packages" not in answer.text and "/tmp/pytest" not in answer.text
        )


@pytest.mark.filterwarnings("ignore:coroutine")  # that Datasette drops when one facet is refused
def test_names_in_the_address_are_no_way_into_sql(server: str) -> None:
    before = ask(server, "select count(*) from events").json()["rows"]
    for path in ("events?id=x'+or+1=1--", "events'--", "events?_sort=id;drop+table+_events", "events?_where=1=1)--",
                 "events?_search=%22&_sort_desc=x", "claims?_facet=nope", "claims?_size=x", "claims?_next=x", "claims?_size=-1",
                 "claims?_timelimit=x", "claims?_through=x", "claims?_col=x", "claims?_extra=x", "claims?type__in=[",
                 "claims?_search=a+AND", "claims?_size=99999999999999999999", "claims?_facet_size=x", "_claims/x", "_claims/~ZZ",
                 "claims?_trace=1", "claims?_labels=on", "claims?_facet_array=accused", "claims?_facet_date=x"):  # fmt: skip
        for ending in ("", ".json", ".csv"):
            name, mark, query = path.partition("?")
            answer = get(f"{server}/data/tracker/{name}{ending}{mark}{query}", timeout=30)
            assert answer.status_code < 500, (path, ending)
            assert "Traceback" not in answer.text and "site-packages" not in answer.text
    assert ask(server, "select count(*) from events").json()["rows"] == before


def test_a_query_that_never_ends_is_stopped_and_others_are_answered_meanwhile(site: Path) -> None:
    with running(Serving(site, query_seconds=0.5)) as address:
        stopped: list[httpx.Response] = []
        slow = [threading.Thread(target=lambda: stopped.append(ask(address, ENDLESS))) for _ in range(3)]
        for thread in slow:
            thread.start()
        started = time.monotonic()
        assert get(f"{address}/").status_code == 200
        assert ask(address, "select 1").status_code == 200
        for thread in slow:
            thread.join()
        assert time.monotonic() - started < 20
    assert [item.status_code for item in stopped] == [400, 400, 400]
    assert "too long" in stopped[0].json()["error"]


@pytest.mark.parametrize(
    "sql",
    [
        "select hex(zeroblob(100000000))", "select group_concat(a.quote) from claims a, claims b, claims c, claims d",
        "select a.quote || b.quote, a.*, b.*, c.* from claims a, claims b, claims c, claims d, claims e",
        "select hex(zeroblob(40000)) from claims a, claims b, claims c",
        "select instr(hex(zeroblob(45000)), hex(zeroblob(22000)) || '1') from claims a, claims b, claims c, claims d, claims e",
        "select hex(zeroblob(45000)) like '%" + "0%" * 90 + "1' from claims a, claims b, claims c, claims d, claims e",
        "select randomblob(90000) from claims a, claims b, claims c, claims d order by 1",
    ],
)  # fmt: skip
def test_answers_that_would_be_huge_and_functions_that_would_take_for_ever_end(site: Path, sql: str) -> None:
    with running(Serving(site, query_seconds=0.5)) as address:
        started = time.process_time()
        answer = ask(address, sql)
        assert time.process_time() - started < 10
    assert answer.status_code in (200, 400)
    assert len(answer.content) < 40_000_000


def test_rows_are_limited_and_the_answer_says_so(site: Path) -> None:
    with running(Serving(site, query_rows=7)) as address:
        answer = ask(address, "select a.id from claims a, claims b").json()
        assert len(answer["rows"]) == 7 and answer["truncated"]
        assert get(f"{address}/data/tracker/claims.json?_size=8").status_code == 400
        streamed = get(f"{address}/data/tracker/claims.csv?_stream=on").text
    assert len(list(csv.reader(io.StringIO(streamed)))) > 8  # page by page, each within the limit


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(server: str) -> None:
    sql = "select '=1+1' as a, '-2.5' as b, -3 as c, '@x,\"y\"' as d, '+x\ny' as e, 'plain' as f, char(9)||'t' as g, '-x' as \"=h\""
    rows = list(csv.reader(io.StringIO(ask(server, sql, "csv").text, newline="")))
    assert rows == [
        ["a", "b", "c", "d", "e", "f", "g", "'=h"],
        ["'=1+1", "-2.5", "-3", '\'@x,"y"', "'+x\ny", "plain", "'\tt", "'-x"],
    ]


@given(st.lists(st.lists(st.text(st.sampled_from('=+-@ab1.,"\n\r\t'), max_size=6), min_size=2, max_size=3), max_size=4),
       st.integers(1, 7))  # fmt: skip
def test_csv_in_any_pieces_keeps_every_cell_and_starts_none_with_a_formula(rows: list[list[str]], size: int) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    text, cells = buffer.getvalue(), CsvCells()
    passed = "".join(cells.take(text[at : at + size]) for at in range(0, len(text), size)) + cells.finish()
    read = list(csv.reader(io.StringIO(passed, newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == rows
    for cell in (cell for row in read for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", cell)


@pytest.fixture
def changing(site: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    with running(Serving(folder, look_every_s=0.05)) as address:
        yield address, folder


def test_a_newer_database_is_served_without_a_restart_and_no_query_fails(changing: tuple[str, Path]) -> None:
    address, folder = changing
    world = build_world()
    failed: list[str] = []
    titles: set[str] = set()
    stop = threading.Event()

    def keep_asking() -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not stop.is_set():
                answer = client.get("/data/tracker/about.json?_shape=object&_labels=off&name=title")
                pages = [client.get("/data/tracker/claims.json?_facet=type"), client.get("/data/tracker")]
                failed.extend(item.text[:200] for item in pages if item.status_code != 200)
                told = client.get("/data/tracker.json?sql=select+value+from+about+where+name='title'&_shape=arrays")
                titles.add(told.json()["rows"][0][0] if told.status_code == 200 else answer.text)

    askers = [threading.Thread(target=keep_asking) for _ in range(2)]
    for asker in askers:
        asker.start()
    for number in range(6):
        body = make_database(world, Site(title=f"Edition {number}"))
        FolderSiteWriter().write({"index.html": b"x", "data/tracker.db": body}, folder)
        time.sleep(0.2)
    end = time.monotonic() + 30
    while "Edition 5" not in titles and time.monotonic() < end:
        time.sleep(0.05)
    stop.set()
    for asker in askers:
        asker.join()
    assert not failed
    assert {title for title in titles if title.startswith("Edition")} and "Edition 5" in titles


def test_a_database_that_cannot_be_read_leaves_the_old_one_up(changing: tuple[str, Path]) -> None:
    address, folder = changing
    (folder / "data/new.db").write_bytes(b"no database")
    (folder / "data/new.db").replace(folder / "data/tracker.db")
    end = time.monotonic() + 20
    while "newer" not in get(f"{address}/readyz").json() and time.monotonic() < end:
        time.sleep(0.05)
    ready = get(f"{address}/readyz")
    assert (ready.status_code, ready.json()["newer"]) == (200, "cannot be read")
    assert "tracker_serve_newer_unreadable 1.0" in get(f"{address}/metrics").text
    assert ask(address, "select count(*) from claims").status_code == 200


def test_without_a_database_sql_says_so(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("a site")
    with running(Serving(tmp_path)) as address:
        answer = get(f"{address}/data/tracker/claims")
    assert answer.status_code == 503
    assert "no published database" in answer.json()["detail"]
