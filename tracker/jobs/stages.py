"""What the jobs do: the functions that `tracker run` calls for all that is due, for what one job has taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from tracker.app import App, deliver_digests
from tracker.errors import StoreLocked, TrackerError
from tracker.logs import get_log
from tracker.ports.work import Stage, Taken, Wanted
from tracker.store import PublishLock
from tracker.types import StageReport

_LOG = get_log(__name__)
_BLOCK = 256
"""Documents that are reconciled in one go: others wait their turn behind publishing and deliveries."""
Counts = Mapping[str, int | str]
"""What a job did, as it is told in its line of the log."""


class BrokenItems(TrackerError):
    """Some pages or texts could not be worked on."""


class Stages:
    """The computing stages over one app, for one thread at a time."""

    def __init__(self, app: App) -> None:
        self._app, self._ledger = app, app.store.work

    def read(self, job: int, bucket: int) -> Counts:
        """Read a batch of the bucket's pages."""
        return self._take("read", self._app.reader, job, bucket, self._read)

    def extract(self, job: int, bucket: int) -> Counts:
        """Extract a batch of the bucket's texts."""
        return self._take("extract", self._app.extractor.name, job, bucket, self._extract)

    def _read(self, due: Mapping[str, int]) -> StageReport:
        return self._app.read(list(due))

    def _extract(self, due: Mapping[str, int]) -> StageReport:
        return self._app.extract(due)

    def _take(
        self, stage: Stage, by: str, job: int, bucket: int, work: Callable[[Mapping[str, int]], StageReport]
    ) -> Counts:
        taken = self._ledger.take(job, stage, bucket)
        if not taken.items:
            return {"given": 0}
        if taken.singly:
            return self._one_by_one(stage, by, job, taken, work)
        try:
            report = work(taken.items)
        except Exception as error:
            if _is_expected(error):
                raise
            self._note_broken(stage, list(taken.items), by, error)
            raise
        self._ledger.settle(stage, taken.items)  # what another process has done, or no source here points at any more
        return _counts([report])

    def _one_by_one(
        self, stage: Stage, by: str, job: int, taken: Taken, work: Callable[[Mapping[str, int]], StageReport]
    ) -> Counts:
        """After an attempt that took its worker along, or failed by a bug: what is to blame harms only itself."""
        reports, broken = [], []
        for item, changes in taken.items.items():
            self._ledger.hold(job, item)
            try:
                reports.append(work({item: changes}))
            except Exception as error:
                if _is_expected(error):
                    raise
                if not self._note_broken(stage, [item], by, error):
                    broken.append(f"{item}: {type(error).__name__}: {error}")
            else:
                self._ledger.settle(stage, {item: changes})
        if broken:
            raise BrokenItems("; ".join(broken))
        return {**_counts(reports), "singly": len(taken.items)}

    def _note_broken(self, stage: Stage, items: Sequence[str], by: str, error: Exception) -> Sequence[str]:
        aside = self._ledger.note_broken(stage, items, by, f"{type(error).__name__}: {error}"[:500])
        for item in aside:
            _LOG.error("set aside", item=item, why=f"{type(error).__name__}: {error}")
        return aside

    def reconcile(self, job: int) -> Counts:
        """Work in a block of the documents that wait for it."""
        self._ledger.begin(job)
        name = self._app.extractor.name
        before = self._app.store.load_ready(name).keys()
        report = self._app.reconcile(most=_BLOCK, may_rebuild=not self._ledger.has_hollow())
        left = self._app.store.load_ready(name).keys()
        if before & left and before - left:
            self._ledger.defer([Wanted("reconcile")])
        for problem in report.problems:
            _LOG.warning("edit left out", where=problem.where, why=problem.why)
        return {**_counts([report]), "left": len(left)}

    def publish(self, job: int, since: str | None) -> Counts:
        """Make the site, where something has changed and nothing more is on its way."""
        self._ledger.begin(job)
        unpublished = self._ledger.load_unpublished()
        if not unpublished:
            return {"given": 0}
        now, settings = datetime.now(UTC), self._app.settings
        first = datetime.fromisoformat(since) if since else now
        if self._is_more_coming() and now - first < settings.workers.publish_within:
            after_s = settings.schedule.settle.total_seconds()
            self._ledger.defer([Wanted("publish", args={"since": first.isoformat()}, after_s=max(1.0, after_s))])
            return {"waits": "for what is on its way"}
        with PublishLock(settings.data_dir, settings.database_url).hold():
            report = self._app.publish()
        self._ledger.settle("publish", unpublished)
        self._ledger.defer([Wanted("deliver")])
        return _counts([report])

    def _is_more_coming(self) -> bool:
        return self._ledger.has_hollow() or any(self._ledger.count_live(["read", "extract", "reconcile"]))

    def deliver(self, job: int) -> Counts:
        """Tell subscribers, where there are any."""
        self._ledger.begin(job)
        try:
            reports = deliver_digests(self._app.settings)
        except StoreLocked as error:
            return {"waits": error.detail}
        for report in reports:
            for problem in report.problems:
                _LOG.warning("not told", stage=report.stage, where=problem.where, why=problem.why)
        return _counts(reports)


def _is_expected(error: Exception) -> bool:
    """Whether an error is of the world around (the database, the disk, the settings) and none of an item's own."""
    from tracker.store.faults import as_ours

    ours = as_ours(error, "")
    return ours is not None and ours.exit_code != 1


def _counts(reports: Sequence[StageReport]) -> Counts:
    return {
        "given": sum(report.given for report in reports),
        "done": sum(report.done for report in reports),
        "skipped": sum(report.skipped for report in reports),
        "failed": sum(len(report.problems) for report in reports),
    }
