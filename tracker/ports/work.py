"""The work of a fleet: which stages it is divided into, and the jobs by which workers learn that something is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Stage = Literal["collect", "read", "extract", "reconcile", "publish", "deliver"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""In the order of the flow. Each is a queue and a task of that name."""
BUCKETS = 64
"""The pages to be read, and the texts to be extracted, are spread over so many jobs at the most, however many they
are. A page or text is always in the same bucket, and a bucket is worked on by one worker at a time."""
BATCH = 32
"""Pages or texts that a job takes at a time: what a crash can cost."""
MOST_ENDINGS = 4
"""A page or text that was at hand in so many attempts that ended without a word is set aside."""

PRIORITIES: Mapping[Stage, int] = {
    "deliver": 50, "publish": 40, "reconcile": 30, "collect": 20, "read": 10, "extract": 0
}  # fmt: skip
"""What is nearer to readers goes first; the stages that come once for many documents wait a while anyway."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job that is to be there: it is deferred unless one of its name is waiting already."""

    stage: Stage
    key: str = ""
    """Of collect the source, of read and extract the bucket; the others have one job each."""
    args: Mapping[str, str | int] = field(default_factory=dict)
    after_s: float = 0.0
    """So long it waits at least."""

    @property
    def name(self) -> str:
        """What no two jobs that wait, and no two that are worked on, have in common."""
        return f"{self.stage}:{self.key}" if self.key else self.stage


def wanted_bucket(stage: Stage, bucket: int) -> Wanted:
    """The job that takes what is due in a bucket."""
    return Wanted(stage, str(bucket), {"bucket": bucket})


@dataclass(frozen=True, slots=True)
class Taken:
    """What a job has taken of its bucket."""

    items: Mapping[str, int]
    """Addresses of pages or ids of versions, each with how often it became due."""
    singly: bool = False
    """One at a time, since a worker ended without a word over a batch that held them."""
    is_all: bool = True
    """Nothing else is due in the bucket."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How an attempt at a job failed."""

    error: str
    """The name of the exception's class."""
    message: str
    """What is told, without keys."""
    ended: bool = False
    """The worker ended without a word."""
