"""Claims in Chinese, French, German, Spanish and Portuguese, by cue words and order."""

from __future__ import annotations

from tracker.nlp.claims import Facts
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.view import TextView
from tracker.types import Claim


def find_foreign_claims(view: TextView, facts: Facts, gazetteer: Gazetteer, issuer: str | None) -> tuple[Claim, ...]:
    """The claims of a text in one of those languages."""
    return ()
