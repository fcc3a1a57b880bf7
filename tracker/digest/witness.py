"""The words of an edition for what changed: claims, events, disputes, names, read from the published database."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from tracker.digest.drafts import Draft
from tracker.digest.factkeys import party_key
from tracker.digest.held import value_of
from tracker.query import Published
from tracker.types import Fact

Row = Mapping[str, Any]

MOST_CLAIMS = 40
"""Of one change whose words are read."""
_AT_ONCE = 500
_CLAIMS = """SELECT id, type, status, speaker, speaker_name, on_behalf_of, on_behalf_of_name, accused, accused_as,
  target, quote, language, publisher, document_id, document_title, published_on, link, page, version_sha256,
  start_offset, is_current, is_vanished
FROM claims WHERE id IN (SELECT value FROM json_each(:ids))"""
_EVENTS = """SELECT id, type, title, from_on, actors, independent_sources, page
FROM events WHERE id IN (SELECT value FROM json_each(:ids))"""
_EVENT_PARTIES = """SELECT DISTINCT l.event_id AS id, p.entity_id FROM event_claims AS l
JOIN claim_parties AS p ON p.claim_id = l.claim_id
WHERE l.part = 'told' AND p.role <> 'via' AND l.event_id IN (SELECT value FROM json_each(:ids))
ORDER BY l.event_id, p.entity_id"""
_DISPUTES_OF = """SELECT event_id AS id, dispute_id FROM dispute_events
WHERE event_id IN (SELECT value FROM json_each(:ids)) ORDER BY event_id, dispute_id"""
_DISPUTES = """SELECT id, title, since_on, accusers, accused, page
FROM disputes WHERE id IN (SELECT value FROM json_each(:ids))"""
_FIGURES = """SELECT event_id AS id, claim_id, text, kind, low, high, qualifier, unit, is_current FROM figures
WHERE event_id IN (SELECT value FROM json_each(:ids)) AND NOT is_doubtful ORDER BY event_id, position"""
_ENTITIES = "SELECT id, name, jurisdiction, page FROM entities WHERE id IN (SELECT value FROM json_each(:ids))"
_FAMILIES = """SELECT member_id AS id, entity_id FROM families
WHERE member_id IN (SELECT value FROM json_each(:ids)) ORDER BY member_id, steps, entity_id"""
_ALIASES = """SELECT entity_id AS id, alias FROM aliases
WHERE entity_id IN (SELECT value FROM json_each(:ids)) ORDER BY entity_id, alias"""
_MENTIONS = """SELECT claim_id AS id, entity_id, start_offset, end_offset FROM claim_mentions
WHERE claim_id IN (SELECT value FROM json_each(:ids))"""
_REVISIONS = """SELECT before_claim AS id, after_claim, changes FROM revisions
WHERE before_claim IN (SELECT value FROM json_each(:ids)) ORDER BY before_claim, seen_at DESC"""


@dataclass
class Witness:
    """The rows that drafts need, by id."""

    claims: Mapping[str, Row] = field(default_factory=dict)
    events: Mapping[str, Row] = field(default_factory=dict)
    event_parties: Mapping[str, list[Row]] = field(default_factory=dict)
    disputes_of: Mapping[str, list[Row]] = field(default_factory=dict)
    disputes: Mapping[str, Row] = field(default_factory=dict)
    figures: Mapping[str, list[Row]] = field(default_factory=dict)
    entities: Mapping[str, Row] = field(default_factory=dict)
    families: Mapping[str, list[Row]] = field(default_factory=dict)
    aliases: Mapping[str, list[Row]] = field(default_factory=dict)
    mentions: Mapping[str, list[Row]] = field(default_factory=dict)
    revisions: Mapping[str, list[Row]] = field(default_factory=dict)
    former: Mapping[str, Fact] = field(default_factory=dict)
    """Facts of the edition before: of the parties that are in this one no more."""

    def name(self, entity: str) -> str:
        """An entity's name; of one that is in the edition no more the name that it had."""
        row, was = self.entities.get(entity), self.former.get(party_key(entity))
        return str(row["name"]) if row else str(was.value["name"]) if was else entity

    def above(self, entity: str) -> list[str]:
        """Itself, and all that it belongs to."""
        was = self.former.get(party_key(entity))
        rows = self.families.get(entity, ())
        return [str(row["entity_id"]) for row in rows] or [entity, *(was.value["above"] if was else ())]

    def shown(self, ids: Iterable[str]) -> list[Row]:
        """The claims of these ids, those that their pages still make before the others, each quote of a page once."""
        rows = [self.claims[key] for key in ids if key in self.claims]
        places = {(row["document_id"], row["quote"]): row for row in reversed(rows)}
        return sorted((row for row in rows if row is places[row["document_id"], row["quote"]]), key=_is_gone)

    def texts(self, event: str, claims: Iterable[str], values: Sequence[str] = ()) -> list[str]:
        """The figures of an event in their sources' words, each value once, in English where a source has it so.

        Of these claims, and of these values; without values those that measure a deed.
        """
        wanted = set(claims)
        rows = [row for row in self.figures.get(event, ()) if row["claim_id"] in wanted]
        rows = [row for row in rows if (_value(row) in values if values else row["kind"] in _TELLING)]
        rows = [row for row in rows if row["is_current"]] or rows
        rows.sort(key=lambda row: (row["kind"] not in _TELLING, self._is_foreign(row)))
        first = {_value(row): row for row in reversed(rows)}
        return [str(row["text"]) for row in rows if row is first[_value(row)]]

    def values(self, event: str, claim: str) -> list[str]:
        """The values of one claim, as `held.value_of` writes them."""
        return [_value(row) for row in self.figures.get(event, ()) if row["claim_id"] == claim]

    def _is_foreign(self, row: Row) -> bool:
        claim = self.claims.get(row["claim_id"])
        return claim is not None and not str(claim["language"]).startswith("en")


