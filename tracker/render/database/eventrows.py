"""The rows of events and disputes, with the figures, answers, sources and steps that belong to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tracker.days import precision_of
from tracker.render.asrecord import as_record
from tracker.render.database.claimrows import claim_day, updated_at
from tracker.render.database.values import Row, SearchIds, day, instant, last_look, listed, number, unique_ids
from tracker.render.dispute_records import list_answers
from tracker.render.editstamps import last_of
from tracker.render.figureexports import relations_of_figure
from tracker.render.paths import dispute_path, event_path
from tracker.render.revision_records import span_of_figure
from tracker.render.views import Views
from tracker.types import ClaimRecord, Dispute, Event, Figure


def event_rows(views: Views, search_ids: SearchIds) -> Iterator[Row]:
    """A row an event."""
    for event in views.catalogue.events:
        span = views.seen_span(event)
        yield {
            "search_id": search_ids["event", event.id],
            "id": event.id,
            "type": event.type,
            "title": event.title,
            "summary": "".join(part.text for part in event.summary),
            "from_on": day(event.from_on),
            "to_on": day(event.to_on),
            "date_precision": precision_of(event.from_on, event.to_on),
            "date_basis": event.date_basis,
            "actors": listed(event.actors),
            "claim_count": len(event.claim_ids),
            "document_count": len(event.document_ids),
            "independent_sources": len(event.sources),
            "figure_count": len(event.figures),
            "conflict_count": len(event.figure_conflicts),
            "flags": listed(as_record(flag) for flag in event.flags),
            "edits": listed(event.edits),
            "first_seen_at": instant(span[0]) if span else None,
            "changed_at": instant(views.changed_at(event)),
            "page": views.base + event_path(event.id),
        }


def event_claim_rows(views: Views) -> Iterator[Row]:
    """A row for each claim that an event tells, recalls, or is answered by."""
    for event in views.catalogue.events:
        answers = tuple(dict.fromkeys(item.claim_id for item in event.answers if item.claim_id))
        for part, claim_ids in (("told", event.claim_ids), ("recalled", event.recalled_in), ("answer", answers)):
            for position, claim_id in enumerate(claim_ids):
                yield {"event_id": event.id, "part": part, "position": position, "claim_id": claim_id}


def event_source_rows(views: Views) -> Iterator[Row]:
    """A row for each document of an event, by the source that it counts as."""
    for event in views.catalogue.events:
        for index, group in enumerate(event.sources, 1):
            for document_id in group.documents:
                yield {
                    "event_id": event.id,
                    "source_number": index,
                    "document_id": document_id,
                    "origin": group.origin,
                    "basis": group.basis,
                    "why": group.why,
                }


def figure_rows(views: Views) -> Iterator[Row]:
    """A row for each reported value of an event."""
    for event in views.catalogue.events:
        ids = figure_ids(event)
        for position, figure in enumerate(event.figures):
            if figure.claim_id not in views.catalogue.claims:
                continue  # the gates say so
            yield {
                "event_id": event.id,
                "position": position,
                "id": ids[position],
                **_figure(views, event, figure, position),
            }


def figure_ids(event: Event) -> list[str]:
    """The id of each figure of an event, in their order: those of the same words are counted."""
    return unique_ids("f", ((event.id, item.claim_id, item.kind, item.text) for item in event.figures))


def _figure(views: Views, event: Event, figure: Figure, position: int) -> Row:
    claims = views.catalogue.claims
    relations = relations_of_figure(event, position)
    record, vanished = span_of_figure(figure, event, claims)
    return {
        "kind": figure.kind,
        "low": number(figure.low),
        "high": number(figure.high),
        "qualifier": figure.qualifier,
        "unit": figure.unit,
        "text": figure.text,
        "speaker": figure.speaker,
        "accused": listed(figure.accused),
        "claim_id": figure.claim_id,
        "version_id": figure.version_id or claims[figure.claim_id].version_id,
        "start_offset": figure.start if figure.version_id else None,
        "end_offset": figure.end if figure.version_id else None,
        "figure_group": relations["group"],
        "group_low": number(relations["group_low"]),
        "group_high": number(relations["group_high"]),
        "is_nearest": int(figure.is_nearest),
        "is_doubtful": int(figure.is_doubtful),
        "conflicts": listed(relations["conflicts"]),
        "is_current": int(record.in_current_version),
        "is_vanished": int(vanished),
        "first_seen_at": instant(record.first_seen_at),
        "last_seen_on": day(last_look(record.last_seen_at)),
        "updated_at": _updated_at(views, claims[figure.claim_id], event.id),
        "dated_on": claim_day(views, claims[figure.claim_id]) or "",
    }


def assertion_rows(views: Views) -> Iterator[Row]:
    """A row for each thing that claims of an event say alike."""
    for event in views.catalogue.events:
        for item in event.assertions:
            yield {
                "event_id": event.id,
                "id": item.id,
                "type": item.type,
                "speaker": item.speaker,
                "accused": listed(item.accused),
                "figures": listed(event.figures[index].text for index in item.figures),
                "document_count": len(item.document_ids),
                "independent_sources": len(item.sources),
            }


def assertion_claim_rows(views: Views) -> Iterator[Row]:
    """A row for each claim of an assertion."""
    for event in views.catalogue.events:
        for item in event.assertions:
            for position, claim_id in enumerate(item.claim_ids):
                row: Row = {"event_id": event.id, "assertion_id": item.id, "position": position, "claim_id": claim_id}
                yield row


def answer_rows(views: Views) -> Iterator[Row]:
    """A row for each charge that was answered, or that no source has an answer to."""
    catalogue = views.catalogue
    records = list_answers(catalogue.events, catalogue.disputes, catalogue.claims)
    keys = ((record["party"], record["kind"], record["event"], record["claim"]) for record in records)
    for number_, (id_, record) in enumerate(zip(unique_ids("a", keys), records, strict=True), 1):
        claim = catalogue.claims.get(record["claim"] or "")
        yield {
            "number": number_,
            "id": id_,
            "party": record["party"],
            "kind": record["kind"],
            "is_accused": int(record["is_accused"]),
            "from_on": record["from"],
            "to_on": record["to"],
            "date_basis": record["basis"],
            "event_id": record["event"],
            "disputes": listed(dict.fromkeys(record["disputes"])),
            "claim_id": record["claim"],
            "first_seen_at": instant(claim.first_seen_at) if claim else None,
            "updated_at": _updated_at(views, claim, record["event"]) if claim else _changed_at(views, record["event"]),
            "dated_on": record["from"] or "",
        }


def dispute_answer_rows(answers: Iterable[Row]) -> Iterator[Row]:
    """A row for each answer of a dispute's ledger, out of the rows of answers."""
    for row in answers:
        for dispute_id in json.loads(str(row["disputes"])):
            yield {"dispute_id": dispute_id, "answer_id": row["id"]}


