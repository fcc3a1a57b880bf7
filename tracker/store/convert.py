"""Rows <-> values: nothing of SQLModel leaves this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from pydantic import TypeAdapter
from sqlmodel import SQLModel

from tracker.ids import digest_of, sha256_hex
from tracker.ports import Attempt, PageState, Reading, UnreadPage
from tracker.read.fingerprints import fingerprint
from tracker.reconcile.revisions import revision_order
from tracker.store.rows import (
    AttemptRow,
    ClaimRow,
    DisputeRow,
    DocumentRow,
    EntityRow,
    EventRow,
    PageRow,
    RedirectRow,
    RevisionRow,
    SightingRow,
    VersionRow,
)
from tracker.types import (
    ArchiveRef,
    Candidate,
    ClaimRecord,
    Dispute,
    Document,
    DocumentKind,
    Entity,
    Event,
    Extraction,
    Outcome,
    PageContent,
    PublisherType,
    Reconciled,
    Response,
    Revision,
    StoredDocument,
    Validators,
    Version,
)

INGESTED = "(ingested)"
"""The source of documents that somebody handed in; no configured source can have this name."""


def page_state(row: PageRow) -> PageState:
    """A row as what the collector wants to know."""
    return PageState(
        url=row.url,
        fetched_at=row.fetched_at,
        checked_at=row.checked_at,
        validators=Validators(row.etag, row.last_modified),
        body_sha256=row.body_sha256,
        content_type=row.content_type,
        final_url=row.final_url,
        archive=ArchiveRef(row.archive_file, row.archive_offset, row.archive_record_id),
        first_seen_at=row.first_seen_at,
    )


def new_page_row(response: Response, attempt: Attempt) -> PageRow:
    """The row of an address that answered for the first time."""
    assert response.archive is not None, "a first answer is archived before it is stored"
    return PageRow(
        url=response.url,
        final_url=response.final_url,
        is_listing=attempt.is_listing,
        first_seen_at=response.fetched_at,
        fetched_at=response.fetched_at,
        checked_at=response.fetched_at,
        etag=response.header("etag"),
        last_modified=response.header("last-modified"),
        content_type=response.header("content-type"),
        body_sha256=sha256_hex(response.body),
        archive_file=response.archive.file,
        archive_offset=response.archive.offset,
        archive_record_id=response.archive.record_id,
    )


def update_page_row(row: PageRow, response: Response) -> None:
    """Note that an address was asked again; a new body (one with an archive record) is to be read again."""
    row.checked_at = response.fetched_at
    if response.not_modified:
        return
    row.etag, row.last_modified = response.header("etag"), response.header("last-modified")
    if response.archive is not None:
        row.final_url, row.content_type = response.final_url, response.header("content-type")
        row.fetched_at, row.body_sha256 = response.fetched_at, sha256_hex(response.body)
        row.archive_file = response.archive.file
        row.archive_offset = response.archive.offset
        row.archive_record_id = response.archive.record_id
        row.read_by = row.unreadable = row.version_id = None


def attempt_row(value: Attempt) -> AttemptRow:
    """An attempt as a row of the log."""
    return AttemptRow(
        source=value.source,
        url=value.url,
        at=value.at,
        outcome=value.outcome.value,
        status=value.status,
        why=value.why,
        is_listing=value.is_listing,
        items=value.items,
        bytes=value.bytes,
        elapsed_ms=value.elapsed_ms,
        reason=value.reason,
    )


def attempt(row: AttemptRow) -> Attempt:
    """A row of the log as a value."""
    return Attempt(
        source=row.source,
        url=row.url,
        at=row.at,
        outcome=Outcome(row.outcome),
        status=row.status,
        why=row.why,
        is_listing=row.is_listing,
        items=row.items,
        bytes=row.bytes,
        elapsed_ms=row.elapsed_ms,
        reason=row.reason,
    )


def candidate(row: SightingRow) -> Candidate:
    """What a source said of a page when it last pointed at it."""
    return Candidate(row.url, row.title, row.published, row.publisher, row.language)


def update_sighting_row(row: SightingRow, candidate: Candidate, at: datetime | None) -> None:
    """Note what a source says now; when it first pointed at the page stays."""
    row.title, row.published = candidate.title, candidate.published
    row.publisher, row.language = candidate.publisher, candidate.language
    row.first_seen_at, row.last_seen_at = row.first_seen_at or at, at or row.last_seen_at


def version_of_reading(page: UnreadPage, reading: Reading) -> VersionRow:
    """The words of a fetched page, not yet placed among its document's versions."""
    archive = page.state.archive
    return VersionRow(
        id="",
        document_id="",
        number=0,
        title=reading.title,
        text=reading.content.text,
        text_sha256=sha256_hex(reading.content.text),
        published=reading.published,
        language=reading.language,
        kind=reading.content.kind,
        byline=reading.content.byline,
        fetched_at=page.state.fetched_at,
        last_seen_at=page.state.checked_at,
        archive_file=archive.file,
        archive_offset=archive.offset,
        archive_record_id=archive.record_id,
        page_starts=list(reading.content.page_starts),
        dateline=reading.content.dateline,
        syndicated_from=reading.content.syndicated_from,
        fetched_url=None if page.state.final_url == reading.url else page.state.final_url,
        signature=fingerprint(reading.content.text),
    )


