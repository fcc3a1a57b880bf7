"""How fast we ask: so many requests at once in all and per host, and so long between two requests to one host."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import islice

from tracker.config import Network

Admit = Callable[[float], Awaitable[float]]
"""Asked with the host's pause between two starts, in seconds, when a request could start: 0, or so many seconds to wait
and be asked again. It raises where the host may not be asked at all."""
MAX_HOSTS = 1_000
"""So many hosts are remembered, those asked last; of the others, only what still binds us."""


class _HostPace:
    def __init__(self, concurrency: int, delay_s: float) -> None:
        self.slots = asyncio.Semaphore(concurrency)
        self.turn = asyncio.Lock()
        self.delay_s = delay_s
        self.next_at = 0.0
        """On the loop's clock: before that no request starts."""
        self.answers = False
        """Whether its last request was answered."""
        self.users = 0
        """Requests that wait for it or are under way."""

    def leave(self) -> None:
        """A request has ended."""
        self.users -= 1


class Pace:
    """Slots for requests. A host that must wait takes no slot from the others while it waits.

    Hosts that have not answered yet, or no longer do, share half of the slots: however many of them are dead, the
    others go on.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._all = asyncio.Semaphore(network.concurrency)
        self._unproven = asyncio.Semaphore(max(1, network.concurrency // 2))
        self._hosts = OrderedDict[str, _HostPace]()

    def _host(self, host: str) -> _HostPace:
        if host not in self._hosts:
            limits = self._network.limits_of(host)
            self._forget_idle()
            self._hosts[host] = _HostPace(limits.concurrency or 1, limits.delay_s or 0.0)
        self._hosts.move_to_end(host)
        return self._hosts[host]

    def _forget_idle(self) -> None:
        surplus, now = len(self._hosts) + 1 - MAX_HOSTS, asyncio.get_running_loop().time()
        for host, pace in list(islice(self._hosts.items(), max(0, surplus))):
            if not pace.users and pace.next_at <= now:
                del self._hosts[host]

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

    def note(self, host: str, *, answers: bool) -> None:
        """Whether the host has just answered."""
        self._host(host).answers = answers

    @asynccontextmanager
    async def slot(self, host: str, admit: Admit) -> AsyncIterator[None]:
        """Wait for this host's turn, for a free slot and for what `admit` wants; held until the block ends."""
        pace = self._host(host)
        pace.users += 1
        async with AsyncExitStack() as held:
            held.callback(pace.leave)
            await held.enter_async_context(pace.slots)
            async with pace.turn:
                await held.enter_async_context(await self._enter(pace, admit))
                pace.next_at = asyncio.get_running_loop().time() + pace.delay_s
            yield

    async def _enter(self, pace: _HostPace, admit: Admit) -> AsyncExitStack:
        """The slots of one request, taken when its turn has come."""
        while True:
            await self._wait_for_turn(pace)
            async with AsyncExitStack() as slots:
                if not pace.answers:
                    await slots.enter_async_context(self._unproven)
                await slots.enter_async_context(self._all)
                wait_s = await admit(pace.delay_s)
                if not wait_s:
                    return slots.pop_all()
            await asyncio.sleep(wait_s)

    async def _wait_for_turn(self, pace: _HostPace) -> None:
        loop = asyncio.get_running_loop()
        while (wait_s := pace.next_at - loop.time()) > 0:
            await asyncio.sleep(wait_s)
