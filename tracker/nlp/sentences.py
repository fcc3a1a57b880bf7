"""Sentence boundaries by rule, for every language: a claim's span is made of these."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sen",
        "sens",
        "rep",
        "reps",
        "gov",
        "gen",
        "col",
        "lt",
        "sgt",
        "capt",
        "st",
        "jr",
        "sr",
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "vs",
        "etc",
        "no",
        "nos",
        "vol",
        "pp",
        "fig",
        "dept",
        "est",
        "approx",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "d.c",
        "h.r",
        "s",
        "a.m",
        "p.m",
        "e.g",
        "i.e",
        "cf",
        "al",
        "art",
        "sec",
        "m",
        "mme",
        "mlle",
        "ca",
        "bzw",
        "z.b",
        "u.a",
        "usw",
        "nr",
        "abs",
        "hrn",
        "vgl",
        "sr",
        "sra",
        "srta",
        "dr",
        "dra",
        "ee.uu",
        "ph.d",
        "messrs",
        "hon",
        "rev",
    ]
)
_END = re.compile(r"[.!?…]+[\"”’')\]»]*(?=\s)|[。！？]+[”」』）]*|[!?]+[”»]")
_BILL = re.compile(r"[hsal]\.[bfpdr]")
"""What a bill of a state begins with ("H.B. 1407", "S.F. 88")."""
_LOWER_NAME = re.compile(r"\s+[a-z]{1,2}[A-Z]")
"""A name that begins in lower case ("xAI", "iFlytek")."""
_NEXT = re.compile(r"\s*[\"“‘'(\[«„]*\s*(\S)")
DATELINE = re.compile(r"[A-Z][\w.,'’ /-]{1,40}?(?: ?\([^)\n]{1,30}\))? ?(?:-|–|—|--) (?=[\"“A-Z])")
"""The place that a wire story begins with ("SAN FRANCISCO (Northwire) - "), up to the first word of the sentence."""
_LAST_WORD = re.compile(r"([^\s(\[\"“‘«„]+)$")
LONGEST_COMPOUND = 2_000
"""Characters: what is longer is a list or worse, and is not looked through for clauses."""
_OPENING, _CLOSING = "“«„(", "”»)"
_STARTS_LIKE_NAME = re.compile(r"\s*[A-Z]")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a text, without the white space around them. A line break always ends one.

    A full stop ends a sentence unless it belongs to an abbreviation, an initial or a bill number, or a lower-case
    letter follows. Runs in linear time.
    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n\r\u2028\u2029]+", text):
        spans.extend(_split_line(text, line.start(), line.end()))
    return spans


def _split_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    begin = start
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, begin, match, end):
            spans.append((begin, match.end()))
            begin = match.end()
    spans.append((begin, end))
    trimmed = []
    for left, right in spans:
        part = text[left:right]
        lead = len(part) - len(part.lstrip())
        trail = len(part.rstrip())
        if lead < trail:
            trimmed.append((left + lead, left + trail))
    return trimmed


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    if match.group()[0] in "。！？":
        return True
    following = _NEXT.match(text, match.end(), min(end, match.end() + 40))
    if following is None:
        return False
    mark = match.group()
    if following.group(1).islower() and not _LOWER_NAME.match(text, match.end()):
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(begin, match.start() - 30), match.start())
    if word is None:
        return True
    last = word.group(1).lower()
    if _BILL.fullmatch(last) and following.group(1).isdigit():
        return False
    if last in ("no", "nos") and not following.group(1).isdigit():
        return True
    if last in _ABBREVIATIONS:
        # "in the U.S. The company": an abbreviation may also end a sentence, before a word that starts one.
        return last in {"u.s", "u.k", "u.n", "d.c", "inc", "co", "corp", "ltd", "p.m", "a.m"} and bool(
            re.match(
                r"\s+[\"“]?(The|It|In|But|He|She|They|That|This|A|An|Its|Their|We|On|At|And)\b",
                text[match.end() : match.end() + 12],
            )
        )
    is_initial = len(last) == 1 and last.isalpha() and bool(_STARTS_LIKE_NAME.match(text, match.end()))
    return not is_initial


def is_free(before: str) -> bool:
    """Whether what comes after this stretch of a sentence stands in no quotation and no brackets."""
    opened, closed = (sum(map(before.count, marks)) for marks in (_OPENING, _CLOSING))
    return before.count('"') % 2 == 0 and opened <= closed
