"""What collecting asks of the database and leaves there, for many addresses at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from tracker.ports import Failures, PageState, Visit
from tracker.store import convert
from tracker.store.batches import batches
from tracker.store.rows import AttemptRow, PageRow, SightingRow
from tracker.store.versions import load_seen, note_seen_again
from tracker.store.work.deferring import note_due
from tracker.types import Candidate, Outcome

_HAD = (Outcome.NEW.value, Outcome.CHANGED.value, Outcome.UNCHANGED.value)
_FAILED = (Outcome.FAILED.value, Outcome.REFUSED.value)
_NOT_ASKED = ("budget", "held")
"""Reasons that say nothing of the page: our own patience ended, not the host's."""


def load_pages(session: Session, urls: Sequence[str]) -> Mapping[str, PageState]:
    """What is known of those addresses that were had before."""
    return {url: convert.page_state(row) for url, row in load_page_rows(session, urls).items()}


def load_page_rows(session: Session, urls: Sequence[str]) -> dict[str, PageRow]:
    """The rows of those addresses that were had before, by address."""
    rows: dict[str, PageRow] = {}
    for part in batches(urls):
        rows.update((row.url, row) for row in session.exec(select(PageRow).where(col(PageRow.url).in_(part))))
    return rows


def load_failures(session: Session, source: str, urls: Sequence[str]) -> Mapping[str, Failures]:
    """The failures of a source's pages that no success has followed, by address."""
    found: dict[str, Failures] = {}
    for part in batches(urls):
        mine = (AttemptRow.source == source, col(AttemptRow.url).in_(part), ~col(AttemptRow.is_listing))
        failed = session.exec(
            select(AttemptRow).where(*mine, col(AttemptRow.outcome).in_(_FAILED)).order_by(col(AttemptRow.id))
        ).all()
        had = select(AttemptRow.url, func.max(AttemptRow.id)).where(*mine, col(AttemptRow.outcome).in_(_HAD))
        last_had = dict(session.exec(had.group_by(col(AttemptRow.url))).all()) if failed else {}
        for row in failed:
            if (row.id or 0) > (last_had.get(row.url) or 0) and row.reason not in _NOT_ASKED:
                count = found[row.url].count + 1 if row.url in found else 1
                found[row.url] = Failures(count, row.at, Outcome(row.outcome), row.status, row.reason)
    return found


def load_pointed_at(session: Session, source: str, since: datetime) -> tuple[Candidate, ...]:
    """The pages that a source has first pointed at since then."""
    wanted = select(SightingRow).where(SightingRow.source == source, col(SightingRow.first_seen_at) >= since)
    rows = session.exec(wanted.order_by(col(SightingRow.first_seen_at), col(SightingRow.url)))
    return tuple(convert.candidate(row) for row in rows)


def find_listed_at(session: Session, source: str, url: str) -> datetime | None:
    """When the row that counts a listing's items was last written."""
    wanted = select(AttemptRow.at).where(
        AttemptRow.source == source, AttemptRow.url == url, col(AttemptRow.items).is_not(None)
    )
    return session.exec(wanted.order_by(col(AttemptRow.id).desc()).limit(1)).first()


def save_visits(session: Session, visits: Sequence[Visit]) -> None:
    """Keep attempts, and the pages that they gave."""
    pages = [visit for visit in visits if visit.is_page and visit.response is not None]
    rows = load_page_rows(session, [visit.attempt.url for visit in pages])
    seen = load_seen(session, [row.version_id for row in rows.values() if row.version_id])
    bodies = []
    for visit in pages:
        assert visit.response is not None
        row = rows.get(visit.attempt.url)
        if row is None:
            rows[visit.attempt.url] = row = convert.new_page_row(visit.response, visit.attempt)
            session.add(row)
        else:
            convert.update_page_row(row, visit.response)
            note_seen_again(session, row, seen)
        if visit.response.archive is not None and not visit.response.not_modified and not row.is_listing:
            bodies.append(row.url)
    note_due(session, "read", bodies)
    if visits:
        values = [convert.attempt_row(visit.attempt).model_dump(exclude={"id"}) for visit in visits]
        session.execute(insert(AttemptRow), values)
