"""Passages show the words that were looked for, where they stand."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.fulltext.test_words import ANY_TEXT
from tracker.errors import InputError
from tracker.fulltext.passages import PASSAGE_CHARS, answers, find_hits, find_passages
from tracker.fulltext.questions import parse_question


def marked(text: str, typed: str) -> list[str]:
    return [text[start:end] for start, end in find_hits(text, parse_question(typed))]


def test_hits_are_the_words_as_they_stand_there() -> None:
    assert marked("Café at the CAFE: cafeteria", "café") == ["Café", "CAFE"]
    assert marked("Café at the CAFE: cafeteria", "cafe*") == ["Café", "CAFE", "cafeteria"]
    assert marked("A model, distilled. Model weights; weights.", '"model distilled" OR weights') == [
        "model, distilled", "weights", "weights",
    ]  # fmt: skip
    assert marked("对Claude模型蒸馏的指控", "模型蒸馏") == ["模型蒸馏"]
    assert marked("对Claude模型蒸馏的指控", "馏 claude") == ["Claude", "馏"]
    assert marked("no such thing", "-no thing") == ["thing"], "what is left out is not marked"


def test_a_phrase_does_not_run_from_the_title_into_the_text() -> None:
    question = parse_question('"open weights"')
    assert answers(question, ("it is open weights", "")) and not answers(question, ("it is open", "weights are"))


def test_the_passages_with_most_of_what_was_looked_for_are_shown() -> None:
    filler = "Ferries run hourly in summer. " * 20
    text = f"Alibaba. {filler}Alibaba and Anthropic. {filler}Alibaba again."
    shown = find_passages(text, parse_question("alibaba anthropic"), 1)
    assert shown.hits == 4
    (passage,) = shown.passages
    assert [text[start:end] for start, end in passage.hits] == ["Alibaba", "Anthropic"]
    assert passage.end - passage.start <= PASSAGE_CHARS and not text[passage.start : passage.end].startswith(" ")
    both = find_passages(text, parse_question("alibaba anthropic"), 2).passages
    assert [passage.start for passage in both] == sorted(passage.start for passage in both)


def test_without_a_hit_the_beginning_is_shown() -> None:
    shown = find_passages("word " * 100, parse_question("other"), 2)
    assert shown.hits == 0 and shown.passages[0].start == 0 and shown.passages[0].end <= PASSAGE_CHARS
    assert find_passages("", parse_question("other"), 2).passages == ()


@given(ANY_TEXT, ANY_TEXT)
def test_every_hit_answers_the_question_by_itself(text: str, typed: str) -> None:
    try:
        question = parse_question(typed)
    except InputError:
        assume(False)
    assume(len(question.terms) == 1 and question.terms[0].forms)
    hits = find_hits(text, question)
    assert bool(hits) == answers(question, ("", text))
    for first, last in hits:
        assert answers(question, ("", text[first:last])), text[first:last]
    shown = find_passages(text, question, 3)
    assert shown.hits == len(hits) and all(
        passage.start <= first < last <= passage.end for passage in shown.passages for first, last in passage.hits
    )


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "模型", "蒸馏"]), max_size=12), st.data())
def test_a_text_answers_for_every_run_of_its_words(words: list[str], data: st.DataObject) -> None:
    assume(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    text, part = " ".join(words), " ".join(words[first:last])
    assert answers(parse_question(f'"{part}"'), ("", text))
    assert any(part in hit for hit in marked(text, f'"{part}"'))
    assert not answers(parse_question(f'"{part}" -{words[first]}'), ("", text))
