"""Collecting sources of every kind over one client: lists and their pages, and archives that others have made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from tracker.config import Settings, Source
from tracker.fetch.client import PoliteFetcher
from tracker.fetch.downloads import download
from tracker.pipeline.backfill import Backfill
from tracker.pipeline.claims import Claims
from tracker.pipeline.collect import Collector
from tracker.pipeline.hosts import save_host_records
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.standing import load_health
from tracker.ports import Archive, Clock, Store
from tracker.sourcekinds import WarcSource
from tracker.types import Outcome, Problem, SourceReport

INCOMING = "incoming"
"""The folder below `data_dir` where files of others lie while they are read."""


class Collecting:
    """Collects sources over one client, archive and store; calls may run side by side."""

    def __init__(
        self,
        fetcher: PoliteFetcher,
        archive: Archive,
        store: Store,
        clock: Clock,
        settings: Settings,
        progress: Progress = silent,
    ) -> None:
        self._fetcher, self._archive, self._store, self._clock = fetcher, archive, store, clock
        self._settings, self._progress = settings, progress
        self._running: set[Collector | Backfill] = set()
        self._claims = Claims()

    def stop(self) -> None:
        """Begin no further page; what is in flight is finished and kept."""
        for item in self._running:
            item.stop()

    async def collect(self, sources: Sequence[Source]) -> list[SourceReport]:
        """Fetch what the sources point at, or read on in their archives; reports in the order of the sources."""
        listed = [source for source in sources if not isinstance(source, WarcSource)]
        archives = [source for source in sources if isinstance(source, WarcSource)]
        try:
            found = await asyncio.gather(self._collect_listed(listed), *(self._read_archive(item) for item in archives))
        finally:
            holds, requests = self._fetcher.holds(), self._fetcher.take_requests()
            await asyncio.to_thread(save_host_records, self._store, holds, requests)
        by_name = {report.source: report for reports in found for report in reports}
        return [self._judge(source, by_name[source.name]) for source in sources]

    async def _collect_listed(self, sources: Sequence[Source]) -> list[SourceReport]:
        if not sources:
            return []
        settings = self._settings
        collector = Collector(
            self._fetcher,
            self._archive,
            self._store,
            self._clock,
            settings.revisit,
            settings.network,
            claims=self._claims,
        )
        with self._stoppable(collector):
            return await collector.collect(sources, self._progress)

    async def _read_archive(self, source: WarcSource) -> list[SourceReport]:
        fetch, folder = partial(download, self._fetcher), self._settings.data_dir / INCOMING
        backfill = Backfill(self._fetcher, fetch, self._archive, self._store, self._clock, folder)
        with self._stoppable(backfill):
            return [await backfill.collect(source)]

    @contextmanager
    def _stoppable(self, item: Collector | Backfill) -> Iterator[None]:
        self._running.add(item)
        try:
            yield
        finally:
            self._running.discard(item)

    def _judge(self, source: Source, report: SourceReport) -> SourceReport:
        """Nothing where there always was something is a failure, although every answer was well-formed."""
        if report.failure or report.skipped:
            return report
        health = load_health(self._store, source, self._clock.now())
        if health.state != "empty" or health.last_news_at is None:
            return report
        problem = Problem(source.url, Outcome.FAILED, health.why)
        return replace(report, failure=health.why, problems=(*report.problems, problem))
