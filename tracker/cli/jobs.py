"""`tracker jobs`: what waits, what is being worked on, what is dead and why, and trying it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.cli.console import ConfigOption, checked_choice, err, out, settings_from, write_result
from tracker.errors import InputError
from tracker.ports.work import STAGES
from tracker.store import open_store, place_of
from tracker.store.addresses import is_on_server
from tracker.store.work.listing import MOST_LISTED, WorkList
from tracker.types.jobs import JOB_STATES, Aside, Job, JobFailure

FORMATS = ("table", "json")
FormatOption = Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))]


def list_(
    status: Annotated[
        str | None, typer.Option(help=f"Only these: {' | '.join(JOB_STATES)} (failed ones are dead: tried no more).")
    ] = None,
    queue: Annotated[str | None, typer.Option(help=f"Only of this stage: {' | '.join(STAGES)}.")] = None,
    format: FormatOption = "table",
    config: ConfigOption = None,
) -> None:
    """The jobs of all workers, newest first, with what the last attempt failed by; and what was set aside.

    Example: `tracker jobs list --status failed`
    """
    checked_choice(format, FORMATS, "--format")
    if status is not None:
        checked_choice(status, JOB_STATES, "--status")
    if queue is not None:
        checked_choice(queue, STAGES, "--queue")
    with _open(config) as work:
        jobs, counts, aside = work.load_jobs(status, queue), work.count_jobs(), work.load_aside()
    if format == "json":
        told = {"jobs": [_job_json(job) for job in jobs], "set_aside": [_aside_json(item) for item in aside]}
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
        return
    if jobs:
        out.print(_table(jobs))
    else:
        out.print("no such job" if status or queue else "no job is waiting, being worked on, dead or kept")
    if len(jobs) == MOST_LISTED:
        out.print(f"the newest {MOST_LISTED}; --status and --queue tell fewer")
    out.print(_summary(counts))
    for item in aside:
        err.print(f"[yellow]set aside:[/] {item.stage} {escape(item.item)}: {escape(item.why)}", soft_wrap=True)
    if aside:
        err.print("`tracker jobs retry --set-aside` tries what was set aside again", soft_wrap=True)


def show(
    job: Annotated[int, typer.Argument(metavar="ID", help="The number of a job, as `tracker jobs list` tells it.")],
    format: FormatOption = "table",
    config: ConfigOption = None,
) -> None:
    """All that is kept of a job: what it is for, who works on it, what became of it, and each failed attempt.

    Example: `tracker jobs show 1042`
    """
    checked_choice(format, FORMATS, "--format")
    with _open(config) as work:
        story = work.find_job(job)
    if story is None:
        raise InputError(f"there is no job {job} (any more); `tracker jobs list` tells those that there are")
    if format == "json":
        told = {
            **_job_json(story.job),
            "events": [{"at": _instant(at), "what": what} for at, what in story.events],
            "failures": [_failure_json(failure) for failure in story.failures],
            "items": list(story.items),
        }
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
        return
    head = story.job
    out.print(f"job {head.id}  {_what(head)}  {head.status}, {head.attempts} attempts")
    if head.due_at is not None and head.status == "todo":
        out.print(f"  due      {_instant(head.due_at)}")
    if head.worker:
        out.print(f"  worker   {escape(head.worker)}")
    for at, what in story.events:
        out.print(f"  {_instant(at)}  {what.replace('_', ' ')}")
    for failure in story.failures:
        by = f" by {failure.worker}" if failure.worker else ""
        line = f"  {_instant(failure.at)}  attempt {failure.attempt}{by}: {failure.error}: {failure.message}"
        out.print(escape(line), soft_wrap=True)
    for item in story.items:
        out.print(f"  at hand  {escape(item)}", soft_wrap=True)


def retry(
    jobs: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Numbers of dead jobs.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All dead jobs.")] = False,
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="Pages and texts that were set aside, as workers ended over them.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Try dead jobs again, from the first attempt on.

    Example: `tracker jobs retry 1042 1043`, or `tracker jobs retry --all`
    """
    if not (jobs or all_ or set_aside):
        raise InputError("name the jobs that are to be tried again, or --all; `tracker jobs list --status failed`")
    if jobs and all_:
        raise InputError("either the numbers of jobs or --all")
    with _open(config) as work:
        if jobs:
            _check_dead(work, jobs)
        done = work.retry_dead(None if all_ else jobs) if jobs or all_ else []
        back = work.bring_back() if set_aside else 0
    if jobs or all_:
        out.print(f"{len(done)} dead {'job is' if len(done) == 1 else 'jobs are'} waiting again")
    if set_aside:
        out.print(f"{back} set aside before {'is' if back == 1 else 'are'} due again")


def _check_dead(work: WorkList, jobs: list[int]) -> None:
    for number in jobs:
        story = work.find_job(number)
        if story is None:
            raise InputError(f"there is no job {number}; nothing was changed")
        if story.job.status != "failed":
            raise InputError(f"job {number} is not dead: its status is {story.job.status}; nothing was changed")


@contextmanager
def _open(config: Any) -> Iterator[WorkList]:
    settings = settings_from(config)
    address = settings.database_url
    if not is_on_server(address):
        raise InputError(
            f"there are no jobs in a file ({place_of(address)}): workers need PostgreSQL (docs/workers.md)"
        )
    with open_store(address) as store:
        yield store.work


def _table(jobs: tuple[Job, ...]) -> Table:
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("job", "what", "status", "attempts", "since", "why"):
        table.add_column(head, justify="right" if head in ("job", "attempts") else "left", overflow="fold")
    for job in jobs:
        since = job.changed_at and _instant(job.changed_at)
        if job.status == "todo" and job.due_at is not None:
            since = f"due {_instant(job.due_at)}"
        why = f"{job.failure.error}: {job.failure.message}"[:300] if job.failure else ""
        table.add_row(str(job.id), escape(_what(job)), job.status, str(job.attempts), since or "", escape(why))
    return table


def _what(job: Job) -> str:
    named = job.args.get("source", job.args.get("bucket"))
    return job.queue if named is None else f"{job.queue} {named}"


def _summary(counts: tuple[tuple[str, str, int], ...]) -> str:
    by_status: dict[str, int] = {}
    for _, status, count in counts:
        by_status[status] = by_status.get(status, 0) + count
    return ", ".join(f"{by_status.get(status, 0)} {status}" for status in JOB_STATES)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _job_json(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "queue": job.queue,
        "status": job.status,
        "attempts": job.attempts,
        "args": dict(job.args),
        "due_at": job.due_at and _instant(job.due_at),
        "changed_at": job.changed_at and _instant(job.changed_at),
        "worker": job.worker,
        "failure": job.failure and _failure_json(job.failure),
    }


def _failure_json(failure: JobFailure) -> dict[str, Any]:
    return {
        "attempt": failure.attempt,
        "at": _instant(failure.at),
        "worker": failure.worker,
        "error": failure.error,
        "message": failure.message,
    }


def _aside_json(item: Aside) -> dict[str, Any]:
    return {"stage": item.stage, "item": item.item, "since": _instant(item.since), "why": item.why}


COMMANDS: dict[str, Callable[..., None]] = {"list": list_, "show": show, "retry": retry}
"""By the name after `tracker jobs`."""
