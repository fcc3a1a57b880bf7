"""Jobs as people look at them, and what they can do about dead ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from tracker.ports.queue import QueueFigures
from tracker.ports.work import Stage, wanted_bucket
from tracker.store.work.deferring import defer
from tracker.store.work.figures import count_jobs, queue_figures
from tracker.store.work.ledger import put_back
from tracker.store.work.sweeping import WorkSweep
from tracker.types.jobs import Aside, Job, JobFailure, JobStory

MOST_LISTED = 1000

_JOBS = """
    SELECT job.id, job.queue_name, job.status::text, job.attempts, job.args, job.scheduled_at,
        (SELECT max(event.at) FROM procrastinate_events event
            WHERE event.job_id = job.id AND event.type <> 'scheduled') AS changed_at,
        taken.worker, taken.items, failure.attempt, failure.at, failure.worker AS by, failure.error, failure.message
    FROM procrastinate_jobs job
        LEFT JOIN work_taken taken ON taken.job_id = job.id
        LEFT JOIN LATERAL (SELECT * FROM work_failure WHERE job_id = job.id ORDER BY id DESC LIMIT 1) failure ON true
"""
_LISTED = text(
    _JOBS
    + """
    WHERE (CAST(:status AS text) IS NULL OR job.status::text = :status)
        AND (CAST(:queue AS text) IS NULL OR job.queue_name = :queue)
    ORDER BY job.id DESC LIMIT :most
    """
)
_ONE = text(_JOBS + " WHERE job.id = :job")
_EVENTS = text("SELECT at, type::text FROM procrastinate_events WHERE job_id = :job ORDER BY id")
_FAILURES = text("SELECT attempt, at, worker AS by, error, message FROM work_failure WHERE job_id = :job ORDER BY id")
_ASIDE = text("SELECT stage, item, aside_at, why FROM work_due WHERE aside_at IS NOT NULL ORDER BY stage, item")
_BRING_BACK = text(
    "UPDATE work_due SET ended = 0, aside_at = NULL, aside_by = NULL, why = NULL WHERE aside_at IS NOT NULL "
    "RETURNING stage, bucket"
)
_DEAD = text("SELECT id FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id FOR UPDATE")
_FORGET = text("DELETE FROM work_failure WHERE job_id = :job")


class WorkList(WorkSweep):
    """The jobs on all machines."""

    def load_jobs(self, status: str | None = None, queue: str | None = None) -> tuple[Job, ...]:
        """The newest jobs, newest first; a thousand at the most."""
        with self._session() as session:
            rows = session.connection().execute(_LISTED, {"status": status, "queue": queue, "most": MOST_LISTED})
            return tuple(_job(row) for row in rows)

    def count_jobs(self) -> tuple[tuple[str, str, int], ...]:
        """(queue, status, how many) of all jobs that are kept."""
        with self._session() as session:
            return count_jobs(session)

    def load_figures(self, heard_within_s: float) -> QueueFigures:
        """Sums for a monitor; a worker that was not heard of for so long is not counted."""
        with self._session() as session:
            return queue_figures(session, heard_within_s)

    def find_job(self, job: int) -> JobStory | None:
        """All that is kept of a job."""
        with self._session() as session:
            connection = session.connection()
            row = connection.execute(_ONE, {"job": job}).first()
            if row is None:
                return None
            events = tuple((at, kind) for at, kind in connection.execute(_EVENTS, {"job": job}))
            failures = tuple(_failure(item) for item in connection.execute(_FAILURES, {"job": job}))
            return JobStory(_job(row), events, failures, tuple(row.items or ()))

    def load_aside(self) -> tuple[Aside, ...]:
        """What was set aside."""
        with self._session() as session:
            return tuple(Aside(*row) for row in session.connection().execute(_ASIDE))

    def retry_dead(self, jobs: Sequence[int] | None) -> list[int]:
        """Put dead jobs back, None: all of them; those that were. What they failed by is forgotten."""
        with self._writing() as session:
            connection = session.connection()
            dead = list(connection.execute(_DEAD).scalars())
            chosen = [job for job in dead if jobs is None or job in jobs]
            for job in chosen:
                connection.execute(_FORGET, {"job": job})
                put_back(connection, job, 0.0)
            return chosen

    def bring_back(self) -> int:
        """Try again what was set aside: how many pages and texts."""
        with self._writing() as session:
            rows = [(row.stage, row.bucket) for row in session.connection().execute(_BRING_BACK)]
            _defer_buckets(session, rows)
            return len(rows)


def _defer_buckets(session: Session, rows: Sequence[tuple[Stage, int]]) -> None:
    defer(session, [wanted_bucket(stage, bucket) for stage, bucket in sorted(set(rows))])


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        queue=row.queue_name,
        status=row.status,
        attempts=row.attempts,
        args=row.args,
        due_at=row.scheduled_at,
        changed_at=row.changed_at,
        worker=row.worker,
        failure=_failure(row) if row.error is not None else None,
    )


def _failure(row: Row[Any]) -> JobFailure:
    return JobFailure(row.attempt, row.at, row.by, row.error, row.message)
