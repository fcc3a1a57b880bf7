"""What a monitor is told of the jobs of workers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """The queue at one moment, over all machines."""

    jobs: tuple[tuple[str, str, int], ...] = ()
    """(queue, status, how many) of the jobs that are kept: those that wait, are worked on, are dead, or just ended."""
    waiting_s: tuple[tuple[str, float], ...] = ()
    """(queue, seconds that the oldest job waits which could be worked on)."""
    retries: tuple[tuple[str, int], ...] = ()
    """(queue, failed attempts that are kept): those of jobs that are done are forgotten with them."""
    workers: int = 0
    """Workers that were heard of lately."""
    due: tuple[tuple[str, int], ...] = ()
    """(stage, pages or texts that are to be worked on)."""
    set_aside: tuple[tuple[str, int], ...] = ()
    """(stage, pages or texts that no worker gets through)."""
