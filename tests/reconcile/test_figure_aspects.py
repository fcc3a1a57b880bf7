"""Whether the words around a figure make it a part of something, or so many a day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.reconcile.aspects import aspect_of
from tracker.reconcile.claims import make_records
from tracker.reconcile.figures import collect_figures
from tracker.types import Claim, Extraction, Quantity

from .builders import Page, document


@pytest.mark.parametrize(
    ("text", "words", "aspect"),
    [
        ("The board found that 60 of the accounts were sham.", "60", "part"),
        ("The board found that 60 of the accounts were sham.", "60 of the accounts", "part"),
        ("It shut 76 accounts of Garnet.", "76 accounts", ""),
        ("Lumen cut the limit to 500 requests a day.", "500 requests", "rate"),
        ("It sent 500 requests a dayworker could read.", "500 requests", ""),
        ("Parmi eux, 60 des comptes étaient faux.", "60", "part"),
        ("Es waren 60 davon gefälscht.", "60", "part"),
        ("Erlaubt sind 500 Anfragen pro Tag.", "500 Anfragen", "rate"),
        ("Hasta 500 solicitudes al día.", "500 solicitudes", "rate"),
        ("三家公司共用76个账户，其中60个是假的。", "60个", "part"),
        ("每天500次请求。", "500次请求", "rate"),
    ],
)
def test_parts_and_rates_are_told_by_the_words_beside(text: str, words: str, aspect: str) -> None:
    start = text.index(words)
    quantity = Quantity(start, start + len(words), words, "accounts", 60, 60, "exact")
    claim = Claim("allegation", 0, len(text), text, "lumen", ("garnet",), quantities=(0,))
    stored = document("a", Page("2026-03-02"))
    extraction = Extraction(stored.versions[0].id, "relevant", (), (quantity,), (), (claim,))
    records = make_records([replace(stored, extractions=(extraction,))])
    (figure,) = collect_figures(records)
    assert aspect_of(figure, records[0]) == aspect
