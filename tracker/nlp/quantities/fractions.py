"""Shares and times without a cardinal: 'nearly half', 'two-thirds', 'one in five', 'for a year', 'half an hour'."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.nlp.numbers import Token, parse_number, part_of_scale
from tracker.nlp.quantities.figures import Figure
from tracker.nlp.quantities.lexicon import UnitWords, matches_at, phrase_before
from tracker.nlp.quantities.measures import read_measure

_MULTIPLIERS = {
    "en": {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9},
    "fr": {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "la": 1},
    "de": {"ein": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "die": 1, "der": 1},
    "es": {"un": 1, "dos": 2, "tres": 3, "cuatro": 4, "la": 1},
    "pt": {"um": 1, "dois": 2, "três": 3, "quatro": 4, "a": 1},
}


_AFTER_SHARE = frozenset({"are", "were", "have", "less", "fewer"})


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _share(first: int, after: int, number_first: int, percent: float) -> Figure:
    return Figure(first, after, round(percent, 1), "exact", "percent", number_first, after)


def parse_fraction(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    """The share that begins at tokens[at], as percent; None if none does."""
    if tokens[at].kind not in ("word", "number"):
        return None
    if tokens[at].kind == "word" and part_of_scale(tokens, at, words.numbers) is not None:
        return None  # 'three-quarters of a million' is a number
    return (
        _part_of_time(tokens, at, words)
        or _half(tokens, at, words)
        or _parts(tokens, at, words)
        or _named_part(tokens, at, words)
        or _twice(tokens, at)
        or _out_of(tokens, at, words)
    )


def _part_of_time(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    """'three quarters of an hour', 'a third of a year': a duration."""
    count = _MULTIPLIERS["en"].get(tokens[at].lower) if words.code == "en" else None
    if count is None:
        return None
    i = at + 2 if _lower(tokens, at + 1) in ("-", "‐", "‑") else at + 1
    part = words.numbers.fractions.get(_lower(tokens, i))
    if part is None or _lower(tokens, i + 1) != "of" or _lower(tokens, i + 2) not in ("a", "an"):
        return None
    days = words.time.get(_lower(tokens, i + 3))
    if days is None:
        return None
    value = days * count / round(100 / part)
    return Figure(at, i + 4, float(f"{value:.6g}" if value >= 1 else f"{value:.3g}"), "exact", "duration", at, i + 4)


def _half(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    word, following = tokens[at].lower, _lower(tokens, at + 1)
    if words.code != "en":
        if words.numbers.fractions.get(word) != 50:
            return None
        return _share(at, _noun_end(tokens, at + 1), at, 50)
    if word != "half" or _lower(tokens, at - 1) in words.set_of("other_halves") or following in "-‐‑":
        return None
    if following in ("a", "an", "hour", "year", "day") or (
        _lower(tokens, at - 1) in ("a", "an") and following not in words.set_of("wholes")
    ):
        return None
    qualified = phrase_before(tokens, at, words.before) is not None
    if following in words.set_of("wholes") or qualified or _lower(tokens, at - 1) in words.set_of("before_share"):
        return _share(at, _noun_end(tokens, at + 1), at, 50)
    return None


def _parts(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    count = _MULTIPLIERS[words.code].get(tokens[at].lower)
    if count is None:
        return None
    i = at + 2 if _lower(tokens, at + 1) in "-‐‑" and at + 1 < len(tokens) else at + 1
    part = words.numbers.fractions.get(_lower(tokens, i))
    if part is None or tokens[i].kind != "word" or (part == 50 and words.code == "en" and count != 1):
        return None
    following = _lower(tokens, i + 1)
    sure = (
        i == at + 2
        or ((count > 1 and part != 25) or (count > 1 and words.code != "en"))
        or (words.code == "en" and tokens[at].lower == "one")
    )
    qualified = phrase_before(tokens, at, words.before) is not None
    linked = following in words.set_of("wholes") or following in words.set_of("of")
    of_time = part == 25 and words.code == "en" and not linked
    if (
        of_time
        and _lower(tokens, at - 1) not in words.set_of("before_share")
        and not (i == at + 2 and count > 1)
        and not (qualified and following in ("", ".", ",", ";", "in", "this", "since"))
    ):
        return None
    ends = words.code == "en" and part != 50 and _is_left_alone(tokens, at, i + 1)
    if not (sure or qualified or linked or ends or _lower(tokens, at - 1) in words.set_of("before_share")):
        return None
    return _share(at, _noun_end(tokens, i + 1), at, 100 * count / round(100 / part))


def _twice(tokens: Sequence[Token], at: int) -> Figure | None:
    """'twice that', 'twice as many': a factor of two."""
    if tokens[at].lower != "twice" or _lower(tokens, at + 1) not in ("that", "as"):
        return None
    return Figure(at, at + 2, 2.0, "exact", "other", at, at + 1)


def _named_part(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    """'la quinta parte', 'a terça parte'."""
    percent = (words.numbers.block.get("parts") or {}).get(_lower(tokens, at + 1))
    if percent is None or _lower(tokens, at + 2) != "parte" or tokens[at].lower not in ("la", "una", "a", "uma"):
        return None
    return _share(at, _noun_end(tokens, at + 3), at, float(percent))


def _is_left_alone(tokens: Sequence[Token], at: int, after: int) -> bool:
    """'a third are abroad', 'at a third less', 'of which the fund paid a fifth': a share without its whole."""
    following = _lower(tokens, after)
    if following in _AFTER_SHARE or (following == "more" and _lower(tokens, after + 1) == "than"):
        return True
    before = [token.lower for token in tokens[max(0, at - 8) : at]]
    return following in ("", ".", ",", ";") and any(word in ("which", "whom") for word in before)


def _out_of(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    """'one in five users', 'nine out of ten', 'huit réponses sur dix', 'acht von zehn', '4 em cada 10 respostas'."""
    if tokens[at].kind == "word" and tokens[at].lower not in words.numbers.words:
        return None
    left = parse_number(tokens, at, words.numbers)
    if left is None or left.has_scale or not left.value.is_integer() or left.value < 1:
        return None
    i = _past_link(tokens, left.after, words)
    if not i and left.after < len(tokens) and _may_be_shared(tokens[left.after], left.value, words):
        i = _past_link(tokens, left.after + 1, words)  # 'one engineer in five'
    if not i or i >= len(tokens):
        return None
    right = parse_number(tokens, i, words.numbers)
    if right is None or right.has_scale or right.value <= left.value or right.value > 100:
        return None
    measure = read_measure(tokens, right.after, right, words)
    if measure is not None and measure.kind in ("duration", "percent", "money"):
        return None
    if right.value >= 32 or (tokens[i].kind == "number" and tokens[at].kind != "number"):
        return None
    if tokens[i].kind == "number" and _lower(tokens, right.after) in ("-", "/", ":", "°"):
        return None
    return _share(at, measure.after if measure else right.after, at, 100 * left.value / right.value)


def _may_be_shared(token: Token, count: float, words: UnitWords) -> bool:
    """Whether a word can be the noun of a share: 'one engineer in five', but not 'the two agreed in nine cases'."""
    if token.kind != "word" or token.lower in words.set_of("stops"):
        return False
    return words.code == "de" or (token.lower.endswith(("s", "x", "people")) if count > 1 else token.lower[-2:] != "ed")


def _past_link(tokens: Sequence[Token], at: int, words: UnitWords) -> int:
    """The token after "in", "out of every", "sur" at tokens[at]; 0 where none stands there."""
    if _lower(tokens, at) == "of" and _lower(tokens, at + 1) in ("ten", "10"):
        return at + 1
    for phrase in words.out_of.get(_lower(tokens, at), ()):
        if matches_at(tokens, at, phrase):
            return at + len(phrase)
    return 0


def _noun_end(tokens: Sequence[Token], at: int) -> int:
    """The end of a short 'of its traffic' after a share."""
    i = at
    if _lower(tokens, i) in ("of", "de", "der", "des", "von", "do", "da", "dos", "das", "del", "du", "d'"):
        i += 1
        if _lower(tokens, i) in (
            "the",
            "its",
            "their",
            "his",
            "her",
            "those",
            "these",
            "all",
            "that",
            "ses",
            "sus",
            "seus",
            "la",
            "las",
            "los",
        ):
            i += 1
        if i < len(tokens) and tokens[i].kind == "word" and tokens[i].lower not in ("next", "last", "this"):
            return i + 1
    return at


def parse_article_time(tokens: Sequence[Token], at: int, words: UnitWords) -> Figure | None:
    """'for a year', 'more than a week', 'half an hour', 'a year and a half': a duration whose count is an article."""
    if words.code != "en":
        return None
    word, share, i = tokens[at].lower, 1.0, at + 1
    if word == "half":
        if _lower(tokens, i) not in ("a", "an"):
            return None
        share, i = 0.5, i + 1
    elif word not in ("a", "an"):
        return None
    days = words.time.get(_lower(tokens, i))
    if days is None or _lower(tokens, i).endswith("s") or _lower(tokens, i) == "second":
        return None
    previous = _lower(tokens, at - 1)
    after = i + 1
    if [_lower(tokens, after + k) for k in range(3)] == ["and", "a", "half"]:
        share, after = 1.5, after + 3
    qualifier = phrase_before(tokens, at, words.before)
    is_measured = (
        previous in words.set_of("for_time") or share != 1.0 or (qualifier is not None and qualifier[1] != "exact")
    )
    if word != "half" and _lower(tokens, after) == "of" and _lower(tokens, after + 1) in ("a", "an"):
        return None  # 'a quarter of a million'
    if not is_measured or _lower(tokens, after) in ("earlier", "ago", "later", "before", "prior"):
        return None
    value = float(f"{share * days:.6g}" if days >= 1 else f"{share * days:.3g}")
    return Figure(at, after, value, "exact", "duration", at, after)
