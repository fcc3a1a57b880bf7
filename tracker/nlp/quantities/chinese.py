"""Quantities in Chinese: 近2.5万个虚假账户, 逾2880万次交互, 1600多万次, 三家公司, 94.55港元, 百分之十."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tracker.errors import UnreadableInput
from tracker.nlp.chinese_numerals import DIGITS_OR_NUMERALS, parse_chinese_number
from tracker.nlp.quantities.doubts import Blocked
from tracker.resources import bundled_path
from tracker.types import Qualifier, Quantity, QuantityKind
from tracker.yamlfile import load_yaml

_LARGE_FROM = 1000
_NOUN_REACH = 6
_SENTENCE_REACH = 80
_SCALE = "[十百千万萬亿億]{0,3}"
_SIGNS = {"US$": "USD", "HK$": "HKD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    path = bundled_path("data/lexicon") / "numbers_chinese.yaml"
    data = load_yaml(path).data
    if not isinstance(data, dict):
        raise UnreadableInput(f"{path}, line 1: expected lists of words")
    return data


def _any_of(*keys: str) -> str:
    found = [str(word) for key in keys for word in _words()[key]]
    return "|".join(sorted(found, key=len, reverse=True))


@lru_cache(maxsize=1)
def _nouns() -> Mapping[str, QuantityKind]:
    return {noun: kind for kind, nouns in _words()["kinds"].items() for noun in nouns}


@lru_cache(maxsize=1)
def _large() -> Mapping[str, QuantityKind]:
    return {noun: kind for kind, nouns in _words()["large_kinds"].items() for noun in nouns}


@lru_cache(maxsize=1)
def _number_pattern() -> re.Pattern[str]:
    several = "[十百千万亿]{1,3}"
    return re.compile(
        rf"(?P<before>(?P<over>{_any_of('over')})|(?P<under>{_any_of('under')})|{_any_of('about')})?(?:了|达|有|为)?"
        r"(?P<sign>US\$|HK\$|[$€£¥￥])?"
        rf"(?:(?P<fraction>(?P<of>{DIGITS_OR_NUMERALS})分之(?P<part>{DIGITS_OR_NUMERALS}))|(?P<half>一半|半数)"
        rf"|(?P<vague>数以(?P<counted>{several})计|(?:数|几|好几)(?P<several>{several})|成千上万|成百上千)"
        rf"|(?P<number>{DIGITS_OR_NUMERALS})(?P<mid>多|余|几)?(?P<scale>{_SCALE})(?P<mid2>多|余|来(?=[个名家位次条项年天]))?)"
    )


@lru_cache(maxsize=1)
def _after_pattern() -> re.Pattern[str]:
    nouns = "|".join(sorted(_nouns(), key=len, reverse=True))
    return re.compile(
        r"(?P<percent>[%％]|个?百分点|成(?![立为功员本果都交长年绩熟就品因语型套份分]))"
        rf"|(?P<money>{_any_of('money')})|(?P<days>{_any_of('days')})(?:多|余)?(?![度号级])"
        rf"|(?P<classifier>{_any_of('classifiers')})(?:(?:以上|左右|以下|以内)?的)?(?P<noun>[^\s，。；、！？,.;:：（）()0-9%的和与及]{{0,10}})"
        rf"|(?P<lone>{nouns})|(?P<measured>{_any_of('measures')})"
    )


_TO = re.compile(rf"(?:[%％]|年|个月|天|周)?(?:至|到|~|～|—|–|-)(?P<upper>{DIGITS_OR_NUMERALS}{_SCALE})")
_BEHIND: list[tuple[re.Pattern[str], Qualifier]] = [
    (re.compile("左右|上下|前后"), "about"),
    (re.compile("以上|或更多"), "over"),
    (re.compile("以下|以内|之内|内"), "under"),
]
_LONG_AGO = re.compile(r"[十百千数几]{1,3}多?年(?:之|以)?前")
_COUNTING = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_TAKES: dict[str, tuple[QuantityKind, ...]] = {
    "条": ("exchanges",),
    "次": ("exchanges",),
    "个": ("accounts", "companies", "tokens"),
}
"""The kinds that a classifier counts whose noun was named before it."""
_NOTHING_COUNTED = re.compile(
    r"(?:左右|以上|以下|上下)?(?:$|[\s，。；、！？）)]|来自|出自|源自|被|均|都|由|是|属于|指向)"
)
_NO_COUNT_BEFORE = re.compile(r"(?:第|[A-Za-z_.\-/:#№]|星期|周|礼拜|\d[:.\-/])$")


@lru_cache(maxsize=1)
def _idioms() -> re.Pattern[str]:
    return re.compile("|".join(_words()["idioms"]))


@dataclass(frozen=True, slots=True)
class _Reading:
    kind: QuantityKind | None
    end: int
    factor: float = 1.0
    unit: str | None = None


def find_chinese_quantities(text: str, blocked: Blocked) -> list[Quantity]:
    """The quantities of a Chinese text outside the blocked spans; see `find_quantities`."""
    found: list[Quantity] = []
    for match in _number_pattern().finditer(text):
        if found and match.start() < found[-1].end:
            continue
        quantity = _read(text, match, blocked, found)
        if quantity is not None:
            found.append(quantity)
    return found


def _core_start(match: re.Match[str]) -> int:
    starts = (match.start(name) for name in ("sign", "fraction", "half", "vague", "number"))
    return min(start for start in starts if start >= 0)


def _read(text: str, match: re.Match[str], blocked: Blocked, found: list[Quantity]) -> Quantity | None:
    core = _core_start(match)
    if blocked.holds(core, match.end()) or _NO_COUNT_BEFORE.search(text[max(0, core - 2) : core]):
        return None
    if _idioms().match(text, core) or _LONG_AGO.match(text, core):
        return None
    if match["fraction"] or match["half"]:
        return _share(text, match)
    value, end = _value(match)
    if value is None:
        return None
    if (ranged := _range(text, match, value, end) or _one_or_next(text, match, end)) is not None:
        return ranged
    reading = _measure(text, end, value, bool(match["sign"]))
    if reading is None and match["vague"]:
        reading = _noun_near(text, end)
    if (
        reading is None
        and not (match["scale"] or match["vague"])
        and not (match["before"] and match["number"][0].isdigit())
    ):
        return None
    if text[end : end + 1].isascii() and text[end : end + 1].isalpha() and reading is None:
        return None
    kind = reading.kind if reading else None
    unit = _SIGNS[match["sign"]] if match["sign"] else reading.unit if reading else None
    if reading is not None and kind == "other" and text[reading.end - 1 : reading.end] == "个":
        kind = _noun_before(text, match.start()) or kind  # 账户是800个
    if reading is not None and kind in ("other", None) and _NOTHING_COUNTED.match(text, reading.end):
        taken = _TAKES.get(text[reading.end - 1 : reading.end], ())
        kind = _noun_of_clause(text, match.start(), taken) or kind  # 提示被批量提取，近600万条
    kind = "money" if match["sign"] else kind or _noun_before(text, match.start()) or _elliptic(value, found)
    quantity = _bounded(text, match, value, reading or _Reading(kind, end), kind)
    return None if quantity is None else replace(quantity, unit=unit)


def _range(text: str, match: re.Match[str], low: float, end: int) -> Quantity | None:
    """'3至5年', '10%到20%', '2万到3万个账户'."""
    to = _TO.match(text, end)
    high = parse_chinese_number(to["upper"]) if to else None
    reading = _measure(text, to.end(), high, bool(match["sign"])) if to and high else None
    if to is None or high is None or reading is None:
        return None
    scale = re.search(r"[万亿千百]+$", to["upper"])
    if scale and not match["scale"] and low < 1000 and not re.search(r"[万亿千百]$", match["number"] or ""):
        low = low * (parse_chinese_number("一" + scale.group()) or 1)
    kind = "money" if match["sign"] else reading.kind
    if low >= high or kind is None:
        return None
    factor, start = reading.factor, _core_start(match)
    bounds = [_in_unit(bound, factor) for bound in (low, high)]
    unit = _SIGNS[match["sign"]] if match["sign"] else reading.unit
    return Quantity(start, reading.end, text[start : reading.end], kind, bounds[0], bounds[1], "range", unit)


def _one_or_next(text: str, match: re.Match[str], end: int) -> Quantity | None:
    """两三百个, 五六百万次: two numerals that follow each other in counting are a range, with one scale for both."""
    number = match["number"] or ""
    if len(number) < 3 or number[0] not in _COUNTING or _COUNTING.get(number[1]) != _COUNTING[number[0]] + 1:
        return None
    rest = number[2:] + (match["scale"] or "")
    low, high = (parse_chinese_number(numeral + rest) for numeral in number[:2])
    reading = _measure(text, end, high, bool(match["sign"])) if high else None
    if low is None or high is None or rest[0] not in "十百千万萬亿億":
        return None
    reading = reading or _Reading(None, end)
    kind = reading.kind or _noun_before(text, match.start()) or "other"
    unit = _SIGNS[match["sign"]] if match["sign"] else reading.unit
    start = _core_start(match)
    bounds = [_in_unit(bound, reading.factor) for bound in (low, high)]
    return Quantity(
        start, reading.end, text[start : reading.end], "money" if match["sign"] else kind, bounds[0], bounds[1],
        "range", unit,
    )  # fmt: skip


def _value(match: re.Match[str]) -> tuple[float | None, int]:
    if match["vague"]:
        several = match["counted"] or match["several"] or "千"
        unit = parse_chinese_number("一" + several)
        return (2 * unit if unit else None), match.end("vague")
    value = parse_chinese_number(match["number"] + (match["scale"] or ""))
    return value, max(match.end("number"), match.end("mid"), match.end("scale"), match.end("mid2"))


def _share(text: str, match: re.Match[str]) -> Quantity | None:
    if match["half"]:
        percent, end = 50.0, match.end("half")
    else:
        whole, part = (
            parse_chinese_number(match["of"].replace("百", "100") if match["of"] == "百" else match["of"]),
            parse_chinese_number(match["part"]),
        )
        if not whole or part is None:
            return None
        percent, end = round(100 * part / whole, 1), match.end("fraction")
    return _bounded(text, match, percent, _Reading("percent", end), "percent")


def _measure(text: str, at: int, value: float, is_money: bool) -> _Reading | None:
    at += text[at : at + 1] == "的"
    after = _after_pattern().match(text, at)
    if after is None:
        return None
    if after["percent"]:
        return _Reading("percent", after.end(), 10.0 if after["percent"] == "成" else 1.0)
    if after["money"]:
        return _Reading("money", after.end(), 1.0, _words()["money"][after["money"]])
    if after["days"] and not is_money:
        return _Reading("duration", after.end("days"), float(_words()["days"][after["days"]]))
    if after["lone"]:
        return _Reading(_nouns()[after["lone"]], after.end())
    if after["measured"]:
        return _Reading("other", after.end())
    if after["classifier"]:
        return _counted(after, value)
    return None


def _noun_near(text: str, at: int) -> _Reading | None:
    """数以万计的代理账户: the noun that follows a magnitude without a classifier."""
    ahead = re.match(r"[^\s，。；、！？,.;:：0-9]{0,10}", text[at : at + 10])
    words = ahead.group() if ahead else ""
    hits = [(words.find(noun) + len(noun), kind) for noun, kind in _nouns().items() if noun in words and noun != "人"]
    return _Reading(min(hits)[1], at + min(hits)[0]) if hits else None


def _counted(after: re.Match[str], value: float) -> _Reading | None:
    """A classifier with the noun after it; the noun within the next few characters decides, else the classifier."""
    noun, classifier = after["noun"], after["classifier"]
    hits = [
        (noun.find(word) + len(word), -len(word), kind)
        for word, kind in _nouns().items()
        if word in noun and word != "人"
    ]
    if value >= _LARGE_FROM:
        hits += [(noun.find(word) + len(word), -len(word), kind) for word, kind in _large().items() if word in noun]
    if hits:
        end, _, kind = min(hits)
        kind = "companies" if classifier == "家" and kind == "users" else kind
        return _Reading(kind, after.start("noun") + end)
    if classifier == "家" and (place := next((word for word in _words()["places"] if word in noun), None)):
        return _Reading("other", after.start("noun") + noun.find(place) + len(place))
    if classifier in _words()["classifier_kinds"]:
        return _Reading(_words()["classifier_kinds"][classifier], after.end("classifier"))
    if classifier == "次":
        return _Reading("exchanges" if value >= 1000 else "other", after.end("classifier"))
    if classifier == "个" and value >= 1000:
        return _Reading(None, after.end("classifier"))
    return _Reading("other", after.end("classifier"))


def _noun_before(text: str, at: int) -> QuantityKind | None:
    """涉事账户约2.4万个: the noun right before its number."""
    before = re.search(r"[^\s，。；、！？,.;:：0-9]*$", text[max(0, at - _NOUN_REACH) : at])
    words = before.group() if before else ""
    hits = [(words.rfind(noun) + len(noun), kind) for noun, kind in _nouns().items() if noun in words and noun != "人"]
    return max(hits)[1] if hits and len(words) - max(hits)[0] <= 2 else None


def _noun_of_clause(text: str, at: int, kinds: tuple[QuantityKind, ...]) -> QuantityKind | None:
    """The kind of the noun that the sentence named last before `at`, if it is one of these kinds."""
    before = re.split(r"[。！？；\n]", text[max(0, at - _SENTENCE_REACH) : at])[-1]
    hits = [
        (before.rfind(noun) + len(noun), kind) for noun, kind in _nouns().items() if noun in before and kind in kinds
    ]
    return max(hits)[1] if hits else None


def _elliptic(value: float, found: list[Quantity]) -> QuantityKind:
    """A bare figure takes the kind of the last count that the text named."""
    for quantity in reversed(found[-8:]):
        if quantity.kind not in ("money", "percent", "duration", "companies", "people"):
            return quantity.kind
    return "exchanges" if value >= 100_000 else "other"


def _in_unit(value: float, factor: float) -> float:
    """The value in the guide's unit; parts of a day to three significant digits."""
    if factor == 1:
        return value
    scaled = float(f"{value * factor:.6g}")
    return scaled if factor >= 1 or scaled >= 100 or scaled.is_integer() else float(f"{scaled:.3g}")


def _bounded(text: str, match: re.Match[str], value: float, reading: _Reading, kind: QuantityKind) -> Quantity | None:
    start, end = match.start() if match["before"] else _core_start(match), reading.end
    qualifier: Qualifier = "exact"
    before = match["before"] or ""
    if match["vague"]:
        qualifier = "vague"
    elif match["mid2"] == "来":
        qualifier = "about"
    elif match["mid"] or match["mid2"] or match["over"]:
        qualifier = "over"
    elif before:
        qualifier = "under" if match["under"] else "about"
    inner = re.search("(以上|左右|以下)的", text[_core_start(match) : end])
    if inner and qualifier == "exact":
        qualifier = {"以上": "over", "左右": "about", "以下": "under"}[inner.group(1)]  # type: ignore[assignment]
    for pattern, behind in _BEHIND:
        if (hit := pattern.match(text, end)) and (
            behind != "under" or kind in ("duration", "percent") or hit.group() != "内"
        ):
            qualifier, end = (behind if qualifier == "exact" else qualifier), hit.end()
    value = _in_unit(value, reading.factor)
    low = None if qualifier == "under" else value
    high = None if qualifier in ("over", "vague") else value
    return Quantity(start, end, text[start:end], kind, low, high, qualifier)
