"""How to cite an event: as a line of text and in the formats of reference managers (BibTeX, RIS, CSL-JSON), with its
permanent address and the day of what was known."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.days import day_words, interval_words
from tracker.render.paths import event_path, full_address
from tracker.render.wording import clean, shorten
from tracker.types import Event

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_TITLE_CHARS = 300
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The month macros that every BibTeX style defines."""


@dataclass(frozen=True, slots=True)
class Citation:
    """An event as others cite it. `link` is the permanent address, or the path on the site where nobody serves it."""

    text: str
    bibtex: str
    ris: str
    csl: str
    link: str


def cite(event: Event, site_title: str, base: str, known_at: datetime | None) -> Citation:
    """The citation of an event; `known_at` is when something was last learned or decided about it."""
    link = full_address(base, event_path(event.id)) if base else event_path(event.id)
    title = shorten(event.title, _TITLE_CHARS)
    when = interval_words(event.from_on, event.to_on)
    known = f", as known on {day_words(known_at.date())}" if known_at else ""
    text = f"“{title}” ({when}). {clean(site_title)}, event {event.id}{known}. {link}"
    note = f"Event {event.id}, {when}{known}"
    told = _Told(event.id, title, clean(site_title), link, note, known_at)
    return Citation(text, _bibtex(told), _ris(told), _csl(told), link)


@dataclass(frozen=True, slots=True)
class _Told:
    """What every format says."""

    id: str
    title: str
    site: str
    link: str
    note: str
    known_at: datetime | None


def _bibtex(told: _Told) -> str:
    rows = {"title": f"{{{_escape(told.title)}}}", "howpublished": _escape(told.site), "url": told.link}
    lines = [f"  {name} = {{{value}}}," for name, value in rows.items()]
    if told.known_at:
        lines += [f"  year = {{{told.known_at.year}}},", f"  month = {_MONTHS[told.known_at.month - 1]},"]
    lines.append(f"  note = {{{_escape(told.note)}}}")
    key = re.sub(r"[^A-Za-z0-9:-]+", "-", told.id)
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _ris(told: _Told) -> str:
    """RIS, as EndNote, Zotero and Mendeley read it: a tag of two letters, two spaces, a hyphen, a space, a value."""
    rows = [("TY", "ELEC"), ("TI", told.title), ("T2", told.site), ("UR", told.link), ("N1", told.note)]
    if told.known_at:
        rows += [("PY", str(told.known_at.year)), ("DA", f"{told.known_at:%Y/%m/%d}")]
    return "\n".join([*(f"{tag}  - {shorten(value, 2000)}" for tag, value in rows), "ER  - "])


def _csl(told: _Told) -> str:
    """CSL-JSON 1.0, as citation processors take it (docs.citationstyles.org)."""
    item: dict[str, Any] = {
        "id": told.id,
        "type": "webpage",
        "title": told.title,
        "container-title": told.site,
        "URL": told.link,
        "note": told.note,
    }
    if told.known_at:
        item["issued"] = {"date-parts": [[told.known_at.year, told.known_at.month, told.known_at.day]]}
    return json.dumps([item], ensure_ascii=False, indent=1)


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)
