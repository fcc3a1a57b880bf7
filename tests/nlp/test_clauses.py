"""Sentences are cut where clauses of their own subjects stand side by side, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.nlp.clauses import cut_clauses
from tracker.nlp.model import load_pipeline, make_docs
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import TextView, make_sentences


def cut(text: str) -> TextView:
    sentences = make_sentences(text, split_sentences(text))
    nlp = load_pipeline()
    doc = next(iter(nlp.pipe(make_docs(nlp, [(text, [(s.start, s.end) for s in sentences])]))))
    return cut_clauses(TextView(text, "en", sentences, doc), ())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Corriedale sued Yunlan in March,", "and Yunlan has not replied to the complaint."),
        ("Corriedale sued Yunlan in March,", "but the lab denies that it opened the accounts."),
        ("Corriedale sued Yunlan in March;", "its parent company said nothing."),
        ("The ministry blamed Yunlan for the theft;", "China's embassy in Berlin called the charge groundless."),
        ("Corriedale sued Yunlan in March,", "while Beichen was only sent a warning."),
        ("While Corriedale blames Yunlan for the theft,", "the lab says that it bought the answers."),
        ("Yunlan opened the accounts", "and Corriedale closed them in March."),
        ("The committee passed the bill, which bans such trade,", "and two senators voted against it."),
    ],
)
def test_each_clause_is_a_sentence_and_a_tree_of_its_own(first: str, second: str) -> None:
    text = f"It was a quiet week. {first} {second} Nobody else spoke."
    view = cut(text)
    assert [one.text for one in view.sentences] == ["It was a quiet week.", first, second, "Nobody else spoke."]
    assert [one.index for one in view.sentences] == [0, 1, 2, 3]
    begins = text.index(first)
    assert {one.whole for one in view.sentences[1:3]} == {(begins, begins + len(f"{first} {second}"))}
    for one in view.sentences:
        tokens = view.tokens_in(one.start, one.end)
        assert [t.dep_ for t in tokens].count("ROOT") == 1
        assert all(t.head in tokens or t.is_punct for t in tokens), [(t.text, t.head.text) for t in tokens]


@pytest.mark.parametrize(
    "text",
    [
        "Corriedale sued Yunlan and asked for damages.",
        "Corriedale says that Yunlan opened the accounts and Beichen paid for them.",
        "“They took it, and we saw it,” said its chief scientist, Ada Brightwater.",
        'The letter says: "They took it; we saw it; nobody stopped them."',
        "According to Corriedale, Yunlan opened the accounts, and Beichen paid for them.",
        "Yunlan opened the accounts, and Beichen paid for them, according to Corriedale.",
        "Yunlan opened the accounts, Corriedale said, and moved on.",
        "Corriedale named Yunlan, a lab in Hangzhou; Beichen, a reseller; and Lintel, its host.",
        "The ministry did not comment, and neither did Yunlan or Beichen.",
        "Corriedale (its rival sued first, and the court agreed) has asked for damages.",
    ],
)
def test_what_one_speaker_says_or_one_subject_does_stays_whole(text: str) -> None:
    assert [one.text for one in cut(text).sentences] == [text]


def test_a_sentence_that_never_ends_is_not_looked_through() -> None:
    text = "Yunlan copied it; " * 400 + "and Beichen paid."
    assert [one.text for one in cut(text).sentences] == [text]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Yunlan", "copied", "it", ",", "and", "but", ";", "while", "denies", "“", "”", "(", ".", "?", "says", "\n"]
        ),
        max_size=30,
    ).map(" ".join)
)
def test_nothing_is_lost_and_clauses_stand_in_order(text: str) -> None:
    view = cut(text)
    whole = split_sentences(text)
    assert sorted({one.whole for one in view.sentences}) == whole
    assert all(a.end <= b.start for a, b in zip(view.sentences, view.sentences[1:], strict=False))
    covered = {i for one in view.sentences for i in range(one.start, one.end)}
    assert all(i in covered or text[i].isspace() for start, end in whole for i in range(start, end))
    assert all(one.text == text[one.start : one.end] for one in view.sentences)
