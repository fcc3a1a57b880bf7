"""Exports: the dataset as records, and records as JSON, JSON Lines or CSV text.

No export holds the full text of a publisher's page: claims carry the quoted words and where they stand.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from tracker.records import date_to_record, quantity_to_record
from tracker.render.asrecord import as_record
from tracker.render.attributed import assertion_records, attribution_record, claim_attribution
from tracker.render.dispute_records import answer_records, dispute_records
from tracker.render.edits import edit_records
from tracker.render.figureexports import figures_of_event, relations_of_figure, whole
from tracker.render.revision_records import Places, figure_times, revision_records, valid_times
from tracker.types import Answer, ClaimRecord, CopyGroup, Dataset, Event, Figure, StoredDocument

What = Literal[
    "events", "claims", "entities", "documents", "figures", "assertions", "revisions", "curation", "disputes", "answers"
]  # fmt: skip
Format = Literal["json", "jsonl", "csv"]
Record = dict[str, Any]
_as_json = json.JSONEncoder(ensure_ascii=False).encode
"""As `json.dumps` does, which makes an encoder each time: a third of what a large export takes."""


def export_records(dataset: Dataset, what: What) -> list[Record]:
    """The records of one kind, in a stable order; each says as of when, where that is not the present."""
    records = _export_records(dataset, what)
    return [record | {"as_of": dataset.as_of.isoformat()} for record in records] if dataset.as_of else records


def _export_records(dataset: Dataset, what: What) -> list[Record]:
    documents = {document.id: document for document in dataset.documents}
    claims = {record.id: record for record in dataset.reconciled.claims}
    events = dataset.reconciled.events
    if what == "events":
        return _mark_unknown([_event(event, claims, documents) for event in events], dataset)
    if what == "claims":
        places = Places(events)
        published = [_claim(record, documents, places) for record in dataset.reconciled.claims]
        return _mark_unknown(published, dataset) + review_records(dataset)
    if what == "figures":
        return [
            {"event": event.id, **_figure(item, event, claims), **relations_of_figure(event, index)}
            for event in events
            for index, item in enumerate(event.figures)
        ]
    if what == "assertions":
        return assertion_records(events)
    if what == "revisions":
        return revision_records(dataset)
    if what == "curation":
        return edit_records(dataset.edits)
    if what == "disputes":
        return dispute_records(dataset)
    if what == "answers":
        return answer_records(dataset)
    if what == "entities":
        return [_plain(as_record(entity)) for entity in dataset.reconciled.entities]
    groups = {
        key: group for group in dataset.copies for key in (group.original, *(c.document_id for c in group.copies))
    }
    return [_document(document, groups.get(document.id)) for document in dataset.documents]


def review_records(dataset: Dataset) -> list[Record]:
    """The claims that await review as records, the least sure first."""
    documents = {document.id: document for document in dataset.documents}
    waiting = sorted(dataset.awaiting_review, key=lambda record: (record.claim.confidence or 0.0, record.id))
    return _mark_unknown([_claim(record, documents, Places(()), awaits_review=True) for record in waiting], dataset)


def _mark_unknown(records: list[Record], dataset: Dataset) -> list[Record]:
    """Records with the ids among their parties that no gazetteer has and nobody has decided on."""
    unknown = {entity.id for entity in dataset.reconciled.entities if not entity.known}

    def named(record: Record) -> list[str]:
        lists = (record.get(key, ()) for key in ("actors", "accused", "target", "via"))
        return [record.get("speaker"), record.get("for"), *(party for item in lists for party in item)]

    return [r | {"not_on_file": list(dict.fromkeys(i for i in named(r) if i in unknown))} for r in records]


def _plain(record: Record) -> Record:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in record.items()}


_NOT_OF_A_FIGURE = frozenset({"version_id", "is_nearest", "standing"})


def _figure(figure: Figure, event: Event, claims: dict[str, ClaimRecord]) -> Record:
    record = claims[figure.claim_id]
    kept = {
        key: value for key, value in as_record(figure).items() if key not in ("version_id", "is_nearest", "standing")
    }
    return _plain(kept) | {
        "low": whole(figure.low),
        "high": whole(figure.high),
        "version": record.version_id,
        **figure_times(figure, event, claims),
    }


def _answer(answer: Answer) -> Record:
    days = {"from_on": answer.from_on, "to_on": answer.to_on}
    return as_record(answer) | {key: on.isoformat() if on else None for key, on in days.items()}


def _versions_of(record: ClaimRecord, document: StoredDocument) -> list[str]:
    """The ids of the versions that hold the claim's words."""
    ids = [version.id for version in document.versions]
    return ids[ids.index(record.first_version_id) : ids.index(record.version_id) + 1]


