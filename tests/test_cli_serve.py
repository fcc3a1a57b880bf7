"""`tracker serve` as it is typed: what it says, what it refuses, and how it stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from tests.render.conftest import build_world
from tracker.cli import app
from tracker.config import Site
from tracker.errors import ConfigError, InputError, OutputUnusable, TrackerError, UnreadableInput
from tracker.render.database import make_database


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "site"
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text("<!DOCTYPE html><title>A site</title>")
    (folder / "data/tracker.db").write_bytes(make_database(build_world(), Site()))
    return folder


OPTIONS = ("--rate-limit", "70", "--sql-rate-limit", "2", "--sql-per-address", "1")


@pytest.fixture
def started(site: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address as it prints it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "--site", str(site), "--port", "0", *OPTIONS],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        yield process, found[0]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_answers_and_stops_when_told(
    started: tuple[subprocess.Popen[str], str], sign: signal.Signals
) -> None:
    process, address = started
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=30):
        assert "A site" in httpx.get(f"{address}/", timeout=30).text
    process.send_signal(sign)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "stopped" in err and "Traceback" not in err and "Exception" not in out


def test_it_stops_when_told_right_after_it_said_where_it_is(started: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = started
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err


def test_what_is_being_answered_when_it_is_told_to_stop_is_finished(
    started: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = started
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    answers: list[httpx.Response] = []
    asker = threading.Thread(
        target=lambda: answers.append(httpx.get(f"{address}/data/tracker.json", params={"sql": slow}, timeout=30))
    )
    asker.start()
    end = time.monotonic() + 20
    while "in_flight 2.0" not in httpx.get(f"{address}/metrics", timeout=30).text:  # this one and the slow one
        assert time.monotonic() < end
    process.send_signal(signal.SIGTERM)
    asker.join(30)
    assert [item.status_code for item in answers] == [400] and "too long" in answers[0].text
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_what_one_address_may_have_is_as_it_was_typed(started: tuple[subprocess.Popen[str], str]) -> None:
    _, address = started
    assert "q=70;" in httpx.get(f"{address}/api/v1/events", timeout=30).headers["ratelimit-policy"]
    slow = f"{address}/data/tracker.json?sql=with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+count(*)+from+n"
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: httpx.get(slow, timeout=30), range(2)))
    assert sorted(answer.status_code for answer in answers) == [400, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert "at most 1 questions of one address" in refused.json()["detail"]
    beyond = httpx.get(f"{address}/data/tracker.json?sql=select+1", timeout=30)
    assert beyond.status_code == 429 and "2 requests are allowed within 60 s" in beyond.json()["detail"]


def serve(*arguments: str) -> TrackerError:
    result = CliRunner().invoke(app, ["serve", *arguments])
    assert isinstance(result.exception, TrackerError), result.output
    assert result.exception.exit_code == 2
    return result.exception


def test_what_is_no_site_is_refused_with_what_to_do(site: Path, tmp_path: Path) -> None:
    for arguments, told in (
        (["--site", str(tmp_path / "nowhere")], "no such folder"),
        (["--site", str(tmp_path)], "holds no published site"),
        (["--dir", str(tmp_path)], "no such folder"),
    ):
        error = serve(*arguments)
        assert isinstance(error, UnreadableInput) and told in str(error) and "tracker publish" in str(error)
    (tmp_path / "index.html").write_text("a site without its database")
    assert "data/tracker.db" in str(serve("--site", str(tmp_path)))
    (tmp_path / "data").mkdir()
    (tmp_path / "data/tracker.db").write_text("no database")
    assert "no SQLite database" in str(serve("--site", str(tmp_path)))
    assert "leave one out" in str(serve("--site", str(site), "--dir", "x"))


def test_subscriptions_need_an_address_that_their_links_lead_to(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = serve("--site", str(site), "--subscriptions")
    assert isinstance(error, ConfigError) and "digests.public_url" in str(error)
    Path("config.yaml").write_text("digests: {public_url: 'https://tracker.example/', secret_env: NOT_SET_HERE}\n")
    error = serve("--site", str(site), "--subscriptions")
    assert isinstance(error, ConfigError) and "NOT_SET_HERE" in str(error)
    assert not list(tmp_path.glob("**/subscribers.db"))


@pytest.mark.parametrize("name", ["https://tracker.example", "tracker.example:80/", "a b", "", "tracker.example/x"])
def test_a_host_is_named_without_scheme_and_path(site: Path, name: str) -> None:
    error = serve("--site", str(site), "--allowed-host", name)
    assert isinstance(error, InputError) and "tracker.example" in str(error)


def test_a_port_that_is_taken_and_an_address_of_others_are_refused_with_what_to_do(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        error = serve("--site", str(site), "--port", str(taken.getsockname()[1]))
    assert isinstance(error, OutputUnusable) and "--port" in str(error)
    assert "--host" in str(serve("--site", str(site), "--host", "192.0.2.1"))
    assert "--host" in str(serve("--site", str(site), "--host", "no such host"))


def test_without_the_extra_it_says_how_to_get_it(site: Path, tmp_path: Path) -> None:
    """In a process that cannot import what the extra brings."""
    hidden = "import sys\nfor name in ('datasette', 'fastapi', 'uvicorn', 'starlette'): sys.modules[name] = None\n"
    run = f"{hidden}from tracker.cli import main\nsys.argv = ['tracker', 'serve', '--site', {str(site)!r}]\nmain()\n"
    result = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 2
    assert "pip install 'tracker[serve]'" in result.stderr
