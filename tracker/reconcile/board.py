"""The board: the reports that a run has in hand, in their clusters and blocks; the rest comes from memory when asked.

What is once in hand is the truth, and memory is asked for each block and cluster once at most.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tracker.reconcile.blocks import WIDEST_MONTHS, Placed, choose_candidates
from tracker.reconcile.clusters import MOST_ANCHORS, Cluster, Cut, Decision
from tracker.reconcile.gists import Brief
from tracker.reconcile.memory import Memory
from tracker.reconcile.reports import Report

Traces = Mapping[str, Mapping[int, str]]


class _Members:
    """The reports of one cluster, in their order, and those that only recall it or remark on it."""

    def __init__(self) -> None:
        self.ranks: list[str] = []
        self.attached: set[str] = set()
        self.whole: Cluster | None = None
        """The cluster of all of them, where it has been made."""


class Board:
    """Reports by document, cluster and block."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._placed: dict[str, Placed] = {}
        self._briefs: dict[str, Brief] = {}
        """Of reports that are in a cluster in hand, and maybe not themselves."""
        self._removed: set[str] = set()
        self._documents: dict[str, set[str]] = defaultdict(set)
        self._whole_documents: set[str] = set()
        """Those of which every report is in hand."""
        self._clusters: dict[str, _Members] = {}
        self._found: dict[tuple[str, int], dict[str, str]] = {}
        """(name, month) -> cluster -> the first rank by which it is found there."""
        self._seeking: dict[tuple[str, int], dict[str, int]] = {}
        """(name, last month) -> rank -> first month."""
        self.changed: set[str] = set()
        """The ranks of reports that came, went, or are decided otherwise."""

    # --- taking in and out ---

    def add(self, placed: Placed) -> None:
        """Take in a report that memory does not have, not decided yet."""
        self.load_documents([placed.document_id])
        self._removed.discard(placed.rank)
        self._placed[placed.rank] = placed
        self._documents[placed.document_id].add(placed.rank)
        self.changed.add(placed.rank)
        for name in placed.reach.seeks if placed.reach.first <= placed.reach.last else ():
            self._seekers(name, placed.reach.last)[placed.rank] = placed.reach.first

    def remove(self, placed: Placed) -> None:
        """Take a report out, as if it had never been there; it must be in no cluster any more."""
        for name in placed.reach.seeks if placed.reach.first <= placed.reach.last else ():
            self._seekers(name, placed.reach.last).pop(placed.rank, None)
        del self._placed[placed.rank]
        self._documents[placed.document_id].discard(placed.rank)
        self._removed.add(placed.rank)
        self.changed.add(placed.rank)

    def decide(self, placed: Placed, decision: Decision | None) -> None:
        """Put a report where a decision has it."""
        old = placed.decision
        is_moved = old is None or decision is None or (old.role, old.cluster) != (decision.role, decision.cluster)
        if is_moved and old is not None and old.cluster is not None:
            self._leave(placed, old.cluster, old.role == "report")
        placed.decision = decision
        if is_moved and decision is not None and decision.cluster is not None:
            self._join(placed, decision.cluster, decision.role == "report")
        self.changed.add(placed.rank)

    def _leave(self, placed: Placed, name: str, is_member: bool) -> None:
        members = self._members(name)
        if not is_member:
            members.attached.discard(placed.rank)
            return
        members.ranks.remove(placed.rank)
        members.whole = None
        for key in self._blocks_of(placed):
            if self._found[key][name] == placed.rank:
                others = (m.rank for m in self.members(name) if key[0] in m.reach.names and key[1] in m.reach.months)
                following = next(others, None)
                if following is None:
                    del self._found[key][name]
                else:
                    self._found[key][name] = following

    def _join(self, placed: Placed, name: str, is_member: bool) -> None:
        members = self._members(name)
        if not is_member:
            members.attached.add(placed.rank)
            return
        is_last = not members.ranks or members.ranks[-1] < placed.rank
        insort(members.ranks, placed.rank)
        if members.whole is not None and is_last:
            members.whole.add(placed.gist)
        else:
            members.whole = None
        for key in self._blocks_of(placed):
            self._found[key][name] = min(self._found[key].get(name, placed.rank), placed.rank)

    def _blocks_of(self, placed: Placed) -> list[tuple[str, int]]:
        reach = placed.reach
        if reach.months:
            self._load_found(reach.names, min(reach.months), max(reach.months))
        return [(name, month) for name in reach.names for month in reach.months]

    # --- looking up ---

    def get(self, rank: str) -> Placed | None:
        """The report of that rank, if it is in hand."""
        return self._placed.get(rank)

    def load_documents(self, document_ids: Iterable[str]) -> None:
        """Have the reports of these documents in hand."""
        missing = [key for key in dict.fromkeys(document_ids) if key not in self._whole_documents]
        for placed in self._memory.load_reports(missing) if missing else ():
            self._admit(placed)
        self._whole_documents.update(missing)

    def reports_of(self, document_id: str) -> list[Placed]:
        """All reports of a document, in their order."""
        self.load_documents([document_id])
        return [self._placed[rank] for rank in sorted(self._documents[document_id])]

    def load_clusters(self, names: Iterable[str]) -> None:
        """Have these clusters in hand."""
        missing = [name for name in dict.fromkeys(names) if name not in self._clusters]
        for name in missing:
            self._clusters[name] = _Members()
        for rank, role, name, brief in self._memory.load_clusters(missing) if missing else ():
            if rank in self._removed:
                continue
            own = self._placed.get(rank)
            if own is not None:
                if own.decision is None or own.decision.cluster not in missing:
                    continue
                role, name = own.decision.role, own.decision.cluster
            self._briefs[rank] = brief
            members = self._clusters[name]
            if role == "report":
                insort(members.ranks, rank)
            else:
                members.attached.add(rank)
        self.load_ranks(rank for name in missing for rank in self._clusters[name].ranks[:MOST_ANCHORS])

    def _members(self, name: str) -> _Members:
        self.load_clusters([name])
        return self._clusters[name]

    def _admit(self, placed: Placed) -> None:
        if placed.rank not in self._placed and placed.rank not in self._removed:
            self._placed[placed.rank] = placed
            self._documents[placed.document_id].add(placed.rank)

    def load_whole(self, ranks: Iterable[str]) -> None:
        """Have these reports in hand whole."""
        missing = [rank for rank in ranks if self._placed[rank].report is None]
        for rank, report in self._memory.load_whole(missing).items() if missing else ():
            self._placed[rank].report = report

    def whole(self, placed: Iterable[Placed]) -> list[Report]:
        """These reports, whole."""
        listed = list(placed)
        self.load_whole(item.rank for item in listed)
        return [item.report for item in listed if item.report is not None]

    def is_there(self, name: str) -> bool:
        """Whether a cluster has any report."""
        return bool(self._members(name).ranks)

    def members(self, name: str) -> list[Placed]:
        """The reports of a cluster, in their order."""
        ranks = self._members(name).ranks
        self.load_ranks(ranks)
        return [self._placed[rank] for rank in ranks]

    def attached(self, name: str) -> list[Placed]:
        """Those that only recall a cluster or remark on it, in their order."""
        ranks = sorted(self._members(name).attached)
        self.load_ranks(ranks)
        return [self._placed[rank] for rank in ranks]

    def cluster(self, name: str, before: str | None = None) -> Cluster | None:
        """A cluster as the reports before a rank have left it (None: all of them); None where there is none.

        What is given out for all of them is shared: nobody but the board may change it.
        """
        members = self._members(name)
        end = len(members.ranks) if before is None else bisect_left(members.ranks, before)
        if not end or members.ranks[0] != name:
            return None
        if end == len(members.ranks):
            if members.whole is None:
                members.whole = self._cluster_of(name, members.ranks)
            return members.whole
        return self._cluster_of(name, members.ranks[:end])

    def _cluster_of(self, name: str, ranks: Sequence[str]) -> Cluster:
        self.load_ranks(ranks[:MOST_ANCHORS])
        return Cluster.of(
            name, (self._placed[rank].gist if rank in self._placed else self._briefs[rank] for rank in ranks)
        )

    def find(self, placed: Placed, first: int, last: int) -> tuple[list[str], Cut | None]:
        """The clusters that a report is compared with, and where they were cut off: of those that the reports before
        it are in, the nearest that share a name with it."""
        self._load_found(placed.reach.seeks, first, last)
        shared: Counter[str] = Counter()
        for name in placed.reach.seeks:
            here = {
                cluster
                for month in range(first, last + 1)
                for cluster, rank in self._found[name, month].items()
                if rank < placed.rank
            }
            shared.update(here)
        return choose_candidates(shared, placed.rank)

    def traces(self, name: str, but: Placed) -> Traces:
        """By what a cluster is found, leaving one report aside: name -> month -> the first rank."""
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for member in self.members(name):  # in their order, so that the first stays
            if member.rank != but.rank:
                for key in member.reach.names:
                    for month in member.reach.months:
                        found[key].setdefault(month, member.rank)
        return found

    def clusters(self, names: Sequence[str], before: str) -> list[Cluster]:
        """These clusters, as the reports before a rank left them."""
        self.load_clusters(names)
        found = (self.cluster(name, before) for name in names)
        return [cluster for cluster in found if cluster is not None]

    def new_names(self, placed: Placed, cluster: str) -> list[str]:
        """The names under which a cluster is found by this report of it, and not by one before it."""
        reach = placed.reach
        if not reach.months:
            return []
        self._load_found(reach.names, min(reach.months), max(reach.months))

        def is_first(name: str, month: int) -> bool:
            return self._found[name, month].get(cluster, placed.rank) >= placed.rank

        return [name for name in reach.names if any(is_first(name, month) for month in reach.months)]

    def seekers(self, names: Sequence[str], months: Sequence[int], after: str) -> set[str]:
        """The reports behind a rank that look for clusters under one of these names in one of these months."""
        if not months or not names:
            return set()
        first, last = min(months), max(months) + WIDEST_MONTHS
        self._load_seeking(names, first, last)
        found = set()
        for name in names:
            for month in range(first, last + 1):
                for rank, from_ in self._seeking[name, month].items():
                    if rank > after and any(from_ <= own <= month for own in months):
                        found.add(rank)
        return found

    def load_ranks(self, ranks: Iterable[str]) -> None:
        """Have these reports in hand."""
        missing = [rank for rank in ranks if rank not in self._placed and rank not in self._removed]
        for placed in self._memory.load_ranks(missing) if missing else ():
            self._admit(placed)

    def _load_found(self, names: Sequence[str], first: int, last: int) -> None:
        months = range(first, last + 1)
        missing = [name for name in names if any((name, month) not in self._found for month in months)]
        if not missing:
            return
        fresh = {(name, month) for name in missing for month in months if (name, month) not in self._found}
        for key in fresh:
            self._found[key] = {}
        for name, month, rank, cluster in self._memory.load_found(missing, first, last):
            if (name, month) in fresh:
                self._found[name, month][cluster] = rank

    def _load_seeking(self, names: Sequence[str], first: int, last: int) -> None:
        months = range(first, last + 1)
        missing = [name for name in names if any((name, month) not in self._seeking for month in months)]
        if not missing:
            return
        fresh = {(name, month) for name in missing for month in months if (name, month) not in self._seeking}
        for key in fresh:
            self._seeking[key] = {}
        for name, month, rank, from_ in self._memory.load_seeking(missing, first, last):
            if (name, month) in fresh:
                self._seeking[name, month][rank] = from_

    def _seekers(self, name: str, last: int) -> dict[str, int]:
        self._load_seeking([name], last, last)
        return self._seeking[name, last]
