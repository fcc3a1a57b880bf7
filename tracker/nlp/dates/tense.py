"""Where the tense points: the verb nearest to a date, before it in the sentence or else after it."""

from __future__ import annotations

import re
from typing import Literal

from tracker.nlp.dates.lexicon import DateWords

Direction = Literal["past", "future"]

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?|[;:!?,—–]|\.(?=\s+[A-Z\"“])|\n")
_STOPS = frozenset(".;!?\n")
_MARKS = frozenset(".;:!?\n,—–")
_OPENERS = frozenset(
    {
        "and",
        "but",
        "which",
        "that",
        "who",
        "whom",
        "where",
        "while",
        "when",
        "because",
        "although",
        "though",
        "since",
        "—",
        "–",
    }
)
_PASSIVES = frozenset({"is", "are", "was", "were", "be", "been", "being", "now", "has", "have", "had", "all"})
_DETERMINERS = frozenset(("the", "a", "an", "its", "this", "that", "their", "his", "her", "these", "those"))
_PREPOSITIONS = frozenset({"in", "on", "at", "from", "by", "during", "early", "late", "until", "the", "back"})
_COMPLEMENTS = frozenset(("that", "whether", "dass", "daß", "ob", "que", "qu'", "si"))
"""Words that open a clause below the verb that a date belongs to: its verbs have a time of their own."""
_PERFECT_LEADS = frozenset({"may", "might", "could", "should", "must", "can", "would"})
_LEADS = _PERFECT_LEADS | {"will", "shall"}
_BEFORE, _AFTER = 220, 160


def find_direction(text: str, start: int, end: int, words: DateWords) -> Direction | None:
    """Whether the sentence speaks of the past or of what is to come at text[start:end]; None where no verb tells.

    The verb before the date decides, unless the date opens its clause ('... ; in February it accused').
    """
    before = _words_before(text, start)
    after = _words_after(text, end)
    if after and after[0].startswith(("dated", "datiert")):
        return "past"
    if _is_appointed(before, words):
        return "future"
    if _opens_clause(before):
        return _first(after, words) or _last(before, words)
    after = _above(after)
    return _last(before, words) or _first(after, words)


def _is_appointed(before: list[str], words: DateWords) -> bool:
    """'has set a first hearing for', 'adjourned to', 'trial is listed for': the day lies ahead."""
    i = len(before)
    while i and before[i - 1] in ("the", "dem", "den", "le", "el", "o"):
        i -= 1
    if i > 1 and before[i - 1] in ("in", "on") and before[i - 2] in ("date", "hearing", "trial", "vote", "session"):
        return any(word in ("next", "set", "sets", "fixed") for word in before[max(0, i - 5) : i - 2])
    if not i or before[i - 1] not in words.words("appointed_by"):
        return False
    return any(word in words.words("appointed") for word in before[max(0, i - 8) : i - 1])


def _form(word: str) -> str:
    """A word as the lexicon writes it; the months May and March, and people called Will, are no verbs."""
    return word if word in ("May", "March", "Will") else word.lower().replace("’", "'")


def _words_before(text: str, start: int) -> list[str]:
    found = [_form(word) for word in _WORD.findall(text, max(0, start - _BEFORE), start)]
    for i in range(len(found) - 1, -1, -1):
        if found[i] in _STOPS and not (found[i] == "." and i > 0 and len(found[i - 1]) <= 2):
            return found[i + 1 :]
    return found


def _words_after(text: str, end: int) -> list[str]:
    found = [_form(word) for word in _WORD.findall(text, end, end + _AFTER)]
    for i, word in enumerate(found):
        if word in _STOPS:
            return found[:i]
    return found


def _above(after: list[str]) -> list[str]:
    """What follows a date up to the clause below: in 'its call in April that firms should ...' nothing does."""
    for i, word in enumerate(after):
        if (i == 0 and word in _COMPLEMENTS) or (word in ("dass", "daß") and i):
            return after[:i]
        if word == "," and i == 0 and after[1:2] in (["dass"], ["daß"], ["ob"]):
            return []
    return after


def _opens_clause(before: list[str]) -> bool:
    i = len(before)
    while i > 0 and before[i - 1] in _PREPOSITIONS:
        i -= 1
    return i == 0 or before[i - 1] in _OPENERS or before[i - 1] == ":"


def _last(sentence: list[str], words: DateWords) -> Direction | None:
    for i in range(len(sentence) - 1, -1, -1):
        if sentence[i] not in _MARKS and (found := _cue(sentence, i, words)):
            return found
    return None


def _first(sentence: list[str], words: DateWords) -> Direction | None:
    for i, word in enumerate(sentence):
        if word not in _MARKS and (found := _cue(sentence, i, words)):
            return found
    return None


def _cue(sentence: list[str], i: int, words: DateWords) -> Direction | None:
    word = sentence[i]
    if i and sentence[i - 1] in _DETERMINERS and not (sentence[i - 1] == "that" and word not in words.future):
        return None  # 'the planned rule', against 'a network that worked'
    if word in words.future or word.endswith(tuple(words.words("future_endings")) or ("\0",)):
        if word in words.future and _is_past_group(sentence, i, words):
            return "past"
        if word == "proposed" and (i == 0 or sentence[i - 1] not in ("is", "are", "be")):
            return "past"  # somebody proposed it, against 'a vote is proposed for'
        if word in _PERFECT_LEADS and _is_perfect(sentence, i, words):
            return "past"
        if word == "set" and (i == 0 or sentence[i - 1] not in _PASSIVES):
            return "past"  # 'set out the case', against 'is set for'
        if word == "would" and sentence[i + 1 : i + 2] in (["not"], ["go"], ["neither"], ["say"]):
            following = sentence[i + 1 : i + 4]
            if any(
                verb in following for verb in ("say", "go", "comment", "discuss", "confirm", "be", "elaborate", "talk")
            ):
                return "past"  # a refusal, not a plan: 'would go no further on Monday'
        return "future"
    if word == "to" and words.code == "en" and i > 0 and sentence[i - 1] in ("is", "are"):
        return "future"
    if word in ("have", "has") and any(previous in ("to", "will", "would") for previous in sentence[max(0, i - 2) : i]):
        return "future"
    if word in words.past or _is_past_form(word, words):
        group = sentence[max(0, i - 3) : i]
        if words.code == "en" and "have" in group and not _PERFECT_LEADS.isdisjoint(group):
            return "past"  # 'may have copied', 'should have told'
        if words.code == "en" and (not _LEADS.isdisjoint(group) or group[-2:] == ["to", "be"]):
            return "future"
        return "past"
    return None


def _is_past_group(sentence: list[str], i: int, words: DateWords) -> bool:
    """'had planned', 'was due', 'took effect': a cue of the future in a past verb group is the past all the same."""
    return (
        words.code == "en"
        and sentence[i] in ("plan", "planned", "set", "plans")
        and any(word in ("had", "has", "have") for word in sentence[max(0, i - 2) : i])
    )


def _is_perfect(sentence: list[str], i: int, words: DateWords) -> bool:
    """'may have', 'should not have': a guess or a judgement about what is over."""
    return words.code == "en" and "have" in sentence[i + 1 : i + 3]


def _is_past_form(word: str, words: DateWords) -> bool:
    endings = tuple(words.words("past_endings"))
    return len(word) > 3 and word.endswith(endings) and word not in words.words("not_past") if endings else False
