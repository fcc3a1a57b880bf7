"""Copies of this process that work beside it: forked, so that they have all that it has and nothing is sent to them.

Only on Linux. A fork copies the one thread that calls it, so a lock that another thread holds would be held for ever in
the copy: `can_fork` says whether there is such a thread.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_UN, lockf
from multiprocessing.connection import Connection, Pipe
from tempfile import TemporaryFile
from typing import Any, NoReturn

from tracker.errors import WorkerLost

MOST_WORKERS = 4
"""Nobody asked for a number: each may come to need as much memory as this process has."""


def can_fork() -> bool:
    """Whether copies can be made here. The thread with which Rich draws a bar holds no lock that they would need."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    return sys.platform == "linux" and all(type(thread).__module__.startswith("rich.") for thread in others)


def count_workers(wanted: int = 0) -> int:
    """How many processes are to work, this one among them: as many as are wanted, 0 for one a processor of ours."""
    if not can_fork():
        return 1
    return wanted or min(len(os.sched_getaffinity(0)), MOST_WORKERS)


class Twin:
    """One copy. It does what it is asked with its copy of `target`, one thing after the other."""

    def __init__(self, target: object, others: Sequence[Twin]) -> None:
        self._connection, there = Pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _live(target, there, parent, [self._connection, *(other._connection for other in others)])
        there.close()

    def ask(self, method: str, *arguments: object) -> None:
        """Have it call a method of the target.

        Raises:
            WorkerLost: it has ended.
        """
        try:
            self._connection.send((method, arguments))
        except OSError:
            self._lose()

    def answer(self) -> Any:
        """What the method gave. What it raised is raised here, with where that was as a note.

        Raises:
            WorkerLost: it has ended.
        """
        try:
            error, value = self._connection.recv()
        except (EOFError, OSError):
            self._lose()
        if error is not None:
            raise error
        return value

    def end(self) -> None:
        """It is not needed any more, whatever it does."""
        self._connection.close()
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0

    def _lose(self) -> NoReturn:
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        code = os.waitstatus_to_exitcode(status)
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        raise WorkerLost(f"it ended {how}; if memory ran out, set site.workers: 1 in config.yaml")


@contextmanager
def twins(count: int, target: object) -> Iterator[list[Twin]]:
    """So many copies of this process as it is now, which end with the block."""
    made: list[Twin] = []
    try:
        for _ in range(count):
            made.append(Twin(target, made))
        yield made
    finally:
        for twin in made:
            twin.end()


class Deal:
    """The numbers below a count, which a process and its copies share out: each is taken once.

    This process takes the lowest that is left, and a copy may take the highest: so that what they need for numbers
    that lie together is made by one of them.
    """

    def __init__(self, count: int) -> None:
        self._shared = mmap.mmap(-1, 16)
        # The system gives up the lock of a process that dies, where one in shared memory would be held for ever.
        self._lock = TemporaryFile()  # noqa: SIM115
        self._set(0, count)

    def take(self, *, highest: bool = False) -> Iterator[int]:
        """Take one after the other until none is left."""
        while (number := self._take_one(highest=highest)) is not None:
            yield number

    def stop(self) -> None:
        """Nobody is to take any more."""
        self._set(0, 0)

    def close(self) -> None:
        """This process takes no more."""
        self._shared.close()
        self._lock.close()

    def _take_one(self, *, highest: bool) -> int | None:
        lockf(self._lock, LOCK_EX)
        try:
            first, after = map(int, struct.unpack("<qq", self._shared[:]))
            if first >= after:
                return None
            self._set(first + (not highest), after - highest)
            return after - 1 if highest else first
        finally:
            lockf(self._lock, LOCK_UN)

    def _set(self, first: int, after: int) -> None:
        self._shared[:] = struct.pack("<qq", first, after)


def _live(target: object, connection: Connection, parent: int, others: Sequence[Connection]) -> NoReturn:
    """All that a copy does. It never returns, so nothing that this process had begun is ended twice."""
    code = 1
    try:
        _die_with(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told too, and ends its copies
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for other in others:
            other.close()
        _serve(target, connection)
        code = 0
    finally:
        os._exit(code)


def _die_with(parent: int) -> None:
    """A copy whose parent is killed must not go on writing beside the parent's successor (prctl(2))."""
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def _serve(target: object, connection: Connection) -> None:
    while True:
        try:
            method, arguments = connection.recv()
        except EOFError:
            return
        try:
            answer: tuple[BaseException | None, Any] = (None, getattr(target, method)(*arguments))
        except BaseException as exc:
            answer = (_sendable(exc), None)
        connection.send(answer)


def _sendable(exc: BaseException) -> BaseException:
    exc.add_note(f"in a process of its own:\n{traceback.format_exc()}")
    try:
        pickle.loads(pickle.dumps(exc))  # noqa: S301
    except Exception:
        return RuntimeError(f"{type(exc).__name__}: {exc}\n{traceback.format_exc()}")
    return exc
