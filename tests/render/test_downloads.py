"""Downloads: their rows are those of the exports, their columns are declared, and their checksums hold."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest
from bs4 import BeautifulSoup

from tests.render.conftest import SEEN, build_world
from tests.render.test_disputes import ACCUSED, PERSONAL, with_disputes
from tracker.config import Site
from tracker.deliver import FolderSiteWriter
from tracker.ids import int_digest, sha256_hex
from tracker.render import check_site, render_site, tablefiles
from tracker.render.columns import TABLES, exported_columns
from tracker.render.exchange import EXCHANGES
from tracker.render.exports import export_records
from tracker.render.tablefiles import Tables
from tracker.types import Dataset

HERE = Site(base_url="https://tracker.example/site")


@pytest.fixture(scope="module")
def world() -> Dataset:
    return with_disputes(ACCUSED, PERSONAL)


@pytest.fixture(scope="module")
def pages(world: Dataset) -> dict[str, bytes]:
    return render_site(world, HERE)


def lines_of(pages: dict[str, bytes], what: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in pages[f"downloads/{what}.jsonl"].splitlines()]


def test_every_export_is_offered_with_its_columns_declared(world: Dataset, pages: dict[str, bytes]) -> None:
    assert {table.what for table in TABLES} == {
        "events", "claims", "figures", "answers", "disputes", "entities", "documents", "assertions", "revisions", "curation",
    }  # fmt: skip
    filled = set()
    for table in TABLES:
        names = [column.name for column in table.columns]
        rows = lines_of(pages, table.what)
        assert len(rows) == len(export_records(world, table.what))
        assert all(list(row) == names or sorted(row) == sorted(names) for row in rows), table.what
        filled.update([table.what] if rows else [])
        head = next(csv.reader(io.StringIO(pages[f"downloads/{table.what}.csv"].decode())))
        assert head == names, "a table without rows has its head too"
    assert filled >= {"events", "claims", "figures", "answers", "disputes", "entities", "documents"}


def test_values_are_of_the_types_that_their_columns_declare(pages: dict[str, bytes]) -> None:
    is_of = {
        "text": lambda v: isinstance(v, str), "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
        "number": lambda v: isinstance(v, int | float), "boolean": lambda v: isinstance(v, bool),
        "day": lambda v: isinstance(v, str) and len(v) == 10, "instant": lambda v: isinstance(v, str) and "T" in v,
        "list": lambda v: isinstance(v, list) and all(isinstance(item, str) for item in v),
        "record": lambda v: isinstance(v, dict), "records": lambda v: isinstance(v, list) and all(isinstance(i, dict) for i in v),
    }  # fmt: skip
    for table in TABLES:
        for row in lines_of(pages, table.what):
            for column in table.columns:
                value = row[column.name]
                assert value is None or is_of[column.type](value), (table.what, column.name, value)


def test_parquet_and_csv_say_what_json_lines_say(pages: dict[str, bytes]) -> None:
    for table in TABLES:
        rows = lines_of(pages, table.what)
        read = pyarrow.parquet.read_table(io.BytesIO(pages[f"downloads/{table.what}.parquet"]))
        assert read.num_rows == len(rows) and read.column_names == [column.name for column in table.columns]
        assert len(list(csv.DictReader(io.StringIO(pages[f"downloads/{table.what}.csv"].decode())))) == len(rows)
        for column in table.columns:
            if column.type in ("text", "list", "boolean", "integer"):
                assert read[column.name].to_pylist() == [row[column.name] for row in rows], (table.what, column.name)
    claims = pyarrow.parquet.read_table(io.BytesIO(pages["downloads/claims.parquet"]))
    assert claims.schema.field("quote").metadata[b"description"] == b"the exact words"
    assert str(claims.schema.field("first_seen_at").type) == "timestamp[us, tz=UTC]"


def test_checksums_hold_as_sha256sum_reads_them(pages: dict[str, bytes], tmp_path: Path) -> None:
    FolderSiteWriter().write(pages, tmp_path / "site")
    told = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"],
        cwd=tmp_path / "site" / "downloads",
        capture_output=True,
    )
    assert told.returncode == 0, told.stderr
    assert len(pages["downloads/SHA256SUMS"].splitlines()) == 3 * len(TABLES) + 2 + len(EXCHANGES) + 1


def test_the_manifest_describes_each_file(pages: dict[str, bytes]) -> None:
    manifest = json.loads(pages["downloads/manifest.json"])
    assert manifest["licenses"] == [{"title": HERE.licence, "path": HERE.licence_url}]
    for resource in manifest["resources"]:
        body = pages[resource["path"]]
        assert resource["bytes"] == len(body) and resource["hash"] == f"sha256:{sha256_hex(body)}"
        assert all(field["description"] for field in resource.get("schema", {"fields": []})["fields"])


def test_the_page_names_each_file_with_its_size_and_checksum(pages: dict[str, bytes], world: Dataset) -> None:
    page = BeautifulSoup(pages["downloads.html"], "html.parser")
    rows = {link["href"]: link.find_parent("tr") for link in page.select("tbody a[download]")}
    described = {"downloads/manifest.json", "downloads/SHA256SUMS"}
    offered = {path for path in pages if path.startswith("downloads/")} - described
    assert set(rows) == offered | {"data/tracker.db", "data/metadata.json"}
    assert {item.path for item in EXCHANGES} <= offered
    for path, row in rows.items():
        assert row is not None and sha256_hex(pages[str(path)]) in row.get_text()
    assert check_site(pages, world) == []
    assert b'href="../downloads.html"' in pages["events/northwind-letter-2026-02.html"]


def test_nothing_that_awaits_review_and_no_text_of_a_publisher_is_offered(world: Dataset) -> None:
    unsure = replace(world.reconciled.claims[0], id="c-unsure")
    pages = render_site(replace(world, awaiting_review=(unsure,)), HERE)
    files = b"".join(body for path, body in pages.items() if path.startswith("downloads/"))
    assert b"c-unsure" not in files
    assert b'"diff"' not in files
    assert b"models are rented by the token" not in files, "a sentence that no claim quotes"


def test_a_further_look_at_a_page_changes_no_file(world: Dataset, pages: dict[str, bytes]) -> None:
    later = SEEN.replace(day=20)
    documents = tuple(
        replace(item, last_seen_at=later, versions=(*item.versions[:-1], replace(item.current, last_seen_at=later)))
        for item in world.documents
    )
    claims = tuple(
        replace(record, last_seen_at=later) if record.in_current_version else record
        for record in world.reconciled.claims
    )
    again = render_site(replace(world, documents=documents, reconciled=replace(world.reconciled, claims=claims)), HERE)
    changed = {path for path, body in again.items() if body != pages[path] and path.startswith("downloads/")}
    # a statement of FollowTheMoney tells on which day it was last seen, as the database does
    by_day = {"downloads/entities.ftm.json", "downloads/statements.ftm.json"}
    assert changed == by_day | {"downloads/manifest.json", "downloads/SHA256SUMS"}


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed() -> None:
    world = build_world()
    entities = (replace(world.reconciled.entities[0], name="=HYPERLINK(1)"), *world.reconciled.entities[1:])
    pages = render_site(replace(world, reconciled=replace(world.reconciled, entities=entities)), HERE)
    names = [row["name"] for row in csv.DictReader(io.StringIO(pages["downloads/entities.csv"].decode()))]
    assert "'=HYPERLINK(1)" in names


def test_without_networkx_the_network_is_left_out_and_the_page_says_so(
    world: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    pages = render_site(world, HERE)
    assert "downloads/network.graphml" not in pages and "downloads/bundle.stix.json" in pages
    assert (
        b"Not written, since a library is not installed where this site is built: Accusation network"
        in pages["downloads.html"]
    )
    assert check_site(pages, world) == []


def test_what_is_too_large_for_a_site_is_left_out_and_the_page_says_so(
    world: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tuple(replace(item, most_claims=3) if item.what == "bundle" else item for item in EXCHANGES)
    monkeypatch.setattr("tracker.render.exchange.EXCHANGES", small)
    pages = render_site(world, HERE)
    assert not {"downloads/bundle.stix.json", "downloads/stix-claims.schema.json"} & pages.keys()
    assert "downloads/statements.ftm.json" in pages
    assert b"<code>tracker export</code> writes them: STIX bundle" in pages["downloads.html"]
    assert check_site(pages, world) == []


def test_the_bundle_names_its_schema(pages: dict[str, bytes]) -> None:
    resources = {item["path"]: item for item in json.loads(pages["downloads/manifest.json"])["resources"]}
    schema = resources["downloads/bundle.stix.json"]["jsonSchema"]
    assert schema in resources and json.loads(pages[schema])["$schema"].startswith("https://json-schema.org/")
    assert resources["downloads/entities.ftm.json"]["rows"] > len(world_entities(pages))


def world_entities(pages: dict[str, bytes]) -> list[bytes]:
    return pages["downloads/entities.jsonl"].splitlines()


def test_an_empty_dataset_has_heads_and_no_rows() -> None:
    pages = render_site(Dataset(), Site())
    assert check_site(pages, Dataset()) == []
    for table in TABLES:
        assert pages[f"downloads/{table.what}.jsonl"] == b""
        assert pyarrow.parquet.read_table(io.BytesIO(pages[f"downloads/{table.what}.parquet"])).num_rows == 0


def test_a_look_back_says_so_in_every_row() -> None:
    world = replace(build_world(), as_of=SEEN)
    pages = render_site(world, Site())
    assert {row["as_of"] for row in lines_of(pages, "claims")} == {SEEN.isoformat()}
    read = pyarrow.parquet.read_table(io.BytesIO(pages["downloads/events.parquet"]))
    assert read.column_names[-1] == "as_of" and set(read["as_of"].to_pylist()) == {SEEN}


def test_exports_have_the_columns_that_are_declared_for_them(world: Dataset) -> None:
    for table in TABLES:
        names = {column.name for column in exported_columns(table.what)[0]}
        assert all(set(record) == names for record in export_records(world, table.what)), table.what


def test_answers_over_those_of_the_last_build_are_those_made_at_once(
    world: Dataset, pages: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = next(table for table in TABLES if table.what == "answers")

    def tables_of(dataset: Dataset, last: Tables, files: dict[str, bytes]) -> Tables:
        said = {f"claims:{record.id}": int_digest(repr(record)) for record in dataset.reconciled.claims}
        return Tables(lambda name: said.get(name, 0), last.made, files.get)

    made: list[str] = []
    make = tablefiles.answers_of
    monkeypatch.setattr(tablefiles, "answers_of", lambda group, held: (made.append(group.name), make(group, held))[1])
    first = tables_of(world, Tables(), {})
    whole = first.make(world, table, dict)
    assert whole.csv == Tables().make(world, table, dict).csv
    files = {f"downloads/answers.{end}": body for end, body in (("csv", whole.csv), ("jsonl", whole.jsonl))}
    files["downloads/answers.parquet"] = whole.parquet or b""
    group_names = set(made)
    made.clear()
    same = tables_of(world, first, files).make(world, table, dict)
    assert (same.csv, same.jsonl, same.rows, made) == (whole.csv, whole.jsonl, whole.rows, [])
    changed = next(item for item in world.reconciled.events if item.answers and item.answers[0].claim_id)
    answers = (replace(changed.answers[0], party="somebody-else"), *changed.answers[1:])
    events = tuple(replace(item, answers=answers) if item is changed else item for item in world.reconciled.events)
    later = replace(world, reconciled=replace(world.reconciled, events=events))
    over = tables_of(later, first, files).make(later, table, dict)
    assert f"event {changed.id}" in made and len(made) < len(group_names), (made, group_names)
    at_once = Tables().make(later, table, dict)
    assert (over.csv, over.jsonl, over.rows) == (at_once.csv, at_once.jsonl, at_once.rows) != (whole.csv, b"", 0)
    assert b"somebody-else" in over.csv and b"somebody-else" not in whole.csv
