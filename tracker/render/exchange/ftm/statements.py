"""Statements of FollowTheMoney (followthemoney.tech): one value of one property of one entity, with when it was seen.

Written without its library, whose dependencies want a compiler; a test holds each statement against it. As in
OpenSanctions, a statement's id is the SHA-1 of what it says, so that two runs give one statement the same id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from tracker.render.columns import Column

PROP_TYPES = {
    "agent": "entity", "alias": "name", "author": "string", "client": "entity", "country": "country", "date": "date",
    "description": "text", "detectedLanguage": "language", "detectedSchema": "string", "document": "entity",
    "endDate": "date", "entity": "entity", "fileName": "string", "id": "id", "involved": "entity",
    "keywords": "string", "language": "language", "name": "name", "notes": "text", "object": "entity",
    "proof": "entity", "publishedAt": "date", "publisher": "string", "recordId": "string", "resolved": "entity",
    "role": "string", "sourceUrl": "url", "startDate": "date", "status": "string", "subject": "entity",
    "summary": "text", "title": "string", "wikidataId": "identifier",
}  # fmt: skip
"""The properties that we give, by their type in the model."""
BASE = "id"
"""The property of the statement that stands for a whole entity; its value is a digest of the others."""

STATEMENT_COLUMNS = (
    Column("canonical_id", "text", "id of the entity that it is about; nothing is merged here, so as entity_id"),
    Column("entity_id", "text", "id of the entity that it is about"),
    Column("prop", "text", "property of the schema; id for the statement that stands for the whole entity"),
    Column("prop_type", "text", "type of the property in the model"),
    Column("schema", "text", "schema of the entity"),
    Column("value", "text", "the value"),
    Column("dataset", "text", "distillation_disputes; of a look back with its instant"),
    Column(
        "origin", "text", "register (list of names), page (what a page says of itself), reading (a claim) or tracker"
    ),
    Column("lang", "text", "language of the value (ISO 639-3)"),
    Column("original_value", "text", "as the source has it, where the value is another form of it"),
    Column("external", "boolean", "false throughout"),
    Column(
        "first_seen",
        "instant",
        "when the tracker first had a page that shows it (UTC, without a zone); else null",
    ),
    Column("last_seen", "instant", "when it last saw one: the beginning of that day, or first_seen if that is later"),
    Column("id", "text", "SHA-1 of DATASET.ENTITY.PROP.VALUE"),
)

ENTITY_COLUMNS = (
    Column("id", "text", "id of letters, digits, points and hyphens; that of a party, say, is ddt-party-ID"),
    Column("caption", "text", "one of its names, to show"),
    Column("schema", "text", "its schema in the model, such as Company, Article, Note or UnknownLink"),
    Column("properties", "record", "for each property a list of values; docs/exchange.md says what stands where"),
    Column("referents", "list", "empty: nothing is merged here"),
    Column("datasets", "list", "distillation_disputes; of a look back with its instant"),
    Column("first_seen", "instant", "when the tracker first had a page that shows any of it (UTC, without a zone)"),
    Column("last_seen", "instant", "when it last saw one: the beginning of that day, or first_seen if that is later"),
    Column("last_change", "instant", "when the newest of its values was first seen"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """From when to when the pages behind a statement were seen to show it; None where no page does."""

    first: datetime | None = None
    last: datetime | None = None

    def joined(self, other: Seen) -> Seen:
        """Both together."""
        if other is self:
            return self
        firsts = [at for at in (self.first, other.first) if at]
        lasts = [at for at in (self.last, other.last) if at]
        return Seen(min(firsts, default=None), max(lasts, default=None))


_UNSEEN = Seen()


class Statement(NamedTuple):
    """One value of one property of one entity. There are so many that a dataclass of it would take its time."""

    entity_id: str
    schema: str
    prop: str
    value: str
    origin: str
    seen: Seen = _UNSEEN
    lang: str | None = None
    original_value: str | None = None

    def key(self, dataset: str) -> str:
        """Its id in a dataset, as the library makes it."""
        text = f"{dataset}.{self.entity_id}.{self.prop}.{self.value}"
        return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


_text = json.encoder.encode_basestring
"""A text as JSON has it, not escaped to ASCII."""
_plain_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=1 << 16)  # a page's day and fetch stand in each statement of it
def _instant(at: datetime | None) -> str | None:
    """YYYY-MM-DDTHH:MM:SS in UTC, the form of the library's dates."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") if at else None


@lru_cache(maxsize=1 << 16)
def _last_of(first: datetime | None, last: datetime | None) -> str | None:
    """The beginning of the day of the last look, or when it was first seen if that is later.

    A look is told by its day: finer than that, each run without news would make another file.
    """
    if last is None:
        return _instant(first)
    look = last.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _instant(max(look, first.astimezone(UTC)) if first else look)


