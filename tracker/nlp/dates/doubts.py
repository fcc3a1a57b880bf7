"""What only looks like a time: the year in the name of a law, the verb 'may', a base of comparison."""

from __future__ import annotations

import re

from tracker.nlp.dates.lexicon import DateWords
from tracker.nlp.dates.tense import find_direction

_REACH = 40
_LAST_WORD = re.compile(r"([\w’']+)[^\w]*$")
_PREPOSITION = re.compile(
    r"(?:\b(?:in|on|since|by|until|till|of|from|between|during|for|through|throughout|late|early|mid|before|after|around|"
    r"this|last|next|both)|mid-|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z.]{0,7}\s(?:and|or|to))\s*$",
    re.I,
)
_ENDS_CLAUSE = re.compile(r"\s*(?:[.,;:)\]!?\u2013\u2014\"”’]|$|and\b|but\b|when\b|in\b|at\b|by\b|with\b|to\b)")
_NO_EXACT_DAY = re.compile(r"\b(?:more than|over|less than|at least|up to|well over|under)\s*$", re.I)
_NUMBERED = re.compile(
    r"(?:[$€£¥#§№]|\b(?:No|nos|art|sec|Nr|n°)\.?"
    r"|\b(?:H\.R\.|S\.|room|page|over|nearly|almost|than))\s*$",
    re.I,
)
_COMPARED_BASE = re.compile(r"\b(?:from|than|versus|vs\.?|against|compared (?:with|to))\s*$", re.I)
_COMPARES = re.compile(
    r"\b(?:from|than|versus|vs\.?|against|compared (?:with|to)|over|on|up|down)\s*(?:the\s*)?$", re.I
)


