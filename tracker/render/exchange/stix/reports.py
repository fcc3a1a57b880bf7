"""Reports: an event each, with what its claims say, every figure beside whose word it is, and who answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tracker.render.database.values import day
from tracker.render.exchange.network import accusations
from tracker.render.exchange.stix.making import (
    MADE,
    Maker,
    Object,
    Times,
    claim_times,
    joined,
    references,
    stix_instant,
    touched_at,
)
from tracker.render.exchange.stix.notes import note_id, quantity
from tracker.render.exchange.stix.parties import identity_id, identity_ids
from tracker.render.exchange.telling import NO_FINDING
from tracker.render.figureexports import group_ids
from tracker.render.paths import event_path, safe_url
from tracker.render.splicing import Chunk
from tracker.render.wording import clean
from tracker.types import Answer, Event, Figure

_MOST_LINKS = 40


def report_chunks(maker: Maker) -> Iterator[Chunk]:
    """A report for each event that has a claim."""
    ties: dict[str, list[str]] = {}
    for item in accusations(maker.views):
        if {item.accuser, item.accused} <= maker.views.catalogue.entities.keys():
            for key in item.event_ids:
                ties.setdefault(key, []).append(maker.id("relationship", "accuses", item.accuser, item.accused))
    for event in sorted(maker.views.catalogue.events, key=lambda one: one.id):
        if any(key in maker.views.catalogue.claims for key in event.claim_ids):
            held = ties.get(event.id, [])
            yield Chunk(f"report {' '.join(held)}", _names_of(maker, event), partial(_report, maker, event, held))


def _names_of(maker: Maker, event: Event) -> tuple[str, ...]:
    """What a report rests on, beside the charges that it is a part of."""
    records = maker.views.catalogue.claims
    claims = [*event.claim_ids, *event.recalled_in, *(item.claim_id or "" for item in event.answers)]
    claims += [item.claim_id for item in event.figures]
    documents = [*event.document_ids, *(records[key].document_id for key in claims if key in records)]
    parties = [*event.actors, *(item.party for item in event.answers), *(item.speaker or "" for item in event.figures)]
    named = (("claims", claims), ("documents", documents), ("entities", parties))
    return (f"events_by_id:{event.id}", *(f"{kind}:{key}" for kind, keys in named for key in dict.fromkeys(keys)))


def _report(maker: Maker, event: Event, ties: list[str]) -> Iterator[Object]:
    views, catalogue = maker.views, maker.views.catalogue
    named = dict.fromkeys([*event.claim_ids, *(item.claim_id or "" for item in event.answers)])
    notes = [note_id(maker, key) for key in named if key in catalogue.claims]
    times = event_times(maker, event)
    page = views.base + event_path(event.id) if views.base else None
    documents = [catalogue.documents[key] for key in event.document_ids if key in catalogue.documents]
    links = [(item.publisher, safe_url(item.url), None) for item in documents]
    summary = "".join(part.text for part in event.summary)
    values = {
        "name": clean(event.title) or event.id,
        "description": clean(f"{summary} {NO_FINDING}".strip()),
        "published": _published(times),
        "object_refs": [*identity_ids(maker, *event.actors), *ties, *notes],
        "external_references": references([(views.site.title, page, event.id), *links[:_MOST_LINKS]]),
    }
    yield maker.make("report", (event.id,), times, values, _event(maker, event))


def event_times(maker: Maker, event: Event) -> Times:
    """From when the tracker first had a claim of it to when a page or a person last changed what is told."""
    span, held = maker.views.seen_span(event), maker.views.catalogue.claims
    seen = Times(*span) if span else Times()
    named = dict.fromkeys((*event.claim_ids, *event.recalled_in, *(item.claim_id or "" for item in event.answers)))
    claims = [claim_times(maker, held[key]) for key in named if key in held]
    times = Times(seen.created, joined([seen, *claims]).modified)
    return touched_at(times, maker.touched.events.get(event.id))


def _published(times: Times) -> str:
    return stix_instant(times.created) if times.created else MADE


def _event(maker: Maker, event: Event) -> Object:
    named = zip(group_ids(event), event.figure_groups, strict=True)
    groups = {index: name for name, group in named for index in group.figures}
    held = maker.views.catalogue.claims
    return {
        "kind": "event",
        "event_id": event.id,
        "event_type": event.type,
        "from_on": day(event.from_on),
        "to_on": day(event.to_on),
        "date_basis": event.date_basis,
        "document_count": len(event.document_ids),
        "independent_sources": len(event.sources),
        "figures": [
            _figure(maker, item, groups.get(index)) for index, item in enumerate(event.figures) if item.claim_id in held
        ],
        "conflicts": [item.why for item in event.figure_conflicts],
        "answers": [answer for item in event.answers if (answer := _answer(maker, item))],
    }


def _figure(maker: Maker, item: Figure, group: str | None) -> dict[str, Any]:
    value = {
        **quantity(item),
        "speaker_ref": next(iter(identity_ids(maker, item.speaker)), None),
        "claim_ref": note_id(maker, item.claim_id),
        "figure_group": group,
        "is_doubtful": item.is_doubtful,
    }
    return {key: held for key, held in value.items() if held is not None}


def _answer(maker: Maker, item: Answer) -> dict[str, Any] | None:
    if item.party not in maker.views.catalogue.entities:
        return None
    value = {
        "party_ref": identity_id(maker, item.party),
        "answer_kind": item.kind,
        "from_on": day(item.from_on),
        "claim_ref": note_id(maker, item.claim_id) if item.claim_id in maker.views.catalogue.claims else None,
    }
    return {key: held for key, held in value.items() if held is not None}