@dataclass(frozen=True, slots=True)
class FtmEntity:
    """An entity of FollowTheMoney: its statements, each value once."""

    id: str
    schema: str
    statements: tuple[Statement, ...]

    def keys(self, dataset: str) -> list[str]:
        """The ids of its statements (`Statement.key`)."""
        head = f"{dataset}.{self.id}."
        texts = [f"{head}{item.prop}.{item.value}".encode("utf-8", "replace") for item in self.statements]
        return [hashlib.sha1(text, usedforsecurity=False).hexdigest() for text in texts]

    def base(self, keys: Iterable[str]) -> Statement:
        """The statement that stands for the whole: a digest of the others, first seen when the newest of them was.

        `keys` are the ids of the others.
        """
        digest = hashlib.sha1(self.schema.encode(), usedforsecurity=False)
        digest.update("".join(sorted(keys)).encode())
        firsts, lasts = self._seen()
        return Statement(
            self.id, self.schema, BASE, digest.hexdigest(), "tracker", Seen(max(firsts, default=None), lasts)
        )

    def _seen(self) -> tuple[list[datetime], datetime | None]:
        """(when each look began that shows any of it, the last of all); one look shows most statements, or all."""
        looks = {id(item.seen): item.seen for item in self.statements}.values()
        return [seen.first for seen in looks if seen.first], max((s.last for s in looks if s.last), default=None)

    def record(self, dataset: str, base: Statement) -> dict[str, Any]:
        """The entity as JSON has it; `base` is the statement that stands for it."""
        properties: dict[str, list[str]] = {}
        for item in self.statements:
            if item.prop in properties:
                properties[item.prop].append(item.value)
            else:
                properties[item.prop] = [item.value]
        first = min(self._seen()[0], default=None)
        caption = next((properties[key][0] for key in _CAPTIONS if key in properties), self.id)
        return {
            "id": self.id,
            "caption": caption,
            "schema": self.schema,
            "properties": properties,
            "referents": [],
            "datasets": [dataset],
            "first_seen": _instant(first),
            "last_seen": _last_of(first, base.seen.last),
            "last_change": _instant(base.seen.first),
        }


_CAPTIONS = ("title", "name", "full", "role")


def collect_entity(statements: Iterable[Statement]) -> FtmEntity:
    """Statements on one entity as one: each value once, seen whenever any of its statements was; by property."""
    held: dict[tuple[str, str], Statement] = {}
    for item in statements:
        if not item.value:
            continue
        same = held.get(key := (item.prop, item.value))
        if same is None:
            held[key] = item
        elif same.seen is not item.seen:
            held[key] = same._replace(seen=same.seen.joined(item.seen))
    ordered = tuple(held[key] for key in sorted(held))
    return FtmEntity(ordered[0].entity_id, ordered[0].schema, ordered)


def _lines(statements: Sequence[Statement], keys: Iterable[str], dataset: str) -> Iterator[str]:
    """The columns of an entity's statements as lines of JSON, as `STATEMENT_COLUMNS` tells; `keys` are their ids.

    Put together here: there are a million of them, and a dict of each would take four times as long.
    """
    text, entity, schema = _text, _text(statements[0].entity_id), statements[0].schema
    head = f'{{"canonical_id":{entity},"entity_id":{entity},"prop":"'
    told, of_schema = f',"dataset":{text(dataset)},"origin":"', f'","schema":"{schema}","value":'
    seen, when = _UNSEEN, _when(_UNSEEN)
    for (_, _, prop, value, origin, at, lang, original), key in zip(statements, keys, strict=True):
        if at is not seen:  # one look shows most of them
            seen, when = at, _when(at)
        beside = _NOT_SPOKEN if lang is None and original is None else _spoken(lang, original)
        yield (
            f'{head}{prop}","prop_type":"{PROP_TYPES[prop]}{of_schema}{text(value)}{told}{origin}{beside}{when}"{key}"}}\n'
        )


def _spoken(lang: str | None, original: str | None) -> str:
    of_lang = "null" if lang is None else _text(lang)
    return f'","lang":{of_lang},"original_value":{"null" if original is None else _text(original)},"external":false,'


_NOT_SPOKEN = _spoken(None, None)


def _when(seen: Seen) -> str:
    return _when_of(seen.first, seen.last)


@lru_cache(maxsize=1 << 16)
def _when_of(first_at: datetime | None, last_at: datetime | None) -> str:
    first, last = _instant(first_at), _last_of(first_at, last_at)
    told = f'"first_seen":{_text(first) if first else "null"},"last_seen":{_text(last) if last else "null"}'
    return f'{told},"id":'


def render_entities(entities: Iterable[FtmEntity], dataset: str) -> bytes:
    """The first of `render_both` alone."""
    lines = (f"{_plain_encode(entity.record(dataset, entity.base(())))}\n" for entity in entities)
    return "".join(lines).encode("utf-8", "replace")


def render_both(entities: Iterable[FtmEntity], dataset: str) -> tuple[bytes, bytes]:
    """(entities, statements) as JSON, one a line: the library's `entities.ftm.json` and its `json` form of statements.

    There is no CSV of statements: a cell that a spreadsheet would run could only be disarmed by making it another one.
    """
    wholes, lines = list[str](), list[str]()
    for entity in entities:
        keys = entity.keys(dataset)
        base = entity.base(keys)
        wholes.append(f"{_plain_encode(entity.record(dataset, base))}\n")
        lines += _lines((base, *entity.statements), (base.key(dataset), *keys), dataset)
    return "".join(wholes).encode("utf-8", "replace"), "".join(lines).encode("utf-8", "replace")
