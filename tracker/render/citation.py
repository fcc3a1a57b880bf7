"""How to cite an event: as a line of text and as BibTeX, with its permanent address and the day of what was known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from tracker.days import day_words, interval_words
from tracker.render.paths import event_path
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
    link: str


def cite(event: Event, site_title: str, base: str, known_at: datetime | None) -> Citation:
    """The citation of an event; `known_at` is when the tracker last learned something about it."""
    link = urljoin(base, event_path(event.id)) if base else event_path(event.id)
    title = shorten(event.title, _TITLE_CHARS)
    when = interval_words(event.from_on, event.to_on)
    known = f", as known on {day_words(known_at.date())}" if known_at else ""
    text = f"“{title}” ({when}). {clean(site_title)}, event {event.id}{known}. {link}"
    rows = {"title": f"{{{_escape(title)}}}", "howpublished": _escape(clean(site_title)), "url": link}
    note = f"Event {_escape(event.id)}, {_escape(when)}{known}"
    lines = [f"  {name} = {{{value}}}," for name, value in rows.items()]
    if known_at:
        lines += [f"  year = {{{known_at.year}}},", f"  month = {_MONTHS[known_at.month - 1]},"]
    lines.append(f"  note = {{{note}}}")
    key = re.sub(r"[^A-Za-z0-9:-]+", "-", event.id)
    return Citation(text, "\n".join([f"@misc{{{key},", *lines, "}"]), link)


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)
