"""The jobs of workers, as people look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

JobStatus = Literal["todo", "doing", "failed", "succeeded"]
JOB_STATES: tuple[JobStatus, ...] = get_args(JobStatus)


@dataclass(frozen=True, slots=True)
class JobFailure:
    """How one attempt at a job failed."""

    attempt: int
    at: datetime
    worker: str
    """Process and machine; empty where it had not begun."""
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands."""

    id: int
    queue: str
    status: str
    attempts: int
    args: Mapping[str, str | int]
    due_at: datetime | None
    """When it is due, of one that waits for its hour; None: at once."""
    changed_at: datetime | None
    """When its status last changed."""
    worker: str | None = None
    """Who works on it, or did last."""
    failure: JobFailure | None = None
    """The last one."""


@dataclass(frozen=True, slots=True)
class JobStory:
    """All that is kept of a job."""

    job: Job
    events: tuple[tuple[datetime, str], ...]
    """(when, what became of it), oldest first."""
    failures: tuple[JobFailure, ...]
    items: tuple[str, ...]
    """What it has at hand, or had last: addresses of pages, ids of versions."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A page or text that is left out, because workers ended over it again and again."""

    stage: str
    item: str
    since: datetime
    why: str
