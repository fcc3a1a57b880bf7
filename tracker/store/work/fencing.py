"""Fencing: of those who do one thing, whoever began last may write what came of it.

A worker that was taken for lost, because it was silent for long, may still be at work. What it has computed rests on a
state that another has taken further meanwhile, so its token is too old then (M. Kleppmann, "How to do distributed
locking", 2016).
"""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from tracker.errors import StoreLocked

_BEGIN = text(
    "INSERT INTO work_fence AS fence (name, token) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET token = fence.token + 1 RETURNING token"
)
_TOKEN = text("SELECT token FROM work_fence WHERE name = :name FOR UPDATE")


def begin(session: Session, name: str) -> int:
    """A token that is newer than all before it."""
    return int(session.connection().execute(_BEGIN, {"name": name}).scalar_one())


def check(session: Session, name: str, token: int) -> None:
    """Go on only where nobody has begun since; nobody can until the transaction is over.

    Raises:
        StoreLocked: somebody has.
    """
    if session.connection().execute(_TOKEN, {"name": name}).scalar() != token:
        raise StoreLocked(f"another process has begun to {name} since; what came of this attempt is not kept")
