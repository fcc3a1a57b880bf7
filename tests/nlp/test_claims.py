"""Claims, phenomenon by phenomenon."""

from __future__ import annotations

from datetime import date

import pytest
from claim_cases import CASES, FOREIGN

from tracker.config import Nlp
from tracker.nlp.extractor import RuleExtractor
from tracker.types import ACCUSING_TYPES, Document

TITLE = "AI firms accused of copying models through unauthorised distillation"


@pytest.fixture(scope="module")
def extractor() -> RuleExtractor:
    return RuleExtractor()


def found(extractor: RuleExtractor, text: str, language: str = "en") -> list[tuple[str, str | None, list[str]]]:
    """(type, speaker, accused) of the claims of the last sentence that would be published."""
    extraction = extractor.extract(
        Document(id="case", text=text, title=TITLE, published=date(2026, 5, 20), language=language)
    )
    last = max((text.rfind(mark, 0, len(text) - 2) for mark in (". ", "。")), default=-1)
    claims = [c for c in extraction.claims if c.end > last + 2 and not c.awaits_review(Nlp().review_below)]
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)
    return [(c.type, c.speaker, sorted(c.accused) if c.type in ACCUSING_TYPES or c.accused else []) for c in claims]


def expected(claims: list[tuple[str, str | None, list[str]]]) -> list[tuple[str, str | None, list[str]]]:
    return sorted(((kind, speaker, sorted(accused)) for kind, speaker, accused in claims), key=str)


@pytest.mark.parametrize(
    ("text", "claims"), [pytest.param(t, c, id=f"{p}: {t[-70:]}") for p, cases in CASES.items() for t, c in cases]
)
def test_english(extractor: RuleExtractor, text: str, claims: list[tuple[str, str | None, list[str]]]) -> None:
    assert sorted(found(extractor, text), key=str) == expected(claims)


@pytest.mark.parametrize(
    ("language", "text", "claims"),
    [pytest.param(lang, t, c, id=f"{p}: {t[-50:]}") for p, cases in FOREIGN.items() for lang, t, c in cases],
)
def test_other_languages(
    extractor: RuleExtractor, language: str, text: str, claims: list[tuple[str, str | None, list[str]]]
) -> None:
    assert sorted(found(extractor, text, language), key=str) == expected(claims)
