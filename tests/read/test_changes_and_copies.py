"""What counts as a change of a page, how it is told, and how alike two texts are."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.read.changes import article_sentences, diff_texts, is_furniture, is_same_title
from tracker.read.fingerprints import Print, fingerprint, is_near_duplicate

STORY = (
    "Orchid Labs said on Monday that Fern AI had opened about 300 accounts. It wrote a letter to the ministry.\n\n"
    "Fern AI did not reply to a request for comment.\n\n"
    "“We listened,” said its director – and the café stays open."
)


@pytest.mark.parametrize(
    "line",
    ["Advertisement", "ADVERTISEMENT", "Story continues below advertisement", "Updated 5 minutes ago", "3 hours ago",
     "Last updated: June 10, 2026, 10:32 a.m. EDT", "Published Mon, Jun 10 2026 8:15 PM EDT", "1,234 views", "12 comments",
     "Comments (12)", "4 min read", "Share on Facebook | X | WhatsApp", "Related: Another story altogether", "Read more",
     "Sign up for our newsletter and never miss a story", "© 2026 Harbour Courier. All rights reserved.",
     "GOOGL +1.23% MSFT -0.50%", "阅读 1234", "更新时间：2026-06-10 10:00", "相关阅读：另一条新闻", "广告", "Anzeige",
     "Lesen Sie auch: Ein anderer Bericht"],
)  # fmt: skip
def test_furniture_comes_and_goes_without_a_new_version(line: str) -> None:
    assert is_furniture(line)
    before, after = f"{line}\n\n{STORY}", f"{STORY}\n\n{line}"
    assert article_sentences(before) == article_sentences(after) == article_sentences(STORY)
    assert diff_texts(before, after) == ""


@pytest.mark.parametrize(
    "line",
    ["Updated guidance covers 25 models.", "Related companies were warned on Monday.", "The bill passed 25-3.", "H.R. 8283",
     "GPT-4", "300", "Share prices fell after the announcement.", "Published accounts show a loss of 3 million.",
     "Read the letter.", "Comments were closed by the ministry on Monday.", "24,000 accounts", "3 hours ago the office closed."],
)  # fmt: skip
def test_what_the_article_says_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_related_headlines_below_their_heading_do_not_count_and_what_follows_does() -> None:
    one = f"{STORY}\n\nRelated stories\n\nFerries leave earlier\n\nCafé opens again\n\nThe ministry answered on Friday."
    two = f"{STORY}\n\nRelated stories\n\nQuite another headline\n\nThe ministry answered on Friday."
    assert article_sentences(one) == article_sentences(two)
    assert article_sentences(one)[-1] == "The ministry answered on Friday."


def test_typesetting_does_not_count() -> None:
    other = STORY.replace("“", '"').replace("”", '"').replace("–", "—").replace("\n\n", "\n").replace(" ", "\u00a0", 3)
    assert article_sentences(STORY) == article_sentences(other)
    assert is_same_title("Ferries  leave ‘early’", "Ferries leave 'early'")


def test_one_word_is_a_change_and_the_diff_shows_it_alone() -> None:
    corrected = STORY.replace("about 300", "nearly 400")
    assert article_sentences(STORY) != article_sentences(corrected)
    assert diff_texts(STORY, corrected, "T", "T").split("\n") == [
        "@@ -1,3 +1,3 @@",
        " T",
        "-Orchid Labs said on Monday that Fern AI had opened about 300 accounts.",
        "+Orchid Labs said on Monday that Fern AI had opened nearly 400 accounts.",
        " It wrote a letter to the ministry.",
    ]
    assert diff_texts(STORY, STORY, "Old title", "New title").split("\n")[1:3] == ["-Old title", "+New title"]


def test_a_diff_of_a_late_change_names_its_place() -> None:
    old = " ".join(f"Sentence number {n} is here." for n in range(50))
    assert diff_texts(old, old.replace("number 40 is", "number 40 was")).startswith(
        "@@ -41,3 +41,3 @@\n Sentence number 39"
    )


WORDS = st.text("abcdefghijklmnop中文報道é", min_size=1, max_size=8)


@given(st.lists(WORDS, min_size=9, max_size=60), st.integers(0), WORDS)
def test_an_edit_of_any_one_word_of_a_sentence_is_seen(words: list[str], place: int, other: str) -> None:
    at = place % len(words)
    assume(words[at] != other)
    old = "The office said that " + " ".join(words) + "."
    new = "The office said that " + " ".join([*words[:at], other, *words[at + 1 :]]) + "."
    assert article_sentences(old) != article_sentences(new)
    assert diff_texts(old, new)


@given(st.text(max_size=600), st.text(max_size=600))
def test_a_diff_is_empty_exactly_where_nothing_changed(one: str, other: str) -> None:
    assert (diff_texts(one, other) == "") == (article_sentences(one) == article_sentences(other))


def test_hostile_and_huge_texts_are_compared_in_time() -> None:
    rng = random.Random(1)
    huge = [". ".join(f"Word {rng.randrange(9)} stands here" for _ in range(60_000)) for _ in range(2)]
    started = time.process_time()
    assert len(diff_texts(*huge)) < 210_000
    for line in ("a" * 240, "A: " * 80, "share " * 40, "updated " + "1 " * 110 + "x", "read more " * 24):
        is_furniture(line)
    assert time.process_time() - started < 5


# --- fingerprints ----------------------------------------------------------------------------------------------


def _text(count: int, seed: int = 0) -> str:
    rng = random.Random(seed)
    return " ".join(f"w{rng.randrange(9_000)}" for _ in range(count))


def _print(text: str) -> Print:
    found = Print.of(None, text)
    assert found is not None
    return found


def test_the_estimate_is_near_the_truth() -> None:
    whole = _text(1_000)
    words = whole.split()
    for share in (0.25, 0.5, 0.75, 1.0):
        part = " ".join(words[: int(share * len(words))])
        assert abs(_print(whole).likeness(_print(part)) - share) < 0.15
        assert _print(whole).containment(_print(part)) > 0.8
    assert _print(whole).likeness(_print(_text(1_000, seed=1))) < 0.05


def test_marks_case_and_widths_do_not_count_and_an_edit_hardly_does() -> None:
    assert fingerprint("The Office, said: “no” to all of it") == fingerprint("the office said no TO all of it!")
    assert fingerprint("ＡＢＣ one two three four") == fingerprint("abc one two three four")
    words = _text(400).split()
    assert is_near_duplicate(" ".join(words), " ".join([*words[:200], "other", *words[201:]]))


def test_chinese_is_compared_by_characters() -> None:
    text = (
        "美国商务部周一表示，这些公司通过数万个虚假账户提取模型输出，并将继续调查有关问题，企业没有回应置评请求。" * 3
    )
    edited = text.replace("数万个", "两万多个", 1)
    assert is_near_duplicate(text, edited)
    assert not is_near_duplicate(
        text, "外交部发言人在例行记者会上就气候变化、贸易谈判和双边关系等问题回答了记者的提问，并介绍了有关情况。" * 3
    )


def test_a_text_without_words_has_no_fingerprint() -> None:
    assert fingerprint("") is None and fingerprint("… — !") is None
    assert is_near_duplicate("", "!") and not is_near_duplicate("", "word")


def test_a_stored_signature_is_the_same_as_a_new_one_and_of_another_form_is_made_anew() -> None:
    text = _text(50)
    assert (Print.of(fingerprint(text), "").minima == _print(text).minima).all()  # type: ignore[union-attr]
    assert (Print.of("m0:12:xyz", text).minima == _print(text).minima).all()  # type: ignore[union-attr]
    assert fingerprint(_text(50)) == fingerprint(_text(50)), "the same on every machine"


def test_fingerprints_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = _text(count)
        started = time.process_time()
        fingerprint(text)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(160_000) < 40 * max(seconds(8_000), 0.01)
