"""Foreign WARC files in pieces: what is whole comes out, and whatever is passed over is told with its place."""

from __future__ import annotations

import gzip
import io
import random
import sys
import zlib
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tracker.errors import UnreadableInput
from tracker.fetch.encodings import NotDecoded, decoded
from tracker.fetch.pieces import Piece, pieces_of
from tracker.fetch.warcfiles import iter_responses, read_responses
from tracker.types import Problem

LIMIT = 1_000_000
PAGES = 6


class Trickle(io.BytesIO):
    """A source that gives a few bytes at a time, as a network does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 777))


def warc(*bodies: bytes, gzipped: bool = True, **http: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped)
    for number, body in enumerate(bodies):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *http.items()], protocol="HTTP/1.1")
        url = f"https://wire.example/{number}"
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers)
        )  # fmt: skip
    return out.getvalue()


def bodies_of(count: int = PAGES) -> list[bytes]:
    draw = random.Random(4)
    return [f"<p>{n} ".encode() + draw.randbytes(300).hex().encode() for n in range(count)]


@pytest.fixture(scope="module", params=[True, False], ids=["packed", "plain"])
def file(request: pytest.FixtureRequest) -> tuple[bytes, list[Piece]]:
    data = warc(*bodies_of(), gzipped=request.param)
    return data, list(pieces_of(io.BytesIO(data), 0, LIMIT))


def read(data: bytes, source: type[io.BytesIO] = io.BytesIO) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    found = [item.url[-1] for item in read_responses(source(data), "a.warc.gz", problems.append)]
    return found, problems


def test_a_sound_file_has_its_records_and_nothing_else(file: tuple[bytes, list[Piece]]) -> None:
    data, pieces = file
    assert [piece.why for piece in pieces] == [""] * PAGES
    assert (pieces[0].offset, pieces[-1].end) == (0, len(data) - (0 if pieces[0].is_packed else 4))
    assert read(data) == read(data, Trickle) == ([str(n) for n in range(PAGES)], [])


def test_reading_begins_at_any_record(file: tuple[bytes, list[Piece]]) -> None:
    data, pieces = file
    for number, piece in enumerate(pieces):
        source = io.BytesIO(data)
        source.seek(piece.offset)
        found = list(read_responses(source, "x", start=piece.offset))
        assert [item.offset for item in found] == [piece.offset for piece in pieces[number:]]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_garbage_between_two_records_is_told_with_its_place_and_costs_no_page(
    file: tuple[bytes, list[Piece]], data: st.DataObject
) -> None:
    whole, pieces = file
    rubbish = data.draw(st.binary(min_size=1, max_size=400) | st.sampled_from([b"\x1f\x8b\x08", b"\0" * 900, b"WARC"]))
    before = data.draw(st.integers(1, PAGES - 1))
    at = pieces[before].offset
    gap = b"" if pieces[0].is_packed else b"\r\n\r\n"  # of a plain file the next record is known by the blank line
    found, problems = read(whole[:at] + rubbish + gap + whole[at:])
    assert found == [str(n) for n in range(PAGES)]
    if rubbish.strip(b"\r\n") or pieces[0].is_packed:
        (problem,) = problems
        told = int(problem.where.rpartition(" ")[2])
        assert at <= told <= at + len(rubbish) and problem.where.startswith("a.warc.gz at ")
        assert f"{len(rubbish) + len(gap) - (told - at):,} bytes are passed over" in problem.why


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_a_page_is_lost_only_where_a_stretch_is_told(file: tuple[bytes, list[Piece]], at: int, flip: int) -> None:
    whole, pieces = file
    at %= len(whole)
    broken = bytearray(whole)
    broken[at] ^= flip
    if at < (3 if pieces[0].is_packed else 5):
        with pytest.raises(UnreadableInput):
            read(bytes(broken))
        return
    if not pieces[0].is_packed and any(
        piece.offset <= at < piece.offset + piece.data.index(b"\r\n\r\n") for piece in pieces
    ):
        return  # what a plain file says of a record has no checksum
    found, problems = read(bytes(broken))
    lost = {str(n) for n in range(PAGES)} - set(found)
    hit = next(n for n, piece in enumerate(pieces) if at < piece.end or n == PAGES - 1)
    if pieces[0].is_packed:
        assert lost <= {str(hit)}
    assert not lost or problems


@pytest.mark.parametrize("left", [-1, -300, 5, 700])
def test_a_file_that_is_cut_says_where(file: tuple[bytes, list[Piece]], left: int) -> None:
    data, pieces = file
    end = left % len(data) if pieces[0].is_packed or left != -1 else len(data) - 9
    whole = [n for n, piece in enumerate(pieces) if piece.end <= end]
    found, problems = read(data[:end])
    assert found == [str(n) for n in whole]
    assert [int(problem.where.rpartition(" ")[2]) for problem in problems] == [pieces[len(whole)].offset]


def test_a_file_packed_as_one_gives_its_records() -> None:
    found, problems = read(gzip.compress(warc(*bodies_of(), gzipped=False)))
    assert (found, problems) == ([str(n) for n in range(PAGES)], [])


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_piece_beyond_the_limit_is_told_and_passed_over(gzipped: bool) -> None:
    data = warc(b"small", b"x" * 9_000_000, b"small", gzipped=gzipped)
    pieces = list(pieces_of(Trickle(data), 0, LIMIT))
    assert [bool(piece.why) for piece in pieces] == [False, True, False]
    assert "larger than 1,000,000 bytes" in pieces[1].why and pieces[1].end <= pieces[2].offset
    bomb = data + gzip.compress(b"\0" * 30_000_000) + data
    if gzipped:
        assert [bool(piece.why) for piece in pieces_of(io.BytesIO(bomb), 0, LIMIT)] == [False, True, False, True, False, True, False]  # fmt: skip


def test_a_page_that_is_not_wanted_is_not_hashed_in_a_packed_file_and_is_in_a_plain_one(tmp_path: Path) -> None:
    for gzipped, told in ((True, 0), (False, 1)):
        plain = warc(*bodies_of(), gzipped=False).replace(b"<p>3 ", b"<p>9 ")
        data = plain if not gzipped else b"".join(gzip.compress(item.data) for item in pieces_of(io.BytesIO(plain), 0, LIMIT))  # fmt: skip
        path = tmp_path / f"{gzipped}.warc"
        path.write_bytes(data)
        problems: list[Problem] = []
        assert [*iter_responses(path, problems.append, wanted=lambda item: False)] == []
        assert len(problems) == told
        assert len([*iter_responses(path, problems.append)]) == PAGES - 1 and len(problems) == 2 * told + (1 - told)


PACKED = {
    "gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress,
}  # fmt: skip


@pytest.mark.parametrize("encoding", PACKED)
def test_bodies_are_read_as_they_came_over_the_wire(encoding: str) -> None:
    body = b"<p>" + b"The words of a page. " * 5_000
    packed = PACKED[encoding](body)
    data = warc(packed, body, packed[:-5], **{"Content-Encoding": encoding.upper()})
    problems: list[Problem] = []
    assert [item.body for item in read_responses(io.BytesIO(data), "x", problems.append)] == [body, body]
    assert "cut short" in problems[0].why and len(problems) == 1
    with pytest.raises(NotDecoded, match="larger than 10,000 bytes"):
        decoded(packed, encoding, 10_000)
    with pytest.raises(NotDecoded, match="larger than"):
        decoded(PACKED[encoding](b"\0" * 6_000_000), encoding, 200_000)
    assert decoded(packed, encoding, len(body)) == body


@pytest.mark.parametrize(("encoding", "module"), [("br", "brotli"), ("zstd", "backports")])
def test_without_the_extra_it_says_what_to_install(encoding: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = PACKED[encoding](b"<p>words</p>")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NotDecoded, match=r"pip install 'tracker\[encodings\]'"):
        decoded(packed, encoding, 1_000)
    assert decoded(gzip.compress(b"words"), "gzip", 1_000) == b"words"


@pytest.mark.parametrize(("encoding", "words"), [
    ("compress", "encoded as 'compress', which is not read"), ("br", "damaged"), ("deflate", "damaged"), ("gzip, br", "not read"),
])  # fmt: skip
def test_what_cannot_be_decoded_is_told(encoding: str, words: str) -> None:
    with pytest.raises(NotDecoded, match=words):
        decoded(b"\xff\xfe\xfd no such thing", encoding, 1_000)
