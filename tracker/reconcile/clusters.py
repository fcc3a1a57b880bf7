"""Clusters: the reports of one happening, and what a report is to those clusters that were there before it.

All reports stand in one order, the most precisely dated first (`blocks.rank_of`). What becomes of a report is a
function of the report and of the clusters as the reports before it have left them, and of nothing else: so the
order in which documents arrive does not matter, and a decision can be taken again when one of them changes
(`tracker.reconcile.replay`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.reconcile.dates import Interval, choose_date, day
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import may_agree
from tracker.reconcile.gists import Brief, Gist
from tracker.reconcile.matching import Evidence, recollection, same_happening
from tracker.reconcile.reports import Report

_LONG_PAST_DAYS = 180
"""A document that leads, without a day, with what is known from within these days reports nothing new."""
MOST_ANCHORS = 12
"""Enough reports to know a happening by, few enough to compare with."""

Role = Literal["report", "recalled", "remark", "none"]
"""What a report is to its cluster: it reports the happening, only recalls it, or remarks on it in a document that
reports it; `none` is in no cluster."""

Cut = tuple[int, int, str]
"""How near the farthest cluster is with which a report was compared, where more came into question: (minus the names
shared, days between, cluster). What is nearer is compared, what is farther is not."""
Cuts = tuple[Cut | None, Cut | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a report."""

    role: Role
    cluster: str | None = None
    """The rank of the report that began the cluster: its own where it begins one."""
    score: float = 0.0
    cuts: Cuts = (None, None)
    """Of those that it might report, and of those that it might recall: None where it was compared with all."""


class Cluster:
    """One happening, as the reports up to some place in their order have left it."""

    def __init__(self, name: str) -> None:
        self.name = name
        """The rank of its first report."""
        self.reports: list[Brief] = []
        self.document_ids: set[str] = set()
        self.anchors: list[Gist] = []
        """The first of its reports, with which others are compared: enough of them to know it by."""
        self.days: list[Interval] = []
        """The days by which it may be recalled: its own, and that on which it came to light."""
        self._came_to_light: date | None = None
        self.accused: set[str] = set()

    @classmethod
    def of(cls, name: str, reports: Iterable[Brief]) -> Cluster:
        """The cluster of these reports, which come in their order; the first `MOST_ANCHORS` as gists."""
        made = cls(name)
        for report in reports:
            made.add(report)
        return made

    @property
    def seed(self) -> Gist:
        return self.anchors[0]

    def add(self, report: Brief) -> None:
        """Take in the next report of this happening."""
        self.reports.append(report)
        self.document_ids.add(report.document_id)
        self.accused |= report.accused
        if len(self.anchors) < MOST_ANCHORS:
            assert isinstance(report, Gist), "others are compared with it"
            self.anchors.append(report)
        self.days.extend(own for own in report.dates if own not in self.days)
        if report.published and (self._came_to_light is None or report.published < self._came_to_light):
            self._came_to_light = report.published
            self.days.append(day(report.published))

    def is_told_by(self, report: Gist) -> bool:
        """Whether a further report shows others nothing of the happening that they did not see without it."""
        early = report.published is None or (
            self._came_to_light is not None and report.published >= self._came_to_light
        )
        known = report.accused <= self.accused and all(own in self.days for own in report.dates)
        return early and known and len(self.anchors) >= MOST_ANCHORS

    @property
    def when(self) -> Interval | None:
        """`when_of` its reports."""
        return when_of(self.reports)

    @property
    def stands_alone(self) -> bool:
        """Whether its reports make a happening: one document tells it as its news, or two mention it.

        What a single document mentions in passing and without a day has no day to stand under.
        """
        return any(r.standing == "firm" for r in self.reports) or len(self.document_ids) > 1

    @property
    def is_answer(self) -> bool:
        """Whether it is only somebody's denial, without a day."""
        return all(r.families == {"denial"} and not r.dates and r.parties for r in self.reports)

    def is_answer_in(self, other: Cluster) -> bool:
        """Whether it is only the accused's denial of a charge that the same documents report, without a day.

        It stands among the answers to that charge. A denial by others (an embassy) is a happening of its own.
        """
        voices = {party for report in self.reports for party in report.parties}
        charged = any("allegation" in report.types for report in other.reports)
        return self.is_answer and self.document_ids <= other.document_ids and charged and voices <= other.accused


