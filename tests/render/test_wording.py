from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import record, version
from tracker.days import interval_words
from tracker.render.passages import build_passages
from tracker.render.paths import file_stem, safe_url, text_fragment_url
from tracker.render.wording import _NOT_TEXT, _TRICKS, clean, measure_words, shorten


@pytest.mark.parametrize(
    ("from_on", "to_on", "words"),
    [
        ("2026-02-23", "2026-02-23", "23 February 2026"),
        ("2026-02-01", "2026-02-28", "February 2026"),
        ("2024-02-01", "2024-02-28", "1–28 February 2024"),
        ("2026-04-21", "2026-06-10", "21 April – 10 June 2026"),
        ("2025-12-29", "2026-01-04", "29 December 2025 – 4 January 2026"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2026-01-01", "2026-03-31", "January – March 2026"),
        ("2026-06-01", "2026-06-10", "1–10 June 2026"),
    ],
)
def test_intervals_keep_their_precision(from_on: str, to_on: str, words: str) -> None:
    assert interval_words(date.fromisoformat(from_on), date.fromisoformat(to_on)) == words


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "kind", "unit", "words"),
    [
        (24000, 24000, "exact", "accounts", None, "24,000"),
        (24000, None, "over", "accounts", None, "over 24,000"),
        (None, 25000, "under", "accounts", None, "up to 25,000"),
        (20000, None, "vague", "accounts", None, "at least 20,000"),
        (3.4e6, 3.4e6, "about", "exchanges", None, "about 3,400,000"),
        (16000, 24000, "range", "accounts", None, "16,000 to 24,000"),
        (1.5, 1.5, "exact", "money", "USD", "1.5 USD"),
        (None, 50, "under", "percent", None, "up to 50%"),
        (42, 42, "exact", "duration", None, "42 days"),
        (1, 1, "exact", "duration", None, "1 day"),
    ],
)  # fmt: skip
def test_figures_keep_their_qualifier(low, high, qualifier, kind, unit, words) -> None:  # type: ignore[no-untyped-def]
    assert measure_words(low, high, qualifier, kind, unit) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("nearly 25,000 accounts", "nearly 25,000"), ("近2.5万个账户", "nearly 25,000"), ("up to 25,000", "up to 25,000")],
)
def test_who_says_nearly_does_not_say_up_to(text: str, words: str) -> None:
    assert measure_words(None, 25000, "under", "accounts", None, text) == words


@given(st.text(st.characters(exclude_categories=[])))
def test_every_id_is_one_safe_file_name(id: str) -> None:
    stem = file_stem(id)
    assert stem.isascii()
    assert stem == stem.lower()
    assert not set(stem) & set("/\\ \"'<>&#?%")
    assert not stem.startswith(".")
    assert stem != "index"


def test_ids_that_differ_get_names_that_differ() -> None:
    assert len({file_stem(name) for name in ("A", "a", "á", "a ", "a/", "index", "INDEX", "../a")}) == 8


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_is_utf8_without_controls(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(
        (ord(c) < 32 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in cleaned
    )
    assert clean(cleaned) == cleaned


@given(st.text(), st.integers(10, 300))
def test_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://x.example/", "//x.example", "https://", "https://x.example/ y", "http://[::1", ""],
)
def test_only_http_addresses_are_linked(url: str) -> None:
    assert safe_url(url) is None
    assert text_fragment_url(url, "words") is None


def test_text_fragments_escape_what_has_a_meaning() -> None:
    made = text_fragment_url("https://x.example/a#part", "well-known, & so on")
    assert made == "https://x.example/a#part:~:text=well%2Dknown%2C%20%26%20so%20on"
    assert text_fragment_url("https://x.example/a.pdf", "words", 3) == "https://x.example/a.pdf#page=3"


SENTENCE = "Northwind said it. "


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 150)), min_size=1, max_size=6))
def test_passages_show_each_claims_words_once_and_whole(spans: list[tuple[int, int]]) -> None:
    text = "".join(f"Sentence {number} of the story. " for number in range(45))
    of = version("d", 1, text, "t")
    made = []
    for number, (start, length) in enumerate(spans):
        claim = record(f"c-{number}", of, text[:1], "statement", None)
        end = min(len(text), start + length)
        made.append(
            type(claim)(
                claim.id, "d", of.id, of.id, True, type(claim.claim)("statement", start, end, text[start:end], None)
            )
        )
    passages = build_passages(of, made)
    segments = [segment for passage in passages for segment in passage.segments]
    for claim in made:
        words = "".join(p.text for s in segments if claim.id in s.claim_ids for p in s.pieces)
        assert words == claim.claim.text
        assert sum(claim.id in segment.anchors for segment in segments) == 1
    shown = "".join(piece.text for segment in segments for piece in segment.pieces)
    assert len(shown) <= len(text)


def test_what_python_calls_printable_has_no_trick_and_no_line_end() -> None:
    """`clean` relies on it: such a text it gives back as it is."""
    printable = "".join(filter(str.isprintable, map(chr, range(0x110000))))
    assert not _TRICKS.search(printable)
    assert not _NOT_TEXT.search(printable)
    assert "\r" not in printable
    assert clean(printable) == printable
