"""Asking, for each request, whether the processes that share a record of hosts leave it a turn (`ports.HostTurns`).

The record's calls block, so they go through a few threads; nothing of it is held while a request waits or is under way.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import count
from typing import Any, TypeVar

from tracker.errors import FetchFailed, StoreError
from tracker.ports import Asking, HostTurns, KeptRobots, TurnAnswer

_log = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 3
MAX_WAIT_S = 600.0
"""So long one request waits for the turns of others at the most."""
_PATIENCE_S = 30.0
"""So long a record that is out of reach is asked again: a server that restarts is back by then."""
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.05, 2.0
_FIRST_LOOK_S, _LONGEST_LOOK_S = 0.02, 0.5
"""How soon it is looked again whether one of the others' requests is over: from, and up to."""
_EARLY_S = 0.001
"""Timers may fire so much too early; it would cost one way to the record more."""


class Agreement:
    """One process's part in what all of them agree on."""

    def __init__(self, turns: HostTurns) -> None:
        self._turns = turns
        self._threads = ThreadPoolExecutor(THREADS, "turns")
        self._name, self._numbers = secrets.token_hex(5), count(1)
        self._flying: dict[str, str] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._keeper: asyncio.Task[None] | None = None

    def claim(self, host: str) -> Claim:
        """A request's way to its turn."""
        return Claim(self, host, f"{self._name}-{next(self._numbers)}")

    async def take(self, asking: Asking) -> TurnAnswer:
        """As `HostTurns.take`; what goes out is kept in the record until `end`."""
        answer = await self._call(partial(self._turns.take, asking))
        if answer.verdict == "go":
            self._flying[asking.key] = asking.host
            if self._keeper is None:
                self._keeper = asyncio.create_task(self._keep())
        return answer

    async def end(self, host: str, key: str, *, answered: bool, silence: str | None) -> None:
        """A request is over. Where the record is out of reach for long, it finds that out by itself."""
        if self._flying.pop(key, None) is None:
            return
        task = asyncio.create_task(self._end(partial(self._turns.end, host, key, answered=answered, silence=silence)))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        # Shielded: also of a request that is given up the others must hear.
        await asyncio.shield(task)

    async def pause(self, host: str, seconds: float) -> None:
        """As `HostTurns.pause`."""
        await self._call(partial(self._turns.pause, host, seconds))

    async def hold(self, host: str, seconds: float) -> None:
        """As `HostTurns.hold`."""
        await self._call(partial(self._turns.hold, host, seconds))

    async def slow_down(self, host: str, delay_s: float) -> None:
        """As `HostTurns.slow_down`."""
        await self._call(partial(self._turns.slow_down, host, delay_s))

    async def find_robots(self, origin: str) -> KeptRobots | None:
        """As `HostTurns.find_robots`."""
        return await self._call(partial(self._turns.find_robots, origin))

    async def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """As `HostTurns.keep_robots`."""
        await self._call(partial(self._turns.keep_robots, origin, robots))

    async def visit(self, origin: str) -> bool:
        """As `HostTurns.visit`."""
        return await self._call(partial(self._turns.visit, origin))

    async def close(self) -> None:
        """Wait for what is being told, and tell nothing more."""
        if self._keeper is not None:
            self._keeper.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _end(self, tell: Callable[[], None]) -> None:
        with suppress(StoreError):
            await self._call(tell)

    async def _keep(self) -> None:
        """Requests that take long count all the while; those of a process that was killed do not."""
        while True:
            await asyncio.sleep(self._turns.lease_s / 4)
            if self._flying:
                try:
                    await self._in_thread(partial(self._turns.keep, dict(self._flying)))
                except StoreError as error:
                    _log.warning("requests under way could not be kept in mind for others: %s", error)

    async def _call(self, do: Callable[[], T]) -> T:
        """Do it, and while the record is out of reach try again: nothing goes out meanwhile.

        Raises:
            StoreError: it is out of reach for too long.
        """
        loop, pause_s = asyncio.get_running_loop(), _FIRST_RETRY_S
        until = loop.time() + _PATIENCE_S
        while True:
            try:
                return await self._in_thread(do)
            except StoreError:
                if loop.time() + pause_s > until:
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_RETRY_S)

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, do)


class Claim:
    """One request on its way to a turn, and then to its end."""

    def __init__(self, agreement: Agreement, host: str, key: str) -> None:
        self._agreement, self._host, self._key = agreement, host, key
        self._asking: Asking | None = None
        self._until = 0.0
        self._look_s = _FIRST_LOOK_S

    async def ask(self, delay_s: float, concurrency: int, daily: int, known: tuple[date, int]) -> TurnAnswer:
        """Whether the request may go out now; of any other answer `wait_s` says when to ask again.

        Raises:
            FetchFailed: others keep the host busy for too long.
            StoreError: there is no way to ask.
        """
        now = asyncio.get_running_loop().time()
        self._until = self._until or now + MAX_WAIT_S
        place_at = self._asking.place_at if self._asking else None
        self._asking = Asking(self._host, self._key, delay_s, concurrency, daily, place_at, known)
        answer = await self._agreement.take(self._asking)
        if answer.verdict == "crowded" or (answer.verdict != "go" and now > self._until):
            why = f"so many ask {self._host} that its next turn is more than {MAX_WAIT_S / 60:.0f} minutes away"
            raise FetchFailed(why, reason="busy")
        self._asking = replace(self._asking, place_at=answer.place_at)
        if answer.verdict == "full":
            self._look_s = min(2 * self._look_s, _LONGEST_LOOK_S)
            return replace(answer, wait_s=self._look_s * random.uniform(0.5, 1))  # noqa: S311
        return answer if answer.verdict == "go" else replace(answer, wait_s=answer.wait_s + _EARLY_S)

    async def end(self, **how: Any) -> None:
        """The request is over; see `HostTurns.end`."""
        await self._agreement.end(self._host, self._key, **how)
