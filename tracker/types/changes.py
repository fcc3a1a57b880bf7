"""What changed from one published edition to the next, as subscribers are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from tracker.types.words import ClaimType

ChangeKind = Literal[
    "event", "claim", "sources", "figure", "conflict", "status", "answer", "corrected", "vanished", "stage", "withdrawn"
]
"""`event`: one that was not known. `claim`: something said that no source of a known event had said. `sources`: more
independent sources say what was said. `figure`: a value that a known event did not have, or that is another now.
`conflict`: values that cannot both be right. `status`: a dispute stands otherwise. `answer`: a party answered.
`corrected`: a page says otherwise what it said. `vanished`: a page, or every source, says it no more. `stage`: of a law
or bill. `withdrawn`: people took it back here."""
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that an edition says, as it is kept to be compared with the next."""

    key: str
    """What it is, over all editions: "event:ID" (with all that its claims say), "dispute:ID", "stage:LAW/EVENT",
    "revision:DOCUMENT/...", "withdrawn:KIND/ID", "redirect:ID", "party:ID"."""
    digest: int
    """Of the whole value: equal digests, no change. Another one need not be a change that anybody is told of."""
    value: dict[str, Any]
    """What the next comparison needs of it, as JSON."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that show a change, where they stand and whose they are."""

    claim_id: str
    quote: str
    language: str
    speaker_name: str
    """"" where the page names nobody."""
    on_behalf_of_name: str
    accused_as: str
    """The page's own words for the accused where these say less than the name."""
    publisher: str
    document_title: str
    published_on: date | None
    link: str
    """The page at these words; "" for what has no address."""
    page: str
    """The permalink on our site: from the site's top, or whole where the site has an address."""
    version_sha256: str
    """Of the text that the quote was read from."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than in the edition before."""

    kind: ChangeKind
    key: str
    """Of what changed: that of a `Fact`, or of a part of an event: "assertion:EVENT/...", "figure:EVENT/...",
    "conflict:EVENT/...", "answer:EVENT/...". The same thing has the same key whenever it changes again."""
    title: str
    """What changed in one sentence, made from the data."""
    page: str
    """Where our site shows it: as in `Evidence.page`."""
    event_id: str | None
    event_title: str
    event_type: ClaimType | None
    dispute_ids: tuple[str, ...]
    entities: tuple[str, ...]
    """The parties, as the claims name them."""
    families: tuple[str, ...]
    """The parties and all that they belong to: who watches one of these with its children is told."""
    jurisdictions: tuple[str, ...]
    happened_on: date | None
    independent_sources: int
    sources_before: int
    """How many it had when it was last looked at; 0 for what is new."""
    before: str
    """In words, as the source says it ("about 24,000 accounts"); "" for what is new."""
    after: str
    """"" for what is gone."""
    evidence: tuple[Evidence, ...]
    """The nearest to the original speaker first."""
    evidence_before: tuple[Evidence, ...] = ()
    """The words that stood before, of a correction."""
    corrects: tuple[str, ...] = ()
    """Keys of facts that say otherwise now: who was told one of them is told this, whatever they watch."""
    seq: int = 0
    """Its place in the log of all changes; 0 before it is kept."""
    edition: str = ""
    """SHA-256 of the published database that has it."""
    seen_at: datetime | None = None
