"""What the last edition said, and the log of what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from tracker.ports.subscriptions import Edition
from tracker.store.batches import batches
from tracker.store.dialects import keep_or_replace
from tracker.store.subscriptions import convert
from tracker.store.subscriptions.rows import METADATA, ChangeRow, EditionRow, FactRow
from tracker.types.changes import Change, Fact

_FACTS = METADATA.tables["fact"]
_AT_ONCE = 5000


def load_edition(session: Session) -> Edition | None:
    """The last one."""
    row = session.exec(select(EditionRow).order_by(col(EditionRow.id).desc()).limit(1)).first()
    return Edition(row.sha256, row.seen_at, row.up_to_seq) if row else None


def last_seq(session: Session) -> int:
    """The last change there is; 0 before the first."""
    return session.exec(select(func.max(ChangeRow.seq))).one() or 0


def load_facts(session: Session, keys: Iterable[str] | None) -> dict[str, Fact]:
    """All facts, or those with these keys."""
    if keys is None:
        return {row.key: convert.fact(row) for row in session.exec(select(FactRow))}
    found: dict[str, Fact] = {}
    for batch in batches(keys):
        rows = session.exec(select(FactRow).where(col(FactRow.key).in_(batch)))
        found.update((row.key, convert.fact(row)) for row in rows)
    return found


def load_fact_digests(session: Session) -> dict[str, int]:
    """Digest by key."""
    return dict(session.exec(select(FactRow.key, FactRow.digest)).all())


def save_edition(
    session: Session,
    edition: str,
    at: datetime,
    facts: Iterable[Fact],
    gone: Iterable[str],
    changes: Sequence[Change],
    compared_with: str | None,
) -> int:
    """Keep an edition, unless it is the last one or was compared with another than the last; the last seq."""
    last = load_edition(session)
    before = last_seq(session)
    if (last.sha256 if last else None) != compared_with or edition == compared_with:
        return before
    for batch in batches(gone):
        session.connection().execute(delete(FactRow).where(col(FactRow.key).in_(batch)))
    _save_facts(session, facts)
    previous = session.exec(select(ChangeRow.sha256).where(ChangeRow.seq == before)).first() or convert.START
    for seq, change in enumerate(changes, before + 1):
        row = _change_row(replace(change, seq=seq, edition=edition, seen_at=at), at, previous)
        session.add(row)
        previous = row.sha256
    session.add(EditionRow(sha256=edition, seen_at=at, up_to_seq=before + len(changes)))
    return before + len(changes)


def _save_facts(session: Session, facts: Iterable[Fact]) -> None:
    rows: list[dict[str, object]] = []
    for fact in facts:
        rows.append(convert.fact_columns(fact))
        if len(rows) == _AT_ONCE:
            keep_or_replace(session.connection(), _FACTS, rows)
            rows.clear()
    keep_or_replace(session.connection(), _FACTS, rows)


def _change_row(change: Change, at: datetime, previous: str) -> ChangeRow:
    return ChangeRow(
        seq=change.seq, edition=change.edition, seen_at=at, payload=convert.change_payload(change),
        sha256=convert.change_hash(change, previous), previous_sha256=previous,
    )  # fmt: skip


def load_changes(session: Session, after: int, up_to: int | None) -> tuple[Change, ...]:
    """The changes with `after` < seq <= `up_to`."""
    wanted = select(ChangeRow).where(col(ChangeRow.seq) > after).order_by(col(ChangeRow.seq))
    if up_to is not None:
        wanted = wanted.where(col(ChangeRow.seq) <= up_to)
    return tuple(convert.change(row) for row in session.exec(wanted))


def load_some_changes(session: Session, seqs: Iterable[int]) -> Mapping[int, Change]:
    """Changes by their seq."""
    wanted = sorted(set(seqs))
    found: dict[int, Change] = {}
    for start in range(0, len(wanted), 500):
        rows = session.exec(select(ChangeRow).where(col(ChangeRow.seq).in_(wanted[start : start + 500])))
        found.update((row.seq, convert.change(row)) for row in rows)
    return found
