"""Pages of nothing but markup as our templates write it, in which attributes and words are found as text: the one door
of this room for RE2.

The expression lists all that such a page may have. Whatever else comes into one, by a template or by words that were
not escaped, makes it another page, of which nothing is said here, and which a parser has to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import re2

_SIGN = r"&(?:amp|lt|gt|#34|#39);"
"""The escapes of markupsafe."""
_VALUE = rf'="(?:[^"<>=&]|{_SIGN}|=+(?:[^"<>=&]|{_SIGN}))*"'
"""No value ends with "=", so '="' stands nowhere but between a name and its value."""
_TEXT = rf'(?:[^<>=&]|{_SIGN}|=+(?:[^<>=&"]|{_SIGN}))*=*'
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
    rf"<!DOCTYPE html>\s*<html{_IN_HEAD}>\s*<head>\s*(?:(?:"
    rf'<meta(?:{_IN_HEAD}| charset{_VALUE}| http-equiv="Content-Security-Policy"{_IN_HEAD})>|'
    rf"<link(?: (?:{_TELLING_NOTHING}|id|href){_VALUE})*>|"
    rf"<title>{_TEXT}</title>|{_LINKED_DATA.replace('+', '[+]')}[^<]*</script>)\s*)*</head>\s*<body{_IN_BODY}>"
    rf"(?:{_TEXT}(?:</(?:{_ELEMENTS})>|<(?:{_ELEMENTS}){_IN_BODY}/?>|<title{_IN_BODY}>{_TEXT}</title>))*"
    rf"{_TEXT}</body>\s*</html>\s*"
)
_TWICE = "|".join(
    rf'<[^<>]* {name}="[^<>]* {name}="' for name in ("href", "id", "rel", "data-source", "data-c(?:laims?|ount)")
)
"""A parser takes the first of two attributes of one name; and who has two of the last is read once for each."""
_DOUBTFUL = rf"[\x00-\x08\x0b-\x1f\x7f]|{_TWICE}"
"""A parser may take other signs for these."""
_MAX_MEMORY_BYTES = 64 << 20

_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&"))
_LINK = re.compile(r'<link(?=[^<>]* href="([^"]*)")(?:(?=[^<>]* rel="([^"]*)"))?')
_TOLD = re.compile(' data-(claims?|count)="([^"]*)"')
_SOURCE = re.compile(' data-source="([^"]*)"')
_TAG = re.compile("<(/?)([a-z0-9]+)[^<>]*?(/?)>")
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
_is_doubtful: Callable[[bytes], object] = _compiled(_DOUBTFUL).search


class PlainPage:
    """A page that can be read in one way alone."""

    def __init__(self, page: str) -> None:
        head, _, self._body = page.partition("</head>")
        before, *parts = head.split(_LINKED_DATA)
        self._head = before + "".join(part.partition("</script>")[2] for part in parts)

    @classmethod
    def of(cls, body: bytes) -> PlainPage | None:
        """A page of HTML in UTF-8; None where a parser has to read it."""
        if not _is_page(body) or _is_doubtful(body):
            return None
        try:
            return cls(body.decode("utf-8"))
        except UnicodeDecodeError:
            return None

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, in their order."""
        return (*_values(self._head, "id"), *_values(self._body, "id"))

    @property
    def links(self) -> Iterator[tuple[str, str]]:
        """(address, `rel`) of what its head names."""
        return ((_unescaped(href), _unescaped(rel)) for href, rel in _LINK.findall(self._head))

    @property
    def addresses(self) -> Iterator[str]:
        """Where its body leads to."""
        return _values(self._body, "href")

    def told(self) -> list[tuple[str, str, str, str]] | None:
        """("claim", "claims" or "count", its value, `data-source`, the words within) of each element that has one.

        None where what stands in one is not just words and what marks some of them: a parser has to read it.
        """
        body, found = self._body, list[tuple[str, str, str, str]]()
        for told in _TOLD.finditer(body):
            tag = _TAG.match(body, body.rindex("<", 0, told.start()))
            words = self._words_from(tag.end(), tag[2]) if tag else None
            if tag is None or words is None:
                return None
            source = _SOURCE.search(tag[0])
            found.append((told[1], _unescaped(told[2]), _unescaped(source[1]) if source else "", words))
        return found

    def _words_from(self, at: int, name: str) -> str | None:
        within, words = [name], list[str]()
        for tag in _TAG.finditer(self._body, at):
            words.append(self._body[at : tag.start()])
            at = tag.end()
            if tag[1]:
                if within.pop() != tag[2]:
                    return None
                if not within:
                    return _unescaped("".join(words))
            elif tag[2] in _AMID_WORDS and tag[2] not in within and not tag[3]:
                within.append(tag[2])
            elif tag[2] not in _WITHOUT_END:
                return None
        return None


def _values(text: str, name: str) -> Iterator[str]:
    _, *parts = text.split(f' {name}="')
    return (_unescaped(part[: part.index('"')]) for part in parts)


def _unescaped(text: str) -> str:
    if "&" in text:
        for escape, sign in _ESCAPES:
            text = text.replace(escape, sign)
    return text
