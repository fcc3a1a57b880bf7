"""The search index: made by Pagefind itself, the same files for the same records, and anew only where these changed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.conftest import build_world
from tracker.config import Site
from tracker.deliver import FolderSiteWriter
from tracker.deliver.searchindex import SearchableSiteWriter, is_installed, with_index
from tracker.errors import OutputUnusable
from tracker.render import RECORDS, render_site
from tracker.render.searchable import MOST_IN_PART, count_parts, part_of

NOWHERE = Path("/no/such/site")


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return render_site(build_world(), Site())


@pytest.fixture(scope="module")
def records(built: dict[str, bytes]) -> dict[str, bytes]:
    return {path: body for path, body in built.items() if RECORDS.fullmatch(path)}


def test_the_index_takes_the_place_of_its_records(built: dict[str, bytes]) -> None:
    files = with_index(built, NOWHERE)
    assert not [path for path in files if RECORDS.fullmatch(path)]
    assert {"pagefind/pagefind.js", "pagefind/pagefind-entry.json", "search.html", "assets/search.js"} <= files.keys()
    entry = json.loads(files["pagefind/pagefind-entry.json"])
    lines = built["pagefind/records-0.jsonl"].splitlines()
    assert entry["languages"]["en"]["page_count"] == len(lines) == len([p for p in files if "/fragment/" in p])
    assert not [path for path in files if "-ui" in path or "playground" in path], "the ready-made forms are not ours"


def test_equal_records_make_equal_files(records: dict[str, bytes]) -> None:
    made = [with_index(records, NOWHERE) for _ in range(4)]  # Pagefind alone orders its filters by chance
    assert all(files == made[0] for files in made)


def test_settings_of_whoever_publishes_change_nothing(
    records: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain = with_index(records, NOWHERE)
    monkeypatch.setenv("PAGEFIND_FORCE_LANGUAGE", "de")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pagefind.yml").write_text("force_language: de\n")
    assert with_index(records, NOWHERE) == plain


def test_an_index_is_taken_over_until_its_records_change(records: dict[str, bytes], tmp_path: Path) -> None:
    site = tmp_path / "site"
    made = with_index(records, site)
    FolderSiteWriter().write(made, site)
    fragment = next(path for path in made if "/fragment/" in path)
    (site / fragment).write_bytes(b"as it was")
    assert with_index(records, site)[fragment] == b"as it was", "the index of the site before was not taken over"
    (path,) = records
    other = with_index({path: records[path].replace(b"Kestrel", b"Sparrowhawk")}, site)
    assert b"as it was" not in other.values()


def test_a_damaged_index_of_the_site_before_is_made_anew(records: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "pagefind").mkdir()
    (tmp_path / "pagefind" / "records.sha256").write_bytes(b"\xff\xfe")
    assert with_index(records, tmp_path) == with_index(records, NOWHERE)


def test_a_large_site_has_its_index_in_parts() -> None:
    assert [count_parts(n) for n in (0, 1, MOST_IN_PART, MOST_IN_PART + 1, 27_000)] == [1, 1, 1, 2, 8]
    rows = [
        json.dumps(
            {"path": f"events/e{n}.html", "title": f"Event {n}", "kind": "Event", "type": "", "when": "", "text": "x"}
        )
        for n in range(40)
    ]
    parts = {
        f"pagefind/records-{k}.jsonl": "".join(
            f"{row}\n" for row in rows if part_of(json.loads(row)["path"], 4) == k
        ).encode()
        for k in range(4)
    }
    files = with_index(parts, NOWHERE)
    folders = {path.rpartition("/")[0].replace("/fragment", "") for path in files if "/fragment/" in path}
    assert folders == {"pagefind", "pagefind/part-1", "pagefind/part-2", "pagefind/part-3"}
    assert [path for path in files if path.endswith("pagefind.js")] == ["pagefind/pagefind.js"]


def test_where_pagefind_is_missing_there_is_no_index_and_no_record(
    built: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pagefind", None)
    assert not is_installed()
    assert not [path for path in with_index(built, NOWHERE) if path.startswith("pagefind/")]


def test_a_site_without_a_search_has_no_link_to_one() -> None:
    files = render_site(build_world(), Site(search=False))
    assert "search.html" not in files
    assert not [path for path, body in files.items() if path.endswith(".html") and b"search.html" in body]


def test_a_program_that_fails_leaves_the_old_site(
    built: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    writer = SearchableSiteWriter(FolderSiteWriter())
    writer.write(built, out)
    before = (out / "search.html").read_bytes()
    program = tmp_path / "broken"
    program.write_text("#!/bin/sh\necho no room >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(program))
    changed = render_site(replace(build_world(), documents=build_world().documents[:1]), Site())
    with pytest.raises(OutputUnusable, match="search index could not be made: no room"):
        writer.write(changed, out)
    assert (out / "search.html").read_bytes() == before
