"""Rows of what happened: events, disputes, and what belongs to each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from benchmarks.query_draws import ACCUSER, TYPES, VENDOR, Draws, document_id, event_id
from tracker.render.database.values import Row


def event_row(draws: Draws, number: int) -> Row:
    day_ = draws.day(number * draws.documents // draws.events)
    return {
        "search_id": draws.events - number, "id": event_id(number),
        "type": TYPES[number % len(TYPES)], "title": draws.sentence(9), "summary": draws.sentence(25),
        "from_on": day_, "to_on": day_, "date_precision": "day", "date_basis": "publication",
        "actors": json.dumps([draws.party(), draws.party()]), "claim_count": 10, "document_count": 5,
        "independent_sources": 2, "figure_count": 2, "conflict_count": 0, "flags": "[]", "edits": "[]",
        "first_seen_at": f"{day_}T08:00:00Z", "changed_at": f"{day_}T09:00:00Z",
        "page": f"events/{event_id(number)}.html",
    }  # fmt: skip


def event_claim_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    for number, claim in enumerate(claims):
        event = event_id(draws.event_of(number))
        yield {"event_id": event, "part": "told", "position": number, "claim_id": claim["id"]}


def event_source_rows(draws: Draws) -> Iterator[Row]:
    for number in range(0, 2 * draws.documents, 2):
        document = document_id(number // 2)
        yield {
            "event_id": event_id(draws.event_of(number)), "source_number": number % 5 + 1,
            "document_id": document,
            "origin": document, "basis": "original", "why": "No other document tells it before.",
        }  # fmt: skip


def dispute_row(draws: Draws, number: int) -> Row:
    day_ = draws.day(number * draws.documents // draws.disputes)
    return {
        "search_id": draws.events + draws.disputes - number, "id": f"dispute-{number}", "title": draws.sentence(6),
        "status": "alleged", "since_on": day_, "changed_on": day_, "updated_at": f"{day_}T09:00:00Z",
        "accuser_side": ACCUSER, "accused_side": VENDOR, "accusers": json.dumps([ACCUSER]),
        "accused": json.dumps([VENDOR]), "accused_as": "[]", "target": "[]", "event_count": 20,
        "allegation_count": 50, "page": f"disputes/dispute-{number}.html",
    }  # fmt: skip


def dispute_event_rows(draws: Draws) -> Iterator[Row]:
    for number in range(draws.events):
        yield {"dispute_id": f"dispute-{number % draws.disputes}", "position": number, "event_id": event_id(number)}


def dispute_step_rows(draws: Draws, claims: list[Row]) -> Iterator[Row]:
    for number in range(0, draws.events, 4):
        day_ = draws.day(number * draws.documents // draws.events)
        yield {
            "dispute_id": f"dispute-{number % draws.disputes}", "position": number, "status": "alleged",
            "from_on": day_,
            "to_on": day_, "date_basis": "publication", "event_id": event_id(number),
            "claims": json.dumps([claims[number]["id"]]), "first_seen_at": f"{day_}T08:00:00Z",
        }  # fmt: skip


def party_rows(
    draws: Draws, claims: list[Row], parties: dict[str, dict[str, str]], figures: list[Row], answers: list[Row]
) -> Iterator[Row]:
    found: set[tuple[str, str, str, str]] = set()

    def note(kind: str, row: Row, id_: str, keys: Iterable[str]) -> None:
        for key in {owner for party in keys for owner in draws.owners(party)}:
            found.add((key, kind, str(row["dated_on"]), id_))

    for number, claim in enumerate(claims):
        involved = parties[str(claim["id"])].values()
        note("claim", claim, str(claim["id"]), involved)
        note("document", claim, str(claim["document_id"]), involved)
        note("event", {"dated_on": draws.event_day(number)}, event_id(draws.event_of(number)), involved)
    for figure in figures:
        note("figure", figure, str(figure["id"]), parties[str(figure["claim_id"])].values())
    for answer in answers:
        note("answer", answer, str(answer["id"]), [str(answer["party"])])
    for number in range(draws.disputes):
        row: Row = {"dated_on": draws.day(number * draws.documents // draws.disputes)}
        note("dispute", row, f"dispute-{number}", (ACCUSER, VENDOR))
    for party, kind, dated_on, id_ in found:
        yield {"party": party, "kind": kind, "dated_on": dated_on, "id": id_}
