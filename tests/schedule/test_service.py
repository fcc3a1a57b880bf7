"""The schedule as it is used: a process, a web on loopback, signals."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.schedule.conftest import ENVIRON, Start, Web, wait_for
from tracker.config import Schedule, Settings
from tracker.probe import probe
from tracker.schedule.holding import SharedHold
from tracker.schedule.processing import Processed, Processing
from tracker.store import FolderLock


def test_a_slow_source_delays_no_other_and_never_overlaps_itself(web: Web, start: Start) -> None:
    gate = web.hold("/slow")
    service = start({"slow": "1s", "fast": "1s"})
    wait_for(lambda: len(service.events("collected", "fast")) >= 3)
    assert web.was_asked("/slow") and not service.events("collected", "slow")
    assert service.count("SELECT count(*) FROM page WHERE url LIKE '%/fast/%'") == 3
    gate.set()
    wait_for(lambda: service.events("collected", "slow"))
    assert web.most_at_once["/slow"] == web.most_at_once["/fast"] == 1
    assert service.stop() == 0


def test_the_first_signal_finishes_what_is_in_flight(web: Web, start: Start) -> None:
    gate = web.hold("/wire/0")
    service = start({"wire": "1h"})
    wait_for(lambda: web.was_asked("/wire/0"))
    service.process.send_signal(signal.SIGTERM)
    wait_for(lambda: service.events("stopping; a second signal ends at once"))
    time.sleep(0.5)
    assert service.process.poll() is None, "it waits for the page"
    gate.set()
    assert service.process.wait(30) == 0
    assert service.count("SELECT count(*) FROM page WHERE url LIKE '%/wire/0'") == 1
    assert service.count("SELECT count(*) FROM attempt WHERE outcome = 'failed'") == 0
    assert service.events("stopped")[0]["cut_off"] == ""


def test_who_is_told_that_it_is_up_may_stop_it_in_the_next_moment(start: Start) -> None:
    service = start({"wire": "1h"}, "--metrics-port", "0")
    log = service.folder / "log"
    while '"metrics"' not in log.read_text():
        assert service.process.poll() is None, log.read_text()
    assert service.stop() == 0


def test_what_outlasts_the_grace_period_is_cut_off_and_taken_up_again(web: Web, start: Start) -> None:
    gate = web.hold("/wire/0")
    service = start({"wire": "1h"}, grace="1s")
    wait_for(lambda: web.was_asked("/wire/0"))
    assert service.stop(within_s=30) == 0
    assert service.events("stopped")[0]["cut_off"] == "wire"
    gate.set()
    again = start({"wire": "1s"})
    wait_for(lambda: again.count("SELECT count(*) FROM page WHERE url LIKE '%/wire/_'") == 3)
    assert again.stop() == 0


def test_a_second_signal_ends_at_once(web: Web, start: Start) -> None:
    web.hold("/wire/0")
    service = start({"wire": "1h"})
    wait_for(lambda: web.was_asked("/wire/0"))
    service.process.send_signal(signal.SIGINT)
    service.process.send_signal(signal.SIGINT)
    wait_for(lambda: service.events("stopping; a second signal ends at once"))
    time.sleep(1.2)
    assert service.process.poll() is None, "two signals at once are one wish"
    assert service.stop(signal.SIGINT, within_s=5) == 130


def test_what_came_is_read_and_published_once_beside_collecting(web: Web, start: Start, tmp_path: Path) -> None:
    service = start({"wire": "2s", "copy": "2s"}, settle="2s")
    wait_for(lambda: service.events("publish"), 120)
    wait_for(lambda: service.count("SELECT count(*) FROM extraction") == 6, 120)
    wait_for(lambda: len(service.events("collected", "wire")) > 2)
    assert service.stop() == 0
    assert len(service.events("publish")) <= 3, "not once a source and turn"
    assert (tmp_path / "site" / "sources.html").is_file()
    assert "fine" in (tmp_path / "site" / "sources.html").read_text()


def test_metrics_and_logs_tell_what_happens(web: Web, start: Start, tmp_path: Path) -> None:
    service = start({"wire": "1h"}, "--metrics-port", "0")
    wait_for(lambda: service.events("collected", "wire"))
    wait_for(
        lambda: (
            'tracker_source_state{source="wire",state="fine"} 1.0' in (tmp_path / "var" / "metrics.prom").read_text()
        )
    )
    address = str(service.events("metrics")[0]["address"])
    with urlopen(address, timeout=10) as answer:
        assert 'tracker_attempts_total{outcome="new",reason="",source="wire"}' in answer.read().decode()
    assert probe(address.replace("/metrics", "/healthz")) is None
    wait_for(lambda: probe(address.replace("/metrics", "/readyz")) is None, 10)
    (event,) = service.events("collected", "wire")
    assert event["new"] == 3 and event["run"] and event["level"] == "info"
    assert service.stop() == 0
    log = (tmp_path / "log").read_text()
    assert "k3y-of-orchid" not in log
    assert all(json.loads(line)["run"] for line in log.splitlines()), "each line says of which run it is"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tracker", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, env=ENVIRON)


def test_other_commands_work_beside_it(web: Web, start: Start, tmp_path: Path) -> None:
    gate = web.hold("/slow")
    service = start({"slow": "1h", "wire": "1h"})
    wait_for(lambda: service.events("collected", "wire"))
    looked = run(tmp_path, "sources", "health", "--format", "json")
    assert looked.returncode == 0, looked.stderr
    assert {item["source"]: item["state"] for item in json.loads(looked.stdout)} == {"wire": "fine", "slow": "new"}
    refused = run(tmp_path, "collect", "wire")
    assert refused.returncode == 2 and str(service.process.pid) in refused.stderr, "something is in flight"
    gate.set()
    wait_for(lambda: service.events("collected", "slow"))
    assert run(tmp_path, "collect", "wire").returncode == 0, "nothing is in flight"
    assert service.stop() == 0


def test_a_port_that_is_taken_and_a_bad_format_are_one_clear_error(web: Web, start: Start, tmp_path: Path) -> None:
    service = start({"wire": "1h"}, "--metrics-port", str(web.server.port))
    assert service.process.wait(60) == 2
    assert str(web.server.port) in (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()
    bad = run(tmp_path, "schedule", "--log-format", "xml")
    assert bad.returncode == 2 and "json" in bad.stderr
    (tmp_path / "config.yaml").write_text("sources: []")
    empty = run(tmp_path, "schedule")
    assert empty.returncode == 2 and "switched on" in empty.stderr


def test_a_processing_that_fails_or_is_killed_is_told_and_the_schedule_goes_on(
    web: Web, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").write_text("somebody's own")
    service = start({"wire": "1s"}, settle="1s")
    wait_for(lambda: service.events("processing failed"), 120)
    assert "site" in str(service.events("processing failed")[0]["why"])
    assert service.events("extract"), "what came before the failure stands"
    before = len(service.events("collected", "wire"))
    wait_for(lambda: len(service.events("collected", "wire")) > before)
    assert service.stop() == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes in /proc")
def test_the_process_of_the_stages_does_not_outlive_a_killed_schedule(web: Web, start: Start) -> None:
    children = "/proc/{0}/task/{0}/children"
    service = start({"wire": "1h"}, settle="0s")
    listed = Path(children.format(service.process.pid))

    def stages() -> list[int]:
        return [
            pid
            for pid in map(int, listed.read_text().split())
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    wait_for(stages)
    (pid,) = stages()
    service.process.kill()
    service.process.wait()
    wait_for(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2], 15)


def test_a_killed_process_of_the_stages_is_told(tmp_path: Path) -> None:
    async def run() -> Processed:
        done: list[Processed] = []
        processing = Processing(
            Settings(data_dir=tmp_path / "var", schedule=Schedule(settle=timedelta(0))),
            "json", SharedHold(FolderLock(tmp_path / "var")), done.append,
        )  # fmt: skip
        task = asyncio.create_task(processing.run())
        processing.ask()
        while not processing.is_busy:
            await asyncio.sleep(0.01)
        processing.kill()
        while not done:
            await asyncio.sleep(0.01)
        task.cancel()
        return done[0]

    processed = asyncio.run(run())
    assert processed.failure is not None and "exit code" in processed.failure


@contextmanager
def no_further_files() -> Iterator[None]:
    """Nothing can be opened meanwhile: the system gives no descriptor above those that are in use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Path(os.devnull).open() as first_free:
        resource.setrlimit(resource.RLIMIT_NOFILE, (first_free.fileno(), hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_that_cannot_be_started_is_told_and_the_next_pass_comes(tmp_path: Path) -> None:
    async def run() -> list[Processed]:
        done: list[Processed] = []
        hold = SharedHold(FolderLock(tmp_path / "var"))
        processing = Processing(
            Settings(data_dir=tmp_path / "var", schedule=Schedule(settle=timedelta(0))), "json", hold, done.append
        )
        async with hold:
            task = asyncio.create_task(processing.run())
            for wanted in (1, 2):
                with no_further_files():
                    processing.ask()
                    async with asyncio.timeout(10):
                        while len(done) < wanted:
                            await asyncio.sleep(0.01)
                assert not processing.is_busy and not task.done()
            task.cancel()
        return done

    assert all("Too many open files" in (item.failure or "") for item in asyncio.run(run()))
