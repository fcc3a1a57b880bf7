"""Health: what a supervisor is told over HTTP, and by the probe that a container calls."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

import tracker
from tests.schedule.conftest import wait_for
from tracker.metrics import Metrics
from tracker.probe import probe
from tracker.vitals import STILL_S, UNHEARD_S, Vitals


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def served(vitals: Vitals) -> Iterator[str]:
    metrics = Metrics()
    stop = metrics.serve(0, vitals=vitals)
    try:
        yield f"http://127.0.0.1:{metrics.port}"
    finally:
        stop()


def asked(address: str) -> tuple[int, dict[str, object]]:
    try:
        with urlopen(address, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def test_a_loop_that_turns_lives_and_one_that_stands_still_does_not() -> None:
    clock = Hand()
    vitals = Vitals(clock)
    with served(vitals) as address:
        assert asked(f"{address}/healthz") == (200, {"status": "ok"})
        clock.now += STILL_S
        status, told = asked(f"{address}/healthz")
        assert (status, told["status"]) == (503, "not ok") and "30 s" in str(told["why"])
        assert asked(f"{address}/readyz")[0] == 503, "what does not live is not ready either"
        vitals.beat()
        assert asked(f"{address}/healthz")[0] == 200
        with urlopen(f"{address}/metrics", timeout=5) as answer:
            assert b"tracker_held" in answer.read(), "the metrics are where they were"


def test_it_is_ready_while_nothing_is_in_trouble() -> None:
    clock = Hand()
    vitals = Vitals(clock)
    vitals.note("database", None)
    vitals.note("queue", None)
    assert vitals.troubles() == {}
    vitals.note("queue", "not asked")
    assert vitals.troubles() == {"queue": "not asked"} and vitals.is_alive
    vitals.note("queue", None)
    clock.now += UNHEARD_S + 1
    vitals.beat()
    vitals.note("queue", None)
    assert list(vitals.troubles()) == ["database"], "a look that hangs is told as well"


def test_a_look_is_taken_again_and_again_and_what_it_raises_is_told() -> None:
    vitals, looks = Vitals(), iter([OSError("no route to it"), None])
    gate = threading.Event()

    def look() -> str | None:
        found = next(looks, None)
        if isinstance(found, OSError):
            raise found
        gate.wait(10)
        return None

    stop = vitals.watch("database", look, every_s=0.01)
    wait_for(lambda: vitals.troubles() == {"database": "no route to it"}, 5)
    gate.set()
    wait_for(lambda: not vitals.troubles(), 5)
    stop()


def test_the_loop_itself_beats() -> None:
    clock = Hand()
    vitals, seen = Vitals(clock), []

    async def run() -> None:
        beating = asyncio.create_task(vitals.beating(lambda: seen.append(clock.now)))
        await asyncio.sleep(0.05)
        beating.cancel()

    clock.now += STILL_S + 1
    assert not vitals.is_alive
    asyncio.run(run())
    assert vitals.is_alive and seen == [clock.now]


def test_the_probe_says_in_one_line_what_is_wrong(closed_port: int) -> None:
    clock = Hand()
    vitals = Vitals(clock)
    with served(vitals) as address:
        assert probe(f"{address}/healthz") is None
        vitals.note("database", "away")
        assert "answers with 503" in str(probe(f"{address}/readyz")) and "away" in str(probe(f"{address}/readyz"))
    assert "does not answer" in str(probe(f"http://127.0.0.1:{closed_port}/healthz"))
    ask: Callable[..., subprocess.CompletedProcess[str]] = lambda *given: subprocess.run(  # noqa: E731
        [sys.executable, "-m", "tracker.probe", *given], capture_output=True, text=True, check=False,
        cwd=Path(tracker.__file__).parents[1],
    )  # fmt: skip
    refused = ask(f"http://127.0.0.1:{closed_port}/healthz")
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1, refused.stderr
    assert "usage" in ask("9464").stderr
    with served(Vitals()) as address:
        assert ask(f"{address}/healthz").returncode == 0


@pytest.fixture
def closed_port() -> int:
    metrics = Metrics()
    metrics.serve(0)()
    assert metrics.port is not None
    return metrics.port
