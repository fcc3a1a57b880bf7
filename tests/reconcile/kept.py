"""A memory of the reconciler in plain dictionaries: applies each change, and answers as the store does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace

from tracker.reconcile.bearings import Bearing
from tracker.reconcile.blocks import Placed
from tracker.reconcile.change import Change
from tracker.reconcile.gists import brief_of
from tracker.reconcile.memory import Drafting, Member
from tracker.reconcile.names import DocumentNames, NameSum
from tracker.reconcile.reports import Report
from tracker.reconcile.tellings import NOTHING
from tracker.types import ClaimRecord, Dispute, Entity, Event, Reconciled, Revision, StoredDocument


class Kept:
    """The last result, whole."""

    def __init__(self) -> None:
        self.documents: dict[str, StoredDocument] = {}
        self.records: dict[str, list[ClaimRecord]] = {}
        self.revisions: dict[str, list[Revision]] = {}
        self.reports: dict[str, Placed] = {}
        self.drafted: dict[str, Drafting] = {}
        self.events: dict[str, Event] = {}
        self.names: dict[str, DocumentNames] = {}
        self.sums: dict[str, NameSum] = {}
        self.entities: dict[str, Entity] = {}
        self.redirects: dict[str, str] = {}
        self.disputes: dict[str, Dispute] = {}
        self.sides: dict[str, tuple[str, ...]] = {}
        self.bearings: dict[str, Bearing] = {}

    def apply(self, change: Change) -> None:
        for key in change.document_ids:
            self.records[key] = [record for record in change.records if record.document_id == key]
            self.revisions[key] = [item for item in change.revisions if item.document_id == key]
            self.names.pop(key, None)
        self.names.update(change.names)
        self.sums.update(copy.deepcopy(dict(change.sums)))
        for gone, kept in (
            (change.gone_reports, self.reports),
            (change.gone_clusters, self.drafted),
            (change.gone_events, self.events),
            (change.gone_events, self.sides),
            (change.gone_events, self.bearings),
            (change.gone_entities, self.entities),
            (change.gone_disputes, self.disputes),
        ):
            for key in gone:
                kept.pop(key, None)  # type: ignore[attr-defined]
        for placed in change.reports:
            whole = placed.report or self.reports[placed.rank].report
            self.reports[placed.rank] = replace(placed, report=whole)
        self.drafted.update(change.drafted)
        self.events.update({event.id: event for event in change.events})
        self.sides.update(change.sides)
        self.bearings.update({bearing.event.id: bearing for bearing in change.bearings})
        self.disputes.update({dispute.id: dispute for dispute in change.disputes})
        self.entities.update({entity.id: entity for entity in change.entities})
        self.redirects.update(dict(change.redirects))
        for item in (*change.events, *change.disputes):
            self.redirects.pop(item.id, None)

    def result(self) -> Reconciled:
        return Reconciled(
            events=tuple(sorted(self.events.values(), key=lambda e: (e.from_on, e.to_on, e.id))),
            claims=tuple(record for key in sorted(self.records) for record in self.records[key]),
            entities=tuple(self.entities[key] for key in sorted(self.entities)),
            disputes=tuple(self.disputes[key] for key in sorted(self.disputes)),
            redirects=tuple(sorted(self.redirects.items())),
            revisions=tuple(item for key in sorted(self.revisions) for item in self.revisions[key]),
        )

    # --- as tracker.reconcile.memory.Memory ---

    def load_documents(self, ids: Iterable[str]) -> list[StoredDocument]:
        return [self.documents[key] for key in ids if key in self.documents]

    def load_publishers(self, document_ids: Iterable[str]) -> dict[str, str]:
        return {key: self.documents[key].publisher for key in document_ids}

    def load_records(self, document_ids: Iterable[str]) -> list[ClaimRecord]:
        return [record for key in document_ids for record in self.records.get(key, ())]

    def _reports(self, wanted: Callable[[Placed], bool]) -> list[Placed]:
        return [replace(placed, report=None) for placed in self.reports.values() if wanted(placed)]

    def load_whole(self, ranks: Iterable[str]) -> dict[str, Report]:
        found = ((rank, self.reports[rank].report) for rank in ranks)
        return {rank: replace(report, telling=NOTHING) for rank, report in found if report}

    def load_reports(self, document_ids: Iterable[str]) -> list[Placed]:
        ids = set(document_ids)
        return self._reports(lambda placed: placed.document_id in ids)

    def load_clusters(self, names: Iterable[str]) -> list[Member]:
        ids = set(names)
        return [
            Member(placed.rank, placed.decision.role, placed.decision.cluster, brief_of(placed.gist))
            for placed in self.reports.values()
            if placed.decision is not None and placed.decision.cluster in ids
        ]

    def load_ranks(self, ranks: Iterable[str]) -> list[Placed]:
        ids = set(ranks)
        return self._reports(lambda placed: placed.rank in ids)

    def load_found(self, names: Iterable[str], first: int, last: int) -> list[tuple[str, int, str, str]]:
        ids = set(names)
        found = [
            (name, month, placed.rank, placed.decision.cluster)
            for placed in self.reports.values()
            if placed.decision and placed.decision.role == "report" and placed.decision.cluster
            for name in placed.reach.names
            for month in placed.reach.months
            if name in ids and first <= month <= last
        ]
        firsts = {(name, month, cluster): rank for name, month, rank, cluster in sorted(found, reverse=True)}
        return [(name, month, rank, cluster) for (name, month, cluster), rank in firsts.items()]

    def load_seeking(self, names: Iterable[str], first: int, last: int) -> list[tuple[str, int, str, int]]:
        ids = set(names)
        return [
            (name, placed.reach.last, placed.rank, placed.reach.first)
            for placed in self.reports.values()
            for name in placed.reach.seeks
            if placed.reach.first <= placed.reach.last and name in ids and first <= placed.reach.last <= last
        ]

    def load_users(self, entity_ids: Iterable[str]) -> list[str]:
        ids = set(entity_ids)
        return [placed.document_id for placed in self.reports.values() if ids & set(placed.uses)]

    def load_drafted(self, clusters: Iterable[str]) -> dict[str, Drafting]:
        return {name: self.drafted[name] for name in clusters if name in self.drafted}

    def load_events(self, ids: Iterable[str]) -> list[Event]:
        return [self.events[key] for key in ids if key in self.events]

    def load_bearings(self, event_ids: Iterable[str]) -> list[Bearing]:
        return [self.bearings[key] for key in event_ids if key in self.bearings]

    def load_sums(self, entity_ids: Iterable[str]) -> dict[str, NameSum]:
        return {key: copy.deepcopy(self.sums[key]) for key in entity_ids if key in self.sums}

    def load_names(self, document_ids: Iterable[str]) -> dict[str, DocumentNames]:
        return {key: self.names[key] for key in document_ids if key in self.names}

    def is_used(self, event_id: str) -> bool:
        is_moved = self.redirects.get(event_id, event_id) != event_id
        return is_moved or event_id in self.events or event_id in self.disputes

    def load_redirects(self, to: Iterable[str]) -> list[tuple[str, str]]:
        ends = set(to)
        return [(old, new) for old, new in self.redirects.items() if new in ends]

    def load_sides_of_disputes(self) -> dict[str, tuple[str, str]]:
        return {key: self.disputes[key].sides for key in sorted(self.disputes)}

    def load_disputes(self, ids: Iterable[str]) -> list[Dispute]:
        return [self.disputes[key] for key in sorted(ids)]

    def load_sides(self, event_ids: Iterable[str]) -> set[str]:
        return {side for key in event_ids for side in self.sides.get(key, ())}

    def load_touching(self, sides: Iterable[str]) -> set[str]:
        return {key for key, own in self.sides.items() if set(own) & set(sides)}

    def load_claims(self, ids: Iterable[str]) -> list[ClaimRecord]:
        wanted = set(ids)
        return [record for own in self.records.values() for record in own if record.id in wanted]
