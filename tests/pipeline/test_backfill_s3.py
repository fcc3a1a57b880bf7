"""Archives in object storage: streamed from a real server on loopback, over a line that breaks, and taken up again."""

from __future__ import annotations

import gzip
import io
import os
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.objectstore import Line, object_store
from tests.pipeline.test_backfill import COOKING, WORDS, html, write_warc
from tracker.app import open_app
from tracker.config import Settings, load_settings
from tracker.errors import InputError
from tracker.pipeline.screening import name_archives
from tracker.sourcekinds import WarcSource
from tracker.types import SourceReport


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with object_store() as line:
        yield line


@pytest.fixture(autouse=True)
def _environment(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", line.address)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    line.requests.clear()
    line.breaks.clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config.yaml"
    config.write_text(f"data_dir: {tmp_path / 'var'}\n", "utf-8")
    return load_settings(config)


@pytest.fixture(scope="module")
def long_file(line: Line) -> tuple[str, int]:
    """Thirty pages on the matter among large pictures, in 12 MB: (its address, its size)."""
    out, draw = io.BytesIO(), random.Random(2)
    writer = WARCWriter(out, gzip=True)
    for number in range(30):
        for kind, body in (("text/html", html(f"{WORDS} Page {number}.")), ("image/png", draw.randbytes(400_000))):
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            url = f"https://wire.example/{kind}/{number}"
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), http_headers=headers,
                    warc_headers_dict={"WARC-Date": "2025-06-01T10:00:00Z"},
                )
            )  # fmt: skip
    data = out.getvalue()
    return line.put("long", "crawl/june.warc.gz", data), len(data)


def screened(settings: Settings, *places: str) -> list[SourceReport]:
    with open_app(settings) as app:
        return list(app.backfill(name_archives(places)))


def test_an_object_is_streamed_anonymously_and_its_pages_say_where_they_come_from(
    settings: Settings, line: Line, long_file: tuple[str, int]
) -> None:
    address, size = long_file
    (report,) = screened(settings, address)
    assert (report.source, report.new, report.failure, report.problems) == ("june.warc.gz", 30, None, ())
    gets = [wanted for method, _, wanted, _ in line.requests if method == "GET"]
    assert gets == ["bytes=0-4194303", "bytes=4194304-8388607", f"bytes=8388608-{size - 1}"]
    assert {allowed for *_, allowed in line.requests} == {""}
    assert not list((settings.data_dir / "incoming").glob("*")), "it was not fetched whole"
    kept = b"".join(map(gzip.decompress, (path.read_bytes() for path in (settings.data_dir / "archive").glob("*"))))
    assert kept.count(f"WARC-Source-URI: {address}\r\n".encode()) == 30
    line.requests.clear()
    assert screened(settings, address)[0].fetched == 0 and line.requests == []


def test_a_line_that_breaks_is_taken_up_at_the_byte(settings: Settings, line: Line, long_file: tuple[str, int]) -> None:
    line.breaks += [1_000, 2_000_000]
    (report,) = screened(settings, long_file[0])
    assert (report.new, report.failure, report.problems) == (30, None, ())
    assert line.breaks == []


def test_a_run_that_failed_in_the_middle_goes_on_where_it_was(
    settings: Settings, line: Line, long_file: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.fetch.objectstore._PAUSES_S", (0.01,))
    line.breaks += [10**9, 100, 100]
    (first,) = screened(settings, long_file[0])
    assert 0 < first.new < 30 and first.failure is not None
    assert "long/crawl/june.warc.gz" in first.failure and "a later run goes on from here" in first.failure
    line.requests.clear()
    (second,) = screened(settings, long_file[0])
    assert first.new + second.new == 30 and second.failure is None and second.unchanged <= 1
    begun = next(wanted for method, _, wanted, _ in line.requests if method == "GET")
    assert 3_000_000 < int(begun[6:].partition("-")[0]) < 4_300_000


def test_a_list_names_keys_of_its_bucket(settings: Settings, line: Line, tmp_path: Path) -> None:
    for number in range(3):
        path = write_warc(tmp_path / "a.warc.gz", (f"https://wire.example/l{number}", f"{WORDS} {number}."))
        line.put("lists", f"crawl-data/{number}.warc.gz", path.read_bytes())
    names = [
        "crawl-data/0.warc.gz",
        "crawl-data/gone.warc.gz",
        "s3://lists/crawl-data/1.warc.gz",
        "/crawl-data/2.warc.gz",
    ]
    address = line.put("lists", "2026/warc.paths.gz", gzip.compress("\n".join(names).encode()))
    (report,) = screened(settings, address)
    assert (report.new, report.failed, report.failure) == (3, 1, None)
    assert report.problems[0].where == "s3://lists/crawl-data/gone.warc.gz"
    assert "there is no such object" in report.problems[0].why


def test_credentials_of_the_environment_are_used(
    settings: Settings, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    path = write_warc(tmp_path / "a.warc.gz", ("https://food.example/1", COOKING))
    (report,) = screened(settings, line.put("own", "a.warc.gz", path.read_bytes(), acl="private"))
    assert report.failure is None
    assert all("AKIAEXAMPLE" in allowed and "/eu-west-3/s3/" in allowed for *_, allowed in line.requests)


@pytest.mark.parametrize(("key", "words"), [
    ("none.warc.gz", "there is no such object"), ("closed.warc.gz", "may not be read anonymously: set AWS_ACCESS_KEY_ID"),
    ("page.warc.gz", "not a WARC file"),
])  # fmt: skip
def test_what_cannot_be_had_is_told_with_what_to_do(key: str, words: str, settings: Settings, line: Line) -> None:
    line.put("odd", "page.warc.gz", b"<html>Sorry</html>")
    line.put("odd", "closed.warc.gz", b"", acl="private")
    (report,) = screened(settings, f"s3://odd/{key}")
    assert report.failure is not None and words in report.failure and f"s3://odd/{key}" in report.failure


def test_a_store_that_is_not_there_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        (report,) = screened(settings, "s3://odd/a.warc.gz")
    assert report.failure is not None and "its store does not answer" in report.failure


def test_an_object_that_is_larger_than_wanted_is_not_begun(
    settings: Settings, line: Line, long_file: tuple[str, int]
) -> None:
    source = WarcSource.model_validate({
        "name": "long", "kind": "warc", "url": long_file[0], "publisher": "A", "publisher_type": "news", "max_file_bytes": 5_000_000,
    })  # fmt: skip
    with open_app(settings) as app:
        (report,) = app.collect([source])
    assert report.failure is not None and "more than the 5,000,000 of max_file_bytes" in report.failure
    assert [method for method, *_ in line.requests] == ["HEAD"]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(InputError, match=r"pip install 'tracker\[s3\]'"):
        name_archives(["s3://odd/a.warc.gz"])


@pytest.mark.parametrize("place", ["s3://bucket/page.html", "s3:///a.warc.gz", "s3://b", "gs://bucket/a.warc.gz"])
def test_an_address_that_is_none_is_told_before_anything_begins(place: str) -> None:
    with pytest.raises(InputError) as caught:
        name_archives([place])
    assert place in str(caught.value)
