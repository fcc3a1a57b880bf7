"""Sites built with Next.js that draw their list by a program: the entries stand as JSON in the page all the same.

The page carries `<script id="__NEXT_DATA__" type="application/json">` (nextjs.org/docs/pages, "Data Fetching"). An
entry is any object in it that has a title and a slug.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tracker.errors import NotParsable
from tracker.read.urls import find_url
from tracker.types import Candidate

_DATA = re.compile(rb'<script[^>]+id="__NEXT_DATA__"[^>]*>(.*?)</script>', re.S)
_DATES = ("publishedAt", "publishedOn", "publishDate", "date")
_MAX_DEPTH = 30


def parse_list(body: bytes, url: str) -> tuple[Candidate, ...]:
    """The entries in the page's order; a slug is resolved against the list's own address.

    Raises:
        NotParsable: no such script, or no entry in it.
    """
    found = _DATA.search(body)
    try:
        data = json.loads(found[1]) if found else None
    except (RecursionError, ValueError) as error:  # nested deeper than Python reads
        raise NotParsable(f"{url}: __NEXT_DATA__ is not JSON ({error})", reason="layout") from error
    base = f"{url.partition('?')[0].rstrip('/')}/"
    entries = [
        Candidate(link, " ".join(item["title"].split()), _date(item))
        for item in _objects(data)
        if isinstance(item.get("title"), str) and (link := find_url(_slug(item), base))
    ]
    if not entries:
        raise NotParsable(f"{url}: no entry with a title and a slug in __NEXT_DATA__", reason="layout")
    return tuple(entries)


def _date(item: dict[str, Any]) -> str | None:
    """The date as the page writes it; it is read, strictly, where it is used."""
    return next((str(item[key]) for key in _DATES if item.get(key)), None)


def _slug(item: dict[str, Any]) -> str | None:
    slug = item.get("slug")
    return slug if isinstance(slug, str) else None


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part, depth + 1)
