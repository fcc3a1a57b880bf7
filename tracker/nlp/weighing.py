"""What the reading of one sentence leaves for a second look at its parties, when the whole document has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.nlp.view import Sentence
from tracker.types import Claim


@dataclass(frozen=True)
class Weighing:
    """How likely each party was, by its sentence and those before it, to speak and to be accused."""

    odds: float
    """The log-odds of the kind of claim."""
    speaking: Mapping[str, float]
    """Log-odds of each party, "" for nobody, that the claim is on its word."""
    charged: Mapping[str | None, Mapping[str, float]]
    """For each speaker that was chosen, the log-odds of each party that it is accused."""
    marks: Mapping[str, frozenset[str]]
    """How the sentence shows each party: named, described, pronoun ...; context where it does not."""
    types: Mapping[str, str]
    described: frozenset[str]
    """Parties that stand under one description ("the three firms")."""
    most_described: int
    """How many one description stands for at most."""
    subject: str
    """The form of the main subject (tracker/nlp/learned/parties.py)."""
    speakers: int
    """How many speak together."""
    is_agreed: bool
    """The rules read the same."""


@dataclass(frozen=True)
class Weighed:
    """A claim with the weighing that it rests on."""

    claim: Claim
    sentence: Sentence
    weighing: Weighing
    is_single: bool
    """The only one of its kind and speaker in the sentence: no claim for each accused, with its own figure."""

    @property
    def charged(self) -> Mapping[str, float]:
        return self.weighing.charged.get(self.claim.speaker, {})
