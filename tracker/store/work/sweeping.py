"""Looking for work that nothing on record leads to: another reader or extractor, a store that was copied, lost jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import text
from sqlmodel import Session

from tracker.ports.work import Wanted, wanted_bucket
from tracker.store.work.deferring import defer
from tracker.store.work.ledger import WorkLedger
from tracker.store.work.sharing import share_run_lock

_UNREAD = text(
    """
    INSERT INTO work_due (stage, item, hollow)
    SELECT 'read', page.url, false FROM page
    WHERE page.read_by IS DISTINCT FROM :reader
        AND EXISTS (SELECT FROM sighting WHERE sighting.url = page.url AND sighting.source = ANY(:sources))
    ON CONFLICT DO NOTHING
    """
)
_UNEXTRACTED = text(
    """
    INSERT INTO work_due (stage, item, hollow)
    SELECT 'extract', version.id, EXISTS (SELECT FROM extraction WHERE extraction.version_id = version.id)
    FROM version WHERE NOT EXISTS (
        SELECT FROM extraction WHERE extraction.version_id = version.id AND extraction.extractor = :extractor)
    ON CONFLICT DO NOTHING
    """
)
_ANOTHER_CHANCE = text(
    "UPDATE work_due SET ended = 0, aside_at = NULL, aside_by = NULL, why = NULL "
    "WHERE stage = :stage AND aside_at IS NOT NULL AND aside_by IS DISTINCT FROM :by"
)
_BUCKETS = text(
    "SELECT DISTINCT stage, bucket FROM work_due WHERE stage IN ('read', 'extract') AND aside_at IS NULL "
    "ORDER BY stage, bucket"
)
_DEAD = text("SELECT DISTINCT lock FROM procrastinate_jobs WHERE status = 'failed'")
_PUBLISH = text("SELECT 1 FROM work_due WHERE stage = 'publish' LIMIT 1")
_OLD = text(
    """
    DELETE FROM procrastinate_jobs job WHERE job.status IN ('succeeded', 'cancelled', 'aborted')
        AND NOT EXISTS (SELECT FROM procrastinate_events event
            WHERE event.job_id = job.id AND event.at > now() - make_interval(secs => :keep_s))
    """
)


class WorkSweep(WorkLedger):
    """Goes over all that is stored; at the start of a worker or scheduler and now and then."""

    def sweep(self, reader: str, extractor: str, sources: Sequence[str]) -> Mapping[str, int]:
        """Note all that is due and on no record, and defer the jobs that are missing: how many of each.

        A bucket whose job is dead is left alone until somebody has it tried again, or something else comes for it.

        Args:
            sources: the names of those that are configured; pages of others wait until theirs is again.
        """
        with self._writing() as session:
            connection = session.connection()
            for stage, by in (("read", reader), ("extract", extractor)):
                connection.execute(_ANOTHER_CHANCE, {"stage": stage, "by": by})
            unread = connection.execute(_UNREAD, {"reader": reader, "sources": list(sources)}).rowcount
            unextracted = connection.execute(_UNEXTRACTED, {"extractor": extractor}).rowcount
            deferred = defer(session, self._find_missing(session))
            return {"unread": unread, "unextracted": unextracted, "deferred": len(deferred)}

    def _find_missing(self, session: Session) -> list[Wanted]:
        connection = session.connection()
        dead = set(connection.execute(_DEAD).scalars())
        wanted = [wanted_bucket(row.stage, row.bucket) for row in connection.execute(_BUCKETS)]
        wanted.append(Wanted("reconcile"))
        if connection.execute(_PUBLISH).first() is not None:
            wanted.append(Wanted("publish"))
        return [item for item in wanted if item.name not in dead]

    def sharing(self, waiting: Callable[[str], None]) -> AbstractContextManager[None]:
        """Hold the run lock together with other workers; see `share_run_lock`."""
        return share_run_lock(self._engine, waiting)

    def forget_old(self, keep_s: float) -> int:
        """Delete the jobs that were finished longer ago than that; failed ones stay."""
        with self._writing() as session:
            return session.connection().execute(_OLD, {"keep_s": keep_s}).rowcount
