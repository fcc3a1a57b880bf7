"""Running until somebody says stop: jobs, processing, metrics and signals put together."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.app import App, open_app
from tracker.config import Settings, Source
from tracker.logs import LogFormat, bound, get_log, log_report, log_stage
from tracker.metrics import Metrics
from tracker.pipeline.collecting import Collecting
from tracker.schedule.delivering import Delivered, Delivering
from tracker.schedule.holding import SharedHold
from tracker.schedule.jobs import SourceJobs
from tracker.schedule.processing import Processed, Processing
from tracker.stopping import Stopping
from tracker.store import RunLock
from tracker.store.faults import as_ours
from tracker.vitals import Vitals

_LOG = get_log(__name__)
_BETWEEN_METRICS_S = 5.0
_PROCESS_AGAIN_S = 300.0
"""After a pass that failed: the disk may have room again, the site's folder may be ours again."""
_LATE_S = 120.0
"""A source that is due for so long and not begun: the schedule does not turn, whatever its loop does."""
_PAUSE_AFTER_TROUBLE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stopped:
    """How it ended."""

    cut_off: tuple[str, ...] = ()
    """What was still in flight at the end of the grace period; the next run takes it up again."""


def run_until_stopped(
    settings: Settings,
    *,
    log_format: LogFormat = "text",
    metrics_port: int | None = None,
    metrics_address: str = "127.0.0.1",
) -> Stopped:
    """Run every enabled source when it is due, and process what comes, until SIGTERM or Ctrl-C.

    The first signal lets what is in flight finish, for `schedule.grace` at the most; nothing new is begun. A second
    one ends the process at once with exit code 130. The archive and the database are whole in either case.

    Raises:
        StoreError: the data folder cannot be used, or another run holds it at the start.
        OutputUnusable: the metrics' port is taken.
    """
    with open_app(settings):
        pass  # nobody else runs, and the database is up to date
    with open_app(settings, shared=True) as app, bound(run=secrets.token_hex(4)):
        return asyncio.run(_Service(app, log_format).run(metrics_port, metrics_address))


