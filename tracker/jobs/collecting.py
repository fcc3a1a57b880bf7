"""The job that collects one source, where it is due."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from tracker.app import App
from tracker.config import Source
from tracker.errors import UnknownSource
from tracker.jobs.stages import Counts
from tracker.logs import get_log, log_report
from tracker.pipeline.collecting import Collecting

_LOG = get_log(__name__)


class SourceCollector:
    """Collects sources side by side over one polite client."""

    def __init__(self, app: App, collecting: Collecting) -> None:
        self._app, self._collecting = app, collecting
        self._at_work: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By source. Where this worker was taken for lost, it may be given the job again that it is still at: the pages
        of the first attempt are on record, or due again, only when that has ended."""

    def stop(self) -> None:
        """Begin no further page."""
        self._collecting.stop()

    async def collect(self, job: int, name: str) -> Counts:
        """Ask a source what it points at, unless somebody has done so since the job was deferred. Where that was an
        earlier attempt of this job, it may have ended before it had the pages, which nobody would miss for a turn.

        Raises:
            UnknownSource: this worker's configuration has no such source.
        """
        source = next((item for item in self._app.settings.sources if item.name == name), None)
        if source is None or not source.enabled:
            raise UnknownSource(f"{name!r} is not switched on in this worker's configuration")
        async with self._at_work[name]:
            return await self._collect(job, source)

    async def _collect(self, job: int, source: Source) -> Counts:
        app, ledger = self._app, self._app.store.work
        await asyncio.to_thread(ledger.begin, job)
        before = await asyncio.to_thread(app.standing, source)
        is_again = any(await asyncio.to_thread(ledger.count_failures, job))
        if not is_again and not before.is_due(app.clock.now()):
            return {"given": 0}
        app.turn_archive()
        (report,) = await self._collecting.collect([source])
        after = await asyncio.to_thread(app.standing, source)
        log_report(report)
        health = after.health
        if health.state != before.health.state:
            _LOG.info("state", state=health.state, before=before.health.state, why=health.why, what_to_do=health.advice)
            await asyncio.to_thread(ledger.defer_publish)
        return {"new": report.new, "changed": report.changed, "failed": report.failed}
