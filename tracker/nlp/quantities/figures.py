"""Figures while they are read: a quantity whose kind may still be open."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.types import Qualifier, QuantityKind


@dataclass(slots=True)
class Figure:
    """A figure over tokens[first:after]; `kind` is None while the noun that it stands for is unknown."""

    first: int
    after: int
    value: float
    qualifier: Qualifier
    kind: QuantityKind | None
    number_first: int
    number_after: int
    upper: float | None = None
    """The greater end of a range."""
    unit: str | None = None
    in_words: bool = False
    noun_known: bool = True
    factor: float = 1.0
    """What the unit multiplied the number by: 7 for weeks."""

    @property
    def low(self) -> float | None:
        """The lower bound, None where there is none."""
        return None if self.qualifier == "under" else self.value

    @property
    def high(self) -> float | None:
        """The upper bound, None where there is none."""
        if self.qualifier in ("over", "vague"):
            return None
        return self.upper if self.qualifier == "range" else self.value
