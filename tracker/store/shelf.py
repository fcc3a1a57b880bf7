"""Finding a document by what a person has at hand, and what in the archive the database points at."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker.records import extraction_from_json
from tracker.store import convert
from tracker.store.rows import ClaimRow, DocumentRow, ExtractionRow, PageRow, VersionRow
from tracker.types import ArchiveRef, StoredDocument

_MOST = 6


def find_documents(session: Session, name: str) -> list[str]:
    """Ids of the documents that a name means: an id, a version's id, an address that was fetched, or the beginning of
    an id; one where it is exact, at most six where it is a beginning."""
    if session.get(DocumentRow, name) is not None:
        return [name]
    if (version := session.get(VersionRow, name)) is not None:
        return [version.document_id]
    exact = session.exec(select(DocumentRow.id).where(DocumentRow.url == name)).first()
    if exact is not None:
        return [exact]
    pages = select(PageRow).where(or_(PageRow.url == name, PageRow.final_url == name)).order_by(col(PageRow.url))
    page = session.exec(pages).first()
    if page is not None:
        wanted = VersionRow.id == page.version_id if page.version_id else _of_record(page)
        owner = session.exec(select(VersionRow.document_id).where(wanted).order_by(col(VersionRow.id))).first()
        return [] if owner is None else [owner]
    # in either case of letters, since that is how SQLite's LIKE takes them
    beginning = select(DocumentRow.id).where(col(DocumentRow.id).istartswith(name, autoescape=True))
    return list(session.exec(beginning.order_by(col(DocumentRow.id)).limit(_MOST))) if name else []


def _of_record(page: PageRow) -> bool:
    return VersionRow.archive_record_id == page.archive_record_id


def load_shelf(session: Session, source: str | None) -> Iterator[StoredDocument]:
    """Documents with their versions and without their extractions, by id."""
    wanted = select(DocumentRow).order_by(col(DocumentRow.id))
    if source is not None:
        wanted = wanted.where(DocumentRow.source == source)
    for row in session.exec(wanted).all():
        yield load_one(session, row)


def load_read(session: Session, extractor: str | None, ids: Sequence[str] | None) -> tuple[StoredDocument, ...]:
    """The documents with those of their versions that this extractor (None: any) has seen, and what it read, by id.

    A version that waits to be extracted is not there yet; a document without any other is left out.
    """
    # Plain rows of columns, which read as the objects do: of these, thousands are made where all is published.
    documents, versions = select(*_columns(DocumentRow)).order_by(col(DocumentRow.id)), select(*_columns(VersionRow))
    extractions = select(ExtractionRow.version_id, ExtractionRow.payload)
    if ids is not None:
        documents = documents.where(col(DocumentRow.id).in_(ids))
        versions = versions.where(col(VersionRow.document_id).in_(ids))
        of_these = select(VersionRow.id).where(col(VersionRow.document_id).in_(ids))
        extractions = extractions.where(col(ExtractionRow.version_id).in_(of_these))
    if extractor is not None:
        extractions = extractions.where(col(ExtractionRow.extractor) == extractor)
    read = {version_id: extraction_from_json(payload) for version_id, payload in session.exec(extractions).all()}
    by_document: dict[str, list[Any]] = {}
    for version in map(_row_of(VersionRow), session.exec(versions)):
        if version.id in read:
            by_document.setdefault(version.document_id, []).append(version)
    return tuple(
        convert.stored_document(row, by_document[row.id], read)
        for row in map(_row_of(DocumentRow), session.exec(documents))
        if row.id in by_document
    )


@cache
def _row_of(table: Any) -> Any:
    """What makes of a row of all columns of a table one that is quickly asked for each of them."""
    row: Any = namedtuple("row", [column.name for column in _columns(table)])  # type: ignore[misc]
    return row._make


def list_on_matter(session: Session) -> Sequence[str]:
    """Ids of the documents of which a version is on the matter or mentions it, or which have a claim."""
    read = select(VersionRow.document_id).join(ExtractionRow, col(ExtractionRow.version_id) == col(VersionRow.id))
    told = read.where(col(ExtractionRow.relevance) != "irrelevant")
    return sorted({*session.exec(told), *session.exec(select(ClaimRow.document_id).distinct())})


def _columns(table: Any) -> Any:
    return table.__table__.columns


def load_one(session: Session, row: DocumentRow) -> StoredDocument:
    """A document with its versions and without its extractions."""
    versions = session.exec(select(VersionRow).where(VersionRow.document_id == row.id)).all()
    return convert.shelved_document(row, versions)


def load_archived(session: Session) -> Iterator[tuple[ArchiveRef, str, str | None]]:
    """(record, what points at it, SHA-256 of its body where that is known) of every version and every page."""
    versions = select(VersionRow).where(col(VersionRow.archive_file).is_not(None)).order_by(col(VersionRow.id))
    for version in session.exec(versions):
        ref = ArchiveRef(version.archive_file or "", version.archive_offset or 0, version.archive_record_id or "")
        yield ref, f"version {version.id}", None
    for page in session.exec(select(PageRow).order_by(col(PageRow.url))):
        ref = ArchiveRef(page.archive_file, page.archive_offset, page.archive_record_id)
        yield ref, f"page {page.url}", page.body_sha256 or None
