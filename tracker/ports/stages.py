"""What collecting, reading, extracting, reconciling and publishing need: their store, archive, client and clock."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from tracker.types import (
    ArchiveRef,
    Candidate,
    Digests,
    Document,
    Extraction,
    Outcome,
    PageContent,
    PublisherType,
    Reconciled,
    Response,
    StoredDocument,
    Validators,
)


class Clock(Protocol):
    """The one source of the present."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC, without microseconds."""
        ...


class Fetcher(Protocol):
    """A polite client: robots.txt, pace, limits and redirects are its business."""

    async def fetch(
        self, url: str, validators: Validators | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Get one address.

        `headers` (such as those that carry a key) go to the origin of `url` and to no other: a redirect elsewhere
        is followed without them. They are neither logged nor archived.
        With validators the request is conditional and the response may be `not_modified` (an empty body).
        The body is whole and within the configured limits. A response with an error status never comes back as a
        value: it raises.

        Raises:
            Refused: robots.txt, 401, 403, 451, a challenge page, a spent daily budget, or an address that we do not
                connect to.
            FetchFailed: no answer in time, another error status, a limit exceeded, too many redirects, or a host
                that wants no request yet.
        """
        ...

    def holds(self) -> Mapping[str, datetime]:
        """Until when each host that has asked for it is to be left alone."""
        ...


@dataclass(frozen=True, slots=True)
class HostRecord:
    """What earlier runs know of a host."""

    asked_today: int = 0
    """Requests since midnight (UTC)."""
    held_until: datetime | None = None
    """Before that the host wants no request (its Retry-After)."""


class Ask(Protocol):
    """How a source adapter gets an address. On a 304, `body` is the archived body and `not_modified` is True."""

    async def __call__(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Get one address; `headers` as in `Fetcher.fetch`.

        Raises:
            FetchError: as `Fetcher.fetch`. With headers, 401 and 403 are FetchFailed of reason `key_refused`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Original:
    """The archived answer whose body a later answer repeats."""

    archive: ArchiveRef
    url: str
    fetched_at: datetime


class Archive(Protocol):
    """The WARC archive of what was fetched."""

    def append(self, response: Response, original: Original | None = None) -> ArchiveRef:
        """Write one response and flush it to disk; on return the record survives a crash.

        A 304, or a body that is that of `original`, is kept as a revisit of it, without the body.
        """
        ...

    def append_all(self, items: Sequence[tuple[Response, Original | None]]) -> list[ArchiveRef]:
        """Write several responses as `append` does, with one flush to disk for all of them."""
        ...

    def holds(self, ref: ArchiveRef) -> bool:
        """Whether the file that the record lies in is still there."""
        ...

    def load_body(self, ref: ArchiveRef) -> bytes:
        """The archived body, as `Response.body` was."""
        ...


class Extractor(Protocol):
    """Text to values."""

    @property
    def name(self) -> str:
        """Which extractor this is, with its version and that of its data: the key under which results are kept."""
        ...

    def extract(self, document: Document) -> Extraction: ...

    def extract_all(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """Extractions in the order of the documents."""
        ...


@dataclass(frozen=True, slots=True)
class PageState:
    """What the store knows of an address."""

    url: str
    fetched_at: datetime
    """When its body was last received whole."""
    checked_at: datetime
    """When it was last asked for, with whatever answer."""
    validators: Validators
    body_sha256: str
    content_type: str | None
    final_url: str
    archive: ArchiveRef
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one address, kept on record whatever came of it."""

    source: str
    url: str
    at: datetime
    outcome: Outcome
    status: int | None
    why: str | None
    is_listing: bool
    items: int | None = None
    """How many candidates a listing gave. A row with `items` stands for the listing as a whole, which may have taken
    several requests (each on record by itself)."""
    bytes: int | None = None
    """Of the body, decoded."""
    elapsed_ms: int | None = None
    """How long the host was asked; None where it was not asked (robots, budget, a row for a listing as a whole)."""
    reason: str | None = None
    """`FetchError.reason` of an attempt that gave nothing."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What the log tells of one source, newest first and no longer than its reader needs."""

    askings: tuple[Attempt, ...] = ()
    """How asking it what it points at ended: one a run, with `items` where it answered."""
    news_at: tuple[datetime, ...] = ()
    """When it pointed at pages that we had not seen, each instant once. The first of all is what it began with."""
    pages: tuple[Attempt, ...] = ()
    """The last attempts at its newest pages, each page once."""
    unreadable: tuple[str, ...] = ()
    """Which of these pages came, but could not be read."""
    missing: int = 0
    """Of all pages that it ever pointed at: how many were never had, whether they are still asked for or not."""


@dataclass(frozen=True, slots=True)
class AttemptSum:
    """Attempts of one source that ended alike, summed over the whole log."""

    source: str
    outcome: str
    reason: str
    """Empty on success."""
    attempts: int
    bytes: int
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One try with what came of it, as it is kept: first in the archive, then in the store."""

    attempt: Attempt
    response: Response | None = None
    """What is archived: a page, or the beginning of an error's page; None where nothing came."""
    original: Original | None = None
    """Where `response` repeats a body that is in the archive."""
    before: tuple[Response, ...] = ()
    """Answers that came on the way, archived as well (`Response.before`)."""

    @property
    def is_page(self) -> bool:
        """Whether a page was had, new or not."""
        return self.attempt.outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Failures:
    """The tries at an address that have failed since it was last had."""

    count: int
    last_at: datetime
    outcome: Outcome
    status: int | None
    reason: str | None
    """Of the last of them, all three."""


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A fetched body that the current reader has not yet read."""

    state: PageState
    sightings: tuple[tuple[str, Candidate], ...]
    """(source, what it says of the page), by source name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page, with whose page it is."""

    url: str
    """The canonical address."""
    source: str
    publisher: str
    publisher_type: PublisherType
    title: str
    published: date | None
    language: str
    content: PageContent


class Store(Protocol):
    """The working database. Each `save_` is one transaction: it happens whole or not at all."""

    def find_page(self, url: str) -> PageState | None: ...

    def load_pages(self, urls: Sequence[str]) -> Mapping[str, PageState]:
        """What is known of those addresses that were had before."""
        ...

    def load_failures(self, source: str, urls: Sequence[str]) -> Mapping[str, Failures]:
        """The failures of a source's pages that no success has followed, by address."""
        ...

    def load_pointed_at(self, source: str, since: datetime) -> tuple[Candidate, ...]:
        """The pages that a source has first pointed at since then."""
        ...

    def find_listed_at(self, source: str, url: str) -> datetime | None:
        """When a source with that address was last listed with success."""
        ...

    def save_page(self, source: str, response: Response, attempt: Attempt) -> None:
        """Keep a response that was archived, with the attempt that got it."""
        ...

    def save_visits(self, visits: Sequence[Visit]) -> None:
        """Keep attempts, and the pages that they gave; each page that has a body of its own was archived."""
        ...

    def save_attempt(self, attempt: Attempt) -> None: ...

    def save_sightings(self, source: str, candidates: Iterable[Candidate], at: datetime | None = None) -> None:
        """Record that a source points at these pages (again), at that instant."""
        ...

    def load_unread(self, reader: str, urls: Sequence[str] | None = None) -> Iterator[UnreadPage]: ...

    def save_reading(self, page: UnreadPage, reader: str, reading: Reading) -> Outcome:
        """Keep what was read of a page as a version of its document: NEW, CHANGED or UNCHANGED words."""
        ...

    def save_readings(self, reader: str, read: Sequence[tuple[UnreadPage, Reading]]) -> list[Outcome]:
        """Keep what was read of several pages, as `save_reading` does one after the other; the outcome of each."""
        ...

    def save_unreadable(self, page: UnreadPage, reader: str, why: str, *, is_lost: bool = False) -> None:
        """Keep that this reader can make nothing of the page, so that it is not tried again.

        One whose archived body `is_lost` is asked for without a condition next time, and whatever comes is kept.
        """
        ...

    def save_ingested(self, document: Document, at: datetime) -> Outcome:
        """Keep a document that somebody handed in: NEW, CHANGED (another version) or UNCHANGED."""
        ...

    def load_unextracted(self, extractor: str, ids: Sequence[str] | None = None) -> Iterator[Document]:
        """Versions (with `ids`: of these) without an extraction by this one; the document has the version's id."""
        ...

    def save_extractions(
        self, extractor: str, extractions: Iterable[Extraction], due: Mapping[str, int] | None = None
    ) -> None:
        """Keep extractions; each span is checked against the stored text.

        `due` says how often each had become due when its text was read: one that has become so again stays due.

        Raises:
            SpanMismatch: a span does not hold the words it claims.
        """
        ...

    def load_documents(
        self, extractor: str | None = None, ids: Sequence[str] | None = None, *, on_matter: bool = False
    ) -> tuple[StoredDocument, ...]:
        """All documents (with `ids`: those of them) with the versions that this extractor (None: any) has seen and what
        was extracted from them, by id. One of which none was seen is left out; with `on_matter` so is one of which no
        version is on the matter or mentions it, and which has no claim."""
        ...

    def load_reconciled(self) -> tuple[str, Reconciled]:
        """(key of the input it was made from, result); ("", empty) before the first."""
        ...

    def load_digests(self) -> Digests:
        """What the documents, claims, events, entities and disputes are, in short."""
        ...

    def save_reconciled(self, key: str, reconciled: Reconciled) -> None: ...

    def load_attempts(self) -> tuple[Attempt, ...]:
        """The last attempt at each address of each source, by source and address."""
        ...

    def load_source_record(self, source: str, url: str, *, watches_page: bool = False) -> SourceRecord:
        """The record of one source at its present address; of a watched page the news are its own new words."""
        ...

    def load_attempt_sums(self) -> tuple[AttemptSum, ...]:
        """The log in figures, by source, outcome and reason."""
        ...

    def load_requests(self, since: datetime) -> Iterable[str]:
        """The addresses that hosts were asked for since then, once for each request on record."""
        ...

    def add_requests(self, counts: Mapping[tuple[date, str], int]) -> None:
        """Count requests by (day in UTC, host) on top of what is counted already; earlier days are forgotten."""
        ...

    def load_request_counts(self, day: date) -> Mapping[str, int]:
        """How many requests are counted of that day, by host."""
        ...

    def load_totals(self) -> Mapping[str, int]:
        """How many documents, versions, events, claims and sources' pages the store holds."""
        ...

    def load_unreadable(self) -> tuple[tuple[str, str], ...]:
        """(address, why) of the pages that could not be read."""
        ...

    def load_marks(self) -> Mapping[str, str]:
        """Small facts about the run that must survive a crash, by name."""
        ...

    def save_mark(self, name: str, value: str) -> None: ...


class SiteFiles(Mapping[str, bytes]):
    """The files of a site that is being made, before it takes the place of the one that stands."""

    @abstractmethod
    def put(self, path: str, body: bytes) -> bool:
        """Take a file, in whichever process; True if it differs from what stands. It counts once it is added."""

    @abstractmethod
    def add(self, put: Mapping[str, bool]) -> None:
        """These were put, here or in another process; of each what `put` gave."""

    @abstractmethod
    def drop(self, path: str) -> None:
        """The site is not to have this file after all."""


class SiteWriter(Protocol):
    """Puts a rendered site on disk."""

    def begin(self, out: Path) -> AbstractContextManager[SiteFiles]:
        """A place for the files of a new site, to be handed to `write`; what is not written is gone at the end."""
        ...

    def look(self, out: Path, paths: Collection[str] | None = None) -> Mapping[str, tuple[int, int]]:
        """(size, modification time in ns) of each file of the site as it stands, or of those of some paths."""
        ...

    def read(self, out: Path, path: str) -> bytes | None:
        """A file of the site as it stands; None where there is none."""
        ...

    def load_record(self, out: Path) -> bytes | None:
        """What the last build left for the next; None where it left nothing."""
        ...

    def save_record(self, out: Path, record: bytes) -> None:
        """Keep something for the next build, beside the site."""
        ...

    def write(self, pages: Mapping[str, bytes], out: Path, kept: frozenset[str] = frozenset()) -> tuple[int, int, int]:
        """Write what changed, all or nothing, and keep the files `kept`: (written, unchanged, removed) files."""
        ...


class RunLock(Protocol):
    """One run at a time in a data folder."""

    def hold(self) -> AbstractContextManager[None]:
        """Raises: StoreLocked."""
        ...
