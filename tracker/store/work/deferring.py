"""Noting what is due, and deferring jobs for it, in the transaction of the caller.

A transaction that finds its job waiting locks that job's row until its end, so that no worker takes the job before
what it is for can be seen. Jobs are put in by Procrastinate's own function
(procrastinate.readthedocs.io, "Defer jobs using SQL").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from tracker.ports.work import PRIORITIES, Stage, Wanted, wanted_bucket

SETTLE = "settle_s"
"""Under this name a session knows how long to wait for more before all is reconciled, and before all is published."""
_TRIES = 5

_NOTE = text(
    """
    INSERT INTO work_due AS due (stage, item, hollow) SELECT :stage, item, :hollow FROM unnest(CAST(:items AS text[])) AS item
    ON CONFLICT (stage, item) DO UPDATE SET changes = due.changes + 1, hollow = due.hollow OR excluded.hollow,
        ended = 0, aside_at = NULL, aside_by = NULL, why = NULL
    RETURNING bucket
    """  # noqa: E501
)
_SETTLE = text("DELETE FROM work_due WHERE stage = :stage AND item = ANY(:items)")
_SETTLE_TAKEN = text(
    "DELETE FROM work_due USING unnest(CAST(:items AS text[]), CAST(:changes AS bigint[])) AS taken (item, changes) "
    "WHERE work_due.stage = :stage AND work_due.item = taken.item AND work_due.changes = taken.changes"
)
_WAITING = text(
    "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(:names) "
    "ORDER BY queueing_lock FOR UPDATE"
)
_DEFER = text(
    """
    SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
        w.stage, w.stage, w.priority, w.name, w.name, w.args,
        CASE WHEN w.after_s > 0 THEN clock_timestamp() + make_interval(secs => w.after_s) END
    )::procrastinate_job_to_defer_v1 ORDER BY w.place))
    FROM jsonb_to_recordset(CAST(:wanted AS jsonb))
        AS w (place integer, stage text, name text, priority integer, args jsonb, after_s double precision)
    """
)


def has_work(session: Session) -> bool:
    """Whether there are workers to defer for: on SQLite there are none."""
    return session.get_bind().dialect.name == "postgresql"


def note_due(session: Session, stage: Stage, items: Iterable[str], *, hollow: bool = False) -> None:
    """These pages are to be read, or these texts to be extracted; what was set aside gets another chance.

    Args:
        hollow: what was extracted from them before is gone, so that the last result has to stand until this is done.
    """
    listed = sorted(set(items))
    if not listed or not has_work(session):
        return
    rows = session.connection().execute(_NOTE, {"stage": stage, "items": listed, "hollow": hollow})
    defer(session, [wanted_bucket(stage, bucket) for bucket in sorted(set(rows.scalars()))])


def settle_due(session: Session, stage: Stage, items: Sequence[str] | Mapping[str, int]) -> None:
    """These have been done; of those that come with how often they became due, only what has not become so again."""
    if not items or not has_work(session):
        return
    if isinstance(items, Mapping):
        values = {"stage": stage, "items": list(items), "changes": list(items.values())}
        session.connection().execute(_SETTLE_TAKEN, values)
    else:
        session.connection().execute(_SETTLE, {"stage": stage, "items": list(items)})


def note_unreconciled(session: Session) -> None:
    """Some document came or changed and is whole: it is reconciled when things have settled."""
    if has_work(session):
        defer(session, [Wanted("reconcile", after_s=_settle_s(session))])


def note_unpublished(session: Session) -> None:
    """The site is to be made anew."""
    if has_work(session):
        session.connection().execute(_NOTE, {"stage": "publish", "items": ["site"], "hollow": False})
        defer(session, [Wanted("publish", after_s=_settle_s(session))])


def _settle_s(session: Session) -> float:
    return cast(float, session.info.get(SETTLE, 0.0))


def defer(session: Session, wanted: Sequence[Wanted]) -> list[str]:
    """See to it that these jobs are waiting when the transaction is over; the names of those that were not there."""
    connection = session.connection()
    named = {item.name: item for item in wanted}
    for left in reversed(range(_TRIES)):
        waiting = set(connection.execute(_WAITING, {"names": sorted(named)}).scalars()) if named else set()
        missing = [item for name, item in sorted(named.items()) if name not in waiting]
        if not missing:
            return []
        try:
            with connection.begin_nested():
                connection.execute(_DEFER, {"wanted": json.dumps([_row(n, item) for n, item in enumerate(missing)])})
        except IntegrityError:  # one of them has just been put back by its worker
            if not left:
                raise
        else:
            return [item.name for item in missing]
    raise AssertionError("the last try returns or raises")


def _row(place: int, item: Wanted) -> dict[str, object]:
    return {
        "place": place,
        "stage": item.stage,
        "name": item.name,
        "priority": PRIORITIES[item.stage],
        "args": dict(item.args),
        "after_s": item.after_s,
    }
