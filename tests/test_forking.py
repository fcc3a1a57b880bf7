"""Copies of a process: what they are asked they do, and what becomes of them is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tracker.errors import BuildRefused, WorkerLost
from tracker.forking import Deal, Twin, can_fork, count_workers, twins

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),  # the runner of the tests has threads
]


class Desk:
    """Something that copies have too."""

    def __init__(self, deal: Deal | None = None) -> None:
        self.said: list[str] = []
        self.deal = deal

    def say(self, word: str) -> list[str]:
        self.said.append(word)
        return self.said

    def who(self) -> int:
        return os.getpid()

    def take(self) -> list[int]:
        return list(self.deal.take(highest=True)) if self.deal else []

    def refuse(self) -> None:
        raise BuildRefused("page a.html: it is wrong")

    def fail_oddly(self) -> None:
        class Local(Exception):
            pass

        raise Local("nobody else has this class")

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def count(self) -> tuple[bool, int, int, int]:
        return can_fork(), count_workers(3), count_workers(), len(os.sched_getaffinity(0))


def test_a_copy_has_what_there_was_and_keeps_what_it_does_to_itself() -> None:
    desk = Desk()
    desk.say("before")
    with twins(2, desk) as (one, other):
        ids = one.pid, other.pid
        one.ask("say", "one")
        other.ask("who")
        assert one.answer() == ["before", "one"] and other.answer() == other.pid != os.getpid()
        one.ask("say", "again")
        assert one.answer() == ["before", "one", "again"] and desk.said == ["before"]
    for pid in ids:  # and not of whatever other children the runner of the tests has
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def test_what_a_copy_raises_is_raised_here_with_its_place() -> None:
    with twins(1, Desk()) as [twin]:
        twin.ask("refuse")
        with pytest.raises(BuildRefused, match=r"page a\.html: it is wrong") as raised:
            twin.answer()
        assert "in refuse" in raised.value.__notes__[0]
        twin.ask("fail_oddly")
        with pytest.raises(RuntimeError, match="Local: nobody else has this class"):
            twin.answer()
        twin.ask("say", "still there")
        assert twin.answer() == ["still there"]


def test_a_copy_that_is_killed_is_told_so() -> None:
    with twins(1, Desk()) as [twin]:
        twin.ask("die")
        with pytest.raises(WorkerLost, match="SIGKILL") as lost:
            twin.answer()
        assert lost.value.exit_code == 2 and "site.workers: 1" in str(lost.value)


def test_each_number_is_taken_once() -> None:
    deal = Deal(500)
    with twins(2, Desk(deal)) as others:
        for twin in others:
            twin.ask("take")
        mine = list(deal.take())
        taken = [twin.answer() for twin in others]
    assert sorted([*mine, *taken[0], *taken[1]]) == list(range(500))
    assert mine == sorted(mine) and all(numbers == sorted(numbers, reverse=True) for numbers in taken)
    deal.close()


def test_nothing_is_taken_once_it_is_stopped() -> None:
    deal = Deal(10)
    assert next(deal.take()) == 0 and next(deal.take(highest=True)) == 9
    deal.stop()
    assert list(deal.take()) == []
    deal.close()


def test_beside_another_thread_there_are_no_copies() -> None:
    held = threading.Event()
    thread = threading.Thread(target=held.wait)
    thread.start()
    try:
        assert not can_fork() and count_workers(4) == 1
    finally:
        held.set()
        thread.join()
    with twins(1, Desk()) as [twin]:  # a copy has one thread, whatever runs beside this test
        twin.ask("count")
        may, wanted, own, processors = twin.answer()
    assert may and wanted == 3 and own == min(processors, 4)


def test_a_copy_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, time\n"
        "from tracker.forking import Twin\n"
        "class Desk:\n"
        "    def work(self): time.sleep(60)\n"
        "twin = Twin(Desk(), [])\n"
        "twin.ask('work')\n"
        "print(twin.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    pytest.fail("the copy outlived its parent")


def test_what_ends_a_copy_that_is_not_needed_is_not_an_error() -> None:
    twin = Twin(Desk(), [])
    twin.end()
    twin.end()
