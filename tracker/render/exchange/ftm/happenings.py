"""Events: what happened once, on a date, as the claims tell it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tracker.render.database.values import day
from tracker.render.exchange.ftm.naming import ftm_id, line_of, page_url, text_of
from tracker.render.exchange.ftm.pages import page_id
from tracker.render.exchange.ftm.parties import is_legal_entity, party_id
from tracker.render.exchange.ftm.statements import FtmEntity, Seen, Statement, collect_entity
from tracker.render.exchange.telling import NO_FINDING
from tracker.render.paths import event_path
from tracker.render.splicing import Chunk
from tracker.render.views import Views
from tracker.types import Event


def event_id(id: str) -> str:
    """The id of an event."""
    return ftm_id("event", id)


def event_entities(views: Views) -> Iterator[Chunk]:
    """Each event as an `Event`, with its parties and pages."""
    for event in sorted(views.catalogue.events, key=lambda item: item.id):
        yield Chunk("event", _names_of(event), partial(_event_entity, views, event))


def _names_of(event: Event) -> tuple[str, ...]:
    """What an event's lines rest on."""
    claims = (f"claims:{key}" for key in event.claim_ids)
    parties = (f"entities:{key}" for key in event.actors)
    return (f"events_by_id:{event.id}", *claims, *parties, *(f"documents:{key}" for key in event.document_ids))


def _event_entity(views: Views, event: Event) -> Iterator[FtmEntity]:
    yield collect_entity(_event(views, event))


def _event(views: Views, event: Event) -> Iterator[Statement]:
    catalogue = views.catalogue
    seen = Seen()
    for key in event.claim_ids:
        if record := catalogue.claims.get(key):
            seen = seen.joined(Seen(record.first_seen_at, record.last_seen_at))
    days = (day(event.from_on) or "", day(event.to_on) or "")
    values = [
        ("name", line_of(event.title) or "Untitled event"),
        ("summary", text_of("".join(part.text for part in event.summary))),
        *([("date", days[0])] if days[0] == days[1] else [("startDate", days[0]), ("endDate", days[1])]),
        ("keywords", event.type.replace("_", " ")),
        ("recordId", event.id),
        ("notes", NO_FINDING),
        ("sourceUrl", page_url(views, event_path(event.id))),
        *(("involved", party_id(key)) for key in event.actors if is_legal_entity(catalogue.entities.get(key))),
        *(("proof", page_id(key)) for key in event.document_ids if key in catalogue.documents),
    ]
    for prop, value in values:
        yield Statement(event_id(event.id), "Event", prop, value, "reading", seen)
