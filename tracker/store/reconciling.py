"""Writing what a run of the reconciler changed, and what is pending for the next."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlmodel import Session, SQLModel, col, select

from tracker.reconcile.blocks import Placed
from tracker.reconcile.change import Change
from tracker.store import convert, placing
from tracker.store.batches import batches
from tracker.store.memory_rows import (
    BearingRow,
    DocumentNamesRow,
    EventSideRow,
    HappeningRow,
    NameSumRow,
    PendingRow,
    ReportFoundRow,
    ReportRow,
    ReportSeekRow,
    ReportUseRow,
)
from tracker.store.rows import (
    ClaimRow,
    DisputeRow,
    EntityRow,
    EventRow,
    ExtractionRow,
    RedirectRow,
    RevisionRow,
    VersionRow,
)
from tracker.types import Reconciled

_ALL = (
    EventRow, ClaimRow, EntityRow, RedirectRow, DisputeRow, RevisionRow, ReportRow, ReportFoundRow, ReportSeekRow,
    ReportUseRow, HappeningRow, NameSumRow, DocumentNamesRow, EventSideRow, BearingRow,
)  # fmt: skip


def mark_all_pending(session: Session, document_ids: Sequence[str]) -> None:
    """Note of many documents that they came or changed, each as often as it is named."""
    times = Counter(document_ids)
    for some in batches(times):
        rows = session.exec(select(PendingRow).where(col(PendingRow.document_id).in_(some)))
        for row in rows.all():
            row.changes += times.pop(row.document_id)
    session.add_all(PendingRow(document_id=key, changes=changes) for key, changes in times.items())


def load_pending(session: Session) -> dict[str, int]:
    """The documents that came or changed since they were last reconciled, each with how often."""
    rows = session.exec(select(PendingRow).order_by(col(PendingRow.document_id)))
    return {row.document_id: row.changes for row in rows}


def load_ready(session: Session, extractor: str) -> dict[str, int]:
    """The same of the documents of which this extractor has seen a version."""
    seen = (
        select(VersionRow.id)
        .join(ExtractionRow, col(ExtractionRow.version_id) == col(VersionRow.id))
        .where(col(VersionRow.document_id) == col(PendingRow.document_id), ExtractionRow.extractor == extractor)
    )
    rows = session.exec(select(PendingRow).where(seen.exists()).order_by(col(PendingRow.document_id)))
    return {row.document_id: row.changes for row in rows}


def settle_pending(session: Session, done: Mapping[str, int]) -> None:
    """These changes have been reconciled; one that came meanwhile stays pending."""
    by_changes: dict[int, list[str]] = defaultdict(list)
    for document_id, changes in done.items():
        by_changes[changes].append(document_id)
    for changes, ids in sorted(by_changes.items()):
        for some in batches(ids):
            of_these = col(PendingRow.document_id).in_(some)
            session.exec(delete(PendingRow).where(of_these, col(PendingRow.changes) == changes))
            session.exec(update(PendingRow).where(of_these).values(changes=PendingRow.changes - changes))


def wipe(session: Session) -> None:
    """Forget the last result, to write a whole one."""
    for table in _ALL:
        session.exec(delete(table))


def save_change(session: Session, change: Change) -> None:
    """Write what changed in the result, and in what leads to the next."""
    _delete(session, ClaimRow.document_id, change.document_ids)
    _delete(session, RevisionRow.document_id, change.document_ids)
    _delete(session, DocumentNamesRow.document_id, change.document_ids)
    events = [event.id for event in change.events]
    _delete(session, EventRow.id, [*events, *change.gone_events])
    _delete(session, EventSideRow.event_id, [*events, *change.gone_events])
    _delete(session, BearingRow.event_id, [*events, *change.gone_events])
    _delete(session, EntityRow.id, [*(entity.id for entity in change.entities), *change.gone_entities])
    _delete(session, DisputeRow.id, [*(dispute.id for dispute in change.disputes), *change.gone_disputes])
    standing = [*events, *(dispute.id for dispute in change.disputes)]
    _delete(session, RedirectRow.old, [*(old for old, _ in change.redirects), *standing])
    _insert(
        session,
        convert.reconciled_rows(
            Reconciled(
                events=change.events,
                claims=change.records,
                entities=change.entities,
                redirects=change.redirects,
                disputes=change.disputes,
                revisions=change.revisions,
            )
        ),
    )
    _save_reports(session, change)
    _save_names(session, change)
    _delete(session, HappeningRow.cluster, [*change.drafted, *change.gone_clusters])
    _insert(
        session,
        [
            HappeningRow(cluster=k, event_id=d.event_id, day=d.day, is_event=d.is_event)
            for k, d in change.drafted.items()
        ],
    )
    sides = [EventSideRow(side=side, event_id=key) for key, own in change.sides.items() for side in own]
    _insert(session, sides)
    _insert(session, [BearingRow(event_id=b.event.id, payload=placing.bearing_text(b)) for b in change.bearings])


def _save_reports(session: Session, change: Change) -> None:
    made = [placed for placed in change.reports if placed.report is not None]
    moved = [placed for placed in change.reports if placed.report is None]
    _forget_reports(session, [*(placed.rank for placed in made), *change.gone_reports])
    _insert(session, [_report_row(placed) for placed in made])
    _insert(session, [row for placed in made for row in _looking_rows(placed)])
    if moved:
        session.execute(update(ReportRow), [{"rank": placed.rank, **_decided(placed)} for placed in moved])
        for placed in moved:
            _delete_of(session, ReportFoundRow, placed.rank, col(ReportFoundRow.name), placed.reach.names)
    _insert(session, [row for placed in change.reports for row in _found_rows(placed)])


def _decided(placed: Placed) -> dict[str, Any]:
    decision = placed.decision
    assert decision is not None, "a run decides every report"
    return {
        "role": decision.role,
        "cluster": decision.cluster,
        "score": decision.score,
        "cuts": json.dumps(decision.cuts),
    }


def _report_row(placed: Placed) -> ReportRow:
    assert placed.report is not None
    return ReportRow(
        rank=placed.rank,
        document_id=placed.document_id,
        reach=placing.reach_text(placed.reach),
        brief=placing.brief_text(placed),
        gist=placing.gist_text(placed),
        uses=json.dumps(placed.uses),
        payload=placing.payload(placed.report),
        **_decided(placed),
    )


def _looking_rows(placed: Placed) -> list[SQLModel]:
    """Of what it looks for, and what it depends on."""
    reach, rank = placed.reach, placed.rank
    seeks = reach.seeks if reach.first <= reach.last else ()
    return [
        *(ReportSeekRow(name=name, last=reach.last, rank=rank, first=reach.first) for name in seeks),
        *(ReportUseRow(entity_id=key, rank=rank, document_id=placed.document_id) for key in placed.uses),
    ]


def _found_rows(placed: Placed) -> list[SQLModel]:
    """Of where its cluster is found by it."""
    decision, reach = placed.decision, placed.reach
    if decision is None or decision.role != "report" or decision.cluster is None:
        return []
    return [
        ReportFoundRow(name=name, month=month, rank=placed.rank, cluster=decision.cluster)
        for name in reach.names
        for month in reach.months
    ]


def _forget_reports(session: Session, ranks: Sequence[str]) -> None:
    """Take reports out of their blocks, whose keys begin with the names that they were kept under."""
    for some in batches(ranks):
        kept = select(ReportRow.rank, ReportRow.reach, ReportRow.uses).where(col(ReportRow.rank).in_(some))
        for rank, reach_text, uses in session.exec(kept).all():
            reach = placing.reach(reach_text)
            _delete_of(session, ReportFoundRow, rank, col(ReportFoundRow.name), reach.names)
            _delete_of(session, ReportSeekRow, rank, col(ReportSeekRow.name), reach.seeks)
            _delete_of(session, ReportUseRow, rank, col(ReportUseRow.entity_id), json.loads(uses))
    _delete(session, ReportRow.rank, ranks)


def _delete_of(session: Session, table: Any, rank: str, column: Any, names: Sequence[str]) -> None:
    if names:
        session.exec(delete(table).where(column.in_(names), table.rank == rank))


def _save_names(session: Session, change: Change) -> None:
    _insert(
        session,
        [DocumentNamesRow(document_id=key, payload=placing.names_text(names)) for key, names in change.names.items()],
    )
    _delete(session, NameSumRow.entity_id, list(change.sums))
    _insert(
        session,
        [
            NameSumRow(
                entity_id=key,
                documents=sums.documents,
                readings=json.dumps(sorted([*reading, count] for reading, count in sums.readings.items())),
            )
            for key, sums in change.sums.items()
            if sums.documents or sums.readings
        ],
    )


def _delete(session: Session, column: Any, values: Iterable[str]) -> None:
    for some in batches(values):
        session.exec(delete(column.class_).where(col(column).in_(some)))


def _insert(session: Session, rows: Sequence[SQLModel]) -> None:
    by_table: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row.model_dump())
    for table, values in by_table.items():
        session.execute(insert(table), values)
