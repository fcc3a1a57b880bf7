"""`tracker backfill`: archives named by hand, from the screen to what is extracted, stopped, broken and mistyped."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline.test_backfill import COOKING, WORDS, write_warc
from tracker.app import open_app
from tracker.cli.backfill import told
from tracker.config import Settings, load_settings
from tracker.errors import InputError
from tracker.pipeline.screening import name_archives

ON_IT = ("https://wire.example/a", WORDS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config.yaml"
    config.write_text(f"data_dir: {tmp_path / 'var'}\n", "utf-8")
    return load_settings(config)


def pages(count: int) -> list[tuple[str, str]]:
    return [(f"https://food.example/{number}", f"{COOKING} {number}") for number in range(count)]


def test_pages_on_the_matter_are_kept_and_read_with_every_span_in_our_archive(
    settings: Settings, tmp_path: Path
) -> None:
    path = write_warc(tmp_path / "june.warc.gz", *pages(3), ON_IT)
    with open_app(settings) as app:
        (report,) = app.backfill(name_archives([str(path)]))
        assert (report.source, report.new, report.failure) == ("june.warc.gz", 1, None)
        path.unlink()  # what was kept does not need the foreign file any more
        assert app.read().done == 1
        (document,) = app.store.load_unextracted("x")
        assert (document.url, document.publisher, document.publisher_type) == (ON_IT[0], "wire.example", "news")
        assert not app.check_archive().problems


def test_a_file_is_read_once_for_each_choice_of_hosts(settings: Settings, tmp_path: Path) -> None:
    path = str(write_warc(tmp_path / "june.warc", *pages(2), ON_IT))
    with open_app(settings) as app:
        assert app.backfill(name_archives([path], ["food.example"]))[0].new == 0
        assert app.backfill(name_archives([path]))[0].new == 1
        again = app.backfill(name_archives([path]))[0]
        assert (again.fetched, again.new, again.failure) == (0, 0, None)
        assert app.backfill(name_archives([path], ["FOOD.example."], gate=False))[0].new == 2


def test_a_file_that_is_cut_gives_what_is_whole(settings: Settings, tmp_path: Path) -> None:
    whole = write_warc(tmp_path / "whole.warc.gz", ON_IT, *pages(2)).read_bytes()
    (tmp_path / "cut.warc.gz").write_bytes(whole[:-40])
    with open_app(settings) as app:
        (report,) = app.backfill(name_archives([str(tmp_path / "cut.warc.gz")]))
    assert (report.new, report.failed, report.failure) == (1, 1, None)
    assert "cut.warc.gz" in report.problems[0].where


def test_what_could_not_be_read_is_told_without_its_control_characters(settings: Settings, tmp_path: Path) -> None:
    whole = write_warc(tmp_path / "whole.warc.gz", ON_IT).read_bytes()
    (tmp_path / "bad.warc.gz").write_bytes(whole + gzip.compress(b"\x1b[2J\x00\xff no record") + whole)
    with open_app(settings) as app:
        (report,) = app.backfill(name_archives([str(tmp_path / "bad.warc.gz")]))
    assert report.failed
    assert all(problem.why.isprintable() for problem in report.problems)


@pytest.mark.parametrize(("place", "words"), [
    ("none.warc.gz", "no such file"), (".", "is a folder"), ("config.yaml", "ends in .warc"),
    ("gs://bucket/a.warc.gz", "gs:// is not read"), ("https://wire.example/page.html", "ends in .warc"),
])  # fmt: skip
def test_what_cannot_be_screened_is_told_before_anything_begins(
    place: str, words: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        name_archives([place])
    assert words in str(caught.value)
    assert place in str(caught.value)


def test_a_host_is_no_address() -> None:
    with pytest.raises(InputError, match="expected the name of a host"):
        name_archives([__file__.replace("test_screening.py", "x.warc")][:0], ["https://wire.example/"])


def test_rate_and_time_left() -> None:
    line = told("june.warc.gz", 30_000_000, 120_000_000, 20_000_000, 10.0)
    assert line == "june.warc.gz  25% of 120.0 MB, 2.0 MB/s, 45 s left"
    assert told("june.warc.gz", 5, 5, 0, 0.0) == "june.warc.gz  100% of 0.0 MB, 0.0 MB/s"


def test_killed_and_run_again_it_has_what_an_undisturbed_run_has(settings: Settings, tmp_path: Path) -> None:
    """Killed without warning when it has kept some, it goes on there; nothing is lost and nothing is there twice."""
    path = write_warc(
        tmp_path / "many.warc.gz", *((f"https://wire.example/{n}", f"{WORDS} No. {n}.") for n in range(150))
    )
    code = (
        "import sys; from pathlib import Path; from tracker.config import load_settings; from tracker.app import open_app;"
        "from tracker.pipeline.screening import name_archives\n"
        "with open_app(load_settings(Path(sys.argv[1]))) as app: app.backfill(name_archives([sys.argv[2]]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "config.yaml"), str(path)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    sizes: set[int] = set()
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        sizes.update(file.stat().st_size for file in (tmp_path / "var" / "archive").glob("*.warc.gz"))
        if len(sizes) > 3:  # it has kept a few batches, and the database those before the last
            break
        time.sleep(0.01)
    assert process.poll() is None, "it was to be killed in the middle"
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    with open_app(settings) as app:
        (report,) = app.backfill(name_archives([str(path)]))
        assert 0 < report.new < 150
        assert len(list(app.store.load_unread("x"))) == 150
