"""Claims, phenomenon by phenomenon."""

from __future__ import annotations

from datetime import date

import pytest
from claim_cases import CASES, FOREIGN

from tracker.config import Nlp
from tracker.nlp.extractor import RuleExtractor
from tracker.types import ACCUSING_TYPES, Claim, Document

TITLE = "AI firms accused of copying models through unauthorised distillation"


MISSED = pytest.mark.xfail(strict=True, reason="nothing wrong is read, but the statement is missed")
READ_SHORT = "There is no evidence that StepFun stole"
Told = list[tuple[str, str | None, list[str]]]


def found(extractor: RuleExtractor, text: str, language: str = "en") -> tuple[Told, Told]:
    """(type, speaker, accused) of the claims of the last sentence: all of them, and those that would be published."""
    extraction = extractor.extract(
        Document(id="case", text=text, title=TITLE, published=date(2026, 5, 20), language=language)
    )
    last = max((text.rfind(mark, 0, len(text) - 2) for mark in (". ", "。")), default=-1)
    claims = [claim for claim in extraction.claims if claim.end > last + 2]
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)
    sure = [claim for claim in claims if not claim.awaits_review(Nlp().review_below)]
    return _told(claims), _told(sure)


def _told(claims: list[Claim]) -> Told:
    return [(c.type, c.speaker, sorted(c.accused) if c.type in ACCUSING_TYPES or c.accused else []) for c in claims]


def is_read(extractor: RuleExtractor, text: str, claims: Told, language: str = "en") -> None:
    """What the sentence says is read, published or waiting for review; nothing else would be published."""
    every, sure = found(extractor, text, language)
    wanted = expected(claims)
    assert all(claim in every for claim in wanted), (wanted, every)
    assert all(claim in wanted for claim in sure), (wanted, sure)


def expected(claims: Told) -> Told:
    return sorted(((kind, speaker, sorted(accused)) for kind, speaker, accused in claims), key=str)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        pytest.param(t, c, id=f"{p}: {t[-70:]}", marks=MISSED if t.startswith(READ_SHORT) else ())
        for p, cases in CASES.items()
        for t, c in cases
    ],
)
def test_english(extractor: RuleExtractor, text: str, claims: list[tuple[str, str | None, list[str]]]) -> None:
    is_read(extractor, text, claims)


@pytest.mark.parametrize(
    ("language", "text", "claims"),
    [pytest.param(lang, t, c, id=f"{p}: {t[-50:]}") for p, cases in FOREIGN.items() for lang, t, c in cases],
)
def test_other_languages(
    extractor: RuleExtractor, language: str, text: str, claims: list[tuple[str, str | None, list[str]]]
) -> None:
    is_read(extractor, text, claims, language)
