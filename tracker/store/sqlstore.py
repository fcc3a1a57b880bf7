"""The store over SQLAlchemy: implements `tracker.ports.Store`. Each `save_` method is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import func
from sqlmodel import col, select

from tracker.errors import UnreadableInput
from tracker.fulltext.found import Findings, Scope
from tracker.fulltext.questions import Question
from tracker.ports import Attempt, AttemptSum, Failures, PageState, Reading, SourceRecord, UnreadPage, Visit
from tracker.reconcile.change import Change
from tracker.store import convert, digests, extracting, history, reconciling, requests, shelf, visits
from tracker.store.batches import batches
from tracker.store.fulltext.filling import Note, catch_up
from tracker.store.fulltext.finding import find
from tracker.store.memory import LoadDocuments, SqlMemory
from tracker.store.rows import (
    AttemptRow,
    ClaimRow,
    DisputeRow,
    DocumentRow,
    EntityRow,
    EventRow,
    ExtractionRow,
    MarkRow,
    PageRow,
    RedirectRow,
    RevisionRow,
    SightingRow,
    VersionRow,
)
from tracker.store.sessions import Sessions
from tracker.store.versions import save_versions
from tracker.store.work import fencing
from tracker.store.work.deferring import note_unpublished, settle_due
from tracker.store.work.listing import WorkList
from tracker.types import (
    ArchiveRef,
    Candidate,
    Digests,
    Document,
    Extraction,
    Outcome,
    Reconciled,
    Response,
    StoredDocument,
)

_RECONCILED_FROM = "reconciled_from"
_RECONCILING = "reconcile"


class SqlStore(Sessions):
    """The working database behind an engine; `tracker.store.open_store` makes it."""

    # --- collect ---

    def find_page(self, url: str) -> PageState | None:
        """What is known of an address, or None."""
        with self._session() as session:
            row = session.get(PageRow, url)
            return convert.page_state(row) if row else None

    def load_pages(self, urls: Sequence[str]) -> Mapping[str, PageState]:
        """What is known of those addresses that were had before."""
        with self._session() as session:
            return visits.load_pages(session, urls)

    def load_failures(self, source: str, urls: Sequence[str]) -> Mapping[str, Failures]:
        """The failures of a source's pages that no success has followed, by address."""
        with self._session() as session:
            return visits.load_failures(session, source, urls)

    def load_pointed_at(self, source: str, since: datetime) -> tuple[Candidate, ...]:
        """The pages that a source has first pointed at since then."""
        with self._session() as session:
            return visits.load_pointed_at(session, source, since)

    def find_listed_at(self, source: str, url: str) -> datetime | None:
        """When a source with that address was last listed with success."""
        with self._session() as session:
            return visits.find_listed_at(session, source, url)

    def save_page(self, source: str, response: Response, attempt: Attempt) -> None:
        """Keep an answer; `response.archive` names its record, unless the host said 304 or the body is the old one."""
        self.save_visits([Visit(attempt, response)])

    def save_attempt(self, attempt: Attempt) -> None:
        """Keep an attempt that gave no page."""
        self.save_visits([Visit(attempt)])

    def save_visits(self, done: Sequence[Visit]) -> None:
        """Keep attempts and the pages that they gave, as `save_page` does."""
        with self._writing() as session:
            visits.save_visits(session, done)

    def save_sightings(self, source: str, candidates: Iterable[Candidate], at: datetime | None = None) -> None:
        """Keep what a source says of the pages that it points at; what it said before is replaced."""
        said = {item.url: item for item in candidates}
        with self._writing() as session:
            for urls in batches(said):
                known = session.exec(
                    select(SightingRow).where(SightingRow.source == source, col(SightingRow.url).in_(urls))
                )
                rows = {row.url: row for row in known}
                for url in urls:
                    row = rows.get(url) or SightingRow(source=source, url=url)
                    convert.update_sighting_row(row, said[url], at)
                    session.add(row)

    def load_attempts(self) -> tuple[Attempt, ...]:
        """The last attempt at each address of each source."""
        last = select(func.max(AttemptRow.id)).group_by(col(AttemptRow.source), col(AttemptRow.url))
        with self._session() as session:
            rows = session.exec(
                select(AttemptRow)
                .where(col(AttemptRow.id).in_(last))
                .order_by(col(AttemptRow.source), col(AttemptRow.url))
            )
            return tuple(convert.attempt(row) for row in rows)

    def load_source_record(self, source: str, url: str, *, watches_page: bool = False) -> SourceRecord:
        """What the log tells of one source, newest first."""
        with self._session() as session:
            return history.source_record(session, source, url, watches_page=watches_page)

    def load_attempt_sums(self) -> tuple[AttemptSum, ...]:
        """The log in figures."""
        with self._session() as session:
            return history.attempt_sums(session)

    def load_requests(self, since: datetime) -> Iterator[str]:
        """The addresses that hosts were asked for since then, once for each request."""
        with self._session() as session:
            asked = select(AttemptRow.url).where(col(AttemptRow.at) >= since, col(AttemptRow.elapsed_ms).is_not(None))
            yield from session.exec(asked)

    def add_requests(self, counts: Mapping[tuple[date, str], int]) -> None:
        """Count requests by (day, host) on top of what is counted already."""
        with self._writing() as session:
            requests.add(session, counts)

    def load_request_counts(self, day: date) -> Mapping[str, int]:
        """How many requests are counted of that day, by host."""
        with self._session() as session:
            return requests.load(session, day)

    def load_totals(self) -> Mapping[str, int]:
        """How much of each kind the store holds."""
        with self._session() as session:
            return history.totals(session)

    # --- read ---

    def load_unread(self, reader: str, urls: Sequence[str] | None = None) -> Iterator[UnreadPage]:
        """Pages (with `urls`: of these) that some source points at and whose body this reader has not read, by
        address."""
        wanted = (
            select(PageRow, SightingRow)
            .join(SightingRow, col(SightingRow.url) == col(PageRow.url))
            .where((col(PageRow.read_by) != reader) | col(PageRow.read_by).is_(None))
            .order_by(col(PageRow.url), col(SightingRow.source))
        )
        with self._session() as session:
            rows = session.exec(wanted if urls is None else wanted.where(col(PageRow.url).in_(urls))).all()
        pages: dict[str, tuple[PageRow, list[tuple[str, Candidate]]]] = {}
        for page, sighting in rows:
            pages.setdefault(page.url, (page, []))[1].append((sighting.source, convert.candidate(sighting)))
        for page, sightings in pages.values():
            yield UnreadPage(convert.page_state(page), tuple(sightings))

    def save_reading(self, page: UnreadPage, reader: str, reading: Reading) -> Outcome:
        """Keep the words of a page as a version of its document."""
        return self.save_readings(reader, [(page, reading)])[0]

    def save_readings(self, reader: str, read: Sequence[tuple[UnreadPage, Reading]]) -> list[Outcome]:
        """Keep the words of pages as versions of their documents, in one transaction."""
        if not read:
            return []
        versions = [(convert.version_of_reading(page, reading), reading) for page, reading in read]
        with self._writing() as session:
            rows = visits.load_page_rows(session, [page.state.url for page, _ in read])
            done = save_versions(session, versions)
            for (page, _), (_, version) in zip(read, done, strict=True):
                _mark_read(rows[page.state.url], page, reader, None).version_id = version.id
            settle_due(session, "read", _read_now(rows.values(), reader))
        return [outcome for outcome, _ in done]

    def save_unreadable(self, page: UnreadPage, reader: str, why: str, *, is_lost: bool = False) -> None:
        """Keep that this reader can make nothing of the page; of a lost one, forget the body that we no longer have."""
        with self._writing() as session:
            row = _mark_read(session.get_one(PageRow, page.state.url), page, reader, why)
            if is_lost and row.archive_record_id == page.state.archive.record_id:
                row.etag = row.last_modified = None
                row.body_sha256 = ""
            settle_due(session, "read", _read_now([row], reader))

    def load_unreadable(self) -> tuple[tuple[str, str], ...]:
        """(address, why) of the pages that could not be read."""
        with self._session() as session:
            rows = session.exec(
                select(PageRow.url, PageRow.unreadable)
                .where(col(PageRow.unreadable).is_not(None))
                .order_by(col(PageRow.url))
            )
            return tuple((url, why or "") for url, why in rows)

    def save_ingested(self, document: Document, at: datetime) -> Outcome:
        """Keep a document that somebody handed in. Records with one address are versions of one document.

        Raises:
            UnreadableInput: the id is that of a document at another address.
        """
        version, reading = convert.version_of_document(document, at), convert.reading_of(document)
        with self._writing() as session:
            known = session.get(VersionRow, document.id)
            if known is not None:
                url = session.get_one(DocumentRow, known.document_id).url
                if url != reading.url:
                    raise UnreadableInput(f"the id {document.id!r} already belongs to the document at {url}")
            return save_versions(session, [(version, reading)])[0][0]

    # --- extract ---

    def load_unextracted(self, extractor: str, ids: Sequence[str] | None = None) -> Iterator[Document]:
        """Versions (with `ids`: of these) that this extractor has not seen, by id."""
        done = select(ExtractionRow.version_id).where(col(ExtractionRow.extractor) == extractor)
        if ids is not None:
            done = done.where(col(ExtractionRow.version_id).in_(ids))
        wanted = (
            select(VersionRow, DocumentRow)
            .join(DocumentRow, col(DocumentRow.id) == col(VersionRow.document_id))
            .where(col(VersionRow.id).not_in(done))
            .order_by(col(VersionRow.id))
        )
        with self._session() as session:
            rows = session.exec(wanted if ids is None else wanted.where(col(VersionRow.id).in_(ids))).all()
        for version, document in rows:
            yield convert.document_to_extract(version, document)

    def save_extractions(
        self, extractor: str, extractions: Iterable[Extraction], due: Mapping[str, int] | None = None
    ) -> None:
        """Keep extractions in place of what another extractor left; every span is checked against the stored text.

        Args:
            due: how often each had become due when its text was read; None: nobody else has changed it since.

        Raises:
            SpanMismatch: a span does not hold the words that it claims; nothing of the batch is kept.
        """
        with self._writing() as session:
            extracting.save_extractions(session, extractor, extractions, due)

    def load_documents(
        self, extractor: str | None = None, ids: Sequence[str] | None = None, *, on_matter: bool = False
    ) -> tuple[StoredDocument, ...]:
        """All documents (with `ids`: those of them) with the versions that this extractor (None: any) has seen, oldest
        first; by id. One of which it has seen none is left out; with `on_matter` so are those of which no version is on
        the matter or mentions it, and which have no claim."""
        with self._session() as session:
            if ids is None and not on_matter:
                return shelf.load_read(session, extractor, None)
            wanted = shelf.list_on_matter(session) if ids is None else ids
            found = [document for part in batches(wanted) for document in shelf.load_read(session, extractor, part)]
            return tuple(sorted(found, key=lambda document: document.id))

    # --- the archive's shelf ---

    def find_documents(self, name: str) -> tuple[StoredDocument, ...]:
        """The documents that an id, the beginning of one, a version's id or an address means, without extractions."""
        with self._session() as session:
            found = [session.get_one(DocumentRow, item) for item in shelf.find_documents(session, name)]
            return tuple(shelf.load_one(session, row) for row in found)

    def load_shelf(self, source: str | None = None) -> Iterator[StoredDocument]:
        """All documents (of a source) with their versions, without extractions, by id."""
        with self._session() as session:
            yield from shelf.load_shelf(session, source)

    def load_archived(self) -> Iterator[tuple[ArchiveRef, str, str | None]]:
        """(record, what points at it, SHA-256 of its body where known) of every version and page."""
        with self._session() as session:
            yield from shelf.load_archived(session)

    # --- full text ---

    def index_words(self, note: Note = lambda done, total: None) -> int:
        """Bring the full-text index up to date, or make it: how many versions it has yet to file, because nothing can
        be written just now."""
        return catch_up(self._engine, note)

    def find_words(self, question: Question, scope: Scope) -> Findings:
        """The versions that answer a question, as the index has them: `index_words` comes first.

        Raises:
            InputError: a part of a word stands for too many words.
        """
        with self._session() as session:
            return find(session.connection(), question, scope)

    # --- reconcile ---

    def load_reconciled(self) -> tuple[str, Reconciled]:
        """The last result with the key of what it was made from."""
        with self._session() as session:
            key = session.get(MarkRow, _RECONCILED_FROM)
            return key.value if key else "", convert.reconciled(
                session.exec(select(EventRow.payload).order_by(col(EventRow.from_on), col(EventRow.id))).all(),
                session.exec(select(ClaimRow.payload).order_by(col(ClaimRow.id))).all(),
                session.exec(select(EntityRow.payload).order_by(col(EntityRow.id))).all(),
                session.exec(select(RedirectRow.old, RedirectRow.new).order_by(col(RedirectRow.old))).all(),
                session.exec(select(DisputeRow.payload).order_by(col(DisputeRow.id))).all(),
                session.exec(select(RevisionRow.payload)).all(),
            )

    def save_reconciled(self, key: str, reconciled: Reconciled) -> None:
        """Put a whole result in the place of the last one, without what leads to the next."""
        with self._writing() as session:
            reconciling.wipe(session)
            session.add_all(convert.reconciled_rows(reconciled))
            session.merge(MarkRow(name=_RECONCILED_FROM, value=key))

    def load_digests(self) -> Digests:
        """What all that is published is, in short."""
        with self._session() as session:
            return digests.load_digests(session)

    def load_reconciled_key(self) -> str:
        """The key of the last result; empty before the first."""
        with self._session() as session:
            row = session.get(MarkRow, _RECONCILED_FROM)
            return row.value if row else ""

    def load_pending(self) -> Mapping[str, int]:
        """The documents that came or changed since they were last reconciled, each with how often."""
        with self._session() as session:
            return reconciling.load_pending(session)

    @contextmanager
    def remembering(self, load_documents: LoadDocuments) -> Iterator[SqlMemory]:
        """The last result as the reconciler asks for it; `load_documents` gives documents as they are reconciled."""
        with self._session() as session:
            yield SqlMemory(session, load_documents)

    def load_ready(self, extractor: str) -> Mapping[str, int]:
        """Those of the pending documents of which this extractor has seen something."""
        with self._session() as session:
            return reconciling.load_ready(session, extractor)

    def begin_reconciling(self) -> int:
        """Whoever has begun earlier may write no more: a token for `save_change`. A file has one run at a time."""
        if self._engine.dialect.name != "postgresql":
            return 0
        with self._writing() as session:
            return fencing.begin(session, _RECONCILING)

    def save_change(
        self,
        key: str,
        change: Change,
        pending: Mapping[str, int],
        *,
        is_whole: bool = False,
        token: int = 0,
    ) -> None:
        """Write what a run changed, and that these documents are pending no more; with `is_whole` it is everything.

        Raises:
            StoreLocked: another run has begun to reconcile since `begin_reconciling` gave this token.
        """
        with self._writing() as session:
            if token:
                fencing.check(session, _RECONCILING, token)
            if is_whole:
                reconciling.wipe(session)
            reconciling.save_change(session, change)
            reconciling.settle_pending(session, pending)
            session.merge(MarkRow(name=_RECONCILED_FROM, value=key))
            note_unpublished(session)

    # --- the jobs of workers ---

    @cached_property
    def work(self) -> WorkList:
        """What workers ask; only on PostgreSQL."""
        return WorkList(self._engine, self._settle_s)

    # --- marks ---

    def load_marks(self) -> Mapping[str, str]:
        """All marks by name."""
        with self._session() as session:
            return {row.name: row.value for row in session.exec(select(MarkRow))}

    def save_mark(self, name: str, value: str) -> None:
        """Set one mark."""
        with self._writing() as session:
            session.merge(MarkRow(name=name, value=value))


def _mark_read(row: PageRow, page: UnreadPage, reader: str, why: str | None) -> PageRow:
    if row.archive_record_id == page.state.archive.record_id:  # else another body has come, and waits to be read
        row.read_by, row.unreadable = reader, why
    return row


def _read_now(rows: Iterable[PageRow], reader: str) -> list[str]:
    """The pages that need not be read any more; of another another body has come meanwhile."""
    return [row.url for row in rows if row.read_by == reader]
