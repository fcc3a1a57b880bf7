"""The dataset turned so that each page finds what it shows: by id, by entity, by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.types import (
    ClaimRecord,
    CopyGroup,
    Dataset,
    Dispute,
    Entity,
    Event,
    Judged,
    Revision,
    SourceStatus,
    StoredDocument,
    Version,
)


@dataclass(frozen=True)
class Catalogue:
    """Lookups over one dataset. Everything listed keeps the dataset's order unless it says otherwise."""

    documents: dict[str, StoredDocument]
    versions: dict[str, Version]
    entities: dict[str, Entity]
    claims: dict[str, ClaimRecord]
    events: tuple[Event, ...]
    """Newest first."""
    disputes: tuple[Dispute, ...] = ()
    redirects: tuple[tuple[str, str], ...] = ()
    """(old event or dispute id, the one that it was merged into)."""
    sources: tuple[SourceStatus, ...] = ()
    edits: tuple[Judged, ...] = ()
    """What people decided, by time."""
    awaiting: dict[str, int] = field(default_factory=dict)
    """For each document how many of its claims are too unsure to be shown, where there are any."""
    as_of: datetime | None = None
    """The instant up to which it was known; None for the present."""
    events_of_entity: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    events_of_claim: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    events_recalled_by: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    """For each claim the events that it only recalls as background."""
    events_answered_by: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    """For each claim the events to whose charges it is an answer."""
    events_of_document: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    """For each document the events that it reports, newest first."""
    events_of_month: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    """By entity and month (`month_key`) the events of `events_of_entity` that begin then, newest first."""
    events_by_id: dict[str, Event] = field(default_factory=dict)
    disputes_of_event: dict[str, list[Dispute]] = field(default_factory=lambda: defaultdict(list))
    disputes_of_entity: dict[str, list[Dispute]] = field(default_factory=lambda: defaultdict(list))
    """Disputes in which it accuses, is accused or answers."""
    claims_of_document: dict[str, list[ClaimRecord]] = field(default_factory=lambda: defaultdict(list))
    claims_of_entity: dict[str, list[ClaimRecord]] = field(default_factory=lambda: defaultdict(list))
    """Claims that name the entity in any role."""
    documents_of_entity: dict[str, list[tuple[StoredDocument, int]]] = field(default_factory=lambda: defaultdict(list))
    """Documents whose newest version names the entity, with how often."""
    children: dict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    copies_of: dict[str, CopyGroup] = field(default_factory=dict)
    """For each document that is or has a copy, its group."""
    revisions_of_claim: dict[str, list[Revision]] = field(default_factory=lambda: defaultdict(list))
    """For each claim what became of it, and what it was made of."""
    revisions_of_document: dict[str, list[Revision]] = field(default_factory=lambda: defaultdict(list))

    def is_relevant(self, document: StoredDocument) -> bool:
        """Whether the newest version is on the matter."""
        return document.extractions[-1].relevance == "relevant"


def build_catalogue(dataset: Dataset) -> Catalogue:
    """Index a dataset. A reference to something that is not there is left out here and reported by the gates."""
    reconciled = dataset.reconciled
    documents = {document.id: document for document in dataset.documents}
    versions = {version.id: version for document in dataset.documents for version in document.versions}
    claims = {
        record.id: record
        for record in reconciled.claims
        if record.document_id in documents and record.version_id in versions
    }
    catalogue = Catalogue(
        documents=documents,
        versions=versions,
        entities={entity.id: entity for entity in reconciled.entities},
        claims=claims,
        events=tuple(newest_events(reconciled.events)),
        disputes=reconciled.disputes,
        redirects=reconciled.redirects,
        sources=dataset.sources,
        edits=dataset.edits,
        awaiting=Counter(record.document_id for record in dataset.awaiting_review),
        as_of=dataset.as_of,
    )
    for group in dataset.copies:
        catalogue.copies_of.update(
            (key, group) for key in (group.original, *(copy.document_id for copy in group.copies))
        )
    _index_events(catalogue)
    _index_disputes(catalogue)
    _index_claims(catalogue)
    _index_entities(catalogue)
    _index_revisions(catalogue, reconciled.revisions)
    return catalogue


def newest_events(events: Iterable[Event]) -> list[Event]:
    """Events by date, newest first."""
    return sorted(events, key=lambda event: (event.from_on, event.to_on, event.id), reverse=True)


def month_key(entity_id: str, day: date) -> str:
    """The key of an entity's events of a month."""
    return f"{day:%Y-%m} {entity_id}"


