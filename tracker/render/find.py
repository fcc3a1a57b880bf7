"""What the front page's form searches: every event in short, as a script that calls back, since a page that was opened
from a folder may load a script but no JSON."""

from __future__ import annotations

import json
from typing import Any

from tracker.render.views import EventView, Views
from tracker.render.wording import CLAIM_TYPE_WORDS, clean, count_words, shorten

_QUOTE_CHARS = 300


def timeline_data(views: Views) -> bytes:
    """`trackerTimeline({...})`: types by id, entities by id as [name], events newest first."""
    events = [views.event(event) for event in views.catalogue.events]
    parties = {party.id: party for view in events for party in view.actors}
    value = {
        "types": {type_: CLAIM_TYPE_WORDS[type_] for type_ in sorted({view.event.type for view in events})},
        "entities": {key: [clean(parties[key].name)] for key in sorted(parties)},
        "events": [_event(views, view) for view in events],
    }
    return f"trackerTimeline({json.dumps(value, ensure_ascii=True, separators=(',', ':'))});\n".encode()


def _event(views: Views, view: EventView) -> dict[str, Any]:
    event = view.event
    first = next((views.catalogue.claims[key] for key in event.claim_ids if key in views.catalogue.claims), None)
    return {
        "path": view.path,
        "title": clean(view.title),
        "type": event.type,
        "from": event.from_on.isoformat(),
        "to": event.to_on.isoformat(),
        "when": view.when,
        "actors": [party.id for party in view.actors],
        "figures": [clean(words) for words, _ in view.figures],
        "quote": shorten(first.claim.text, _QUOTE_CHARS) if first else "",
        "foot": _foot(view),
    }


def _foot(view: EventView) -> str:
    names = ", ".join(clean(party.name) for party in view.actors)
    documents = count_words(view.documents, "document")
    if view.sources and view.documents > 1:
        documents = f"{documents}, {count_words(view.sources, 'independent source')}"
    return " · ".join(part for part in (names, documents) if part)
