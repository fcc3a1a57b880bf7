"""What every worker and scheduler does beside: jobs of ended workers go to others, lost work is found."""

from __future__ import annotations

import asyncio
import time

from tracker.app import App
from tracker.config import Settings
from tracker.jobs.retrying import decide_retry
from tracker.logs import get_log
from tracker.store.faults import as_ours

_LOG = get_log(__name__)
_SWEEP_EVERY_S = 600.0
_LOOKS = 3
"""So often within `workers.stalled_after` is looked for ended workers."""


def sweep(app: App) -> None:
    """Note and defer what is due and on no record."""
    found = app.store.work.sweep(app.reader, app.extractor.name, _source_names(app.settings))
    app.store.work.forget_old(app.settings.workers.keep_finished.total_seconds())
    if any(found.values()):
        _LOG.info("looked for work", **found)


def _source_names(settings: Settings) -> list[str]:
    from tracker.sourcekinds import BACKFILLED

    return [BACKFILLED.name, *(source.name for source in settings.sources)]


def revive_stalled(app: App) -> None:
    """Give the jobs of workers that ended without a word to others."""
    ledger, workers = app.store.work, app.settings.workers
    silent_s = workers.stalled_after.total_seconds()
    for job, stage in ledger.find_stalled(silent_s):
        failed, ended = ledger.count_failures(job)
        after_s = decide_retry(stage, failed, ended + 1, workers.attempts, has_ended=True)
        by = app.reader if stage == "read" else app.extractor.name
        aside = ledger.revive(job, silent_s, after_s, by)
        then = "dead" if after_s is None else f"again in {after_s:.0f} s"
        _LOG.warning("its worker ended without a word", job=job, queue=stage, then=then)
        for item in aside:
            _LOG.error("set aside", item=item, why="workers ended over it again and again")


async def keep_up(app: App) -> None:
    """Look after all of it until cancelled; a database that is away is asked again."""
    pause_s = app.settings.workers.stalled_after.total_seconds() / _LOOKS
    swept_at = time.monotonic()
    while True:
        await asyncio.sleep(pause_s)
        try:
            await asyncio.to_thread(revive_stalled, app)
            if time.monotonic() - swept_at >= _SWEEP_EVERY_S:
                swept_at = time.monotonic()
                await asyncio.to_thread(sweep, app)
        except Exception as error:
            if (ours := as_ours(error, app.settings.database_url)) is None:
                raise
            _LOG.error("the database is away", why=str(ours))
