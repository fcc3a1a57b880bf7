"""What the accused answered: the ledger of denials, admissions, silence, counter-charges, and of no answer found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.reconcile.dates import Interval, day, own_dates
from tracker.reconcile.entities import Parties
from tracker.reconcile.silence import kind_of_silence
from tracker.types import Answer, AnswerKind, ClaimRecord, ClaimType

_KINDS: Mapping[ClaimType, AnswerKind] = {
    "denial": "denial", "admission": "admission", "no_response": "no_response", "allegation": "counter_claim",
}  # fmt: skip
_FAMILY_DEPTH = 4
"""How many steps of ownership lie at most between an accuser and the one whom a counter-charge names."""


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


def given_in(record: ClaimRecord, published: date | None) -> Interval | None:
    """When an answer was given: the latest day that its words give, else the publication's; None without either.

    The latest, since words that answer often name the day of the charge first.
    """
    dates = own_dates(record, published)
    if dates:
        return max(dates, key=lambda own: (own.to_on, own.from_on))
    return day(published) if published else None


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


class _Answering:
    """Makes the answers to the allegations of one event."""

    def __init__(
        self, allegations: Sequence[ClaimRecord], published: Mapping[str, date | None], parties: Parties
    ) -> None:
        self._parties, self._published = parties, published
        self.accused = {party for record in allegations for party in record.claim.accused}
        self._target = {entity_id for record in allegations for entity_id in record.claim.target}
        self._accusers = {who for record in allegations for who in _voices(record)}
        self._first = allegations[0]
        self._when: dict[str, Interval | None] = {}

    def select(self, candidates: Iterable[ClaimRecord]) -> list[ClaimRecord]:
        """The claims that answer, the earliest first."""
        about = [
            record
            for record in candidates
            if (
                self._is_counter_charge(record)
                if record.claim.type == "allegation"
                else record.claim.type in _KINDS and _is_about(record, self.accused, self._target, self._parties)
            )
        ]
        for record in about:
            self._when[record.id] = given_in(record, self._published.get(record.id))

        def order(record: ClaimRecord) -> tuple[object, ...]:
            when = self._when[record.id]
            days = (when.to_on, when.from_on) if when else (date.max, date.max)
            return (*days, record.document_id, record.claim.start, record.id)

        return sorted(about, key=order)

    def _is_counter_charge(self, record: ClaimRecord) -> bool:
        """Whether an accused party charges who accused it, afterwards; who charged first only repeats itself."""
        voices = _voices(record)
        if not voices & self.accused or voices & _voices(self._first):
            return False
        return self._is_after_the_charge(record) and self._parties.overlap(
            record.claim.accused, self._accusers, _FAMILY_DEPTH
        )

    def _is_after_the_charge(self, record: ClaimRecord) -> bool:
        """By its day; on one day by the order in which one document tells the two."""
        charged, countered = (given_in(r, self._published.get(r.id)) for r in (self._first, record))
        if charged is None or countered is None or countered.from_on < charged.to_on:
            return False
        if countered.from_on > charged.to_on:
            return True
        return record.document_id == self._first.document_id and record.claim.start > self._first.claim.start

    def answer(self, party: str, record: ClaimRecord) -> Answer:
        """A claim as the answer of a party."""
        kind = _KINDS[record.claim.type]
        if kind == "no_response" and kind_of_silence(record.claim.text, party, self._parties) == "declined":
            kind = "declined"
        when = self._when[record.id]
        answer = Answer(party, kind, record.id)
        return replace(answer, from_on=when.from_on, to_on=when.to_on, date_basis=when.basis) if when else answer


def _voices(record: ClaimRecord) -> set[str]:
    return {who for who in (record.claim.speaker, record.claim.on_behalf_of) if who}


def list_answers(
    allegations: Iterable[ClaimRecord],
    candidates: Iterable[ClaimRecord],
    published: Mapping[str, date | None],
    parties: Parties,
) -> tuple[Answer, ...]:
    """The answers of each accused party to an event's allegations, the earliest first, parties by id.

    `candidates` are the claims of the event's documents that may answer it; `published` gives the day on which each
    claim was published. A party without any gets `none_found`. An owner's answer stands under the owner's name
    beside it, and a denial by somebody who is not accused (an embassy) follows under the name of who gave it: it is
    nobody else's answer. One quote of a document is one answer of a party, however often it was read out.
    """
    allegations = [record for record in allegations if record.claim.type == "allegation"]
    if not allegations:
        return ()
    answering = _Answering(allegations, published, parties)
    about = answering.select(candidates)
    answers: list[Answer] = []
    used: set[str] = set()
    for party in sorted(answering.accused):
        own = [record for record in about if _is_own(record, party)]
        used.update(record.id for record in own)
        answers.extend(answering.answer(party, record) for record in own)
        if not own:
            answers.append(Answer(party, "none_found", None))
        owners = [record for record in about if _is_owners(record, party, parties) and record.id not in used]
        used.update(record.id for record in owners)
        answers.extend(answering.answer(r.claim.speaker, r) for r in owners if r.claim.speaker)
    others = (r for r in about if r.id not in used and r.claim.type == "denial")
    answers.extend(answering.answer(r.claim.speaker, r) for r in others if r.claim.speaker)
    return _each_quote_once(answers, {record.id: record for record in about})


def _each_quote_once(answers: Iterable[Answer], records: Mapping[str, ClaimRecord]) -> tuple[Answer, ...]:
    kept: dict[tuple[object, ...], Answer] = {}
    for answer in answers:
        record = records.get(answer.claim_id or "")
        quote = (record.document_id, " ".join(record.claim.text.split())) if record else ()
        kept.setdefault((answer.party, answer.kind, *quote), answer)
    return tuple(kept.values())
