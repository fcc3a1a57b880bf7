"""What a run tells."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.types.collected import Outcome


@dataclass(frozen=True, slots=True)
class Problem:
    """One address or line that gave nothing, and why."""

    where: str
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What collecting one source gave. `failure` is set where the source itself could not be read."""

    source: str
    fetched: int = 0
    """Requests that a host answered, the source's own feed or listing among them."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    problems: tuple[Problem, ...] = ()
    failure: str | None = None
    skipped: str | None = None
    """Why nothing was asked of the source: its key is not in the environment. This is no failure."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a stage did: how many it was given, did, skipped because nothing had changed, and could not do."""

    stage: str
    given: int = 0
    done: int = 0
    skipped: int = 0
    problems: tuple[Problem, ...] = ()
    removed: int = 0
    """Files of the last build that the new site does not have (publish)."""
