"""The coarse gate: what may be on the matter goes through, most of the web does not, in linear time."""

from __future__ import annotations

import json
import time

import pytest

from tracker.nlp.gate import may_be_relevant, rough_words
from tracker.resources import bundled_path


def test_everything_relevant_of_the_gold_corpus_goes_through() -> None:
    folder = bundled_path("data/gold")
    answers = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    wanted = {item["id"] for item in answers if item["relevance"] != "irrelevant"}
    documents = [json.loads(line) for line in (folder / "documents.jsonl").read_text("utf-8").splitlines()]
    stopped = [item["id"] for item in documents if item["id"] in wanted and not may_be_relevant(item["text"])]
    assert stopped == []


@pytest.mark.parametrize("text", [
    "The soup wants two hours on a low fire, and a spoon of butter at the end.",
    "Shares of the bank rose by two percent after the quarterly results were copied to all holders.",
    "Der Verein gewann am Samstag mit drei zu eins und steht nun auf dem zweiten Platz der Liga.",
    "", "1234",
])  # fmt: skip
def test_other_pages_are_stopped(text: str) -> None:
    assert not may_be_relevant(text)


def test_rough_words_leave_out_tags_and_scripts() -> None:
    page = b"<p>One <b>two</b></p><SCRIPT>var AI = 'copy'</script><style>x{}</style> three <script>open"
    assert rough_words(page).split() == ["One", "two", "three"]


@pytest.mark.parametrize("page", [b"<script>" * 100_000, b"<" * 1_000_000, b"<a " * 300_000, b"</script" * 100_000])
def test_hostile_pages_take_no_longer(page: bytes) -> None:
    began = time.monotonic()
    may_be_relevant(rough_words(page))
    assert time.monotonic() - began < 5
