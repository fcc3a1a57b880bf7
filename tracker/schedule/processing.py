"""Reading, extracting, reconciling and publishing what was collected: once for all that has come, beside collecting.

These stages compute for long stretches. They run in a process of their own, so that no fetch waits for them, and what
they hold in memory is given back. Killed, they leave what a crash leaves, and the next run goes on from there.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess

from tracker.app import open_app
from tracker.config import Settings
from tracker.errors import TrackerError
from tracker.logs import LogFormat, bound, configure_logs
from tracker.schedule.holding import SharedHold
from tracker.types import StageReport

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Processed:
    """What one pass over all stages did, or why it ended early."""

    stages: tuple[StageReport, ...] = ()
    seconds: tuple[float, ...] = ()
    """How long each stage took, in the same order."""
    failure: str | None = None


def process_all(settings: Settings) -> Processed:
    """Every stage after collecting; a stage that fails ends the pass, and what the others did stands."""
    stages: list[StageReport] = []
    seconds: list[float] = []
    try:
        # The schedule holds the folder for us.
        with open_app(settings, shared=True) as app:
            for stage in (app.read, app.extract, app.reconcile, app.publish):
                began = time.monotonic()
                stages.append(stage())
                seconds.append(time.monotonic() - began)
    except TrackerError as error:
        return Processed(tuple(stages), tuple(seconds), str(error))
    return Processed(tuple(stages), tuple(seconds))


def _end_with(parent: BaseProcess) -> None:
    """Without the parent nobody holds the data folder for us: another run may have it."""
    parent.join()
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _work(settings: Settings, log_format: LogFormat, run: str, answer: Connection) -> None:
    """The process: it leaves stopping to its parent, which waits for it or kills it with all that it has begun."""
    os.setsid()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    configure_logs(log_format, level=logging.WARNING)
    with suppress(BrokenPipeError), bound(run=run):
        answer.send(process_all(settings))


class Processing:
    """Runs a pass after it was asked for, when things have settled; asked again meanwhile, it runs again after that."""

    def __init__(
        self, settings: Settings, log_format: LogFormat, hold: SharedHold, done: Callable[[Processed], None]
    ) -> None:
        self._settings, self._log_format, self._hold, self._done = settings, log_format, hold, done
        self._wanted = asyncio.Event()
        self._process: SpawnProcess | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a pass is under way."""
        return self._process is not None

    def ask(self) -> None:
        """There is something to process."""
        self._wanted.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self._wanted.wait()
            await asyncio.sleep(self._settings.schedule.settle.total_seconds())
            self._wanted.clear()
            run = secrets.token_hex(4)
            with bound(run=run):
                try:
                    async with self._hold:
                        processed = await self._pass(run)
                except Exception as error:  # whatever ended this pass, the next is still to come
                    told = str(error) if isinstance(error, TrackerError) else f"{type(error).__name__}: {error}"
                    processed = Processed(failure=told)
                self._done(processed)

    async def _pass(self, run: str) -> Processed:
        ours, theirs = _SPAWN.Pipe(duplex=False)
        try:
            # Not a daemon: those may have no processes of their own, and extraction has.
            process = _SPAWN.Process(
                target=_work, args=(self._settings, self._log_format, run, theirs), name="tracker-process"
            )
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._process = process
        answer = asyncio.create_task(asyncio.to_thread(_receive, ours, process))
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            self.kill()
            await answer
            raise
        finally:
            self._process = None

    def kill(self) -> None:
        """End a pass that is under way."""
        if self._process is not None and self._process.pid is not None:
            with suppress(ProcessLookupError):  # it has ended, or has no group of its own yet
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()


def _receive(ours: Connection, process: SpawnProcess) -> Processed:
    """What the process sends, or how it ended without a word."""
    with ours:
        try:
            processed: Processed = ours.recv()
        except EOFError:
            processed = Processed()
    process.join()
    if process.exitcode:
        return Processed(failure=f"the process of the stages ended with exit code {process.exitcode}")
    return processed
