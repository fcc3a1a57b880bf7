"""Whose word a claim is: the chain of speakers, and how many sources independent of each other say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.types.words import ClaimType

ChainRole = Literal["outlet", "relay", "document", "spokesperson", "claimant"]
SourceBasis = Literal["original", "copies", "one_publisher", "relays", "alone"]


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link between the reader and the original speaker. `entity_id` is None where only the words name it."""

    role: ChainRole
    entity_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class SpeakerChain:
    """From the outlet whose page it is to who said it first: outlet <- document or spokesperson <- claimant."""

    claim_id: str
    steps: tuple[ChainStep, ...]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Documents that count once, since what they say comes from one place."""

    documents: tuple[str, ...]
    origin: str
    """The document or the entity that it comes from."""
    basis: SourceBasis
    why: str
    """A sentence that says what shows it."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What several claims of an event say alike: same type, speaker, accused, figures that agree.

    A claim that gives two figures says three things: the charge and each of the figures. So it may be in several.
    """

    id: str
    """Unique within its event."""
    type: ClaimType
    speaker: str | None
    """Whose word it is in the end: of claims by several related speakers, that of the nearest to the origin."""
    accused: tuple[str, ...]
    claim_ids: tuple[str, ...]
    """Nearest to the original speaker first."""
    document_ids: tuple[str, ...]
    """Those whose pages still say it."""
    sources: tuple[SourceGroup, ...]
    """Each counts as one independent source; together they hold every document once."""
    figures: tuple[int, ...] = ()
    """The values that agree, as indices into `Event.figures`; none where it is about the charge or act itself."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a title or summary, with the claims that it is made from; none for the words between."""

    text: str
    claim_ids: tuple[str, ...] = ()
