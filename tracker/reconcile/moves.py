"""How a dispute moves: what a claim's own words show to have happened, and whom they say it concerns.

A step in the wrong dispute would be a wrong attribution. So the words must name who is concerned as the object (or, in
the passive, the subject) of the step itself; who is only named near by ("suppliers of X were listed") is not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.reconcile.cues import Shown, sentences_of, speaks_of_copying, words_of
from tracker.reconcile.entities import Parties
from tracker.reconcile.namelists import first_list, last_list
from tracker.reconcile.sides import Sides
from tracker.types import ClaimRecord, ClaimType, DisputeStatus

_SHOWN_BY: dict[DisputeStatus, frozenset[ClaimType]] = {
    "under_investigation": frozenset({"government_action"}),
    "in_bill": frozenset({"legislation"}),
    "sanctioned": frozenset({"government_action"}),
    "in_court": frozenset({"legal_action", "government_action"}),
    "withdrawn": frozenset({"legal_action", "company_action", "government_action", "statement"}),
    "settled": frozenset({"legal_action", "company_action", "statement"}),
    "closed": frozenset({"legal_action", "government_action"}),
}
"""The types of claim whose words may show a step."""
_WIDE: frozenset[DisputeStatus] = frozenset({"under_investigation", "in_bill"})
"""Steps whose object may be described at length ("a bill that would punish Chinese firms")."""
_MOST_CHARS = 2000
_GUARD_WORDS = 6
"""How many words before the verb may deny it."""
_BEFORE_NAME_WORDS = 6
_NOT_MEANT = re.compile(
    r"\b(?:of|to|with|for|over|after|before|in|on|at|by|because|while|as|when|who|which|that|from|against|than|about|between|"
    r"behind|par|pour|après|de|von|durch|nach|por|para)\b|的",
    re.IGNORECASE,
)
"""After these words a name is no longer that of the object itself."""
_NOT_THEIRS = re.compile(r"\b(?:to|with|for|over|after|before|by|because|while|from|against|than|about|behind)\b")
_NOT_MEANT_IN_BILL = re.compile(r"\b(?:by|from|after|before|while|despite|since|par|von|por)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;!?。；！？]\s*(?=\W*[A-Z\u4e00-\u9fff]|$)")


@dataclass(frozen=True, slots=True)
class Move:
    """A step that a claim's words show, before it is known to which disputes it belongs."""

    status: DisputeStatus
    record: ClaimRecord
    concerned: tuple[str, ...]
    """The parties whom the words name as concerned."""
    countries: tuple[str, ...]
    """The places whose firms they tell of."""
    actors: frozenset[str]
    """The sides of who takes the step, as far as the words or the claim name them."""
    is_on_matter: bool
    """Whether the words speak of copying."""


def moves_in(record: ClaimRecord, parties: Parties, sides: Sides) -> tuple[Move, ...]:
    """The steps that a claim shows, each status once. What is denied, asked, wished or only possible shows none."""
    claim = record.claim
    if claim.status == "denied" or claim.type not in _TYPES:
        return ()
    found: dict[DisputeStatus, Move] = {}
    for status, types in _SHOWN_BY.items():
        if claim.type in types and (move := _find_move(status, record, parties, sides)):
            found[status] = move
    if found.keys() & {"withdrawn", "settled", "closed"}:
        for status in ("in_court", "under_investigation", "sanctioned"):
            found.pop(status, None)  # the words tell of what has ended
    return tuple(found.values())


_TYPES = frozenset().union(*_SHOWN_BY.values())


def _find_move(status: DisputeStatus, record: ClaimRecord, parties: Parties, sides: Sides) -> Move | None:
    text = record.claim.text[:_MOST_CHARS]
    for match in _shown(status, text):
        concerned = _concerned(status, match, parties)
        countries = _countries(status, match.about, sides)
        if concerned or countries:
            return Move(
                status,
                record,
                tuple(concerned),
                tuple(countries),
                frozenset(_actors(record, match, text, parties, sides)),
                speaks_of_copying(text),
            )
    return None


def _shown(status: DisputeStatus, text: str) -> Iterator[Shown]:
    for cue in sentences_of(status):
        for match in cue.find(text):
            if status == "in_bill" and not words_of("bill_words").search(text, match.start, match.end):
                continue
            if status == "in_court" and words_of("not_a_court").search(text) and not words_of("a_court").search(text):
                continue
            if not _is_denied(match, text):
                yield match


def _is_denied(match: Shown, text: str) -> bool:
    """Whether words before the verb deny it, or the sentence asks."""
    before = match.about if match.leads else _sentence_before(text, match.start)
    words = before.split()
    guard = before[-12:] if any("\u4e00" <= c <= "\u9fff" for c in before) else " ".join(words[-_GUARD_WORDS:])
    end = _SENTENCE_END.search(text, match.end)
    asks = end is not None and end[0].startswith(("?", "？"))
    return asks or bool(words_of("not_so").search(guard))


def _sentence_before(text: str, end: int) -> str:
    start = max((found.end() for found in _SENTENCE_END.finditer(text, 0, end)), default=0)
    return text[start:end]


def _concerned(status: DisputeStatus, match: Shown, parties: Parties) -> list[str]:
    """Whom the step concerns: the names that are its object, or its subject where the cue says so."""
    about = match.about
    not_meant = _NOT_MEANT_IN_BILL if status == "in_bill" else _NOT_MEANT
    if match.leads:
        names = last_list(about, parties)
        between = about[names[-1].end :] if names else ""
        is_meant = len(between.split()) <= _BEFORE_NAME_WORDS and not not_meant.search(between)
        before = about[: names[0].start].split()[-2:] if names else []
        is_meant = is_meant and not any(not_meant.fullmatch(word) for word in before)
    else:
        names = first_list(about, parties)
        before_name = about[: names[0].start] if names else ""
        is_short = status == "in_bill" or len(before_name.split()) <= _BEFORE_NAME_WORDS
        is_meant = is_short and not not_meant.search(before_name)
    return [name.entity_id for name in names] if is_meant else []


def _countries(status: DisputeStatus, about: str, sides: Sides) -> list[str]:
    stop = None if status in _WIDE else _NOT_THEIRS.search(about)
    return sides.countries_in(about[: stop.start()] if stop else about)


def _actors(record: ClaimRecord, match: Shown, text: str, parties: Parties, sides: Sides) -> set[str]:
    """The sides of who speaks in the claim, of who stands before the verb, and of who is named as the one who acts."""
    who = {record.claim.speaker, record.claim.on_behalf_of}
    if match.who:
        who.update(name.entity_id for name in first_list(match.who, parties))
    elif not match.leads:
        who.update(name.entity_id for name in last_list(_sentence_before(text, match.start), parties))
    return {sides.of(one) for one in who if one}
