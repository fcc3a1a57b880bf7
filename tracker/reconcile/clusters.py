"""Clusters: reports of all documents joined into happenings, in one pass over blocks of parties and months.

The order of work is the reports' own (the most precisely dated first), so the order of the documents does not
matter; each report is compared only with clusters that share a party and lie in a month near its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tracker.reconcile.dates import Interval, choose_date, day
from tracker.reconcile.entities import Parties
from tracker.reconcile.figures import may_agree, value_of
from tracker.reconcile.matching import Evidence, recollection, same_happening
from tracker.reconcile.reports import Report, stands_alone

_MEMORY_MONTHS = 18
"""How far back an undated recollection is looked up."""
_LONG_PAST_DAYS = 180
"""A document that leads, without a day, with what is known from within these days reports nothing new."""
_NARROW_DAYS = 3
_MOST_ANCHORS = 12


class Cluster:
    """One happening: the reports of it, and those that only recall it."""

    def __init__(self, seed: Report) -> None:
        self.seed = seed
        self.reports: list[Report] = []
        self.recalled: list[Report] = []
        self.remarks: list[Report] = []
        """Charges by others against the same accused, told in passing by a document that reports the happening."""
        self.document_ids: set[str] = set()
        self.anchors: list[Report] = []
        """The reports that others are compared with: enough of them to know it by, few enough to grow with."""
        self.days: list[Interval] = []
        """The days by which it may be recalled: its own, and that on which it came to light."""
        self._came_to_light: date | None = None
        self.accused: set[str] = set()
        self.add(seed)

    def add(self, report: Report) -> None:
        """Take in a report of this happening."""
        self.reports.append(report)
        self.document_ids.add(report.document_id)
        self.accused |= report.accused
        if len(self.anchors) < _MOST_ANCHORS:
            self.anchors.append(report)
        self.days.extend(own for own in report.dates if own not in self.days)
        if report.published and (self._came_to_light is None or report.published < self._came_to_light):
            self._came_to_light = report.published
            self.days.append(day(report.published))

    @property
    def when(self) -> Interval | None:
        """The day that most documents support, else the first publication; None where no document has a day."""
        chosen = choose_date((report.document_id, own) for report in self.reports for own in report.dates)
        return chosen or (day(self._came_to_light) if self._came_to_light else None)


def _month(on: date) -> int:
    return on.year * 12 + on.month


class _Blocks:
    """Clusters by (party, month): the only ones that a report is compared with."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._blocks: dict[tuple[str, int], dict[int, Cluster]] = defaultdict(dict)

    def _names(self, report: Report, voiced: bool) -> set[str]:
        """The block names of a report: its parties, the accused and the laws, each party and accused with its owner.

        What has no speaker is found by its target and by the size of its figures as well.
        """
        names = {f"law:{law}" for law in report.laws} | (report.telling.marks if report.main else set())
        for mark, ids in (("", report.parties), ("accused:", report.accused)):
            full = {form for one in ids for form in (one, *self._parties.longer_forms(one))}
            owners = {owner for one in full if (owner := self._parties.parent(one))}
            names.update(f"{mark}{one}" for one in ids | owners)
        if not voiced:
            names.update(f"target:{target}" for target in report.target)
            names.update(f"figure:{q.kind}:{len(str(int(value_of(q) or 0)))}" for q in report.quantities)
        return names

    def add(self, report: Report, cluster: Cluster) -> None:
        days = [d.from_on for d in report.dates[:1]] + ([report.published] if report.published else [])
        for month in {_month(on) for on in days}:
            for name in self._names(report, voiced=False):
                self._blocks[name, month][id(cluster)] = cluster

    def find(self, report: Report, first: date, last: date) -> list[Cluster]:
        found: dict[int, Cluster] = {}
        for month in range(_month(first), _month(last) + 1):
            for name in sorted(self._names(report, voiced=bool(report.parties))):
                found.update(self._blocks.get((name, month), {}))
        return list(found.values())


def _precision(report: Report) -> tuple[object, ...]:
    """Precisely dated, then widely dated, then undated reports; within each by day, then by identity."""
    if report.dates:
        first = report.dates[0]
        return (0 if first.days <= _NARROW_DAYS else 1, first.from_on, first.to_on, report.key)
    return (2, report.published or date.max, report.published or date.max, report.key)


def cluster_reports(reports: Iterable[Report], parties: Parties) -> list[Cluster]:
    """All happenings, each with its reports; background that fits none of them is in none."""
    by_standing: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=_precision):
        by_standing[report.standing].append(report)
    clusters: list[Cluster] = []
    blocks = _Blocks(parties)
    acts = [r for r in by_standing["firm"] + by_standing["soft"] if r.families]
    words = [r for r in by_standing["firm"] if not r.families]  # a mere statement joins what there is
    for report in acts + words:
        _place(report, clusters, blocks, parties)
    clusters = [c for c in clusters if stands_alone(c.reports) and not _is_mere_answer(c, clusters)]
    by_document = clusters_by_document(clusters)
    for report in by_standing["loose"] + by_standing["background"]:
        cluster = _find_recalled(report, blocks, parties)
        if cluster is not None:
            _attach_recollection(report, cluster)
        elif report.standing == "loose" and "allegation" in report.types:
            _attach_remark(report, by_document, parties)
    return clusters


