"""What the log of attempts tells of a source, and sums over the whole log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from tracker.ports import Attempt, AttemptSum, SourceRecord
from tracker.store import convert
from tracker.store.rows import AttemptRow, ClaimRow, DocumentRow, EventRow, PageRow, SightingRow, VersionRow
from tracker.types import Outcome

MAX_ASKINGS = 200
MAX_NEWS = 50
MAX_PAGES = 20
_MAX_PAGE_ROWS = 200
_FAILED = (Outcome.FAILED.value, Outcome.REFUSED.value, Outcome.SKIPPED.value)


def source_record(session: Session, source: str, url: str, *, watches_page: bool) -> SourceRecord:
    """The newest of everything on record of one source at its present address."""
    pages = _load_pages(session, source)
    return SourceRecord(
        askings=_load_askings(session, source, url),
        news_at=_load_new_words(session, source) if watches_page else _load_news(session, source),
        pages=pages,
        unreadable=_load_unreadable(session, [item.url for item in pages]),
        missing=_count_missing(session, source),
    )


def _load_askings(session: Session, source: str, url: str) -> tuple[Attempt, ...]:
    """How each run's asking ended: the row that counts its items, or that of its failure.

    A sitemap index or a paged answer leaves other rows before that one, which say nothing of the source as a whole. A
    log from before items were counted has no such row; there every answer stands for a run.
    """
    mine = select(AttemptRow).where(AttemptRow.source == source, col(AttemptRow.is_listing), AttemptRow.url == url)
    whole = mine.where(or_(col(AttemptRow.items).is_not(None), col(AttemptRow.outcome).in_(_FAILED)))
    for wanted in (whole, mine):
        rows = session.exec(wanted.order_by(col(AttemptRow.id).desc()).limit(MAX_ASKINGS)).all()
        if rows:
            return tuple(convert.attempt(row) for row in rows)
    return ()


def _load_news(session: Session, source: str) -> tuple[datetime, ...]:
    seen = col(SightingRow.first_seen_at)
    wanted = select(seen).where(SightingRow.source == source, seen.is_not(None)).group_by(seen)
    return tuple(at for at in session.exec(wanted.order_by(seen.desc()).limit(MAX_NEWS)) if at is not None)


def _load_new_words(session: Session, source: str) -> tuple[datetime, ...]:
    fetched = col(VersionRow.fetched_at)
    wanted = select(fetched).join(DocumentRow, col(DocumentRow.id) == col(VersionRow.document_id))
    wanted = wanted.where(DocumentRow.source == source).group_by(fetched).order_by(fetched.desc())
    return tuple(session.exec(wanted.limit(MAX_NEWS)))


def _load_pages(session: Session, source: str) -> tuple[Attempt, ...]:
    wanted = select(AttemptRow).where(AttemptRow.source == source, ~col(AttemptRow.is_listing))
    last: dict[str, Attempt] = {}
    for row in session.exec(wanted.order_by(col(AttemptRow.id).desc()).limit(_MAX_PAGE_ROWS)):
        last.setdefault(row.url, convert.attempt(row))
    return tuple(last.values())[:MAX_PAGES]


def _load_unreadable(session: Session, urls: Sequence[str]) -> tuple[str, ...]:
    wanted = select(PageRow.url).where(col(PageRow.url).in_(urls), col(PageRow.unreadable).is_not(None))
    return tuple(session.exec(wanted.order_by(col(PageRow.url))))


def _count_missing(session: Session, source: str) -> int:
    had = select(PageRow.url).where(col(PageRow.url) == col(SightingRow.url)).exists()
    wanted = select(func.count()).select_from(SightingRow).where(SightingRow.source == source, ~had)
    return session.exec(wanted).one()


def attempt_sums(session: Session) -> tuple[AttemptSum, ...]:
    """The whole log, summed by source, outcome and reason."""
    keys = (col(AttemptRow.source), col(AttemptRow.outcome), func.coalesce(AttemptRow.reason, ""))
    sums = (
        func.count(),
        func.coalesce(func.sum(AttemptRow.bytes), 0),
        func.coalesce(func.sum(AttemptRow.elapsed_ms), 0),
    )
    rows = session.execute(select(*keys, *sums).group_by(*keys).order_by(*keys))  # type: ignore[call-overload]
    return tuple(
        AttemptSum(source, outcome, reason, count, int(size), int(ms))  # PostgreSQL sums to a Decimal
        for source, outcome, reason, count, size, ms in rows
    )


def totals(session: Session) -> dict[str, int]:
    """How many rows there are of what is counted."""
    tables = {
        "pages": PageRow,
        "documents": DocumentRow,
        "versions": VersionRow,
        "events": EventRow,
        "claims": ClaimRow,
    }
    return {name: session.exec(select(func.count()).select_from(table)).one() for name, table in tables.items()}
