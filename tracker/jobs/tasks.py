"""The tasks by which jobs are known to Procrastinate: one a stage, in a queue of the same name."""

from __future__ import annotations

from procrastinate import App as Queue
from procrastinate import JobContext

from tracker.jobs.attempts import Attempts
from tracker.jobs.broker import Endings
from tracker.jobs.collecting import SourceCollector
from tracker.jobs.stages import Stages
from tracker.ports.work import STAGES


def add_tasks(
    queue: Queue, attempts: Attempts, endings: Endings, stages: Stages, collector: SourceCollector | None
) -> None:
    """Teach a queue what its jobs do in this process."""

    async def collect(context: JobContext, source: str) -> None:
        assert collector is not None, "the jobs of this queue are not asked for without it"
        await attempts.run(context, lambda: collector.collect(context.job.id or 0, source), source=source)

    async def read(context: JobContext, bucket: int) -> None:
        await attempts.compute(context, lambda: stages.read(context.job.id or 0, bucket))

    async def extract(context: JobContext, bucket: int) -> None:
        await attempts.compute(context, lambda: stages.extract(context.job.id or 0, bucket))

    async def reconcile(context: JobContext) -> None:
        await attempts.compute(context, lambda: stages.reconcile(context.job.id or 0))

    async def publish(context: JobContext, since: str | None = None) -> None:
        await attempts.compute(context, lambda: stages.publish(context.job.id or 0, since))

    async def deliver(context: JobContext) -> None:
        await attempts.compute(context, lambda: stages.deliver(context.job.id or 0))

    for stage, task in zip(STAGES, (collect, read, extract, reconcile, publish, deliver), strict=True):
        queue.task(name=stage, queue=stage, pass_context=True, retry=endings)(task)  # type: ignore[arg-type]
