"""Quantities in Chinese: 近2.5万个虚假账户, 逾2880万次交互, 1600多万次, 三家公司, 94.55港元, 百分之十."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.nlp.chinese_numerals import DIGITS_OR_NUMERALS, parse_chinese_number
from tracker.nlp.quantities.doubts import Blocked
from tracker.types import Qualifier, Quantity, QuantityKind

_OVER = "超过|逾|超出|高于|多于|不少于|不低于|至少|起码|大于|突破|超"
_UNDER = "将近|接近|不到|不足|不超过|最多|至多|低于|少于|小于|高达|多达|近|至多达"
_ABOUT = "大约|大概|约为|估计|据估计|约|差不多"
_SCALE = "[十百千万萬亿億]{0,3}"
_NUMBER = re.compile(
    rf"(?P<before>{_OVER}|{_UNDER}|{_ABOUT})?(?:了|达|有|为)?"
    rf"(?P<sign>US\$|HK\$|[$€£¥￥])?"
    rf"(?:(?P<fraction>(?P<of>{DIGITS_OR_NUMERALS})分之(?P<part>{DIGITS_OR_NUMERALS}))|(?P<half>一半|半数)"
    rf"|(?P<vague>数以(?P<counted>[十百千万亿]{{1,3}})计|(?:数|几|好几)(?P<several>[十百千万亿]{{1,3}})|成千上万|成百上千)"
    rf"|(?P<number>{DIGITS_OR_NUMERALS})(?P<mid>多|余)?(?P<scale>{_SCALE})(?P<mid2>多|余)?)"
)
_MONEY = {
    "美元": "USD", "港元": "HKD", "港币": "HKD", "人民币": "CNY", "元人民币": "CNY", "欧元": "EUR", "英镑": "GBP",
    "日元": "JPY", "韩元": "KRW", "新台币": "TWD", "元": "CNY", "加元": "CAD", "澳元": "AUD", "瑞士法郎": "CHF", "卢布": "RUB",
}  # fmt: skip
_SIGNS = {"US$": "USD", "HK$": "HKD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}
_DAYS = {"年": 365.0, "个月": 30.0, "个多月": 30.0, "月": 30.0, "周": 7.0, "个星期": 7.0, "星期": 7.0, "天": 1.0, "日": 1.0, "个小时": 1 / 24, "小时": 1 / 24, "分钟": 1 / 1440, "秒": 1 / 86400, "个季度": 90.0, "个工作日": 1.0}  # fmt: skip
_NOUNS: dict[str, QuantityKind] = {
    **dict.fromkeys(("账户", "账号", "帐户", "帐号", "账户", "帳戶"), "accounts"),
    **dict.fromkeys(("交互", "对话", "查询", "请求", "提示词", "提示", "调用", "消息", "问答", "互动", "交流", "会话", "询问", "提问", "對話"), "exchanges"),
    **dict.fromkeys(("用户", "客户", "用戶"), "users"),
    **dict.fromkeys(("公司", "企业", "实验室", "厂商", "初创", "开发商", "巨头", "企業"), "companies"),
    **dict.fromkeys(("参议员", "议员", "员工", "官员", "研究人员", "专家", "人", "工程师", "科学家", "律师", "成员"), "people"),
    **dict.fromkeys(("词元", "token", "Token", "令牌"), "tokens"),
}  # fmt: skip
_CLASSIFIER: dict[str, QuantityKind] = {"家": "companies", "名": "people", "位": "people", "人": "people"}
_AFTER = re.compile(
    rf"(?P<percent>[%％]|个?百分点|成(?=[的，。、以])|成$)"
    rf"|(?P<money>{'|'.join(sorted(_MONEY, key=len, reverse=True))})"
    rf"|(?P<days>{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?P<or_more>多|余)?(?![度号级])"
    r"|(?P<classifier>[个家名位次款项条份笔部种张起台件套座倍层票轮类支处枚块片篇封]|人次)(?P<noun>[^\s，。；、！？,.;:：（）()0-9%的和与及]{0,10})"
    rf"|(?P<lone>{'|'.join(sorted(_NOUNS, key=len, reverse=True))})"
)
_TO = re.compile(rf"(?:[%％]|年|个月|天|周)?(?:至|到|~|～|—|–|-)(?P<upper>{DIGITS_OR_NUMERALS}{_SCALE})")
_BEHIND: list[tuple[re.Pattern[str], Qualifier]] = [
    (re.compile("左右|上下|前后"), "about"), (re.compile("以上|或更多|以上的"), "over"), (re.compile("以下|以内|之内|内"), "under"),
]  # fmt: skip
_NO_COUNT_BEFORE = re.compile(r"(?:第|[A-Za-z_.\-/:#№]|星期|周|礼拜|\d[:.\-/])$")
_IDIOMS = re.compile(
    r"一(?:些|直|样|定|般|旦|起|方面|切|致|带|边|经|度|向|再|系列|种|个|名|家|位|项|次|条|款|份|封|场|再)|[一两]者|两国|三方|万一|千方百计|十分|百科|千万不|四川|三星|九章"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    kind: QuantityKind | None
    end: int
    factor: float = 1.0
    unit: str | None = None


def find_chinese_quantities(text: str, blocked: Blocked) -> list[Quantity]:
    """The quantities of a Chinese text outside the blocked spans; see `find_quantities`."""
    found: list[Quantity] = []
    for match in _NUMBER.finditer(text):
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
    if _IDIOMS.match(text, core):
        return None
    if match["fraction"] or match["half"]:
        return _share(text, match)
    value, end = _value(match)
    if value is None:
        return None
    if (ranged := _range(text, match, value, end)) is not None:
        return ranged
    reading = _measure(text, end, value, bool(match["sign"]))
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
    kind = "money" if match["sign"] else kind or _elliptic(value, found)
    quantity = _bounded(text, match, value, reading or _Reading(kind, end), kind)
    return None if quantity is None else replace(quantity, unit=unit)


def _range(text: str, match: re.Match[str], low: float, end: int) -> Quantity | None:
    """'3至5年', '10%到20%', '2万到3万个账户'."""
    to = _TO.match(text, end)
    high = parse_chinese_number(to["upper"]) if to else None
    reading = _measure(text, to.end(), high, bool(match["sign"])) if to and high else None
    if to is None or high is None or reading is None:
        return None
    scale = re.search(r"[万亿千百]$", to["upper"])
    if scale and not match["scale"] and low < 1000 and not re.search(r"[万亿千百]$", match["number"] or ""):
        low = low * (parse_chinese_number("一" + scale.group()) or 1)
    kind = "money" if match["sign"] else reading.kind
    if low >= high or kind is None:
        return None
    factor, start = reading.factor, _core_start(match)
    bounds = [float(f"{bound * factor:.6g}") if factor != 1 else bound for bound in (low, high)]
    unit = _SIGNS[match["sign"]] if match["sign"] else reading.unit
    return Quantity(start, reading.end, text[start : reading.end], kind, bounds[0], bounds[1], "range", unit)


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
    after = _AFTER.match(text, at)
    if after is None:
        return None
    if after["percent"]:
        return _Reading("percent", after.end(), 10.0 if after["percent"] == "成" else 1.0)
    if after["money"]:
        return _Reading("money", after.end(), 1.0, _MONEY[after["money"]])
    if after["days"] and not is_money:
        return _Reading("duration", after.end("days"), _DAYS[after["days"]])
    if after["lone"]:
        return _Reading(_NOUNS[after["lone"]], after.end())
    if after["classifier"]:
        return _counted(after, value)
    return None


def _counted(after: re.Match[str], value: float) -> _Reading | None:
    """A classifier with the noun after it; the noun within the next few characters decides, else the classifier."""
    noun, classifier = after["noun"], after["classifier"]
    hits = [
        (noun.find(word) + len(word), -len(word), kind)
        for word, kind in _NOUNS.items()
        if word in noun and word != "人"
    ]
    if hits:
        end, _, kind = min(hits)
        return _Reading(kind, after.start("noun") + end)
    if classifier in _CLASSIFIER:
        return _Reading(_CLASSIFIER[classifier], after.end("classifier"))
    if classifier == "次":
        return _Reading(None if value >= 1000 else "other", after.end("classifier"))
    if classifier == "个" and value >= 1000:
        return _Reading(None, after.end("classifier"))
    return _Reading("other", after.end("classifier"))


def _elliptic(value: float, found: list[Quantity]) -> QuantityKind:
    """A bare figure takes the kind of the last count that the text named."""
    for quantity in reversed(found[-8:]):
        if quantity.kind not in ("money", "percent", "duration", "companies", "people"):
            return quantity.kind
    return "exchanges" if value >= 100_000 else "other"


def _bounded(text: str, match: re.Match[str], value: float, reading: _Reading, kind: QuantityKind) -> Quantity | None:
    start, end = match.start() if match["before"] else _core_start(match), reading.end
    qualifier: Qualifier = "exact"
    before = match["before"] or ""
    if match["vague"]:
        qualifier = "vague"
    elif match["mid"] or match["mid2"] or (before and re.fullmatch(_OVER, before)):
        qualifier = "over"
    elif before:
        qualifier = "under" if re.fullmatch(_UNDER, before) else "about"
    for pattern, behind in _BEHIND:
        if (hit := pattern.match(text, end)) and (
            behind != "under" or kind in ("duration", "percent") or hit.group() != "内"
        ):
            qualifier, end = (behind if qualifier == "exact" else qualifier), hit.end()
    value = float(f"{value * reading.factor:.6g}") if reading.factor != 1 else value
    low = None if qualifier == "under" else value
    high = None if qualifier in ("over", "vague") else value
    return Quantity(start, end, text[start:end], kind, low, high, qualifier)
