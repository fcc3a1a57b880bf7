"""Pages that were read, without their texts, and whom they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from tracker.render.database.values import day
from tracker.render.exchange.ftm.naming import ftm_id, language_code, line_of, url_of
from tracker.render.exchange.ftm.parties import is_legal_entity, party_id, schema_of
from tracker.render.exchange.ftm.statements import FtmEntity, Seen, Statement, collect_entity
from tracker.render.paths import file_stem
from tracker.render.splicing import Chunk
from tracker.render.views import Views
from tracker.types import StoredDocument

_MOST_FORMS = 20
"""Ways to write one name on one page."""


def page_id(id: str) -> str:
    """The id of a document."""
    return ftm_id("page", id)


def page_entities(views: Views) -> Iterator[Chunk]:
    """Each document as an `Article`, or as a `Document` where it is a letter, a bill, a filing or the like."""
    for document in views.catalogue.documents.values():
        yield Chunk("page", (f"documents:{document.id}",), partial(_page_entity, document))


def _page_entity(document: StoredDocument) -> Iterator[FtmEntity]:
    yield collect_entity(_page(document))


def _page(document: StoredDocument) -> Iterator[Statement]:
    current = document.current
    schema = "Article" if current.kind == "article" else "Document"
    seen = Seen(document.first_seen_at, document.last_seen_at)
    language = language_code(current.language)
    title = line_of(current.title)
    values = [
        ("title", title),
        ("name", title or "Untitled document"),
        ("fileName", file_stem(document.id)),
        ("sourceUrl", url_of(document.url)),
        ("publisher", line_of(document.publisher)),
        ("publishedAt", day(current.published) or ""),
        ("author", line_of(current.byline or "")),
        ("language", language or ""),
        ("keywords", current.kind.replace("_", " ")),
    ]
    of_title = {"title": current.title, "name": current.title, "language": current.language}
    for prop, value in values:
        original = of_title.get(prop)
        yield Statement(
            entity_id=page_id(document.id),
            schema=schema,
            prop=prop,
            value=value,
            origin="page",
            seen=seen,
            lang=language if prop in ("title", "name") else None,
            original_value=original if original != value else None,
        )


def mention_entities(views: Views) -> Iterator[Chunk]:
    """Which party a page names, and in which words: a `Mention` for each page and party, of the newest version.

    `resolved` takes parties only, so models, laws and places are named without it.
    """
    for document in views.catalogue.documents.values():
        named = dict.fromkeys(f"entities:{mention.entity_id}" for mention in document.extractions[-1].mentions)
        yield Chunk("mentions", (f"documents:{document.id}", *named), partial(_mentions_of, views, document))


def _mentions_of(views: Views, document: StoredDocument) -> Iterator[FtmEntity]:
    forms: dict[str, dict[str, None]] = defaultdict(dict)
    for mention in document.extractions[-1].mentions:
        if mention.entity_id in views.catalogue.entities:
            forms[mention.entity_id].setdefault(line_of(mention.text))
    for entity_id in sorted(forms):
        texts = sorted(text for text in forms[entity_id] if text)[:_MOST_FORMS]
        if texts:
            yield collect_entity(_mention(views, document, entity_id, texts))


def _mention(views: Views, document: StoredDocument, entity_id: str, texts: list[str]) -> Iterator[Statement]:
    entity = views.catalogue.entities[entity_id]
    mention_id = ftm_id("mention", document.id, entity_id)
    seen = Seen(document.current.fetched_at, document.last_seen_at)
    values = [("document", page_id(document.id)), *(("name", text) for text in texts)]
    values.append(("detectedSchema", schema_of(entity)))
    if is_legal_entity(entity):
        values.append(("resolved", party_id(entity_id)))
    for prop, value in values:
        yield Statement(mention_id, "Mention", prop, value, "reading", seen)
