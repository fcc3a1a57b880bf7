"""What a published edition says, as facts that can be compared with the next edition's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tracker.digest import factkeys as keys
from tracker.digest.eventfacts import load_events
from tracker.digest.held import digest_words
from tracker.errors import UnreadableInput
from tracker.ids import int_digest
from tracker.query import Published
from tracker.types import Fact

_DISPUTES = "SELECT id, title, status, since_on, accusers, accused FROM disputes ORDER BY id"
_STEPS = """SELECT d.id, s.event_id, s.claims FROM disputes AS d
JOIN dispute_steps AS s ON s.dispute_id = d.id AND s.status = d.status AND s.from_on = d.since_on
ORDER BY d.id, s.position DESC"""
_ALONE = """SELECT l.value AS id, a.party, a.kind, a.is_accused, a.claim_id
FROM answers AS a, json_each(a.disputes) AS l WHERE a.event_id IS NULL
ORDER BY l.value, a.party, a.kind, a.claim_id"""
_STAGES = "SELECT law_id, event_id, stage, claims FROM law_stages WHERE stage IS NOT NULL ORDER BY law_id, position"
_REVISIONS = """SELECT document_id, to_version, before_claim, before_quote, after_claim, after_quote
FROM revisions WHERE kind IN ('changed', 'vanished') ORDER BY document_id, seen_at, before_claim, after_claim"""
_WITHDRAWN = "SELECT kind, id, edit_id FROM withdrawn ORDER BY kind, id"
_REDIRECTS = "SELECT old_id, new_id FROM redirects ORDER BY old_id"
_PARTIES = "SELECT id, name FROM entities WHERE claim_count > 0 ORDER BY id"
_ABOVE = "SELECT member_id, entity_id FROM families WHERE steps > 0 ORDER BY member_id, steps, entity_id"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

_SHAPE = Fact("shape:facts", 1, {"version": 1})
"""Counted up when the values of facts are written otherwise: facts of another shape cannot be compared."""
_Found = Iterator[tuple[str, dict[str, Any]]]


def load_facts(published: Published) -> dict[str, Fact]:
    """All that the edition says that a change may be told of, by key.

    Raises:
        UnreadableInput: a tracker before this one published the database, without a view that is needed.
    """
    if not list(published.stream("SELECT 1 FROM tables WHERE name = 'law_stages'")):
        raise UnreadableInput("an older tracker made the published database; `tracker publish` makes it anew")
    facts: dict[str, Fact] = {_SHAPE.key: _SHAPE}
    for find in (_events, _disputes, _stages, _revisions, _withdrawn, _redirects, _parties):
        for key, value in find(published):
            facts[key] = Fact(key, int_digest(_encode(value)), value)
    return facts


def facts_before(
    digests: Mapping[str, int], now: Mapping[str, Fact], load: Callable[[Iterable[str]], Mapping[str, Fact]]
) -> dict[str, Fact]:
    """The facts of the edition before without loading those that are the same now.

    Args:
        digests: `SubscriptionStore.load_fact_digests()`.
        now: of the new edition, by key.
        load: `SubscriptionStore.load_facts`: called once, with the keys of what is otherwise now, or gone.
    """
    same = {key: fact for key, fact in now.items() if digests.get(key) == fact.digest}
    return same | dict(load([key for key in digests if key not in same]))


def is_comparable(before: Mapping[str, Fact], now: Mapping[str, Fact]) -> bool:
    """Whether the facts of two editions are of one shape; without any facts before, everything is new."""
    was = before.get(_SHAPE.key)
    return was is None or was.digest == now[_SHAPE.key].digest


def _events(published: Published) -> _Found:
    return ((keys.event_key(id_), value) for id_, value in load_events(published))


def _disputes(published: Published) -> _Found:
    """How each dispute stands, by which event, and what answers it as a whole."""
    steps: dict[str, tuple[str, list[str]]] = {}
    for row in published.stream(_STEPS):
        steps.setdefault(row["id"], (row["event_id"], json.loads(row["claims"])))
    alone: dict[str, list[list[Any]]] = {}
    for row in published.stream(_ALONE):
        alone.setdefault(row["id"], []).append([row["party"], row["kind"], row["is_accused"], row["claim_id"]])
    for row in published.stream(_DISPUTES):
        event, claims = steps.get(row["id"], (None, []))
        yield (
            keys.dispute_key(row["id"]),
            {
                "title": row["title"],
                "status": row["status"],
                "event": event,
                "claims": claims,
                "answers": alone.get(row["id"], []),
            },
        )


def _stages(published: Published) -> _Found:
    for row in published.stream(_STAGES):
        value = {
            "law": row["law_id"],
            "event": row["event_id"],
            "stage": row["stage"],
            "claims": json.loads(row["claims"]),
        }
        yield keys.stage_key(row["law_id"], row["event_id"]), value


def _revisions(published: Published) -> _Found:
    """What became of claims whose pages changed, known by the words and not by the claims, which may be read anew."""
    found: dict[str, dict[str, Any]] = {}
    for row in published.stream(_REVISIONS):
        words = [digest_words(quote) if quote else None for quote in (row["before_quote"], row["after_quote"])]
        key = keys.revision_key(row["document_id"], row["to_version"], *words)
        place = {"document": row["document_id"], "words": words[0], "version": row["to_version"]}
        value = found.setdefault(key, place | {"before": [], "after": []})
        value["before"].append(row["before_claim"])
        value["after"] += [row["after_claim"]] if row["after_claim"] else []
    yield from found.items()


def _withdrawn(published: Published) -> _Found:
    for row in published.stream(_WITHDRAWN):
        value = {"kind": row["kind"], "id": row["id"], "edit": row["edit_id"]}
        yield keys.withdrawn_key(row["kind"], row["id"]), value


def _redirects(published: Published) -> _Found:
    return ((keys.redirect_key(row["old_id"]), {"to": row["new_id"]}) for row in published.stream(_REDIRECTS))


def _parties(published: Published) -> _Found:
    """What the parties of claims are called, and whom they belong to: for when they are in no edition any more."""
    above: dict[str, list[str]] = {}
    for row in published.stream(_ABOVE):
        above.setdefault(row["member_id"], []).append(row["entity_id"])
    for row in published.stream(_PARTIES):
        yield keys.party_key(row["id"]), {"name": row["name"], "above": above.get(row["id"], [])}
