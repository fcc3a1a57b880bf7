"""What changed from one published edition to the next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tracker.digest import factkeys as keys
from tracker.digest.drafts import Draft
from tracker.digest.eventnews import find_event_news
from tracker.digest.facts import is_comparable
from tracker.digest.gone import find_gone, find_withdrawn
from tracker.digest.known import Comparison, compare, parties_of
from tracker.digest.pagenews import find_page_news, find_reading_news
from tracker.digest.sentences import say
from tracker.digest.standing import find_dispute_news, find_stage_news
from tracker.digest.witness import MOST_CLAIMS, Row, Witness, find_renamed, parties_of_claim, read_witness
from tracker.query import Published
from tracker.types import Change, ChangeKind, Evidence, Fact

_IMPORTANCE: Sequence[ChangeKind] = (
    "corrected", "withdrawn", "vanished", "event", "status", "answer", "stage", "conflict",
    "figure", "claim", "sources",
)  # fmt: skip
_AT_ONCE = 500
"""Changes whose words are held at one time."""
MOST_EVIDENCE = 5
"""Quotes of one change."""


def find_changes(before: Mapping[str, Fact], now: Mapping[str, Fact], published: Published) -> tuple[Change, ...]:
    """What subscribers are told of, the most important kinds first, then by day and key.

    Args:
        before: all facts of the edition before (`facts_before`).
        now: all facts of the edition (`load_facts`).
        published: the edition of `now`: the words of what changed are read from it. Its links to our site are whole
            where the site had an address when it was published (about.site_url).

    Facts that another version of the tracker wrote in another shape are a new beginning: nothing is told.
    """
    if not is_comparable(before, now):
        return ()
    gone = (key for key in parties_of(before, now) if keys.party_key(key) in before)
    renamed = find_renamed(published, {key: before[keys.party_key(key)].value["name"] for key in gone})
    drafts = find_drafts(compare(before, now, renamed))
    changes: list[Change] = []
    for at in range(0, len(drafts), _AT_ONCE):
        some = drafts[at : at + _AT_ONCE]
        witness = read_witness(published, some, before)
        changes += (_change(draft, witness) for draft in some if not _still_stands(draft, witness))
    return tuple(sorted(changes, key=_order))


def find_drafts(comparison: Comparison) -> tuple[Draft, ...]:
    """What changed, by the facts alone. Nothing is told twice: a correction before what follows from it."""
    withdrawn = list(find_withdrawn(comparison))
    pages = list(find_page_news(comparison))
    of_pages = frozenset(key for draft in pages for key in (*draft.claims, *draft.claims_before))
    readings = list(find_reading_news(comparison, of_pages))
    told = of_pages | {key for draft in readings for key in draft.claims}
    corrected = frozenset(key for draft in (*withdrawn, *pages, *readings) for key in draft.corrects)
    rest: Iterable[Iterator[Draft]] = (
        find_gone(comparison, corrected),
        find_event_news(comparison, told),
        find_dispute_news(comparison),
        find_stage_news(comparison),
    )
    return (*withdrawn, *pages, *readings, *(draft for found in rest for draft in found))


def _still_stands(draft: Draft, witness: Witness) -> bool:
    """Whether what seems to be gone is only told elsewhere: its page says it, and the edition has it."""
    rows = (witness.claims.get(key) for key in draft.claims_before)
    return draft.kind == "vanished" and draft.about != "page" and any(row and row["is_current"] for row in rows)


def _order(change: Change) -> tuple[object, ...]:
    return (_IMPORTANCE.index(change.kind), change.happened_on or date.min, change.key)


def _change(draft: Draft, witness: Witness) -> Change:
    event = witness.events.get(draft.event or "")
    if draft.kind == "event" and event is not None:
        draft = replace(draft, claims=order_by_title(draft.claims, event, witness))
    sentence = say(draft, witness)
    entities = _entities(draft, witness, event)
    disputes = [
        row["dispute_id"] for key in (draft.event, *draft.also) for row in witness.disputes_of.get(key or "", ())
    ]
    on = event["from_on"] if event else draft.happened_on
    own = [witness.entities[key] for key in entities if key in witness.entities]
    return Change(
        kind=draft.kind,
        key=draft.key,
        title=sentence.title,
        page=_page(draft, witness, event),
        event_id=event["id"] if event else None,
        event_title=event["title"] if event else "",
        event_type=event["type"] if event else None,
        dispute_ids=tuple(dict.fromkeys((*draft.disputes, *disputes))),
        entities=entities,
        families=_families(entities, witness),
        jurisdictions=tuple(sorted({row["jurisdiction"] for row in own if row["jurisdiction"]})),
        happened_on=date.fromisoformat(on) if on else None,
        independent_sources=draft.sources if draft.sources >= 0 else event["independent_sources"] if event else 0,
        sources_before=draft.sources_before,
        before=sentence.before,
        after=sentence.after,
        evidence=_evidence(draft.claims, witness),
        evidence_before=_evidence_before(draft, witness),
        corrects=draft.corrects,
    )


def order_by_title(claims: Sequence[str], event: Row, witness: Witness) -> tuple[str, ...]:
    """The claims of those whom the event's title names as who speaks or acts before those of others."""
    actors = set(json.loads(event["actors"]))

    def is_other(key: str) -> bool:
        row = witness.claims.get(key)
        return row is None or row["type"] != event["type"] or not actors & {row["speaker"], row["on_behalf_of"]}

    return tuple(sorted(claims, key=is_other))


