"""Whether the words of a claim accuse somebody by name: the one rule for the database and all exchange formats.

"Operators affiliated with Kestrel AI" do not accuse Kestrel AI, and "the letter gives 25,000 accounts" names nobody.
The reading does not find every such circumlocution, so the quote itself is looked at: it accuses by name where the name
stands in it and nothing in it keeps a distance. In doubt the answer is no: that is "not by name, or not known".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tracker.render.catalogue import Catalogue
from tracker.types import ClaimRecord

_TIES = re.compile(
    r"""
    \b(?:affiliated|linked|tied|connected|related|associated|belonging|traced|ties|links|connections?)
      \ (?:[a-z]+\ )?(?:with|to)\b
    | \bclose\ to\b(?!\ [\d.,]*\d)
    | -(?:linked|affiliated|backed|tied|connected|related|associated|owned)\b
    | \b(?:verbunden|zugeordnet|zugerechnet|nahesteh|verknüpft|angeschlossen|in\ Verbindung|Verbindung(?:en)?\ zu)
    | \b(?:li|affili|associ|rattach|apparent|reli)ée?s?\ (?:à|au|aux|avec)\b | \bappartenant\ (?:à|au|aux)\b
    | \bproches?\ (?:de|du|des|d[’'])
    | (?:有?[关關][联聯]|有[关關](?!部[门門])|相[关關]|有[联聯]系|有聯繫)
    | 隶属|隸屬|附属于|附屬於|背后的|背後的
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Words of a tie, in English, German, French and Chinese: anywhere in a quote they may be all that it says."""

_PEOPLE = (
    r"(?:operators?|people|persons?|individuals?|accounts?|actors?|entit(?:y|ies)|employees?|staff|personnel|workers"
    r"|researchers?|engineers?|users?|affiliates?|members?"
    r"|Betreibern?|Personen|Konten|Accounts|Akteuren?|Mitarbeitern?|Beschäftigten?"
    r"|opérateurs?|personnes?|comptes?|acteurs?|employée?s?|salariée?s?|entités?)"
)
_BEFORE = re.compile(
    rf"\b{_PEOPLE}\b[^,.;:!?，。；]{{0,30}}"
    r"\b(?:with|to|of|at|from|for|behind|in|inside|von|bei|aus|des|der|de|du|chez)\b[^,.;:!?，。；]{0,40}$"
    r"|\b(?:opérateurs|comptes|employés|salariés|personnes)\ d[’']$",
    re.IGNORECASE,
)
"""People, accounts or others who are somebody's, right before the name: "accounts of employees at Kestrel AI"."""
_AFTER = re.compile(
    rf"^(?:['’]s?)?\ (?:[a-z]+\ )?{_PEOPLE}\b|^的?(?:员工|員工|人员|人員|操作者|账户|帳戶|账号)",
    re.IGNORECASE,
)
"""The same behind it: "Kestrel AI employees"."""
_CLOSE = 90
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def accuses_by_name(catalogue: Catalogue, record: ClaimRecord, accused: str) -> bool:
    """Whether the quote of a claim accuses a party (an entity's id) by a name of it and keeps no distance.

    False also where that is not known: where the quote gives only figures, say, and the name stands elsewhere.
    """
    claim, entity = record.claim, catalogue.entities.get(accused)
    if claim.accused_as or _has_ties(claim.text):  # most say no here, before their mentions are looked for
        return False
    document = catalogue.documents[record.document_id]
    read = next((e for v, e in zip(document.versions, document.extractions, strict=True) if v.id == record.version_id))
    inside = [m for m in read.mentions if claim.start <= m.start and m.end <= claim.end]
    spans = tuple([(m.entity_id, m.start - claim.start, m.end - claim.start) for m in inside])
    names = (entity.name, *entity.aliases) if entity is not None else ()
    return _stands_outright(claim.text, accused, names, spans)


def names_outright(
    text: str, accused_as: str | None, accused: str, names: tuple[str, ...], mentions: Sequence[tuple[str, int, int]]
) -> bool:
    """The same of a quote's text, with the names of the accused and what the quote mentions.

    Args:
        text: the quote.
        accused_as: `Claim.accused_as`.
        accused: the id of the accused.
        names: its names in any language.
        mentions: (entity's id, start, end) of each mention, as offsets into the quote.
    """
    return not (accused_as or _has_ties(text)) and _stands_outright(text, accused, names, tuple(mentions))


@lru_cache(maxsize=1 << 14)  # the database and each format ask for each of the accused
def _stands_outright(
    text: str, accused: str, names: tuple[str, ...], mentions: tuple[tuple[str, int, int], ...]
) -> bool:
    places = _places(text, accused, names, mentions)
    return bool(places) and not any(_is_distant(text, start, end) for start, end in places)


@lru_cache(maxsize=1 << 14)  # each format asks for each of the accused
def _has_ties(text: str) -> bool:
    return _TIES.search(text) is not None


def _is_distant(text: str, start: int, end: int) -> bool:
    return bool(_BEFORE.search(text[max(0, start - _CLOSE) : start]) or _AFTER.match(text[end : end + _CLOSE]))


def _places(
    text: str, accused: str, names: tuple[str, ...], mentions: Sequence[tuple[str, int, int]]
) -> set[tuple[int, int]]:
    """Where the quote names the party: offsets into the quote, of its mentions and of its names and aliases."""
    places = {(start, end) for key, start, end in mentions if key == accused}
    others = [(start, end) for key, start, end in mentions if key != accused]
    found = _find_names(_longest_first(names), text)
    # "Kestrel" in "Kestrel Foods" is somebody else's name
    return places | {(at, to) for at, to in found if not any(start <= at and to <= end for start, end in others)}


@lru_cache(maxsize=1024)
def _longest_first(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name.strip()}, key=len, reverse=True))


def _find_names(names: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Where any of the names stands as whole words, as it is written; names in Chinese characters stand anywhere.

    Looked for as they are: a pattern of each party's names takes longer to compile than all quotes to look through.
    """
    at = 0
    while held := {name: start for name in names if (start := text.find(name, at)) >= 0}:
        first = min(held.values())
        ends = (first + len(name) for name, start in held.items() if start == first)
        end = next((end for end in ends if _is_whole(text, first, end)), None)
        if end is not None:
            yield first, end
        at = end or first + 1


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word of other letters goes on before or behind these."""
    before = start > 0 and _is_letter(text[start - 1]) and _is_letter(text[start])
    return not (before or (end < len(text) and _is_letter(text[end - 1]) and _is_letter(text[end])))


def _is_letter(character: str) -> bool:
    """A letter or digit of a script that sets spaces between words."""
    return character.isalnum() and not _HAN.match(character)
