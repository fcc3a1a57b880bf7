"""What a built page refers to, loads and quotes: all that the gates need of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from tracker.render.plainmarkup import PlainPage

# lxml.etree's elements, not lxml.html's, which asks in Python for the class of each: half of what reading took.
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
_TELLING_NOTHING = frozenset(
    {"class", "lang", "dir", "datetime", "scope", "rel", "type", "name", "property", "content", "cite", "aria-hidden"}
)
"""Attributes that nobody asks for as they come: neither an address nor a place nor code. Most are of these."""
_LOADING = frozenset({"src", "srcset", "poster", "background"})
_CANONICAL = "canonical"
_RUNNING = frozenset({"script", "iframe", "object", "embed"})
_STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)|@import\s+['\"]([^'\"]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page. Each tuple in the order of the page."""

    ids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses that it leads to, each once."""
    loads: tuple[str, ...] = ()
    """Whatever would be loaded or run, as an address or `<tag>`, each once."""
    quotes: tuple[tuple[str, str], ...] = ()
    """(claim's anchor, words) of each quote."""
    marks: tuple[tuple[str, str], ...] = ()
    """(claim's anchor, its highlighted words)."""
    counts: tuple[tuple[str, str, str], ...] = ()
    """(what is counted, of which source or "", the number as it stands)."""


def read_facts(body: bytes) -> PageFacts:
    """The facts of a page of HTML in UTF-8. What is no page at all has none.

    Nearly all pages are of nothing but markup that can be read in one way alone; only the others are parsed.
    """
    page = PlainPage.of(body)
    return read_parsed(body) if page is None else _read_plain(page)


def _read_plain(page: PlainPage) -> PageFacts:
    canonical = [address for address, rel in page.links if rel == _CANONICAL]
    marks: dict[str, str] = {}
    for kind, value, _, words in page.told:
        if kind == "claims":
            for anchor in value.split():
                marks[anchor] = marks.get(anchor, "") + words
    return PageFacts(
        ids=tuple(page.ids),
        links=tuple(dict.fromkeys((*canonical, *page.addresses))),
        loads=tuple(dict.fromkeys(address for address, rel in page.links if rel != _CANONICAL)),
        quotes=tuple((value, words) for kind, value, _, words in page.told if kind == "claim"),
        marks=tuple(marks.items()),
        counts=tuple((value, source, words.strip()) for kind, value, source, words in page.told if kind == "count"),
    )


def read_parsed(body: bytes) -> PageFacts:
    """As `read_facts`, by a parser."""
    try:
        root = etree.fromstring(body, parser=_PARSER)
    except etree.XMLSyntaxError:
        root = None
    page = _Reader()
    for element in () if root is None else root.iter():
        page.read(element)
    return page.facts()


class _Reader:
    """Gathers the facts of a page, element by element."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._links: dict[str, None] = {}
        self._loads: dict[str, None] = {}
        self._quotes: list[tuple[str, str]] = []
        self._marks: dict[str, str] = {}
        self._counts: list[tuple[str, str, str]] = []

    def facts(self) -> PageFacts:
        return PageFacts(
            tuple(self._ids),
            tuple(self._links),
            tuple(self._loads),
            tuple(self._quotes),
            tuple(self._marks.items()),
            tuple(self._counts),
        )

    def read(self, element: etree._Element) -> None:
        tag = element.tag
        for name, value in element.items():
            if name in _TELLING_NOTHING:
                continue
            if name == "id":
                self._ids.append(value)
            elif name == "href" or name.endswith(":href"):
                is_load = tag in ("image", "use", "base") or (tag == "link" and element.get("rel") != _CANONICAL)
                (self._loads if is_load else self._links)[value] = None
            elif name.startswith("data-"):
                self._read_data(element, name, value)
            elif name in _LOADING or (name == "data" and tag == "object"):
                self._loads[value] = None
            elif name in ("action", "formaction"):
                self._links[value] = None
            elif name == "style":
                self._loads.update(dict.fromkeys(_style_urls(value)))
            elif name == "http-equiv" and value.lower() == "refresh":
                self._links[element.get("content", "").partition("url=")[2]] = None
            elif name.startswith("on"):
                self._loads[f"<{tag} {name}>"] = None
        if tag in _RUNNING and element.get("src") is None and element.get("type") != "application/ld+json":
            self._loads[f"<{tag}>"] = None
        elif tag == "style":
            self._loads.update(dict.fromkeys(_style_urls(element.text or "")))

    def _read_data(self, element: etree._Element, name: str, value: str) -> None:
        if name == "data-claim":
            self._quotes.append((value, _words(element)))
        elif name == "data-claims":
            for anchor in value.split():
                self._marks[anchor] = self._marks.get(anchor, "") + _words(element)
        elif name == "data-count":
            self._counts.append((value, element.get("data-source", ""), _words(element).strip()))


def style_loads(body: bytes) -> tuple[str, ...]:
    """The addresses that a style sheet names."""
    return _style_urls(body.decode("utf-8", "replace"))


def _style_urls(text: str) -> tuple[str, ...]:
    return tuple(one or other for one, other in _STYLE_URL.findall(text))


def _words(element: etree._Element) -> str:
    return "".join(element.itertext())
