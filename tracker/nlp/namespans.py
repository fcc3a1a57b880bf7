"""Where a name may stand: stretches of capitalised words with what joins them, in every language with letters' case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tracker.nlp.lexicon import cues_of
from tracker.nlp.view import Sentence, TextView

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.’'&-][^\W_]+)*\+?|\S")
_ELIDED = re.compile(r"(?:[dDlLnNsSjJmMtTcC]|[Qq]u|[Ll]orsqu|[Jj]usqu)['’](?=\w{2})")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")
_COMPOUND_TAIL = re.compile(
    r"-(?:linked|based|backed|made|led|listed|style|affiliated|owned|like|run|era|built|trained|powered|developed|only"
    r"|free|wide|first|related|tied|controlled|born|headquartered|registered|funded|sponsored|derived|sized|hosted"
    r"|operated|focused|specific|compatible|class|type|quoted|aligned|friendly|branded|licensed)$"
)
_GERMAN_TAIL = re.compile(
    r"-(?:Modell(?:e[ns]?|s)?|Kont(?:o|os|en)|Büros?|Sprecher(?:in|s)?|Chef(?:in|s)?|Aktien?|Schnittstellen?|Antworten?"
    r"|Zug[aä]ng(?:e|en|s)?|Zugriff(?:e|en|s)?|Nutzer[ns]?|Kunden?|Mitarbeiter(?:in|n|s)?|Gründer(?:in|s)?|Tochter|Teams?"
    r"|Vorstand(?:s|es)?|Konzern(?:s|es)?|Dienst(?:e|en|es)?|Produkt(?:e|en|s)?|Server[ns]?|Assistent(?:en)?|Chatbots?"
    r"|Anw[aä]lt(?:e|en|in|s)?|Manager(?:in|s)?|Vertreter(?:in|n|s)?|Familie|Ausgaben?|Abfragen?|Daten|Code|Version(?:en)?"
    r"|Firma|Labors?|Entwickler(?:in|n|s)?|Umfeld|Gruppe|Fall|Streit|Affäre|Urteil|Justiziar(?:in|s)?|Forscher(?:in|n|s)?"
    r"|Ingenieur(?:in|e|en|s)?|Vorst[aä]nd(?:in|e)?|Boss|Eigner(?:in|s)?|Eigentümer(?:in|s)?|Besitzer(?:in|s)?|Anleger[ns]?"
    r"|Investor(?:en|in|s)?|Aktionär(?:e|en|in|s)?|Mutter|Klagen?|Verfahren|Prozess|Skandal|Deal|Rival(?:e|en|in)"
    r"|Konkurrent(?:en|in)?|Klon[es]?|Kopien?|Nachbau|Zwilling|Nutzung|Kundschaft|Leute|Jurist(?:en|in)|Technik|Technologie"
    r"|Plattform|Lizenz(?:en)?|Schlüssel|Protokolle?|Zentrale|Ableger|Partner[ns]?|Händler[ns]?|Papiere?|Bericht|Brief"
    r"|API|App|Abo|Software|System(?:e|en|s)?|Sprachmodell(?:e|en|s)?|Beschäftigte[nr]?|Angestellte[nr]?|Werkzeuge?"
    r"|Programm(?:e|en|s)?|Training|Trainings|Spitze|Führung|Lager|Gewichte?|Verantwortliche[nr]?|Expert(?:e|en|in))$"
)
"""Ordinary nouns that German joins to a name by a hyphen: the name ends before it."""
_MIXED = re.compile(r"[a-z]{1,3}[A-Z]|(?:a[dlnrs]|ash|el|ul)-[A-Z]")
"""How a name may begin in lower case: "iFlytek", "xAI", "al-Jadaan"."""
MAX_WORDS = 9


@dataclass(slots=True)
class Piece:
    """One word or sign of a sentence; `end` leaves out a possessive and the second half of "Paris-based"."""

    start: int
    end: int
    text: str
    lower: str
    kind: str
    """`cap`, `num`, `join` (of, the, van), `body` (embassy, committee), `word` or `sign`."""
    possessive: bool = False
    glued: bool = False
    """A second half of a compound follows ("Paris-based"): no name goes on."""


@lru_cache(maxsize=8)
def _joiners(language: str) -> frozenset[str]:
    return cues_of("names", "joiners", "en") | cues_of("names", "joiners", language)


@lru_cache(maxsize=8)
def _bodies(language: str) -> frozenset[str]:
    return cues_of("names", "body_nouns", language)


def cut_pieces(view: TextView, sentence: Sentence) -> list[Piece]:
    """The words and signs of a sentence."""
    joiners, bodies, language = _joiners(view.language), _bodies(view.language), view.language
    text = view.text
    out: list[Piece] = []
    for match in _TOKEN.finditer(text, sentence.start, sentence.end):
        start, end = match.span()
        if out and start < out[-1].end:
            continue  # the full stop of an initial
        word = match.group()
        if language == "fr" and (elided := _ELIDED.match(word)) and len(elided.group()) < len(word):
            out.append(Piece(start, start + elided.end(), elided.group(), elided.group().lower(), "word"))
            start += elided.end()
            word = word[elided.end() :]
        first = word[0]
        if not first.isalnum():
            out.append(Piece(start, end, word, word, "sign"))
            continue
        possessive = glued = False
        if "'" in word or "’" in word:
            if match_own := _POSSESSIVE.search(word):
                possessive, end = True, end - len(match_own.group())
        elif text[end : end + 1] in ("'", "’") and word.endswith("s") and text[end + 1 : end + 2] == " ":
            possessive = True
        compound = _GERMAN_TAIL if language == "de" else _COMPOUND_TAIL
        if "-" in word and (tail := compound.search(text[start:end])):
            glued, end = True, end - len(tail.group())
        core = text[start:end]
        if first.isupper() or (first.islower() and _MIXED.match(core)):
            kind = "cap"
            if text[end : end + 1] == "." and (
                (len(core) == 1 and not possessive) or (core in _DOTTED and text[end + 1 : end + 2] != "\n")
            ):
                end += 1
                core += "."
        elif first.isdigit() or (first == "v" and core[1:2].isdigit()):
            kind = "num"
        else:
            lower = core.lower()
            kind = "join" if lower in joiners else "body" if lower in bodies else "word"
        out.append(Piece(start, end, core, core.lower(), kind, possessive, glued))
    return out


_DOTTED = frozenset(
    re.findall(r"\w+", "Inc Corp Ltd Co Jr Sr St Bros Dr Mr Ms Mrs Sen Rep Gov Prof Art Nos No Cie Lda Sra Mme")
)


def find_stretches(view: TextView, pieces: list[Piece]) -> Iterator[tuple[int, int]]:
    """Longest runs (first, last + 1) of pieces that may hold names: capitals, numbers after them, and joining words."""
    index, count = 0, len(pieces)
    while index < count:
        kind = pieces[index].kind
        if kind not in ("cap", "body", "num"):
            index += 1
            continue
        last = index
        position = index + 1
        joined = 0
        has_cap = kind == "cap"
        while position < count and position - index < 16 and not pieces[position - 1].glued:
            piece = pieces[position]
            gap = view.text[pieces[position - 1].end : piece.start]
            if len(gap.strip("'’s")) != 1 or "\n" in gap or not gap[-1].isspace():
                break
            if piece.kind in ("cap", "num", "body"):
                last, joined = position, 0
                has_cap = has_cap or piece.kind == "cap"
            elif (piece.kind == "join" or piece.text in "&+") and joined < 3:
                joined += 1
            else:
                break
            position += 1
        if has_cap:
            yield index, last + 1
            index = last + 1
        else:
            index += 1


def pieces_between(pieces: list[Piece], start: int, end: int) -> tuple[int, int] | None:
    """The pieces (first, last + 1) that a span of text covers exactly."""
    first = next((index for index, piece in enumerate(pieces) if piece.start == start), None)
    if first is None:
        return None
    for index in range(first, len(pieces)):
        if pieces[index].end == end:
            return first, index + 1
        if pieces[index].end > end:
            break
    return None


def spans_within(pieces: list[Piece], first: int, stop: int) -> Iterator[tuple[int, int]]:
    """Every part (first, last + 1) of a stretch that may be one name."""
    for left in range(first, stop):
        if pieces[left].kind not in ("cap", "body", "num"):
            continue
        has_cap = False
        for right in range(left, min(stop, left + MAX_WORDS)):
            kind = pieces[right].kind
            has_cap = has_cap or kind == "cap"
            if has_cap and kind in ("cap", "num", "body"):
                yield left, right + 1
