"""The archive keeps what it was given, in files that warcio and others can read."""

from __future__ import annotations

import gzip
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tracker.errors import StoreUnusable, UnreadableInput
from tracker.fetch.archive import WarcArchive
from tracker.fetch.warcfiles import iter_responses
from tracker.ports import Original
from tracker.types import ArchiveRef, Problem, Response

NOW = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


def _response(url: str, body: bytes, *headers: tuple[str, str], not_modified: bool = False) -> Response:
    return Response(url, url, 304 if not_modified else 200, headers, body, NOW, not_modified)


def test_no_file_is_made_for_no_record(tmp_path: Path) -> None:
    with WarcArchive(tmp_path / "warc", "run1"):
        pass
    assert not (tmp_path / "warc").exists()


def test_bodies_come_back_as_they_were(tmp_path: Path) -> None:
    bodies = [b"<p>one</p>", b"", os.urandom(70_000), "中文".encode(), b"\r\n\r\nWARC/1.1\r\n"]
    with WarcArchive(tmp_path, "run1") as archive:
        refs = [archive.append(_response(f"https://a.example/{n}", body)) for n, body in enumerate(bodies)]
        assert [archive.load_body(ref) for ref in refs] == bodies
    assert [path.name for path in tmp_path.iterdir()] == ["20260610-run1.warc.gz"]
    assert [WarcArchive(tmp_path, "other").load_body(ref) for ref in reversed(refs)] == bodies[::-1]


def test_records_are_warc_1_1_with_digest_and_adjusted_headers(tmp_path: Path) -> None:
    sent = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "3"))
    with WarcArchive(tmp_path, "run1") as archive:
        ref = archive.append(_response("https://a.example/", b"decoded", *sent))
    with (tmp_path / ref.file).open("rb") as file:
        kinds = []
        for record in ArchiveIterator(file, check_digests="raise"):
            kinds.append((record.rec_type, record.rec_headers.protocol))
            if record.rec_type == "response":
                http = record.http_headers
                assert record.content_stream().read() == b"decoded"
                assert record.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")
                assert record.rec_headers.get_header("WARC-Date") == "2026-06-10T08:30:00Z"
    assert kinds == [("warcinfo", "WARC/1.1"), ("response", "WARC/1.1")]
    assert http.get_header("Content-Encoding") is None
    assert http.get_header("Content-Length") == "7"
    assert http.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert http.get_header("X-Archive-Orig-Content-Length") == "3"


def test_a_304_is_a_revisit_record(tmp_path: Path) -> None:
    with WarcArchive(tmp_path, "run1") as archive:
        ref = archive.append(_response("https://a.example/", b"", ("ETag", '"1"'), not_modified=True))
        assert archive.load_body(ref) == b""
    with (tmp_path / ref.file).open("rb") as file:
        record = next(record for record in ArchiveIterator(file) if record.rec_type == "revisit")
    assert record.rec_headers.get_header("WARC-Profile").endswith("/revisit/server-not-modified")


def test_a_large_file_is_followed_by_another(tmp_path: Path) -> None:
    with WarcArchive(tmp_path, "run1", max_file_bytes=2600) as archive:
        refs = [archive.append(_response(f"https://a.example/{n}", os.urandom(1500))) for n in range(3)]
        assert all(len(archive.load_body(ref)) == 1500 for ref in refs)
    assert len({ref.file for ref in refs}) == 2
    assert {"20260610-run1.warc.gz", "20260610-run1-2.warc.gz"} == {path.name for path in tmp_path.iterdir()}


def test_a_torn_tail_spoils_no_other_record(tmp_path: Path) -> None:
    with WarcArchive(tmp_path, "run1") as archive:
        first = archive.append(_response("https://a.example/1", b"first"))
        torn = archive.append(_response("https://a.example/2", os.urandom(5000)))
    path = tmp_path / first.file
    os.truncate(path, path.stat().st_size - 2000)
    with WarcArchive(tmp_path, "run1") as again:
        second = again.append(_response("https://a.example/3", b"second"))
        assert second.file != first.file
        assert (again.load_body(first), again.load_body(second)) == (b"first", b"second")
        with pytest.raises(StoreUnusable):
            again.load_body(torn)
    problems: list[Problem] = []
    assert [item.body for item in iter_responses(path, problems.append)] == [b"first"]
    assert len(problems) == 1
    assert "damaged" in problems[0].why


def test_a_wrong_place_is_not_read(tmp_path: Path) -> None:
    with WarcArchive(tmp_path, "run1") as archive:
        one = archive.append(_response("https://a.example/1", b"first"))
        two = archive.append(_response("https://a.example/2", b"second"))
        for file, offset in ((one.file, two.offset), (one.file, one.offset + 1), (one.file, 10**9), ("none.gz", 0)):
            with pytest.raises(StoreUnusable):
                archive.load_body(type(one)(file, offset, one.record_id))


