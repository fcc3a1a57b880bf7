"""Procrastinate over our database: its queue, with ends of jobs that no other worker's attempt can be mistaken for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from tracker.errors import TrackerError
from tracker.logs import get_log
from tracker.ports.work import Failure
from tracker.stopping import Stopping
from tracker.store.addresses import parse_address
from tracker.store.dialects import driver_arguments
from tracker.store.faults import as_ours
from tracker.store.work.ledger import WorkLedger

_LOG = get_log(__name__)
_CONNECTIONS = 4
_CONNECT_WITHIN_S = 15.0
_AGAIN_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Pauses before the end of a job is put on record again; the last one from then on."""


@dataclass(frozen=True)
class Ending:
    """How an attempt ended that gave nothing."""

    failure: Failure | None
    """None: it was stopped."""
    after_s: float | None
    """When the next is due; None: the job is dead."""


class Endings(BaseRetryStrategy):
    """What became of attempts in this process, by job, until it is on record."""

    def __init__(self) -> None:
        self._of: dict[int, Ending] = {}

    def put(self, job: int, ending: Ending) -> None:
        """An attempt is about to end in an error."""
        self._of[job] = ending

    def take(self, job: int) -> Ending | None:
        """How it ended."""
        return self._of.pop(job, None)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Procrastinate asks whether to put the job back; when, we say there."""
        ending = self._of.get(job.id or 0, Ending(None, 0.0))
        return None if ending.after_s is None else RetryDecision(retry_at=datetime.now(UTC))


class OurJobs(JobManager):
    """Ends jobs over the ledger: with why they failed, and only as long as they are this worker's.

    Procrastinate's own would end a job by its number alone: a worker that was taken for lost could so end the attempt
    of another, or the wake-up for what is still due.
    """

    def __init__(
        self, connector: PsycopgConnector, ledger: WorkLedger, endings: Endings, database: str, stopping: Stopping
    ) -> None:
        super().__init__(connector)
        self._ledger, self._endings, self._database, self._stopping = ledger, endings, database, stopping

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """The job is done, dead or stopped for good."""
        assert job.id is not None
        ending = self._endings.take(job.id)
        failure = ending.failure if ending and status is not Status.SUCCEEDED else None
        await self._record(job, lambda: self._ledger.finish(job.id or 0, job.worker_id, failure=failure))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """The job is put back for another attempt."""
        assert job.id is not None
        ending = self._endings.take(job.id) or Ending(None, 0.0)
        after_s = ending.after_s or 0.0
        await self._record(job, lambda: self._ledger.retry(job.id or 0, job.worker_id, after_s, ending.failure))

    async def _record(self, job: Job, record: Callable[[], bool]) -> None:
        """Put an end on record, however long the database is away: as long as this worker is heard of again in time,
        nobody else would ever take the job up."""
        tries = 0
        while True:
            try:
                is_ours = await asyncio.to_thread(record)
            except Exception as error:
                ours = as_ours(error, self._database)
                if ours is None:
                    raise
                if not tries:
                    _LOG.error("the end of the job waits for the database", job=job.id, queue=job.queue, why=str(ours))
                if self._stopping.is_asked:  # the job goes to others, as that of a worker that has ended
                    return
                await self._stopping.wait(_AGAIN_S[min(tries, len(_AGAIN_S) - 1)])
                tries += 1
            else:
                if not is_ours:
                    _LOG.warning("the job was given to another worker meanwhile", job=job.id, queue=job.queue)
                return


def make_queue(database: str, ledger: WorkLedger, endings: Endings, stopping: Stopping) -> App:
    """Procrastinate over the database at an address; nothing is connected yet."""
    arguments: dict[str, Any] = driver_arguments(parse_address(database))
    connector = PsycopgConnector(kwargs=arguments, min_size=1, max_size=_CONNECTIONS, timeout=_CONNECT_WITHIN_S)
    app = App(connector=connector)
    app.job_manager = OurJobs(connector, ledger, endings, database, stopping)
    return app


def failure_of(error: BaseException, database: str, mask: Callable[[str], str]) -> tuple[Failure, bool]:
    """(what is kept of an error, whether it is one that we expect)."""
    ours = as_ours(error, database) if isinstance(error, Exception) else None
    told = ours or error
    message = str(told) if isinstance(told, TrackerError) else f"{told}"
    return Failure(type(told).__name__, mask(message)[:2000]), ours is not None and ours.exit_code != 1
