"""Datelines: "WASHINGTON, June 10 (Wire) -" and "某社北京6月10日电（记者张三）" at the head of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD_PARAGRAPHS = 4
_HEAD_CHARS = 240
_WORD = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’\-]*"
_PLACE = rf"{_WORD}(?:[ /]{_WORD}){{0,4}}"
_REGION = r"(?:,? (?:D\.C\.|[A-ZÀ-Þ][\w.'’\-]{1,14}(?: [A-ZÀ-Þ][\w.'’\-]{1,14}){0,2}))?"
_DAY = r"(?:[A-Za-zÀ-ÿ]{3,9}\.? \d{1,2}(?:,? \d{4})?|\d{1,2}\.? (?:de )?[A-Za-zÀ-ÿ]{3,9}\.?(?: \d{4})?)"
_DASH = r"\s*(?:[–—―]|--|-(?=\s))\s*"
_AGENCY = r"[A-Za-zÀ-ÿ][\w .&'’\-]{1,38}"
_WESTERN = re.compile(
    rf"(?P<line>(?P<place>{_PLACE}){_REGION}(?:,? (?P<day>{_DAY}))?"
    rf"(?: ?\((?P<agency>{_AGENCY})\)| /(?P<wire>[A-Za-z][\w .]{{2,30}})/)?){_DASH}(?=\S)"
)
_MIXED_PLACE = r"[A-ZÀ-Þ][\w.'’\-]{2,20}(?: [A-ZÀ-Þ][\w.'’\-]{1,20}){0,2}"
_MIXED = re.compile(
    rf"(?P<line>(?P<place>{_MIXED_PLACE}){_REGION}(?:,? (?P<day>{_DAY}))?"
    rf" ?(?:\((?P<agency>{_AGENCY})\)|/(?P<wire>[A-Za-z][\w .]{{2,30}})/)){_DASH}(?=\S)"
)
_RELEASE = re.compile(
    rf"(?P<line>(?P<place>{_MIXED_PLACE}){_REGION}(?:{_DASH}|,\s*)(?P<day>{_DAY}))(?P<agency>)(?P<wire>){_DASH}(?=\S)"
)
_HAN = r"[\u4e00-\u9fff]"
_CHINESE = re.compile(
    rf"[【（(]?(?P<line>(?P<agency>{_HAN}{{1,8}}?(?:社|网|網|报|報|在线|在線|电视台|電視台))"
    rf"(?P<place>[\u4e00-\u9fff、·]{{0,14}}?)(?:\d{{1,2}}月)?\d{{1,2}}日(?:电|電|讯|訊|消息)"
    rf"(?:\s?[（(](?:记者|記者)\s*(?P<names>[^）)]{{1,60}})[）)])?)"
)
_OWN_WIRE = re.compile(
    rf"[【\[](?P<line>(?P<agency>{_HAN}{{2,10}}?)(?:专讯|專訊|讯|訊|综合报道|綜合報導))[】\]]|"
    rf"(?P<line2>(?P<agency2>{_HAN}{{2,10}}?(?:社|网|網|报|報))(?:讯|訊|消息))[，,：:\s]"
)
_NO_PLACE = frozenset(
    {"OPINION", "ANALYSIS", "EXCLUSIVE", "UPDATE", "BREAKING", "WATCH", "EDITORIAL", "COMMENTARY", "CORRECTED",
     "CORRECTION", "EXPLAINER", "NEWS", "FACTBOX", "INSIGHT", "INTERVIEW", "FOCUS", "REVIEW", "VIDEO", "PHOTOS",
     "LIVE", "PODCAST", "SUMMARY", "ABSTRACT", "NOTE", "WARNING", "FACT", "FICTION", "MEMORANDUM", "SUBJECT", "DATE",
     "FROM", "TITLE", "SECTION", "CHAPTER", "PART", "FAQ", "TLDR", "UPDATED", "RECAP", "QUESTION", "ANSWER",
     "SPONSORED", "DEVELOPING"}
)  # fmt: skip
_SELF = frozenset({"本报", "本報", "本网", "本網", "本社", "本刊", "本台"})
"""What a Chinese house calls itself; such a line names nobody."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of a report: `line` as it stands in the text, who sent it, and who signs it there."""

    line: str
    agency: str | None
    byline: str | None = None


def find_dateline(text: str) -> Dateline | None:
    """The dateline of a text: at the very beginning of one of its first paragraphs; None without one.

    A place in capitals before a dash is enough; a place in small letters needs an agency beside it. A day in it is
    not taken for the day of publication: it has no year.
    """
    for paragraph in text.split("\n\n", _HEAD_PARAGRAPHS)[:_HEAD_PARAGRAPHS]:
        head = paragraph.lstrip()[:_HEAD_CHARS]
        if found := _western(head) or _chinese(head):
            return found
    return None


def _western(head: str) -> Dateline | None:
    match = _WESTERN.match(head) or _MIXED.match(head) or _RELEASE.match(head)
    if match is None:
        return None
    place, agency = match["place"], match["agency"] or match["wire"]
    named = agency or match["day"]
    letters = re.sub(r"[^A-Za-zÀ-ÿ]", "", place)
    is_label = set(re.findall(r"[A-ZÀ-Þ]+", place)) & _NO_PLACE or any(char.isdigit() for char in place)
    if len(letters) < (3 if named else 4) or is_label:
        return None
    return Dateline(match["line"].strip(), agency.strip() if agency else None)


def _chinese(head: str) -> Dateline | None:
    if match := _CHINESE.match(head):
        names = " ".join((match["names"] or "").replace("、", " ").split())
        return Dateline(match["line"], _house(match["agency"]), names.replace(" ", "、") or None)
    if match := _OWN_WIRE.match(head):
        return Dateline(match["line"] or match["line2"], _house(match["agency"] or match["agency2"]))
    return None


def _house(name: str) -> str | None:
    name = name.removeprefix("据").removeprefix("據")
    return None if name in _SELF else name
