"""The domain: frozen values that every room speaks in. No input or output, no library but the standard one.

Offsets count Unicode code points of a version's `text`, end exclusive (the W3C Web Annotation
`TextPositionSelector`). Instants end in `_at` and are aware UTC; days end in `_on`. Entities are named by their
canonical id; what the fields of an extraction mean is defined in docs/annotation-guide.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, get_args

PublisherType = Literal["news", "government", "company", "blog", "think_tank", "court"]
EntityType = Literal["company", "model", "person", "government", "law", "place", "publisher", "organisation"]
QuantityKind = Literal[
    "accounts", "exchanges", "money", "percent", "duration", "users", "companies", "people", "tokens", "other"
]
Qualifier = Literal["exact", "about", "over", "under", "range", "vague"]
ClaimType = Literal[
    "allegation", "admission", "denial", "no_response", "legislation",
    "government_action", "legal_action", "company_action", "statement",
]  # fmt: skip
ClaimStatus = Literal["alleged", "asserted", "denied"]
Relevance = Literal["relevant", "background", "irrelevant"]
DateBasis = Literal["stated", "relative", "publication"]
DocumentKind = Literal["article", "statement", "letter", "memo", "bill", "filing", "press_release", "report"]
HealthState = Literal["fine", "empty", "silent", "refused", "unreachable", "layout_changed", "skipped", "new"]

PUBLISHER_TYPES: tuple[PublisherType, ...] = get_args(PublisherType)
CLAIM_TYPES: tuple[ClaimType, ...] = get_args(ClaimType)
QUANTITY_KINDS: tuple[QuantityKind, ...] = get_args(QuantityKind)
ENTITY_TYPES: tuple[EntityType, ...] = get_args(EntityType)
HEALTH_STATES: tuple[HealthState, ...] = get_args(HealthState)
TROUBLED_STATES: frozenset[HealthState] = frozenset({"empty", "silent", "refused", "unreachable", "layout_changed"})
"""The states that somebody should look into; `new` and `skipped` are none of them."""
ACCUSING_TYPES: frozenset[ClaimType] = frozenset({"allegation", "admission", "denial", "no_response"})
"""The claim types that have an accused party."""


# --- what is collected -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that a source points at, with what the source itself says of it. Nothing here is verified."""

    url: str
    title: str | None = None
    published: str | None = None
    """As written by the source: a feed's RFC 822 or ISO 8601 text, a listing's words. Never filled in by us."""
    publisher: str | None = None
    """Whose page the source says it is, where it points at pages of others (discovery); often a bare host name."""
    language: str | None = None
    """As the source names it: a BCP 47 tag or an English name ("Chinese")."""
    is_watched: bool = False
    """Asked for each time its source is, however long ago it was first seen: it tells what goes on by its changes."""


class Outcome(StrEnum):
    """How an attempt to fetch one address ended."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Nothing was asked: the source's key is not in the environment."""


@dataclass(frozen=True, slots=True)
class ArchiveRef:
    """Where in the WARC archive a response lies (WARC 1.1, ISO 28500)."""

    file: str
    offset: int
    record_id: str


@dataclass(frozen=True, slots=True)
class Response:
    """What one exchange with a host gave. `body` is decoded of transfer and content encodings, not of charset."""

    url: str
    """The address asked for."""
    final_url: str
    """The address that answered, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    not_modified: bool = False
    archive: ArchiveRef | None = None
    elapsed_ms: int | None = None
    """How long the host was asked, redirects included and waiting for our turn left out; None if not measured."""
    sent: tuple[tuple[str, str], ...] | None = None
    """The headers of the request that was answered; None where they carried a key, or are not known."""
    truncated: bool = False
    """Whether `body` is only the beginning, as it is of an error's page."""
    before: tuple[Response, ...] = ()
    """What else came on the way to this answer: robots.txt, redirects, answers that asked for patience."""
    provenance: tuple[tuple[str, str], ...] = ()
    """Where an answer that others had fetched was taken from, as named fields of its archive record."""

    def header(self, name: str) -> str | None:
        """The first header of that name, compared without case (RFC 9110, section 5.1)."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back (RFC 9110, section 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """What reading the bytes of a page gives: everything that the page itself says, None where it is silent."""

    text: str
    title: str | None = None
    published: date | None = None
    language: str | None = None
    canonical_url: str | None = None
    byline: str | None = None
    kind: DocumentKind = "article"
    page_starts: tuple[int, ...] = ()
    """For a PDF: the offset in `text` at which each page begins."""
    dateline: str | None = None
    """The words before the dash that opens a report: "WASHINGTON, June 10 (Wire)". They stay in `text` as well."""
    syndicated_from: str | None = None
    """Where the page says that it was first published: a publisher's name in its words, or a host name."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text to extract from: the unit of `tracker ingest` and `tracker extract`."""

    id: str
    text: str
    url: str = ""
    publisher: str = ""
    publisher_type: PublisherType = "news"
    published: date | None = None
    language: str = "en"
    title: str = ""
    kind: DocumentKind = "article"


