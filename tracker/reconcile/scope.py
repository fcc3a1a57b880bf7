"""The scope of a run: which clusters are drafted anew, since they, or what lies beside them, came out otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.reconcile.curator import Curator
from tracker.reconcile.happenings import Happenings
from tracker.reconcile.memory import Drafting, Memory


class Scope:
    """An event depends on its cluster, on what else its documents report, on the day of what they recall, and on the
    clusters that people joined with it: never on more."""

    def __init__(self, memory: Memory, happenings: Happenings, curator: Curator) -> None:
        self._memory = memory
        self._happenings = happenings
        self._curator = curator
        self.drafted: dict[str, Drafting] = {}
        """What became of the clusters in scope in the last run."""

    def clusters(self, changed: Iterable[str], documents: Iterable[str]) -> list[str]:
        """The names of all clusters to draft, in their order: those that have changed, and those of documents that
        were read or of which a report is elsewhere now. Some may be gone."""
        found = set(changed)
        self._look_up(found)
        touched = {*documents, *self._redated(found)}
        beside = {key for name in found for key in self._happenings.documents_of(name)}
        touched |= self._swapped({*touched, *beside}, found)
        for key in touched:
            found |= self._happenings.touched_by(key)
        parted = self._tie(found)
        self._look_up({*found, *parted})
        self.drafted = {name: self.drafted[name] for name in {*found, *parted} if name in self.drafted}
        return sorted(found)

    def _look_up(self, names: Iterable[str]) -> None:
        missing = sorted(set(names).difference(self.drafted))
        self.drafted.update(self._memory.load_drafted(missing) if missing else {})

    def _redated(self, names: Iterable[str]) -> set[str]:
        """The documents that recall a cluster of which the day is another now: an answer may be of another event."""
        found: set[str] = set()
        for name in names:
            was = self.drafted.get(name)
            if was is None or was.day != self._happenings.day_of(name):
                found |= self._happenings.recalled_by(name)
        return found

    def _swapped(self, documents: Iterable[str], changed: set[str]) -> set[str]:
        """The documents of clusters that are an event now and were not, or the other way round."""
        beside = self._happenings.answers_beside(documents) | changed
        self._look_up(beside)
        found: set[str] = set()
        for name in beside:
            was = self.drafted.get(name)
            if was is not None and was.is_event != self._happenings.is_event(name):
                found |= self._happenings.documents_of(name)
        return found

    def _tie(self, found: set[str]) -> frozenset[str]:
        """Add the clusters that people joined with those in scope; gives the names of those parted from them."""
        while True:
            documents = {key for name in found for key in self._happenings.documents_of(name)}
            tied = self._curator.tied_to(documents) - documents
            more = {name for key in tied for name in self._happenings.touched_by(key)} - found
            if not more:
                return self._curator.parted_from(documents)
            found |= more
