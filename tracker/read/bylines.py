"""Who signs a page: in its markup, in the first lines of its text, in the brackets of a Chinese dateline."""

from __future__ import annotations

import re
from typing import Any

from lxml.html import HtmlElement

from tracker.read.texts import on_one_line

_METAS = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author", "byl",
          "sailthru.author", "cxenseparse:author")  # fmt: skip
_MARKED = (
    '//*[@rel="author" or @itemprop="author" or contains(concat(" ", normalize-space(@class), " "), " byline ")'
    ' or contains(@class, "byline__name") or contains(@class, "author-name") or contains(@class, "article-author")]'
)
_LABEL = re.compile(
    r"(?i)^(?:(?:written |reported |story |analysis |text )?by|par|von|por|di|door)[:\s]\s*"
    r"|^(?:authors?|reporters?)\s*:\s*"
    r"|^(?:(?:本报|本報|本网|本网站|新华社|见习|特约|本社|驻\w{2,6})?(?:记者|記者)|作者|撰文|撰稿|文|编辑部)\s*[:：丨|/／]?\s*"
)
_BEHIND = re.compile(
    r"\s*(?:[|•·].*|(?:,| -| –| —) (?:staff writer|staff reporter|reporter|correspondent|contributor)s?.*)$", re.I
)
_NOBODY = re.compile(
    r"(?i)(?:admin(?:istrator)?|web ?master|editors?|editorial(?: team| staff| board)?|staff(?: writer| reporter)?s?"
    r"|newsroom|guest|unknown|none|null|undefined|author|by|press office|communications"
    r"|网站编辑|编辑|佚名|匿名|管理员|本站)"
)
_HEAD_LINES = 4
_MAX = 200
_WESTERN_LINE = re.compile(
    r"(?:By|BY|Par|Von|Por) (?P<names>[A-ZÀ-Þ][\w.'’\-À-ÿ]*(?:,? (?:(?:and|et|und|y|e|de|van|von|der|da|la|bin|al)\s)?"
    r"[A-ZÀ-Þ][\w.'’\-À-ÿ]*){0,11})"
)
_HAN_LINE = re.compile(
    r"(?:[（(【]?\s*)(?:本报|本報|本网|新华社|见习|特约|本社)?(?:记者|記者|作者|撰文)\s*[:：丨|/／]?\s*"
    r"(?P<names>[\u4e00-\u9fff·]{2,12}(?:[、,， 　]+[\u4e00-\u9fff·]{2,12}){0,5})\s*[）)】]?"
)


def find_byline(tree: HtmlElement, json_ld: list[dict[str, Any]]) -> str | None:
    """Who signs: JSON-LD authors, `meta` authors, or an element marked as author or byline; names alone, each once.

    Nobody in particular ("admin", "Staff") is nobody.
    """
    stated = [name for node in json_ld for name in _author_names(node.get("author"))]
    if found := _joined(stated):
        return found
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        if name in _METAS and (content := on_one_line(meta.get("content") or "")):
            metas.setdefault(name, []).append(content)
    for name in _METAS:
        if found := _joined(metas.get(name, [])):
            return found
    marked = tree.xpath(_MARKED)
    return _joined([on_one_line(element.text_content()) for element in marked[:1]])


def _author_names(author: Any) -> list[str]:
    people = author if isinstance(author, list) else [author]
    names = [person.get("name") if isinstance(person, dict) else person for person in people[:30]]
    return [on_one_line(name) for name in names if isinstance(name, str)]


def _joined(names: list[str]) -> str | None:
    tidy = [found for name in names if (found := tidy_name(name))]
    byline = ", ".join(dict.fromkeys(tidy))
    return byline if 0 < len(byline) <= _MAX else None


def tidy_name(name: str) -> str | None:
    """A signature without "By", "记者" and the like before it and offices behind it; None for nobody or an address."""
    found = _BEHIND.sub("", _LABEL.sub("", name.strip())).strip(" ,;:-–—")
    if not found or _NOBODY.fullmatch(found) or re.match(r"(?:https?:|www\.|@|[^\s@]+@)", found):
        return None
    return found


def find_signature(text: str) -> str | None:
    """Who signs in one of the first lines of a text, where that line is nothing but a signature."""
    for line in text.split("\n", 2 * _HEAD_LINES)[: 2 * _HEAD_LINES]:
        line = line.strip()
        if len(line) <= _MAX and (match := _WESTERN_LINE.fullmatch(line) or _HAN_LINE.fullmatch(line)):
            return tidy_name(re.sub(r"[ 　]*[、，][ 　]*|[　]+", "、", match["names"]))
    return None
