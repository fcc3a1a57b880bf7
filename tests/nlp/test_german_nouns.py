"""German writes every noun with a capital: which words are ordinary ones."""

from __future__ import annotations

import pytest

from tracker.nlp.germannouns import noun_of


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Verbot", "noun"),
        ("Häusern", "noun"),
        ("Vorwürfe", "noun"),
        ("Wirtschaftsprüfer", "compound"),
        ("Zugriffsprotokolle", "compound"),
        ("Verwahrbarkeit", "derived"),
        ("Vorab-Prüfung", "hyphened"),
        ("Kelvrano", "no"),
        ("Drisko-Vahl", "no"),
    ],
)
def test_an_ordinary_noun_is_told_in_any_case_and_in_compounds(word: str, kind: str) -> None:
    assert noun_of(word) == kind
