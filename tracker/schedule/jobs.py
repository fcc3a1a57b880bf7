"""A job for each source on APScheduler: the one door for that library.

Each job stands alone: it never overlaps itself, turns that it missed (a machine that slept) are made up for once, and
what goes wrong in one touches no other. When it has run, its next turn is the one that the source's habit asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from tracker.config import Source

_SHORTEST = timedelta(seconds=1)

RunSource = Callable[[Source], Awaitable[datetime]]
"""Runs a source once, and says when it is due again."""


class SourceJobs:
    """The jobs of some sources."""

    def __init__(self, run: RunSource) -> None:
        self._run = run
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone=UTC
        )
        self._in_flight: set[asyncio.Task[None]] = set()

    @property
    def in_flight(self) -> frozenset[asyncio.Task[None]]:
        """The jobs that run now."""
        return frozenset(self._in_flight)

    def late_s(self, now: datetime) -> float:
        """How long the job that is most behind its time waits to be begun; 0 where none does."""
        busy = {task.get_name() for task in self._in_flight}
        turns = [job.next_run_time for job in self._scheduler.get_jobs() if job.id not in busy and job.next_run_time]
        return max(0.0, (now - min(turns)).total_seconds()) if turns else 0.0

    def add(self, source: Source, due_at: datetime) -> None:
        """Give a source its job; one that is due already runs at once."""
        # The interval stands in for the next turn until the job, at its end, sets the one that the habit asks for.
        self._scheduler.add_job(
            self._run_one,
            "interval",
            [source],
            id=source.name,
            seconds=max(source.every, _SHORTEST).total_seconds(),
            next_run_time=max(due_at, datetime.now(UTC)),
        )

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    def pause(self) -> None:
        """Start no further job; those in flight go on."""
        self._scheduler.pause()

    def stop(self) -> None:
        """Cancel what is still in flight."""
        for task in self._in_flight:
            task.cancel()
        self._scheduler.shutdown(wait=False)

    async def _run_one(self, source: Source) -> None:
        # A task of its own: APScheduler cancels its own when it is shut down, and what is in flight may go on then.
        task = asyncio.create_task(self._run_and_plan(source), name=source.name)
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        await asyncio.shield(task)

    async def _run_and_plan(self, source: Source) -> None:
        due_at = await self._run(source)
        if self._scheduler.running and self._scheduler.get_job(source.name) is not None:
            due_at = max(due_at, datetime.now(UTC) + _SHORTEST)
            self._scheduler.modify_job(source.name, next_run_time=due_at)
