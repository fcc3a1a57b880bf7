"""The quick look at a page as it came: never stricter than the gate over its words, whatever its encoding and markup."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.nlp.cuepieces import fold, pieces_of
from tracker.nlp.gate import may_be_relevant, page_may_be_relevant, rough_words, shown_part
from tracker.nlp.lexicon import load_cues
from tracker.nlp.screen import may_hold_cues
from tracker.read.charsets import decode_text
from tracker.resources import bundled_path

CUES = [
    (name, code, cue)
    for name in ("machine", "models", "acts")
    for code, cues in load_cues("relevance")[name].items()
    for cue in cues
]
WORDED = [cue for _, code, cue in CUES if code != "zh"]


def held(sets: tuple[frozenset[bytes], ...], text: str) -> bool:
    """Whether a text holds one piece of each set."""
    page = fold(text)
    return all(any(piece in page for piece in pieces) for pieces in sets)


def test_each_cue_of_the_lexicon_has_pieces() -> None:
    assert [cue for cue in WORDED if not pieces_of(cue)] == []
    assert min(len(piece.strip()) for cue in WORDED for pieces in pieces_of(cue) for piece in pieces) >= 2


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_a_cue_matches_holds_its_pieces(data: st.DataObject) -> None:
    cue = data.draw(st.sampled_from(WORDED))
    text = data.draw(st.from_regex(re.compile(cue, re.IGNORECASE), fullmatch=True))
    if not any(letter in text for letter in "\u0131\u017f\u212a\u0130"):
        assert held(pieces_of(cue), f"({text})")


@pytest.mark.parametrize(("cue", "pieces"), [
    ("cop(?:y|ies)", ({b" copy ", b" copies "},)),
    (r"distil\w*", ({b" distil"},)),
    (r"\w*modell?", ({b"model ", b"modell "},)),
    (r"A\.I\.", ({b" a i  "},)),
    (r"trained (?:\w+ ){0,3}(?:outputs?|answers)", ({b" trained "}, {b"output ", b"outputs ", b"answers "})),
    (r"\w+", ()),
])  # fmt: skip
def test_pieces_of_a_cue(cue: str, pieces: tuple[set[bytes], ...]) -> None:
    assert pieces_of(cue) == tuple(map(frozenset, pieces))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_the_gate_lets_through_the_screen_lets_through(data: st.DataObject) -> None:
    drawn = [data.draw(st.sampled_from(CUES)) for _ in range(2)]
    words = [data.draw(st.from_regex(re.compile(cue, re.IGNORECASE), fullmatch=True)) for *_, cue in drawn]
    between = st.sampled_from([" ", "<b>", "</b> ", "&nbsp;", "&#32;", "\n", "<script>x = 1</script>", "。", "’", "é"])
    language = data.draw(st.sampled_from(["the of and to in that is was for on ", "der die das und in den von zu ist ",
                                          "le la les des et en que est une dans ", "模型公司在这里说的话" * 3, ""]))  # fmt: skip
    parts = [language, *words]
    page = "<p>" + "".join(part + data.draw(between) for part in parts) + "</p>"
    if may_be_relevant(rough_words(page)):
        assert may_hold_cues(shown_part(page))
        assert page_may_be_relevant(page)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["ChatGPT 蒸馏", "AI copied", "", "模型 偷"]))
def test_any_text_at_all(text: str, words: str) -> None:
    page = text[:100] + words + text[100:]
    assert page_may_be_relevant(page) == may_be_relevant(rough_words(page))


def test_every_relevant_document_of_the_gold_corpus_goes_through_in_each_charset() -> None:
    folder = bundled_path("data/gold")
    answers = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    wanted = {item["id"] for item in answers if item["relevance"] != "irrelevant"}
    lines = (folder / "documents.jsonl").read_text("utf-8").splitlines()
    texts = {item["id"]: item["text"] for item in map(json.loads, lines) if item["id"] in wanted}
    assert len(texts) > 20
    lost = [
        (name, charset)
        for number, (name, text) in enumerate(texts.items())
        for charset in ("utf-8", "utf-16", "gb18030", "latin-1")[number % 2 :: 2]
        if not page_may_be_relevant(
            decode_text(f"<html><p>{text}</p>".encode(charset, "xmlcharrefreplace"), f"text/html; charset={charset}")
        )
    ]
    assert lost == []


@pytest.mark.parametrize("words", [
    "&#x6a21;&#22411;&#x88ab;&#x84b8;&#x998f;",  # the words of Chinese written as references
    "The Ch&#97;tGPT <i>answers</i> were c&#111;pied", "AI&nbsp;copied", "the AI&#8212;copied&hellip;", "The news of the day and the weather, with a word to all who sail. 模型被蒸馏",
    "Une IA : les requ&ecirc;tes de la firme et du groupe en France pour le mod&egrave;le", "Aİ copied", "A.I. was stolen", "THE CHATBOT WAS CLONED",
])  # fmt: skip
def test_references_and_odd_letters(words: str) -> None:
    assert page_may_be_relevant(f"<html><body><p>{words}</p></body></html>")


@pytest.mark.parametrize("page", [
    "<p>The soup wants two hours</p><script>model.copy(AI)</script>",
    "<p>Copyright by the paper; aim high, mail us, robust shoes</p>",
    "<style>.ai{} .copy{}</style><p>Shares of the bank were copied to all holders.</p>",
])  # fmt: skip
def test_other_pages_are_stopped_before_their_tags_are_looked_at(page: str) -> None:
    assert not may_hold_cues(shown_part(page))


def test_a_word_that_the_length_cuts_is_no_other_word() -> None:
    for length in range(59_980, 60_010):
        start = "It was copied. "
        assert not may_be_relevant(start + "." * (length - len(start)) + "airport"), length
