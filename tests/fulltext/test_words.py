"""A text is taken apart the same way whatever it holds, and every token is one to both databases."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tracker.fulltext.words import CUT_MARK, LONGEST_TOKEN, placed_tokens, tokens_of

ANY_TEXT = st.text() | st.text(alphabet="aÀe\u0301ß½ﬁ模型ガｶﾞ한ไทย\u00ad '-_.0２…\n")


def test_words_lose_case_accents_and_forms() -> None:
    assert tokens_of("Anthropic's CAFÉ cafe\u0301, ＡＩ ﬁne; U.S. $25,000 co\u00adoperate") == [
        "anthropic", "s", "cafe", "cafe", "ai", "fine", "u", "s", "25", "000", "cooperate",
    ]  # fmt: skip


def test_a_run_without_spaces_is_its_neighbours_and_its_last_character() -> None:
    assert tokens_of("Qwen模型发布。蒸") == ["qwen", "模型", "型发", "发布", "布", "蒸"]
    assert list(placed_tokens("与Qwen")) == [("与", 0, 1), ("qwen", 1, 5)]


def test_an_overlong_word_is_parts_that_say_that_it_goes_on() -> None:
    whole, longer = "x" * LONGEST_TOKEN, "x" * (LONGEST_TOKEN + 1)
    assert tokens_of(whole) == [whole]
    assert tokens_of(longer) == [whole + CUT_MARK, "x"] == [token for token, _, _ in placed_tokens(longer)]


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_is_the_long_one(text: str) -> None:
    assert tokens_of(text) == [token for token, _, _ in placed_tokens(text)]
    assert tokens_of(f"{text}é")[: len(tokens_of(text)) - 1] == tokens_of(text)[:-1]


@given(ANY_TEXT)
def test_no_token_holds_what_either_database_takes_for_something_else(text: str) -> None:
    for token, start, end in placed_tokens(text):
        assert token and len(token) <= LONGEST_TOKEN + 1
        assert not re.search(r"[\x00-\x2f\x3a-\x60\x7b-\x7f\s\ud800-\udfff]", token), "a separator, a quote, a capital"
        assert 0 <= start < end <= len(text)
        assert any(char.isalnum() for char in text[start:end])
