"""Where a report stands in the order of all reports, and under which names and months clusters are found by it.

Only clusters that share a name (a party, an accused, a law) and lie in a month near its own are compared with a
report; of very many only the nearest. So the cost of a report grows with what happens at one time, and not with all
that was ever reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.ids import digest_of
from tracker.reconcile.clusters import Cut, Decision
from tracker.reconcile.entities import Parties, unknown_publisher
from tracker.reconcile.figures import value_of
from tracker.reconcile.gists import Gist, gist_of
from tracker.reconcile.reports import Report
from tracker.reconcile.tellings import NOTHING

MEMORY_MONTHS = 18
"""How far back an undated recollection is looked up."""
WIDEST_MONTHS = 19
"""No report looks for clusters in more months than these."""
MOST_CANDIDATES = 10
"""Of more clusters than these, only those are compared that share most names with the report, then the nearest."""
_NARROW_DAYS = 3

PLACED_PHASES = ("0", "1", "2")
"""Reports that may begin a cluster: acts that a document leads with, acts told further down, mere statements."""


def rank_of(report: Gist) -> str:
    """The place of a report among all: a text that sorts.

    First the acts that documents lead with, then those further down, then mere statements, which join what there
    is, then what is told in passing and what is recalled. Within each, precisely dated reports come before widely
    dated and undated ones; within these by day, then by what the report is made of.
    """
    if report.families:
        phase = {"firm": "0", "soft": "1", "loose": "3", "background": "4"}[report.standing]
    else:
        phase = {"firm": "2", "soft": "5", "loose": "3", "background": "4"}[report.standing]
    if report.dates:
        first = report.dates[0]
        width, from_on, to_on = "0" if first.days <= _NARROW_DAYS else "1", first.from_on, first.to_on
    else:
        width, from_on, to_on = "2", report.published or date.max, report.published or date.max
    days = f"{from_on.isoformat()}{to_on.isoformat()}".replace("-", "")
    return f"{phase}{width}{days}{digest_of(*report.key)}"


def month_of(on: date) -> int:
    """Months since the year 0."""
    return on.year * 12 + on.month


@dataclass(frozen=True, slots=True)
class Reach:
    """Under which names and months a report can be found, and under which it looks for clusters."""

    names: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    """`names` in each of `months` are where its cluster is found by others."""
    seeks: tuple[str, ...] = ()
    first: int = 0
    last: int = -1
    """It looks under `seeks` in the months from `first` to `last`; nowhere where `last` is before `first`."""


@dataclass(slots=True)
class Placed:
    """A report in its place, with what became of it (None: not decided yet)."""

    rank: str
    gist: Gist
    reach: Reach
    uses: tuple[str, ...] = ()
    """The ids of unknown names that it depends on: a new reading of such a name changes it."""
    decision: Decision | None = None
    report: Report | None = None
    """Whole, where it has been made or asked for in this run."""

    @property
    def document_id(self) -> str:
        return self.gist.document_id


def place(report: Report, publisher: str, parties: Parties) -> Placed:
    """A report of a document by this publisher with its place in the order, not decided yet."""
    gist = gist_of(report, parties)
    rank = rank_of(gist)
    windows = [window for window in (same_window(gist), recall_window(gist)) if window]
    last = max((to for _, to in windows), default=-1)
    first = max(min((from_ for from_, _ in windows), default=0), last - WIDEST_MONTHS)
    days = [d.from_on for d in gist.dates[:1]] + ([gist.published] if gist.published else [])
    reach = Reach(
        names=tuple(sorted(_names(gist, parties, voiced=False))),
        months=tuple(sorted({month_of(on) for on in days})),
        seeks=tuple(sorted(_names(gist, parties, voiced=bool(gist.parties)))),
        first=first,
        last=last,
    )
    if rank[0] not in PLACED_PHASES:
        gist = replace(gist, telling=NOTHING)  # nobody compares it, and it is as long as the text
    uses = _unknown_in(report, parties)
    if not parties.is_known(parties.publisher_entity(publisher) or ""):
        uses.add(unknown_publisher(publisher))
    return Placed(rank, gist, reach, tuple(sorted(uses)), report=report)


def is_same(one: Placed, other: Placed) -> bool:
    """Whether two reports that are in hand whole are one, wherever they were decided to belong."""
    if (one.gist, one.reach, one.uses) != (other.gist, other.reach, other.uses):
        return False
    return one.report is not None and other.report is not None and one.report.members == other.report.members


def _names(report: Gist, parties: Parties, voiced: bool) -> set[str]:
    """The block names of a report: its parties, the accused and the laws, each party and accused with its owner.

    What has no speaker is found by its target and by the size of its figures as well.
    """
    names = {f"law:{law}" for law in report.laws} | (report.telling.marks if report.main else set())
    for mark, ids in (("", report.parties), ("accused:", report.accused)):
        full = {form for one in ids for form in (one, *parties.longer_forms(one))}
        owners = {owner for one in full if (owner := parties.parent(one))}
        shorter = {word for one in ids if (word := parties.last_word(one))}
        names.update(f"{mark}{one}" for one in ids | owners | shorter)
    if not voiced:
        names.update(f"target:{target}" for target in report.target)
        names.update(f"figure:{q.kind}:{len(str(int(value_of(q) or 0)))}" for q in report.quantities)
    return names


def _unknown_in(report: Report, parties: Parties) -> set[str]:
    """The unknown names whose reading a report, or the title of its event, depends on."""
    ids: set[str] = set(report.laws | report.parties | report.accused | report.target)
    for member in report.members:
        claim = member.record.claim
        ids.update(member.models, claim.via, member.parties)
    return {entity_id for entity_id in ids if not parties.is_known(entity_id)}


def same_window(report: Gist) -> tuple[int, int] | None:
    """The months in which a report that may begin a cluster looks for one to join."""
    days = [d.from_on for d in report.dates[:1]] + ([report.published] if report.published else [])
    if not days or rank_of(report)[0] not in PLACED_PHASES:
        return None
    return _months(min(days) - timedelta(days=31), max(days) + timedelta(days=8))


def recall_window(report: Gist) -> tuple[int, int] | None:
    """The months in which a report looks for what it may recall; None for one that dates what it reports itself."""
    if report.dates and rank_of(report)[0] in PLACED_PHASES:
        return None
    own = report.every_date
    if own and report.standing == "background":
        first, last = min(d.from_on for d in own), max(d.to_on for d in own)
        return _months(_less(first, 31), last + timedelta(days=31) if last.year < date.max.year else last)
    if report.published is None:
        return None
    return _months(_less(report.published, 31 * MEMORY_MONTHS), report.published)


def _less(on: date, days: int) -> date:
    return on - timedelta(days=days) if on.year > date.min.year + 2 else on


def _months(first: date, last: date) -> tuple[int, int]:
    return max(month_of(first), month_of(last) - WIDEST_MONTHS), month_of(last)


def nearness(shared: int, cluster: str, rank: str) -> Cut:
    """How near a cluster is to the report of that rank, with which it shares so many names; the least is nearest."""
    return (-shared, abs(_day_in(cluster) - _day_in(rank)), cluster)


def choose_candidates(shared: Mapping[str, int], rank: str) -> tuple[list[str], Cut | None]:
    """Which of the clusters found are compared with the report of that rank: those that share most names with it, of
    these the nearest by day; and how near the last of them is, where there are more. `shared` holds the number of
    names for each cluster."""
    if len(shared) <= MOST_CANDIDATES:
        return sorted(shared), None
    chosen = sorted(nearness(count, name, rank) for name, count in shared.items())[:MOST_CANDIDATES]
    return sorted(name for _, _, name in chosen), chosen[-1]


def _day_in(rank: str) -> int:
    """The day that a rank holds, as a number in which near days are near."""
    return int(rank[2:6]) * 372 + int(rank[6:8]) * 31 + int(rank[8:10])
