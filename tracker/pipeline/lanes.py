"""Visiting the pages of one source with a bounded number of workers: a slow host holds up only its own pages."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from tracker.read.urls import host_of
from tracker.types import Candidate

MAX_WORKERS = 64
Visitor = Callable[[Candidate], Awaitable[None]]


class Lanes:
    """Candidates in one queue a host, in their order. Each host is worked on by at most `per_host(host)` workers."""

    def __init__(self, candidates: Iterable[Candidate], per_host: Callable[[str], int]) -> None:
        self._queues: dict[str, deque[Candidate]] = {}
        for candidate in candidates:
            self._queues.setdefault(host_of(candidate.url), deque()).append(candidate)
        shares = [(host, min(per_host(host), len(queue))) for host, queue in self._queues.items()]
        rounds = max((count for _, count in shares), default=0)
        # First one worker for every host, then the second: no host waits for another's share.
        self._free = deque(host for turn in range(rounds) for host, count in shares if turn < count)

    async def drain(self, visit: Visitor) -> None:
        """Visit every candidate; what a visit raises ends the others and is raised."""
        async with asyncio.TaskGroup() as group:
            for _ in range(min(MAX_WORKERS, len(self._free))):
                group.create_task(self._work(visit))

    async def _work(self, visit: Visitor) -> None:
        while self._free:
            queue = self._queues[self._free.popleft()]
            while queue:
                await visit(queue.popleft())
