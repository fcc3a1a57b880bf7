"""The pass over all reports, replayed only where it may come out otherwise.

Each decision is a function of the report and of the clusters as the reports before it left them. So when reports
come, go or are decided otherwise, those behind them are looked at that the changed cluster may sway, in their order,
and each once. From nothing, that is the whole pass; the result is the same on every way
(tests/reconcile/test_replay.py).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from tracker.reconcile.blocks import PLACED_PHASES, Placed, nearness, recall_window, same_window
from tracker.reconcile.board import Board, Traces
from tracker.reconcile.clusters import Cluster, Decision, attached_as, is_old_news, weigh_recalled, weigh_same
from tracker.reconcile.entities import Parties

_RECALLING_PHASES = ("3", "4")
Window = tuple[int, int]
"""(first month, last month)."""


class Replay:
    """Brings a board up to date."""

    def __init__(self, board: Board, parties: Parties, *, is_whole: bool = False) -> None:
        """`is_whole`: every report is to be decided, so none need be looked for."""
        self._board = board
        self._parties = parties
        self._is_whole = is_whole
        self._heap: list[str] = []
        self._dirty: set[str] = set()
        self.clusters: set[str] = set()
        """The clusters that have changed."""
        self.documents: set[str] = set()
        """The documents of the reports that came, went, or are in another cluster now."""

    def run(self, gone: Iterable[Placed], came: Iterable[Placed], unsettled: Iterable[str] = ()) -> None:
        """Take out what is gone, take in what came, and decide these, the unsettled, and whatever they sway."""
        for placed in gone:
            self.documents.add(placed.document_id)
            self._move(placed, None)
            self._board.remove(placed)
            self._dirty.discard(placed.rank)
        for placed in came:
            self._board.add(placed)
            self._mark(placed.rank)
        for rank in unsettled:
            self._mark(rank)
        while self._heap:
            rank = heapq.heappop(self._heap)
            found = self._board.get(rank)
            if found is None or rank not in self._dirty:
                continue
            self._dirty.discard(rank)
            decision = self._decide(found)
            if decision != found.decision:
                self._move(found, decision)

    def _mark(self, rank: str) -> None:
        if rank not in self._dirty:
            self._dirty.add(rank)
            heapq.heappush(self._heap, rank)

    def _move(self, placed: Placed, decision: Decision | None) -> None:
        """Put a report where it now belongs, and mark whom that sways."""
        old = placed.decision
        was, now = _place_of(old), _place_of(decision)
        if was == now:
            self._board.decide(placed, decision)
            return
        self.documents.add(placed.document_id)
        swayed: set[tuple[str, str]] = set()
        if was[1] and was[0] == "report":
            swayed |= self._seekers(placed, was[1])
        self._board.decide(placed, decision)
        if now[1] and now[0] == "report":
            swayed |= self._seekers(placed, now[1])
        self.clusters.update(name for name in (was[1], now[1]) if name)
        if swayed:
            self._mark_swayed(placed, swayed)

    def _seekers(self, placed: Placed, name: str) -> set[tuple[str, str]]:
        """(rank, cluster) of the reports behind this one that may look at the cluster and see it otherwise."""
        if self._is_whole:
            return set()
        board = self._board
        before = board.cluster(name, placed.rank)
        if before is not None and before.is_told_by(placed.gist):
            names, months = set(board.new_names(placed, name)), set(placed.reach.months)
        else:
            names, months = set(placed.reach.names), set(placed.reach.months)
            for member in board.members(name):
                names.update(member.reach.names)
                months.update(member.reach.months)
        found = board.seekers(sorted(names), sorted(months), placed.rank)
        found.update(p.rank for p in board.reports_of(placed.document_id) if p.rank > placed.rank)
        found.update(p.rank for p in board.attached(name) if name == placed.rank)
        return {(rank, name) for rank in found}

    def _mark_swayed(self, by: Placed, swayed: set[tuple[str, str]]) -> None:
        unmarked = [(rank, name) for rank, name in sorted(swayed) if rank not in self._dirty]
        self._board.load_ranks({rank for rank, _ in unmarked})
        traces = {name: self._board.traces(name, by) for name in {name for _, name in unmarked}}
        for rank, name in unmarked:
            placed = self._board.get(rank)
            if placed is not None and self._is_swayed(placed, name, by, traces[name]):
                self._mark(rank)

    def _is_swayed(self, placed: Placed, name: str, by: Placed, traces: Traces) -> bool:
        """Whether a report may be decided otherwise, now that one report joined or left this one cluster; `traces`
        are those of the cluster without it."""
        decision = placed.decision
        if decision is None or decision.cluster == name or by.document_id == placed.document_id:
            return True
        is_compared = False
        for window, cut in zip(self._windows(placed), decision.cuts, strict=True):
            if window is None:
                continue
            without, with_ = _shares(placed, window, traces, by)
            if cut is None:
                # one more or one less: are there still few enough that all are compared?
                if bool(without) != bool(with_) and self._board.find(placed, *window)[1] is not None:
                    return True
                is_compared = is_compared or bool(with_)
                continue
            was, now = (bool(n) and nearness(n, name, placed.rank) <= cut for n in (without, with_))
            if was != now:
                return True
            is_compared = is_compared or now
        cluster = self._board.cluster(name, placed.rank) if is_compared else None
        return cluster is not None and self._is_drawn(placed, decision, cluster)

    def _is_drawn(self, placed: Placed, decision: Decision, cluster: Cluster) -> bool:
        """Whether a cluster in which a report is not has more for it than the one in which it is."""
        is_placed = placed.rank[0] in PLACED_PHASES
        if is_placed and decision.role == "report" and decision.cluster != placed.rank:
            best = weigh_same(placed.gist, [cluster], self._parties)
        elif is_placed:
            best = weigh_same(placed.gist, [cluster], self._parties)
            undated = not placed.gist.dates
            return best is not None or (undated and bool(weigh_recalled(placed.gist, [cluster], self._parties)))
        else:
            best = weigh_recalled(placed.gist, [cluster], self._parties)
        if best is None or decision.cluster is None:
            return best is not None
        return (-best[0], cluster.name) < (-decision.score, decision.cluster)

    def _windows(self, placed: Placed) -> tuple[Window | None, Window | None]:
        """The months in which a report looks for what it reports, and for what it recalls."""
        may_recall = placed.rank[0] in (*PLACED_PHASES, *_RECALLING_PHASES)
        return same_window(placed.gist), recall_window(placed.gist) if may_recall else None

    def _decide(self, placed: Placed) -> Decision:
        report, parties, board = placed.gist, self._parties, self._board
        same, before = self._windows(placed)
        joins, nearest = board.find(placed, *same) if same else ([], None)
        recalls, latest = board.find(placed, *before) if before else ([], None)
        cuts = (nearest, latest)
        is_placed = placed.rank[0] in PLACED_PHASES
        best = weigh_same(report, board.clusters(joins, placed.rank), parties) if is_placed else None
        if best is not None:
            return Decision("report", best[1].name, best[0], cuts)
        old = weigh_recalled(report, board.clusters(recalls, placed.rank), parties)
        if old is not None and (not is_placed or is_old_news(report, old[1])):
            return Decision(attached_as(report, old[1]), old[1].name, old[0], cuts)
        if is_placed and (report.dates or report.published):
            return Decision("report", placed.rank, 0.0, cuts)
        return Decision("none", None, 0.0, cuts)


def _shares(placed: Placed, window: Window, traces: Traces, by: Placed) -> tuple[int, int]:
    """How many of the names under which a report looks in these months lead to a cluster, by a report before it:
    without one report of the cluster, and with that."""
    first, last = window
    without = {
        key
        for key in placed.reach.seeks
        if any(first <= month <= last and rank < placed.rank for month, rank in traces.get(key, {}).items())
    }
    is_near = by.rank < placed.rank and any(first <= month <= last for month in by.reach.months)
    more = set(placed.reach.seeks).intersection(by.reach.names) - without if is_near else ()
    return len(without), len(without) + len(more)


def _place_of(decision: Decision | None) -> tuple[str, str | None]:
    return (decision.role, decision.cluster) if decision is not None else ("none", None)
