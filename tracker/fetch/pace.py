"""How fast we ask: so many requests at once in all and per host, and so long between two requests to one host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class _HostPace:
    def __init__(self, concurrency: int, delay_s: float) -> None:
        self.slots = asyncio.Semaphore(concurrency)
        self.turn = asyncio.Lock()
        self.delay_s = delay_s
        self.next_at = 0.0
        """On the loop's clock: before that no request starts."""


class Pace:
    """Slots for requests. A host that must wait takes no slot from the others while it waits."""

    def __init__(self, concurrency: int, per_host_concurrency: int, per_host_delay_s: float) -> None:
        self._all = asyncio.Semaphore(concurrency)
        self._per_host = per_host_concurrency
        self._delay_s = per_host_delay_s
        self._hosts: dict[str, _HostPace] = {}

    def _host(self, host: str) -> _HostPace:
        if host not in self._hosts:
            self._hosts[host] = _HostPace(self._per_host, self._delay_s)
        return self._hosts[host]

    def slow_down(self, host: str, delay_s: float) -> None:
        """Keep at least `delay_s` between the starts of two requests to this host, from the last one on."""
        pace = self._host(host)
        if delay_s > pace.delay_s:
            pace.next_at += delay_s - pace.delay_s
            pace.delay_s = delay_s

    def hold(self, host: str, seconds: float) -> None:
        """Start nothing at this host for so long, as its Retry-After asks."""
        pace = self._host(host)
        pace.next_at = max(pace.next_at, asyncio.get_running_loop().time() + seconds)

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn, then for a free slot; both are held until the block ends."""
        pace = self._host(host)
        loop = asyncio.get_running_loop()
        async with pace.slots:
            async with pace.turn:
                while (wait_s := pace.next_at - loop.time()) > 0:
                    await asyncio.sleep(wait_s)
                await self._all.acquire()
                pace.next_at = loop.time() + pace.delay_s
            try:
                yield
            finally:
                self._all.release()
