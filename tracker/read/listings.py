"""Listing pages: links of a page without a feed, found by the CSS selectors of config.yaml."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag
from soupsieve import SelectorSyntaxError

from tracker.errors import NotParsable
from tracker.read.charsets import decode_text
from tracker.read.urls import find_url
from tracker.types import Candidate

_MAX_BYTES = 10_000_000
_MAX_TITLE = 500


def parse_listing(
    body: bytes, content_type: str | None, url: str, items: str, link: str, date: str | None
) -> tuple[Candidate, ...]:
    """The entries that `items` selects, in order; `link` and `date` select within an entry.

    Title: the link's text, else its `title` or `aria-label`. Date: the element's `datetime`, else its text, as
    written. An entry without a link is skipped.

    Raises:
        NotParsable: a selector is no CSS, or matches nothing on the whole page; it is named.
    """
    soup = _parse_html(body, content_type, url)
    entries = _select(soup, items, "items", url)
    if not entries:
        raise NotParsable(
            f"{url}: the selector items: {items!r} matches nothing; the layout may have changed", reason="layout"
        )
    candidates, dated = [], False
    for entry in entries:
        anchor = _select_link(entry, link, url)
        target = find_url(str(anchor.get("href") or ""), _base(soup, url)) if anchor is not None else None
        if anchor is None or target is None:
            continue
        stated = _date_text(entry, date, url)
        dated = dated or stated is not None
        candidates.append(Candidate(target, _title(anchor), stated))
    if not candidates:
        raise NotParsable(
            f"{url}: the selector link: {link!r} finds no link in any of {len(entries)} entries", reason="layout"
        )
    if date and not dated:
        raise NotParsable(
            f"{url}: the selector date: {date!r} finds nothing in any of {len(entries)} entries", reason="layout"
        )
    return tuple(candidates)


def find_next_page(body: bytes, content_type: str | None, url: str) -> str | None:
    """The address of the next page of a listing, where the page marks it (rel=next, RFC 8288)."""
    soup = _parse_html(body, content_type, url)
    for element in soup.select('link[rel~="next"][href], a[rel~="next"][href]'):
        return find_url(str(element.get("href")), _base(soup, url))
    return None


def _parse_html(body: bytes, content_type: str | None, url: str) -> BeautifulSoup:
    if len(body) > _MAX_BYTES:
        raise NotParsable(f"{url}: the listing is larger than {_MAX_BYTES} bytes")
    try:
        return BeautifulSoup(decode_text(body, content_type), "lxml")
    except (RecursionError, AssertionError, ValueError) as exc:
        raise NotParsable(f"{url}: the listing cannot be read ({type(exc).__name__})") from exc


def _base(soup: BeautifulSoup, url: str) -> str:
    base = soup.find("base", href=True)
    return (find_url(str(base["href"]), url) if isinstance(base, Tag) else None) or url


def _select(within: Tag, selector: str, name: str, url: str) -> list[Tag]:
    try:
        return list(within.select(selector))
    except (SelectorSyntaxError, NotImplementedError) as exc:
        why = str(exc).splitlines()[0]
        raise NotParsable(f"{url}: the selector {name}: {selector!r} is not CSS ({why})") from exc


def _select_link(entry: Tag, link: str, url: str) -> Tag | None:
    found = _select(entry, link, "link", url)
    if found:
        return found[0]
    # The entry may itself be the link.
    return entry if entry.name == "a" and entry.has_attr("href") else None


def _title(anchor: Tag) -> str | None:
    text = " ".join(anchor.get_text(" ").split()) or str(anchor.get("title") or anchor.get("aria-label") or "")
    return " ".join(text.split())[:_MAX_TITLE] or None


def _date_text(entry: Tag, date: str | None, url: str) -> str | None:
    for element in _select(entry, date, "date", url) if date else ():
        text = str(element.get("datetime") or "") or element.get_text(" ")
        if text.strip():
            return " ".join(text.split())
    return None
