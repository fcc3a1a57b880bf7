"""What an HTML page states of itself: title, day of publication, language.

Only explicit statements count: JSON-LD (schema.org), Open Graph, `meta` and `time` elements. Nothing is guessed from
the words of the page: where it is silent, so are we.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from tracker.read.dates import find_path_date, parse_published
from tracker.read.languages import normalise_language
from tracker.read.texts import on_one_line

_MAX_JSON_LD_CHARS = 1_000_000
_MAX_JSON_LD_NODES = 5_000
_MAX_TIME_ELEMENTS = 200
_MAX_TITLE = 500

# Types of schema.org that are a page's main thing, most telling first.
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Legislation|PressRelease|DigitalDocument|WebPage)$")
_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish_date",
    "publication_date", "article.published", "date",
)  # fmt: skip
_LANGUAGE = "content-language"
_SITE_SEPARATOR = re.compile(r"\s+[|–—·»-]\s+|\s*[|_]\s*")
_NOT_PUBLISHED_HINT = re.compile(r"modif|updat|revis|event|expire|today|current")
_DATE_LABEL = re.compile(
    r"(?i)(?:date )?(?:published|posted|released|issued)(?: on)?:?|(?:publication |release )?date:?"
)
_DATELINE_HINT = re.compile(r"date|time|publish|posted|pubtime")
_NOT_THE_STORY = frozenset({"nav", "aside", "footer", "a", "li"})


def load_json_ld(tree: HtmlElement) -> list[dict[str, Any]]:
    """The page's JSON-LD nodes of article-like types, articles before web pages; broken blocks are passed over."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        if len(text) > _MAX_JSON_LD_CHARS:
            continue
        try:
            found.extend(_nodes(json.loads(text, strict=False)))
        except (ValueError, RecursionError):
            continue
    found = [node for node in found if any(_ARTICLE_TYPE.search(name) for name in _types(node))]
    return sorted(found, key=lambda node: all(name.endswith("WebPage") for name in _types(node)))