def _event(event: Event, claims: dict[str, ClaimRecord], documents: dict[str, StoredDocument]) -> Record:
    carriers = dict.fromkeys(
        version
        for claim_id in event.claim_ids
        for version in _versions_of(claims[claim_id], documents[claims[claim_id].document_id])
    )
    return {
        "id": event.id,
        "date": {"from": event.from_on.isoformat(), "to": event.to_on.isoformat(), "basis": event.date_basis},
        "type": event.type,
        "title": event.title,
        "actors": list(event.actors),
        "figures": [_figure(item, event, claims) for item in event.figures],
        **figures_of_event(event),
        "answers": [_answer(item) for item in event.answers],
        "documents": sorted(carriers),
        "claims": list(event.claim_ids),
        "recalled_in": list(event.recalled_in),
        "vanished": list(event.vanished),
        "edits": list(event.edits),
        **attribution_record(event),
    }


def _claim(
    record: ClaimRecord, documents: dict[str, StoredDocument], places: Places, *, awaits_review: bool = False
) -> Record:
    claim, document = record.claim, documents[record.document_id]
    told = places.told.get(record.id, ())
    return {
        "id": record.id,
        "type": claim.type,
        "status": claim.status,
        "speaker": claim.speaker,
        "for": claim.on_behalf_of,
        "accused": list(claim.accused),
        "accused_as": claim.accused_as,
        "target": list(claim.target),
        "via": list(claim.via),
        "quote": claim.text,
        "start": claim.start,
        "end": claim.end,
        "quantities": [quantity_to_record(item) for item in record.quantities],
        "dates": [date_to_record(item) for item in record.dates],
        "document": document.id,
        "version": record.version_id,
        "first_version": record.first_version_id,
        **valid_times(record, vanished=places.is_vanished(record)),
        "url": document.url,
        "publisher": document.publisher,
        "published": document.current.published.isoformat() if document.current.published else None,
        "language": document.current.language,
        "events": [event.id for event in told],
        "recalls": [event.id for event in places.recalled.get(record.id, ())],
        "confidence": claim.confidence,
        "features": list(claim.features),
        "awaits_review": awaits_review,
        "edits": list(record.edits),
        **claim_attribution(record.id, told),
    }


def _document(document: StoredDocument, group: CopyGroup | None) -> Record:
    current = document.current
    similarity = {copy.document_id: copy.similarity for copy in group.copies} if group else {}
    return {
        "id": document.id,
        "url": document.url,
        "publisher": document.publisher,
        "publisher_type": document.publisher_type,
        "source": document.source,
        "title": current.title,
        "published": current.published.isoformat() if current.published else None,
        "language": current.language,
        "kind": current.kind,
        "relevance": document.extractions[-1].relevance,
        "byline": current.byline,
        "dateline": current.dateline,
        "syndicated_from": current.syndicated_from,
        "copy_of": group.original if group and group.original != document.id else None,
        "copy_basis": group.basis if group else None,
        "copy_origin": group.origin if group else None,
        "similarity": similarity.get(document.id),
        "copies": list(similarity) if group and group.original == document.id else [],
        "first_seen_at": document.first_seen_at.isoformat(),
        "last_seen_at": document.last_seen_at.isoformat(),
        "versions": [
            {
                "id": version.id,
                "number": version.number,
                "published": version.published.isoformat() if version.published else None,
                "fetched_at": version.fetched_at.isoformat(),
                "last_seen_at": version.last_seen_at.isoformat(),
                "text_sha256": version.text_sha256,
                "diff": version.diff,
                "archive": as_record(version.archive) if version.archive else None,
            }
            for version in document.versions
        ],
    }


def render_records(records: Sequence[Record], format: Format, columns: Sequence[str] = ()) -> str:
    """Records as text: a JSON array, a JSON object a line, or CSV (RFC 4180) with nested values as JSON.

    `columns` heads a CSV that may be empty; otherwise the first record does.
    """
    if format == "json":
        return json.dumps(records, ensure_ascii=False, indent=1) + "\n"
    if format == "jsonl":
        return "".join(f"{_as_json(record)}\n" for record in records)
    if not records and not columns:
        return ""
    names = columns or list(records[0])
    head = io.StringIO()
    csv.writer(head, lineterminator="\r\n").writerow(names)
    return head.getvalue() + "".join(csv_lines(records, names))


def csv_lines(records: Iterable[Record], columns: Sequence[str]) -> Iterator[str]:
    """Each record as a line of CSV, its end with it."""
    buffer = io.StringIO()
    writer, known = csv.writer(buffer, lineterminator="\r\n"), frozenset(columns)
    for record in records:
        if not record.keys() <= known:
            raise ValueError(f"no column has {', '.join(sorted(record.keys() - known))}")
        writer.writerow([csv_cell(record.get(name, "")) for name in columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


FORMULA_STARTS = frozenset("=+-@\t\r\n")
"""With which a text begins that a spreadsheet would run."""


def csv_cell(value: Any) -> Any:
    """A CSV cell. Text that a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection)."""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in FORMULA_STARTS else value
    # JSON begins with a bracket, which no spreadsheet runs
    return _as_json(value) if isinstance(value, (list, dict)) else value
