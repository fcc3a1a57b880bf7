"""How a source stands: its record out of the store, and the health that this record shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.cadence import decide_next_at
from tracker.config import Source
from tracker.health import judge_health
from tracker.ports import SourceRecord, Store
from tracker.types import Health


def load_record(store: Store, source: Source) -> SourceRecord:
    """What is on record of a source."""
    return store.load_source_record(source.name, source.url, watches_page=source.kind == "page")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source does, and when it is to be asked next."""

    health: Health
    next_at: datetime | None
    """By its cadence and its habit; None where it was never asked."""

    def is_due(self, at: datetime) -> bool:
        """Whether it is to be asked at that instant."""
        return self.next_at is None or self.next_at <= at


def load_standing(store: Store, source: Source, now: datetime, slowest: timedelta) -> Standing:
    """How a source stands at `now`; `slowest` is the longest pause between two askings."""
    record = load_record(store, source)
    next_at = decide_next_at(source.name, record, source.every, slowest)
    return Standing(judge_health(record, source.kind, now), next_at)


def load_health(store: Store, source: Source, now: datetime) -> Health:
    """How a source does at `now`, judged from what is on record of it."""
    return judge_health(load_record(store, source), source.kind, now)
