"""Workers over PostgreSQL: the stages as jobs of Procrastinate, which a schedule and the stages themselves defer."""

from tracker.jobs.scheduling import schedule_until_stopped
from tracker.jobs.worker import run_worker

__all__ = ["run_worker", "schedule_until_stopped"]
