"""Who says it: sentences in which a party that is near, or accused, or spoken to, is not the one that speaks."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.sentences import split_sentences
from tracker.types import Claim, Document, PublisherType

LEAD = "Anthropic accused DeepSeek, Moonshot AI and MiniMax of copying its Claude models through fake accounts. "
SOLO = "OpenAI accused DeepSeek of copying its models through fake accounts. "


@pytest.fixture(scope="module")
def extractor() -> RuleExtractor:
    return RuleExtractor()


def last_claims(
    extractor: RuleExtractor, text: str, *, publisher_type: PublisherType = "news", language: str = "en"
) -> list[Claim]:
    """The claims of the last sentence of a text."""
    document = Document(
        id="case",
        text=text,
        title="AI firms accused of copying models",
        published=date(2026, 5, 20),
        language=language,
        publisher_type=publisher_type,
    )
    last = split_sentences(text)[-1][0]
    return [claim for claim in extractor.extract(document).claims if claim.end > last]


# phenomenon -> [(text, the accusations of its last sentence, who else may speak there)]
WHO: dict[str, list[tuple[str, list[tuple[str | None, list[str]]], set[str]]]] = {
    "the party right before the verb is its subject": [
        (
            "In May Zhipu AI and StepFun were accused by Cohere of distilling its models, and Mistral and Google have"
            " reported attacks on theirs.",
            [("cohere", ["stepfun", "zhipu-ai"])],
            {"mistral-ai", "google"},
        ),
        (
            "Baidu was accused by OpenAI of copying its models, and Google said it would join the complaint.",
            [("openai", ["baidu"])],
            {"google"},
        ),
    ],
    "it is the sentence's own subject": [
        (
            LEAD + "Cohere confirmed the talks and spoke of the letter that it sent in May, in which it accused StepFun"
            " of stealing its outputs.",
            [("cohere", ["stepfun"])],
            {"cohere"},
        ),
    ],
    "that lab is the one named last": [
        (
            LEAD + "MiniMax has the largest part. Anthropic says the queries from that company made Claude write code.",
            [("anthropic", ["minimax"])],
            set(),
        ),
    ],
    "it is the paper of the sentence before": [
        (
            LEAD + "The Commerce Department issued a report. The report is short. It says that copied models are"
            " worse.",
            [],
            {"commerce-department"},
        ),
    ],
    "advice accuses nobody": [
        ("Companies that sell models are urged to look out for accounts that extract them.", [], set()),
        ("Firms were warned to protect their models from distillation through fraudulent accounts.", [], set()),
    ],
    "a condition is no claim": [(LEAD + "The firm would have to sue if it wanted damages.", [], set())],
    "a charge on another matter": [
        (LEAD + "Elon Musk accused Anthropic of hypocrisy.", [], set()),
        (LEAD + "Mistral blamed Cohere for a delay.", [], set()),
    ],
    "a bare question is a heading": [
        (LEAD + "What it reports.", [], set()),
        (LEAD + "What it says of the results.", [], set()),
    ],
}


@pytest.mark.parametrize(
    ("text", "accusations", "others"),
    [pytest.param(*case, id=f"{p}: {case[0][-60:]}") for p, cases in WHO.items() for case in cases],
)
def test_speaker(
    extractor: RuleExtractor, text: str, accusations: list[tuple[str | None, list[str]]], others: set[str]
) -> None:
    claims = last_claims(extractor, text)
    assert [(c.speaker, sorted(c.accused)) for c in claims if c.type == "allegation"] == accusations
    assert {c.speaker for c in claims if c.type != "allegation"} <= others


def test_silence_accuses_only_where_an_accused_is_silent(extractor: RuleExtractor) -> None:
    bystanders = last_claims(extractor, SOLO + "Google and Mistral declined to comment.")
    assert [(c.speaker, c.accused) for c in bystanders] == [("google", ()), ("mistral-ai", ())]
    accused = last_claims(extractor, SOLO + "DeepSeek declined to comment.")
    assert [(c.speaker, c.accused) for c in accused] == [("deepseek", ("deepseek",))]


@pytest.mark.parametrize(
    "sentence",
    ["It does make me doubt the figures.", "This makes me want to see the logs.", "That seems to me a poor case."],
)
def test_an_authors_opinion_is_no_statement_of_others(extractor: RuleExtractor, sentence: str) -> None:
    assert last_claims(extractor, LEAD + sentence, publisher_type="blog") == []


@pytest.mark.parametrize("name", ["xAI", "iFlytek"])
def test_a_name_in_lower_case_begins_a_sentence(name: str) -> None:
    text = f"The firm named no rival. {name} declined to comment."
    assert len(split_sentences(text)) == 2
    assert len(split_sentences("It cost approx. five dollars.")) == 1
