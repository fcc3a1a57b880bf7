"""What the search finds: for each page of an event, dispute, document or entity the words that it is to be found by.

Records, not pages, are indexed: the words of the matter without those of the page around them (every page says
"Speaker" and "Accused"), at a sixth of the cost. They are part of the built files as `RECORDS` until the indexer has
made the index of them (`tracker.deliver.searchindex`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from tracker.days import day_words
from tracker.ids import sha256_hex
from tracker.render.page import DataFile, Page, Values
from tracker.render.paths import dispute_path, document_path, entity_path
from tracker.render.views import Views
from tracker.render.wording import CLAIM_TYPE_WORDS, ENTITY_TYPE_WORDS, STEP_WORDS, clean, shorten
from tracker.resources import bundled_path
from tracker.types import ClaimRecord, Dispute, Entity, Event, StoredDocument

RECORDS = re.compile(r"pagefind/records-\d+\.jsonl")
"""The files that hold what is to be indexed, one for each part of the index; they are no part of the site."""
MOST_IN_PART = 4_000
"""Pages in one part of the index: it is made anew in about two seconds when one of them changes."""
_MOST_QUOTES = 30
_MOST_CHARS = 6_000


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """A page in the index."""

    path: str
    title: str
    kind: str
    """What the page is about, in words: "Event", "Dispute", "Document", or the type of an entity."""
    type: str
    """The type of an event in words; "" for other pages."""
    when: str
    """The day or days, in words; "" where there are none."""
    text: str


def list_pages(views: Views) -> Iterator[Page | DataFile]:
    """The search page, and the records of each part of its index; nothing where the site is to have no search."""
    if not views.site.search:
        return
    records = list(list_records(views))
    parts = count_parts(len(records))
    yield Page("search.html", "search.html", partial(_search_values, records, parts))
    yield DataFile("assets/search.js", (bundled_path("templates") / "assets" / "search.js").read_bytes)
    by_part: list[list[SearchRecord]] = [[] for _ in range(parts)]
    for record in records:
        by_part[part_of(record.path, parts)].append(record)
    for number, held in enumerate(by_part):
        yield DataFile(f"pagefind/records-{number}.jsonl", partial(_as_lines, held))


def count_parts(records: int) -> int:
    """In how many parts so many records are indexed: a power of two, so that growth seldom moves them."""
    parts = 1
    while parts * MOST_IN_PART < records:
        parts *= 2
    return parts


def part_of(path: str, parts: int) -> int:
    """The part that holds a page, whatever other pages there are."""
    return int(sha256_hex(path)[:8], 16) % parts


def _search_values(records: Iterable[SearchRecord], parts: int) -> Values:
    held = list(records)
    return {
        "record_count": len(held),
        "parts": [f"pagefind/part-{number}/" for number in range(1, parts)],
        "kinds": sorted({record.kind for record in held}),
        "types": sorted({record.type for record in held if record.type}),
    }


def _as_lines(records: Iterable[SearchRecord]) -> bytes:
    rows = ({name: getattr(record, name) for name in SearchRecord.__slots__} for record in records)
    return "".join(json.dumps(row, ensure_ascii=True, sort_keys=True) + "\n" for row in rows).encode()


def list_records(views: Views) -> Iterator[SearchRecord]:
    """What is indexed, each page once."""
    catalogue = views.catalogue
    for event in catalogue.events:
        yield event_record(views, event)
    for dispute in catalogue.disputes:
        yield dispute_record(views, dispute)
    for document in catalogue.documents.values():
        yield document_record(views, document)
    for entity in catalogue.entities.values():
        yield entity_record(entity)


def event_record(views: Views, event: Event) -> SearchRecord:
    """An event by its title, summary, parties, and the words and outlets of its claims."""
    view, catalogue = views.event(event), views.catalogue
    records = [catalogue.claims[key] for key in event.claim_ids if key in catalogue.claims]
    outlets = dict.fromkeys(catalogue.documents[record.document_id].publisher for record in records)
    summary = "".join(part.text for part in event.summary)
    parties = (party.name for party in view.actors)
    words = _join([summary, *parties, *_quotes(records), *outlets])
    return SearchRecord(view.path, view.title, "Event", CLAIM_TYPE_WORDS[event.type], view.when, words)


def dispute_record(views: Views, dispute: Dispute) -> SearchRecord:
    """A dispute by its title, its parties as they are named, and how it stands."""
    standing = dispute.standing
    parties = [views.party(key).name for key in (*dispute.accusers, *dispute.accused, *dispute.target)]
    words = _join([*dict.fromkeys(parties), *dispute.accused_as, STEP_WORDS[standing.status] if standing else ""])
    return SearchRecord(dispute_path(dispute.id), shorten(dispute.title), "Dispute", "", "", words)


def document_record(views: Views, document: StoredDocument) -> SearchRecord:
    """A document by its title, its publisher, and the words that its page quotes."""
    view = views.document(document)
    when = day_words(document.current.published) if document.current.published else ""
    words = _join([view.publisher, *_quotes(views.catalogue.claims_of_document.get(document.id, ()))])
    return SearchRecord(document_path(document.id), view.title, "Document", "", when, words)


def entity_record(entity: Entity) -> SearchRecord:
    """An entity by its names: what is said of it is found with the events."""
    kind = ENTITY_TYPE_WORDS[entity.type][0]
    return SearchRecord(entity_path(entity.id), shorten(entity.name, 120), kind, "", "", _join([*entity.aliases, kind]))


def _quotes(records: Iterable[ClaimRecord]) -> list[str]:
    return list(dict.fromkeys(record.claim.text for record in records))[:_MOST_QUOTES]


def _join(parts: Iterable[str]) -> str:
    return " · ".join(" ".join(clean(part).split()) for part in parts if part)[:_MOST_CHARS]
