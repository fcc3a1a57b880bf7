"""What number a written value allows, and when two written values may be one number (docs/figures.md has the rule)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite

from tracker.nearness import means_nearly
from tracker.types import Figure, Quantity

_MOST_ROUNDED = 0.1
""" "About" widens by a tenth of the number at most: nobody calls 24,000 "about 20,000"."""
_FEWEST_DIGITS = 2
"""A bare number of fewer digits is too coarse to be taken for the rounding of another."""
_NEXT_MAGNITUDE = 1000.0
"""From a plain magnitude word to the next one: "thousands" may be said of anything below a million."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that a value allows: an interval whose ends may be excluded."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def overlaps(self, other: Bounds) -> bool:
        """Whether a number exists that both allow."""
        return _begins_before_end(self, other) and _begins_before_end(other, self)

    def lies_within(self, low: float, below: float) -> bool:
        """Whether every number that it allows is at least `low` and less than `below`."""
        return self.low >= low and (self.high < below or (self.high == below and self.high_open))


def _begins_before_end(one: Bounds, other: Bounds) -> bool:
    return one.low < other.high or (one.low == other.high and not one.low_open and not other.high_open)


def number_of(figure: Quantity | Figure) -> float | None:
    """The number that is written, whatever its qualifier; None for vague words, a range, or no finite number."""
    if figure.qualifier in ("vague", "range"):
        return None
    number = figure.low if figure.low is not None else figure.high
    return number if number is not None and isfinite(number) else None


def says_near(figure: Quantity | Figure) -> bool:
    """Whether words for less say "a little less than" the number, and not only "at most"."""
    return figure.qualifier == "under" and means_nearly(figure.text)


def step_of(number: float) -> float:
    """The value of a number's last digit that is not zero: 1,000 for 24,000; 1 for 0."""
    return float(Decimal(1).scaleb(_exponent(number))) if number else 1.0


def digits_of(number: float) -> int:
    """How many digits a number has up to its last that is not zero: 2 for 24,000, 3 for 28.8 million."""
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


def _exponent(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def bounds_of(figure: Quantity | Figure) -> Bounds | None:
    """The numbers that a value allows by its qualifier and its digits; None where it gives no finite number."""
    if any(end is not None and not isfinite(end) for end in (figure.low, figure.high)):
        return None
    if figure.qualifier == "vague":
        return _bounds_of_vague(figure)
    if figure.qualifier == "range" and figure.low is not None and figure.high is not None:
        return Bounds(min(figure.low, figure.high), max(figure.low, figure.high))
    number = number_of(figure)
    if number is None:
        return None
    step = step_of(number)
    if figure.qualifier == "about":
        half = min(step / 2, abs(number) * _MOST_ROUNDED)
        return Bounds(number - half, number + half, high_open=True)
    if figure.qualifier == "over":
        return Bounds(number, number + step, low_open=True, high_open=True)
    if figure.qualifier == "under":
        least = number - step / 2 if says_near(figure) else min(0.0, number)
        return Bounds(least, number, low_open=least > 0, high_open=True)
    return Bounds(number, number)


def _bounds_of_vague(figure: Quantity | Figure) -> Bounds | None:
    """ "Tens of thousands" ends where "hundreds of thousands" begins; "thousands" where "millions" does."""
    if figure.low is None:
        return Bounds(0.0, figure.high) if figure.high is not None else None
    unit = figure.low / 2
    plain = unit >= _NEXT_MAGNITUDE and digits_of(unit) == 1 and _exponent(unit) % 3 == 0
    highest = figure.high if figure.high is not None else unit * (_NEXT_MAGNITUDE if plain else 10)
    return Bounds(figure.low, max(highest, figure.low), high_open=figure.high is None and highest > figure.low)


def may_be_one(one: Quantity | Figure, other: Quantity | Figure) -> bool:
    """Whether two values may stand for one number as they are written, leaving aside of what and of whom they are."""
    a, b = bounds_of(one), bounds_of(other)
    if a is None or b is None:
        return False
    return a.overlaps(b) or _rounds(one, b, other) or _rounds(other, a, one)


def _rounds(coarse: Quantity | Figure, fine: Bounds, finer: Quantity | Figure) -> bool:
    """Whether a bare number is the rounding of a value with more digits: "29 million" for 28.8 million."""
    number, detailed = number_of(coarse), number_of(finer)
    if number is None or detailed is None or coarse.qualifier != "exact":
        return False
    if not _FEWEST_DIGITS <= digits_of(number) < digits_of(detailed):
        return False
    half = step_of(number) / 2
    return fine.lies_within(number - half, number + half)


def loses_qualifier(one: Quantity | Figure, other: Quantity | Figure) -> bool:
    """Whether both write one number, but one says more or less than it and the other gives it bare."""
    kinds = {one.qualifier, other.qualifier}
    same = number_of(one) is not None and number_of(one) == number_of(other)
    return same and "exact" in kinds and bool(kinds & {"over", "under"})


def sum_of(parts: list[Bounds]) -> Bounds:
    """The numbers that the sum of values can be."""
    return Bounds(
        sum(part.low for part in parts),
        min(sum(part.high for part in parts), inf),
        any(part.low_open for part in parts),
        any(part.high_open for part in parts),
    )
