"""The words of a change, and of what somebody looks for in them: one way to take a text apart for both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from tracker.render.database.building import CJK
from tracker.types.changes import Change, Evidence

_PIECES = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
"""A run of Chinese, Japanese or Korean characters, which write no spaces between words, or a word of any other."""
_QUOTED = re.compile('["“”„«»「」]([^"“”„«»「」]*)["“”„«»「」]|([^\\s"“”„«»「」]+)')
_STARTS_CJK = re.compile(f"[{CJK}]")
_FIELD_END = " \n "
"""No phrase runs from one text into the next."""


@lru_cache(maxsize=4096)
def parse_query(query: str) -> tuple[str, ...]:
    """The terms of a query, each as it stands in `words_of`: words, "phrases in quotes", runs of Chinese.

    A word with marks in it (25,000 or Kamlager-Dove) is a phrase. Empty where the query has nothing to look for.
    """
    terms = (_as_term(quoted or bare) for quoted, bare in _QUOTED.findall(query))
    return tuple(dict.fromkeys(term for term in terms if term))


def words_of(change: Change, names: Mapping[str, str]) -> str:
    """All that a query is looked for in: title, quotes, speakers and names, as words between single spaces.

    `names` are those of parties by id.
    """
    return _FIELD_END.join(f" {' '.join(_pieces(text))} " for text in dict.fromkeys(_texts(change, names)))


def has_terms(words: str, terms: Iterable[str]) -> bool:
    """Whether every term of `parse_query` is among the words of `words_of`."""
    return all(term in words for term in terms)


def pieces_of(text: str) -> frozenset[str]:
    """What a text can be filed under: its words; of Chinese every character and every two beside each other."""
    found: set[str] = set()
    for piece in text.split():
        if is_cjk(piece):
            found.update(piece)
            found.update(piece[at : at + 2] for at in range(len(piece) - 1))
        else:
            found.add(piece)
    return frozenset(found)


def keys_of_term(term: str) -> frozenset[str]:
    """What everything that has this term is filed under: of Chinese pairs of characters, where it has more than one."""
    pieces = pieces_of(term)
    return frozenset(piece for piece in pieces if len(piece) > 1 or not is_cjk(piece)) or pieces


def is_cjk(piece: str) -> bool:
    """Whether a piece is of a script that writes no spaces between words; none is mixed."""
    return _STARTS_CJK.match(piece) is not None


def _as_term(text: str) -> str:
    """A term begins and ends at the ends of words, but within a run of Chinese anywhere."""
    pieces = _pieces(text)
    if not pieces:
        return ""
    begin = "" if is_cjk(pieces[0]) else " "
    end = "" if is_cjk(pieces[-1]) else " "
    return f"{begin}{' '.join(pieces)}{end}"


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(unicodedata.normalize("NFKC", text).casefold())


def _texts(change: Change, names: Mapping[str, str]) -> Iterator[str]:
    yield from (change.title, change.event_title, change.before, change.after)
    yield from (names.get(one, one) for one in change.entities)
    for evidence in (*change.evidence, *change.evidence_before):
        yield from _evidence_texts(evidence)


def _evidence_texts(evidence: Evidence) -> Iterator[str]:
    yield from (evidence.quote, evidence.speaker_name, evidence.on_behalf_of_name, evidence.accused_as)
    yield from (evidence.publisher, evidence.document_title)
