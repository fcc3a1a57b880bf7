"""What is reconciled: claims with their place, answers, events, and the whole result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tracker.types.chains import Assertion, SourceGroup, SpeakerChain, TextPart
from tracker.types.disputes import Answer, Dispute
from tracker.types.extracted import Claim, DateMention, Entity, Quantity
from tracker.types.figures import Figure, FigureConflict, FigureGroup, FigureSum
from tracker.types.revisions import Revision
from tracker.types.words import ClaimType, DateBasis

FlagCode = Literal["implausible_figure", "implausible_date"]


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
    first_seen_at: datetime | None = None
    """When the tracker first had a version that holds these words; `last_seen_at` is when it last had one: None in a
    stored result as long as the words stand, the last look at the page in a `Dataset`."""
    last_seen_at: datetime | None = None
    edits: tuple[str, ...] = ()
    """The edits of people that were applied to it, by id (data/curation)."""
    published_on: date | None = None
    """The day on which these words were published: the page's own, or that of the update that put them in."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about an event that a reader should doubt, and the claim that it stands in."""

    code: FlagCode
    why: str
    claim_id: str | None = None


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
    title_parts: tuple[TextPart, ...] = ()
    """The title in parts, each with the claims that it is made from; joined they are `title`."""
    summary: tuple[TextPart, ...] = ()
    """What happened in sentences made of the claims, as parts like the title's."""
    figure_groups: tuple[FigureGroup, ...] = ()
    figure_conflicts: tuple[FigureConflict, ...] = ()
    figure_sums: tuple[FigureSum, ...] = ()
    chains: tuple[SpeakerChain, ...] = ()
    """One for each of `claim_ids`, in their order."""
    assertions: tuple[Assertion, ...] = ()
    sources: tuple[SourceGroup, ...] = ()
    """The event's documents by independence: each group is one source."""
    flags: tuple[Flag, ...] = ()
    edits: tuple[str, ...] = ()
    """The edits of people that were applied to it, by id."""
    vanished: tuple[str, ...] = ()
    """Those of its claims, recollections and answers whose words no page of its documents has any more."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The result of reconciling: everything above single documents."""

    events: tuple[Event, ...] = ()
    claims: tuple[ClaimRecord, ...] = ()
    entities: tuple[Entity, ...] = ()
    """Those that a claim, an event or a mention in a relevant document names, with their parents."""
    redirects: tuple[tuple[str, str], ...] = ()
    """(old event or dispute id, the one that it was merged into)."""
    disputes: tuple[Dispute, ...] = ()
    revisions: tuple[Revision, ...] = ()
    """By document and time."""
