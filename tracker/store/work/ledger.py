"""What workers ask of the database and leave there: batches, ends of jobs, failures. Each call is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, text
from sqlmodel import Session

from tracker.ports.work import BATCH, MOST_ENDINGS, Failure, Stage, Taken, Wanted, wanted_bucket
from tracker.store.advisory import this_process
from tracker.store.sessions import Sessions
from tracker.store.work.deferring import defer, note_unpublished, settle_due

_DUE = text(
    "SELECT item, changes, ended FROM work_due WHERE stage = :stage AND bucket = :bucket AND aside_at IS NULL "
    "ORDER BY ended, item LIMIT :most"
)
_TAKE = text(
    "INSERT INTO work_taken (job_id, worker, items) VALUES (:job, :worker, :items) "
    "ON CONFLICT (job_id) DO UPDATE SET worker = excluded.worker, at = now(), items = excluded.items"
)
_MINE = text(
    "SELECT lock FROM procrastinate_jobs WHERE id = :job AND status = 'doing' AND worker_id = :worker FOR UPDATE"
)
_FINISH = text("SELECT procrastinate_finish_job_v1(:job, CAST(:status AS procrastinate_job_status), false)")
_RETRY = text(
    "SELECT procrastinate_retry_job_v2(:job, clock_timestamp() + make_interval(secs => :after_s), NULL, NULL, NULL)"
)
_TWIN = text(
    "SELECT procrastinate_cancel_job_v1(twin.id, false, true) FROM procrastinate_jobs twin "
    "JOIN procrastinate_jobs job ON job.queueing_lock = twin.queueing_lock "
    "WHERE job.id = :job AND twin.id <> job.id AND twin.status = 'todo'"
)
_FAILURE = text(
    "INSERT INTO work_failure (job_id, attempt, worker, ended, error, message) "
    "SELECT id, attempts + 1, coalesce((SELECT worker FROM work_taken WHERE job_id = id), ''), "
    ":ended, :error, :message "
    "FROM procrastinate_jobs WHERE id = :job"
)
_ENDED = text(
    """
    UPDATE work_due SET ended = ended + 1, why = :why,
        aside_at = CASE WHEN ended + 1 >= :most THEN now() END,
        aside_by = CASE WHEN ended + 1 >= :most THEN :by END
    WHERE stage = :stage AND item = ANY(:items) RETURNING item, aside_at IS NOT NULL
    """
)
_COLLECTING = text(
    "SELECT job.args ->> 'source', job.status::text, max(event.at) FROM procrastinate_jobs job "
    "JOIN procrastinate_events event ON event.job_id = job.id "
    "WHERE job.queue_name = 'collect' AND job.status IN ('todo', 'doing', 'failed') "
    "GROUP BY job.args ->> 'source', job.status"
)
_STALLED = text(
    """
    SELECT job.id, job.queue_name FROM procrastinate_jobs job
        LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
        AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silent_s))
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
    """
)


class WorkLedger(Sessions):
    """The jobs of workers over an engine; `SqlStore.work` gives it."""

    # --- at work ---

    def begin(self, job: int) -> None:
        """Note that this process works on a job."""
        with self._writing() as session:
            _take(session.connection(), job, ())

    def take(self, job: int, stage: Stage, bucket: int) -> Taken:
        """Take the next batch of a bucket. Where more is due than that, the next job for it is deferred at once."""
        with self._writing() as session:
            wanted = {"stage": stage, "bucket": bucket, "most": BATCH + 1}
            rows = session.connection().execute(_DUE, wanted).all()
            sound = [row for row in rows if not row.ended]
            batch = (sound or rows)[:BATCH]
            is_all = len(batch) == len(rows)
            if not is_all:
                defer(session, [wanted_bucket(stage, bucket)])
            taken = Taken({row.item: row.changes for row in batch}, singly=not sound, is_all=is_all)
            _take(session.connection(), job, () if taken.singly else list(taken.items))
            return taken

    def hold(self, job: int, item: str) -> None:
        """Note which item is at hand now."""
        with self._writing() as session:
            _take(session.connection(), job, [item])

    def settle(self, stage: Stage, items: Mapping[str, int]) -> None:
        """These need nothing any more."""
        with self._writing() as session:
            settle_due(session, stage, items)

    def note_broken(self, stage: Stage, items: Sequence[str], by: str, why: str) -> Sequence[str]:
        """An attempt failed by these; those that did so too often are set aside, and returned."""
        with self._writing() as session:
            return _note_ended(session, stage, items, by, why)

    def defer(self, wanted: Sequence[Wanted]) -> list[str]:
        """Defer jobs; the names of those that were not waiting already."""
        with self._writing() as session:
            return defer(session, wanted)

    def defer_publish(self) -> None:
        """The site is to be made anew."""
        with self._writing() as session:
            note_unpublished(session)

    def has_hollow(self) -> bool:
        """Whether something that was extracted before waits to be extracted anew: the last result stands meanwhile."""
        with self._session() as session:
            wanted = text("SELECT 1 FROM work_due WHERE stage = 'extract' AND hollow AND aside_at IS NULL LIMIT 1")
            return session.connection().execute(wanted).first() is not None

    def load_unpublished(self) -> Mapping[str, int]:
        """What of the site is to be made anew, with how often it became so; empty where it is as it should be."""
        with self._session() as session:
            wanted = text("SELECT item, changes FROM work_due WHERE stage = 'publish'")
            return {row.item: row.changes for row in session.connection().execute(wanted)}

    def load_collecting(self) -> tuple[frozenset[str], Mapping[str, datetime]]:
        """(sources whose job waits or is worked on, when that of others was last found dead)."""
        with self._session() as session:
            live, dead = set(), {}
            for source, status, at in session.connection().execute(_COLLECTING):
                if status == "failed":
                    dead[source] = at
                else:
                    live.add(source)
            return frozenset(live), dead

    # --- the end of a job ---

    def finish(self, job: int, worker: int | None, *, failure: Failure | None = None) -> bool:
        """A job is done, or with a failure dead. False: it was given to another worker meanwhile, and is its affair."""
        with self._writing() as session:
            if not self._is_mine(session, job, worker):
                return False
            if failure is not None:
                _note_failure(session.connection(), job, failure)
            status = "failed" if failure else "succeeded"
            session.connection().execute(_FINISH, {"job": job, "status": status})
            return True

    def retry(self, job: int, worker: int | None, after_s: float, failure: Failure | None = None) -> bool:
        """Put a job back for another attempt. False: it was given to another worker meanwhile."""
        with self._writing() as session:
            if not self._is_mine(session, job, worker):
                return False
            if failure is not None:
                _note_failure(session.connection(), job, failure)
            put_back(session.connection(), job, after_s)
            return True

    def _is_mine(self, session: Session, job: int, worker: int | None) -> bool:
        return session.connection().execute(_MINE, {"job": job, "worker": worker}).first() is not None

    # --- jobs whose worker has ended ---

    def find_stalled(self, silent_s: float) -> list[tuple[int, Stage]]:
        """The jobs at work whose worker has not been heard of for so long."""
        with Session(self._engine) as session:
            return [(job, stage) for job, stage in session.connection().execute(_STALLED, {"silent_s": silent_s})]

    def revive(self, job: int, silent_s: float, after_s: float | None, by: str) -> Sequence[str]:
        """Give the job of a worker that ended without a word to another after `after_s`, or None: let it be dead.

        What was at hand is taken one at a time from now on; the items that were at hand in too many such ends are set
        aside, and returned.
        """
        with self._writing() as session:
            connection = session.connection()
            if job not in connection.execute(_STALLED, {"silent_s": silent_s}).scalars():
                return ()
            failure = Failure("WorkerEnded", "the worker ended without a word", ended=True)
            _note_failure(connection, job, failure)
            row = connection.execute(
                text(
                    "SELECT job.queue_name, taken.items FROM procrastinate_jobs job "
                    "LEFT JOIN work_taken taken ON taken.job_id = job.id WHERE job.id = :job"
                ),
                {"job": job},
            ).one()
            aside = _note_ended(session, row[0], row[1] or (), by, failure.message)
            if after_s is None:
                connection.execute(_FINISH, {"job": job, "status": "failed"})
            else:
                put_back(connection, job, after_s)
            return aside

    def count_failures(self, job: int) -> tuple[int, int]:
        """(attempts that failed, attempts whose worker ended without a word) of a job, one behind the other."""
        with self._session() as session:
            wanted = text("SELECT ended FROM work_failure WHERE job_id = :job")
            ended = list(session.connection().execute(wanted, {"job": job}).scalars())
            return len(ended) - sum(ended), sum(ended)

    def count_live(self, stages: Sequence[Stage]) -> tuple[int, int]:
        """(jobs that wait, jobs that are worked on) of some stages, on all machines."""
        with self._session() as session:
            wanted = text(
                "SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing') "
                "FROM procrastinate_jobs WHERE queue_name = ANY(:stages) AND status IN ('todo', 'doing')"
            )
            todo, doing = session.connection().execute(wanted, {"stages": list(stages)}).one()
            return todo, doing


def _take(connection: Connection, job: int, items: Sequence[str]) -> None:
    connection.execute(_TAKE, {"job": job, "worker": this_process(), "items": list(items)})


def put_back(connection: Connection, job: int, after_s: float) -> None:
    """A job that was deferred since for the same work is this one: no two of a name may wait."""
    connection.execute(_TWIN, {"job": job})
    connection.execute(_RETRY, {"job": job, "after_s": after_s})


def _note_failure(connection: Connection, job: int, failure: Failure) -> None:
    values = {"job": job, "ended": failure.ended, "error": failure.error, "message": failure.message}
    connection.execute(_FAILURE, values)


def _note_ended(session: Session, stage: str, items: Sequence[str], by: str, why: str) -> list[str]:
    if not items:
        return []
    values = {"stage": stage, "items": list(items), "by": by, "why": why, "most": MOST_ENDINGS}
    return [item for item, is_aside in session.connection().execute(_ENDED, values) if is_aside]
