"""Claims as notes on whom they name, and who accuses whom and speaks for whom as links that carry the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from tracker.render.accusedwords import accuses_by_name
from tracker.render.catalogue import parties_of
from tracker.render.database.documentrows import claim_edges
from tracker.render.exchange.ftm.happenings import event_id
from tracker.render.exchange.ftm.naming import ftm_id, language_code, line_of, page_url, text_of, url_of
from tracker.render.exchange.ftm.pages import page_id
from tracker.render.exchange.ftm.parties import is_legal_entity, party_id
from tracker.render.exchange.ftm.statements import FtmEntity, Seen, Statement, collect_entity
from tracker.render.exchange.resting import names_of_claims
from tracker.render.exchange.telling import NO_FINDING, claim_head, link_of, published_day, quote_of
from tracker.render.paths import document_path, file_stem
from tracker.render.splicing import Chunk
from tracker.render.views import Views
from tracker.types import ClaimRecord

CONCERNS = "makes an allegation that concerns, not by name or not known to be"
"""What stands for "accuses" where the words quoted do not accuse by name."""
_MOST_HEAD_CHARS = 600


def claim_entities(views: Views) -> Iterator[Chunk]:
    """Each claim as a `Note`; then a link for each charge of one party against another, and for each who speaks for."""
    catalogue = views.catalogue
    head_of = cache(partial(_head, views))
    for key, record in catalogue.claims.items():
        names = (*_names_of(record), f"events_of_claim:{key}")
        yield Chunk("claim", names, partial(_one, _note, views, record, head_of))
    for (subject, relation, object_), edge in sorted(claim_edges(views).items()):
        if subject not in catalogue.entities or object_ not in catalogue.entities:
            continue
        if relation == "accuses":
            for record in sorted(edge.claims, key=lambda item: item.id):
                names = (*_names_of(record), f"entities:{subject}", f"entities:{object_}")
                yield Chunk("charge", names, partial(_one, _charge, views, record, head_of, subject, object_))
        else:
            parties = (f"entities:{subject}", f"entities:{object_}")
            names = (*parties, *names_of_claims(edge.claims))
            yield Chunk("voice", names, partial(_one, _speaks_for, views, edge.claims, subject, object_))


def _one(state: Callable[..., Iterator[Statement]], *about: Any) -> Iterator[FtmEntity]:
    yield collect_entity(state(*about))


def _names_of(record: ClaimRecord) -> tuple[str, ...]:
    """What the lines of a claim rest on."""
    parties = (f"entities:{key}" for key in parties_of(record))
    return (f"claims:{record.id}", f"documents:{record.document_id}", *parties)


def _seen(record: ClaimRecord) -> Seen:
    return Seen(record.first_seen_at, record.last_seen_at)


def _head(views: Views, id: str) -> str:
    """A claim in a line; its note has it, and each of its charges."""
    return line_of(claim_head(views, views.catalogue.claims[id]), _MOST_HEAD_CHARS)


def _note(views: Views, record: ClaimRecord, head_of: Callable[[str], str]) -> Iterator[Statement]:
    catalogue, claim = views.catalogue, record.claim
    language = language_code(catalogue.versions[record.version_id].language)
    figures = [f"figure: {item.text} ({item.kind}, {item.qualifier})" for item in record.quantities]
    values = [
        ("name", head_of(record.id)),
        ("description", text_of(quote_of(record))),
        *(("entity", party_id(key)) for key in parties_of(record) if key in catalogue.entities),
        *(("entity", event_id(event.id)) for event in catalogue.events_of_claim.get(record.id, ())),
        ("proof", page_id(record.document_id)),
        ("publisher", line_of(catalogue.documents[record.document_id].publisher)),
        ("sourceUrl", url_of(link_of(views, record)) or _own_page(views, record)),
        ("keywords", claim.type.replace("_", " ")),
        ("keywords", claim.status),
        ("detectedLanguage", language or ""),
        *(("notes", line_of(item)) for item in figures),
    ]
    note_id, seen = ftm_id("claim", record.id), _seen(record)
    for prop, value in values:
        yield _said(record, seen, note_id, "Note", prop, value, language)


def _said(
    record: ClaimRecord, seen: Seen, id: str, schema: str, prop: str, value: str, language: str | None
) -> Statement:
    """A statement of a claim; its words with their language, and as the page has them where that differs."""
    if prop != "description":
        return Statement(id, schema, prop, value, "reading", seen)
    words = quote_of(record)
    return Statement(id, schema, prop, value, "reading", seen, language, None if words == value else words)


def _own_page(views: Views, record: ClaimRecord) -> str:
    return page_url(views, f"{document_path(record.document_id)}#{file_stem(record.id)}")


def _charge(
    views: Views, record: ClaimRecord, head_of: Callable[[str], str], accuser: str, accused: str
) -> Iterator[Statement]:
    catalogue, claim = views.catalogue, record.claim
    language = language_code(catalogue.versions[record.version_id].language)
    values = [
        ("subject", party_id(accuser)),
        ("object", party_id(accused)),
        ("role", "accuses" if accuses_by_name(catalogue, record, accused) else CONCERNS),
        ("status", claim.status),
        ("summary", f"{head_of(record.id)}. {NO_FINDING}"),
        ("description", text_of(quote_of(record))),
        ("date", published_day(views, record) or ""),
        ("recordId", record.id),
        ("proof", page_id(record.document_id)),
        ("publisher", line_of(catalogue.documents[record.document_id].publisher)),
        ("sourceUrl", url_of(link_of(views, record)) or _own_page(views, record)),
    ]
    link_id, seen = ftm_id("charge", record.id, accuser, accused), _seen(record)
    for prop, value in values:
        yield _said(record, seen, link_id, "UnknownLink", prop, value, language)


def _speaks_for(views: Views, records: list[ClaimRecord], speaker: str, body: str) -> Iterator[Statement]:
    """A `Representation`; a link that says no more where one of the two is no `LegalEntity`."""
    entities = views.catalogue.entities
    legal = is_legal_entity(entities[speaker]) and is_legal_entity(entities[body])
    schema, ends = ("Representation", ("agent", "client")) if legal else ("UnknownLink", ("subject", "object"))
    voice_id = ftm_id("voice", speaker, body)
    for record in records:
        values = (
            (ends[0], party_id(speaker)),
            (ends[1], party_id(body)),
            ("role", "speaks for, as claims have it"),
            ("date", published_day(views, record) or ""),
            ("proof", page_id(record.document_id)),
        )
        for prop, value in values:
            yield Statement(voice_id, schema, prop, value, "reading", _seen(record))
