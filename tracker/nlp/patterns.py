"""Names that show themselves by their form: bills and acts, committees, ministries, embassies, universities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.nlp.foreignforms import FORMS
from tracker.types import EntityType

_CAP = r"[A-ZÀ-Þ][\w&’'-]*[\w]"
_JOIN = r"(?: of the| of| for the| for| on the| on| in| to the| and the| and| &| et| de| des| du)?"
_SEQ = rf"{_CAP}(?:{_JOIN} {_CAP}){{0,7}}"
_LIST = (
    rf"{_CAP}(?: {_CAP}){{0,2}}(?:(?:, {_CAP}(?: {_CAP})?){{1,3}},? and {_CAP}(?: {_CAP})?"
    rf"|{_JOIN} {_CAP}(?:{_JOIN} {_CAP}){{0,6}})?"
)
_PLACE = rf"(?:U\.S\.|{_CAP})"


@dataclass(frozen=True, slots=True)
class Found:
    """A name found by its form."""

    start: int
    end: int
    type: EntityType


_FORMS: tuple[tuple[EntityType, str], ...] = (
    (
        "law",
        r"\bH\.\s?R\.\s?\d{1,5}\b|\bH\.\s?(?:J\.\s?)?Res\.\s?\d+\b|\bHR\s\d{2,5}\b"
        r"|(?<![\w.])S\.\s?\d{1,4}\b(?![\w.]*\d)",
    ),
    (
        "law",
        r"\bExecutive Order (?:No\. )?\d{4,5}\b|\b(?:Regulation"
        r"|Directive) \(E[UC]\) (?:No )?\d+/\d+\b|\bA\.?B\.? \d{2,5}\b|\bSB \d{2,5}\b",
    ),
    (
        "law",
        r"\b[HSAL]\.\s?[BFPDR]\. (?:No\. )?\d{1,5}\b"
        r"|\b(?:[A-Z][a-z]+ )?(?:Circular|Motion|Order|Decree|Resolution|Advisory|Proclamation|Decision|Notice)"
        r" (?:No\. ?\d[\d/-]*|\d+/\d+|[A-Z]{0,3}-?\d{2,4}-\d+)\b",
    ),
    (
        "law",
        rf"\b(?:{_CAP} (?:(?:of|and|in|on|for|the|from|to|against|&) ){{0,2}}){{1,9}}?(?:Act"
        rf"|Bill|Directive|Ordinance|Treaty|Convention)(?: of \d{{4}}| \d{{4}})?\b",
    ),
    ("law", rf"\b(?:{_CAP} (?:(?:of|and|on|for|the) ){{0,2}}){{1,5}}?(?:Regulations|List)(?: \d{{4}})?\b"),
    ("law", r"\b(?:loi|projet de loi|Gesetz|Ley|Lei) [A-ZÉ0-9][\w./-]*(?: [A-Z0-9][\w./-]*){0,6}"),
    (
        "government",
        rf"\b{_PLACE}(?:'s|’s)? (?:[Ee]mbassy|[Cc]onsulate(?:[ -][Gg]eneral)?) in (?:the )?{_CAP}(?: {_CAP}){{0,3}}"
        rf"|\b[Ee]mbassy of (?:the )?{_CAP}(?: {_CAP}){{0,3}} in (?:the )?{_CAP}(?: {_CAP}){{0,3}}",
    ),
    (
        "government",
        rf"\b(?:(?:U\.S\.|US|UK|EU) )?(?:House |Senate |Joint |European Parliament )?(?:Select "
        rf"|Standing |Special |Joint )?(?:Subc|C)ommittee on (?:the )?{_LIST}",
    ),
    (
        "government",
        rf"\b(?:(?:U\.S\.|US|UK|EU) )?(?:House|Senate|Joint|Commons|Lords|Assembly|Bundestag"
        rf"|Knesset|Parliament)(?: {_CAP}| and| &|,){{0,6}} (?:[Ss]ub)?[Cc]ommittee\b",
    ),
    ("government", rf"\b(?:{_PLACE}(?:'s|’s) |{_CAP} )?Ministry (?:of|for) (?:the )?{_LIST}"),
    (
        "government",
        rf"\b(?:{_CAP} )?(?:Department|Bureau|Directorate|(?:Unders|S)ecretariat|Inspectorate) (?:of"
        rf"|for) (?:the )?{_LIST}",
    ),
    ("government", rf"\bOffice (?:of|for) (?:the )?{_SEQ}"),
    ("government", rf"\b(?:{_PLACE}(?:'s|’s) |{_CAP} )?{_CAP} (?:Ministry|ministry)\b"),
    (
        "government",
        rf"\b(?:{_CAP} ){{1,4}}(?:Agency|Commission|Authority|Bureau|Directorate|Tribunal"
        rf"|Parliament|Administration)(?: (?:of|for) (?:the )?{_SEQ})?",
    ),
    ("government", r"\b(?!Which|Each|Such|Much)(?:[A-Z][a-z]+(?:an|ese|ish|ic|ch|i|ss) (?:[a-z]+ ){1,3}ministry)\b"),
    ("government", rf"\b(?:{_CAP} ){{1,3}}Department\b"),
    (
        "government",
        rf"\b(?:(?:U\.S\.|US) )?(?:{_CAP} )?(?:District|High|Supreme|Circuit|Appeals|Federal"
        rf"|County|Regional|People's|Constitutional) Court(?: (?:of|for|in) (?:the )?{_SEQ})?"
        rf"|\bCourt of {_SEQ}",
    ),
    ("company", rf"\b(?:{_CAP} ){{0,2}}Bank of (?:the )?{_CAP}(?: {_CAP})?"),
    (
        "organisation",
        rf"\bUniversit(?:y|é|ät|à) (?:of|de|d'|du|für) (?:the )?{_SEQ}|\bUniversi(?:dade"
        rf"|dad) (?:de|do|da|Federal)(?: {_CAP}|(?: d[eoa])){{0,6}}",
    ),
    ("organisation", rf"\b(?:{_CAP} ){{1,4}}(?:University|College|Polytechnic)(?: of {_SEQ}|, {_CAP})?\b"),
    (
        "organisation",
        rf"\b(?:{_CAP} ){{1,4}}(?:Institute|Institution|Foundation|Association|Council|Centre"
        rf"|Center|Alliance|Forum|Academy|Federation|Coalition|Consortium|Society|Initiative"
        rf"|Union)(?: (?:of|for|on) (?:the )?{_SEQ})?",
    ),
    (
        "organisation",
        rf"\b(?:Institute|Centre|Center|Council|Foundation|Association|Alliance|Academy|Society"
        rf"|Institut|Centro|Instituto|Fundación|Fundação|Associação) (?:of|for|on|de|para|pour"
        rf"|für) (?:the |la |o |a )?{_SEQ}",
    ),
)
_NEEDED = re.compile(
    r"H\. ?R|HR |S\. ?\d|Res\.|Executive Order|\(E[UC]\)|B\.? \d|Act\b|Bill|Directive|Ordinance|Treaty|Convention"
    r"|onsulate|Regulations|List|loi|Gesetz|Ley|Lei|mbassy|ommittee|inistry|Department|Bureau|Directorate|ecretariat|Inspectorate"
    r"|\.\s?[BFPDR]\. |Circular|Motion|Order|Decree|Resolution|Advisory|Proclamation|Decision|Notice|ministry"
    r"|Office|Agency|Commission|Authority|Tribunal|Parliament|Administration|Court|Universi|College|Polytechnic|Instit"
    r"|Foundation|Association|Council|Cent|Alliance|Forum|Academy|Federation|Coalition|Consortium|Society|Initiative"
    r"|Union|Funda|Associa|Bank"
)
"""What every form has: a line without it is not searched."""
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _FORMS)

_LINE = re.compile(r"[^\n]+")
_NOT_AT_START = re.compile(
    r"^(?:The|A|An|This|That|In|On|At|By|For|From|Under|After|Before|But|And|When|While"
    r"|Its|His|Her|Their|Our|Chairman|Chairwoman"
    r"|Senator|Sen|Representative|Rep|President|Secretary|Director|Minister|Both|Each|Any"
    r"|If|As|Since|With|Last|No|Such|Meanwhile"
    r"|Chair|Member|Whether|Former|According|Asked|Speaking|Citing|Monday|Tuesday|Wednesday|Thursday|Friday) "
)


def find_patterned(text: str, language: str = "en") -> Iterator[Found]:
    """Names by form, longest first at each place; they may lie inside one another."""
    every = [line.span() for line in _LINE.finditer(text)]
    for kind, pattern in FORMS.get(language, ()):
        for line in every:
            for match in pattern.finditer(text, *line):
                yield Found(*match.span(), kind)
    lines = [line for line in every if _NEEDED.search(text, *line)]
    for kind, pattern in _PATTERNS:
        for match in (match for line in lines for match in pattern.finditer(text, *line)):
            start, end = match.span()
            while True:
                strip = _NOT_AT_START.match(text[start:end])
                if strip is None:
                    break
                start += strip.end()
            if "\n" in text[start:end] or end - start < 4:
                continue
            words = text[start:end].split()
            if re.fullmatch(
                r"(?:\w+ )?(?:Act|Bill)|(?:The|This|That|Senators?|Representatives?|Sens?\.?|Congressm[ae]n) .*",
                text[start:end],
            ):
                continue
            if len(words) == 1 and kind != "law":
                continue
            yield Found(start, end, kind)
