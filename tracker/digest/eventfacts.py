"""The facts of events: one for each, with what its claims say, read from the published database as a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from sys import intern
from typing import Any

from tracker.digest.held import digest_words, value_of
from tracker.query import Published

Row = Mapping[str, Any]

_EVENTS = "SELECT id, type, title, from_on, independent_sources FROM events ORDER BY id"
_CLAIMS = """SELECT l.event_id, c.id, c.document_id, c.version_id, c.start_offset, c.end_offset, c.quote, c.is_current,
  c.type, c.speaker, c.on_behalf_of, c.accused, c.edits
FROM event_claims AS l CROSS JOIN claims AS c ON c.id = l.claim_id
WHERE l.part = 'told' ORDER BY l.event_id, l.position"""
_ASSERTIONS = """SELECT event_id, id, type, speaker, accused, figures, independent_sources
FROM assertions ORDER BY event_id, id"""
_ASSERTION_CLAIMS = (
    "SELECT event_id, assertion_id, claim_id FROM assertion_claims ORDER BY event_id, assertion_id, position"
)
_FIGURES = """SELECT event_id, claim_id, text, kind, low, high, qualifier, unit, is_doubtful, is_current, conflicts
FROM figures ORDER BY event_id, position"""
_ANSWERS = """SELECT event_id, party, kind, is_accused, claim_id, is_current FROM answers
WHERE event_id IS NOT NULL ORDER BY event_id, party, kind, claim_id"""
_ANSWER = ("party", "kind", "is_accused", "claim_id", "is_current")
_CONTRADICTIONS = frozenset({"different_number", "parts_do_not_sum"})
"""What cannot both be right; values that lost a qualifier or are of different scopes can."""


def load_events(published: Published) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id, value of its fact) of each event, by id. One event at a time is held."""
    claims, assertions, places, figures, answers = (
        _by_event(published.stream(sql)) for sql in (_CLAIMS, _ASSERTIONS, _ASSERTION_CLAIMS, _FIGURES, _ANSWERS)
    )
    for row in published.stream(_EVENTS):
        id_ = str(row["id"])
        yield id_, _event(row, claims(id_), assertions(id_), places(id_), figures(id_), answers(id_))


def _by_event(rows: Iterable[Row]) -> Callable[[str], list[Row]]:
    """Takes the rows of one event after the other; those of events that nobody asks for are passed over."""
    groups = groupby(rows, key=lambda row: str(row["event_id"]))
    ahead: list[tuple[str, list[Row]]] = []

    def take(event: str) -> list[Row]:
        while not ahead or ahead[0][0] < event:
            ahead[:] = [next(((key, list(group)) for key, group in groups), ("\U0010ffff", []))]
        return ahead[0][1] if ahead[0][0] == event else []

    return take


def _event(
    row: Row, claims: list[Row], assertions: list[Row], places: list[Row], figures: list[Row], answers: list[Row]
) -> dict[str, Any]:
    telling = [(item, _value(item)) for item in figures if not item["is_doubtful"]]
    number = {item["id"]: at for at, item in enumerate(claims)}
    values: dict[str, list[str]] = {}
    for item, value in telling:
        values.setdefault(item["claim_id"], []).append(value)
    return {
        "type": intern(row["type"]),
        "title": row["title"],
        "from": row["from_on"],
        "sources": row["independent_sources"],
        "claims": [_claim(item, values.get(item["id"], [])) for item in claims],
        "said": list(_said(assertions, places, telling, number)),
        "conflicts": _conflicts(telling),
        "answers": [[item[name] for name in _ANSWER] for item in answers],
    }


def _claim(row: Row, values: list[str]) -> list[Any]:
    return [
        row["id"],
        intern(row["document_id"]),
        intern(row["version_id"]),
        row["start_offset"],
        row["end_offset"],
        digest_words(row["quote"]),
        row["is_current"],
        intern(row["type"]),
        _named(row["speaker"]),
        _named(row["on_behalf_of"]),
        _listed(row["accused"]),
        _listed(row["edits"]),
        sorted(dict.fromkeys(values)),
    ]


def _named(id_: str | None) -> str | None:
    return intern(id_) if id_ else None


def _listed(array: str) -> list[str]:
    return [intern(item) for item in json.loads(array)] if array != "[]" else []


def _value(row: Row) -> str:
    return intern(value_of(row["kind"], row["low"], row["high"], row["qualifier"], row["unit"]))


def _said(
    assertions: list[Row], places: list[Row], telling: list[tuple[Row, str]], number: Mapping[str, int]
) -> Iterator[list[Any]]:
    """What claims say alike, each with the numbers of its claims, the nearest first; by what is said, not by id."""
    claims: dict[str, list[str]] = {}
    for place in places:
        claims.setdefault(place["assertion_id"], []).append(place["claim_id"])
    found = []
    for row in assertions:
        own, texts = claims.get(row["id"], []), set(json.loads(row["figures"]))
        values = {value for item, value in telling if item["text"] in texts and item["claim_id"] in own}
        numbers = [number[key] for key in own if key in number]
        if values or not texts:
            who, accused = _named(row["speaker"]), _listed(row["accused"])
            count = row["independent_sources"]
            found.append([intern(row["type"]), who, accused, sorted(values), count, numbers])
    yield from sorted(found, key=lambda item: (item[5], item[3], item[0], str(item[1]), item[2]))


def _conflicts(telling: list[tuple[Row, str]]) -> list[list[Any]]:
    """The contradictions between values that pages still give, once each: (reason, value, claim, words) of either."""
    first: dict[str, Row] = {}
    values: dict[tuple[str, str], str] = {}
    for row, value in telling:
        values[row["claim_id"], row["text"]] = value
        if row["is_current"]:
            first.setdefault(value, row)
    found: dict[tuple[object, ...], list[Any]] = {}
    for row, value in telling:
        for item in json.loads(row["conflicts"]) if row["conflicts"] != "[]" else ():
            other = values.get((item["with_claim"], item["with_text"]))
            if item["reason"] not in _CONTRADICTIONS or value not in first or other not in first:
                continue
            one, two = sorted((value, other))
            sides = (part for key in (one, two) for part in (key, first[key]["claim_id"], first[key]["text"]))
            found.setdefault((item["reason"], one, two), [item["reason"], *sides, item["why"]])
    return [found[key] for key in sorted(found, key=str)]
