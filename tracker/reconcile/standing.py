"""How a document treats each happening that it tells of: as its news, in passing, as an answer, or as background."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.reconcile.dates import day
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import count_otherwise
from tracker.reconcile.reports import OTHER_BILL, Report, Sourced, Standing
from tracker.reconcile.tellings import Telling, telling_of
from tracker.types import ClaimType, StoredDocument

_ACTS: frozenset[ClaimType] = frozenset({"legislation", "government_action", "legal_action", "denial", "admission"})
_ANSWERS: frozenset[ClaimType] = frozenset({"denial", "admission", "statement"})
_CHARGES: frozenset[ClaimType] = frozenset({"allegation", "statement"})
_STEPS: frozenset[ClaimType] = frozenset(
    {"company_action", "government_action", "legal_action", "legislation", "statement"}
)
_PAST = re.compile(
    r"\b(in the past|previous(ly)?|earlier|similar warning|years? ago|at the time)\b"
    r"|\b(plus tôt|auparavant|par le passé|früher)\b|曾|此前",
    re.IGNORECASE,
)
"""Words that send a sentence back to an earlier time without giving a day."""
_NARROW_DAYS = 3
"""A longer interval is how one dates what one only recalls ("last week"), and not one's news."""


def judge_reports(
    groups: Sequence[tuple[Sourced, ...]], document: StoredDocument, parties: Parties
) -> tuple[Report, ...]:
    """A report for each group of a document's claims, with the standing that the document gives it.

    `groups` are in the order of the text. A document that is not itself on the matter only recalls.
    """
    on_matter = {e.document_id for e in document.extractions if e.relevance == "relevant"}
    reports = [_judge(group, document, on_matter, parties) for group in groups]
    lead = next((r for r in reports if r.lead and r.standing == "firm"), None)
    if lead is not None:
        reports = [r if r is lead else _beside(r, lead, reports, parties) for r in reports]
    told = _tellings(reports, document, parties)
    settled = (replace(r, telling=told[r.members[0].record.version_id]) for r in _settle(reports))
    return tuple(_choose_main(list(settled)))


