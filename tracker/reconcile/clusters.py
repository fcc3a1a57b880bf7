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
from typing import Generic, Literal, Protocol, TypeVar

from tracker.reconcile.dates import Interval, choose_date, day
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import may_agree
from tracker.reconcile.gists import Gist
from tracker.reconcile.matching import Evidence, recollection, same_happening
from tracker.reconcile.reports import Standing
from tracker.types import ClaimRecord, ClaimType

_LONG_PAST_DAYS = 180
"""A document that leads, without a day, with what is known from within these days reports nothing new."""
_MOST_ANCHORS = 12

Role = Literal["report", "recalled", "remark", "none"]
"""What a report is to its cluster: it reports the happening, only recalls it, or remarks on it in a document that
reports it; `none` is in no cluster."""


_OWN_ACTS = frozenset({"allegation", "company_action", "government_action", "legal_action", "legislation"})
"""Types of claim that are somebody's own charge or act."""


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


class Told(Protocol):
    """What a cluster asks of its reports, whether it holds them whole or as gists."""

    @property
    def document_id(self) -> str: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def published(self) -> date | None: ...
    @property
    def types(self) -> frozenset[ClaimType]: ...
    @property
    def families(self) -> frozenset[str]: ...
    @property
    def parties(self) -> frozenset[str]: ...
    @property
    def accused(self) -> frozenset[str]: ...
    @property
    def dates(self) -> tuple[Interval, ...]: ...


R = TypeVar("R", bound=Told)


class Cluster(Generic[R]):
    """One happening, as the reports up to some place in their order have left it."""

    def __init__(self, name: str) -> None:
        self.name = name
        """The rank of its first report."""
        self.reports: list[R] = []
        self.document_ids: set[str] = set()
        self.anchors: list[R] = []
        """The reports that others are compared with: enough of them to know it by, few enough to grow with."""
        self.days: list[Interval] = []
        """The days by which it may be recalled: its own, and that on which it came to light."""
        self._came_to_light: date | None = None
        self.accused: set[str] = set()
        self.recalled: list[R] = []
        """Those that only recall it, and beside them remarks: charges by others against the same accused, told in
        passing by a document that reports the happening. Both are filled where an event is drafted."""
        self.remarks: list[R] = []

    @classmethod
    def of(cls, name: str, reports: Iterable[R]) -> Cluster[R]:
        """The cluster of these reports, which come in their order."""
        made = cls(name)
        for report in reports:
            made.add(report)
        return made

    @property
    def seed(self) -> R:
        return self.reports[0]

    def add(self, report: R) -> None:
        """Take in the next report of this happening."""
        self.reports.append(report)
        self.document_ids.add(report.document_id)
        self.accused |= report.accused
        if len(self.anchors) < _MOST_ANCHORS:
            self.anchors.append(report)
        self.days.extend(own for own in report.dates if own not in self.days)
        if report.published and (self._came_to_light is None or report.published < self._came_to_light):
            self._came_to_light = report.published
            self.days.append(day(report.published))

    def is_told_by(self, report: Told) -> bool:
        """Whether a further report shows others nothing of the happening that they did not see without it."""
        early = report.published is None or (
            self._came_to_light is not None and report.published >= self._came_to_light
        )
        known = report.accused <= self.accused and all(own in self.days for own in report.dates)
        return early and known and len(self.anchors) >= _MOST_ANCHORS

    @property
    def when(self) -> Interval | None:
        """The day that most documents support, else the first publication; None where no document has a day."""
        chosen = choose_date((report.document_id, own) for report in self.reports for own in report.dates)
        return chosen or (day(self._came_to_light) if self._came_to_light else None)

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

    def is_answer_in(self, other: Cluster[R]) -> bool:
        """Whether it is only the accused's denial of a charge that the same documents report, without a day.

        It stands among the answers to that charge. A denial by others (an embassy) is a happening of its own.
        """
        voices = {party for report in self.reports for party in report.parties}
        charged = any("allegation" in report.types for report in other.reports)
        return self.is_answer and self.document_ids <= other.document_ids and charged and voices <= other.accused


def best_of(scored: Iterable[tuple[Evidence, Cluster[Gist]]]) -> tuple[float, Cluster[Gist]] | None:
    """The cluster with the best evidence, with its score; of equal ones that which stands first."""
    pairs = ((round(evidence.score, 6), cluster) for evidence, cluster in scored)
    return min(pairs, key=lambda pair: (-pair[0], pair[1].name), default=None)


def weigh_same(report: Gist, clusters: Iterable[Cluster[Gist]], parties: Parties) -> tuple[float, Cluster[Gist]] | None:
    """The cluster that a report reports, with its score."""
    scored = []
    for cluster in clusters:
        again = report.document_id in cluster.document_ids and not report.parties
        if again or _is_about_others(report, cluster, parties):
            continue
        for member in cluster.anchors:
            evidence = same_happening(report, cluster.seed, member, parties)
            # a document tells one story as a whole: further reports of it come by their claims
            if evidence and (evidence.claims_fit or report.document_id not in cluster.document_ids):
                scored.append((evidence, cluster))
    return best_of(scored)


def weigh_recalled(
    report: Gist, clusters: Iterable[Cluster[Gist]], parties: Parties
) -> tuple[float, Cluster[Gist]] | None:
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


def _is_about_others(report: Gist, cluster: Cluster[Gist], parties: Parties) -> bool:
    """Whether a report accuses only such as nobody accuses in the happening.

    One of its members may name no accused, so that nothing in it alone speaks against the report; a charge against
    one party must all the same never stand in the event of a charge against another.
    """
    return bool(report.accused and cluster.accused) and not parties.overlap(report.accused, cluster.accused)


def is_theirs(record: ClaimRecord, cluster: Cluster[R], parties: Parties) -> bool:
    """Whether what is recalled is a charge or an act of those who speak or act in the event, or of nobody by name.

    "In February X accused A, and Y reported attempts against its own systems": what Y reported is not X's charge. Nor
    is another kind of deed by X ("a forum that X set up in 2023").
    """
    claim = record.claim
    voices = {who for who in (claim.speaker, claim.on_behalf_of) if who}
    theirs = {party for report in cluster.reports for party in report.parties}
    if not voices or not theirs or claim.type not in _OWN_ACTS:
        return True
    if claim.type != "allegation" and not any(claim.type in report.types for report in cluster.reports):
        return False
    return parties.overlap(voices, theirs, depth=4) or parties.one_government(voices, theirs)


def is_old_news(report: Gist, cluster: Cluster[Gist]) -> bool:
    """Whether an undated report says over what happened some time before, with no figure of its own to the contrary."""
    known_since = cluster.days[0].to_on  # the day of its most precisely dated report
    if report.published is None or not 0 < (report.published - known_since).days <= _LONG_PAST_DAYS:
        return False
    if not report.accused and report.standing != "soft":
        return False
    own = [q for q in report.quantities if q.kind in ("accounts", "exchanges") and q.qualifier != "vague"]
    known = [q for r in cluster.anchors for q in r.quantities]
    return not own or any(may_agree(a, b) for a in own for b in known)


def attached_as(report: Gist, cluster: Cluster[Gist]) -> Role:
    """A document that reports a happening does not also recall it."""
    return "remark" if report.document_id in cluster.document_ids else "recalled"


def find_home(report: Gist, clusters: Sequence[Cluster[Gist]], parties: Parties) -> Cluster[Gist] | None:
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
