"""The tables by which several processes are polite together. SQLite has them too, and leaves them empty."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text
from sqlmodel import Field, SQLModel

from tracker.store.columns import UtcDateTime, fit


def _maybe_instant() -> Any:
    return Field(default=None, sa_type=UtcDateTime)


class HostTurnRow(SQLModel, table=True):
    """A host that is asked; instants are by the server's clock."""

    __tablename__ = "host_turn"

    host: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=UtcDateTime)
    """The first start that is not reserved."""
    started_at: datetime | None = _maybe_instant()
    """When the last request began."""
    paused_until: datetime | None = _maybe_instant()
    """Nothing starts before; who waits goes on waiting."""
    held_until: datetime | None = _maybe_instant()
    """Every request before is refused."""
    rests_until: datetime | None = _maybe_instant()
    """The same, for a host that was silent."""
    strikes: int = 0
    """Requests in a row that it has left without an answer."""
    silence: str | None = None
    """How the last of them ended."""
    day: date
    """UTC."""
    asked: int = 0
    """Requests on that day."""
    crawl_delay_s: float = 0
    """What its robots.txt asks for."""
    crawl_until: datetime | None = _maybe_instant()
    """When that is to be looked at again."""
    slots: dict[str, float] = Field(default={}, sa_type=JSON)
    """Until when (Unix time) each request that is under way counts, by its key."""


class RobotsRow(SQLModel, table=True):
    """The robots.txt of an origin, as the process that fetched it last left it for the others."""

    __tablename__ = "robots"

    origin: str = Field(primary_key=True)
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    body: str | None = Field(default=None, sa_type=Text)
    """None where there is none (everything is open), or it could not be had."""
    unreachable: str | None = Field(default=None, sa_type=Text)
    """Why it could not be had."""
    reason: str | None = None
    """`FetchError.reason` of that."""
    is_visited: bool = False
    """Whether a page was asked of the origin since."""


fit(SQLModel.metadata)
