"""Keeping what was read out of versions, once every span of it has been compared with the stored text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from tracker.errors import SpanMismatch
from tracker.records import extraction_to_json
from tracker.store.batches import batches
from tracker.store.reconciling import mark_all_pending
from tracker.store.rows import ExtractionRow, VersionRow
from tracker.store.work.deferring import note_unreconciled, settle_due
from tracker.types import Claim, DateMention, Extraction, Mention, Quantity


def save_extractions(
    session: Session, extractor: str, extractions: Iterable[Extraction], due: Mapping[str, int] | None = None
) -> None:
    """Keep extractions in place of what another extractor left.

    What is there is looked up for all of them at once: on a server each look is a way there and back.

    Args:
        due: how often each had become due when its text was read; None: nobody else has changed it since.

    Raises:
        SpanMismatch: a span does not hold the words that it claims.
    """
    listed = list(extractions)
    ids = [extraction.document_id for extraction in listed]
    versions = {row.id: row for row in _rows(session, VersionRow, VersionRow.id, ids)}
    kept = {row.version_id: row for row in _rows(session, ExtractionRow, ExtractionRow.version_id, ids)}
    for extraction in listed:
        key = extraction.document_id
        version = versions.get(key) or session.get_one(VersionRow, key)
        check_spans(extraction, version.text)
        row = kept.get(key)
        if row is None:
            row = kept[key] = ExtractionRow(version_id=key, extractor=extractor, relevance="", payload="")
            session.add(row)
        row.extractor, row.relevance, row.payload = extractor, extraction.relevance, extraction_to_json(extraction)
    mark_all_pending(session, [versions[key].document_id for key in ids])
    settle_due(session, "extract", ids if due is None else {key: due[key] for key in ids if key in due})
    if ids:
        note_unreconciled(session)


def _rows(session: Session, table: type[SQLModel], key: Any, ids: Sequence[str]) -> Iterable[Any]:
    for part in batches(ids):
        yield from session.exec(select(table).where(col(key).in_(part)))


def check_spans(extraction: Extraction, text: str) -> None:
    """The invariant of provenance: `text[start:end]` is the quoted words, for every span of an extraction.

    Raises:
        SpanMismatch: names the document, the span and both texts.
    """
    spans: list[Mention | Quantity | DateMention | Claim] = [
        *extraction.mentions,
        *extraction.quantities,
        *extraction.dates,
        *extraction.claims,
    ]
    for item in spans:
        if not 0 <= item.start < item.end <= len(text) or text[item.start : item.end] != item.text:
            raise SpanMismatch(
                f"{extraction.document_id}, {type(item).__name__} {item.start}..{item.end}: "
                f"{item.text[:80]!r} is claimed, the text has {text[item.start : item.end][:80]!r}"
            )
