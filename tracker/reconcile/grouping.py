"""From a document's claims to its reports: which claims tell of one happening, and how the document treats it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tracker.reconcile.dates import Interval, usable
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import may_agree
from tracker.reconcile.passages import place_claims
from tracker.reconcile.reports import OTHER_BILL, Report, Sourced, families_of
from tracker.reconcile.standing import judge_reports
from tracker.types import ClaimRecord, ClaimType, Quantity, QuantityKind, StoredDocument

_CLAUSE = re.compile(r"[,;:]\s+(and|while|but|whereas)\s|[.;]\s", re.IGNORECASE)
_MEASURES: frozenset[QuantityKind] = frozenset({"accounts", "exchanges"})
"""What figures of a charge count."""
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
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(q for m in self.members for q in m.record.quantities)

    @property
    def is_charge(self) -> bool:
        """Whether it is an allegation and nothing but words."""
        return "allegation" in self.types and self.types <= {"allegation", "statement"}

    @property
    def old(self) -> bool:
        return all(m.timing == "old" for m in self.members)

    def days_fit(self, other: _Group) -> bool:
        return not (self.dates and other.dates) or self.dates[0].gap(other.dates[0]) <= 1


def make_reports(document: StoredDocument, records: Sequence[ClaimRecord], parties: Parties) -> tuple[Report, ...]:
    """The happenings that a document reports or recalls, from its claim records, in the order of the text."""
    groups = _group(place_claims(document, records, parties), parties)
    for fits in (_one_answer, _one_charge, _one_passage):
        groups = _merge(groups, fits, parties)
    return judge_reports([tuple(group.members) for group in groups], document, parties)


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
    alike: tuple[object, ...] = (claim.accused, claim.dates) if claim.speaker else ()
    if claim.type == "denial" and claim.speaker:
        alike = claim.dates  # who rejects a charge together may be accused of several
    elif claim.speaker and not claim.accused:
        alike = (*alike, claim.target, claim.quantities, claim.accused_as)
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
    apart = OTHER_BILL.search(claim.text) if claim.type == "legislation" else None
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
        return one_charge and _seconds(group, home)
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


def _seconds(group: _Group, home: _Group) -> bool:
    """Whether another voice says over, against the same accused, what the document leads with.

    One with another figure than the lead's tells of a charge of its own; and what the accused say is none.
    """
    if not group.is_charge or "allegation" not in home.types or not any(m.lead for m in home.members):
        return False
    if group.parties & home.accused:
        return False
    ours, theirs = ([q for q in one.quantities if q.kind in _MEASURES] for one in (group, home))
    return not (ours and theirs) or _same_figure(group, home)


def _same_figure(group: _Group, home: _Group) -> bool:
    return any(may_agree(a, b) for a in group.quantities for b in home.quantities)


def _merge(groups: list[_Group], fits: Callable[[_Group, _Group, Parties], bool], parties: Parties) -> list[_Group]:
    """Groups with those in the first before them that they fit."""
    merged: list[_Group] = []
    for group in groups:
        home = next((g for g in merged if fits(group, g, parties)), None)
        if home:
            home.members.extend(group.members)
        else:
            merged.append(group)
    return merged


def _one_answer(group: _Group, home: _Group, parties: Parties) -> bool:
    """One document's denials by organs of one government are one answer."""
    if families_of(group.types) != {"denial"} or families_of(home.types) != {"denial"} or group.old != home.old:
        return False
    return group.days_fit(home) and parties.one_government(group.parties, home.parties)


def _one_charge(group: _Group, home: _Group, parties: Parties) -> bool:
    """Whether two charges of one document are one, of which the speaker is misread in a sentence: they give the same
    figure, or the accused are said to speak in the later and charge nobody."""
    if group.old or home.old or "allegation" not in group.types & home.types or not group.days_fit(home):
        return False
    charges_nobody = group.is_charge and not group.accused and parties.overlap(group.parties, home.accused)
    return charges_nobody or _same_figure(group, home)


def _one_passage(group: _Group, home: _Group, parties: Parties) -> bool:
    """Whether two groups are one deed, since one passage tells both, and of one party, or of nobody in one of them.

    "X accused A, and Y accused B" are two; so are a bill and what was said of it.
    """
    if group.old or home.old or not families_of(group.types) & families_of(home.types):
        return False
    shared = {_passage(m) for m in group.members} & {_passage(m) for m in home.members}
    one_voice = not group.parties or parties.overlap(group.parties, home.parties)
    return bool(shared) and one_voice and group.days_fit(home) and not parties.contradict(group.accused, home.accused)


def _passage(member: Sourced) -> tuple[str, int, int]:
    return member.record.version_id, member.record.claim.start, member.record.claim.end
