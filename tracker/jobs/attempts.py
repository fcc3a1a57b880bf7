"""One attempt at a job: what is bound to its events, the lock that it shares, and its end, in a line."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

from procrastinate import JobContext

from tracker.app import App
from tracker.jobs.broker import Ending, Endings, failure_of
from tracker.jobs.retrying import decide_retry
from tracker.jobs.stages import Counts
from tracker.logs import Masking, bound, get_log
from tracker.ports.work import Stage

_LOG = get_log(__name__)
_AGAIN_S = 10.0
"""After so long a job is tried again whose failures cannot be counted now: the database is away."""


class Attempts:
    """Runs what jobs do, in the process of one worker."""

    def __init__(self, app: App, endings: Endings) -> None:
        self._app, self._ledger, self._endings = app, app.store.work, endings
        self._database = app.settings.database_url
        self._mask = Masking(os.environ).mask
        self.computing = 0
        """Threads that compute; one that was left to itself is among them."""

    async def compute(self, context: JobContext, work: Callable[[], Counts]) -> None:
        """Do something in a thread of its own, for which no fetch waits."""

        def compute() -> Counts:
            self.computing += 1
            try:
                return work()
            finally:
                self.computing -= 1

        async def in_thread() -> Counts:
            return await asyncio.to_thread(compute)

        await self.run(context, in_thread)

    async def run(self, context: JobContext, work: Callable[[], Awaitable[Counts]], **fields: str) -> None:
        """Do what a job is for.

        Raises:
            whatever the work raised; how it goes on is put down for `OurJobs`.
        """
        job = context.job
        with bound(run=secrets.token_hex(4), job=job.id, queue=job.queue, **fields):
            began = time.monotonic()
            try:
                async with self._sharing():
                    counts = await work()
            except asyncio.CancelledError:
                _LOG.warning("stopped; it is left to others")
                raise
            except Exception as error:
                await self._note(job.id or 0, cast(Stage, job.queue), error, time.monotonic() - began)
                raise
            _LOG.info(job.queue, **counts, seconds=round(time.monotonic() - began, 2))

    @asynccontextmanager
    async def _sharing(self) -> AsyncIterator[None]:
        holding = self._ledger.sharing(lambda holder: _LOG.info("waiting for another run", why=holder))
        await asyncio.to_thread(holding.__enter__)
        try:
            yield
        finally:
            await asyncio.to_thread(holding.__exit__, None, None, None)

    async def _note(self, job: int, stage: Stage, error: Exception, seconds: float) -> None:
        failure, is_expected = failure_of(error, self._database, self._mask)
        after_s = await self._decide(job, stage)
        self._endings.put(job, Ending(failure, after_s))
        then = "dead" if after_s is None else f"again in {after_s:.0f} s"
        fields = {"why": failure.message, "error": failure.error, "then": then, "seconds": round(seconds, 2)}
        if is_expected:
            _LOG.error("failed", **fields)
        else:  # our bug, told with its traceback
            _LOG.exception("failed by a bug of the tracker", **fields)

    async def _decide(self, job: int, stage: Stage) -> float | None:
        try:
            failed, ended = await asyncio.to_thread(self._ledger.count_failures, job)
        except Exception:
            return _AGAIN_S
        return decide_retry(stage, failed + 1, ended, self._app.settings.workers.attempts)