class _Service:
    def __init__(self, app: App, log_format: LogFormat) -> None:
        self._app = app
        self._settings = app.settings
        self._hold = SharedHold(RunLock(app.settings.data_dir, app.settings.database_url))
        self._jobs = SourceJobs(self._run_source)
        self._processing = Processing(app.settings, log_format, self._hold, self._note_processed)
        self._delivering = Delivering(app.settings, log_format, self._note_delivered)
        self._metrics = Metrics()
        self._vitals = Vitals()
        self._changed = asyncio.Event()
        """Something that the metrics tell of."""
        self._stages: dict[str, float] = {}
        self._stopping = Stopping(app.settings.schedule.grace.total_seconds())
        self._collecting: Collecting | None = None

    async def run(self, metrics_port: int | None, metrics_address: str) -> Stopped:
        """Serve until the first signal, then wait for what is in flight."""
        self._stopping.kill, self._stopping.tell = self._kill, self._count_in_flight
        self._stopping.listen()  # before anybody is told that it is up: who asks may stop it in the next moment
        async with AsyncExitStack() as stack:
            if metrics_port is not None:
                stack.callback(self._metrics.serve(metrics_port, metrics_address, self._vitals))
                stack.callback(self._vitals.watch("database", self._app.find_database_trouble))
                _LOG.info("metrics", address=f"http://{metrics_address}:{self._metrics.port}/metrics")
            self._collecting = await stack.enter_async_context(self._app.collecting())
            self._begin()
            beating = self._vitals.beating(self._look_at_turns)
            served = (self._processing.run(), self._delivering.run(), self._write_metrics(), beating)
            serving = [asyncio.create_task(item) for item in served]
            await self._stopping.wait()
            self._jobs.pause()
            self._collecting.stop()
            cut_off = await self._finish()
            self._jobs.stop()
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, *self._jobs.in_flight, return_exceptions=True)
            await self._write_metrics_once()
        self._app.archive.close()
        _LOG.info("stopped", cut_off=", ".join(cut_off))
        return Stopped(cut_off)

    def _kill(self) -> None:
        self._processing.kill()
        self._delivering.kill()

    def _count_in_flight(self) -> dict[str, int]:
        return {"in_flight": len(self._jobs.in_flight)}

    def _begin(self) -> None:
        sources = self._settings.select_sources(None)
        now = self._app.clock.now()
        due_at = {source.name: self._app.standing(source).next_at or now for source in sources}
        for source in sources:
            self._jobs.add(source, due_at[source.name])
        self._jobs.start()
        self._processing.ask()  # what a run before this one has left
        self._changed.set()
        _LOG.info("scheduled", sources=len(sources), due=sum(at <= now for at in due_at.values()))

    async def _finish(self) -> tuple[str, ...]:
        """Wait for what is in flight; what is left of it when the grace period is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.schedule.grace.total_seconds()):
                while self._jobs.in_flight or self._processing.is_busy or self._delivering.is_busy:
                    await asyncio.sleep(0.05)
        names = sorted(task.get_name() for task in self._jobs.in_flight)
        others = {"processing": self._processing.is_busy, "delivering": self._delivering.is_busy}
        return (*names, *(name for name, is_busy in others.items() if is_busy))

    async def _run_source(self, source: Source) -> datetime:
        """One turn of one source; what goes wrong is told, and the others go on."""
        with bound(run=secrets.token_hex(4), source=source.name):
            try:
                async with self._hold:
                    await self._collect_if_due(source)
                return self._app.standing(source).next_at or self._app.clock.now() + source.every
            except Exception as error:
                if (expected := as_ours(error, self._settings.database_url)) is not None:
                    _LOG.error("failed", why=str(expected))
                else:  # our bug: it ends this turn, and is told with its traceback
                    _LOG.exception("failed by a bug of the tracker")
            return self._app.clock.now() + max(source.every, _PAUSE_AFTER_TROUBLE)

    async def _collect_if_due(self, source: Source) -> None:
        if self._stopping.is_asked or not self._app.due([source]):
            return  # another command has asked it in the meantime
        assert self._collecting is not None
        self._app.turn_archive()
        before = self._app.standing(source).health
        began = asyncio.get_running_loop().time()
        (report,) = await self._collecting.collect([source])
        after = self._app.standing(source).health
        log_report(report, asyncio.get_running_loop().time() - began)
        if after.state != before.state:
            _LOG.info("state", state=after.state, before=before.state, why=after.why, what_to_do=after.advice)
        if report.new or report.changed or after.state != before.state:
            self._processing.ask()
        self._changed.set()

    def _note_processed(self, processed: Processed) -> None:
        for stage, seconds in zip(processed.stages, processed.seconds, strict=True):
            self._stages[stage.stage] = seconds
            log_stage(stage, seconds)
        if processed.failure:
            _LOG.error("processing failed", why=processed.failure, again_s=_PROCESS_AGAIN_S)
            asyncio.get_running_loop().call_later(_PROCESS_AGAIN_S, self._processing.ask)
        elif processed.stages:
            self._delivering.ask()
        self._changed.set()

    def _note_delivered(self, delivered: Delivered) -> None:
        for stage in delivered.stages:
            if stage.given or stage.problems:
                log_stage(stage)
            for problem in stage.problems:
                _LOG.warning("not told", stage=stage.stage, where=problem.where, why=problem.why)
        if delivered.failure:
            _LOG.error("delivering failed", why=delivered.failure)

    def _look_at_turns(self) -> None:
        late_s = self._jobs.late_s(datetime.now(UTC))
        late = f"a source is due for {late_s:.0f} s, and was not begun"
        self._vitals.note("schedule", late if late_s > _LATE_S else None)

    async def _write_metrics(self) -> None:
        """Write the metrics after every change, but not for every one: they sum up the whole log."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            began = time.monotonic()
            await self._write_metrics_once()
            await asyncio.sleep(max(_BETWEEN_METRICS_S, 10 * (time.monotonic() - began)))

    async def _write_metrics_once(self) -> None:
        try:
            self._metrics.snapshot = await asyncio.to_thread(self._app.snapshot, tuple(self._stages.items()))
            await asyncio.to_thread(self._metrics.write, self._settings.data_dir)
        except Exception as error:  # figures are no reason to stop collecting
            _LOG.error("metrics could not be written", why=str(as_ours(error, self._settings.database_url) or error))