def _changed_at(views: Views, event_id: str | None) -> str | None:
    event = views.catalogue.events_by_id.get(event_id or "")
    return instant(views.changed_at(event) if event else views.stamps.events.get(event_id or ""))


def _updated_at(views: Views, record: ClaimRecord, event_id: str | None) -> str | None:
    """When the last was learned of what a claim says of an event: of the claim, or by a decision about the event."""
    return instant(last_of(updated_at(views, record), views.stamps.events.get(event_id or "")))


def dispute_rows(views: Views, search_ids: SearchIds) -> Iterator[Row]:
    """A row a dispute."""
    for dispute in views.catalogue.disputes:
        standing = dispute.standing
        yield {
            "search_id": search_ids["dispute", dispute.id],
            "id": dispute.id,
            "title": dispute.title,
            "status": standing.status if standing else None,
            "since_on": day(standing.from_on) if standing else None,
            "changed_on": day(dispute.changed_on),
            "updated_at": _last_learned(views, dispute),
            "accuser_side": dispute.sides[0],
            "accused_side": dispute.sides[1],
            "accusers": listed(dispute.accusers),
            "accused": listed(dispute.accused),
            "accused_as": listed(dispute.accused_as),
            "target": listed(dispute.target),
            "event_count": len(dispute.event_ids),
            "allegation_count": len(dispute.allegation_ids),
            "page": views.base + dispute_path(dispute.id),
        }


def _last_learned(views: Views, dispute: Dispute) -> str | None:
    """The last instant of a step, of anything of an event of it, or of a person's decision about any of these."""
    steps = (instant(step.first_seen_at) for step in dispute.steps)
    edited = instant(views.stamps.disputes.get(dispute.id))
    changed = (_changed_at(views, key) for key in dispute.event_ids)
    return max(filter(None, (*steps, edited, *changed)), default=None)


def dispute_event_rows(views: Views) -> Iterator[Row]:
    """A row for each event of a dispute."""
    for dispute in views.catalogue.disputes:
        for position, event_id in enumerate(dispute.event_ids):
            yield {"dispute_id": dispute.id, "position": position, "event_id": event_id}


def dispute_step_rows(views: Views) -> Iterator[Row]:
    """A row for each step in how a dispute stands."""
    for dispute in views.catalogue.disputes:
        for position, step in enumerate(dispute.steps):
            yield {
                "dispute_id": dispute.id,
                "position": position,
                "status": step.status,
                "from_on": day(step.from_on),
                "to_on": day(step.to_on),
                "date_basis": step.date_basis,
                "event_id": step.event_id,
                "claims": listed(step.claim_ids),
                "first_seen_at": instant(step.first_seen_at),
            }