# --- what is extracted -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical entity: a row of the gazetteer, or a name that only a document gave (`known` is False)."""

    id: str
    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    wikidata: str | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of an entity by name."""

    start: int
    end: int
    text: str
    entity_id: str
    name: str
    """The entity's canonical name."""
    type: EntityType


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that counts or measures something. Durations are in days, percent as the number (25)."""

    start: int
    end: int
    text: str
    kind: QuantityKind
    low: float | None
    high: float | None
    qualifier: Qualifier
    unit: str | None = None
    """For money: the ISO 4217 code."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """An expression that names a time on the calendar, resolved to the inclusive interval from_on..to_on."""

    start: int
    end: int
    text: str
    from_on: date
    to_on: date
    basis: DateBasis = "stated"


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's act or word on the matter, as one document reports it."""

    type: ClaimType
    start: int
    end: int
    text: str
    speaker: str | None
    accused: tuple[str, ...] = ()
    accused_as: str | None = None
    """The document's own words for who is accused, where they say less than the ids ("operators affiliated with")."""
    target: tuple[str, ...] = ()
    quantities: tuple[int, ...] = ()
    """Indices into the extraction's `quantities`."""
    dates: tuple[int, ...] = ()
    """Indices into the extraction's `dates`."""
    via: tuple[str, ...] = ()
    status: ClaimStatus = "alleged"
    on_behalf_of: str | None = None
    """The organisation that a person speaks for (`for` in the exchange format)."""
    confidence: float | None = None
    """How sure the reading is, from 0 to 1 in hundredths; None where the extractor does not say."""
    features: tuple[str, ...] = ()
    """What the confidence was judged by, each by name."""

    def awaits_review(self, below: float) -> bool:
        """Whether it is less sure than what is published; a claim without a confidence never waits."""
        return self.confidence is not None and self.confidence < below


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read out of one document. Every span's `text` is the document's own `text[start:end]`."""

    document_id: str
    relevance: Relevance
    mentions: tuple[Mention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    claims: tuple[Claim, ...] = ()


# --- what is stored --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """One text that a page had. A page that changes its words gets another version; boilerplate does not."""

    id: str
    """The id that an ingested document came in with, or the document's id and the number ("doc-1a2b3c4d5e6f.2")."""
    document_id: str
    number: int
    """1 for the first version that we saw."""
    title: str
    text: str
    text_sha256: str
    published: date | None
    language: str
    kind: DocumentKind
    byline: str | None
    fetched_at: datetime
    last_seen_at: datetime
    archive: ArchiveRef | None = None
    page_starts: tuple[int, ...] = ()
    diff: str | None = None
    """What changed since the version before: a unified diff of sentences; None for a first version."""
    dateline: str | None = None
    syndicated_from: str | None = None
    signature: str | None = None
    """A short fingerprint of the text by which near-duplicates are found; None for what was kept without one."""
    fetched_url: str | None = None
    """The address that answered with this text, where that was another form of the document's (AMP, mobile)."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A page with all the versions that we saw, oldest first, and what was extracted from each."""

    id: str
    url: str
    publisher: str
    publisher_type: PublisherType
    source: str
    first_seen_at: datetime
    last_seen_at: datetime
    versions: tuple[Version, ...]
    extractions: tuple[Extraction, ...]
    """One for each version, in the same order."""

    @property
    def current(self) -> Version:
        """The newest version."""
        return self.versions[-1]