def version_of_document(document: Document, at: datetime) -> VersionRow:
    """A document that was handed in, not yet placed among the versions at its address."""
    return VersionRow(
        id=document.id,
        document_id=document.id,
        number=0,
        title=document.title,
        text=document.text,
        text_sha256=sha256_hex(document.text),
        published=document.published,
        language=document.language,
        kind=document.kind,
        fetched_at=at,
        last_seen_at=at,
        signature=fingerprint(document.text),
    )


def reading_of(document: Document) -> Reading:
    """Whose page a document that was handed in is. One without an address gets a name of its own (RFC 8141)."""
    return Reading(
        url=document.url or f"urn:tracker:{document.id}",
        source=INGESTED,
        publisher=document.publisher,
        publisher_type=document.publisher_type,
        title=document.title,
        published=document.published,
        language=document.language,
        content=PageContent(text=document.text, kind=document.kind),
    )


def document_to_extract(version: VersionRow, document: DocumentRow) -> Document:
    """A version as the extractor wants it; its id is the version's."""
    return Document(
        id=version.id,
        text=version.text,
        url=document.url,
        publisher=document.publisher,
        publisher_type=cast(PublisherType, document.publisher_type),
        published=version.published,
        language=version.language,
        title=version.title,
        kind=cast(DocumentKind, version.kind),
    )


def _version(row: VersionRow, number: int) -> Version:
    archive = None
    if row.archive_file is not None and row.archive_offset is not None:
        archive = ArchiveRef(row.archive_file, row.archive_offset, row.archive_record_id or "")
    return Version(
        id=row.id,
        document_id=row.document_id,
        number=number,
        title=row.title,
        text=row.text,
        text_sha256=row.text_sha256,
        published=row.published,
        language=row.language,
        kind=cast(DocumentKind, row.kind),
        byline=row.byline,
        fetched_at=row.fetched_at,
        last_seen_at=row.last_seen_at,
        archive=archive,
        page_starts=tuple(row.page_starts),
        diff=row.diff,
        dateline=row.dateline,
        syndicated_from=row.syndicated_from,
        signature=row.signature,
        fetched_url=row.fetched_url,
    )


def stored_document(
    row: DocumentRow, versions: Sequence[VersionRow], extractions: Mapping[str, Extraction]
) -> StoredDocument:
    """A document with its versions in the order in which we learned of them, then as the page dates itself."""
    ordered = _ordered(versions)
    return _shelved(row, ordered, tuple(extractions[item.id] for item in ordered))


def _ordered(versions: Sequence[VersionRow]) -> list[VersionRow]:
    if len(versions) == 1:
        return list(versions)
    return sorted(versions, key=lambda item: (item.fetched_at, item.published or date.min, item.number))


