"""Rows of what is said: claims with their parties, figures, assertions, answers and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.query_draws import LAST_DAY, TYPES, Draws, claim_id, document_id, event_id
from tracker.render.database.values import Row

NUMBER = 28_800_000
"""A figure that is told again and again."""
_STATUS = {"allegation": "alleged", "denial": "denied"}
_QUALIFIERS = ("exact", "about", "over", "under")


def claim_rows(draws: Draws) -> Iterator[Row]:
    last = draws.events + draws.disputes + 3 * draws.documents
    for number in range(2 * draws.documents):
        document, type_ = number // 2, TYPES[draws.random.randrange(len(TYPES))]
        quote, day_ = draws.sentence(28, chinese=document % 10 == 0), draws.day(document)
        start = (number % 2) * 1500
        yield {
            "search_id": last - number, "id": claim_id(number), "type": type_,
            "status": _STATUS.get(type_, "asserted"), "speaker": draws.party(), "on_behalf_of": None,
            "accused": json.dumps([draws.party()]) if type_ == "allegation" else "[]", "accused_as": None,
            "target": "[]", "via": "[]", "quote": quote, "start_offset": start, "end_offset": start + 1400,
            "document_id": document_id(document), "version_id": f"{document_id(document)}.1",
            "first_version_id": f"{document_id(document)}.1", "published_on": day_, "is_current": 1,
            "is_vanished": 0, "first_seen_at": f"{day_}T08:00:00Z", "last_seen_on": LAST_DAY, "gone_at": None,
            "confidence": 0.9, "chain": "[]", "edits": "[]",
            "link": f"https://paper-{document % 300}.example/{document}",
            "updated_at": f"{day_}T08:00:00Z",
            "page": f"documents/{document_id(document)}.html#{claim_id(number)}",
            "dated_on": day_,
        }  # fmt: skip


def parties_of(draws: Draws, claim: Row) -> dict[str, str]:
    accused = json.loads(str(claim["accused"]))
    roles = {"speaker": str(claim["speaker"]), "target": draws.party()}
    return roles | {"accused": accused[0]} if accused else roles


def party_rows(parties: dict[str, dict[str, str]]) -> Iterator[Row]:
    for key, found in parties.items():
        for role, party in found.items():
            yield {"claim_id": key, "role": role, "position": 0, "entity_id": party}


def figure_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    for number in range(0, len(claims), 3):
        claim = claims[number]
        low = NUMBER if number % 999 == 0 else int(draws.random.paretovariate(0.6) * 1000)
        yield {
            "event_id": event_id(draws.event_of(number)), "position": number, "id": f"f-{number}",
            "kind": "exchanges" if number % 2 else "accounts", "low": low, "high": low,
            "qualifier": _QUALIFIERS[number % 4], "unit": None, "text": f"{low:,}", "speaker": claim["speaker"],
            "accused": claim["accused"], "claim_id": claim["id"], "version_id": claim["version_id"],
            "start_offset": 10, "end_offset": 20, "figure_group": f"g{number % 4}", "group_low": low,
            "group_high": low, "is_nearest": 1, "is_doubtful": 0, "conflicts": "[]", "is_current": 1,
            "is_vanished": 0,
            "first_seen_at": claim["first_seen_at"], "last_seen_on": LAST_DAY, "updated_at": claim["updated_at"],
            "dated_on": claim["dated_on"],
        }  # fmt: skip


def quantity_row(figure: Row) -> Row:
    kept = ("claim_id", "kind", "low", "high", "qualifier", "unit", "text", "start_offset", "end_offset")
    return {"position": 0, **{name: figure[name] for name in kept}}


def assertion_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    for number in range(0, len(claims), 4):
        claim = claims[number]
        yield {
            "event_id": event_id(draws.event_of(number)), "id": f"s-{claim['id']}", "type": claim["type"],
            "speaker": claim["speaker"], "accused": claim["accused"], "figures": "[]",
            "document_count": number % 9, "independent_sources": 1 + number % 40,
        }  # fmt: skip


def assertion_claim_rows(assertions: list[Row]) -> Iterator[Row]:
    for row in assertions:
        yield {
            "event_id": row["event_id"], "assertion_id": row["id"], "position": 0, "claim_id": str(row["id"])[2:],
        }  # fmt: skip


def answer_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    found = [number for number, claim in enumerate(claims) if claim["type"] in ("denial", "no_response")]
    for place, number in enumerate(found, 1):
        claim = claims[number]
        yield {
            "number": place, "id": f"a-{number}", "party": claim["speaker"],
            "kind": "denied" if claim["type"] == "denial" else "no_reply", "is_accused": 1,
            "from_on": claim["published_on"], "to_on": claim["published_on"], "date_basis": "publication",
            "event_id": event_id(draws.event_of(number)),
            "disputes": json.dumps([f"dispute-{draws.event_of(number) % draws.disputes}"]), "claim_id": claim["id"],
            "first_seen_at": claim["first_seen_at"], "updated_at": claim["updated_at"],
            "dated_on": claim["dated_on"],
        }  # fmt: skip


def revision_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    for number in range(0, len(claims), 40):
        claim = claims[number]
        yield {
            "id": number // 40 + 1, "document_id": claim["document_id"], "kind": "changed",
            "seen_at": f"{claim['published_on']}T20:00:00Z", "from_version": claim["version_id"],
            "to_version": claim["version_id"], "before_claim": claim["id"], "after_claim": claim["id"],
            "changes": '[{"field":"quote","was":"a","now":"b"}]',
        }  # fmt: skip