@pytest.mark.parametrize("plain", [False, True])
def test_a_damaged_record_in_the_middle_is_skipped_and_named(tmp_path: Path, plain: bool) -> None:
    with WarcArchive(tmp_path, "run1") as archive:
        refs = [archive.append(_response(f"https://a.example/{n}", bytes([65 + n]) * 3000)) for n in range(3)]
    path = tmp_path / refs[0].file
    data = bytearray(path.read_bytes())
    if plain:
        data = bytearray(gzip.decompress(bytes(data)))
        at = data.index(b"BBBB")
        path = tmp_path / "plain.warc"
    else:
        at = refs[1].offset + 60
    data[at : at + 8] = b"damaged!"
    path.write_bytes(bytes(data))
    problems: list[Problem] = []
    found = list(iter_responses(path, problems.append))
    assert [item.url for item in found] == ["https://a.example/0", "https://a.example/2"]
    assert [(item.status, item.date) for item in found] == [(200, NOW), (200, NOW)]
    assert len(problems) >= 1


def test_what_is_no_warc_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"<html>no</html>" * 100)
    for name in ("a.warc", "missing.warc"):
        with pytest.raises(UnreadableInput):
            list(iter_responses(tmp_path / name))


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder = tmp_path / "no-folder"
    folder.write_text("a file stands where the folder should")
    with pytest.raises(StoreUnusable):
        WarcArchive(folder, "run1").append(_response("https://a.example/", b"x"))


def _records(folder: Path) -> list[tuple[str, dict[str, str], bytes]]:
    found = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                headers = dict(record.rec_headers.headers)
                found.append((record.rec_type, headers, record.content_stream().read()))
    return found


def test_a_body_that_is_known_is_a_revisit_of_the_record_that_holds_it(tmp_path: Path) -> None:
    first = _response("https://a.example/", b"<p>the same words</p>")
    with WarcArchive(tmp_path, "run1") as archive:
        ref = archive.append(first)
        original = Original(ref, first.final_url, first.fetched_at)
        again = replace(first, fetched_at=NOW + timedelta(hours=6))
        revisit = archive.append(again, original)
        unchanged = replace(again, status=304, body=b"", not_modified=True, fetched_at=NOW + timedelta(hours=9))
        archive.append(unchanged, original)
        assert archive.load_body(revisit) == b""
    (_, whole, body), (kind, same, nothing), (_, not_modified, _) = _records(tmp_path)[1:]
    assert (kind, nothing, body) == ("revisit", b"", first.body)
    assert same["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert same["WARC-Payload-Digest"] == whole["WARC-Payload-Digest"]
    assert not_modified["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    for item in (same, not_modified):
        assert item["WARC-Refers-To"] == whole["WARC-Record-ID"] == ref.record_id
        assert item["WARC-Refers-To-Target-URI"] == "https://a.example/"
        assert item["WARC-Refers-To-Date"] == "2026-06-10T08:30:00Z"
    assert same["WARC-Date"] == "2026-06-10T14:30:00Z"


def test_the_request_is_kept_beside_the_answer_unless_it_carried_a_key(tmp_path: Path) -> None:
    sent = (("Host", "a.example"), ("User-Agent", "tracker/0.1 (desk@tracker.example)"))
    plain = replace(_response("https://a.example/x?y=1", b"words"), sent=sent)
    with WarcArchive(tmp_path, "run1") as archive:
        archive.append(plain)
        archive.append(_response("https://api.example/", b"words of an API"))
    records = _records(tmp_path)
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "request", "response"]
    assert records[2][1]["WARC-Concurrent-To"] == records[1][1]["WARC-Record-ID"]
    with next(tmp_path.iterdir()).open("rb") as file:
        request = next(record for record in ArchiveIterator(file) if record.rec_type == "request")
    assert request.http_headers.get_header("User-Agent") == "tracker/0.1 (desk@tracker.example)"
    assert request.http_headers.statusline == "GET /x?y=1 HTTP/1.1" or request.http_headers.protocol == "GET"


def test_many_are_written_at_once_over_the_border_of_a_file_and_by_many_threads(tmp_path: Path) -> None:
    answers = [_response(f"https://a.example/{n}", os.urandom(900)) for n in range(60)]
    refs: dict[int, list[ArchiveRef]] = {}
    with WarcArchive(tmp_path, "run1", max_file_bytes=8_000) as archive:

        def write(part: int) -> None:
            refs[part] = archive.append_all([(answer, None) for answer in answers[part::4]])

        threads = [threading.Thread(target=write, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for part, found in refs.items():
            assert [archive.load_body(ref) for ref in found] == [answer.body for answer in answers[part::4]]
    assert len(list(tmp_path.iterdir())) > 5
    assert sum(kind == "response" for kind, _, _ in _records(tmp_path)) == 60


def test_the_beginning_of_an_errors_page_says_that_it_is_one(tmp_path: Path) -> None:
    with WarcArchive(tmp_path, "run1") as archive:
        archive.append(replace(_response("https://a.example/", b"<h1>Forb"), status=403, truncated=True))
    assert _records(tmp_path)[1][1]["WARC-Truncated"] == "length"
