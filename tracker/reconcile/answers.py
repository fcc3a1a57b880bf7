"""What the accused answered: the ledger of denials, admissions, silence, and of no answer found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.reconcile.entities import Parties
from tracker.types import Answer, ClaimRecord, ClaimType

Kind = Literal["denial", "admission", "no_response"]
_KINDS: Mapping[ClaimType, Kind] = {"denial": "denial", "admission": "admission", "no_response": "no_response"}


@dataclass(frozen=True)
class Ledger:
    """Which happening an answer belongs to, where its document tells of several."""

    reported: Mapping[str, Sequence[frozenset[str]]]
    """For each document: who is accused in each happening that it reports."""
    recalled_days: Mapping[str, date]
    """For each claim that only recalls an event: that event's day."""

    def may_answer(self, record: ClaimRecord, event_on: date, reports_event: bool, parties: Parties) -> bool:
        """Whether a claim may answer an event of that day, which its document reports or only recalls.

        An answer that was itself given before the event answers another. In a document that only recalls the event,
        an answer belongs to what the document reports, unless that accuses nobody whom the answer is about.
        """
        if self.recalled_days.get(record.id, event_on) < event_on:
            return False
        if reports_event:
            return True
        accused = record.claim.accused
        return bool(accused) and not any(
            parties.overlap(accused, others) for others in self.reported.get(record.document_id, ())
        )


def _is_own(record: ClaimRecord, party: str) -> bool:
    """Whether a claim is the party's own answer: its own or its spokesperson's."""
    return party in (record.claim.speaker, record.claim.on_behalf_of)


def _is_owners(record: ClaimRecord, party: str, parties: Parties) -> bool:
    """Whether a claim is the answer of the party's owner, who was asked about it."""
    return party in record.claim.accused and record.claim.speaker in parties.ancestors(party)


def _is_about(record: ClaimRecord, accused: set[str], target: set[str], parties: Parties) -> bool:
    claim = record.claim
    if claim.accused and not parties.overlap(claim.accused, accused):
        return False
    if claim.type == "no_response":
        return True  # who does not answer an outlet is silent on all that it was asked; a denial is of one charge
    return not claim.target or not target or parties.overlap(claim.target, target)


def list_answers(
    allegations: Iterable[ClaimRecord],
    candidates: Iterable[ClaimRecord],
    said_on: Mapping[str, date | None],
    parties: Parties,
) -> tuple[Answer, ...]:
    """The answers of each accused party to an event's allegations, the earliest first, parties by id.

    `candidates` are the claims of the event's documents that may answer it; `said_on` gives each claim's day. A
    party without any gets `none_found`. An owner's answer stands under the owner's name beside it, and a denial by
    somebody who is not accused (an embassy) follows under the name of who gave it: it is nobody else's answer. One
    quote of a document is one answer of a party, however often it was read out.
    """
    allegations = [record for record in allegations if record.claim.type == "allegation"]
    accused = {party for record in allegations for party in record.claim.accused}
    target = {entity_id for record in allegations for entity_id in record.claim.target}
    if not allegations:
        return ()
    about = [r for r in candidates if r.claim.type in _KINDS and _is_about(r, accused, target, parties)]
    about.sort(key=lambda r: (said_on.get(r.id) or date.max, r.document_id, r.claim.start, r.id))
    answers: list[Answer] = []
    used: set[str] = set()
    for party in sorted(accused):
        own = [record for record in about if _is_own(record, party)]
        used.update(record.id for record in own)
        answers.extend(Answer(party, _KINDS[record.claim.type], record.id) for record in own)
        if not own:
            answers.append(Answer(party, "none_found", None))
        owners = [record for record in about if _is_owners(record, party, parties) and record.id not in used]
        used.update(record.id for record in owners)
        answers.extend(Answer(r.claim.speaker, _KINDS[r.claim.type], r.id) for r in owners if r.claim.speaker)
    others = (r for r in about if r.id not in used and r.claim.type == "denial")
    answers.extend(Answer(r.claim.speaker, "denial", r.id) for r in others if r.claim.speaker)
    return _each_quote_once(answers, {record.id: record for record in about})


def _each_quote_once(answers: Iterable[Answer], records: Mapping[str, ClaimRecord]) -> tuple[Answer, ...]:
    kept: dict[tuple[object, ...], Answer] = {}
    for answer in answers:
        record = records.get(answer.claim_id or "")
        quote = (record.document_id, " ".join(record.claim.text.split())) if record else ()
        kept.setdefault((answer.party, answer.kind, *quote), answer)
    return tuple(kept.values())
