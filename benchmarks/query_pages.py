"""Rows of who is named and what was read: entities, sources, documents, versions, mentions."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.query_draws import BODY, LAST_DAY, Draws, document_id
from tracker.ids import sha256_hex
from tracker.render.database.values import Row

_KINDS = {2: "government", 7: "law", 8: "model", 9: "person"}
_PUBLISHER_TYPES = ("news",) * 7 + ("government", "company", "blog")


def entity_rows(draws: Draws) -> Iterator[Row]:
    for rank, key in enumerate(draws.entities):
        yield {
            "id": key, "name": key.replace("-", " ").title(), "type": _KINDS.get(rank % 50, "company"),
            "is_known": 1, "parent": draws.parents.get(key), "country": "china" if rank % 3 == 0 else None,
            "jurisdiction": "CN" if rank % 3 == 0 else None, "wikidata": None,
            "claim_count": 1 + draws.documents // (rank + 1), "event_count": 1 + draws.events // (rank + 1),
            "mention_count": 1 + 10 * draws.documents // (rank + 1), "page": f"entities/{key}.html",
        }  # fmt: skip


def alias_rows(draws: Draws) -> Iterator[Row]:
    for key in draws.entities:
        for end in ("AI", "公司"):
            yield {"entity_id": key, "alias": f"{key.title()} {end}"}


def family_rows(draws: Draws) -> Iterator[Row]:
    for key in draws.entities:
        for steps, owner in enumerate(draws.owners(key)):
            yield {"entity_id": owner, "member_id": key, "steps": steps}


def relation_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    for number, (subject, object_) in enumerate(
        sorted({(draws.party(), draws.party()) for _ in range(max(200, draws.documents // 20))})
    ):
        relation = "speaks_for" if object_ == BODY else "accuses"
        yield {
            "subject": subject, "relation": relation, "object": object_, "basis": "claims",
            "claim_count": number % 90,
            "by_name_count": number % 50, "document_count": number % 40, "said_as": "[]",
            "first_published_on": draws.day(number), "last_published_on": draws.day(number),
            "example_claim": claims[number % len(claims)]["id"],
        }  # fmt: skip


def source_row(number: int) -> Row:
    return {
        "name": f"source-{number}", "kind": "feed", "url": f"https://paper-{number}.example/feed",
        "publisher": f"Paper {number}",
        "publisher_type": "news", "language": "en", "is_enabled": 1, "document_count": 1, "relevant_count": 1,
        "refused_count": 0, "failed_count": 0, "health": "fine", "health_since": None, "health_why": "",
        "last_answered_on": LAST_DAY, "last_asked_on": LAST_DAY,
    }  # fmt: skip


def document_row(draws: Draws, number: int) -> Row:
    day_ = draws.day(number)
    return {
        "search_id": draws.events + draws.disputes + draws.documents - number, "id": document_id(number),
        "url": f"https://paper-{number % 300}.example/{number}",
        "title": draws.sentence(8), "publisher": f"Paper {number % 300}",
        "publisher_type": _PUBLISHER_TYPES[number % len(_PUBLISHER_TYPES)], "source": f"source-{number % 100}",
        "published_on": day_, "language": "zh" if number % 10 == 0 else "en", "kind": "article",
        "relevance": "relevant", "byline": None, "dateline": None, "syndicated_from": None, "copy_of": None,
        "copy_similarity": None, "current_version": f"{document_id(number)}.1", "version_count": 1,
        "claim_count": 2,
        "first_seen_at": f"{day_}T08:00:00Z", "last_seen_on": LAST_DAY, "updated_at": f"{day_}T08:00:00Z",
        "page": f"documents/{document_id(number)}.html", "dated_on": day_,
    }  # fmt: skip


def version_rows(draws: Draws, number: int) -> Iterator[Row]:
    for version in (1, 2) if number % 10 == 0 else (1,):
        yield {
            "id": f"{document_id(number)}.{version}", "document_id": document_id(number), "number": version,
            "is_current": int(version == 1), "title": "A title", "published_on": draws.day(number),
            "language": "en",
            "text_sha256": sha256_hex(f"{number}.{version}"), "text_length": 4000,
            "fetched_at": f"{draws.day(number)}T08:00:00Z", "last_seen_on": LAST_DAY, "archive_record": None,
        }  # fmt: skip


def mention_rows(draws: Draws) -> Iterator[Row]:
    for number in range(draws.documents):
        for place in range(10):
            party, start = draws.party(), place * 300 + draws.random.randrange(200)
            yield {
                "version_id": f"{document_id(number)}.1", "start_offset": start,
                "end_offset": start + len(party),
                "entity_id": party, "text": party,
            }  # fmt: skip
