"""Disputes and answers as records, for exports and for the JSON beside a dispute's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from tracker.types import Answer, AnswerKind, ClaimRecord, Dataset, Dispute, Event, LedgerEntry, LedgerKind, StatusStep

Record = dict[str, Any]

_KINDS: dict[AnswerKind, LedgerKind] = {
    "denial": "denied",
    "admission": "admitted",
    "no_response": "no_reply",
    "declined": "declined",
    "counter_claim": "counter_claim",
    "none_found": "none_found",
}


def dispute_records(dataset: Dataset) -> list[Record]:
    """The disputes with their steps and ledgers, by id."""
    claims = {record.id: record for record in dataset.reconciled.claims}
    return [_with_last_look(dispute_record(dispute, claims), claims) for dispute in dataset.reconciled.disputes]


def _with_last_look(record: Record, claims: dict[str, ClaimRecord]) -> Record:
    """The record with when each step's words were last seen: it moves with every look, so the site does not tell it."""
    return record | {"steps": [step | {"last_seen_at": _last_seen(step["claims"], claims)} for step in record["steps"]]}


def _last_seen(claim_ids: Iterable[str], claims: dict[str, ClaimRecord]) -> str | None:
    seen = [at for key in claim_ids if key in claims and (at := claims[key].last_seen_at)]
    return max(seen).isoformat() if seen else None


def dispute_record(dispute: Dispute, claims: dict[str, ClaimRecord]) -> Record:
    """One dispute; days are ISO 8601, instants with their zone."""
    standing = dispute.standing
    return {
        "id": dispute.id,
        "title": dispute.title,
        "status": standing.status if standing else None,
        "since": standing.from_on.isoformat() if standing else None,
        "changed_on": dispute.changed_on.isoformat(),
        "accuser_side": dispute.sides[0],
        "accused_side": dispute.sides[1],
        "accusers": list(dispute.accusers),
        "accused": list(dispute.accused),
        "accused_as": list(dispute.accused_as),
        "target": list(dispute.target),
        "steps": [_step(step, claims) for step in dispute.steps],
        "ledger": [_entry(entry) for entry in dispute.ledger],
        "events": list(dispute.event_ids),
        "allegations": list(dispute.allegation_ids),
    }


def _step(step: StatusStep, claims: dict[str, ClaimRecord]) -> Record:
    held = [claims[claim_id] for claim_id in step.claim_ids if claim_id in claims]
    return {
        "status": step.status,
        "from": step.from_on.isoformat(),
        "to": step.to_on.isoformat(),
        "basis": step.date_basis,
        "event": step.event_id,
        "claims": list(step.claim_ids),
        "quotes": [record.claim.text for record in held],
        "in_current_version": any(record.in_current_version for record in held),
        "first_seen_at": step.first_seen_at.isoformat() if step.first_seen_at else None,
    }


def _entry(entry: LedgerEntry) -> Record:
    days = {key: on.isoformat() if on else None for key, on in (("from", entry.from_on), ("to", entry.to_on))}
    return {
        "party": entry.party,
        "is_accused": entry.is_accused,
        "kind": entry.kind,
        **days,
        "basis": entry.date_basis,
        "claim": entry.claim_id,
        "event": entry.event_id,
        "first_seen_at": entry.first_seen_at.isoformat() if entry.first_seen_at else None,
    }


def answer_records(dataset: Dataset) -> list[Record]:
    """Every answer to the charges of an event, then those that only a dispute as a whole has, each with its quote.

    `none_found` stands for each accused party of an event to whose charges no source has its answer.
    """
    held = {record.id: record for record in dataset.reconciled.claims}
    return list_answers(dataset.reconciled.events, dataset.reconciled.disputes, held)


def list_answers(events: Iterable[Event], disputes: Iterable[Dispute], held: dict[str, ClaimRecord]) -> list[Record]:
    """The same of events, disputes and the claims by id."""
    return [record for group in group_answers(events, disputes, held) for record in answers_of(group, held)]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the charges of one event, or those that only one dispute has, as they follow on each other."""

    name: str
    """Once in a dataset."""
    entries: tuple[tuple[LedgerEntry, tuple[str, ...]], ...]
    """Each with the disputes in which it stands."""


def answers_of(group: Answers, held: dict[str, ClaimRecord]) -> list[Record]:
    """Their records."""
    return [_row(entry, list(disputes), held) for entry, disputes in group.entries]


def group_answers(
    events: Iterable[Event], disputes: Iterable[Dispute], held: dict[str, ClaimRecord]
) -> Iterator[Answers]:
    """All answers: those of each event in their order, then those that only a dispute has."""
    disputes_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    silent_in: dict[tuple[str, str], list[str]] = defaultdict(list)
    beside: dict[tuple[str, str], tuple[str, LedgerEntry]] = {}
    for dispute in disputes:
        answered = {entry.party for entry in dispute.ledger if entry.kind != "none_found"}
        for event_id, party in product(dispute.event_ids, (key for key in dispute.accused if key not in answered)):
            silent_in[party, event_id].append(dispute.id)
        for entry in dispute.ledger:
            if entry.claim_id:
                disputes_of[entry.party, entry.claim_id].append(dispute.id)
                beside.setdefault((entry.party, entry.claim_id), (dispute.id, entry))

    def placed(entry: LedgerEntry) -> tuple[LedgerEntry, tuple[str, ...]]:
        # where no answer was found no claim finds it: it stands in the event's disputes that have none either
        key = (entry.party, entry.claim_id or entry.event_id or "")
        return entry, tuple((disputes_of if entry.claim_id else silent_in).get(key, ()))

    for event in events:
        if event.answers:
            entries = tuple(map(placed, _entries_of(event, held)))
            for entry, _ in entries:
                beside.pop((entry.party, entry.claim_id or ""), None)
            yield Answers(f"event {event.id}", entries)
    of_dispute: dict[str, list[LedgerEntry]] = defaultdict(list)
    for dispute_id, entry in beside.values():
        of_dispute[dispute_id].append(entry)
    yield from (Answers(f"dispute {key}", tuple(map(placed, entries))) for key, entries in of_dispute.items())


def _entries_of(event: Event, held: dict[str, ClaimRecord]) -> list[LedgerEntry]:
    charges = [held[key].claim for key in event.claim_ids if key in held and held[key].claim.type == "allegation"]
    accused = {party for claim in charges for party in claim.accused}
    return [_as_entry(answer, event.id, answer.party in accused) for answer in event.answers]


def _as_entry(answer: Answer, event_id: str, is_accused: bool) -> LedgerEntry:
    days = (answer.from_on, answer.to_on, answer.date_basis)
    return LedgerEntry(answer.party, _KINDS[answer.kind], *days, answer.claim_id, event_id, is_accused)


def _row(entry: LedgerEntry, disputes: list[str], held: dict[str, ClaimRecord]) -> Record:
    record = held.get(entry.claim_id or "")
    seen = entry.first_seen_at or (record.first_seen_at if record else None)
    return _entry(entry) | {
        "first_seen_at": seen.isoformat() if seen else None,
        "last_seen_at": _last_seen([record.id], held) if record else None,
        "disputes": disputes,
        "quote": record.claim.text if record else None,
        "document": record.document_id if record else None,
        "version": record.version_id if record else None,
        "start": record.claim.start if record else None,
        "end": record.claim.end if record else None,
        "in_current_version": record.in_current_version if record else None,
    }
