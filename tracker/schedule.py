"""The schedule: each source by its cadence on APScheduler, one run at a time, until stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from tracker.app import open_app
from tracker.config import Settings
from tracker.errors import TrackerError

Tell = Callable[[str, str], None]


def run_until_stopped(settings: Settings, tell: Tell) -> None:
    """Run every enabled source now and then at its cadence; SIGTERM and Ctrl-C let the run in flight finish.

    A source never overlaps itself, and one that missed its turns runs once. `tell` gets (source, what came of it).
    """
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    for source in settings.select_sources(None):
        scheduler.add_job(
            _run_source,
            "interval",
            [settings, source.name, tell],
            id=source.name,
            seconds=source.every.total_seconds(),
            next_run_time=datetime.now(UTC),
        )
    stop_signals = {signal.SIGTERM, signal.SIGINT}
    # Blocked before the scheduler starts its threads, so that only sigwait below receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, stop_signals)
    scheduler.start()
    tell("schedule", f"{len(scheduler.get_jobs())} sources; Ctrl-C stops")
    signal.sigwait(stop_signals)
    tell("schedule", "stopping when the run in flight has ended")
    scheduler.shutdown(wait=True)


def _run_source(settings: Settings, name: str, tell: Tell) -> None:
    """One run of one source. What fails is told, and the schedule goes on."""
    try:
        with open_app(settings) as app:
            report = app.run(settings.select_sources([name]))
    except TrackerError as error:
        tell(name, f"failed: {error}")
        return
    for item in report.sources:
        tell(name, item.failure or f"{item.new} new, {item.changed} changed, {item.unchanged} unchanged")