def _page(draft: Draft, witness: Witness, event: Row | None) -> str:
    """Where the site shows it: of a dispute or a law its own page, else the event's."""
    if draft.kind == "status":
        return str(witness.disputes[draft.disputes[0]]["page"])
    if draft.kind == "stage" and draft.law in witness.entities:
        return str(witness.entities[draft.law]["page"])
    if event is not None:
        return str(event["page"])
    if draft.disputes and draft.disputes[0] in witness.disputes:
        return str(witness.disputes[draft.disputes[0]]["page"])
    return ""


def _entities(draft: Draft, witness: Witness, event: Row | None) -> tuple[str, ...]:
    """The parties, as the claims name them: of an event all of its, of a status both sides."""
    shown = [witness.claims[k] for k in (*draft.claims, *draft.claims_before)[: 2 * MOST_CLAIMS] if k in witness.claims]
    found: list[str] = [*draft.parties]
    if draft.key.startswith("event:") and event is not None:
        found += json.loads(event["actors"])
        found += (row["entity_id"] for row in witness.event_parties.get(event["id"], ()))
    if draft.kind == "status":
        sides = witness.disputes[draft.disputes[0]]
        found += (*json.loads(sides["accusers"]), *json.loads(sides["accused"]))
    found += [draft.who] if draft.who else []
    found += (*draft.accused, *(party for row in shown for party in parties_of_claim(row)))
    return tuple(dict.fromkeys(found))


def _families(entities: Iterable[str], witness: Witness) -> tuple[str, ...]:
    """The parties and all that they belong to."""
    return tuple(dict.fromkeys((*entities, *(above for key in entities for above in witness.above(key)))))


def _evidence(claims: Iterable[str], witness: Witness) -> tuple[Evidence, ...]:
    return tuple(_shown(row) for row in witness.shown(claims)[:MOST_EVIDENCE])


def _evidence_before(draft: Draft, witness: Witness) -> tuple[Evidence, ...]:
    """The words that stood before; of words that were misread the same, with the speaker that was told."""
    if draft.kind != "corrected" or draft.about == "page":
        return _evidence(draft.claims_before, witness)
    speaker = witness.name(draft.who) if draft.who and draft.was != "no_response" else ""
    shown = _evidence(draft.claims, witness)
    return tuple(replace(item, speaker_name=speaker, on_behalf_of_name="", accused_as="") for item in shown)


def _shown(row: Row) -> Evidence:
    is_silence = row["type"] == "no_response"  # the page's own words: whom it names there said nothing
    return Evidence(
        claim_id=row["id"],
        quote=row["quote"],
        language=row["language"] or "",
        speaker_name="" if is_silence else row["speaker_name"] or "",
        on_behalf_of_name="" if is_silence else row["on_behalf_of_name"] or "",
        accused_as=row["accused_as"] or "",
        publisher=row["publisher"],
        document_title=row["document_title"],
        published_on=date.fromisoformat(row["published_on"]) if row["published_on"] else None,
        link=row["link"] or "",
        page=row["page"],
        version_sha256=row["version_sha256"],
    )
