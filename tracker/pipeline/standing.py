"""How a source stands: its record out of the store, and the health that this record shows."""

from __future__ import annotations

from datetime import datetime

from tracker.config import Source
from tracker.health import judge_health
from tracker.ports import SourceRecord, Store
from tracker.types import Health


def load_record(store: Store, source: Source) -> SourceRecord:
    """What is on record of a source."""
    return store.load_source_record(source.name, source.url, watches_page=source.kind == "page")


def load_health(store: Store, source: Source, now: datetime) -> Health:
    """How a source does at `now`, judged from what is on record of it."""
    return judge_health(load_record(store, source), source.kind, now)
