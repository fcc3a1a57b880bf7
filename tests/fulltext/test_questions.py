"""What people type is a question or one clear line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fulltext.test_words import ANY_TEXT
from tracker.errors import InputError
from tracker.fulltext.questions import MOST_CHARS, Form, parse_question


def told(typed: str) -> str:
    """A question in short: | between choices, - before what is left out, * after beginnings."""

    def form(one: Form) -> str:
        return f"{' '.join(one.tokens)}{'*' * one.is_beginning}"

    return " | ".join(
        " & ".join(
            [form(term.forms[0]) for term in choice.wanted] + [f"-{form(term.forms[0])}" for term in choice.unwanted]
        )
        for choice in parse_question(typed).choices
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("model distillation", "model & distillation"),
        ('"model distillation" -openai', "model distillation & -openai"),
        ("a OR b c OR -d e", "a | b & c | e & -d"),
        ("a AND b NOT c", "a & b & -c"),
        ("open-weight qwen* 25,000", "open weight & qwen* & 25 000"),
        ('“unclosed phrase', "unclosed phrase"),
        ('-"a b" c "d e"*', "c & d e* & -a b"),
        ("蒸馏 模 Qwen模型", "蒸馏 & 模* & qwen 模型"),
        ("模型* *模型", "模型 & 模型"),
        ("title:x ^y NEAR(z, 2) {w}", "title x & y & near z & 2 & w"),
        ("x' OR 1=1; --", "x | 1 1"),
        ("a & b | !c <-> d:*", "a & b | c & d*"),
        ("OR OR a OR", "a"),
    ],
)  # fmt: skip
def test_what_is_typed_is_what_is_meant(typed: str, meant: str) -> None:
    assert told(typed) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "no word"),
        ('***  "" -', "no word"),
        ("-openai", "only words to leave out"),
        ("a OR -b", "only words to leave out"),
        ("(a OR b) c", "parentheses"),
        ("dis*tion", "at the end"),
        ("~ab", "3 letters"),
        ("~模型 x", "of one word"),
        ("*a-b*", "of one word"),
        ("a " * 33, "give at most 32"),
        ("x" * (MOST_CHARS + 1), "1,001 characters"),
    ],
)
def test_what_cannot_be_looked_for_says_why(typed: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        parse_question(typed)


def test_parts_and_misspelt_words_wait_to_be_looked_up() -> None:
    similar, part, ending = parse_question("~Antrhopic *istil* *tion").terms
    assert (similar.kind, similar.word) == ("similar", "antrhopic")
    assert (part.word, ending.word) == ("%istil%", "%tion")


@given(ANY_TEXT | st.text(alphabet='ab "-~*OR()模“”|'))
def test_anything_that_is_typed_is_a_question_or_an_input_error(typed: str) -> None:
    try:
        question = parse_question(typed)
    except InputError:
        return
    assert question.choices
    assert all(term.word or all(form.tokens for form in term.forms) for term in question.terms)
