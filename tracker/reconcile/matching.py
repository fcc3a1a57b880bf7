"""Whether two reports of different documents tell of one happening, and how much speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import are_near, count_otherwise, may_agree
from tracker.reconcile.gists import Gist
from tracker.reconcile.tellings import likeness
from tracker.types import ClaimType, QuantityKind

_LEAD_WINDOW_DAYS = 14
"""A document that leads with a happening without dating it means one of these days before."""
_SOFT_WINDOW_DAYS = 7
_PRESS_WAVE_DAYS = 7
"""Two documents that come out so close together may be of one wave, whatever days they give."""
_LETTER_DAYS = 31
"""How far apart two documents may date one act (the day of a letter, the day that it came to light)."""
_RECALL_SLACK_DAYS = 3
_OWN_ACTS: frozenset[ClaimType] = frozenset({"company_action", "legal_action", "government_action"})
_SAME_WORDS = 75.0
ONE_STORY = 0.9
"""From this likeness on two documents lead with one story, whomever they seem to quote for it: in cross-validation
two of a thousand such pairs are of different events."""
LIKELY_ONE_STORY = 0.5
_STORY_SCORE = 4.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for it. `telling` means more than the same parties: a figure, a law or the words agree."""

    score: float
    telling: bool
    same_accused: bool
    one_story: bool
    """Whether the two documents as a whole are as alike as two accounts of one story are."""
    claims_fit: bool
    """Whether the claims alone would do; else the likeness of the documents has to."""
    is_misread: bool
    """Whether they accuse different parties, so that in one of the two documents the accused must be misread."""


def _share(ones: frozenset[str], others: frozenset[str]) -> float:
    return len(ones & others) / len(ones | others) if ones and others else 0.0


def weigh(one: Gist, other: Gist, parties: Parties) -> Evidence | None:
    """What speaks for one happening, leaving the days aside; None where something speaks against it."""
    other_kinds = bool(one.families and other.families) and not one.families & other.families
    other_accused = parties.contradict(one.accused, other.accused)
    if (other_kinds and not _is_one_act(one, other, parties)) or (
        other_accused and not _is_misread(one, other, parties)
    ):
        return None
    if _against(one, other, parties):
        return None
    alike = likeness(one.telling, other.telling) if one.main and other.main else 0.0
    one_story = alike >= ONE_STORY
    if (other_kinds or other_accused) and not one_story:
        return None
    agreeing = {a.kind for a in one.quantities for b in other.quantities if may_agree(a, b)}
    words = fuzz.token_set_ratio(one.text, other.text)
    claims_fit = _claims_fit(one, other, agreeing, words, parties)
    if not claims_fit and not one_story:
        return None
    score = 3 * _share(one.parties, other.parties) + (1 if one.parties and other.parties else 0)
    score += 2 * _share(one.accused, other.accused) + 0.5 * bool(one.target & other.target)
    score += 2 * bool(agreeing) + bool(one.laws & other.laws) + words / 100 + 0.5 * bool(one.types & other.types)
    return Evidence(
        score + _STORY_SCORE * alike,
        telling=one_story or _is_telling(one, other, agreeing, words),
        same_accused=parties.overlap(one.accused, other.accused),
        one_story=one_story,
        claims_fit=claims_fit,
        is_misread=other_accused,
    )


def _is_one_act(one: Gist, other: Gist, parties: Parties) -> bool:
    """Whether what two documents of one story lead with is of one kind (bill, denial or deed), though one of them
    has misread which: the same parties on the same day, or of one day's press.

    A charge of one party and the denial of another are two, however close together.
    """
    days = one.dates[0].gap(other.dates[0]) if one.dates and other.dates else None
    if one.parties & other.parties and days == 0:
        return True
    if days or not _of_one_day(one, other):
        return False
    return "denial" not in one.families | other.families or parties.overlap(one.parties, other.parties)