def _is_mere_answer(cluster: Cluster, clusters: Sequence[Cluster]) -> bool:
    """Whether a happening is only the accused's denial of a charge that the same documents report, without a day.

    It stands among the answers to that charge. A denial by others (an embassy) is a happening of its own.
    """
    if cluster.recalled or any(r.families != {"denial"} or r.dates or not r.parties for r in cluster.reports):
        return False
    voices = {party for report in cluster.reports for party in report.parties}
    return any(
        other is not cluster
        and cluster.document_ids <= other.document_ids
        and any("allegation" in report.types for report in other.reports)
        and voices <= other.accused
        for other in clusters
    )


def _place(report: Report, clusters: list[Cluster], blocks: _Blocks, parties: Parties) -> None:
    cluster = _find_same(report, blocks, parties)
    if cluster is None and not report.dates:
        old = _find_recalled(report, blocks, parties)
        if old is not None and _is_old_news(report, old):
            _attach_recollection(report, old)
            return
    if cluster is not None:
        cluster.add(report)
    elif report.dates or report.published:
        cluster = Cluster(report)
        clusters.append(cluster)
    if cluster is not None:
        blocks.add(report, cluster)


def _window(report: Report) -> tuple[date, date] | None:
    days = [d.from_on for d in report.dates[:1]] + ([report.published] if report.published else [])
    if not days:
        return None
    return min(days) - timedelta(days=31), max(days) + timedelta(days=8)


def _best(scored: Sequence[tuple[Evidence, Cluster]]) -> Cluster | None:
    if not scored:
        return None
    return min(scored, key=lambda pair: (-round(pair[0].score, 6), pair[1].seed.key))[1]


def _find_same(report: Report, blocks: _Blocks, parties: Parties) -> Cluster | None:
    window = _window(report)
    if window is None:
        return None
    scored = []
    for cluster in blocks.find(report, *window):
        if (report.document_id in cluster.document_ids and not report.parties) or _is_about_others(
            report, cluster, parties
        ):
            continue
        for member in cluster.anchors:
            evidence = same_happening(report, cluster.seed, member, parties)
            # a document tells one story as a whole: further reports of it come by their claims
            if evidence and (evidence.claims_fit or report.document_id not in cluster.document_ids):
                scored.append((evidence, cluster))
    return _best(scored)


def _find_recalled(report: Report, blocks: _Blocks, parties: Parties) -> Cluster | None:
    own = [date for m in report.members for date in m.dates]
    if own and report.standing == "background":
        window = (min(d.from_on for d in own) - timedelta(days=31), max(d.to_on for d in own) + timedelta(days=31))
    elif report.published:
        window = (report.published - timedelta(days=31 * _MEMORY_MONTHS), report.published)
    else:
        return None
    scored = []
    for cluster in blocks.find(report, *window):
        if _is_about_others(report, cluster, parties):
            continue
        for member in cluster.anchors:
            evidence = recollection(report, member, cluster.days, parties)
            if evidence:
                scored.append((evidence, cluster))
    return _best(scored)


def _is_about_others(report: Report, cluster: Cluster, parties: Parties) -> bool:
    """Whether a report accuses only such as nobody accuses in the happening.

    One of its members may name no accused, so that nothing in it alone speaks against the report; a charge against
    one party must all the same never stand in the event of a charge against another.
    """
    return bool(report.accused and cluster.accused) and not parties.overlap(report.accused, cluster.accused)


def _is_old_news(report: Report, cluster: Cluster) -> bool:
    """Whether an undated report says over what happened some time before, with no figure of its own to the contrary."""
    when = cluster.when
    if when is None or report.published is None or not 0 < (report.published - when.to_on).days <= _LONG_PAST_DAYS:
        return False
    if not report.accused and report.standing != "soft":
        return False
    own = [q for q in report.quantities if q.kind in ("accounts", "exchanges") and q.qualifier != "vague"]
    known = [q for r in cluster.anchors for q in r.quantities]
    return not own or any(may_agree(a, b) for a in own for b in known)


def _attach_recollection(report: Report, cluster: Cluster) -> None:
    """A document that reports a happening does not also recall it."""
    (cluster.remarks if report.document_id in cluster.document_ids else cluster.recalled).append(report)


def clusters_by_document(clusters: Sequence[Cluster]) -> dict[str, list[Cluster]]:
    """For each document the clusters that it reports."""
    found: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        for document_id in cluster.document_ids:
            found[document_id].append(cluster)
    return found


def _attach_remark(report: Report, by_document: dict[str, list[Cluster]], parties: Parties) -> None:
    """Join another's charge, told in passing, to what the same document reports about the same accused."""
    homes = [
        cluster
        for cluster in by_document.get(report.document_id, [])
        if any(
            member.document_id == report.document_id and parties.overlap(report.accused, member.accused)
            for member in cluster.reports
        )
    ]
    if homes:
        min(homes, key=lambda cluster: cluster.seed.key).remarks.append(report)
