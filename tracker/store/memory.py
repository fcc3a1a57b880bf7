"""The reconciler's memory over the database: implements `tracker.reconcile.memory.Memory` with one look a question."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, col

from tracker.reconcile.bearings import Bearing
from tracker.reconcile.blocks import Placed
from tracker.reconcile.clusters import Decision
from tracker.reconcile.memory import Drafting, Member
from tracker.reconcile.names import DocumentNames, NameSum
from tracker.reconcile.reports import Report
from tracker.store import convert, placing
from tracker.store.batches import batches
from tracker.store.memory_rows import (
    BearingRow,
    DocumentNamesRow,
    EventSideRow,
    HappeningRow,
    NameSumRow,
    ReportFoundRow,
    ReportRow,
    ReportSeekRow,
    ReportUseRow,
)
from tracker.store.rows import ClaimRow, DisputeRow, DocumentRow, EventRow, RedirectRow
from tracker.types import ClaimRecord, Dispute, Event, StoredDocument

LoadDocuments = Callable[[Sequence[str]], Sequence[StoredDocument]]


class SqlMemory:
    """Reads in the session's transaction, so that all answers are of one state."""

    def __init__(self, session: Session, load_documents: LoadDocuments) -> None:
        self._session = session
        self._load_documents = load_documents

    def _rows(self, columns: Sequence[Any], key: Any, values: Iterable[str], *where: Any) -> Iterator[Any]:
        for some in batches(values):
            wanted = select(*(col(column) for column in columns)).where(col(key).in_(some), *where)
            yield from self._session.connection().execute(wanted)

    def load_documents(self, ids: Iterable[str]) -> Sequence[StoredDocument]:
        return self._load_documents(list(ids))

    def load_publishers(self, document_ids: Iterable[str]) -> Mapping[str, str]:
        return dict(
            tuple(row) for row in self._rows((DocumentRow.id, DocumentRow.publisher), DocumentRow.id, document_ids)
        )

    def load_records(self, document_ids: Iterable[str]) -> Sequence[ClaimRecord]:
        rows = self._rows((ClaimRow.payload,), ClaimRow.document_id, document_ids)
        return sorted(map(convert.claim, (payload for (payload,) in rows)), key=convert.claim_order)

    # --- reports ---

    def _placed(self, key: Any, values: Iterable[str]) -> list[Placed]:
        columns = (
            ReportRow.rank, ReportRow.role, ReportRow.cluster, ReportRow.score, ReportRow.cuts,
            ReportRow.gist, ReportRow.reach, ReportRow.uses,
        )  # fmt: skip
        return [
            placing.placed(rank, Decision(role, cluster, score, placing.cuts(cuts)), *texts)
            for rank, role, cluster, score, cuts, *texts in self._rows(columns, key, values)
        ]

    def load_whole(self, ranks: Iterable[str]) -> Mapping[str, Report]:
        rows = self._rows((ReportRow.rank, ReportRow.payload), ReportRow.rank, ranks)
        read = {rank: json.loads(payload) for rank, payload in rows}
        wanted = {claim_id for values in read.values() for claim_id in placing.claim_ids(values)}
        claims = dict(tuple(row) for row in self._rows((ClaimRow.id, ClaimRow.payload), ClaimRow.id, wanted))
        return {rank: placing.report(values, claims) for rank, values in read.items()}

    def load_reports(self, document_ids: Iterable[str]) -> Sequence[Placed]:
        return self._placed(ReportRow.document_id, document_ids)

    def load_clusters(self, names: Iterable[str]) -> Sequence[Member]:
        columns = (ReportRow.rank, ReportRow.role, ReportRow.cluster, ReportRow.brief)
        return [
            Member(rank, role, cluster, placing.brief(brief))
            for rank, role, cluster, brief in self._rows(columns, ReportRow.cluster, names)
        ]

    def load_ranks(self, ranks: Iterable[str]) -> Sequence[Placed]:
        return self._placed(ReportRow.rank, ranks)

    def load_found(self, names: Iterable[str], first: int, last: int) -> Iterable[tuple[str, int, str, str]]:
        row = ReportFoundRow
        by = (col(row.name), col(row.month), col(row.cluster))
        for some in batches(names):
            where = (col(row.name).in_(some), *_within(row.month, first, last))
            wanted = select(by[0], by[1], func.min(col(row.rank)), by[2]).where(*where).group_by(*by)
            yield from self._session.connection().execute(wanted)

    def load_seeking(self, names: Iterable[str], first: int, last: int) -> Iterable[tuple[str, int, str, int]]:
        row = ReportSeekRow
        return self._rows((row.name, row.last, row.rank, row.first), row.name, names, *_within(row.last, first, last))

    def load_users(self, entity_ids: Iterable[str]) -> Iterable[str]:
        rows = self._rows((ReportUseRow.document_id,), ReportUseRow.entity_id, entity_ids)
        return sorted({document_id for (document_id,) in rows})

    # --- events and names ---

    def load_drafted(self, clusters: Iterable[str]) -> Mapping[str, Drafting]:
        row = HappeningRow
        rows = self._rows((row.cluster, row.event_id, row.day, row.is_event), row.cluster, clusters)
        return {cluster: Drafting(event_id, day, is_event) for cluster, event_id, day, is_event in rows}

    def load_events(self, ids: Iterable[str]) -> Sequence[Event]:
        rows = self._rows((EventRow.payload,), EventRow.id, ids)
        return sorted((convert.event(payload) for (payload,) in rows), key=lambda event: event.id)

    def load_bearings(self, event_ids: Iterable[str]) -> Sequence[Bearing]:
        rows = self._rows((BearingRow.payload,), BearingRow.event_id, event_ids)
        return sorted((placing.bearing(payload) for (payload,) in rows), key=lambda bearing: bearing.event.id)

    def load_sums(self, entity_ids: Iterable[str]) -> Mapping[str, NameSum]:
        row = NameSumRow
        rows = self._rows((row.entity_id, row.documents, row.readings), row.entity_id, entity_ids)
        return {
            entity_id: NameSum(
                documents, Counter({(name, type_): count for name, type_, count in json.loads(readings)})
            )
            for entity_id, documents, readings in rows
        }

    def load_names(self, document_ids: Iterable[str]) -> Mapping[str, DocumentNames]:
        row = DocumentNamesRow
        return {
            document_id: placing.document_names(payload)
            for document_id, payload in self._rows((row.document_id, row.payload), row.document_id, document_ids)
        }

    def is_used(self, event_id: str) -> bool:
        redirect = self._session.get(RedirectRow, event_id)
        if redirect is not None:
            return redirect.new != event_id  # what no longer stands may stand again, at its own address
        return any(self._session.get(table, event_id) is not None for table in (EventRow, DisputeRow))

    def load_redirects(self, to: Iterable[str]) -> Sequence[tuple[str, str]]:
        return sorted(tuple(row) for row in self._rows((RedirectRow.old, RedirectRow.new), RedirectRow.new, to))

    # --- disputes ---

    def load_sides(self, event_ids: Iterable[str]) -> Iterable[str]:
        return sorted({side for (side,) in self._rows((EventSideRow.side,), EventSideRow.event_id, event_ids)})

    def load_touching(self, sides: Iterable[str]) -> Sequence[str]:
        return sorted({event_id for (event_id,) in self._rows((EventSideRow.event_id,), EventSideRow.side, sides)})

    def load_claims(self, ids: Iterable[str]) -> Sequence[ClaimRecord]:
        return [convert.claim(payload) for (payload,) in self._rows((ClaimRow.payload,), ClaimRow.id, ids)]

    def load_sides_of_disputes(self) -> Mapping[str, tuple[str, str]]:
        row = DisputeRow
        columns = (col(row.id), col(row.accuser_side), col(row.accused_side))
        rows = self._session.connection().execute(select(*columns).order_by(col(row.id)))
        return {dispute_id: (accuser or "", accused or "") for dispute_id, accuser, accused in rows}

    def load_disputes(self, ids: Iterable[str]) -> Sequence[Dispute]:
        rows = self._rows((DisputeRow.payload,), DisputeRow.id, ids)
        return sorted((convert.dispute(payload) for (payload,) in rows), key=lambda dispute: dispute.id)


def _within(column: InstrumentedAttribute[int] | int, first: int, last: int) -> tuple[Any, ...]:
    return (col(column) >= first, col(column) <= last)