def _is_misread(one: Gist, other: Gist, parties: Parties) -> bool:
    """Whether two documents of one story accuse different parties as one does that mistakes who accuses whom: each
    names the accused of the other in what it tells as news, or they are of one day's press and give the same figure,
    or there one voice accuses in one of them who speaks or was copied in the other.

    Where each accuses whom the other alone lets speak, it is a counter-charge, unless they give the same figure.
    """
    same_voice = parties.overlap(one.parties, other.parties)
    if same_voice and _of_one_day(one, other) and not count_otherwise(one.quantities, other.quantities):
        mistaken = parties.overlap(one.accused, other.parties | other.target)
        if mistaken or parties.overlap(other.accused, one.parties | one.target):
            return True
    if not one.types & other.types:
        return False
    turned = parties.overlap(one.accused, other.parties) and parties.overlap(other.accused, one.parties)
    apart = turned and not same_voice
    if apart or _of_one_day(one, other):
        same_figure = any(are_near(a, b) for a in one.quantities for b in other.quantities)
        if apart or same_figure:
            return same_figure
    return _names_all(one, other.accused, parties) and _names_all(other, one.accused, parties)


def _names_all(one: Gist, accused: frozenset[str], parties: Parties) -> bool:
    """Whether a document names all of these, in a longer or shorter form, in what it tells as news."""
    names = one.telling.names.keys()
    return accused <= names or all(parties.overlap((party,), names) for party in accused)


def _against(one: Gist, other: Gist, parties: Parties) -> bool:
    """What nothing outweighs: what the accused did of its own, or another bill."""
    if _is_act_of_accused(one, other, parties) or _is_act_of_accused(other, one, parties):
        return True
    return bool("legislation" in one.types and one.laws and other.laws and not one.laws & other.laws)


def _is_act_of_accused(act: Gist, charge: Gist, parties: Parties) -> bool:
    """Whether one tells what the accused of the other does of its own: that is not the charge, however alike the
    stories are that tell both. Who is accused does not bring the charge as well, though it may be read so."""
    own = bool(act.types) and act.types <= _OWN_ACTS and "allegation" in charge.types
    accusers = (party for party in charge.parties if not parties.overlap((party,), charge.accused))
    return own and parties.overlap(act.parties, charge.accused) and not parties.overlap(act.parties, accusers)


def _is_telling(one: Gist, other: Gist, agreeing: set[QuantityKind], words: float) -> bool:
    return bool(agreeing) or bool(one.laws & other.laws) or words >= _SAME_WORDS


def _claims_fit(one: Gist, other: Gist, agreeing: set[QuantityKind], words: float, parties: Parties) -> bool:
    """Whether the claims by themselves may be of one happening: by their parties, or without those by details."""
    if parties.contradict(one.target, other.target) and not (
        _is_own_model(one, other, parties) or _is_own_model(other, one, parties)
    ):
        return False
    same_accused = parties.overlap(one.accused, other.accused)
    if one.parties and other.parties:
        # where whom it is said of and how many agree, the speaker alone is misread
        by_figure = bool(agreeing) and (same_accused or bool(one.target & other.target))
        return by_figure or _same_parties(one, other, parties)
    return bool(
        (_is_telling(one, other, agreeing, words) and (same_accused or one.laws & other.laws))
        or (agreeing and one.target & other.target)
        or len(agreeing) > 1
        or _only_by_deed(one, other)
    )


def _is_own_model(victim: Gist, model: Gist, parties: Parties) -> bool:
    """Whether one says that who accuses was copied, and the other, of the same accuser, which model: unless that is
    known to be somebody else's, it is the accuser's own."""
    if not parties.overlap(victim.parties, model.parties) or not victim.target <= victim.parties:
        return False
    return all(parties.type(one) == "model" and parties.parent(one) is None for one in model.target)


