"""Where a text comes from, by its own word: "first published by ...", 来源：..., an agency's signature."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from tracker.read.texts import on_one_line

_HEAD_PARAGRAPHS, _TAIL_PARAGRAPHS = 3, 5
_MAX_PARAGRAPH = 400
_MAX_MARKED = 300
_NAME = r"(?P<name>[^\s.,;:()<>\"“”|](?:[^.,;:()<>\"“”|\n]|\.(?=[A-Za-z])){1,59}?)"
_NAME_END = (
    r"(?=\s*(?:\.(?![A-Za-z])|[,;:()\"“”|]|$)|\s+(?:and (?:is|has|was)|under|on \w+ \d|with (?:the )?permission|here\b"
    r"|in (?:\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)|et |und wird|y se |e é ))"
)
_WESTERN = tuple(
    re.compile(form + _NAME + _NAME_END, re.IGNORECASE)
    for form in (
        r"\bthis (?:article|story|report|piece|post|essay|column|interview|analysis|paper|review)"
        r"(?: (?:was|is|has been))? (?:first |originally )"
        r"(?:published|appeared|posted|ran|printed) (?:by|in|on|at) (?:the )?",
        r"^\W{0,3}(?:first|originally) published (?:by|in|on|at) (?:the )?",
        r"\b(?:re)?(?:published|printed) (?:here )?(?:by|with) (?:the )?(?:kind )?permission (?:from|of) (?:the )?",
        r"\b(?:reprinted|syndicated) (?:from|by) (?:the )?",
        r"^\W{0,3}(?:source|via|courtesy of)\s*:\s*(?:the )?",
        r"\b(?:article|texte|contenu) (?:a |est )?(?:été )?(?:initialement |d[’']abord )?(?:publié|paru)"
        r" (?:initialement |d[’']abord |à l[’']origine )?(?:par|dans|sur|en) (?:l[’'])?",
        r"\b(?:artikel|beitrag|text) (?:erschien|ist|wurde) (?:zuerst|ursprünglich|zunächst) (?:bei|in|auf|im|von) "
        r"(?:der |die |das |dem )?",
        r"\b(?:artículo|texto) (?:se publicó|fue publicado|apareció) (?:originalmente|por primera vez) (?:en|por) "
        r"(?:el |la )?",
        r"\b(?:artigo|texto) foi publicado (?:originalmente|primeiro|inicialmente) (?:no|na|em|pel[oa]) (?:o |a )?",
    )
)
_HAN_NAME = r"[《「『“\[【]?(?P<name>[^\s，。；：、（）()《》「」『』“”|/\[\]【】]{2,24})[》」』”\]】]?"
_CHINESE = (
    re.compile(r"(?:^|[\s（(|｜])(?:文章|信息|新闻|稿件)?(?:来源|來源|稿源|出处|出處)\s*[:：]\s*" + _HAN_NAME),
    re.compile(
        r"(?:本文|文章)?(?:转载自|轉載自|转自|轉自|摘自|原载于?|原載於?|首发于|首發於|首发自|最初发表于)\s*[:：]?\s*"
        + _HAN_NAME
    ),
)
_AGENCIES = {
    "reuters": "Reuters", "associated press": "Associated Press", "ap": "Associated Press",
    "the associated press": "Associated Press", "afp": "AFP",
    "agence france-presse": "AFP", "dpa": "dpa", "efe": "EFE", "ansa": "ANSA",
    "bloomberg news": "Bloomberg", "bloomberg": "Bloomberg", "xinhua": "Xinhua", "kyodo news": "Kyodo",
    "kyodo": "Kyodo", "yonhap": "Yonhap", "pa media": "PA Media", "dow jones": "Dow Jones", "prnewswire": "PR Newswire",
    "business wire": "Business Wire", "globe newswire": "GlobeNewswire", "globenewswire": "GlobeNewswire",
    "新华社": "Xinhua", "新華社": "Xinhua", "新华网": "Xinhua", "路透社": "Reuters", "美联社": "Associated Press",
    "法新社": "AFP", "彭博社": "Bloomberg", "中新社": "China News Service", "中新网": "China News Service",
}  # fmt: skip
"""Agencies whose texts others print, by the forms in which they sign."""
_NOBODY = frozenset({"this", "that", "it", "us", "here", "our", "own", "author", "the author", "网络", "互联网", "本站",
                     "本网", "本网站", "原创", "本刊", "本报", "综合", "staff"})  # fmt: skip
_MARKED = (
    '//*[contains(@class, "source") or contains(@id, "source") or contains(@class, "origin")'
    ' or contains(@class, "from") or contains(@class, "info")'
    ' or contains(@class, "credit") or contains(@class, "copyright")]'
)


def find_origin(text: str) -> str | None:
    """Who first published a text, as a sentence near its beginning or end says; the name as it stands there.

    Only phrases that speak of this very text count, in paragraphs of at most 400 characters.
    """
    paragraphs = text.split("\n\n")
    edges = paragraphs[:_HEAD_PARAGRAPHS] + paragraphs[_HEAD_PARAGRAPHS:][-_TAIL_PARAGRAPHS:]
    for paragraph in edges:
        if len(paragraph) <= _MAX_PARAGRAPH and (name := _named_in(paragraph)):
            return name
    return None


def find_marked_origin(tree: HtmlElement) -> str | None:
    """Who first published a page, by a small element beside the text ("来源：某社", "Source: Wire") or a `meta`."""
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() in ("contentsource", "source") and (content := meta.get("content")):
            name = on_one_line(content)
            if 2 <= len(name) <= 40 and not re.search(r"[<>{}=]|https?:", name):
                return _checked(name)
    for element in islice(tree.xpath(_MARKED), _MAX_MARKED):
        text = on_one_line(" ".join(islice(element.itertext(), 40)))
        if len(text) <= 120 and (named := _named_in(text)):
            return named
    return None


def _named_in(paragraph: str) -> str | None:
    for form in (*_WESTERN, *_CHINESE):
        if (match := form.search(paragraph)) and (name := _checked(match["name"])):
            return name
    return None


def _checked(name: str) -> str | None:
    name = name.strip(" -–—*’'\"“”")
    known = _AGENCIES.get(name.casefold())
    return known or (None if name.casefold() in _NOBODY or len(name) < 2 else name)


def agency_named(name: str | None) -> str | None:
    """The agency that a dateline's brackets or a byline name, None for anybody else: "By The Associated Press"."""
    words = re.sub(r"(?i)^by |\s+(?:staff|contributors?|reporters?|staff writers?)$", "", (name or "").strip())
    return _AGENCIES.get(words.casefold())
