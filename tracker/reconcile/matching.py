"""Whether two reports of different documents tell of one happening, and how much speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import may_agree
from tracker.reconcile.reports import Report

_LEAD_WINDOW_DAYS = 14
"""A document that leads with a happening without dating it means one of these days before."""
_SOFT_WINDOW_DAYS = 7
_PRESS_WAVE_DAYS = 7
"""Two documents that come out so close together may be of one wave, whatever days they give."""
_LETTER_DAYS = 31
"""How far apart two documents may date one act (the day of a letter, the day that it came to light)."""
_RECALL_SLACK_DAYS = 3
_SAME_WORDS = 75.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for it. `telling` means more than the same parties: a figure, a law or the words agree."""

    score: float
    telling: bool
    same_accused: bool


def _share(ones: frozenset[str], others: frozenset[str]) -> float:
    return len(ones & others) / len(ones | others) if ones and others else 0.0


def _contradict(ones: frozenset[str], others: frozenset[str], parties: Parties) -> bool:
    return bool(ones) and bool(others) and not parties.overlap(ones, others)


def weigh(one: Report, other: Report, parties: Parties) -> Evidence | None:
    """What speaks for one happening, leaving the days aside; None where something speaks against it."""
    if one.families and other.families and not one.families & other.families:
        return None
    voiced = bool(one.parties) and bool(other.parties)
    if voiced and not _same_parties(one, other, parties):
        return None
    if _contradict(one.accused, other.accused, parties) or _contradict(one.target, other.target, parties):
        return None
    if "legislation" in one.types and one.laws and other.laws and not one.laws & other.laws:
        return None
    agreeing = {a.kind for a in one.quantities for b in other.quantities if may_agree(a, b)}
    figures = bool(agreeing)
    words = fuzz.token_set_ratio(one.text, other.text)
    telling = figures or bool(one.laws & other.laws) or words >= _SAME_WORDS
    same_accused = parties.overlap(one.accused, other.accused)
    if not voiced and not (
        (telling and (same_accused or one.laws & other.laws))
        or (figures and one.target & other.target)
        or len(agreeing) > 1
        or _only_by_deed(one, other)
    ):
        return None
    score = 3 * _share(one.parties, other.parties) + (1 if voiced else 0) + 2 * _share(one.accused, other.accused)
    score += 0.5 * bool(one.target & other.target) + 2 * figures + bool(one.laws & other.laws) + words / 100
    return Evidence(score + 0.5 * bool(one.types & other.types), telling, same_accused)


def _same_parties(one: Report, other: Report, parties: Parties) -> bool:
    if parties.overlap(one.parties, other.parties):
        return True
    answering = one.types | other.types <= {"denial", "statement"}
    return answering and parties.one_government(one.parties, other.parties)


def _only_by_deed(one: Report, other: Report) -> bool:
    """A charge without a speaker against exactly the same accused about the same model."""
    return bool(one.accused) and one.accused == other.accused and bool(one.target & other.target)


def same_happening(new: Report, seed: Report, member: Report, parties: Parties) -> Evidence | None:
    """What joins a report to a cluster through one of its members; None if nothing does.

    Days are compared with those of the cluster's `seed`, so that a chain of neighbouring days cannot drift.
    """
    evidence = weigh(new, member, parties)
    if evidence is None:
        return None
    if new.dates and member.dates:
        near = seed.dates and new.dates[0].gap(seed.dates[0]) <= 1
        if near or (_one_wave(new, member) and evidence.telling and _sure(new, member, evidence)):
            return evidence
        return None
    if new.dates or member.dates:
        dated, undated = (new, member) if new.dates else (member, new)
        return evidence if _reported_after(undated, dated) else None
    return evidence if _days_apart(new, seed) <= _PRESS_WAVE_DAYS else None


def _sure(new: Report, member: Report, evidence: Evidence) -> bool:
    return evidence.same_accused and new.dates[0].gap(member.dates[0]) <= _LETTER_DAYS


def _days_apart(one: Report, other: Report) -> float:
    if one.published is None or other.published is None:
        return float("inf")
    return abs((one.published - other.published).days)


def _one_wave(one: Report, other: Report) -> bool:
    return _days_apart(one, other) <= _PRESS_WAVE_DAYS


def _reported_after(undated: Report, dated: Report) -> bool:
    if undated.published is None:
        return False
    lag = (undated.published - dated.dates[0].from_on).days
    window = _LEAD_WINDOW_DAYS if undated.lead else _SOFT_WINDOW_DAYS
    return lag >= -1 and (lag <= window or _one_wave(undated, dated))


def recollection(report: Report, member: Report, days: Sequence[Interval], parties: Parties) -> Evidence | None:
    """What makes a report a recollection of an event, through one of its member reports and the event's days."""
    own = [date for m in report.members for date in m.dates]
    dated = bool(own) and report.standing == "background"
    if dated and not any(a.gap(b) <= _RECALL_SLACK_DAYS for a in own for b in days):
        return None
    if not dated and (report.published is None or min(day.from_on for day in days) > report.published):
        return None
    evidence = weigh(report, member, parties)
    if evidence is None or dated:
        return evidence
    return evidence if evidence.telling or _surely_recalls(report, member, evidence) else None


def _surely_recalls(report: Report, member: Report, evidence: Evidence) -> bool:
    """Without a day and without a telling detail, only more than the same speaker and accused makes a recollection:
    whoever accused once may do so again."""
    if report.standing == "loose" and report.parties:
        same = report.parties == member.parties and report.accused == member.accused
        return same and bool(report.types & member.types - {"allegation", "statement"})
    return evidence.same_accused or bool(report.types & member.types)
