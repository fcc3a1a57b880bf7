"""Reading, extracting, reconciling and publishing what was collected: once for all that has come, beside collecting.

These stages compute for long stretches. They run in a process of their own, so that no fetch waits for them, and what
they hold in memory is given back. Killed, they leave what a crash leaves, and the next run goes on from there.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from tracker.app import open_app
from tracker.config import Settings
from tracker.errors import TrackerError
from tracker.logs import LogFormat, bound
from tracker.schedule.apart import Apart, EndedEarly
from tracker.schedule.holding import SharedHold
from tracker.types import StageReport


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


class Processing:
    """Runs a pass after it was asked for, when things have settled; asked again meanwhile, it runs again after that."""

    def __init__(
        self, settings: Settings, log_format: LogFormat, hold: SharedHold, done: Callable[[Processed], None]
    ) -> None:
        self._settings, self._hold, self._done = settings, hold, done
        self._apart = Apart("process of the stages", process_all, settings, log_format)
        self._wanted = asyncio.Event()

    @property
    def is_busy(self) -> bool:
        """Whether a pass is under way."""
        return self._apart.is_busy

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
        try:
            return await self._apart.run(run)
        except EndedEarly as error:
            return Processed(failure=str(error))

    def kill(self) -> None:
        """End a pass that is under way."""
        self._apart.kill()
