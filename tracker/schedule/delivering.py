"""Telling subscribers: after each publish and once a minute, beside collecting and processing.

It needs no lock of the data folder: what is published is read, and the database of subscribers is its own. Where there
is no such database, a look for its file once a minute is all.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tracker.app import deliver_digests, has_digests_to_deliver
from tracker.config import Settings
from tracker.errors import StoreLocked, TrackerError
from tracker.logs import LogFormat, bound
from tracker.schedule.apart import Apart, EndedEarly
from tracker.types import StageReport

_EVERY_S = 60.0


@dataclass(frozen=True)
class Delivered:
    """What one turn did, or why it did not."""

    stages: tuple[StageReport, ...] = ()
    failure: str | None = None


def deliver_all(settings: Settings) -> Delivered:
    """Cut and send; another process that sends has its turn instead."""
    try:
        return Delivered(deliver_digests(settings))
    except StoreLocked:
        return Delivered()
    except TrackerError as error:
        return Delivered(failure=str(error))


class Delivering:
    """Turns one after the other; what goes wrong in one is told, and the next tries again."""

    def __init__(self, settings: Settings, log_format: LogFormat, done: Callable[[Delivered], None]) -> None:
        self._settings, self._done = settings, done
        self._apart = Apart("process of digests", deliver_all, settings, log_format)
        self._wanted = asyncio.Event()
        self._seen: object = None
        """What was published when the last turn began."""

    @property
    def is_busy(self) -> bool:
        """Whether a turn is under way."""
        return self._apart.is_busy

    def ask(self) -> None:
        """Something was published."""
        self._wanted.set()

    def kill(self) -> None:
        """End a turn that is under way; a message that is just being answered may go out twice."""
        self._apart.kill()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            run = secrets.token_hex(4)
            with bound(run=run):
                try:
                    waits, seen = await asyncio.to_thread(has_digests_to_deliver, self._settings, self._seen)
                    if waits:
                        self._done(await self._apart.run(run))
                    self._seen = seen
                except (TrackerError, EndedEarly, OSError) as error:
                    self._done(Delivered(failure=str(error)))
                except Exception as error:  # whatever ended this turn, the next is still to come
                    self._done(Delivered(failure=f"{type(error).__name__}: {error}"))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), _EVERY_S)
            self._wanted.clear()
