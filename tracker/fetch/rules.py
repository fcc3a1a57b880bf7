"""The robots.txt rules that one client remembers: asked for once, not for ever, and of the origins asked last."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from tracker.errors import StoreError
from tracker.fetch.robots import RobotsRules
from tracker.ports import Clock, KeptRobots

MAX_CRAWL_DELAY_S = 120.0
"""A host that asks for more between two requests gets one page a run."""
MAX_ORIGINS = 1_000
"""So many origins are remembered, those asked last; of the others, those that get one page a run."""
_KEPT = timedelta(hours=6)
_FAILED_KEPT = timedelta(minutes=10)
"""A host whose robots.txt could not be had is not asked; that must not outlast its trouble for long."""


class RulesShelf:
    """The rules of origins by a `load` of one; callers that come at once share it."""

    def __init__(self, clock: Clock, load: Callable[[str], Coroutine[Any, Any, RobotsRules]]) -> None:
        self._clock, self._load = clock, load
        self._tasks = OrderedDict[str, asyncio.Task[RobotsRules]]()
        self._since: dict[str, datetime] = {}
        self._visited: set[str] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    async def find(self, origin: str) -> RobotsRules:
        """The rules of an origin.

        Raises:
            FetchError: from `load`.
        """
        if self._is_old(origin):
            self._drop(origin)
        if origin not in self._tasks:
            self._make_room()
            self._tasks[origin] = asyncio.create_task(self._load(origin))
            self._since[origin] = self._clock.now()
        self._tasks.move_to_end(origin)
        # Shielded: a caller that gives up must not take the rules away from the others who wait for them.
        return await asyncio.shield(self._tasks[origin])

    def visit(self, origin: str) -> bool:
        """Note that a page is asked of the origin; whether it is the first since its rules were had."""
        is_first = origin not in self._visited
        if origin in self._tasks:
            self._visited.add(origin)
        return is_first

    async def close(self) -> None:
        """Ask for no more rules."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _is_old(self, origin: str) -> bool:
        """Of a client that lives for weeks no rules are older than a few hours (RFC 9309, section 2.4: a day)."""
        task = self._tasks.get(origin)
        if task is None or not task.done() or task.cancelled():
            return False
        if isinstance(task.exception(), StoreError):
            return True  # no fault of the host's
        failed = task.exception() is not None or task.result().unreachable is not None
        return self._clock.now() - self._since[origin] > (_FAILED_KEPT if failed else _KEPT)

    def _make_room(self) -> None:
        surplus = len(self._tasks) + 1 - MAX_ORIGINS
        for origin, task in list(islice(self._tasks.items(), max(0, surplus))):
            if task.done() and not _binds(task):
                self._drop(origin)

    def _drop(self, origin: str) -> None:
        del self._tasks[origin], self._since[origin]
        self._visited.discard(origin)


def _binds(task: asyncio.Task[RobotsRules]) -> bool:
    """Whether to forget the rules would let us ask for a second page too early."""
    return not task.cancelled() and task.exception() is None and task.result().delay_s > MAX_CRAWL_DELAY_S


def is_fresh(kept: KeptRobots) -> bool:
    """Whether what another process fetched is young enough to go by; kept here in turn, it stays within the day."""
    return kept.age_s < (_KEPT if kept.unreachable is None else _FAILED_KEPT).total_seconds()
