"""Silence by its words: who declined to comment was reached; who did not reply may not have been."""

from __future__ import annotations

import re
from typing import Literal

from tracker.reconcile.cues import words_of
from tracker.reconcile.entities import Parties

Silence = Literal["declined", "no_reply"]

_PART = re.compile(r"[^;:；。]+")
"""Parts of a text that each tell of parties of their own: "X declined to comment; Y did not reply"."""
_TURN = re.compile(r",? (?:and|but|while|whereas|et|und|y|e|mais|aber|pero|mas) |，而|，但|，")


def kind_of_silence(text: str, party: str, parties: Parties) -> Silence:
    """How a text says that a party was silent: `declined` only where its words say so of that party.

    Where they say the one of some and the other of others, the words of the part that names the party decide; where
    that leaves it open, it is `no_reply`, which says less.
    """
    kinds = _kinds_in(text)
    if len(kinds) > 1:
        kinds = next((said for part in _parts(text) if (said := _said_of(part, party, parties))), set())
    return "declined" if kinds == {"declined"} else "no_reply"


def _parts(text: str) -> list[str]:
    return _PART.findall(text)


def _said_of(part: str, party: str, parties: Parties) -> set[Silence]:
    """The kinds in a part that names the party; of a part with both, those of the turn of phrase that names it."""
    if not parties.named_in(party, part):
        return set()
    kinds = _kinds_in(part)
    if len(kinds) < 2:
        return kinds
    turns = [turn for turn in _TURN.split(part) if parties.named_in(party, turn)]
    return set().union(*(_kinds_in(turn) for turn in turns))


def _kinds_in(text: str) -> set[Silence]:
    found: set[Silence] = set()
    if words_of("declined").search(text):
        found.add("declined")
    if words_of("no_reply").search(text):
        found.add("no_reply")
    return found
