"""The lock of the data folder and its database, shared by everything that one schedule has in flight."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from types import TracebackType

from tracker.errors import StoreLocked
from tracker.logs import get_log
from tracker.store import RunLock

_LOG = get_log(__name__)
_ASK_AGAIN_S = 2.0
_GIVE_UP_S = 900.0


class SharedHold:
    """Holds them while at least one job is within; between jobs another command may have them.

    A job that finds them held by another program waits, for a quarter of an hour at the most.
    """

    def __init__(self, lock: RunLock) -> None:
        self._lock = lock
        self._held = ExitStack()
        self._within = 0
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> None:
        async with self._turn:
            if self._within == 0:
                await self._acquire()
            self._within += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._within -= 1
        if self._within == 0:
            self._held.close()

    async def _acquire(self) -> None:
        waited_s = 0.0
        while True:
            try:
                self._held.enter_context(self._lock.hold())
            except StoreLocked as error:
                if waited_s >= _GIVE_UP_S:
                    raise
                if waited_s == 0:
                    _LOG.info("waiting for another run", why=error.detail)
                await asyncio.sleep(_ASK_AGAIN_S)
                waited_s += _ASK_AGAIN_S
            else:
                return
