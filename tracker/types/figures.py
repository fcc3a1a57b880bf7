"""How much: every reported value of an event, and how the values stand to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.types.words import Qualifier, QuantityKind

FigureStanding = Literal["here", "elsewhere", "nowhere"]
ConflictReason = Literal["different_number", "qualifier_lost", "parts_do_not_sum", "scope_differs"]


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
    version_id: str = ""
    start: int = 0
    """Where the words of the figure stand in that version's text; `end` is exclusive."""
    end: int = 0
    is_nearest: bool = False
    """Whether no other figure of its group stands nearer to its original speaker."""
    is_doubtful: bool = False
    """Whether it can hardly be right; a flag of the event says why. No title, summary or timeline row shows it."""
    standing: FigureStanding | None = None
    """Where the value is still said: by its own page, in whatever words beside it; by another page of the event; or by
    none of them. None where that was not looked up: then its claim tells."""

    @property
    def value(self) -> tuple[object, ...]:
        """What makes two figures the same value: kind, number, qualifier and unit."""
        return self.kind, self.low, self.high, self.qualifier, self.unit


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Values that may all stand for one number, of one kind and scope. Figures are indices into `Event.figures`."""

    kind: QuantityKind
    unit: str | None
    scope: tuple[str, ...]
    """The accused whom the values are about; empty where the documents tie them to nobody."""
    figures: tuple[int, ...]
    low: float | None
    high: float | None
    """What all of the values allow: the overlap of their intervals; None is open."""
    nearest: int
    """The figure that stands nearest to its original speaker."""


@dataclass(frozen=True, slots=True)
class FigureConflict:
    """Two values that cannot both be right as they are written, or of which one has lost what the other says.

    For `parts_do_not_sum` they are the total and the largest of its parts.
    """

    one: int
    other: int
    reason: ConflictReason
    why: str
    """A sentence made of the values' own words."""
    ones: tuple[int, ...] = ()
    """Every figure that gives the value of `one`, that one first; `others` likewise."""
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureSum:
    """A total beside its parts: 150,000 + 3.4 million + 13 million against "over 16 million"."""

    total: int
    parts: tuple[int, ...]
    low: float | None
    high: float | None
    """What the parts add up to."""
    agrees: bool
