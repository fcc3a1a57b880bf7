"""What a monitor is told, at one moment: values, read from the stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.ports import AttemptSum
from tracker.ports.queue import QueueFigures
from tracker.ports.subscriptions import DeliveryFigures
from tracker.types import Health


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source that is switched on, as a monitor sees it."""

    name: str
    health: Health
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known at one moment."""

    sources: tuple[SourceFigures, ...] = ()
    sums: tuple[AttemptSum, ...] = ()
    totals: tuple[tuple[str, int], ...] = ()
    """(what, how many) rows of the store: documents, versions, events, claims."""
    stages: tuple[tuple[str, float], ...] = ()
    """(stage, seconds that its last run took)."""
    run_at: datetime | None = None
    """When the last run ended."""
    backup_at: datetime | None = None
    """When the last backup was begun that ended well."""
    deliveries: DeliveryFigures | None = None
    """None where there are no subscribers."""
    queue: QueueFigures | None = None
    """None on SQLite, where there are no workers."""