# --- what is reconciled ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim with its place: which words of which version of which document. Its id outlives re-runs."""

    id: str
    document_id: str
    version_id: str
    """The newest version that holds these words."""
    first_version_id: str
    """The oldest version that holds these words."""
    in_current_version: bool
    """False where the newest version of the page no longer says this."""
    claim: Claim
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported value of an event, beside whose word it is."""

    kind: QuantityKind
    low: float | None
    high: float | None
    qualifier: Qualifier
    unit: str | None
    text: str
    claim_id: str
    speaker: str | None
    accused: tuple[str, ...]
    document_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an accused party said to an allegation of an event; `claim_id` is None where no source has an answer."""

    party: str
    kind: Literal["denial", "admission", "no_response", "none_found"]
    claim_id: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened once in the world, on a date, with every claim that reports it."""

    id: str
    type: ClaimType
    title: str
    from_on: date
    to_on: date
    date_basis: DateBasis
    actors: tuple[str, ...]
    """Speakers first, then the accused, then the others; each once."""
    claim_ids: tuple[str, ...]
    """In the order of the chain: nearest to the original speaker first."""
    recalled_in: tuple[str, ...]
    """Claims of other documents that only recall this event as background."""
    document_ids: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The result of reconciling: everything above single documents."""

    events: tuple[Event, ...] = ()
    claims: tuple[ClaimRecord, ...] = ()
    entities: tuple[Entity, ...] = ()
    """Those that a claim, an event or a mention in a relevant document names, with their parents."""
    redirects: tuple[tuple[str, str], ...] = ()
    """(old event id, the event that it was merged into)."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does, judged from what is on record of it (`tracker.health`)."""

    state: HealthState
    since: datetime | None = None
    """The first attempt that showed this state; for `silent`, the last news. None where it was always so."""
    why: str = ""
    """What was seen; empty for `fine` and `new`."""
    advice: str = ""
    """What somebody can do about it; empty where there is nothing to do."""
    last_success_at: datetime | None = None
    """When it last told what it points at."""
    last_error_at: datetime | None = None
    last_error: str | None = None
    last_news_at: datetime | None = None
    """When it last pointed at something that we had not seen."""
    missing: int = 0
    """Pages that it has pointed at and that were never had, also those that are no longer asked for."""

    @property
    def is_troubled(self) -> bool:
        """Whether somebody should look into it."""
        return self.state in TROUBLED_STATES


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source with its record, as the sources page shows it."""

    name: str
    kind: str
    url: str
    publisher: str
    publisher_type: PublisherType
    language: str
    enabled: bool
    documents: int = 0
    relevant: int = 0
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_error: str | None = None
    refused: tuple[tuple[str, str], ...] = ()
    """(address, why) of pages that were refused at the last attempt."""
    failed: tuple[tuple[str, str], ...] = ()
    health: Health = field(default_factory=lambda: Health("new"))


CopyBasis = Literal["named", "earliest"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A document that prints another's text, and how alike the two are: from 0 to 1 of their runs of words."""

    document_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Documents that are one text: as sources they count once."""

    original: str
    """The document that had it first."""
    copies: tuple[Copy, ...]
    """The others, earliest first; at least one."""
    basis: CopyBasis
    """Why that is taken for the original: the texts name its publisher, or it is the earliest."""
    origin: str | None = None
    """The publisher that the texts name as theirs, where none of its documents is held: `original` is then just the
    earliest copy."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is published: the site, the exports and the digests are made from this one value."""

    documents: tuple[StoredDocument, ...] = ()
    reconciled: Reconciled = field(default_factory=Reconciled)
    sources: tuple[SourceStatus, ...] = ()
    awaiting_review: tuple[ClaimRecord, ...] = ()
    """Claims that are too unsure to be published, by document and place; they are part of no event."""
    copies: tuple[CopyGroup, ...] = ()
    """Documents that are one text, by the id of the original."""


# --- what a run tells ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """One address or line that gave nothing, and why."""

    where: str
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What collecting one source gave. `failure` is set where the source itself could not be read."""

    source: str
    fetched: int = 0
    """Requests that a host answered, the source's own feed or listing among them."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    problems: tuple[Problem, ...] = ()
    failure: str | None = None
    skipped: str | None = None
    """Why nothing was asked of the source: its key is not in the environment. This is no failure."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a stage did: how many it was given, did, skipped because nothing had changed, and could not do."""

    stage: str
    given: int = 0
    done: int = 0
    skipped: int = 0
    problems: tuple[Problem, ...] = ()
    removed: int = 0
    """Files of the last build that the new site does not have (publish)."""