def is_no_time(text: str, start: int, end: int, name: str, match: re.Match[str], words: DateWords) -> bool:
    """Whether the match of a pattern does not name a time there, by its neighbours."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    groups = match.groupdict()
    if name == "year":
        return not groups.get("part") and _names_or_counts(before, after, text[start:end], words)
    if name == "month":
        return _lone_month(before, after, groups, words) or _law_name(before, words, groups)
    if name in ("ago", "ago_pre"):
        return _inexact(before, after, groups)
    if name == "season" and groups.get("season4"):
        led = re.search(r"(?<!later )\b(?:in|for|until|by|since|during|through|this)\s$", before, re.I)
        return not led or bool(re.match(r"\s+(?:of|in|from|to|break|recess|season|term|holidays?)\b", after))
    if name == "anaphor":
        return _points_elsewhere(before, after, match.group().lower())
    if name == "fixed":
        return _other_sense(before, after, match.group(), words)
    if name == "weekday":
        return words.code == "en" and _in_a_name(before, after)
    if name == "in_time":
        return not groups.get("time") and not _points_ahead(text, start, end, words)
    if name == "window" and words.code == "en" and _lasts(before, text[start:end]):
        return True
    if name in ("unit", "window") and re.match(r"\s+of\s+(?!this\b|last\b|the (?:month|year)\b)", after):
        return bool(re.search(r"\bthe\s$", before)) or text[start : start + 4].lower() == "the "
    if name in ("unit", "window", "unit_the") and words.code == "en":
        return bool(re.search(r"\b(?:fiscal|than)\s*$", before, re.I))
    return False


_BEFORE_WEEKDAY = re.compile(
    r"(?:[.!?:;,\n\"“”(—–-]|\b(?:on|by|since|until|till|from|of|and|or|to|last|this|next|late|early|before|after|between|"
    r"through|for|than|that|said|says|told|but|at|as|in))\s*$|^\s*$",
    re.I,
)


def _in_a_name(before: str, after: str) -> bool:
    """Whether a weekday is part of a name ("the Sunday Compass") or any such day ("on a Friday night")."""
    if re.search(r"\b(?:a|an|every|each|any)\s$", before, re.I):
        return not re.match(r"\s(?:in|of)\b", after)
    return bool(re.match(r"\s[A-Z][a-z]", after)) and not _BEFORE_WEEKDAY.search(before)


def _lasts(before: str, phrase: str) -> bool:
    """Whether "last two weeks" is the verb: nothing leads to it that leads to a time."""
    if not phrase.startswith("last "):
        return False
    return not re.search(
        r"\b(?:in|over|for|during|within|of|from|since|the|these|those|through|its|their|our)\s$", before
    )


def _points_ahead(text: str, start: int, end: int, words: DateWords) -> bool:
    """Whether 'in two weeks' is a time to come, not how long something took; "of" or a past verb makes it a length."""
    if re.match(r"\s+(?:of|at|after|before|since|than|as|or)\b", text[end : end + 12]):
        return False
    before = text[max(0, start - _REACH) : start]
    ahead = re.search(
        r"\b(?:will|shall|to|due|expires?|opens?|starts?|begins?|ends?|meets?|votes?|returns?|scheduled)\b", before
    )
    return bool(ahead) and find_direction(text, start, end, words) == "future"


def _last_word(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found.group(1) if found else ""


def _names_or_counts(before: str, after: str, year: str, words: DateWords) -> bool:
    if re.match(
        r"/\d|\s+(?:accounts?|exchanges|queries|prompts|users|employees|companies|people|tokens|votes?|dollars|comptes|Konten|cuentas|contas)\b",
        after,
    ):
        return True
    if _NUMBERED.search(before):
        return not re.search(r"\b(?:over|nearly|almost|than)\s*$", before, re.I) or bool(
            re.match(r"\s+[a-z]+s\b", after)
        )
    if re.search(r"\b(?:on|with|using|bought|used|runs|ran|opened|added)\s$", before) and re.match(
        r"\s[a-z]{2,}s\b", after
    ):
        return True
    last = _last_word(before)
    if not last or not before.rstrip().endswith(last):
        return bool(re.search(r"[/\\.-]$", before))
    if last.lower() == "of" or last.lower() in words.words("of"):
        previous = _last_word(before.rstrip()[: -len(last)])
        return previous.lower() in {word.lower() for word in words.words("law_words")} and (
            previous[:1].isupper() or words.code != "en"
        )
    if not last[:1].isupper():
        return last.lower() in {word.lower() for word in words.words("law_words")} and words.code != "en"
    if words.code != "en":
        return last.lower() in {word.lower() for word in words.words("law_words")}
    return last.lower() not in words.words("year_lead")


def _law_name(before: str, words: DateWords, groups: dict[str, str | None]) -> bool:
    return words.code == "en" and not groups.get("y") and bool(re.search(r"\bBlack\s$", before))


def _lone_month(before: str, after: str, groups: dict[str, str | None], words: DateWords) -> bool:
    month = (groups.get("m") or "").lower()
    if groups.get("y") or groups.get("part") or groups.get("which") or groups.get("wy") or groups.get("post"):
        return False
    if words.code != "en":
        doubtful = {form.lower() for form in words.words("doubtful_months")}
        full = {forms[0].lower() for forms in words.block["months"]}
        return month in doubtful or (len(month) <= 3 and month not in full) or bool(re.match(r"\s?\d{5}", after))
    if _PREPOSITION.search(before):
        return bool(re.match(r"\s+(?:I|have|not|be)\b", after)) and month == "may"
    if re.search(r"\b(?:the|its|their|a|his|her|our)\s$|[’']s\s$", before) and re.match(
        r"\s(?!on\b|of\b)[a-z]{3}", after
    ):
        return False  # 'the May summit'
    if month in {form.lower() for form in words.words("doubtful_months")}:
        return not re.match(r"\s*(?:[-–]|to|and|through)\s*(?:[A-Z][a-z]+)\s+\d{4}", after)
    return bool(re.match(r"\s+[A-Z][a-z]+", after))


def _inexact(before: str, after: str, groups: dict[str, str | None]) -> bool:
    if _NO_EXACT_DAY.search(before):
        return True
    word = (groups.get("earlier") or groups.get("later") or "").lower()
    if not word:
        return bool(_COMPARES.search(before)) and (groups.get("unit") or "").startswith("year")
    if _COMPARED_BASE.search(before):
        return True
    adverb = word in ("earlier", "later", "previously", "afterwards", "afterward")
    if adverb:
        return bool(re.match(r"\s+than\b", after))
    return not _ENDS_CLAUSE.match(after)


def _points_elsewhere(before: str, after: str, phrase: str) -> bool:
    if phrase in ("the day before", "the day after"):
        return bool(re.match(r"\s+(?:the|a|an|its|his|her|their|it|he|she|they|[A-Z]\w+)\b", after))
    return bool(_COMPARES.search(before)) and "year" in phrase


def _other_sense(before: str, after: str, phrase: str, words: DateWords) -> bool:
    lower = phrase.lower()
    if words.code == "en" and lower == "today":
        following = re.match(r"[’']s\s+([\w-]+)", after)
        return bool(following and following.group(1).lower() in words.words("generic_today"))
    if words.code == "es" and lower == "mañana":
        return bool(re.search(r"\b(?:la|esta|una|cada)\s*$", before, re.I))
    return words.code == "de" and phrase == "Morgen"
