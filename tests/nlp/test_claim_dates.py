"""Which of a sentence's dates belong to which of its claims."""

from __future__ import annotations

from datetime import date

from tracker.nlp.extractor import RuleExtractor
from tracker.types import Document


def dated(
    extractor: RuleExtractor, text: str, published: str = "2026-05-04"
) -> dict[tuple[str, str | None], list[str]]:
    extraction = extractor.extract(Document("d", text, published=date.fromisoformat(published), title="Distillation"))
    return {
        (claim.type, claim.speaker): [extraction.dates[index].text for index in claim.dates]
        for claim in extraction.claims
    }


def test_each_clause_keeps_its_own_date(extractor: RuleExtractor) -> None:
    text = (
        "In February OpenAI accused DeepSeek of copying its models, "
        "and last week the White House promised action against foreign copiers."
    )
    found = dated(extractor, text)
    assert found["allegation", "openai"] == ["February"]
    assert all(days == ["last week"] for (_, speaker), days in found.items() if speaker == "white-house")


def test_a_clause_without_a_date_shares_that_of_the_clause_it_is_joined_to(extractor: RuleExtractor) -> None:
    text = (
        "In February OpenAI accused DeepSeek of copying its models, Anthropic accused MiniMax of using fake accounts, "
        "and last week the White House promised action against foreign copiers."
    )
    found = dated(extractor, text)
    assert found["allegation", "openai"] == ["February"]
    assert found["allegation", "anthropic"] == ["February"]


def test_one_claim_has_every_date_of_its_sentence(extractor: RuleExtractor) -> None:
    text = "Anthropic said on Monday that DeepSeek had opened thousands of fake accounts to copy Claude in March."
    assert dated(extractor, text)["allegation", "anthropic"] == ["Monday", "March"]


def test_false_pretences_deny_nothing(extractor: RuleExtractor) -> None:
    text = (
        "The House Select Committee on China published a report on DeepSeek on Monday. In the report's account, "
        "DeepSeek staff got into American models under false pretences and with false names, and copied them."
    )
    assert not [kind for kind, _ in dated(extractor, text) if kind == "denial"]


def test_a_date_before_the_subject_belongs_to_the_clause_that_follows(extractor: RuleExtractor) -> None:
    text = "Last month, OpenAI accused DeepSeek of copying its models through thousands of fake accounts since January."
    assert dated(extractor, text)["allegation", "openai"] == ["Last month", "since January"]
