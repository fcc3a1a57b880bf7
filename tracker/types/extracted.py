"""What is extracted from one text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.types.words import (
    ClaimStatus,
    ClaimType,
    DateBasis,
    EntityType,
    Qualifier,
    QuantityKind,
    Relevance,
)


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
    country: str | None = None
    """Id of the place where it is at home; None where the gazetteer does not say (its parent's may hold then)."""


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
