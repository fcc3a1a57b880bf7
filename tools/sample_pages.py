"""What the layouts of the sample web are told of a document: its days as publishers write them, its marked-up words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

CORRECTED = {"dev-006": "dev-005"}
"""A later text of the same page: it is what the page says in edition 2."""
LINKED = ("H.R. 8283", "memorandum", "memo", "letter", "DeepSeek", "Claude", "paper", "rule", "Nvidia", "still", "指控")
STRESSED = (
    "Bloomberg",
    "Reuters",
    "Financial Times",
    "Nature",
    "Anthropic",
    "OpenAI",
    "Alibaba",
    "teacher",
    "Moolenaar",
)


def describe_document(row: dict[str, Any], site: dict[str, Any], related: list[tuple[str, str]]) -> dict[str, Any]:
    """What the templates know of a document."""
    on, number = date.fromisoformat(row["published"]), int(row["id"][-3:])
    paragraphs = row["text"].split("\n\n")
    author = site["authors"][number % len(site["authors"])]
    time = f"{8 + number % 11:02}:{number * 7 % 60:02}"
    stamp = f"{on}T{time}:00Z"
    about = {
        "@type": "NewsArticle",
        "headline": row["title"],
        "datePublished": stamp,
        "dateModified": stamp,
        "author": [{"@type": "Person", "name": author}],
        "publisher": {"@type": "Organization", "name": site["name"]},
        "mainEntityOfPage": row["url"],
    }
    return row | describe_day(on) | {
        "path": urlsplit(row["url"]).path, "published": on.isoformat(), "time": time, "number": number,
        "author": author, "section": SECTIONS.get(row["id"], site["section"]), "related": related,
        "minutes": max(1, len(row["text"]) // 1000), "summary": shorten(paragraphs[0]),
        "first_published": on.isoformat(), "modified": on.isoformat() if row["id"] in CORRECTED else None,
        "modified_us": describe_day(on)["day_us"],
        "paragraphs": [_mark_up(text, index, related) for index, text in enumerate(paragraphs)],
        "json_ld": {"@context": "https://schema.org"} | about,
        "json_ld_graph": {"@context": "https://schema.org", "@graph": [
            {"@type": "WebSite", "name": site["name"]}, about | {"@type": "Article"}]},
        "agency": AGENCIES.get(row["id"], ""), "document_number": f"2026-9{number:04}",
        "comments": [],
    }  # fmt: skip


SECTIONS = {"web-001": "Rule", "web-003": "Presidential Document", "dev-010": "Markets"}
AGENCIES = {
    "web-001": "Industry and Security Bureau",
    "web-002": "Alcohol and Tobacco Tax and Trade Bureau",
    "web-003": "Executive Office of the President",
    "web-004": "Federal Register Office",
}
_MONTHS = [
    ("January", "Jan.", "janvier"), ("February", "Feb.", "février"), ("March", "March", "mars"),
    ("April", "April", "avril"), ("May", "May", "mai"), ("June", "June", "juin"),
    ("July", "July", "juillet"), ("August", "Aug.", "août"), ("September", "Sept.", "septembre"),
    ("October", "Oct.", "octobre"), ("November", "Nov.", "novembre"), ("December", "Dec.", "décembre"),
]  # fmt: skip


def describe_day(on: date) -> dict[str, str]:
    """A day as the publishers write it."""
    month, month_ap, month_fr = _MONTHS[on.month - 1]
    return {
        "day_us": f"{month} {on.day}, {on.year}",
        "day_gb": f"{on.day} {month} {on.year}",
        "day_ap": f"{month_ap} {on.day}, {on.year}",
        "day_short": f"{month[:3]} {on.day:02}, {on.year}",
        "day_numeric": f"{on.month:02}/{on.day:02}/{on.year}",
        "day_fr": f"{on.day} {month_fr} {on.year}",
        "day_zh": f"{on.year}年{on.month:02}月{on.day:02}日",
    }


def shorten(text: str, length: int = 140) -> str:
    """The beginning of a text, up to whole words."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " ..."


def _mark_up(text: str, index: int, related: list[tuple[str, str]]) -> Markup:
    """A paragraph with one inline link (the first and third) or one stressed name (the second)."""
    names = {0: LINKED, 1: STRESSED, 2: LINKED}.get(index, ())
    match = next((m for name in names if (m := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))), None)
    if match is None:
        return escape(text)
    word = escape(match[0])
    href = related[0][1] if related else "/"
    marked = Markup("<em>{}</em>").format(word) if index == 1 else Markup('<a href="{}">{}</a>').format(href, word)
    return escape(text[: match.start()]) + marked + escape(text[match.end() :])