def _types(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [name for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Top-level nodes, those of @graph, and what they name as their main entity. Lists of other stories stay out."""
    waiting, count = [value], 0
    while waiting and count < _MAX_JSON_LD_NODES:
        item = waiting.pop(0)
        count += 1
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("@graph", "mainEntity") if key in item)


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = on_one_line(meta.get("content") or "")
        for attribute in ("property", "name", "itemprop"):
            if content and (name := meta.get(attribute)):
                found.setdefault(name.strip().lower(), []).append(content)
    return found


def find_title(tree: HtmlElement, json_ld: list[dict[str, Any]]) -> str | None:
    """The headline: JSON-LD, og:title, the only h1, or the title element without the site's name."""
    metas = _metas(tree)
    headings = [on_one_line(heading.text_content()) for heading in tree.iter("h1")]
    headings = [text for text in headings if text]
    name = (metas.get("og:site_name") or [""])[0]
    stated = [str(node["headline"]) for node in json_ld if isinstance(node.get("headline"), str)]
    for text in (
        *stated[:1],
        *metas.get("og:title", ())[:1],
        *metas.get("citation_title", ())[:1],
        *metas.get("articletitle", ())[:1],
    ):
        if cleaned := _without_site(on_one_line(text), name, headings):
            return cleaned[:_MAX_TITLE]
    if len(headings) == 1:
        return headings[0][:_MAX_TITLE]
    element = tree.find(".//head/title")
    text = on_one_line(element.text_content()) if element is not None else ""
    return _without_site(text, name, headings)[:_MAX_TITLE] or None


def _without_site(title: str, site: str, headings: list[str]) -> str:
    """The title without " | Site": where the rest is a heading of the page, or the tail the site's stated name."""
    for match in _SITE_SEPARATOR.finditer(title):
        rest, tail = title[: match.start()].strip(), title[match.end() :].strip()
        if rest in headings or (site and tail.casefold() == site.casefold()):
            return rest
    return title


def find_published(tree: HtmlElement, json_ld: list[dict[str, Any]], url: str) -> date | None:
    """The day that the page itself gives as that of its publication; else a whole /YYYY/MM/DD/ in its path.

    A statement that cannot be read as one day is passed over for the next; modification dates never count.
    """
    metas = _metas(tree)
    stated = [node["datePublished"] for node in json_ld if isinstance(node.get("datePublished"), str)]
    stated += [value for name in _PUBLISHED_METAS for value in metas.get(name, ())[:1]]
    for text in stated:
        if day := parse_published(text):
            return day
    return _find_time_element(tree) or _find_dateline(tree) or find_path_date(urlsplit(url).path)


def _find_dateline(tree: HtmlElement) -> date | None:
    """The day in an element that is named for a date and stands right below the only headline.

    What stands above the headline is not looked at: there many sites print the day on which they are read.
    """
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return None
    days: set[date] = set()
    following = headings[0].xpath("following::*[position() <= 15]")
    for element in following:
        hints = " ".join((element.get("class") or "", element.get("id") or "")).lower()
        if _NOT_PUBLISHED_HINT.search(hints) or not (_DATELINE_HINT.search(hints) or _is_labelled(element)):
            continue
        if _NOT_THE_STORY & {ancestor.tag for ancestor in element.iterancestors()}:
            continue
        if day := parse_published(on_one_line(element.text_content())[:200]):
            days.add(day)
    return days.pop() if len(days) == 1 else None


def _is_labelled(element: HtmlElement) -> bool:
    """Whether the element before it is nothing but a label such as "Published:"."""
    label = element.getprevious()
    return label is not None and bool(_DATE_LABEL.fullmatch(on_one_line(label.text_content() or "")))


def _find_time_element(tree: HtmlElement) -> date | None:
    """The day of the `time` element marked as publication, or of the only day among the story's `time` elements."""
    marked, plain = [], []
    articles = len(tree.getroottree().getroot().xpath("//article"))
    for element in islice(_time_elements(tree), _MAX_TIME_ELEMENTS):
        hints = " ".join(element.get(name) or "" for name in ("itemprop", "class", "id", "pubdate")).lower()
        is_marked = element.get("itemprop", "").lower() == "datepublished" or element.get("pubdate") is not None
        if _NOT_PUBLISHED_HINT.search(hints):
            continue
        day = parse_published(element.get("datetime") or element.get("content") or element.text_content() or "")
        if day is None:
            continue
        if is_marked:
            marked.append(day)
        elif _is_of_the_story(element, articles):
            plain.append((day, _in_header(element)))
    for days in (marked, [day for day, in_header in plain if in_header], [day for day, _ in plain]):
        if days:
            return days[0] if len(set(days)) == 1 else None
    return None


def _time_elements(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("time", "span", "p", "div", "abbr"):
        if element.tag == "time" or element.get("itemprop", "").lower() == "datepublished":
            yield element


def _is_of_the_story(element: HtmlElement, articles: int) -> bool:
    """Whether it stands in the page's one article (or main part), and not in a list of other stories."""
    ancestors = [ancestor.tag for ancestor in element.iterancestors()]
    return not _NOT_THE_STORY & set(ancestors) and (
        ("article" in ancestors and articles == 1) or ("main" in ancestors and articles == 0)
    )


def _in_header(element: HtmlElement) -> bool:
    return any(ancestor.tag == "header" for ancestor in element.iterancestors())


def find_language(tree: HtmlElement, json_ld: list[dict[str, Any]]) -> str | None:
    """The BCP 47 tag that the page states: `html lang`, og:locale, Content-Language, or JSON-LD; None without one."""
    root, metas = tree.getroottree().getroot(), _metas(tree)
    stated = [
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        *metas.get("og:locale", ())[:1],
        *[meta.get("content") for meta in tree.iter("meta") if (meta.get("http-equiv") or "").lower() == _LANGUAGE][:1],
        *[node["inLanguage"] for node in json_ld[:1] if isinstance(node.get("inLanguage"), str)],
    ]
    return next((tag for text in stated if (tag := normalise_language(text))), None)
