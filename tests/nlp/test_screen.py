"""The quick look at a page as it came: never stricter than the gate over its words, whatever its encoding and markup."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.nlp.bytesearch import byte_search
from tracker.nlp.cuebytes import stretches_of
from tracker.nlp.gate import body_may_be_relevant, may_be_relevant, rough_words, shown_part
from tracker.nlp.lexicon import load_cues
from tracker.nlp.screen import may_hold_cues
from tracker.read.charsets import utf_8_form
from tracker.resources import bundled_path

CUES = [
    (name, code, cue)
    for name in ("machine", "models", "acts")
    for code, cues in load_cues("relevance")[name].items()
    for cue in cues
]
WORDED = [cue for _, code, cue in CUES if code != "zh"]
ODD = "\u0131\u017f\u212a\u0130"


def held(cue: str, page: bytes) -> bool:
    """Whether a page has each stretch of a cue."""
    return all(byte_search(stretch).search(page) is not None for stretch in stretches_of(cue))


def let_through(page: str) -> bool:
    """Whether the screen and the gate let a page through; where they do not, its words alone would not either."""
    body = page.encode("utf-8", "replace")
    through = body_may_be_relevant(body, "text/html; charset=utf-8")
    assert through == may_be_relevant(rough_words(utf_8_form(body))), page
    return through


def test_each_cue_of_the_lexicon_can_be_told_from_bytes() -> None:
    assert [cue for cue in WORDED if not stretches_of(cue)] == []
    page = ("<p>" + "The soup wants two hours on a low fire, then butter. " * 9 + "</p>").encode()
    assert [cue for cue in WORDED if held(cue, page)] == []


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_a_cue_matches_is_found_among_tags_and_references(data: st.DataObject) -> None:
    cue = data.draw(st.sampled_from(WORDED))
    text = data.draw(st.from_regex(re.compile(cue, re.IGNORECASE), fullmatch=True))
    space = data.draw(st.sampled_from([" ", "\n", " <b> ", "</i>\t<a href='x'>", "<br>"]))
    page = "".join(
        space if letter == " " else f"&#{ord(letter)};" if not letter.isalnum() or not letter.isascii() else letter
        for letter in text
    )
    if not any(letter in text for letter in ODD):
        for form in (text, text.replace(" ", space), page):
            assert held(cue, f"({form})".encode()), form


@pytest.mark.parametrize(("cue", "inside", "outside"), [
    ("cop(?:y|ies)", ["a copy.", "COPIES", "x&nbspcopy"], ["copying", "photocopy", "co py"]),
    (r"distil\w*", ["distilling", "(distil)"], ["redistil"]),
    (r"\w*modell?", ["Sprachmodell", "modell"], ["modelle"]),
    (r"A\.I\.", ["A.I.", "a&#46;i&period;"], ["ai"]),
    (r"mod[eè]les?", ["mod&egrave;les", "modele", "modèle"], ["models"]),
    (r"language models?", ["language <b>models", "language\n model"], ["language and models"]),
    (r"trained (?:\w+ ){2,3}answers", ["trained on <i>all</i> the answers"], ["answers"]),
    (r"(?!x)\W+", [], []),
])  # fmt: skip
def test_what_a_cue_finds_in_bytes(cue: str, inside: list[str], outside: list[str]) -> None:
    assert [text for text in inside if not held(cue, text.encode())] == []
    assert [text for text in outside if held(cue, text.encode())] == []
    assert bool(stretches_of(cue)) == bool(inside)


BETWEEN = [
    " ", "<b>", "</b> ", "&nbsp;", "&nbsp", "&#32;", "\n", "<script>x = '<b>' + 1</script>", "<STYLE>a</Style>", "。", "’", "é", "&eacute",
    " < ", " a < b ", "<!-- <b>off</b> -->", "&", "&amp", "&#233", "-", "<a title='", "'>", "&copy;", "&#1;",
]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_what_the_gate_lets_through_the_screen_lets_through(data: st.DataObject) -> None:
    drawn = [data.draw(st.sampled_from(CUES)) for _ in range(2)]
    words = [data.draw(st.from_regex(re.compile(cue, re.IGNORECASE), fullmatch=True)) for *_, cue in drawn]
    draw = random.Random(data.draw(st.integers(0, 10_000)))
    between = st.sampled_from(BETWEEN)
    language = data.draw(st.sampled_from(["the of and to in that is was for on ", "der die das und in den von zu ist ",
                                          "le la les des et en que est une dans ", "模型公司在这里说的话" * 3, ""]))  # fmt: skip
    parts = [language, *(_hidden(word, draw) if data.draw(st.booleans()) else word for word in words)]
    page = "<p>" + "".join(part + data.draw(between) for part in parts) + data.draw(between) + "</p>"
    let_through(page)


def _hidden(word: str, draw: random.Random) -> str:
    """A word of which some letters are references, and in whose spaces there may be tags."""
    forms = ("{}", "{}", "{}", "&#{:d};", "&#x{:x};", "&#x{:X};", "&#0{:d};")
    made = []
    for letter in word:
        form = draw.choice(forms)
        made.append(
            draw.choice((" ", "<i> ", "\n")) if letter == " " else letter if form == "{}" else form.format(ord(letter))
        )
    return "".join(made)


@settings(max_examples=400, deadline=None)
@given(
    st.text(max_size=200),
    st.sampled_from(["ChatGPT 蒸馏", "AI copied", "", "模型 偷", "<b AI> copied", "A&#73 copied"]),
)
def test_any_text_at_all(text: str, words: str) -> None:
    let_through(text[:100] + words + text[100:])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "AI",
                "copied",
                " ",
                "<",
                ">",
                "&",
                ";",
                "&#65;",
                "&lt;",
                "<script>",
                "</script>",
                "&copy;",
                "Copy",
                "b",
                "<!--",
            ]
        ),
        max_size=14,
    )
)
def test_any_markup_however_broken(parts: list[str]) -> None:
    let_through("".join(parts))


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
        if not body_may_be_relevant(
            f"<html><p>{text}</p>".encode(charset, "xmlcharrefreplace"), f"text/html; charset={charset}"
        )
    ]
    assert lost == []


@pytest.mark.parametrize("words", [
    "&#x6a21;&#22411;&#x88ab;&#x84b8;&#x998f;",  # the words of Chinese written as references
    "The Ch&#97;tGPT <i>answers</i> were c&#111;pied", "AI&nbsp;copied", "the AI&#8212;copied&hellip;", "The news of the day and the weather, with a word to all who sail. 模型被蒸馏",
    "Une IA : les requ&ecirc;tes de la firme et du groupe en France pour le mod&egrave;le", "Aİ copied", "A.I. was stolen", "THE CHATBOT WAS CLONED",
])  # fmt: skip
def test_references_and_odd_letters(words: str) -> None:
    assert let_through(f"<html><body><p>{words}</p></body></html>")


@pytest.mark.parametrize("page", [
    "<p>The soup wants two hours</p><script>model.copy(AI)</script>",
    "<p>Copyright by the paper; aim high, mail us, robust shoes</p>",
    "<style>.ai{} .copy{}</style><p>Shares of the bank were copied to all holders.</p>",
    "<div id='div-gpt-ad-1' class='model'>It was copied. &copy; the paper</div>",
    "<p lang=en>The language of the letter; a network of roads, all copied</p>",
    "<p>The AI said no.</p><p>&copy; the paper</p><a href='?a=1&copy=2' title='copy'>Share</a>",
])  # fmt: skip
def test_other_pages_are_stopped_before_their_tags_are_looked_at(page: str) -> None:
    assert not may_hold_cues(shown_part(page.encode()))


def test_a_word_that_the_length_cuts_is_no_other_word() -> None:
    for length in range(59_980, 60_010):
        start = "It was copied. "
        assert not may_be_relevant(start + "." * (length - len(start)) + "airport"), length
