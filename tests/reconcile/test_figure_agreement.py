"""Which written values may be one number: the rule of docs/figures.md, by hand and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reconcile.bounds import bounds_of, digits_of, loses_qualifier, may_be_one, step_of
from tracker.types import Qualifier, Quantity

NUMBERS = st.integers(1, 999).flatmap(lambda digits: st.sampled_from([1, 10, 1000, 10**6]).map(lambda n: digits * n))
QUALIFIERS = st.sampled_from(["exact", "about", "over", "under", "range", "vague"])


def value(words: str) -> Quantity:
    """ "about 24000" and the like; "nearly" and "up to" are the two kinds of less."""
    lead, _, digits = words.rpartition(" ")
    number = float(digits.replace(",", ""))
    kinds: dict[str, Qualifier] = {
        "": "exact", "about": "about", "over": "over", "nearly": "under", "up to": "under", "at least twice": "vague",
    }  # fmt: skip
    qualifier = kinds[lead]
    low = None if qualifier == "under" else 2 * number if qualifier == "vague" else number
    high = number if qualifier in ("exact", "about", "under") else None
    return Quantity(0, 1, words, "accounts", low, high, qualifier)


def quantities() -> st.SearchStrategy[Quantity]:
    def build(number: int, wider: int, qualifier: Qualifier, near: bool) -> Quantity:
        low = None if qualifier == "under" else float(number)
        high = {"over": None, "vague": None, "range": float(number + wider)}.get(qualifier, float(number))
        return Quantity(0, 1, "nearly" if near else "up to", "accounts", low, high, qualifier)

    return st.builds(build, NUMBERS, st.integers(0, 10**6), QUALIFIERS, st.booleans())


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("over 24,000", "about 24,000", True),
        ("over 24,000", "at least twice 10,000", True),
        ("over 24,000", "25,000", False),
        ("over 24,000", "nearly 25,000", True),
        ("over 24,000", "24,212", True),
        ("over 24,000", "26,000", False),
        ("about 24,000", "24,000", True),
        ("about 25,000", "24,000", False),
        ("about 25,000", "about 24,000", False),
        ("about 25,000", "nearly 25,000", True),
        ("nearly 25,000", "about 24,000", False),
        ("nearly 25,000", "24,900", True),
        ("up to 25,000", "about 3,000", True),
        ("about 20,000", "24,000", False),
        ("at least twice 1,000", "24,000", True),
        ("at least twice 10,000", "300,000", False),
        ("at least twice 1,000,000", "over 16,000,000", True),
        ("at least twice 12", "about 24,000", False),
        ("29,000,000", "28,800,000", True),
        ("29,000,000", "over 28,800,000", True),
        ("28,000,000", "28,800,000", False),
        ("20,000", "24,000", False),
        ("16,000,000", "13,000,000", False),
    ],
)
def test_values_agree_where_a_number_is_both(one: str, other: str, agree: bool) -> None:
    assert may_be_one(value(one), value(other)) is agree
    assert may_be_one(value(other), value(one)) is agree


@pytest.mark.parametrize(
    ("one", "other", "lost"),
    [
        ("nearly 25,000", "25,000", True),
        ("over 24,000", "24,000", True),
        ("about 24,000", "24,000", False),
        ("nearly 25,000", "24,000", False),
        ("over 24,000", "nearly 24,000", False),
        ("24,000", "24,000", False),
    ],
)
def test_a_qualifier_is_lost_where_the_number_stays(one: str, other: str, lost: bool) -> None:
    assert loses_qualifier(value(one), value(other)) is lost
    assert loses_qualifier(value(other), value(one)) is lost


@pytest.mark.parametrize(
    ("number", "step", "digits"), [(24_000, 1000, 2), (3.4e6, 1e5, 2), (20_000, 1e4, 1), (0.5, 0.1, 1), (0, 1, 1)]
)
def test_a_number_is_as_fine_as_its_last_digit(number: float, step: float, digits: int) -> None:
    assert step_of(number) == pytest.approx(step)
    assert digits_of(number) == digits


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_what_is_no_finite_number_allows_nothing(number: float) -> None:
    broken = Quantity(0, 1, "x", "accounts", number, number, "exact")
    assert bounds_of(broken) is None
    assert not may_be_one(broken, broken)


@given(quantities(), quantities())
def test_agreement_has_no_direction(one: Quantity, other: Quantity) -> None:
    assert may_be_one(one, other) == may_be_one(other, one)
    assert loses_qualifier(one, other) == loses_qualifier(other, one)


@given(quantities())
def test_a_value_agrees_with_itself(one: Quantity) -> None:
    assert may_be_one(one, one)


@given(quantities(), NUMBERS)
def test_a_value_never_agrees_with_a_bare_number_outside_its_bounds_but_by_rounding(one: Quantity, number: int) -> None:
    bare = Quantity(0, 1, str(number), "accounts", float(number), float(number), "exact")
    bounds = bounds_of(one)
    assert bounds is not None
    outside = not bounds.low <= number <= bounds.high
    if outside and may_be_one(one, bare):
        finer, coarse = sorted((one.low or one.high or 0.0, float(number)), key=digits_of, reverse=True)
        assert digits_of(coarse) < digits_of(finer)
        assert abs(finer - coarse) <= step_of(coarse) / 2 + step_of(finer)
