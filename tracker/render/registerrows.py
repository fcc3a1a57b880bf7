"""The rows of a vendor register: one for each words that show an entry, for CSV and for `tracker export register`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tracker.render.catalogue import Catalogue
from tracker.render.exports import render_records
from tracker.render.paths import dispute_path, document_path, event_path, file_stem, full_address, safe_url
from tracker.render.registers import Allegation, PublicStep, Register, Reply
from tracker.types import ClaimRecord, Dispute

Record = dict[str, Any]


def register_records(catalogue: Catalogue, register: Register, base: str = "") -> list[Record]:
    """The entries of a register as records with one set of keys, in the order of its page.

    `entry` is open_allegation, ended_allegation, answer, public_step or allegation_in_passing. An entry has a row for
    each claim that shows it; an answer that no source has one row without words. `base` makes the page's paths
    addresses.
    """
    rows: list[Record] = []
    for item in (*register.open, *register.ended):
        entry = "open_allegation" if item.is_open else "ended_allegation"
        rows += _rows(catalogue, entry, _about(item, base), item.evidence, base)
        for reply in item.replies:
            rows += _rows(
                catalogue, "answer", _about_reply(item, reply, base), [reply.claim] if reply.claim else [], base
            )
    for step in register.steps:
        rows += _rows(catalogue, "public_step", _about_step(step, base), step.evidence, base)
    for record in register.passing:
        rows += _rows(catalogue, "allegation_in_passing", _about_passing(record), [record], base)
    known = {"company": register.company.id, "company_name": register.company.name}
    dated = {"as_of": catalogue.as_of.isoformat()} if catalogue.as_of else {}
    return [known | row | dated for row in rows]


def register_csv(catalogue: Catalogue, register: Register, base: str = "") -> bytes:
    """The records as CSV (RFC 4180, UTF-8), what a spreadsheet would run as a formula made harmless."""
    records = [{key: _cell(value) for key, value in row.items()} for row in register_records(catalogue, register, base)]
    columns = REGISTER_COLUMNS + (("as_of",) if catalogue.as_of else ())
    return render_records(records, "csv", columns).encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _rows(
    catalogue: Catalogue, entry: str, about: Mapping[str, Any], evidence: Sequence[ClaimRecord], base: str
) -> Iterator[Record]:
    for record in evidence or (None,):
        yield {"entry": entry, **about, **_words(catalogue, record, base)}


def _head(item: Allegation, base: str) -> Record:
    is_dispute = isinstance(item.about, Dispute)
    path = dispute_path(item.about.id) if is_dispute else event_path(item.about.id)
    return {
        "of": "dispute" if is_dispute else "event",
        "id": item.about.id,
        "title": item.about.title,
        "page": full_address(base, path) if base else path,
    }


def _about(item: Allegation, base: str) -> Record:
    return _head(item, base) | {
        "status": item.status,
        **_days(item.from_on, item.to_on, item.date_basis),
        "changed_on": item.changed_on.isoformat(),
        "whom": list(item.accused),
        "by": list(item.accusers),
    }


def _about_reply(item: Allegation, reply: Reply, base: str) -> Record:
    changed = reply.to_on.isoformat() if reply.to_on else None
    return _head(item, base) | {
        "status": reply.kind,
        **_days(reply.from_on, reply.to_on, reply.date_basis),
        "changed_on": changed,
        "whom": [reply.party],
        "by": [reply.party],
    }


def _about_step(step: PublicStep, base: str) -> Record:
    event = step.event
    path = event_path(event.id)
    return {
        "of": "event",
        "id": event.id,
        "title": event.title,
        "page": full_address(base, path) if base else path,
        "status": step.status or event.type,
        **_days(event.from_on, event.to_on, event.date_basis),
        "changed_on": event.to_on.isoformat(),
        "whom": list(step.named),
        "by": list(dict.fromkeys(r.claim.on_behalf_of or r.claim.speaker or "" for r in step.evidence)),
    }


def _about_passing(record: ClaimRecord) -> Record:
    by = record.claim.on_behalf_of or record.claim.speaker
    keys = ("of", "id", "title", "page", "status", "from", "to", "date_basis", "changed_on")
    return dict.fromkeys(keys) | {"whom": list(record.claim.accused), "by": [by] if by else []}


def _days(from_on: date | None, to_on: date | None, basis: str | None) -> Record:
    return {
        "from": from_on.isoformat() if from_on else None,
        "to": to_on.isoformat() if to_on else None,
        "date_basis": basis,
    }


_WORDS = (
    "quote", "language", "speaker", "on_behalf_of", "accused_as", "publisher", "published", "url", "document",
    "version", "start", "end", "claim", "words_page", "in_current_version", "first_seen_at",
)  # fmt: skip


REGISTER_COLUMNS = (
    "company", "company_name", "entry", "of", "id", "title", "page", "status", "from", "to", "date_basis", "changed_on",
    "whom", "by", *_WORDS,
)  # fmt: skip
"""The columns of a register, in their order."""


def _words(catalogue: Catalogue, record: ClaimRecord | None, base: str) -> Record:
    if record is None:
        return dict.fromkeys(_WORDS)
    claim, version = record.claim, catalogue.versions[record.version_id]
    document = catalogue.documents[record.document_id]
    published = record.published_on or version.published
    path = f"{document_path(document.id)}#{file_stem(record.id)}"
    values = (
        claim.text, version.language, claim.speaker, claim.on_behalf_of, claim.accused_as, document.publisher,
        published.isoformat() if published else None, safe_url(document.url), document.id, version.id,
        claim.start, claim.end, record.id, full_address(base, path) if base else path, record.in_current_version,
        record.first_seen_at.isoformat() if record.first_seen_at else None,
    )  # fmt: skip
    return dict(zip(_WORDS, values, strict=True))
