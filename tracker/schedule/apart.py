"""Work in a process of its own, so that no fetch waits for it and what it holds in memory is given back.

Killed, it leaves what a crash leaves, and the next turn goes on from there.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from tracker.config import Settings
from tracker.logs import LogFormat, bound, configure_logs

_SPAWN = multiprocessing.get_context("spawn")
T = TypeVar("T")


class EndedEarly(Exception):
    """The process ended without a word."""


def _end_with(parent: BaseProcess) -> None:
    """Without the parent nobody holds the data folder for us: another run may have it."""
    parent.join()
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _run(work: Callable[[Settings], Any], settings: Settings, format: LogFormat, run: str, answer: Connection) -> None:
    """The process: it leaves stopping to its parent, which waits for it or kills it with all that it has begun."""
    os.setsid()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    configure_logs(format, level=logging.WARNING)
    with suppress(BrokenPipeError), bound(run=run):
        answer.send(work(settings))


class Apart(Generic[T]):
    """Runs one function of a module, once at a time, in a process of its own."""

    def __init__(self, name: str, work: Callable[[Settings], T], settings: Settings, log_format: LogFormat) -> None:
        self._name, self._work, self._settings, self._log_format = name, work, settings, log_format
        self._process: SpawnProcess | None = None

    @property
    def is_busy(self) -> bool:
        """Whether it is under way."""
        return self._process is not None

    async def run(self, run: str) -> T:
        """Do it once; cancelled, it is killed.

        Raises:
            EndedEarly: the process ended without a result.
        """
        ours, theirs = _SPAWN.Pipe(duplex=False)
        try:
            # Not a daemon: those may have no processes of their own, and extraction has.
            args = (self._work, self._settings, self._log_format, run, theirs)
            process = _SPAWN.Process(target=_run, args=args, name=self._name)
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._process = process
        answer = asyncio.create_task(asyncio.to_thread(self._receive, ours, process))
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            self.kill()
            with suppress(EndedEarly):
                await answer
            raise
        finally:
            self._process = None

    def _receive(self, ours: Connection, process: SpawnProcess) -> T:
        """What the process sends, or how it ended without a word."""
        with ours:
            try:
                received: T = ours.recv()
            except EOFError:
                process.join()
                raise EndedEarly(f"the {self._name} ended with exit code {process.exitcode}") from None
        process.join()
        if process.exitcode:
            raise EndedEarly(f"the {self._name} ended with exit code {process.exitcode}")
        return received

    def kill(self) -> None:
        """End it where it is under way."""
        if self._process is not None and self._process.pid is not None:
            with suppress(ProcessLookupError):  # it has ended, or has no group of its own yet
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
