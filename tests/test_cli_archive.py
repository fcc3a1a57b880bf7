"""`tracker archive`: a page as it was fetched, safe for a terminal, and an archive that is checked to the last byte."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tracker.cli import app
from tracker.cli.archive import printable
from tracker.errors import InputError, StoreUnusable, UnreadableInput
from tracker.fetch.archive import WarcArchive
from tracker.ports import Attempt, Reading
from tracker.store import open_store
from tracker.types import Candidate, Document, Outcome, PageContent, Response

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://wire.example/a"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3 not really one\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a story in two versions, a PDF, and a document that was handed in."""
    archive = WarcArchive(tmp_path / "archive", "run")
    with open_store(f"sqlite:///{tmp_path / 'tracker.db'}") as store:
        pages = [
            (URL, b"<p>About 300 accounts.</p>", "About 300 accounts.", "text/html"),
            (URL, "<p>Nearly 400 accounts. \x1b[2J\u202eevil café</p>".encode(), "Nearly 400 accounts.", "text/html"),
            ("https://wire.example/b.pdf", PDF, "Words of a file.", "application/pdf"),
        ]
        for number, (url, body, text, kind) in enumerate(pages):
            at = NOW + timedelta(days=number)
            response = Response(url, url, 200, (("Content-Type", kind), ("X-Odd", "a\x1b]0;b")), body, at)
            ref = archive.append(response)
            response = Response(url, url, 200, response.headers, body, at, archive=ref)
            store.save_page("wire", response, Attempt("wire", url, at, Outcome.NEW, 200, None, is_listing=False))
            store.save_sightings("wire", [Candidate(url)], at)
            (page,) = store.load_unread("read/1")
            store.save_reading(page, "read/1", Reading(url, "wire", "Wire", "news", "T", None, "en", PageContent(text)))
        store.save_ingested(Document("handed-in", "Somebody's words."), NOW)
    archive.close()
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["archive", *arguments, "--dir", str(folder)], catch_exceptions=True)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_a_page_is_shown_as_it_was_fetched_version_by_version(folder: Path) -> None:
    newest = run(folder, "show", URL)
    assert "WARC-Target-URI: https://wire.example/a" in newest and "HTTP/1.1 200 OK" in newest
    assert "Nearly 400 accounts." in newest and "version 2 of 2" in newest
    first = run(folder, "show", URL, "--version", "1")
    assert "<p>About 300 accounts.</p>" in first and "400" not in first.partition("\n\nHTTP")[2]
    version_id = newest.split()[0]
    assert run(folder, "show", version_id.replace(".2", ".1")) == first, "a version's id means that version"
    assert run(folder, "show", version_id[:8]).startswith(version_id), "the beginning of an id is enough"


def test_what_would_move_the_cursor_is_written_out(folder: Path) -> None:
    shown = run(folder, "show", URL)
    assert "\x1b" not in shown and "\u202e" not in shown
    assert r"\x1b[2J\u202eevil café" in shown and r"X-Odd: a\x1b]0;b" in shown
    assert (
        printable("a\tb\nc\x00\x9b\u200f\ufeff\ud800\U000e0041é中")
        == "a\tb\nc\\x00\\x9b\\u200f\\ufeff\\ud800\\U000e0041é中"
    )


def test_parts_alone(folder: Path) -> None:
    assert run(folder, "show", URL, "--text") == "Nearly 400 accounts.\n"
    assert "-About 300 accounts." in run(folder, "show", URL, "--diff")
    assert "<p>" not in run(folder, "show", URL, "--headers")
    result = CliRunner().invoke(app, ["archive", "show", "https://wire.example/b.pdf", "--raw", "--dir", str(folder)])
    assert result.stdout_bytes == PDF
    assert "application/pdf, " in run(folder, "show", "https://wire.example/b.pdf")
    assert "Words of a file." in run(folder, "show", "https://wire.example/b.pdf")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("nonsense",), "no document 'nonsense'"),
        (("",), "no document ''"),
        (("%",), "no document '%'"),
        (("doc-",), "the beginning of several documents"),
        ((URL, "--version", "9"), "has 2 versions"),
        ((URL, "--raw", "--text"), "one of them at a time"),
        (("handed-in",), "handed in, not fetched"),
    ],
)
def test_wrong_input_is_one_clear_line(folder: Path, arguments: tuple[str, ...], why: str) -> None:
    with pytest.raises(InputError, match=why):
        run(folder, "show", *arguments)


def test_what_was_handed_in_has_its_text(folder: Path) -> None:
    assert run(folder, "show", "handed-in", "--text") == "Somebody's words.\n"


def test_the_list_names_each_record(folder: Path) -> None:
    assert "3 documents, 4 versions" in run(folder, "list")
    listed = json.loads(run(folder, "list", "--format", "json"))
    story = next(item for item in listed if item["url"] == URL)
    assert [version["number"] for version in story["versions"]] == [1, 2]
    assert all(version["file"].endswith(".warc.gz") and version["record_id"] for version in story["versions"])
    with pytest.raises(UnreadableInput, match="no source 'wir'"):
        run(folder, "list", "--source", "wir")


def _verify(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["archive", "verify", "--dir", str(folder)])
    return result.exit_code, " ".join(result.output.split())


def test_a_sound_archive_is_said_to_be_sound(folder: Path) -> None:
    code, told = _verify(folder)
    assert code == 0 and "all sound" in told and "4 records in 1 file" in told and "5 pages and versions" in told


def test_damage_is_named_and_reading_goes_on_behind_it(folder: Path) -> None:
    (path,) = (folder / "archive").iterdir()
    with open_store(f"sqlite:///{folder / 'tracker.db'}") as store:
        refs = sorted({ref.offset for ref, _, _ in store.load_archived()})
    data = bytearray(path.read_bytes())
    for at in range(refs[0] + 40, refs[0] + 60):
        data[at] ^= 0xFF
    path.write_bytes(data)
    code, told = _verify(folder)
    assert code == 3 and f"at {refs[0]}" in told and "no sound record there" in told
    assert told.count("needs it") == 1, "the records behind the damage are read"


def test_bytes_that_are_no_record_are_named(folder: Path) -> None:
    (path,) = (folder / "archive").iterdir()
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"rubbish")
    code, told = _verify(folder)
    assert code == 3 and f"at {size}" in told and "no record begins here" in told


def test_a_record_with_other_words_than_its_digest_says_is_found(folder: Path) -> None:
    import gzip

    (path,) = (folder / "archive").iterdir()
    plain = gzip.decompress(path.read_bytes())
    path.with_suffix("").write_bytes(plain.replace(b"About 300", b"About 900"))
    path.unlink()
    code, told = _verify(folder)
    assert code == 3 and "digest" in told


def test_a_missing_file_is_missed(folder: Path) -> None:
    (path,) = (folder / "archive").iterdir()
    path.unlink()
    code, told = _verify(folder)
    assert code == 3 and "no sound record there" in told and f"page {URL}" in told
    with pytest.raises(StoreUnusable, match="No such file"):
        run(folder, "show", URL)