def shelved_document(row: DocumentRow, versions: Sequence[VersionRow]) -> StoredDocument:
    """A document with its versions, whatever was extracted from them."""
    return _shelved(row, _ordered(versions), ())


def _shelved(row: DocumentRow, ordered: Sequence[VersionRow], extractions: tuple[Extraction, ...]) -> StoredDocument:
    return StoredDocument(
        id=row.id,
        url=row.url,
        publisher=row.publisher,
        publisher_type=cast(PublisherType, row.publisher_type),
        source=row.source,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        versions=tuple(_version(item, number) for number, item in enumerate(ordered, 1)),
        extractions=extractions,
    )


_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_CLAIM: TypeAdapter[ClaimRecord] = TypeAdapter(ClaimRecord)
_ENTITY: TypeAdapter[Entity] = TypeAdapter(Entity)
_DISPUTE: TypeAdapter[Dispute] = TypeAdapter(Dispute)
_REVISION: TypeAdapter[Revision] = TypeAdapter(Revision)


def event(payload: str) -> Event:
    """A stored payload as the event that it was made from."""
    return _EVENT.validate_json(payload)


def claim(payload: str) -> ClaimRecord:
    """A stored payload as the claim record that it was made from."""
    return _CLAIM.validate_json(payload)


def claim_order(record: ClaimRecord) -> tuple[object, ...]:
    """The order of `tracker.reconcile.make_records`."""
    return (record.document_id, record.claim.start, record.claim.end, record.claim.type, record.id)


def dispute(payload: str) -> Dispute:
    """A stored payload as the dispute that it was made from."""
    return _DISPUTE.validate_json(payload)


def reconciled(
    events: Sequence[str],
    claims: Sequence[str],
    entities: Sequence[str],
    redirects: Sequence[tuple[str, str]],
    disputes: Sequence[str] = (),
    revisions: Sequence[str] = (),
) -> Reconciled:
    """Stored payloads as the value that they were made from."""
    return Reconciled(
        events=tuple(_EVENT.validate_json(item) for item in events),
        claims=tuple(_CLAIM.validate_json(item) for item in claims),
        entities=tuple(_ENTITY.validate_json(item) for item in entities),
        redirects=tuple((old, new) for old, new in redirects),
        disputes=tuple(_DISPUTE.validate_json(item) for item in disputes),
        revisions=tuple(sorted(map(_REVISION.validate_json, revisions), key=revision_order)),
    )


def reconciled_rows(value: Reconciled) -> list[SQLModel]:
    """A result as rows: the columns that are asked for, and the whole value as JSON."""
    rows: list[SQLModel] = [
        EventRow(
            id=event.id,
            type=event.type,
            title=event.title,
            from_on=event.from_on,
            to_on=event.to_on,
            payload=_EVENT.dump_json(event).decode(),
        )
        for event in value.events
    ]
    rows += [
        ClaimRow(
            id=record.id,
            document_id=record.document_id,
            type=record.claim.type,
            speaker=record.claim.speaker,
            quote=record.claim.text,
            payload=_CLAIM.dump_json(record).decode(),
        )
        for record in value.claims
    ]
    rows += [
        EntityRow(
            id=entity.id,
            name=entity.name,
            type=entity.type,
            known=entity.known,
            payload=_ENTITY.dump_json(entity).decode(),
        )
        for entity in value.entities
    ]
    rows += [RedirectRow(old=old, new=new) for old, new in value.redirects]
    rows += [
        DisputeRow(
            id=item.id,
            accuser_side=item.sides[0],
            accused_side=item.sides[1],
            title=item.title,
            payload=_DISPUTE.dump_json(item).decode(),
        )
        for item in value.disputes
    ]
    rows += [
        RevisionRow(
            id=digest_of(item.document_id, item.from_version, item.to_version, item.before, item.after),
            document_id=item.document_id,
            payload=_REVISION.dump_json(item).decode(),
        )
        for item in value.revisions
    ]
    return rows
