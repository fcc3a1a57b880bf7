"""From a document's claims to its reports: which claims tell of one happening, and how the document treats it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker.reconcile.dates import Interval, usable
from tracker.reconcile.entities import Parties
from tracker.reconcile.passages import place_claims
from tracker.reconcile.reports import Report, Sourced, Standing, families_of
from tracker.types import ClaimRecord, ClaimType, StoredDocument

_ACTS: frozenset[ClaimType] = frozenset({"legislation", "government_action", "legal_action", "denial", "admission"})
_PAST = re.compile(
    r"\b(in the past|previous(ly)?|earlier|similar warning|years? ago|at the time)\b"
    r"|\b(plus tôt|auparavant|par le passé|früher)\b|曾|此前",
    re.IGNORECASE,
)
"""Words that send a sentence back to an earlier time without giving a day."""
_APART = re.compile(
    r"\b(another|separate|rival|second|companion|different) (bill|measure|proposal|version|text)\b"
    r"|\b(a|their|its|his|her) (bill|version|measure|proposal) of (their|its|his|her) own\b"
    r"|\b(their|its|his|her) own (bill|version|measure|proposal)\b",
    re.IGNORECASE,
)
"""Words that tell one bill from another."""
_CLAUSE = re.compile(r"[,;:]\s+(and|while|but|whereas)\s|[.;]\s", re.IGNORECASE)
_SAME_BODY_DEPTH = 4
"""Within one document, any organ of a body may stand for it."""


@dataclass
class _Group:
    members: list[Sourced]

    @property
    def parties(self) -> set[str]:
        return {entity_id for m in self.members for entity_id in m.parties}

    @property
    def accused(self) -> set[str]:
        return {entity_id for m in self.members for entity_id in m.record.claim.accused}

    @property
    def types(self) -> frozenset[ClaimType]:
        return frozenset(m.record.claim.type for m in self.members)

    @property
    def dates(self) -> tuple[Interval, ...]:
        return usable(date for m in self.members for date in m.dates)

    @property
    def old(self) -> bool:
        return all(m.timing == "old" for m in self.members)

    def days_fit(self, other: _Group) -> bool:
        return not (self.dates and other.dates) or self.dates[0].gap(other.dates[0]) <= 1


def make_reports(document: StoredDocument, records: Sequence[ClaimRecord], parties: Parties) -> tuple[Report, ...]:
    """The happenings that a document reports or recalls, from its claim records.

    A document that is not itself on the matter only recalls.
    """
    groups = _merge_denials(_group(place_claims(document, records, parties), parties), parties)
    on_matter = {e.document_id for e in document.extractions if e.relevance == "relevant"}
    return tuple(_settle([_judge(group, document, on_matter, parties) for group in groups]))


def _group(sourced: Iterable[Sourced], parties: Parties) -> list[_Group]:
    joint: dict[tuple[object, ...], _Group] = {}
    for s in sourced:
        joint.setdefault(_joint_key(s, parties), _Group([])).members.append(s)
    groups: list[_Group] = []
    for group in sorted(joint.values(), key=lambda g: not g.parties):  # those without a speaker last
        fits = _belongs if group.parties else _echoes
        home = next((g for g in groups if fits(group, g, parties)), None)
        if home:
            home.members.extend(group.members)
        else:
            groups.append(group)
    return groups


def _joint_key(s: Sourced, parties: Parties) -> tuple[object, ...]:
    """Joint speakers ("X and Y are preparing ...") have a claim each on one passage, alike in all but the speaker.

    Of two bills in one passage ("X want ..., and Y have a version of their own") each has its own speakers.
    """
    claim = s.record.claim
    alike = (claim.accused, claim.target, claim.dates, claim.quantities, claim.accused_as) if claim.speaker else ()
    return (
        s.record.version_id,
        claim.start,
        claim.end,
        claim.type,
        s.timing == "old",
        bool(claim.speaker),
        alike,
        _bill_of(s, parties),
    )


def _bill_of(s: Sourced, parties: Parties) -> int:
    """Which of the bills that a passage tells apart a claim is about: 1 for the one told of behind, else 0."""
    claim = s.record.claim
    apart = _APART.search(claim.text) if claim.type == "legislation" else None
    if apart is None or not claim.speaker:
        return 0
    breaks = [found.end() for found in _CLAUSE.finditer(claim.text, 0, apart.start())]
    behind = claim.text[breaks[-1] if breaks else apart.start() :]
    return int(parties.name(claim.speaker).split()[-1].casefold() in behind.casefold())


def _belongs(group: _Group, home: _Group, parties: Parties) -> bool:
    """Whether a later group of claims goes on about what an earlier one of the same parties tells."""
    if group.old != home.old:
        return False
    one_charge = not group.old and bool(group.accused) and parties.overlap(group.accused, home.accused)
    if not one_charge and not group.days_fit(home):  # the day of a letter and the day that it came to light differ
        return False
    if not all(any(parties.related(p, q, _SAME_BODY_DEPTH) for q in home.parties) for p in group.parties):
        return False
    ours, theirs = families_of(group.types), families_of(home.types)
    if ours and theirs and not ours & theirs:
        return False
    both_accuse = group.accused and home.accused
    return not (group.old and both_accuse and not parties.overlap(group.accused, home.accused))


def _echoes(group: _Group, home: _Group, parties: Parties) -> bool:
    """Whether claims without a speaker say over what a speaker is quoted for."""
    if group.old != home.old or not families_of(group.types) & families_of(home.types):
        return False
    return parties.overlap(group.accused, home.accused) if group.accused else group.members[0].lead


def _merge_denials(groups: list[_Group], parties: Parties) -> list[_Group]:
    """One document's denials by organs of one government are one answer."""
    merged: list[_Group] = []
    for group in groups:
        home = next((g for g in merged if _one_answer(group, g, parties)), None)
        if home:
            home.members.extend(group.members)
        else:
            merged.append(group)
    return merged


