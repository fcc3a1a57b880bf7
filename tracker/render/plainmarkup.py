"""Pages of nothing but markup as our templates write it, in which attributes and words are found as text: the one door
of this room for RE2.

The expression lists all that such a page may have. Whatever else comes into one, by a template or by words that were
not escaped, makes it another page, of which nothing is said here, and which a parser has to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import re2

_SIGN = r"&(?:amp|lt|gt|#34|#39);"
"""The escapes of markupsafe."""
_NO_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f"
"""A parser may take other signs for these."""
_VALUE = rf'="(?:[^"<>=&{_NO_CONTROLS}]|{_SIGN}|=+(?:[^"<>=&{_NO_CONTROLS}]|{_SIGN}))*"'
"""No value ends with "=", so '="' stands nowhere but between a name and its value."""
_TEXT = rf'(?:[^<>=&{_NO_CONTROLS}]|{_SIGN}|=+(?:[^<>=&"{_NO_CONTROLS}]|{_SIGN}))*=*'
_GAP = r"[\t\n ]*"
_TELLING_NOTHING = (
    "aria-[a-z]+|cite|class|colspan|content|cx|cy|datetime|dir|dx|dy|focusable|height|lang|name|preserveAspectRatio|"
    "property|r|rel|role|rowspan|scope|start|tabindex|text-anchor|title|type|viewBox|width|x|x1|x2|y|y1|y2"
)
_IN_HEAD = rf"(?: (?:{_TELLING_NOTHING}|id){_VALUE})*"
_IN_BODY = rf"(?: (?:(?:{_TELLING_NOTHING}|id|href|data-claims?|data-count|data-source){_VALUE}|open|reversed))*"
_ELEMENTS = (
    "a|article|aside|b|bdi|blockquote|br|caption|circle|cite|code|dd|del|desc|details|div|dl|dt|em|figcaption|figure|"
    "footer|g|h1|h2|h3|h4|header|i|ins|li|line|main|mark|nav|ol|p|path|pre|q|rect|s|section|small|span|strong|sub|"
    "summary|sup|svg|table|tbody|td|text|tfoot|th|thead|time|tr|tspan|u|ul"
)
_LINKED_DATA = '<script type="application/ld+json">'
_PAGE = (
    rf"<!DOCTYPE html>{_GAP}<html{_IN_HEAD}>{_GAP}<head>{_GAP}(?:(?:"
    rf'<meta(?:{_IN_HEAD}| charset{_VALUE}| http-equiv="Content-Security-Policy"{_IN_HEAD})>|'
    rf"<link(?: (?:{_TELLING_NOTHING}|id|href){_VALUE})*>|"
    rf"<title>{_TEXT}</title>|{_LINKED_DATA.replace('+', '[+]')}[^<{_NO_CONTROLS}]*</script>){_GAP})*</head>{_GAP}"
    rf"<body{_IN_BODY}>"
    rf"(?:{_TEXT}(?:</(?:{_ELEMENTS})>|<(?:{_ELEMENTS}){_IN_BODY}/?>|<title{_IN_BODY}>{_TEXT}</title>))*"
    rf"{_TEXT}</body>{_GAP}</html>{_GAP}"
)
_MAX_MEMORY_BYTES = 64 << 20

_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&"))
_LINK = re.compile(r'<link(?=[^<>]* href="([^"]*)")(?:(?=[^<>]* rel="([^"]*)"))?')
_TOLD = re.compile(' data-(claims?|count)="([^"]*)"')
_TELLING, _OF_SOURCE = " data-c", ' data-source="'
_SOURCE = re.compile(f'{_OF_SOURCE}([^"]*)"')
_TAG = re.compile("<(/?)([a-z0-9]+)([^<>]*)>")
_WITHOUT_END = frozenset({"br"})
_AMID_WORDS = frozenset(
    {"a", "b", "bdi", "cite", "code", "del", "em", "i", "ins", "mark", "p", "q", "small", "span", "strong", "time"}
)


def _compiled(expression: str) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.max_mem = _MAX_MEMORY_BYTES
    return re2.compile(expression.encode("ascii"), options)


_is_page: Callable[[bytes], object] = _compiled(_PAGE).fullmatch


Told = tuple[str, str, str, str]
"""("claim", "claims" or "count", its value, `data-source`, the words within) of an element that has one."""


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page that can be read in one way alone. Each list in the order of the page."""

    ids: list[str]
    links: list[tuple[str, str]]
    """(address, `rel`) of what its head names."""
    addresses: list[str]
    """Where its body leads to."""
    told: list[Told]

    @classmethod
    def of(cls, page: bytes) -> PlainPage | None:
        """A page of HTML in UTF-8; None where a parser has to read it."""
        if not _is_page(page):
            return None
        try:
            whole, _, body = page.decode("utf-8").partition("</head>")
        except UnicodeDecodeError:
            return None
        before, *parts = whole.split(_LINKED_DATA)
        head = before + "".join(part.partition("</script>")[2] for part in parts)
        of_head, of_body = (_values(head, "id"), _values(head, "href"), _values(head, "rel")), _values(body, "id")
        addresses, told = _values(body, "href"), _read_told(body)
        if of_head[0] is None or None in of_head or of_body is None or addresses is None or told is None:
            return None
        links = [(_unescaped(href), _unescaped(rel)) for href, rel in _LINK.findall(head)]
        return cls([*of_head[0], *of_body], links, addresses, told)


def _read_told(body: str) -> list[Told] | None:
    """None where what stands in one is not just words and what marks some of them: a parser has to read it."""
    found: list[Told] = []
    at = body.find(_TELLING)
    while at >= 0:
        told, tag = _TOLD.match(body, at), _TAG.match(body, body.rindex("<", 0, at))
        words = _words_from(body, tag.end(), tag[2]) if told and tag else None
        if told is None or tag is None or words is None:
            return None
        whole = tag[0]
        if whole.count(_TELLING) > 1 or whole.count(_OF_SOURCE) > 1:  # who has two is read once for each
            return None
        source = _SOURCE.search(whole)
        found.append((told[1], _unescaped(told[2]), _unescaped(source[1]) if source else "", words))
        at = body.find(_TELLING, tag.end())
    return found


def _words_from(body: str, at: int, name: str) -> str | None:
    within, words = [name], list[str]()
    for tag in _TAG.finditer(body, at):
        words.append(body[at : tag.start()])
        at = tag.end()
        if tag[1]:
            if within.pop() != tag[2]:
                return None
            if not within:
                return _unescaped("".join(words))
        elif tag[2] in _AMID_WORDS and tag[2] not in within and not tag[3].endswith("/"):
            within.append(tag[2])
        elif tag[2] not in _WITHOUT_END:
            return None
    return None


def _values(text: str, name: str) -> list[str] | None:
    """The values of an attribute; None where a tag has two of them, of which a parser takes the first."""
    _, *parts = text.split(f' {name}="')
    values = []
    for part in parts:
        value, _, rest = part.partition('"')
        if ">" not in rest:  # which stands between two tags
            return None
        values.append(_unescaped(value) if "&" in value else value)
    return values


def _unescaped(text: str) -> str:
    if "&" in text:
        for escape, sign in _ESCAPES:
            text = text.replace(escape, sign)
    return text
