"""Any text, any language, any length: spans hold, values are finite, time is linear."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import isfinite
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.nlp.dates import find_dates
from tracker.nlp.numbers import load_number_words, parse_number, tokenize
from tracker.nlp.quantities import find_quantities

LANGUAGES = ("en", "zh", "fr", "de", "es", "pt")
PUBLISHED = date(2026, 6, 24)
PIECES = st.sampled_from(
    [
        "24,000",
        "24.000",
        "2,5",
        "2.5万",
        "1e400",
        "9",
        "00",
        "million",
        "millions",
        "Millionen",
        "mille",
        "half",
        "a",
        "third",
        "of",
        "about",
        "nearly",
        "between",
        "and",
        "to",
        "-",
        "–",
        "$",
        "£",
        "US$",
        "%",
        "per",
        "cent",
        "accounts",
        "exchanges",
        "June",
        "Juni",
        "juin",
        "6月",
        "10日",
        "2026",
        "Monday",
        "lundi",
        "last",
        "next",
        "two",
        "weeks",
        "ago",
        "since",
        "by",
        "until",
        "from",
        "the",
        "year",
        "Q1",
        "early",
        "mid-",
        "'",
        "’",
        "(",
        ")",
        ".",
        ",",
        ";",
        ":",
        "/",
        "\n",
        "\u200b",
        "\u202e",
        "�",
        "\xa0",
        "逾",
        "近",
        "个账户",
        "次",
        "周三",
        "去年",
        "三",
        "一",
        "é",
        "İ",
        "ß",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join))


def _check_spans(text: str, language: str) -> None:
    quantities = find_quantities(text, language)
    dates = find_dates(text, PUBLISHED, language)
    for found in (quantities, dates):
        assert all(text[item.start : item.end] == item.text and item.text for item in found)
        assert all(left.end <= right.start for left, right in pairwise(found))
    for quantity in quantities:
        assert all(bound is None or isfinite(bound) for bound in (quantity.low, quantity.high))
        assert quantity.low is not None or quantity.high is not None
        if quantity.low is not None and quantity.high is not None:
            assert quantity.low <= quantity.high
        assert (quantity.unit is not None) == (quantity.kind == "money")
    assert all(mention.from_on <= mention.to_on for mention in dates)


@settings(max_examples=150)
@given(TEXTS, st.sampled_from(LANGUAGES))
@example("9" * 400 + " accounts", "en")
@example("10^400 accounts, 1e400 prompts", "en")
@example("近" + "9" * 400 + "万个账户", "zh")
@example("\ud800 24,000 \udfff accounts on 3 March \u202e2026\u202c", "en")
@example("24\u200b,000 accounts in Ju\u00adne", "en")
@example("", "en")
def test_any_text_gives_valid_spans_and_finite_values(text: str, language: str) -> None:
    _check_spans(text, language)


@pytest.mark.parametrize("published", [date.min, date.max])
@pytest.mark.parametrize(
    "text",
    ["900 years ago, last week and the next 999 decades; tomorrow", "yesterday, since 1999, by Friday; next year"],
)
def test_the_ends_of_the_calendar_drop_the_mention_and_do_not_crash(published: date, text: str) -> None:
    assert all(mention.from_on <= mention.to_on for mention in find_dates(text, published, "en"))


def test_without_a_publication_date_only_full_dates_stay() -> None:
    text = "On Monday, last week and since March it was quiet; on 3 March 2026 it was not, nor since May 2025."
    assert [(mention.text, mention.basis) for mention in find_dates(text, None, "en")] == [
        ("3 March 2026", "stated"),
        ("May 2025", "stated"),
    ]


def test_what_depends_on_publication_says_so() -> None:
    text = "Monday; 3 March 2026; June 10; since January 2025; between late April and early June 2026"
    bases = [mention.basis for mention in find_dates(text, PUBLISHED, "en")]
    assert bases == ["relative", "stated", "relative", "relative", "stated"]


def test_a_language_tag_may_have_subtags_and_an_unknown_one_is_read_as_english() -> None:
    assert find_quantities("rund 24.000 Konten", "de-AT")[0].low == 24000
    assert find_quantities("about 24,000 accounts", "tlh")[0].low == 24000
    assert find_dates("on 3 March 2026", None, "EN_us")[0].from_on == date(2026, 3, 3)


@pytest.mark.parametrize("digits", [41, 400, 100_000])
def test_a_number_too_long_to_mean_anything_is_dropped(digits: int) -> None:
    assert find_quantities("9" * digits + " accounts", "en") == []


@given(st.integers(0, 999_999_999))
def test_grouped_digits_are_read_back_in_every_language(value: int) -> None:
    for language, mark in (("en", ","), ("de", "."), ("es", "."), ("pt", "."), ("fr", "\u202f"), ("en", "\u00a0")):
        words = load_number_words(language)
        number = parse_number(tokenize(f"{value:,}".replace(",", mark), words), 0, words)
        assert number is not None
        assert number.value == value


UNITS = {
    "prose": "On Monday about 24,000 accounts held over 3.4 million exchanges, up 5% since 3 March. ",
    "digits": "1,",
    "words": "twenty ",
    "hyphens": "a-",
    "qualifiers": "up to about ",
    "months": "June ",
    "between": "between 2 and ",
    "letters": "x",
    "at": "a@",
    "dots": "1.",
    "blanks": " ",
    "thousands of": "thousands of ",
}


def _seconds(text: str, language: str) -> float:
    started = process_time()
    find_quantities(text, language)
    find_dates(text, PUBLISHED, language)
    return process_time() - started


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_time_grows_no_faster_than_length(unit: str, language: str) -> None:
    """Eight times the text takes at most twenty times as long (a quadratic step would take 64)."""
    short, long = unit * (8_000 // len(unit)), unit * (64_000 // len(unit))
    _seconds(short, language)
    before = max(min(_seconds(short, language) for _ in range(2)), 0.002)
    assert min(_seconds(long, language) for _ in range(2)) < 20 * before


def test_one_line_of_a_megabyte_is_read() -> None:
    text = "The lab sent 24,000 prompts on 3 March 2026, " * 23_000
    assert len(text) > 1_000_000
    dates = find_dates(text, PUBLISHED, "en")
    assert len(dates) == 23_000
    assert len(find_quantities(text, "en", dates)) == 23_000
