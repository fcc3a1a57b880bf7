"""Which version of a document some words are: the one that is kept, that one read anew, or another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import load_only
from sqlmodel import Session, SQLModel, col, select

from tracker.ids import document_id_of
from tracker.ports import Reading
from tracker.read.changes import article_sentences, diff_texts, is_same_title
from tracker.read.fingerprints import is_near_duplicate
from tracker.store.batches import batches
from tracker.store.reconciling import mark_all_pending
from tracker.store.rows import DocumentRow, ExtractionRow, PageRow, VersionRow
from tracker.store.work.deferring import note_due, note_unreconciled
from tracker.types import Outcome


def save_versions(session: Session, versions: Sequence[tuple[VersionRow, Reading]]) -> list[tuple[Outcome, VersionRow]]:
    """Keep versions of the documents at some addresses, one after the other, unless their words are already kept;
    (outcome, the version kept) of each.

    A page that was fetched is compared with the newest version (words that come back are a new version); a record
    that was handed in is compared with the version of its own id, so that a file handed in twice changes nothing.
    What is there is looked up for all of them at once: on a server each look is a way there and back, and all other
    writers wait meanwhile. The versions come with their signatures for the same reason.
    """
    shelf = _Shelf(session, versions)
    done = [_save_version(shelf, version, reading) for version, reading in versions]
    mark_all_pending(session, shelf.changed)
    note_due(session, "extract", shelf.unextracted)
    note_due(session, "extract", shelf.hollow, hollow=True)
    if shelf.is_unreconciled:
        note_unreconciled(session)
    return done


class _Shelf:
    """The documents at some addresses with their versions, as they are and as they become."""

    def __init__(self, session: Session, versions: Sequence[tuple[VersionRow, Reading]]) -> None:
        self.session = session
        self.new: set[str] = set()
        """Documents that were not there, and have no version yet."""
        self.changed: list[str] = []
        """Documents of which something came or changed, each as often."""
        self.unextracted: list[str] = []
        self.hollow: list[str] = []
        """Versions whose words are others now, so that what was extracted from them is gone."""
        self.is_unreconciled = False
        """Something is told otherwise of words that are extracted."""
        self.documents: dict[str, DocumentRow] = {}
        for urls in batches(reading.url for _, reading in versions):
            rows = session.exec(select(DocumentRow).where(col(DocumentRow.url).in_(urls)))
            self.documents.update((row.url, row) for row in rows)
        self.versions: dict[str, list[VersionRow]] = defaultdict(list)
        for ids in batches(row.id for row in self.documents.values()):
            of_these = select(VersionRow).where(col(VersionRow.document_id).in_(ids))
            for version in session.exec(of_these.order_by(col(VersionRow.document_id), col(VersionRow.number))):
                self.versions[version.document_id].append(version)
        for version, reading in versions:
            if reading.url not in self.documents:
                self.documents[reading.url] = row = _document_row(version, reading)
                self.new.add(row.id)
                session.add(row)
        session.flush()  # versions refer to documents, and nothing tells the session to write these first


def _save_version(shelf: _Shelf, version: VersionRow, reading: Reading) -> tuple[Outcome, VersionRow]:
    row = shelf.documents[reading.url]
    row.last_seen_at = max(row.last_seen_at, version.last_seen_at)
    kept = shelf.versions[row.id]
    if version.id:
        known = next((item for item in reversed(kept) if _is_identical(item, version)), None)
    else:
        reread = next((item for item in kept if _is_of_same_body(item, version)), None)
        if reread is not None:
            return _read_anew(shelf, reread, version, kept), reread
        known = kept[-1] if kept and _says_the_same(kept[-1], version) else None
    if known is not None:
        known.last_seen_at = max(known.last_seen_at, version.last_seen_at)
        return Outcome.UNCHANGED, known
    _place(shelf, version, row, kept)
    if row.id in shelf.new:
        shelf.new.remove(row.id)
        return Outcome.NEW, version
    return Outcome.CHANGED, version


def _document_row(version: VersionRow, reading: Reading) -> DocumentRow:
    return DocumentRow(
        id=version.document_id or version.id or document_id_of(reading.url),
        url=reading.url,
        publisher=reading.publisher,
        publisher_type=reading.publisher_type,
        source=reading.source,
        first_seen_at=version.fetched_at,
        last_seen_at=version.last_seen_at,
    )


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


def _read_anew(shelf: _Shelf, row: VersionRow, version: VersionRow, kept: Sequence[VersionRow]) -> Outcome:
    """Put a better reading of the same archived bytes in the place of the old one: the page itself has not changed."""
    row.last_seen_at = max(row.last_seen_at, version.last_seen_at)
    same = _is_identical(row, version)
    shelf.changed.append(row.document_id)
    for name in ("published", "language", "kind", "byline", "dateline", "syndicated_from", "fetched_url"):
        setattr(row, name, getattr(version, name))
    if same:
        shelf.is_unreconciled = True
    else:
        shelf.hollow.append(row.id)
    if same and row.signature is not None:
        return Outcome.UNCHANGED
    for name in ("title", "text", "text_sha256", "page_starts", "signature"):
        setattr(row, name, getattr(version, name))
    before = next((item for item in reversed(kept) if item.number < row.number), None)
    row.diff = _diff(before, row)
    extraction = shelf.session.get(ExtractionRow, row.id)
    if extraction is not None and not same:
        shelf.session.delete(extraction)  # its offsets were those of the old reading
    return Outcome.UNCHANGED if same else Outcome.CHANGED


def _place(shelf: _Shelf, version: VersionRow, row: DocumentRow, kept: list[VersionRow]) -> None:
    version.document_id = row.id
    version.number = kept[-1].number + 1 if kept else 1
    if not version.id or shelf.session.get(VersionRow, version.id) is not None:
        version.id = f"{version.id or row.id}.{version.number}"
    version.diff = _diff(kept[-1] if kept else None, version)
    shelf.session.add(version)
    kept.append(version)
    shelf.changed.append(row.id)
    shelf.unextracted.append(version.id)


def _diff(before: VersionRow | None, version: VersionRow) -> str | None:
    return diff_texts(before.text, version.text, before.title, version.title) if before else None


Seen = dict[str, tuple[VersionRow, DocumentRow]]
"""By the id of a version: when it was last seen, and its document; its words are not loaded."""


def load_seen(session: Session, version_ids: Iterable[str]) -> Seen:
    """Versions that may be seen again, all with one look."""
    wanted = select(VersionRow, DocumentRow).join(DocumentRow, col(DocumentRow.id) == col(VersionRow.document_id))
    of_version = load_only(*(_attribute(VersionRow, name) for name in ("id", "document_id", "last_seen_at")))
    found: Seen = {}
    for ids in batches(version_ids):
        rows = session.exec(wanted.where(col(VersionRow.id).in_(ids)).options(of_version))
        found.update((version.id, (version, document)) for version, document in rows)
    return found


def _attribute(table: type[SQLModel], name: str) -> Any:
    return getattr(table, name)


def note_seen_again(session: Session, page: PageRow, seen: Seen) -> None:
    """The words that were read from the page's archived body still stand on it.

    A list, and a body that nobody has read yet, has no version: nothing is looked for.
    """
    if page.version_id is None and page.read_by is not None:  # read before it was kept which version that was
        of_record = select(VersionRow.id).where(VersionRow.archive_record_id == page.archive_record_id)
        seen = load_seen(session, session.exec(of_record.order_by(col(VersionRow.id)).limit(1)).all())
        key = next(iter(seen), None)
    else:
        key = page.version_id
    if key is None or key not in seen:
        return
    version, document = seen[key]
    version.last_seen_at = max(version.last_seen_at, page.checked_at)
    document.last_seen_at = max(document.last_seen_at, page.checked_at)
