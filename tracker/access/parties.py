"""Who is named and how they stand to each other, and the pages that were read, as rows of the documented views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entity:
    """Companies, models, people, public bodies, laws and places that claims and relevant documents name."""

    id: str
    """The entity's permanent id."""
    name: str
    """Its name."""
    type: str
    """company, model, person, government, law, place, publisher or organisation."""
    is_known: bool
    """False for a name that only documents gave: nobody has said yet what it is."""
    parent: str | None
    """Whom it belongs to: an owner, a maker, a larger body."""
    parent_name: str | None
    """Its name."""
    country: str | None
    """Where it is at home."""
    jurisdiction: str | None
    """ISO 3166-1 code of the country where it, or whom it belongs to, is at home; None where that is not known."""
    wikidata: str | None
    """Its item in Wikidata."""
    claim_count: int
    """Claims that it is a party of."""
    event_count: int
    """Events that such claims report, or in which it is an actor or answers."""
    mention_count: int
    """Rows in mentions."""
    page: str
    """Its page."""
    aliases: tuple[str, ...] = ()
    """Other names, in any language."""
    members: tuple[str, ...] = ()
    """Ids of what belongs to it, over any number of steps; without itself."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How entities stand to each other.

    What rests on claims is what these say, not what is so: example_claim has the words.
    """

    subject: str
    """Who."""
    subject_name: str | None
    """Its name."""
    relation: str
    """part_of, model_of, at_home_in, speaks_for (a claim has it speak on that party's behalf) or accuses (an allegation
    that concerns the object is its word, or is said on its behalf; by_name_count tells in how many it is by name)."""
    object: str
    """Whom."""
    object_name: str | None
    """Its name."""
    basis: str
    """register: the tracker's curated list of names; claims: the claims counted here."""
    claim_count: int
    """Claims that say so; 0 for the register's."""
    by_name_count: int
    """Of these, claims whose quote names the accused and keeps no distance from it ("affiliated with", "employees of");
    of the others it is not by name, or that is not known. said_as has such words where they were read. The quotes have
    the last word."""
    document_count: int
    """Documents of these claims."""
    said_as: tuple[str, ...]
    """The documents' own words for the accused, where they say less than its name."""
    first_published_on: date | None
    """The first day on which such words were published."""
    last_published_on: date | None
    """The last such day."""
    example_claim: str | None
    """The first of these claims by that day, of those that their pages still make if there are any."""
    quote: str | None
    """Its words."""
    link: str | None
    """The page at these words."""


@dataclass(frozen=True, slots=True)
class Document:
    """The pages that were read, without their texts: what is quoted is in claims, and the page is at url."""

    id: str
    """The document's permanent id."""
    url: str
    """The page; empty for what was handed in, or has no address on the web."""
    title: str
    """Its title in the newest version."""
    publisher: str
    """Whose page it is."""
    publisher_type: str
    """As in claims."""
    source: str
    """The source that pointed at it (sources.name)."""
    published_on: date | None
    """When it was published, as the page says; None where it does not."""
    language: str
    """Its language (BCP 47)."""
    kind: str
    """article, statement, letter, memo, bill, filing, press_release or report."""
    relevance: str
    """relevant, background or irrelevant."""
    byline: str | None
    """Who signs it."""
    dateline: str | None
    """The words before the dash that opens a report."""
    syndicated_from: str | None
    """Where the page says that it was first published."""
    copy_of: str | None
    """The document whose text it prints; None for an original."""
    copy_similarity: float | None
    """How alike the two are, from 0 to 1."""
    current_version: str
    """Its newest version."""
    version_count: int
    """Versions that the tracker saw."""
    claim_count: int
    """Claims of it in this file."""
    first_seen_at: datetime
    """When the tracker first had it."""
    last_seen_on: date
    """When it last looked."""
    updated_at: datetime
    """When its newest version came."""
    page: str
    """Its page on the site."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents come from, and how each source does."""

    name: str
    """The source's name in the configuration."""
    kind: str
    """What kind of source: a feed, a sitemap, a listing, an API."""
    url: str
    """What is asked."""
    publisher: str
    """Whose pages it points at."""
    publisher_type: str
    """As in claims."""
    language: str
    """Their language."""
    is_enabled: bool
    """Whether it is asked."""
    document_count: int
    """Documents that came from it."""
    relevant_count: int
    """Of these, documents on the matter."""
    refused_count: int
    """Pages that its host did not let us have at the last attempt."""
    failed_count: int
    """Pages that could not be had or read at the last attempt."""
    health: str
    """fine, empty, silent, refused, unreachable, layout_changed, skipped or new."""
    health_since: datetime | None
    """Since when; None where it was always so."""
    health_why: str
    """What was seen."""
    last_answered_on: date | None
    """When it last answered: silence is only silence with a date."""
    last_asked_on: date | None
    """When it was last asked."""