def _one_answer(group: _Group, home: _Group, parties: Parties) -> bool:
    if families_of(group.types) != {"denial"} or families_of(home.types) != {"denial"} or group.old != home.old:
        return False
    return group.days_fit(home) and parties.one_government(group.parties, home.parties)


# --- how the document treats it --------------------------------------------------------------------------------


def _judge(group: _Group, document: StoredDocument, on_matter: set[str], parties: Parties) -> Report:
    members = tuple(group.members)
    lead = any(m.lead for m in members)
    return Report(members, _standing(group, lead, document, on_matter, parties), lead, _voices(group, parties))


def _voices(group: _Group, parties: Parties) -> frozenset[str]:
    return frozenset(p for p in group.parties if not any(p in parties.ancestors(q) for q in group.parties))


def _standing(group: _Group, lead: bool, document: StoredDocument, on_matter: set[str], parties: Parties) -> Standing:
    if group.old or not any(m.record.version_id in on_matter for m in group.members):
        return "background"
    if group.types == {"statement"}:
        return "loose"
    if lead or any(m.timing == "recent" for m in group.members):
        return "firm"
    if _PAST.search(group.members[0].record.claim.text):
        return "background"
    if _in_headline(group, document, parties):
        return "firm"
    return "soft" if group.types & _ACTS else "loose"


def _in_headline(group: _Group, document: StoredDocument, parties: Parties) -> bool:
    """Whether a title of the document names everyone who speaks or acts here."""
    titles = [version.title for version in document.versions]
    voices = [m.parties for m in group.members if m.parties]
    named = (any(parties.named_in(entity_id, title) for entity_id in voice for title in titles) for voice in voices)
    return bool(voices) and all(named)


def _settle(reports: list[Report]) -> list[Report]:
    """Fold a bill's further stages into the bill; let a statement stand where there is nothing else."""
    lead = next((i for i, r in enumerate(reports) if r.lead and r.standing == "firm"), None)
    if lead is not None and "legislation" in reports[lead].types:
        stages = [r for i, r in enumerate(reports) if i != lead and _is_stage(r, reports[lead])]
        members = tuple(m for r in (reports[lead], *stages) for m in r.members)
        reports[lead] = replace(reports[lead], members=members)
        reports = [r for r in reports if r not in stages]
    if not any(r.standing in ("firm", "soft") for r in reports):
        alone = (i for i, r in enumerate(reports) if r.standing == "loose" and r.types == {"statement"} and r.parties)
        first = next(alone, None)
        if first is not None:
            reports[first] = replace(reports[first], standing="firm")
    return reports


def _is_stage(report: Report, bill: Report) -> bool:
    if report.standing != "soft" or report.types != {"legislation"}:
        return False
    apart = any(_APART.search(m.record.claim.text) for m in (*report.members, *bill.members))
    if apart and not (report.laws & bill.laws or report.parties & bill.parties):
        return False
    return not (report.laws and bill.laws) or bool(report.laws & bill.laws)