def _tellings(reports: Sequence[Report], document: StoredDocument, parties: Parties) -> dict[str, Telling]:
    """Each version as a whole, but for what it only recalls."""
    recalled = [m.record for r in reports if r.standing == "background" for m in r.members]
    found = {}
    for version, extraction in zip(document.versions, document.extractions, strict=True):
        spans = [(one.claim.start, one.claim.end) for one in recalled if one.version_id == version.id]
        found[version.id] = telling_of(version, extraction, _joined(spans), parties.bare)
    return found


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap as one."""
    joined: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def _choose_main(reports: Sequence[Report]) -> list[Report]:
    """Mark what the document leads with: where that is no news, what it has for news instead."""
    seen: set[str] = set()
    chosen = []
    leads = any(r.lead and r.standing == "firm" for r in reports)
    for report in reports:
        foremost = report.lead if leads else report.standing == "firm"
        chosen.append(replace(report, main=foremost and not report.families & seen))
        seen |= report.families if foremost else set()
    return chosen


def _judge(members: tuple[Sourced, ...], document: StoredDocument, on_matter: set[str], parties: Parties) -> Report:
    named = {p for m in members for p in m.parties}
    voices = frozenset(p for p in named if not any(p in parties.ancestors(q) for q in named))
    report = Report(members, "loose", any(m.lead for m in members), voices)
    return replace(report, standing=_standing(report, document, on_matter, parties))


def _standing(report: Report, document: StoredDocument, on_matter: set[str], parties: Parties) -> Standing:
    members = report.members
    old = all(m.timing == "old" for m in members)
    if old or not any(m.record.version_id in on_matter for m in members):
        return "background"
    if report.types == {"statement"}:
        return "loose"
    if report.lead or any(m.timing == "recent" for m in members):
        return "firm"
    if _PAST.search(members[0].record.claim.text):
        return "background"
    if _in_headline(report, document, parties):
        return "firm"
    return "soft" if report.types & _ACTS else "loose"


def _in_headline(report: Report, document: StoredDocument, parties: Parties) -> bool:
    """Whether a title of the document names everyone who speaks or acts here."""
    titles = [version.title for version in document.versions]
    voices = [m.parties for m in report.members if m.parties]
    named = (any(parties.named_in(entity_id, title) for entity_id in voice for title in titles) for voice in voices)
    return bool(voices) and all(named)


# --- beside the lead ---------------------------------------------------------------------------------------------


def _beside(report: Report, lead: Report, reports: Sequence[Report], parties: Parties) -> Report:
    """A report beside or behind the lead, judged again by what its document leads with."""
    if report.standing not in ("firm", "soft"):
        return report
    if report.lead:
        return replace(report, standing="soft") if _is_lead_again(report, lead, parties) else report
    others = [r for r in reports if r is not report]
    if not any(m.timing == "recent" for m in report.members):
        if report.families == {"denial"} and _is_official(report, parties):
            return replace(report, standing="firm")  # given when it was asked, at the time of the story
        if _is_answer(report, others, parties) or _is_behind(report, lead, parties):
            return replace(report, standing="loose")
        return replace(report, standing="soft")  # also where the headline names who acts: it has no day of its own
    if _is_looked_back_on(report) and not _is_looked_back_on(lead):
        return replace(report, standing="background")
    if _is_answer(report, others, parties) or _is_context(report, lead, parties):
        return replace(report, standing="soft")  # news of its own where another document tells it too
    return replace(report, standing="soft") if _is_lead_again(report, lead, parties) else report


def _is_lead_again(report: Report, lead: Report, parties: Parties) -> bool:
    """Whether it may be what the document leads with, said over in words that were read as another's: a deed of the
    same kind on the same day (of a lead without one: the day of publication or the one before), or a charge against
    the same accused. With other counts it is one of its own."""
    if not report.families & lead.families:
        return False
    if count_otherwise(report.quantities, lead.quantities):
        return False
    if (
        "allegation" in report.types
        and "admission" not in report.types
        and parties.overlap(report.accused, lead.accused)
    ):
        return True
    if not report.dates or lead.dates:
        return bool(report.dates) and report.dates[0].gap(lead.dates[0]) == 0
    return report.published is not None and report.dates[0].gap(day(report.published)) <= 1


def _is_answer(report: Report, others: Sequence[Report], parties: Parties) -> bool:
    """Whether it is only what the accused say to a charge that the same document tells.

    What a government says on a charge against its firms is an act of its own, and not their answer.
    """
    if not report.types <= _ANSWERS or _is_official(report, parties):
        return False
    about = report.accused | report.parties
    return any(parties.overlap(about, other.accused) for other in others)


def _is_context(report: Report, lead: Report, parties: Parties) -> bool:
    """Whether it is what else somebody in the lead did, and no charge: another step in a quarrel, another affair."""
    if report.accused or not report.types <= _STEPS or "legislation" in report.types & lead.types:
        return False
    return parties.overlap(report.parties, lead.parties | lead.accused | lead.target)


def _is_official(report: Report, parties: Parties) -> bool:
    return any(parties.type(party) == "government" for party in report.parties)


def _is_behind(report: Report, lead: Report, parties: Parties) -> bool:
    """Whether it is the charge that the lead goes back to: a ruling, an inquiry or a denial has one behind it."""
    if not report.types <= _CHARGES or lead.types <= _CHARGES:
        return False
    return parties.overlap(report.accused, lead.accused | lead.parties)


def _is_looked_back_on(report: Report) -> bool:
    """Whether all its days are wide and over: "last week" beside other news."""
    dates = [d for m in report.members for d in m.dates]
    return bool(dates) and all(
        d.days > _NARROW_DAYS and report.published is not None and d.to_on < report.published for d in dates
    )


# --- together ----------------------------------------------------------------------------------------------------


def _settle(reports: list[Report]) -> list[Report]:
    """Fold a bill's further stages into the bill; let something stand where there is nothing else."""
    lead = next((i for i, r in enumerate(reports) if r.lead and r.standing == "firm"), None)
    if lead is not None and "legislation" in reports[lead].types:
        stages = [r for i, r in enumerate(reports) if i != lead and _is_stage(r, reports[lead])]
        members = tuple(m for r in (reports[lead], *stages) for m in r.members)
        reports[lead] = replace(reports[lead], members=members)
        reports = [r for r in reports if r not in stages]
    if not any(r.standing == "firm" for r in reports):
        first = next((i for i, r in enumerate(reports) if r.standing == "soft"), None)
        if first is None:
            loose = [i for i, r in enumerate(reports) if r.standing == "loose"]
            acts = [i for i in loose if reports[i].types != {"statement"} and reports[i].parties | reports[i].accused]
            first = next(iter([*acts, *(i for i in loose if reports[i].parties)]), None)
        if first is not None:
            reports[first] = replace(reports[first], standing="firm")
    return reports


def _is_stage(report: Report, bill: Report) -> bool:
    if report.standing != "soft" or report.types != {"legislation"}:
        return False
    apart = any(OTHER_BILL.search(m.record.claim.text) for m in (*report.members, *bill.members))
    if apart and not (report.laws & bill.laws or report.parties & bill.parties):
        return False
    return not (report.laws and bill.laws) or bool(report.laws & bill.laws)
