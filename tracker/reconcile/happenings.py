"""Happenings: clusters as they are drafted, with what recalls them and what is remarked beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from tracker.reconcile.answers import Ledger
from tracker.reconcile.blocks import Placed
from tracker.reconcile.board import Board
from tracker.reconcile.clusters import find_home
from tracker.reconcile.entities import Parties
from tracker.reconcile.memory import Memory
from tracker.reconcile.stories import Story


class Happenings:
    """Looks at a board on which every report is decided."""

    def __init__(self, memory: Memory, board: Board, parties: Parties) -> None:
        self._memory = memory
        self._board = board
        self._parties = parties
        self._events: dict[str, bool] = {}
        self._days: dict[str, date | None] = {}

    def story(self, name: str) -> Story | None:
        """A cluster whole, with its recollections and remarks; None where there is none, or it is no event."""
        shared = self._board.cluster(name)
        if shared is None or not self.is_event(name):
            return None
        members, attached = self._board.members(name), self._board.attached(name)
        remarks = [placed for placed in attached if _role(placed) == "remark"]
        self._board.load_documents(shared.document_ids)
        for document_id in shared.document_ids:
            remarks += [placed for placed in self._board.reports_of(document_id) if self._home_of(placed) == name]
        self._board.load_whole(placed.rank for placed in (*members, *attached, *remarks))
        recalled = [placed for placed in attached if _role(placed) == "recalled"]
        whole = self._board.whole
        return Story(name, whole(members), whole(recalled), whole(sorted(remarks, key=lambda item: item.rank)))

    def is_event(self, name: str) -> bool:
        """Whether a cluster is a happening of its own, and not mentioned in passing by a single document, or only
        the accused's answer to a charge that its documents report."""
        if name not in self._events:
            cluster = self._board.cluster(name)
            is_told = cluster is not None and cluster.stands_alone
            self._events[name] = is_told and not self._is_mere_answer(name)
        return self._events[name]

    def _is_mere_answer(self, name: str) -> bool:
        cluster = self._board.cluster(name)
        if cluster is None or not cluster.is_answer:
            return False
        if any(_role(placed) == "recalled" and placed.rank[0] < "3" for placed in self._board.attached(name)):
            return False
        others = self.reported_in(min(cluster.document_ids))
        whole = (self._board.cluster(other) for other in others if other != name)
        return any(other is not None and cluster.is_answer_in(other) for other in whole)

    def answers_beside(self, document_ids: Iterable[str]) -> set[str]:
        """The clusters in these documents that are only denials without a day, each an answer or a happening."""
        ids = list(document_ids)
        self._board.load_documents(ids)
        names = {name for document_id in ids for name in self.reported_in(document_id)}
        self._board.load_clusters(names)
        return {name for name in names if (cluster := self._board.cluster(name)) is not None and cluster.is_answer}

    def documents_of(self, name: str) -> set[str]:
        """The documents that report a cluster."""
        cluster = self._board.cluster(name)
        return set(cluster.document_ids) if cluster else set()

    def recalled_by(self, name: str) -> set[str]:
        """The documents that only recall a cluster."""
        return {placed.document_id for placed in self._board.attached(name)}

    def reported_in(self, document_id: str) -> list[str]:
        """The clusters that a document reports, in their order."""
        placed = self._board.reports_of(document_id)
        return sorted(
            {p.decision.cluster for p in placed if _role(p) == "report" and p.decision and p.decision.cluster}
        )

    def touched_by(self, document_id: str) -> set[str]:
        """The clusters that a document reports, recalls or remarks on."""
        decisions = (placed.decision for placed in self._board.reports_of(document_id))
        return {decision.cluster for decision in decisions if decision and decision.cluster}

    def _home_of(self, placed: Placed) -> str | None:
        """The cluster to which a charge belongs that its document tells in passing and that recalls nothing."""
        if _role(placed) != "none" or placed.rank[0] != "3" or "allegation" not in placed.gist.types:
            return None
        names = [name for name in self.reported_in(placed.document_id) if self.is_event(name)]
        homes = [cluster for name in names if (cluster := self._board.cluster(name)) is not None]
        home = find_home(placed.gist, homes, self._parties)
        return home.name if home else None

    def ledger(self, stories: Iterable[Story], scope: Collection[str]) -> Ledger:
        """Which happening an answer in a document of these stories belongs to. What the clusters outside of the scope
        are was told by the run before, and has not changed."""
        reported: dict[str, list[frozenset[str]]] = defaultdict(list)
        recalled_days: dict[str, date] = {}
        documents = {report.document_id for story in stories for report in (*story.reports, *story.recalled)}
        self._board.load_documents(documents)
        outside = {name for key in documents for name in self.touched_by(key)}.difference(scope)
        for other, was in self._memory.load_drafted(sorted(outside)).items():
            self._events.setdefault(other, was.is_event)
            self._days.setdefault(other, was.day)
        for document_id in sorted(documents):
            for placed in self._board.reports_of(document_id):
                name = placed.decision.cluster if placed.decision else None
                if name is None:
                    continue
                if _role(placed) == "report" and "allegation" in placed.gist.types and self.is_event(name):
                    reported[document_id].append(placed.gist.accused)
                elif _role(placed) == "recalled" and (on := self.day_of(name)) and self.is_event(name):
                    recalled_days.update((claim_id, on) for claim_id in placed.gist.claim_ids)
        return Ledger(reported, recalled_days)

    def day_of(self, name: str) -> date | None:
        """The first day of a cluster."""
        if name not in self._days:
            cluster = self._board.cluster(name)
            when = cluster.when if cluster else None
            self._days[name] = when.from_on if when else None
        return self._days[name]


def _role(placed: Placed) -> str:
    return placed.decision.role if placed.decision else "none"
