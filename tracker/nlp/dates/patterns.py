"""The regular expressions by which a language's times are found, built from the lexicon.

Every quantifier is bounded and every alternative begins at a word boundary, so that each pattern runs in time linear
in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tracker.nlp.dates.lexicon import DateWords, alternatives, load_date_words

_S = r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069]{1,3}"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"
_DASH = r"[-‐‑–—]"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|º|ª|\.(?=\s))?"
_LEFT = r"(?<![\w$€£¥])(?<!\d[.,/:])"
_RIGHT = r"(?![\w%])"


_DAYS_IN_WORDS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
]  # fmt: skip


def day_in_words(word: str) -> int:
    """The day of the month that an ordinal names: 2 for "second"."""
    return _DAYS_IN_WORDS.index(word) + 1


class _Parts:
    """The pieces that several patterns share."""

    def __init__(self, words: DateWords) -> None:
        block = words.block
        self.month = alternatives(form for forms in block["months"] for form in forms)
        short = set(block.get("short_weekdays") or ())
        self.weekday = alternatives(form for forms in block["weekdays"] for form in forms)
        self.long_weekday = alternatives(form for forms in block["weekdays"] for form in forms if form not in short)
        self.part = alternatives(form for name, forms in block["parts"].items() if name != "end" for form in forms)
        self.any_part = alternatives(form for forms in block["parts"].values() for form in forms)
        self.unit = alternatives(words.units)
        self.count = alternatives([*words.counts])
        self.of = words.alternatives("of")
        self.article = words.alternatives("article") if block.get("article") else r"(?!)"
        self.season = alternatives(block["seasons"])
        self.which = words.alternatives("last", "this", "next")
        self.which_post = words.alternatives("last_post", "this_post", "next_post")
        self.number = rf"\d{{1,3}}|(?:{self.count})"


def _compile(body: str, flags: int) -> re.Pattern[str]:
    return re.compile(rf"{_LEFT}(?:{body}){_RIGHT}", flags)


def _full_dates(p: _Parts) -> dict[str, str]:
    weekday = rf"(?:(?P<wd>{p.weekday})\.?,?{_S}(?:(?:{p.article}){_S})?)?"
    of_year = (
        rf"(?:,?{_S}(?:(?:{p.of}){_S})?(?P<y>{_YEAR})(?!\d)"
        rf"|{_S}(?:(?:{p.of}){_S})?(?P<wy>last|this|next){_S}year\b)?"
    )
    span = rf"(?:\s?{_DASH}\s?|{_S}(?:to|through|and|à|au|et|bis|und|al?|y|e){_S}(?:(?:dem|le|el|o){_S})?)"
    ordinal = r"(?:st|nd|rd|th)?"
    amount = rf"(?:{p.month}|million|billion|percent|per{_S}cent)"
    last_day = (
        rf"(?:(?:\s?{_DASH}\s?|{_S}(?:to|through){_S}|{_S}and{_S}(?=\d\d?(?:[.,;)]|\s*$)))"
        rf"(?P<d2>{_DAY})(?!{_S}{amount}|%))?"
    )
    return {
        "dmy": rf"{weekday}(?:[Tt]he{_S})?(?P<d>{_DAY}){_ORDINAL}(?:{span}(?P<d2>{_DAY}){_ORDINAL})?\s{{0,3}}"
        rf"(?:(?:{p.of}){_S})?(?P<m>{p.month})\.?{of_year}",
        "mdy": rf"{weekday}(?P<m>{p.month})(?:\.?{_S}|,{_S}(?=\d\d?(?:st|nd|rd|th)))(?:the{_S})?(?P<d>{_DAY}){ordinal}"
        rf"{last_day}{of_year}",
        "dashed": rf"(?P<d>{_DAY})-(?P<m>{p.month})-(?P<y>{_YEAR})",
        "iso": rf"(?P<y>{_YEAR})-(?P<mm>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?:T[\d:.]{{4,12}}Z?)?",
        "numeric": rf"(?P<n1>\d\d?)(?P<sep>[./])(?P<n2>\d\d?)(?P=sep)(?P<y>{_YEAR})",
    }


def _months_and_years(p: _Parts) -> dict[str, str]:
    year_of = rf"(?:{_S}(?:(?:{p.of}){_S})?(?P<wy>last|this|next){_S}year)"
    part = rf"(?:(?P<part>{p.any_part})(?:{_S}|{_DASH})?(?:(?:{p.article}){_S})?)?"
    of_year = rf"(?:,?{_S}(?:(?:{p.of}){_S})?(?P<y>{_YEAR})(?!{_DASH}\d|[.,]\d))"
    return {
        "month": rf"(?:(?P<which>{p.which}){_S})?{part}(?P<m>{p.month})(?:\.(?=\s\d))?"
        rf"(?:{of_year}|{year_of}|{_S}(?P<post>{p.which_post}))?",
        "year": rf"{part}(?P<y>{_YEAR})(?:{_DASH}(?P<y2>(?:19|20)\d\d|\d\d)(?!\d))?(?!{_DASH}\d|[.,]\d)",
        "quarter": rf"(?:Q(?P<q>[1-4])|[TH](?P<h>[1-4]))(?:{_S}(?:(?:{p.of}){_S})?|[-/])(?P<y>{_YEAR})"
        rf"|(?P<y3>{_YEAR})[\s-]?Q(?P<q3>[1-4])|(?:[Tt]he{_S})?Q(?P<q4>[1-4])",
        "season": rf"(?:(?:(?P<which>{p.which}){_S})(?P<season>{p.season})"
        rf"|(?:the{_S})?(?:(?:early|mid|late)(?:{_S}|{_DASH}))?(?P<season2>{p.season}){_S}(?:(?:{p.of}){_S})?(?P<y>{_YEAR})|(?P<season3>{p.season}){year_of}|the{_S}(?P<season4>{p.season})"
        rf"|(?:(?<=[Ii]n )|(?<=[Ss]ince ))(?P<season5>spring|summer|autumn|winter)(?!{_S}(?:of|[a-z]+s)\b))",
    }


def _relative(p: _Parts, words: DateWords) -> dict[str, str]:
    weekday_week = rf"(?:{_S}(?:of{_S})?(?P<week>last|this|next){_S}week)?"
    window = rf"(?:(?:{words.alternatives('determiners')}){_S})?"
    past, coming = words.alternatives("past", "past_post"), words.alternatives("coming")
    later, earlier = words.alternatives("later"), words.alternatives("earlier")
    approx = r"(?:(?:about|around|roughly|some|just|almost|nearly|environ|etwa|rund|unos|unas|cerca de)\s)?"
    return {
        "weekday": rf"(?:(?P<which>{p.which}){_S})?(?P<wd>{p.long_weekday})(?:{words.alternatives('part_of_day')})?"
        rf"(?:{_S}(?P<post>{p.which_post}))?{weekday_week}",
        "window": rf"{window}(?:(?P<past>{words.alternatives('past')})|(?P<coming>{words.alternatives('coming')})){_S}"
        rf"(?:(?P<n>{p.number}){_S})?(?P<unit>{p.unit})",
        "window_post": rf"{window}(?P<n>{p.number}){_S}(?:(?P<past>{past})|(?P<coming>{coming})){_S}(?P<unit>{p.unit})"
        rf"|{window}(?P<n2>{p.number}){_S}(?P<unit2>{p.unit}){_S}(?:(?P<past2>{past})|(?P<coming2>{coming}))",
        "ago": rf"{approx}(?P<n>{p.number}){_S}(?P<unit>{p.unit}){_S}(?:(?P<ago>{words.alternatives('ago')})|"
        rf"(?P<hence>{words.alternatives('from_now')})|(?P<earlier>{earlier})|(?P<later>{later}))",
        "ago_pre": rf"(?P<ago>{words.alternatives('ago_pre')}){_S}{approx}(?P<n>{p.number}){_S}(?P<unit>{p.unit})",
        "fixed": rf"(?P<fixed>{alternatives(words.block['fixed'])})",
        "anaphor": rf"(?P<anaphor>{alternatives(words.block['anaphora'])})",
    }


def _english(p: _Parts, words: DateWords) -> dict[str, str]:
    ordinal = alternatives(words.block["ordinals"])
    the = rf"(?:[Tt]he{_S})?"
    year_of = rf"(?:{_S}of{_S}(?:(?P<y>{_YEAR})|(?P<wy>this|last|next){_S}year|(?P<ty>the{_S}year)))"
    of_year = rf"(?:,?{_S}(?P<y>{_YEAR}))?"
    lead = rf"{p.any_part}|[Ee]arlier|[Ll]ater|[Ee]arly|[Ll]ate"
    part = rf"(?:(?P<part>{lead})(?:{_S}in)?(?:{_S}|{_DASH}))?"
    date = (
        rf"(?:(?P<m>{p.month})\.?(?:{_S}(?P<d>{_DAY})(?:st|nd|rd|th)?)?(?:,?{_S}(?P<y>{_YEAR}))?"
        rf"|(?P<d3>{_DAY}){_S}(?P<m3>{p.month})(?:,?{_S}(?P<y3>{_YEAR}))?)"
    )
    unit = r"(?P<unit>week|month|quarter|year|decade)"
    which_half = r"(?P<ord>first|second|latter)"
    days = alternatives(_DAYS_IN_WORDS)
    return {
        "unit": rf"{part}(?P<which>{p.which}){_S}{unit}",
        "unit_the": rf"(?P<part>{p.any_part}|[Ee]arlier{_S}in|[Ll]ater{_S}in|[Ee]arly{_S}in|[Ll]ate{_S}in){_S}"
        rf"the{_S}{unit}",
        "ordinal_quarter": rf"{the}(?P<ord>{ordinal})[\s-]quarter{year_of}?"
        rf"|{the}(?P<ord2>{ordinal})[\s-]quarter{_S}(?P<y2>{_YEAR})",
        "half": rf"{the}{which_half}{_S}half{year_of}|{the}(?P<ord2>first|second){_S}half{_S}(?P<y2>{_YEAR})",
        "month_half": rf"{the}{which_half}{_S}half{_S}of{_S}(?P<m>{p.month}){of_year}",
        "months_of_year": rf"{the}(?P<ord>first|opening|last|final|closing){_S}(?P<n>{p.number}){_S}months{year_of}",
        "month_week": rf"{the}(?P<ord>first|second|third|last|final|opening|closing){_S}(?P<unit>weeks?|days?){_S}"
        rf"of{_S}(?:(?P<m>{p.month}){of_year}|(?P<y2>{_YEAR}))",
        "day_in_words": rf"{the}(?P<day>{days}){_S}(?:day{_S})?of{_S}(?P<m>{p.month}){of_year}",
        "years_quarter": rf"(?P<wy>last|this|next){_S}year[’']s{_S}(?P<ord>{ordinal}){_S}(?P<unit>quarter|half)",
        "in_time": rf"(?P<lead>[Ii]n{_S})(?P<n>{p.number}){_S}(?P<unit>{p.unit})(?P<time>[’']?{_S}time)?"
        rf"(?!{_S}(?:from|hence|of|after|before)\b)",
        "half_alone": rf"(?<=[Ii]n )the{_S}(?P<ord>first|second){_S}half(?=[,.;])",
        "ended": rf"{the}(?:(?:{ordinal}|fiscal){_S}){{0,2}}(?:(?P<n>{p.number}){_S})?"
        rf"(?P<unit>weeks?|months?|quarter|year|half){_S}(?:that{_S}|which{_S})?(?:ended|ending|to){_S}(?:on{_S})?{date}",
        "week_of": rf"{the}week{_S}(?:of|beginning|starting|commencing){_S}(?:(?P<wd>{p.weekday}),?{_S})?{date}",
        "decade": rf"{the}(?:(?P<part>early|mid|late)(?:{_S}|{_DASH}))?(?P<decade>(?:19|20)\d0)s",
    }


def _quarter_in_words(p: _Parts, words: DateWords) -> str:
    """'le premier trimestre 2026', 'im ersten Quartal 2026', 'el primer trimestre de 2026'."""
    ordinal = alternatives(words.block["ordinals"])
    article = rf"(?:(?:{p.article}){_S})?"
    of_year = rf"(?:{_S}(?:(?:{p.of}){_S})?(?P<y>{_YEAR}))?"
    return rf"{article}(?P<ord>{ordinal}){_S}(?P<unit>trimestre|Quartal|semestre|Halbjahr){of_year}"


def _short_weekday(short: str) -> str:
    """'na sexta', 'nesta quinta': a weekday without "-feira" after its preposition and before no noun."""
    behind = (
        r"(?=\s*(?:[.,;:)!?\n\"”“–—(]|$)|\s(?:à|em|de|e|que|a|o|as|os|por|com|para|pela|pelo|antes|depois|durante|um|uma|"
        r"no|na|passada|última|quando|se|não)\b)"
    )
    return rf"na{_S}(?P<wd>{short}){behind}|(?:nesta|desta|última|próxima){_S}(?P<wd2>{short}){behind}"


@lru_cache(maxsize=8)
def patterns_for(language: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a language by name; where two match at one place the longer one holds."""
    words = load_date_words(language)
    parts = _Parts(words)
    bodies = _full_dates(parts) | _months_and_years(parts) | _relative(parts, words)
    if words.code == "en":
        bodies |= _english(parts, words)
        bodies.pop("window_post")
    else:
        bodies.pop("mdy")
        if words.words("doubtful_weekdays"):
            short = words.alternatives("doubtful_weekdays")
            bodies["short_weekday"] = _short_weekday(short)
        bodies["ordinal_quarter"] = _quarter_in_words(parts, words)
    return {name: _compile(body, words.flags) for name, body in bodies.items()}