def _index_events(catalogue: Catalogue) -> None:
    for event in catalogue.events:
        parties = [*event.actors, *(answer.party for answer in event.answers)]
        for claim_id in event.claim_ids:
            catalogue.events_of_claim[claim_id].append(event)
            if claim_id in catalogue.claims:
                parties.extend(parties_of(catalogue.claims[claim_id]))
        for claim_id in event.recalled_in:
            catalogue.events_recalled_by[claim_id].append(event)
        for answer_id in dict.fromkeys(answer.claim_id for answer in event.answers if answer.claim_id):
            catalogue.events_answered_by[answer_id].append(event)
        for party in dict.fromkeys(parties):
            catalogue.events_of_entity[party].append(event)
            catalogue.events_of_month[month_key(party, event.from_on)].append(event)
        for document_id in dict.fromkeys(event.document_ids):
            catalogue.events_of_document[document_id].append(event)


def _index_disputes(catalogue: Catalogue) -> None:
    catalogue.events_by_id.update((event.id, event) for event in catalogue.events)
    for dispute in catalogue.disputes:
        for event_id in dispute.event_ids:
            catalogue.disputes_of_event[event_id].append(dispute)
        parties = [*dispute.accusers, *dispute.accused, *(entry.party for entry in dispute.ledger)]
        for party in dict.fromkeys(parties):
            catalogue.disputes_of_entity[party].append(dispute)


def _index_claims(catalogue: Catalogue) -> None:
    for record in sorted(
        catalogue.claims.values(), key=lambda record: (record.claim.start, record.claim.end, record.id)
    ):
        catalogue.claims_of_document[record.document_id].append(record)
    for record in sorted(catalogue.claims.values(), key=lambda record: newest_first(catalogue, record)):
        for party in dict.fromkeys(parties_of(record)):
            catalogue.claims_of_entity[party].append(record)


def _index_entities(catalogue: Catalogue) -> None:
    for entity in catalogue.entities.values():
        if entity.parent:
            catalogue.children[entity.parent].append(entity)
    for document in catalogue.documents.values():
        counts: dict[str, int] = defaultdict(int)
        for mention in document.extractions[-1].mentions:
            counts[mention.entity_id] += 1
        for entity_id, count in counts.items():
            catalogue.documents_of_entity[entity_id].append((document, count))


def _index_revisions(catalogue: Catalogue, revisions: Iterable[Revision]) -> None:
    for revision in revisions:
        named = [key for key in (revision.before, revision.after) if key is not None]
        versions = {revision.from_version, revision.to_version}
        if versions <= catalogue.versions.keys() and all(key in catalogue.claims for key in named):
            catalogue.revisions_of_document[revision.document_id].append(revision)
            for claim_id in dict.fromkeys(named):
                catalogue.revisions_of_claim[claim_id].append(revision)


def revisions_of_event(catalogue: Catalogue, event: Event) -> list[Revision]:
    """What became of an event's claims, recollections and answers, each change once, in no particular order."""
    named = [*event.claim_ids, *event.recalled_in, *(answer.claim_id or "" for answer in event.answers)]
    return list(dict.fromkeys(item for key in named for item in catalogue.revisions_of_claim.get(key, ())))


def seen_span(catalogue: Catalogue, event: Event) -> tuple[datetime, datetime] | None:
    """When the tracker first had a claim of the event, and when it last learned of another or saw one change."""
    catalogue.events_by_id.get(event.id)
    claims = [catalogue.claims[key] for key in (*event.claim_ids, *event.recalled_in) if key in catalogue.claims]
    claims += [catalogue.claims[item.claim_id] for item in event.answers if item.claim_id in catalogue.claims]
    seen = [catalogue.versions[record.first_version_id].fetched_at for record in claims]
    # a claim that its page no longer makes was last changed when the version without it came
    for record in claims:
        if not record.in_current_version:
            versions = catalogue.documents[record.document_id].versions
            ids = [version.id for version in versions]
            seen.append(versions[ids.index(record.version_id) + 1].fetched_at)
    return (min(seen), max(seen)) if seen else None


def newest_first(catalogue: Catalogue, record: ClaimRecord) -> tuple[int, str, int, str]:
    """Sort key: by the publication of the words, newest first, undated last."""
    published = catalogue.versions[record.version_id].published
    return (-published.toordinal() if published else 1, record.document_id, record.claim.start, record.id)


def parties_of(record: ClaimRecord) -> list[str]:
    """Every entity that a claim names, speakers first; one may stand twice."""
    claim = record.claim
    named = [claim.speaker, claim.on_behalf_of, *claim.accused, *claim.target, *claim.via]
    return [party for party in named if party]
