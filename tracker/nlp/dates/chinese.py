"""Dates in Chinese: 2026年4月下旬, 上周三, 今年2月, 自去年底以来, 4月22日至6月5日."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tracker.nlp.chinese_numerals import DIGITS_OR_NUMERALS, parse_chinese_integer
from tracker.nlp.dates.calendar import RULES, Interval, Part, Unit, rest_of
from tracker.nlp.dates.expressions import Anaphor, Calendar, Expression, Fixed, Shift, Time, Weekday, Which, Window
from tracker.nlp.dates.resolving import Setting, before_year, is_stated, resolve
from tracker.nlp.dates.tense import Direction
from tracker.types import DateBasis, DateMention

_N = DIGITS_OR_NUMERALS
_PART = r"(?P<part>年初|年中|年末|年底|初|上旬|中旬|中|下旬|末|底)"
_YEAR = r"(?:(?P<y>(?:19|20)\d\d|二[〇零○][一二三四五六七八九〇零○]{2})年|(?P<wy>今|本|去|明|前)年)"
_YEAR_ALONE = _YEAR.replace("?P<y>", "?P<ya>").replace("?P<wy>", "?P<wya>")
_EXPRESSION = re.compile(
    rf"(?P<full>{_YEAR}?(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
    rf"(?:(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])[日号]|{_PART})?)"
    rf"|(?P<earlier>(?P<we>今年|本月|本周)早些时候|(?:今年)?年初至今)"
    rf"|(?P<year>{_YEAR_ALONE}(?:(?P<part2>年初|年中|年末|年底|初|中|末|底)(?!国|的)|第?(?P<q>[一二三四1-4])季度?|(?P<half>上半年|下半年)|(?P<season>[春夏秋冬])(?:天|季|季期间)?)?)"
    rf"|(?P<quarter>第(?P<q2>[一二三四1-4])季度|(?P<q3>[一二三四])季度)"
    rf"|(?P<halfyear>(?P<half2>上半年|下半年))"
    rf"|(?P<iso>(?P<iy>(?:19|20)\d\d)[-/.](?P<im>0?[1-9]|1[0-2])[-/.](?P<id>3[01]|[12]\d|0?[1-9])(?!\d))"
    rf"|(?P<week>(?P<ww>上|本|这|下)(?:一)?个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末])?)"
    rf"|(?P<weekday>(?:周|星期|礼拜)(?P<wd2>[一二三四五六日天])(?![年个次款家名天月]))"
    rf"|(?P<month>(?P<wm>上|本|这|下)个?月(?P<part3>初|上旬|中旬|下旬|末|底)?)"
    rf"|(?P<day>今天|今日|今晨|昨天|昨日|昨晚|明天|明日|前天|后天)"
    rf"|(?P<ago>(?P<n>{_N})(?:个)?(?P<u>天|日|周|星期|月|年)(?:之|以)?前)"
    rf"|(?P<window>(?P<dir>过去|最近|未来|接下来)的?(?P<n2>{_N})(?:个)?(?P<u2>天|日|周|星期|月|年))"
    rf"|(?P<anaphor>当天|当日|同一天|同日|次日|翌日|前一天|同月|当月|同年|当年)"
    rf"|(?P<endyear>年底|年末)(?=前|之前|以前)"
    rf"|(?<![\d月.,万亿到-])(?<!(?<!截)至)(?P<bare>3[01]|[12]\d|[1-9])日(?!报(?!道)|[内间元均本圆志]|以[内上下后前外]|之内)"
)
_WHICH: dict[str, Which] = {
    "上": "last",
    "去": "last",
    "本": "this",
    "这": "this",
    "今": "this",
    "下": "next",
    "明": "next",
}
_PARTS: dict[str, Part] = {
    "初": "early",
    "上旬": "early",
    "中": "mid",
    "中旬": "mid",
    "下旬": "late",
    "末": "late",
    "底": "late",
}
_UNITS: dict[str, Unit] = {"天": "day", "日": "day", "周": "week", "星期": "week", "月": "month", "年": "year"}
_DAYS = {
    "今天": "today", "今日": "today", "今晨": "today", "昨天": "yesterday", "昨日": "yesterday", "昨晚": "yesterday",
    "明天": "tomorrow", "明日": "tomorrow", "前天": "day_before_yesterday", "后天": "day_after_tomorrow",
}  # fmt: skip
_ANAPHORA = {
    "同一天": "same_day", "当天": "same_day",
    "当日": "same_day", "同日": "same_day", "次日": "next_day", "翌日": "next_day",
    "前一天": "previous_day", "同月": "same_month", "当月": "same_month", "同年": "same_year", "当年": "same_year",
}  # fmt: skip
_RANGE = re.compile(r"\s?(?:至|到|—|–|-|~|～|和|与)\s?")
_SINCE_BEFORE = re.compile(r"(?:自从?|从)$")
_SINCE_AFTER = re.compile(r"以来|至今")
_BY_AFTER = re.compile(r"(?:之|以)?前")
_FUTURE = re.compile(r"将|拟|预计|计划|定于|即将|有望|最迟|不迟于")
_PAST = re.compile(r"曾|已|了|称|表示|报道|宣布|发布|指控|披露|指责|透露|证实")


def _part(text: str | None) -> Part | None:
    return _PARTS.get((text or "").removeprefix("年"))


def _time_of(match: re.Match[str]) -> Time | None:
    group = match.groupdict()
    if match.lastgroup is None and not match.group():
        return None
    if group["iso"]:
        return Calendar(year=int(group["iy"]), month=int(group["im"]), day=int(group["id"]))
    if group["full"]:
        month, day = parse_chinese_integer(group["m"]), parse_chinese_integer(group["d"] or "")
        return _in_year(group, Calendar(month=month, day=day, part=_part(group["part"])))
    if group["year"]:
        return _in_year(group, _year_part(group))
    if group["quarter"] or group["halfyear"]:
        return _year_part({**group, "q": group["q2"] or group["q3"], "half": group["half2"], "part2": None})
    return _relative(group)


def _year_part(group: dict[str, str | None]) -> Calendar:
    if group["q"]:
        return Calendar(month=(parse_chinese_integer(group["q"]) or 1) * 3 - 2, months=3)
    if group["half"]:
        return Calendar(month=1 if group["half"] == "上半年" else 7, months=6)
    if group.get("season"):
        return Calendar(month="春夏秋冬".index(group["season"] or "春") * 3 + 3, months=3)
    return Calendar(part=_part(group["part2"]))


def _in_year(group: dict[str, str | None], time: Calendar) -> Time | None:
    stated, relative = group["y"] or group["ya"], group["wy"] or group["wya"]
    if stated:
        return replace(time, year=_year_number(stated))
    if relative == "前":
        return None
    if relative:
        return replace(time, which_year=_WHICH[relative])
    return time if time.month else None


def _year_number(text: str) -> int:
    digits = "".join(
        str("〇一二三四五六七八九".index(c)) if c in "〇一二三四五六七八九" else c for c in re.sub("[零○]", "〇", text)
    )
    return int(digits)


def _relative(group: dict[str, str | None]) -> Time | None:
    if group["earlier"]:
        unit = "month" if "月" in group["earlier"] else "week" if "周" in group["earlier"] else "year"
        return Fixed(f"earlier_this_{unit}")
    if group["week"]:
        which = _WHICH[group["ww"] or "本"]
        if group["wd"] == "末":
            return Fixed(f"{which}_weekend")
        return Weekday("一二三四五六日".index(_day(group["wd"])), week=which) if group["wd"] else Fixed(f"{which}_week")
    if group["weekday"]:
        return Weekday("一二三四五六日".index(_day(group["wd2"])))
    if group["month"]:
        part, which = _part(group["part3"]), _WHICH[group["wm"] or "本"]
        return Fixed(f"{part}_{which}_month" if part else f"{which}_month")
    if group["day"]:
        return Fixed(_DAYS[group["day"]])
    if group["anaphor"]:
        return Anaphor(_ANAPHORA[group["anaphor"]])
    if group["endyear"]:
        return Fixed("end_of_year")
    if group["bare"]:
        return Calendar(month=0, day=int(group["bare"]))
    count = parse_chinese_integer(group["n"] or group["n2"] or "")
    if count is None:
        return None
    unit = _UNITS[group["u"] or group["u2"] or "天"]
    if group["ago"]:
        return Shift(-count, unit, False)
    return Window(-count if group["dir"] in ("过去", "最近") else count, unit)


def _day(text: str | None) -> str:
    return "日" if text in ("天", None) else text


def _direction(text: str, start: int, end: int) -> Direction | None:
    clause_start = max(text.rfind(mark, max(0, start - 40), start) for mark in "。，；\n") + 1
    before = text[max(clause_start, start - 40) : start]
    if _FUTURE.search(before[-12:]):
        return "future"
    after = re.match(r"[^。，；\n]{0,30}", text[end : end + 30])
    clause = after.group() if after else ""
    if _FUTURE.search(clause[:12]):
        return "future"
    return "past" if _PAST.search(before) or _PAST.search(clause) else None


def _bare_day(day: int, published: date) -> Interval | None:
    """'24日' in a wire report: the last such day on or before publication."""
    for back in range(2):
        year, month = divmod(published.year * 12 + published.month - 1 - back, 12)
        try:
            found = date(year, month + 1, day)
        except ValueError:
            continue
        if found <= published:
            return found, found
    return None


def _resolve(time: Time, setting: Setting) -> Interval | None:
    if isinstance(time, Calendar) and time.month == 0:
        return _bare_day(time.day or 1, setting.published) if setting.published else None
    return resolve(time, setting)


def _read(text: str) -> list[Expression]:
    found: list[Expression] = []
    for match in _EXPRESSION.finditer(text):
        time = _time_of(match)
        in_brackets = bool(found) and text[found[-1].end : match.start()] in ("（", "(")
        if isinstance(time, Weekday) and in_brackets:
            continue  # 7月9日（周四）: one day
        if time is not None and not (isinstance(time, Fixed) and time.rule not in RULES):
            found.append(Expression(match.start(), match.end(), time))
    return found


def find_chinese_dates(text: str, published: date | None) -> list[DateMention]:
    """The dates of a Chinese text; see `find_dates`."""
    expressions = _read(text)
    mentions: list[DateMention] = []
    anchor: tuple[int, Interval] | None = None
    i = 0
    while i < len(expressions):
        mention, used = _mention(text, expressions, i, published, anchor)
        if mention is not None:
            mentions.append(mention)
            anchor = (mention.end, (mention.from_on, mention.to_on))
        i += used
    return mentions


def _mention(
    text: str, expressions: list[Expression], i: int, published: date | None, anchor: tuple[int, Interval] | None
) -> tuple[DateMention | None, int]:
    left = expressions[i]
    near = anchor[1] if anchor and left.start - anchor[0] < 300 else None
    setting = Setting(published, _direction(text, left.start, left.end), near)
    if i + 1 < len(expressions):
        joined = _range(text, left, expressions[i + 1], setting)
        if joined is not None:
            return joined, 2
    interval = _resolve(left.time, setting)
    if interval is None:
        return None, 1
    return _limited(text, left, interval, setting) or _made(
        text, left.start, left.end, interval, is_stated(left.time)
    ), 1


def _range(text: str, left: Expression, right: Expression, setting: Setting) -> DateMention | None:
    gap = text[left.end : right.start]
    if not _RANGE.fullmatch(gap) or (
        gap.strip() in "和与" and not text[right.end :].startswith(("之间", "期间", "间"))
    ):
        return None
    end_time = right.time
    if isinstance(end_time, Calendar) and end_time.month == 0 and isinstance(left.time, Calendar):
        end_time = replace(left.time, day=end_time.day)
    if isinstance(left.time, Calendar) and isinstance(end_time, Calendar) and left.time.year and not end_time.year:
        end_time = replace(end_time, year=left.time.year)
    ends = _resolve(end_time, setting)
    if ends is None:
        return None
    begins = (
        before_year(left.time, ends[1])
        if isinstance(left.time, Calendar) and left.time.year is None and not left.time.which_year and left.time.month
        else _resolve(left.time, setting)
    )
    if begins is None or begins[0] > ends[1]:
        return None
    return _made(text, left.start, right.end, (begins[0], ends[1]), is_stated(end_time) or is_stated(left.time))


def _limited(text: str, left: Expression, interval: Interval, setting: Setting) -> DateMention | None:
    """'自2025年1月以来' and '年底前': reaching to publication, or from it."""
    published = setting.published
    if published is None:
        return None
    since_before = _SINCE_BEFORE.search(text[max(0, left.start - 2) : left.start])
    since_after = _SINCE_AFTER.match(text, left.end)
    if since_after and interval[0] <= published:
        start = left.start - len(since_before.group()) if since_before else left.start
        return _made(text, start, since_after.end(), (interval[0], published), False)
    by = _BY_AFTER.match(text, left.end)
    if by and interval[1] > published:
        end = (
            rest_of(published, "year")[1]
            if isinstance(left.time, Fixed) and left.time.rule == "end_of_year"
            else interval[1]
        )
        return _made(text, left.start, by.end(), (published, end), False)
    return None


def _made(text: str, start: int, end: int, interval: Interval, stated: bool) -> DateMention:
    basis: DateBasis = "stated" if stated else "relative"
    return DateMention(start, end, text[start:end], interval[0], interval[1], basis)