_TELLING = ("accounts", "exchanges", "money", "users", "tokens", "percent")
"""Kinds of values that measure a deed; others ("43 votes") are named where they are the news."""


def _is_gone(row: Row) -> bool:
    return not row["is_current"]


def _value(row: Row) -> str:
    return value_of(row["kind"], row["low"], row["high"], row["qualifier"], row["unit"])


def read_witness(published: Published, drafts: Sequence[Draft], before: Mapping[str, Fact]) -> Witness:
    """All that telling these drafts needs, in a few questions for all of them; `before` are the facts that were."""
    claims = _by_id(published, _CLAIMS, _claims_of(drafts))
    event_ids = {key for draft in drafts for key in (draft.event, *draft.also) if key}
    events = _by_id(published, _EVENTS, event_ids)
    parties = _grouped(published, _EVENT_PARTIES, {d.event for d in drafts if d.key.startswith("event:") and d.event})
    disputes_of = _grouped(published, _DISPUTES_OF, event_ids)
    named = {row["dispute_id"] for rows in disputes_of.values() for row in rows}
    disputes = _by_id(published, _DISPUTES, named | {key for draft in drafts for key in draft.disputes})
    entities = set(_entities(drafts, claims, events, parties, disputes))
    charged = {party for draft in drafts for party in draft.accused}
    charges = {key for draft in drafts if draft.accused for key in draft.claims[:MOST_CLAIMS]}
    return Witness(
        claims=claims,
        events=events,
        event_parties=parties,
        disputes_of=disputes_of,
        disputes=disputes,
        figures=_grouped(published, _FIGURES, {d.event for d in drafts if d.event and d.kind in _COUNTING}),
        entities=_by_id(published, _ENTITIES, entities),
        families=_grouped(published, _FAMILIES, entities),
        aliases=_grouped(published, _ALIASES, charged),
        mentions=_grouped(published, _MENTIONS, charges),
        revisions=_grouped(
            published, _REVISIONS, {key for d in drafts if d.about == "page" for key in d.claims_before}
        ),
        former=before,
    )


_COUNTING = ("event", "claim", "figure", "sources", "conflict", "corrected")


def _claims_of(drafts: Iterable[Draft]) -> set[str]:
    found = (chain(draft.claims[:MOST_CLAIMS], draft.claims_before[:MOST_CLAIMS]) for draft in drafts)
    return {key for keys in found for key in keys}


def _entities(
    drafts: Iterable[Draft],
    claims: Mapping[str, Row],
    events: Mapping[str, Row],
    parties: Mapping[str, list[Row]],
    disputes: Mapping[str, Row],
) -> Iterator[str]:
    for draft in drafts:
        yield from (*draft.parties, *draft.accused, *([draft.who] if draft.who else ()))
    for row in claims.values():
        yield from parties_of_claim(row)
    for row in events.values():
        yield from json.loads(row["actors"])
    yield from (row["entity_id"] for rows in parties.values() for row in rows)
    for row in disputes.values():
        yield from (*json.loads(row["accusers"]), *json.loads(row["accused"]))


def parties_of_claim(row: Row) -> Iterator[str]:
    """Who speaks, for whom, who is accused, and whose model it is about."""
    yield from filter(None, (row["speaker"], row["on_behalf_of"]))
    yield from (*json.loads(row["accused"]), *json.loads(row["target"]))


def _asked(published: Published, sql: str, ids: Iterable[str]) -> Iterator[Row]:
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), _AT_ONCE):
        yield from published.stream(sql, {"ids": json.dumps(wanted[at : at + _AT_ONCE])})


def _by_id(published: Published, sql: str, ids: Iterable[str]) -> dict[str, Row]:
    return {row["id"]: row for row in _asked(published, sql, ids)}


def _grouped(published: Published, sql: str, ids: Iterable[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _asked(published, sql, ids):
        found[row["id"]].append(row)
    return found


def find_renamed(published: Published, names: Mapping[str, str]) -> dict[str, str]:
    """Those of the parties (names by id) that the edition has under another id: that have become another's name.

    People join two entities into one, or a name becomes known as another name of somebody: then nobody else speaks.
    """
    known = _by_id(published, _ENTITIES, names)
    missing = {name.casefold(): id_ for id_, name in names.items() if id_ not in known}
    if not missing:
        return {}
    aliases = published.stream("SELECT entity_id, alias FROM aliases ORDER BY entity_id, alias")
    found = {row["alias"].casefold(): row["entity_id"] for row in aliases if row["alias"].casefold() in missing}
    return {missing[alias]: entity for alias, entity in found.items()}
