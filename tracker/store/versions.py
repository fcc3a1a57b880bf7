"""Which version of a document some words are: the one that is kept, that one read anew, or another."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from tracker.ids import document_id_of
from tracker.ports import Reading
from tracker.read.changes import article_sentences, diff_texts, is_same_title
from tracker.read.fingerprints import fingerprint, is_near_duplicate
from tracker.store.reconciling import mark_pending
from tracker.store.rows import DocumentRow, ExtractionRow, PageRow, VersionRow
from tracker.types import Outcome


def save_version(session: Session, version: VersionRow, reading: Reading) -> tuple[Outcome, VersionRow]:
    """Keep a version of the document at an address, unless its words are already kept; (outcome, the version kept).

    A page that was fetched is compared with the newest version (words that come back are a new version); a record
    that was handed in is compared with the version of its own id, so that a file handed in twice changes nothing.
    """
    row, is_new = _document_row(session, version, reading)
    row.last_seen_at = max(row.last_seen_at, version.last_seen_at)
    kept = session.exec(
        select(VersionRow).where(VersionRow.document_id == row.id).order_by(col(VersionRow.number))
    ).all()
    if version.id:
        known = next((item for item in reversed(kept) if _is_identical(item, version)), None)
    else:
        reread = next((item for item in kept if _is_of_same_body(item, version)), None)
        if reread is not None:
            return _read_anew(session, reread, version, kept), reread
        known = kept[-1] if kept and _says_the_same(kept[-1], version) else None
    if known is not None:
        known.last_seen_at = max(known.last_seen_at, version.last_seen_at)
        return Outcome.UNCHANGED, known
    _place(session, version, row, kept)
    return Outcome.NEW if is_new else Outcome.CHANGED, version


def _document_row(session: Session, version: VersionRow, reading: Reading) -> tuple[DocumentRow, bool]:
    row = session.exec(select(DocumentRow).where(DocumentRow.url == reading.url)).first()
    if row is not None:
        return row, False
    row = DocumentRow(
        id=version.document_id or version.id or document_id_of(reading.url),
        url=reading.url,
        publisher=reading.publisher,
        publisher_type=reading.publisher_type,
        source=reading.source,
        first_seen_at=version.fetched_at,
        last_seen_at=version.last_seen_at,
    )
    session.add(row)
    session.flush()
    return row, True


def _is_identical(one: VersionRow, other: VersionRow) -> bool:
    return (one.text_sha256, one.title) == (other.text_sha256, other.title)


def _is_of_same_body(one: VersionRow, other: VersionRow) -> bool:
    """Whether both were read from one body, received once: a body that comes back later is another version."""
    same_record = other.archive_record_id is not None and one.archive_record_id == other.archive_record_id
    return same_record and one.fetched_at == other.fetched_at


def _says_the_same(newest: VersionRow, version: VersionRow) -> bool:
    """Whether a page has only changed what is not its article.

    Two forms of one page (AMP, mobile, print) are cut differently by the reader: between them only a real rewriting
    counts, so that they do not take turns as versions.
    """
    if _is_identical(newest, version):
        return True
    if not is_same_title(newest.title, version.title):
        return False
    if article_sentences(newest.text) == article_sentences(version.text):
        return True
    other_form = _place_of(newest.fetched_url) != _place_of(version.fetched_url)
    return other_form and is_near_duplicate(newest.text, version.text)


def _place_of(url: str | None) -> str:
    """Host and path: pages that differ in their query alone are cut alike."""
    parts = urlsplit(url or "")
    return f"{parts.netloc}{parts.path}"


def _read_anew(session: Session, row: VersionRow, version: VersionRow, kept: Sequence[VersionRow]) -> Outcome:
    """Put a better reading of the same archived bytes in the place of the old one: the page itself has not changed."""
    row.last_seen_at = max(row.last_seen_at, version.last_seen_at)
    same = _is_identical(row, version)
    mark_pending(session, row.document_id)
    for name in ("published", "language", "kind", "byline", "dateline", "syndicated_from", "fetched_url"):
        setattr(row, name, getattr(version, name))
    if same and row.signature is not None:
        return Outcome.UNCHANGED
    for name in ("title", "text", "text_sha256", "page_starts"):
        setattr(row, name, getattr(version, name))
    before = next((item for item in reversed(kept) if item.number < row.number), None)
    _describe(row, before)
    extraction = session.get(ExtractionRow, row.id)
    if extraction is not None and not same:
        session.delete(extraction)  # its offsets were those of the old reading
    return Outcome.UNCHANGED if same else Outcome.CHANGED


def _place(session: Session, version: VersionRow, row: DocumentRow, kept: Sequence[VersionRow]) -> None:
    version.document_id = row.id
    version.number = kept[-1].number + 1 if kept else 1
    if not version.id or session.get(VersionRow, version.id) is not None:
        version.id = f"{version.id or row.id}.{version.number}"
    _describe(version, kept[-1] if kept else None)
    session.add(version)
    mark_pending(session, row.id)


def _describe(version: VersionRow, before: VersionRow | None) -> None:
    version.signature = fingerprint(version.text)
    version.diff = diff_texts(before.text, version.text, before.title, version.title) if before else None


def note_seen_again(session: Session, page: PageRow) -> None:
    """The words that were read from the page's archived body still stand on it."""
    of_record = select(VersionRow).where(VersionRow.archive_record_id == page.archive_record_id)
    wanted = of_record.order_by(col(VersionRow.id))
    version = session.get(VersionRow, page.version_id) if page.version_id else session.exec(wanted).first()
    if version is not None:
        version.last_seen_at = max(version.last_seen_at, page.checked_at)
        document = session.get_one(DocumentRow, version.document_id)
        document.last_seen_at = max(document.last_seen_at, page.checked_at)
