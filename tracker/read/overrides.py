"""Publishers whose pages the general reader gets wrong: where their text, title and date stand, by CSS selectors.

One short YAML file a publisher in `read/publishers/`; docs/reading.md says how to add one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from soupsieve import SelectorSyntaxError
from soupsieve import compile as compile_selector

from tracker.errors import ConfigError
from tracker.read.dates import parse_published
from tracker.read.texts import clean_text, on_one_line
from tracker.read.urls import host_of
from tracker.yamlfile import load_yaml

FOLDER = Path(__file__).parent / "publishers"
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
     "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section",
     "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
_TWO_BREAKS = re.compile(r"(?:\x1e\s*){2,}")
_WRAPPED = 45
"""A line of preformatted text of that length was broken by the margin."""
_LEAST_CHARS = 40
"""A text shorter than this is taken for a failed selector."""


class Override(BaseModel):
    """Selectors of one publisher's pages, each a list of which the first that matches counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: list[str] = Field(min_length=1)
    """Registrable domains or hosts; their subdomains are meant as well."""
    text: list[str] = Field(min_length=1)
    title: list[str] = []
    byline: list[str] = []
    published: list[str] = []
    remove: list[str] = []
    """What is taken out of the text before it is read."""


@dataclass(frozen=True, slots=True)
class Selected:
    """What the selectors of an override found; a field is None where none of them matched."""

    text: str
    title: str | None
    byline: str | None
    published: date | None


@cache
def load_overrides(folder: Path = FOLDER) -> tuple[Override, ...]:
    """The overrides of a folder, by file name.

    Raises:
        ConfigError: names the file, the key or selector, and what was expected.
    """
    return tuple(_load(path) for path in sorted(folder.glob("*.yaml")))


def _load(path: Path) -> Override:
    file = load_yaml(path, ConfigError)
    try:
        found = Override.model_validate(file.data)
        for selector in (*found.text, *found.title, *found.byline, *found.published, *found.remove):
            compile_selector(selector)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = tuple(first["loc"])
        key = ".".join(map(str, where)) or "(top level)"
        raise ConfigError(f"{path}, line {file.line_of(where)}: {key}: {first['msg']}") from exc
    except SelectorSyntaxError as exc:
        raise ConfigError(f"{path}: not a CSS selector: {on_one_line(str(exc))[:120]}") from exc
    return found


def find_override(url: str) -> Override | None:
    """The override for the host of an address, None where the general reader is good enough."""
    host = host_of(url)
    for override in load_overrides():
        if any(host == name or host.endswith(f".{name}") for name in override.hosts):
            return override
    return None


def apply_override(override: Override, html: str) -> Selected | None:
    """What an override's selectors find in a decoded page; None where none for the text matches any more."""
    soup = BeautifulSoup(html, "lxml")
    for selector in (*override.remove, "script", "style", "noscript", "template"):
        for element in soup.select(selector):
            element.decompose()
    text = next((found for selector in override.text if len(found := _text_of(soup, selector)) >= _LEAST_CHARS), None)
    if text is None:
        return None
    stated = _first(soup, override.published)
    return Selected(
        text=text,
        title=_first(soup, override.title),
        byline=_first(soup, override.byline),
        published=parse_published(stated) if stated else None,
    )


def _first(soup: BeautifulSoup, selectors: list[str]) -> str | None:
    for selector in selectors:
        element = soup.select_one(selector)
        if element is not None:
            stated = element.get("content") or element.get("datetime") or element.get_text(" ")
            if text := on_one_line(str(stated)):
                return text
    return None


def _text_of(soup: BeautifulSoup, selector: str) -> str:
    """The paragraphs of all that a selector matches, but for matches within a match."""
    found = soup.select(selector)
    outer = [element for element in found if not any(parent in found for parent in element.parents)]
    paragraphs: list[str] = []
    for element in outer:
        _collect(element, paragraphs)
    parted = (part for text in paragraphs for part in _TWO_BREAKS.split(text))
    return clean_text("\n\n".join(line for part in parted if (line := _lines(part))))


def _lines(text: str) -> str:
    return "\n".join(filter(None, (on_one_line(line) for line in text.split("\x1e"))))


def _collect(element: Tag, paragraphs: list[str]) -> None:
    if element.name == "pre":
        paragraphs += [*map(_unwrapped, re.split(r"\n[ \t]*\n", element.get_text())), ""]
        return
    paragraphs.append("")
    for child in element.children:
        if isinstance(child, Tag):
            if child.name == "br":
                paragraphs[-1] += "\x1e"
            elif child.name in _BLOCKS:
                _collect(child, paragraphs)
                paragraphs.append("")
            else:
                _collect_inline(child, paragraphs)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            paragraphs[-1] += str(child)


def _unwrapped(block: str) -> str:
    """A paragraph of preformatted text: lines that only the margin broke are joined, shorter ones stay lines."""
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    wrapped = all(len(line) >= _WRAPPED for line in lines[:-1])
    return (" " if wrapped else "\x1e").join(lines)


def _collect_inline(element: Tag, paragraphs: list[str]) -> None:
    if element.find(_BLOCKS) is not None:
        _collect(element, paragraphs)
        return
    for part in element.descendants:
        if isinstance(part, Tag):
            paragraphs[-1] += "\x1e" if part.name == "br" else ""
        elif isinstance(part, NavigableString) and not isinstance(part, PreformattedString):
            paragraphs[-1] += str(part)