def when_of(reports: Iterable[Brief | Report]) -> Interval | None:
    """The day that most documents support, else the first publication; None where no document has a day."""
    reports = list(reports)
    chosen = choose_date((report.document_id, own) for report in reports for own in report.dates)
    published = min((report.published for report in reports if report.published), default=None)
    return chosen or (day(published) if published else None)


def best_of(scored: Iterable[tuple[Evidence, Cluster]]) -> tuple[float, Cluster] | None:
    """The cluster with the best evidence, with its score; of equal ones that which stands first."""
    pairs = ((round(evidence.score, 6), cluster) for evidence, cluster in scored)
    return min(pairs, key=lambda pair: (-pair[0], pair[1].name), default=None)


def weigh_same(report: Gist, clusters: Iterable[Cluster], parties: Parties) -> tuple[float, Cluster] | None:
    """The cluster that a report reports, with its score."""
    scored = []
    for cluster in clusters:
        if report.document_id in cluster.document_ids and not report.parties:
            continue
        about_others = _is_about_others(report, cluster, parties)
        for member in cluster.anchors:
            evidence = same_happening(report, cluster.seed, member, parties)
            if about_others and not (evidence and evidence.is_misread):
                continue
            # a document tells one story as a whole: further reports of it come by their claims
            if evidence and (evidence.claims_fit or report.document_id not in cluster.document_ids):
                scored.append((evidence, cluster))
    return best_of(scored)


def weigh_recalled(report: Gist, clusters: Iterable[Cluster], parties: Parties) -> tuple[float, Cluster] | None:
    """The cluster that a report recalls, with its score."""
    scored = []
    for cluster in clusters:
        if _is_about_others(report, cluster, parties):
            continue
        for member in cluster.anchors:
            evidence = recollection(report, member, cluster.days, parties)
            if evidence:
                scored.append((evidence, cluster))
    return best_of(scored)


def _is_about_others(report: Gist, cluster: Cluster, parties: Parties) -> bool:
    """Whether a report accuses only such as nobody accuses in the happening.

    One of its members may name no accused, so that nothing in it alone speaks against the report; a charge against
    one party must all the same never stand in the event of a charge against another, but where one of the two is
    misread (`Evidence.is_misread`).
    """
    return parties.contradict(report.accused, cluster.accused)


def is_old_news(report: Gist, cluster: Cluster) -> bool:
    """Whether an undated report says over what happened some time before, with no figure of its own to the contrary."""
    known_since = cluster.days[0].to_on  # the day of its most precisely dated report
    if report.published is None or not 0 < (report.published - known_since).days <= _LONG_PAST_DAYS:
        return False
    if not report.accused and report.standing != "soft":
        return False
    own = [q for q in report.quantities if q.kind in ("accounts", "exchanges") and q.qualifier != "vague"]
    known = [q for r in cluster.anchors for q in r.quantities]
    return not own or any(may_agree(a, b) for a in own for b in known)


def attached_as(report: Gist, cluster: Cluster) -> Role:
    """A document that reports a happening does not also recall it."""
    return "remark" if report.document_id in cluster.document_ids else "recalled"


def find_home(report: Gist, clusters: Sequence[Cluster], parties: Parties) -> Cluster | None:
    """Of the clusters that a document reports, that to which its remark belongs: another's charge, told in passing,
    against whom the document accuses there."""
    homes = [
        cluster
        for cluster in clusters
        if any(
            member.document_id == report.document_id and parties.overlap(report.accused, member.accused)
            for member in cluster.reports
        )
    ]
    return min(homes, key=lambda cluster: cluster.name, default=None)
