"""A worker: it takes jobs until it is stopped, or until there are none."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from typing import Any

from procrastinate import App as Queue
from procrastinate.worker import Worker

from tracker.app import App, open_app
from tracker.config import Settings
from tracker.errors import InputError
from tracker.jobs.attempts import Attempts
from tracker.jobs.broker import Endings, make_queue
from tracker.jobs.collecting import SourceCollector
from tracker.jobs.stages import Stages
from tracker.jobs.tasks import add_tasks
from tracker.jobs.telling import tell
from tracker.jobs.upkeep import keep_up, sweep
from tracker.logs import bound, get_log
from tracker.metrics import Snapshot
from tracker.ports.work import STAGES, Stage
from tracker.stopping import Stopping, end_at_once
from tracker.store import place_of
from tracker.store.addresses import is_on_server
from tracker.store.advisory import this_process
from tracker.store.faults import as_ours
from tracker.vitals import Vitals

_LOG = get_log(__name__)
_LOOK_S = 1.0
"""Jobs whose hour has come are announced by nobody: so often is looked for them."""
_AGAIN_S = (1.0, 2.0, 5.0, 10.0)
"""Pauses before a database that is away is asked again; the last one from then on."""
_IDLE_LOOK_S = 0.3
_MORE_THREADS = 8
_BEATS = 4
"""So often within `workers.stalled_after` a worker tells that it is there."""


def run_worker(
    settings: Settings,
    *,
    only: Sequence[Stage] = STAGES,
    collecting: int = 8,
    until_idle: bool = False,
    metrics_port: int | None = None,
    metrics_address: str = "127.0.0.1",
) -> None:
    """Take jobs until SIGTERM or Ctrl-C; with `until_idle` until none is waiting or worked on any more.

    The first signal lets what is in flight finish, for `schedule.grace` at the most; what is not done then is left to
    other workers. A second one ends the process at once with exit code 130. This function may end the process, since
    a thread that computes cannot be told to stop.

    Args:
        only: take jobs of these stages.
        collecting: so many sources are collected side by side. Beside them one job at a time computes.

    Raises:
        InputError: the database is a file.
        StoreError: the database cannot be used.
        OutputUnusable: the metrics' port is taken.
    """
    if not is_on_server(settings.database_url):
        raise InputError(
            f"workers need PostgreSQL, and the database is {place_of(settings.database_url)}: name one as `database` "
            "in config.yaml and move the store there with `tracker db copy` (docs/workers.md); with a file, "
            "`tracker schedule` does all by itself"
        )
    with open_app(settings, shared=True) as app, bound(run=secrets.token_hex(4)):  # each job has one of its own
        sweep(app)
        service = _Service(app, only, collecting, until_idle)
        asyncio.run(service.run(metrics_port, metrics_address))


class _Service:
    def __init__(self, app: App, only: Sequence[Stage], collecting: int, until_idle: bool) -> None:
        self._app, self._only, self._collecting, self._until_idle = app, only, collecting, until_idle
        self._endings = Endings()
        self._attempts = Attempts(app, self._endings)
        self._stages = Stages(app)
        self._workers: set[Any] = set()
        self._collector: SourceCollector | None = None
        self._stopping = Stopping(self._grace_s)
        self._lanes: frozenset[str] = frozenset()

    async def run(self, metrics_port: int | None, metrics_address: str) -> None:
        """Serve until told to stop."""
        # Jobs that wait for a run to end wait in threads: they must leave some for the others.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._collecting + _MORE_THREADS))
        self._stopping.then = self._stop
        self._stopping.listen()  # before anybody is told that it is up
        async with AsyncExitStack() as stack:
            telling = tell(self._app, stack, metrics_port, metrics_address, self._sum_up, self._look_at_lanes)
            side = [keep_up(self._app), *telling]
            if "collect" in self._only:
                collecting = await stack.enter_async_context(self._app.collecting())
                self._collector = SourceCollector(self._app, collecting)
            if self._until_idle:
                side.append(self._stop_when_idle())
            beside = [asyncio.create_task(item) for item in side]
            _LOG.info("worker", name=this_process(), stages=",".join(self._only), collecting=self._collecting)
            await self._take_jobs(beside)
            _LOG.info("stopped")
            if self._attempts.computing:  # its job is with others now; what it keeps yet is harmless
                end_at_once(0)
        if self._collector is not None:
            self._app.archive.close()

    @property
    def _grace_s(self) -> float:
        return self._app.settings.schedule.grace.total_seconds()

    async def _take_jobs(self, beside: Sequence[asyncio.Task[None]]) -> None:
        computing = [stage for stage in self._only if stage != "collect"]
        lanes = [asyncio.create_task(self._lane("computing", computing, 1))] if computing else []
        if "collect" in self._only:
            lanes.append(asyncio.create_task(self._lane("collecting", ["collect"], self._collecting)))
        working: asyncio.Future[Any] = asyncio.gather(*lanes)
        await asyncio.wait([working, *beside], return_when=asyncio.FIRST_COMPLETED)
        ended = next((task for task in beside if task.done()), working)  # those beside end by a bug alone
        for task in (*beside, *lanes):
            task.cancel()
        await asyncio.gather(working, *beside, return_exceptions=True)
        if not ended.cancelled():
            ended.result()

    def _sum_up(self) -> Snapshot:
        """Of the queue alone: the schedule sums up all that was ever collected, once for the whole fleet."""
        return Snapshot(queue=self._app.queue_figures())

    def _look_at_lanes(self, vitals: Vitals) -> None:
        """Both lanes take jobs, but for the moments in which a lost connection is made anew."""
        taking = {worker.worker_name for worker in self._workers}
        lacking = sorted(self._lanes - taking)
        vitals.note("jobs", f"none are taken for {' and '.join(lacking)}" if lacking else None)

    async def _lane(self, name: str, queues: Sequence[str], concurrency: int) -> None:
        """Take the jobs of some queues; when the database goes away, begin anew until it is there again."""
        self._lanes |= {name}
        tries = 0
        while not self._stopping.is_asked:
            began = time.monotonic()
            queue = make_queue(self._app.settings.database_url, self._app.store.work, self._endings, self._stopping)
            add_tasks(queue, self._attempts, self._endings, self._stages, self._collector)
            try:
                async with queue.open_async():
                    await self._serve(queue, name, queues, concurrency)
                why = "its connection ended"
            except Exception as error:
                why = str(as_ours(error, self._app.settings.database_url) or error)
                with suppress(Exception):  # else what did not open would go on trying by itself
                    await queue.close_async()
            if self._stopping.is_asked:
                break
            tries = 1 if time.monotonic() - began > _AGAIN_S[-1] else tries + 1
            pause_s = _AGAIN_S[min(tries, len(_AGAIN_S)) - 1]
            _LOG.error("no jobs are taken for the moment", lane=name, why=why, again_s=pause_s)
            await self._stopping.wait(pause_s)

    async def _serve(self, queue: Queue, name: str, queues: Sequence[str], concurrency: int) -> None:
        stalled_s = self._app.settings.workers.stalled_after.total_seconds()
        worker: Any = Worker(  # its methods say nothing of their types
            queue,
            queues=queues,
            name=name,
            concurrency=concurrency,
            fetch_job_polling_interval=_LOOK_S,
            abort_job_polling_interval=stalled_s,
            shutdown_graceful_timeout=self._grace_s,
            install_signal_handlers=False,
            update_heartbeat_interval=stalled_s / _BEATS,
            stalled_worker_timeout=stalled_s,
        )
        self._workers.add(worker)
        try:
            await worker.run()
        finally:
            self._workers.discard(worker)

    # --- the end ---

    def _stop(self) -> None:
        if self._collector is not None:
            self._collector.stop()
        for worker in self._workers:
            worker.stop()

    async def _stop_when_idle(self) -> None:
        while not self._stopping.is_asked:
            await asyncio.sleep(_IDLE_LOOK_S)
            try:
                live = await asyncio.to_thread(self._app.store.work.count_live, self._only)
            except Exception as error:
                if as_ours(error, self._app.settings.database_url) is None:
                    raise
                continue  # away; told by others
            if not any(live):
                self._stopping.ask()
        await asyncio.Event().wait()  # the lanes end by themselves
