"""The queue in sums, for a monitor."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from tracker.ports.queue import QueueFigures

_COUNTS = text(
    "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY queue_name, status "
    "ORDER BY queue_name, status"
)
# A job waits since it could be begun: since it was deferred, or since the hour that it was put off to.
_WAITING = text(
    """
    SELECT job.queue_name, max(extract(epoch FROM now() - greatest(job.scheduled_at, event.at)))::float
    FROM procrastinate_jobs job LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events
        WHERE job_id = job.id AND type IN ('deferred', 'deferred_for_retry')
    ) event ON true
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    GROUP BY job.queue_name ORDER BY job.queue_name
    """
)
_FAILURES = text(
    "SELECT job.queue_name, count(*) FROM work_failure failure JOIN procrastinate_jobs job ON job.id = failure.job_id "
    "GROUP BY job.queue_name ORDER BY job.queue_name"
)
_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - :within * interval '1 second'"
)
_DUE = text(
    "SELECT stage, count(*) FILTER (WHERE aside_at IS NULL), count(*) FILTER (WHERE aside_at IS NOT NULL) "
    "FROM work_due GROUP BY stage ORDER BY stage"
)


def count_jobs(session: Session) -> tuple[tuple[str, str, int], ...]:
    """(queue, status, how many) of all jobs that are kept."""
    return tuple((row[0], row[1], row[2]) for row in session.connection().execute(_COUNTS))


def queue_figures(session: Session, heard_within_s: float) -> QueueFigures:
    """How much waits, how long, what failed, and how many are there to work on it."""
    run = session.connection().execute
    due = [tuple(row) for row in run(_DUE)]
    return QueueFigures(
        jobs=count_jobs(session),
        waiting_s=tuple((row[0], max(0.0, row[1])) for row in run(_WAITING) if row[1] is not None),
        retries=tuple((row[0], row[1]) for row in run(_FAILURES)),
        workers=int(run(_WORKERS, {"within": heard_within_s}).scalar_one()),
        due=tuple((stage, waiting) for stage, waiting, _ in due),
        set_aside=tuple((stage, aside) for stage, _, aside in due),
    )
