"""From stored documents to events: the order in which the parts of this room work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.reconcile.answers import Ledger
from tracker.reconcile.claims import make_records
from tracker.reconcile.clusters import Cluster, cluster_reports
from tracker.reconcile.curator import Curator
from tracker.reconcile.disputes import make_disputes
from tracker.reconcile.entities import Parties, select_entities
from tracker.reconcile.events import Drafter
from tracker.reconcile.grouping import make_reports
from tracker.reconcile.identity import assign_ids, slug_of
from tracker.reconcile.reports import Report
from tracker.reconcile.revisions import list_revisions
from tracker.types import ClaimRecord, Entity, Reconciled, StoredDocument, is_dispute_id


def reconcile(
    documents: Sequence[StoredDocument],
    entities: Sequence[Entity],
    previous: Reconciled,
    curator: Curator | None = None,
) -> Reconciled:
    """Join what documents report into events, each with its claims, figures and answers.

    `entities` is the gazetteer; names that only documents gave become entities with `known` False. `previous` is
    the result of the run before (empty at first): event ids are handed on from it. `curator` applies what people
    decided. The result depends on nothing else, and not on the order of the documents. A claim that fits no event is
    still among the claims.
    """
    curator = curator or Curator(entities)
    ordered = [curator.document(document) for document in sorted(documents, key=lambda document: document.id)]
    parties = Parties(curator.entities, ordered)
    records = curator.records(make_records(ordered))
    clusters = curator.clusters(cluster_reports(_reports(ordered, records, parties), parties))
    drafter = Drafter({document.id: document for document in ordered}, records, parties)
    ledger = _open_ledger(clusters)
    drafts = [draft for cluster in clusters if (draft := drafter.draft(cluster, ledger))]
    slugs = [slug_of(draft.event, draft.actor, draft.accused) for draft in drafts]
    ids, redirects = assign_ids([draft.event for draft in drafts], slugs, previous)
    events = [replace(draft.event, id=event_id) for draft, event_id in zip(drafts, ids, strict=True)]
    events = curator.events(events)
    events.sort(key=lambda event: (event.from_on, event.to_on, event.id))
    disputes, moved = make_disputes(curator.shown(events), records, parties, previous)
    return Reconciled(
        events=tuple(events),
        claims=records,
        entities=select_entities(parties, records, events, ordered),
        redirects=tuple(sorted([*(item for item in redirects if not is_dispute_id(item[0])), *moved])),
        disputes=disputes,
        revisions=curator.revisions(list_revisions(ordered)),
    )


def _reports(documents: Sequence[StoredDocument], records: Sequence[ClaimRecord], parties: Parties) -> list[Report]:
    by_document: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in records:
        by_document[record.document_id].append(record)
    return [report for document in documents for report in make_reports(document, by_document[document.id], parties)]


def _open_ledger(clusters: Sequence[Cluster]) -> Ledger:
    reported: dict[str, list[frozenset[str]]] = defaultdict(list)
    recalled_days: dict[str, date] = {}
    for cluster in clusters:
        for report in cluster.reports:
            if "allegation" in report.types:
                reported[report.document_id].append(report.accused)
        if when := cluster.when:
            recalled_days.update((m.record.id, when.from_on) for r in cluster.recalled for m in r.members)
    return Ledger(reported, recalled_days)
