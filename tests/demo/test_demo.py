"""The demo, looked at as its user does."""

from __future__ import annotations

import gzip
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.demo.conftest import EPOCH, dump_database, read_tree, run_tracker


def test_the_summary_counts_every_source_and_says_why(demo: tuple[Path, str]) -> None:
    _, printed = demo
    for word in ("source", "fetched", "new", "changed", "unchanged", "refused", "failed", "why"):
        assert word in printed
    assert re.search(r"all\s+\d+\s+45\s+", printed), "45 pages were new"
    assert "answered 404 Not Found" in printed
    assert "robots.txt of ledgerline.example forbids /subscribers/chips-brief" in printed
    assert "site/index.html" in printed.replace("\n", "")


def test_a_forbidden_page_was_never_asked_for(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    asked = set()
    for path in (folder / "archive").glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                asked.add(record.rec_headers.get_header("WARC-Target-URI"))
    assert asked
    assert not any("/subscribers/" in str(url) for url in asked)


def test_the_corrected_story_is_one_document_with_two_versions(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    connection = sqlite3.connect(folder / "tracker.db")
    rows = connection.execute(
        "SELECT v.number, v.text FROM version v JOIN document d ON d.id = v.document_id "
        "WHERE d.url LIKE '%/2026/06/24/anthropic-alibaba-letter' ORDER BY v.number"
    ).fetchall()
    connection.close()
    assert [number for number, _ in rows] == [1, 2]
    assert "about 24,000 fraudulent accounts" in rows[0][1]
    assert "nearly 25,000 fraudulent accounts" in rows[1][1]


def test_odd_pages_come_out_right(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    connection = sqlite3.connect(folder / "tracker.db")
    texts = {url: (text, language) for url, text, language in connection.execute(
        "SELECT d.url, v.text, v.language FROM version v JOIN document d ON d.id = v.document_id"
    )}  # fmt: skip
    connection.close()
    by_end = {url.rsplit("/", 1)[1]: value for url, value in texts.items()}
    chinese, language = by_end["20260625-anthropic-alibaba"]
    assert "近2.5万个虚假账户" in chinese and language.startswith("zh")
    french, language = by_end["distillation-washington-pekin"]
    assert "dépêche" in french and language.startswith("fr")
    mislabelled, _ = by_end["counting-what-cannot-be-seen"]
    assert "’" in mislabelled and "â€" not in mislabelled
    pdf, _ = by_end["nstm-4-fact-sheet.pdf"]
    assert "\n\n" in pdf and len(pdf) > 500


def test_only_names_of_the_matter_are_proposed(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    with closing(sqlite3.connect(folder / "tracker.db")) as connection:
        judged = dict(connection.execute(
            "SELECT d.url, e.relevance FROM extraction e JOIN version v ON v.id = e.version_id "
            "JOIN document d ON d.id = v.document_id"
        ))  # fmt: skip
    aside = {url.rsplit("/", 1)[1] for url, relevance in judged.items() if relevance == "irrelevant"}
    assert "ferry-summer-timetable" in aside
    proposed = run_tracker("curate", "proposals", "--dir", str(folder), cwd=folder).stdout
    assert "no gazetteer has" in proposed and "Bicycles" not in proposed


def test_every_stored_span_holds_its_words(demo: tuple[Path, str]) -> None:
    import json

    folder, _ = demo
    connection = sqlite3.connect(folder / "tracker.db")
    checked = 0
    for payload, text in connection.execute(
        "SELECT e.payload, v.text FROM extraction e JOIN version v ON v.id = e.version_id"
    ):
        extraction = json.loads(payload)
        for kind in ("mentions", "quantities", "dates", "claims"):
            for item in extraction[kind]:
                assert text[item["start"] : item["end"]] == item["text"]
                checked += 1
    connection.close()
    assert checked > 500


def test_a_second_run_finds_nothing_new_and_rewrites_no_file(demo: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(demo[0], tmp_path / "demo")
    files = [path for path in (tmp_path / "demo" / "site").rglob("*") if path.is_file()]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}
    rows = dump_database(tmp_path / "demo" / "tracker.db")
    archives = sorted((tmp_path / "demo" / "archive").iterdir())

    printed = run_tracker("demo", "--dir", "demo", cwd=tmp_path).stdout

    assert "Nothing new: every page was unchanged, and no file of the site was rewritten." in printed
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files} == before
    assert dump_database(tmp_path / "demo" / "tracker.db") == rows
    (added,) = set((tmp_path / "demo" / "archive").iterdir()) - set(archives)
    with added.open("rb") as file:
        records = [(item.rec_type, item.rec_headers, item.http_headers) for item in ArchiveIterator(file)]
    assert "revisit" in {kind for kind, _, _ in records}
    whole = {
        headers.get_header("WARC-Target-URI")
        for kind, headers, http in records
        if kind == "response" and http.get_statuscode() == "200"
    }
    assert all(url.endswith("/robots.txt") for url in whole), "an unchanged body is not archived again"


def test_the_second_run_asks_conditionally(demo: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(demo[0], tmp_path / "demo")
    with closing(sqlite3.connect(tmp_path / "demo" / "tracker.db")) as connection:
        ((last_id,),) = connection.execute("SELECT max(id) FROM attempt")
    run_tracker("demo", "--dir", "demo", cwd=tmp_path)
    with closing(sqlite3.connect(tmp_path / "demo" / "tracker.db")) as connection:
        statuses = "SELECT status, count(*) FROM attempt WHERE id > ? AND elapsed_ms IS NOT NULL GROUP BY status"
        counts = dict(connection.execute(statuses, (last_id,)).fetchall())
    assert counts[304] >= 10, counts
    assert 200 not in counts, "everything in the sample web answers a conditional request with 304"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_points_it_ends_like_an_undisturbed_run(
    demo: tuple[Path, str], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    environment = {"SOURCE_DATE_EPOCH": EPOCH, "PATH": ""}
    killed = 0
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "demo", "--dir", "demo"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.8, 8.0))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
    run_tracker("demo", "--dir", "demo", cwd=tmp_path)

    assert killed >= 1, "no run was killed before its end; the test shows nothing"
    undisturbed, _ = demo
    assert dump_database(tmp_path / "demo" / "tracker.db") == dump_database(undisturbed / "tracker.db")
    assert read_tree(tmp_path / "demo" / "site") == read_tree(undisturbed / "site")
    assert not (tmp_path / "demo" / "site.next").exists()


def test_a_demo_beside_a_running_one_is_one_clear_line(demo: tuple[Path, str], tmp_path: Path) -> None:
    from tracker.store import FolderLock

    with FolderLock(tmp_path / "demo").hold():
        result = run_tracker("demo", "--dir", "demo", cwd=tmp_path, check=False)
    assert result.returncode == 2
    assert "Another run is using the data folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_archive_holds_whole_records(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    bodies = 0
    for path in (folder / "archive").glob("*.warc.gz"):
        gzip.decompress(path.read_bytes())
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                if record.rec_type == "response":
                    assert record.content_stream().read()
                    assert record.digest_checker.passed is not False
                    bodies += 1
    assert bodies >= 70


def test_every_page_of_the_site_is_valid_html_and_asks_nobody_for_anything(demo: tuple[Path, str]) -> None:
    import html5lib

    folder, _ = demo
    pages = sorted((folder / "site").rglob("*.html"))
    assert len(pages) > 100
    for path in pages:
        html5lib.HTMLParser(strict=True).parse(path.read_bytes())
        loads = re.findall(r'<(?:script|img|link|iframe|object|embed)\b[^>]*?(?:src|href)="([^"]+)"', path.read_text())
        assert not [address for address in loads if address.startswith(("http:", "https:", "//"))], path


def test_the_corrected_story_shows_both_figures_and_which_one_is_gone(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    (page,) = [
        path.read_text()
        for path in (folder / "site" / "documents").glob("*.html")
        if "anthropic-alibaba-letter" in path.read_text() and "northwire" in path.read_text()
        and "No longer in the page" in path.read_text()
    ]  # fmt: skip
    lost = page[page.index("No longer in the page") :]
    assert "about 24,000 fraudulent accounts" in re.sub(r"<[^>]+>", "", lost)
    assert "nearly 25,000 fraudulent accounts" in re.sub(r"<[^>]+>", "", page[: page.index("No longer in the page")])


def test_a_story_that_another_paper_prints_is_grouped_with_its_original(demo: tuple[Path, str]) -> None:
    import json

    printed = run_tracker("export", "documents", "--dir", str(demo[0]), cwd=demo[0].parent).stdout
    documents = {record["id"]: record for record in json.loads(printed)}
    (copy,) = (record for record in documents.values() if record["copy_of"])
    original = documents[copy["copy_of"]]
    assert (copy["publisher"], original["publisher"], copy["copy_basis"]) == ("Harbor Ledger", "Northwire", "named")
    assert original["copies"] == [copy["id"]] and copy["dateline"] == "SAN FRANCISCO (Northwire)"
    page = (demo[0] / "site" / "documents" / f"{copy['id']}.html").read_text()
    assert "<dt>Copy of</dt>" in page and f"{copy['copy_of']}.html" in page
    changed = next(record for record in documents.values() if len(record["versions"]) > 1)
    assert "nearly 25,000 fraudulent accounts" in changed["versions"][1]["diff"]
