"""Laws, bills, orders: which claims and events name one, and the stages that their words show it to have taken.

A claim names a law when the law is mentioned within the claim's own words. A stage is shown only by words of a claim
that name this law alone, or stand in an event of it and name none, and say that it has happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tracker.render.catalogue import Catalogue, newest_events, newest_first
from tracker.types import ClaimRecord, ClaimType, Event, StoredDocument

Stage = Literal[
    "introduced", "referred", "committee", "passed", "signed", "effective", "amended", "rejected", "withdrawn", "issued"
]

STAGE_WORDS: dict[Stage, str] = {
    "introduced": "introduced",
    "referred": "sent to a committee",
    "committee": "backed by a committee",
    "passed": "passed by a chamber",
    "signed": "signed",
    "effective": "in force",
    "amended": "amended",
    "rejected": "voted down or vetoed",
    "withdrawn": "withdrawn",
    "issued": "issued",
}
_BILL: frozenset[ClaimType] = frozenset({"legislation"})
_OFFICE: frozenset[ClaimType] = frozenset({"government_action"})
_PUBLIC = _BILL | _OFFICE
_COMMITTEE = r"(?:committee|panel|commission|委员会)"
_DONE: tuple[tuple[Stage, frozenset[ClaimType], str], ...] = (
    ("rejected", _BILL, r"\b(?:voted (?:it |this )?down|defeated|vetoe[sd]|rejected)\b|否决|\brejeté"),
    ("withdrawn", _BILL, r"\bwithdr(?:ew|awn)\b"),
    ("signed", _BILL, r"\bsigned\b.{0,60}?\blaw\b|\bsigned (?:it|the (?:bill|act|order))\b"),
    (
        "committee",
        _BILL,
        rf"\b{_COMMITTEE}\b.{{0,80}}?\b(?:approved|advanced|backed|cleared|adopted|passed|voted .{{0,40}}?to advance)\b"
        rf"|\b(?:approved|advanced|backed|cleared|passed)\b.{{0,40}}?\b{_COMMITTEE}\b"
        r"|\bcommission\b.{0,80}?\ba adopté\b|委员会.{0,20}(?:通过|批准)",
    ),
    (
        "passed",
        _BILL,
        rf"\bpassed\b(?!\s+over)|\b(?:chamber|House|Senate|parliament)\b(?:(?!{_COMMITTEE}).){{0,20}}?\bapproved\b",
    ),
    ("amended", _BILL, r"\bamended\b"),
    ("introduced", _BILL, r"\b(?:re)?introduced\b|\btabled\b|\ba déposé\b|提出了?"),
    ("referred", _BILL, rf"\b(?:went|was (?:sent|referred)) to (?:the )?.{{0,60}}?\b{_COMMITTEE}\b"),
    (
        "effective",
        _PUBLIC,
        r"\b(?:took effect|came into (?:force|effect)|entered into force|is (?:now )?in force)\b|生效",
    ),
    ("issued", _OFFICE, r"\b(?:issued|published|released|sent|signed)\b|\bdatée? du\b|发布"),
)
"""Stage, the types of claim that can show it, and the words that do; of equals the first counts."""
_OF_A_PART = re.compile(r"\bamendments?\b|\bamendements?\b|修正案", re.IGNORECASE)
"""What is done with an amendment to a law is not done with the law."""
_UNDONE = re.compile(
    r"\b(?:may|might|could|should|would|will|shall|to|not|never|nor|no|if|whether|unless|before|until|once|expected"
    r"|consider\w*|weigh\w*|plan\w*|prepar\w+|propos\w+|want\w*|hop(?:e|es|ed|ing)|urg\w+|call\w* (?:on|for)|ask\w*"
    r"|demand\w*|be|yet|awaits?|fail\w*|refus\w+|declin\w+|pourrait|pourraient|serait|seraient|devrait)\b[^.;:,]{0,40}$"
    r"|(?:不|未|将|可能)[^。，]{0,6}$",
    re.IGNORECASE,
)
"""What stands before words of a stage that nobody has reached."""


@dataclass(frozen=True, slots=True)
class LawStage:
    """A stage that an event's words show, None where they name the law and show none."""

    stage: Stage | None
    event: Event
    evidence: tuple[ClaimRecord, ...]


def laws_named(document: StoredDocument, record: ClaimRecord) -> frozenset[str]:
    """The laws that are mentioned within a claim's own words."""
    for version, extraction in zip(document.versions, document.extractions, strict=False):
        if version.id == record.version_id:
            inside = (m for m in extraction.mentions if record.claim.start <= m.start < record.claim.end)
            return frozenset(m.entity_id for m in inside if m.type == "law")
    return frozenset()


def claims_naming(catalogue: Catalogue, law: str) -> list[ClaimRecord]:
    """The claims whose words name a law, newest first."""
    named: list[ClaimRecord] = []
    for document, _ in catalogue.documents_of_entity.get(law, ()):
        places = {
            version.id: [mention.start for mention in extraction.mentions if mention.entity_id == law]
            for version, extraction in zip(document.versions, document.extractions, strict=False)
        }
        named += [
            record
            for record in catalogue.claims_of_document.get(document.id, ())
            if any(record.claim.start <= at < record.claim.end for at in places.get(record.version_id, ()))
        ]
    return sorted(named, key=lambda record: newest_first(catalogue, record))


def events_naming_law(catalogue: Catalogue, law: str) -> list[Event]:
    """The events with a claim whose words name a law, and those that have it among their parties, newest first."""
    events = {event.id: event for event in catalogue.events_of_entity.get(law, ())}
    for record in claims_naming(catalogue, law):
        events |= {event.id: event for event in catalogue.events_of_claim.get(record.id, ())}
    return newest_events(events.values())


def stages_of(catalogue: Catalogue, law: str) -> list[LawStage]:
    """The public acts on a law by date, oldest first, each with the stage that most of its documents show."""
    events = [event for event in events_naming_law(catalogue, law) if event.type in _PUBLIC]
    return [_stage(catalogue, event, law) for event in reversed(events)]


def _stage(catalogue: Catalogue, event: Event, law: str) -> LawStage:
    own = [catalogue.claims[key] for key in event.claim_ids if key in catalogue.claims]
    about = [r for r in own if laws_named(catalogue.documents[r.document_id], r) <= {law}]
    shown: dict[Stage, list[ClaimRecord]] = {}
    for record in about:
        for stage in stages_in(record):
            shown.setdefault(stage, []).append(record)
    order = [stage for stage, _, _ in _DONE]
    chosen = min(shown, key=lambda s: (-len({r.document_id for r in shown[s]}), order.index(s)), default=None)
    naming = [r for r in own if law in laws_named(catalogue.documents[r.document_id], r)]
    evidence = sorted(shown[chosen], key=lambda r: r not in naming) if chosen else naming or own
    return LawStage(chosen, event, tuple(evidence))


def stages_in(record: ClaimRecord) -> list[Stage]:
    """The stages that a claim's own words say have been reached; what may, will or should be is none."""
    claim = record.claim
    if _OF_A_PART.search(claim.text):
        return []
    found = [
        stage
        for stage, types, pattern in _DONE
        if claim.type in types and _is_done(re.finditer(pattern, claim.text, re.IGNORECASE | re.DOTALL), claim.text)
    ]
    return [stage for stage in found if stage != "passed" or "committee" not in found]


def _is_done(matches: Iterable[re.Match[str]], text: str) -> bool:
    return any(not _UNDONE.search(text[: match.start()]) for match in matches)
