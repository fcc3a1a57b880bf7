"""What the front page's form searches: every event in short, as a script that calls back, since a page that was opened
from a folder may load a script but no JSON.

Rows are arrays and name parties and countries by their place in a list, so that 5,000 events stay under a megabyte.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.days import day_words
from tracker.render.marks import MARK_WORDS
from tracker.render.paths import entity_path, event_path, file_stem
from tracker.render.views import EventView, Views
from tracker.render.wording import CLAIM_TYPE_WORDS, STEP_WORDS, clean
from tracker.types import CLAIM_TYPES

_EPOCH = date(1970, 1, 1)
_FIGURES = 1
"""Figures of a row, the best attested; its page has all."""
_TOKENS = "".join(map(chr, range(0xE000, 0xE000 + 8)))
"""For private use in Unicode: the first stands in a title for the name of the row's first party, and so on."""
_ACTORS = 8
"""Parties of a row that can be sought, the first of the event; its page names all."""
ROW = (
    "stem", "title", "type", "from", "days", "basis", "when",
    "actors", "figures", "documents", "countries", "statuses", "marks",
)  # fmt: skip
"""What the places of a row's array hold; empty ones at its end are left out."""


def timeline_data(views: Views) -> bytes:
    """`trackerTimeline({...})`: the lists that rows point into, and a row for each event, newest first.

    A row holds the stem of its page's address, without the day where it begins with the event's; the title, with tokens
    for the names of its parties; the type;
    its first day, counted from 1970-01-01; how many days more it spans; 1 where that is the day of publication; the
    words for its date where they are not just that day; parties; figures; how many documents; countries; statuses of
    its disputes; marks, each its kind or [kind, number].
    """
    events = [views.event(event) for event in views.catalogue.events]
    parties = {party.id: party for view in events for party in view.actors[:_ACTORS]}
    keys = sorted(parties, key=lambda key: (parties[key].name.casefold(), key))
    codes = sorted({code for view in events for code in view.jurisdictions})
    places = {key: at for at, key in enumerate(keys)}
    value = {
        "row": ROW,
        "types": [[type_, CLAIM_TYPE_WORDS[type_]] for type_ in CLAIM_TYPES],
        "statuses": [[status, words] for status, words in STEP_WORDS.items()],
        "countries": codes,
        "marks": [[kind, *words] for kind, words in MARK_WORDS.items()],
        "parties": [_party(clean(parties[key].name), parties[key].path, key) for key in keys],
        "events": [_row(view, places, codes) for view in events],
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"trackerTimeline({text});\n".encode()


def _party(name: str, path: str | None, key: str) -> list[str]:
    """[name], with the stem of the page's address where there is a page."""
    return [name, file_stem(key)] if path == entity_path(key) else [name]


def _row(view: EventView, places: dict[str, int], codes: Sequence[str]) -> list[Any]:
    event = view.event
    days = (event.to_on - event.from_on).days
    kinds, statuses = list(MARK_WORDS), list(STEP_WORDS)
    row: list[Any] = [
        _stem(view),
        _short_title(view),
        CLAIM_TYPES.index(event.type),
        (event.from_on - _EPOCH).days,
        days,
        int(event.date_basis == "publication"),
        "" if view.when == day_words(event.from_on) else view.when,
        [places[party.id] for party in view.actors[:_ACTORS]],
        [clean(words) for words, _ in view.figures[:_FIGURES]],
        view.documents,
        [codes.index(code) for code in view.jurisdictions],
        sorted({statuses.index(standing.status) for standing in view.standings}),
        [[kinds.index(mark.kind), mark.count] if mark.count else kinds.index(mark.kind) for mark in view.marks],
    ]
    while row and row[-1] in ("", 0, []):
        row.pop()
    return row


def _short_title(view: EventView) -> str:
    title = clean(view.title).translate(dict.fromkeys(map(ord, _TOKENS), "\ufffd"))
    for token, party in zip(_TOKENS, view.actors[:_ACTORS], strict=False):
        if len(clean(party.name)) > len(token.encode()):
            title = title.replace(clean(party.name), token)
    return title


def _stem(view: EventView) -> str:
    """The page's address without folder and ending; "-" for the day where it begins with that."""
    stem = event_path(view.event.id).removeprefix("events/").removesuffix(".html")
    day = view.event.from_on.isoformat()
    return stem.removeprefix(day) if stem.startswith(f"{day}-") else stem
