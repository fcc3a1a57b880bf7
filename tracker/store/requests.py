"""How many requests went to each host on a day, kept as marks: what a day's budget counts from run to run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Integer, Text, cast, delete, update
from sqlmodel import Session, col, select

from tracker.store.rows import MarkRow

_PREFIX = "requests "


def _mark(day: date, host: str = "") -> str:
    return f"{_PREFIX}{day.isoformat()}, {host}"


def add(session: Session, requests: Mapping[tuple[date, str], int]) -> None:
    """Add to what is counted, and drop the counts of days before.

    The sum is made by the database in one statement, since a run and a check may count side by side.
    """
    for (day, host), number in sorted(requests.items()):
        name = _mark(day, host)
        total = cast(cast(col(MarkRow.value), Integer) + number, Text)
        added = session.connection().execute(update(MarkRow).where(col(MarkRow.name) == name).values(value=total))
        if not added.rowcount:
            session.add(MarkRow(name=name, value=str(number)))
    if requests:
        newest = max(day for day, _ in requests)
        is_past = col(MarkRow.name).startswith(_PREFIX) & (col(MarkRow.name) < _mark(newest))
        session.connection().execute(delete(MarkRow).where(is_past))


def load(session: Session, day: date) -> dict[str, int]:
    """Requests of that day by host."""
    rows = session.exec(select(MarkRow).where(col(MarkRow.name).startswith(_mark(day))))
    return {row.name.removeprefix(_mark(day)): int(row.value) for row in rows}
