"""Values <-> the exchange format: the JSON records that `ingest`, `extract` and the gold corpus share.

The keys are those of docs/annotation-guide.md. A record from outside is checked field by field: a wrong one is
refused with the field's name and what was expected, never repaired or defaulted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from tracker.errors import UnreadableInput
from tracker.types import (
    Claim,
    DateMention,
    Document,
    DocumentKind,
    Extraction,
    Mention,
    PublisherType,
    Quantity,
)

MAX_TEXT_CHARS = 5_000_000
"""A document longer than this is refused: no article, memo or bill is."""


def _iso_day(value: Any) -> Any:
    """Accept a day, or an instant of which the day is kept; pydantic alone would take a number as a time stamp."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("expected a date such as 2026-06-24")  # noqa: TRY004 pydantic wants a ValueError
    return value[:10] if len(value) > 10 and value[10] in "T " else value


MAX_URL_BYTES = 2_500
"""A longer address is refused: browsers and proxies do so as well, and an index of PostgreSQL takes no longer key."""


def _short_url(value: str) -> str:
    if len(value.encode("utf-8", "surrogatepass")) > MAX_URL_BYTES:
        raise ValueError(f"longer than {MAX_URL_BYTES:,} bytes")
    return value


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(value: Any) -> Any:
    """NUL and lone surrogates as U+FFFD, one for one so that offsets stay: UTF-8 and SQL text cannot hold them."""
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_storable)]


class _DocumentRecord(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=False, hide_input_in_errors=True)

    id: Text = Field(min_length=1, max_length=200)
    text: Text = Field(max_length=MAX_TEXT_CHARS)
    url: Annotated[Text, AfterValidator(_short_url)] = ""
    publisher: Text = ""
    publisher_type: PublisherType = "news"
    published: Annotated[date | None, BeforeValidator(_iso_day)] = None
    language: Text = Field("en", min_length=2, max_length=35)
    title: Text = ""
    kind: DocumentKind = "article"


def _explain(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg'].lower()}" for item in error.errors())


def document_from_record(record: Mapping[str, Any]) -> Document:
    """One line of documents.jsonl as a Document. Keys that we do not know are passed over.

    Raises:
        UnreadableInput: a field is missing or of the wrong type; names each.
    """
    try:
        return Document(**dict(_DocumentRecord.model_validate(record)))
    except ValidationError as exc:
        raise UnreadableInput(_explain(exc)) from exc


def document_to_record(document: Document) -> dict[str, Any]:
    """A Document as a line of documents.jsonl."""
    return {**asdict(document), "published": document.published.isoformat() if document.published else None}


def _number(value: float | None) -> float | int | None:
    """24000.0 -> 24000, as people and the gold write it."""
    return int(value) if value is not None and value == int(value) else value


def mention_to_record(mention: Mention) -> dict[str, Any]:
    """A Mention as an item of `entities`."""
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "id": mention.entity_id,
        "name": mention.name,
        "type": mention.type,
    }


def quantity_to_record(quantity: Quantity) -> dict[str, Any]:
    """A Quantity as an item of `quantities`."""
    record = {**asdict(quantity), "low": _number(quantity.low), "high": _number(quantity.high)}
    if quantity.unit is None:
        del record["unit"]
    return record


def date_to_record(mention: DateMention) -> dict[str, Any]:
    """A DateMention as an item of `dates`."""
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "from": mention.from_on.isoformat(),
        "to": mention.to_on.isoformat(),
        "basis": mention.basis,
    }


def claim_to_record(claim: Claim) -> dict[str, Any]:
    """A Claim as an item of `claims`."""
    record: dict[str, Any] = {
        "type": claim.type,
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "speaker": claim.speaker,
        "accused": list(claim.accused),
        "target": list(claim.target),
        "quantities": list(claim.quantities),
        "dates": list(claim.dates),
        "via": list(claim.via),
        "status": claim.status,
    }
    if claim.accused_as is not None:
        record["accused_as"] = claim.accused_as
    if claim.on_behalf_of is not None:
        record["for"] = claim.on_behalf_of
    if claim.confidence is not None:
        record["confidence"] = round(claim.confidence, 2)
        record["features"] = list(claim.features)
    return record


def extraction_to_record(extraction: Extraction) -> dict[str, Any]:
    """An Extraction as a line of `tracker extract`."""
    return {
        "id": extraction.document_id,
        "relevance": extraction.relevance,
        "entities": [mention_to_record(item) for item in extraction.mentions],
        "quantities": [quantity_to_record(item) for item in extraction.quantities],
        "dates": [date_to_record(item) for item in extraction.dates],
        "claims": [claim_to_record(item) for item in extraction.claims],
    }


def _span(record: Mapping[str, Any], text: str) -> dict[str, Any]:
    start, end = int(record["start"]), int(record["end"])
    if not 0 <= start < end <= len(text):
        raise UnreadableInput(f"a span {start}..{end} does not lie in the text of {len(text)} characters")
    return {"start": start, "end": end, "text": text[start:end]}


_MENTION: TypeAdapter[Mention] = TypeAdapter(Mention)
_QUANTITY: TypeAdapter[Quantity] = TypeAdapter(Quantity)
_DATE: TypeAdapter[DateMention] = TypeAdapter(DateMention)
_CLAIM: TypeAdapter[Claim] = TypeAdapter(Claim)


def extraction_from_record(record: Mapping[str, Any], text: str) -> Extraction:
    """A line of `tracker extract` or of gold.jsonl as an Extraction of that text.

    Raises:
        UnreadableInput: a field is missing or wrong, or a span lies outside the text.
    """
    try:
        return Extraction(
            document_id=str(record["id"]),
            relevance=record["relevance"],
            mentions=tuple(
                _MENTION.validate_python(
                    {
                        **_span(item, text),
                        "entity_id": item["id"],
                        "name": item.get("name") or item["id"],
                        "type": item["type"],
                    }
                )
                for item in record.get("entities", ())
            ),
            quantities=tuple(
                _QUANTITY.validate_python(
                    {**_span(item, text)} | {key: item.get(key) for key in ("kind", "low", "high", "qualifier", "unit")}
                )
                for item in record.get("quantities", ())
            ),
            dates=tuple(
                _DATE.validate_python(
                    {
                        **_span(item, text),
                        "from_on": item["from"],
                        "to_on": item["to"],
                        "basis": item.get("basis", "stated"),
                    }
                )
                for item in record.get("dates", ())
            ),
            claims=tuple(
                _CLAIM.validate_python(
                    {
                        **_span(item, text),
                        "type": item["type"],
                        "speaker": item.get("speaker"),
                        "on_behalf_of": item.get("for"),
                        "accused_as": item.get("accused_as"),
                        "status": item["status"],
                        "confidence": item.get("confidence"),
                        **{
                            key: tuple(item.get(key) or ())
                            for key in ("accused", "target", "quantities", "dates", "via", "features")
                        },
                    }
                )
                for item in record.get("claims", ())
            ),
        )
    except KeyError as exc:
        raise UnreadableInput(f"the key {exc.args[0]!r} is missing") from exc
    except ValidationError as exc:
        raise UnreadableInput(_explain(exc)) from exc


_EXTRACTION: TypeAdapter[Extraction] = TypeAdapter(Extraction)


def extraction_to_json(extraction: Extraction) -> str:
    """An Extraction for storage: every field, as compact JSON."""
    return _EXTRACTION.dump_json(extraction).decode()


def extraction_from_json(payload: str) -> Extraction:
    """What `extraction_to_json` wrote."""
    return _EXTRACTION.validate_json(payload)