def _same_parties(one: Gist, other: Gist, parties: Parties) -> bool:
    if parties.overlap(one.parties, other.parties):
        return True
    answering = one.types | other.types <= {"denial", "statement"}
    return answering and parties.one_government(one.parties, other.parties)


def _only_by_deed(one: Gist, other: Gist) -> bool:
    """A charge without a speaker against exactly the same accused about the same model."""
    return bool(one.accused) and one.accused == other.accused and bool(one.target & other.target)


def same_happening(new: Gist, seed: Gist, member: Gist, parties: Parties) -> Evidence | None:
    """What joins a report to a cluster through one of its members; None if nothing does.

    Days are compared with those of the cluster's `seed`, so that a chain of neighbouring days cannot drift.
    """
    evidence = weigh(new, member, parties)
    if evidence is None or not (evidence.claims_fit or _one_wave(new, member)):
        return None
    if new.dates and member.dates:
        near = seed.dates and new.dates[0].gap(seed.dates[0]) <= 1
        if near or (_one_wave(new, member) and evidence.telling and _sure(new, member, evidence)):
            return evidence
        return None
    if new.standing == "soft" and not (evidence.telling or evidence.same_accused or _of_one_wave(new, member)):
        return None
    if new.dates or member.dates:
        dated, undated = (new, member) if new.dates else (member, new)
        return evidence if _reported_after(undated, dated) else None
    return evidence if _days_apart(new, seed) <= _PRESS_WAVE_DAYS else None


def _sure(new: Gist, member: Gist, evidence: Evidence) -> bool:
    if new.families & member.families == {"bill"}:
        return False  # one bill, another stage: introduced one week, approved the next
    if evidence.one_story and _of_one_day(new, member):
        return True  # what two accounts of one story lead with on one day is one, whatever day was read for it
    return (evidence.same_accused or evidence.one_story) and new.dates[0].gap(member.dates[0]) <= _LETTER_DAYS


def _of_one_wave(new: Gist, member: Gist) -> bool:
    """Whether what is told in passing stands in a document that is likely about the same story."""
    return likeness(new.telling, member.telling) >= LIKELY_ONE_STORY


def _days_apart(one: Gist, other: Gist) -> float:
    if one.published is None or other.published is None:
        return float("inf")
    return abs((one.published - other.published).days)


def _of_one_day(one: Gist, other: Gist) -> bool:
    """Whether they came out so close together that what one story leads with in both is the same."""
    return _days_apart(one, other) <= 1


def _one_wave(one: Gist, other: Gist) -> bool:
    return _days_apart(one, other) <= _PRESS_WAVE_DAYS


def _reported_after(undated: Gist, dated: Gist) -> bool:
    if undated.published is None:
        return False
    lag = (undated.published - dated.dates[0].from_on).days
    window = _LEAD_WINDOW_DAYS if undated.lead else _SOFT_WINDOW_DAYS
    return lag >= -1 and (lag <= window or _one_wave(undated, dated))


def recollection(report: Gist, member: Gist, days: Sequence[Interval], parties: Parties) -> Evidence | None:
    """What makes a report a recollection of an event, through one of its member reports and the event's days."""
    own = report.every_date
    dated = bool(own) and report.standing == "background"
    if dated and not any(a.gap(b) <= _RECALL_SLACK_DAYS for a in own for b in days):
        return None
    if not dated and (report.published is None or min(day.from_on for day in days) > report.published):
        return None
    evidence = weigh(report, member, parties)
    if evidence is None or dated:
        return evidence
    return evidence if evidence.telling or _surely_recalls(report, member, evidence) else None


def _surely_recalls(report: Gist, member: Gist, evidence: Evidence) -> bool:
    """Without a day and without a telling detail, only more than the same speaker and accused makes a recollection:
    whoever accused once may do so again."""
    if report.standing == "loose" and report.parties:
        same = report.parties == member.parties and report.accused == member.accused
        return same and bool(report.types & member.types - {"allegation", "statement"})
    return evidence.same_accused or bool(report.types & member.types)
