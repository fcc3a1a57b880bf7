"""Assertions: what several claims of an event say alike, and how many independent sources say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from tracker.ids import digest_of
from tracker.reconcile.chains import Chains
from tracker.reconcile.entities import Parties
from tracker.reconcile.sources import Sources
from tracker.types import Assertion, ClaimRecord, ClaimType, Event, Figure

_ABOUT_A_PARTY: frozenset[ClaimType] = frozenset({"allegation", "admission", "denial"})
_SAME_WORDS = 75.0
_COMPARED = 50
"""With how many earlier statements a statement's words are compared at most."""


@dataclass
class _Alike:
    """Claims that say the same of one thing; the first is the nearest to the original speaker."""

    speaker: str | None
    accused: tuple[str, ...]
    records: list[ClaimRecord] = field(default_factory=list)
    figures: list[int] = field(default_factory=list)
    by_words: bool = False


def make_assertions(
    event: Event, records: Sequence[ClaimRecord], sources: Sources, parties: Parties
) -> tuple[Assertion, ...]:
    """What the event's claims say alike, each with its documents by independence, in the order of the claims.

    A charge, denial or admission is one for each party that it is about: who accuses two is a source for either.
    Each group of values that agree is one beside it. Acts of the event's own type are one
    for each speaker; other acts and statements only where their words are alike.
    """
    chains = Chains(parties)
    speakers = _related_speakers(records, chains, parties)
    found: list[_Alike] = []
    by_type: dict[ClaimType, list[ClaimRecord]] = defaultdict(list)
    for record in records:
        by_type[record.claim.type].append(record)
    for type_, told in by_type.items():
        if type_ in _ABOUT_A_PARTY:
            found += _by_party(told, speakers)
        else:
            found += _by_words(told, speakers, whole=type_ == event.type and type_ != "statement")
        found += _by_figure(told, event, speakers)
    rank = {record.id: number for number, record in enumerate(records)}
    for alike in found:
        alike.records = sorted({record.id: record for record in alike.records}.values(), key=lambda r: rank[r.id])
    found.sort(key=lambda alike: (rank[alike.records[0].id], bool(alike.figures), alike.accused, alike.figures))
    return tuple(_assertion(alike, event.figures, sources) for alike in found)


def _related_speakers(records: Sequence[ClaimRecord], chains: Chains, parties: Parties) -> Mapping[str, str | None]:
    """For each claim whose word it is; of related ones (a ministry and its government) the nearest to the origin."""
    firsts: list[str] = []
    chosen: dict[str, str | None] = {}
    for record in records:
        who = chains.claimant(record.claim)
        if who is not None:
            known = next((first for first in firsts if parties.related(first, who)), None)
            if known is None:
                firsts.append(who)
            who = known or who
        chosen[record.id] = who
    return chosen


def _by_party(records: Sequence[ClaimRecord], speakers: Mapping[str, str | None]) -> Iterator[_Alike]:
    alike: dict[tuple[str | None, str | None], _Alike] = {}
    for record in records:
        speaker = speakers[record.id]
        for party in record.claim.accused or (None,):
            accused = (party,) if party else ()
            alike.setdefault((speaker, party), _Alike(speaker, accused)).records.append(record)
    yield from alike.values()


def _by_words(records: Sequence[ClaimRecord], speakers: Mapping[str, str | None], *, whole: bool) -> Iterator[_Alike]:
    """By speaker and words; with `whole` by speaker alone."""
    by_speaker: dict[str | None, list[_Alike]] = defaultdict(list)
    for record in records:
        known = by_speaker[speakers[record.id]]
        same = (one for one in known[:_COMPARED] if whole or _same_words(one.records[0], record))
        one = next(same, None)
        if one is None:
            one = _Alike(speakers[record.id], record.claim.accused, by_words=not whole)
            known.append(one)
        one.records.append(record)
    for known in by_speaker.values():
        yield from known


def _same_words(one: ClaimRecord, other: ClaimRecord) -> bool:
    return fuzz.token_set_ratio(one.claim.text, other.claim.text) >= _SAME_WORDS


def _by_figure(records: Sequence[ClaimRecord], event: Event, speakers: Mapping[str, str | None]) -> Iterator[_Alike]:
    """By speaker and group of agreeing values, with the accused whom the values are about."""
    by_id = {record.id: record for record in records}
    for group in event.figure_groups:
        alike: dict[str | None, _Alike] = {}
        for number in group.figures:
            record = by_id.get(event.figures[number].claim_id)
            if record is not None and group.kind != "other":
                one = alike.setdefault(speakers[record.id], _Alike(speakers[record.id], group.scope))
                one.figures.append(number)
                one.records.append(record)
        yield from alike.values()


def _assertion(alike: _Alike, figures: Sequence[Figure], sources: Sources) -> Assertion:
    first = alike.records[0]
    standing: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in alike.records:
        if record.in_current_version:
            standing[record.document_id].append(record)
    value = figures[alike.figures[0]] if alike.figures else None
    parts = (first.claim.type, alike.speaker, *alike.accused, first.id if alike.by_words else "")
    amount = (
        (value.kind, str(value.low), str(value.high), value.unit, value.claim_id, str(value.start)) if value else ()
    )
    return Assertion(
        id=f"a-{digest_of(*parts, *amount)}",
        type=first.claim.type,
        speaker=alike.speaker,
        accused=alike.accused,
        claim_ids=tuple(record.id for record in alike.records),
        document_ids=tuple(sorted(standing)),
        sources=sources.groups(standing, standing),
        figures=tuple(alike.figures),
    )
