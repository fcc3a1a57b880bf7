"""What the reconciler asks of the result of the run before: as a protocol, so that it reads only what it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from tracker.reconcile.bearings import Bearing
from tracker.reconcile.blocks import Placed
from tracker.reconcile.gists import Brief
from tracker.reconcile.names import DocumentNames, NameSum
from tracker.reconcile.reports import Report
from tracker.types import ClaimRecord, Dispute, Event, StoredDocument


@dataclass(frozen=True, slots=True)
class Drafting:
    """What became of a cluster."""

    event_id: str | None
    """None where it is only an answer, or was joined with another by hand."""
    day: date | None
    """Its first day."""
    is_event: bool
    """Whether it is a happening of its own, whatever people made of it."""


class Member(NamedTuple):
    """A report in a cluster, as far as the cluster needs it."""

    rank: str
    role: str
    cluster: str
    brief: Brief


class Memory(Protocol):
    """The last result with what led to it. Nothing here changes while a run goes on."""

    def load_documents(self, ids: Iterable[str]) -> Sequence[StoredDocument]:
        """Those of the documents that there are, whole, as they were read."""
        ...

    def load_publishers(self, document_ids: Iterable[str]) -> Mapping[str, str]:
        """The publisher of each of these documents, by name."""
        ...

    def load_records(self, document_ids: Iterable[str]) -> Sequence[ClaimRecord]:
        """The claim records of these documents, as they were last reconciled."""
        ...

    def load_reports(self, document_ids: Iterable[str]) -> Sequence[Placed]:
        """The reports of these documents, by their gists."""
        ...

    def load_whole(self, ranks: Iterable[str]) -> Mapping[str, Report]:
        """The reports of these ranks, with the claims that they are made of."""
        ...

    def load_clusters(self, names: Iterable[str]) -> Sequence[Member]:
        """All reports in these clusters, in whatever role."""
        ...

    def load_ranks(self, ranks: Iterable[str]) -> Sequence[Placed]:
        """The reports of these ranks, by their gists."""
        ...

    def load_found(self, names: Iterable[str], first: int, last: int) -> Iterable[tuple[str, int, str, str]]:
        """(name, month, first rank, cluster) of the reports that a cluster is found by, in the months from first to
        last."""
        ...

    def load_seeking(self, names: Iterable[str], first: int, last: int) -> Iterable[tuple[str, int, str, int]]:
        """(name, last month, rank, first month) of the reports that look for clusters, by the last month of each."""
        ...

    def load_users(self, entity_ids: Iterable[str]) -> Iterable[str]:
        """The documents of the reports that depend on the reading of these unknown names."""
        ...

    def load_drafted(self, clusters: Iterable[str]) -> Mapping[str, Drafting]:
        """What was drafted of each of these clusters; one that there was not is left out."""
        ...

    def load_events(self, ids: Iterable[str]) -> Sequence[Event]:
        """Those of the events that there are."""
        ...

    def load_bearings(self, event_ids: Iterable[str]) -> Sequence[Bearing]:
        """What these events bear on disputes."""
        ...

    def load_sums(self, entity_ids: Iterable[str]) -> Mapping[str, NameSum]:
        """What all documents say of each entity; one that no document names is left out. The caller may change them."""
        ...

    def load_names(self, document_ids: Iterable[str]) -> Mapping[str, DocumentNames]:
        """What each of these documents adds to the sums."""
        ...

    def is_used(self, event_id: str) -> bool:
        """Whether an event has or ever had this id."""
        ...

    def load_redirects(self, to: Iterable[str]) -> Sequence[tuple[str, str]]:
        """The redirects that lead to these events."""
        ...

    def load_sides_of_disputes(self) -> Mapping[str, tuple[str, str]]:
        """The sides of all disputes, by their id."""
        ...

    def load_disputes(self, ids: Iterable[str]) -> Sequence[Dispute]:
        """These disputes, by id."""
        ...

    def load_sides(self, event_ids: Iterable[str]) -> Iterable[str]:
        """The sides whose disputes these events may have changed."""
        ...

    def load_touching(self, sides: Iterable[str]) -> Iterable[str]:
        """The ids of the events that have one of these marks."""
        ...

    def load_claims(self, ids: Iterable[str]) -> Sequence[ClaimRecord]:
        """These claim records."""
        ...


class Nothing:
    """The memory before the first run, which has only documents."""

    def __init__(self, documents: Iterable[StoredDocument] = ()) -> None:
        self._documents = {document.id: document for document in documents}

    def load_documents(self, ids: Iterable[str]) -> Sequence[StoredDocument]:
        return [self._documents[key] for key in ids if key in self._documents]

    def load_publishers(self, document_ids: Iterable[str]) -> Mapping[str, str]:
        return {}

    def load_records(self, document_ids: Iterable[str]) -> Sequence[ClaimRecord]:
        return ()

    def load_reports(self, document_ids: Iterable[str]) -> Sequence[Placed]:
        return ()

    def load_whole(self, ranks: Iterable[str]) -> Mapping[str, Report]:
        return {}

    def load_clusters(self, names: Iterable[str]) -> Sequence[Member]:
        return ()

    def load_ranks(self, ranks: Iterable[str]) -> Sequence[Placed]:
        return ()

    def load_found(self, names: Iterable[str], first: int, last: int) -> Iterable[tuple[str, int, str, str]]:
        return ()

    def load_seeking(self, names: Iterable[str], first: int, last: int) -> Iterable[tuple[str, int, str, int]]:
        return ()

    def load_users(self, entity_ids: Iterable[str]) -> Iterable[str]:
        return ()

    def load_drafted(self, clusters: Iterable[str]) -> Mapping[str, Drafting]:
        return {}

    def load_events(self, ids: Iterable[str]) -> Sequence[Event]:
        return ()

    def load_bearings(self, event_ids: Iterable[str]) -> Sequence[Bearing]:
        return ()

    def load_sums(self, entity_ids: Iterable[str]) -> Mapping[str, NameSum]:
        return {}

    def load_names(self, document_ids: Iterable[str]) -> Mapping[str, DocumentNames]:
        return {}

    def is_used(self, event_id: str) -> bool:
        return False

    def load_redirects(self, to: Iterable[str]) -> Sequence[tuple[str, str]]:
        return ()

    def load_sides_of_disputes(self) -> Mapping[str, tuple[str, str]]:
        return {}

    def load_disputes(self, ids: Iterable[str]) -> Sequence[Dispute]:
        return ()

    def load_sides(self, event_ids: Iterable[str]) -> Iterable[str]:
        return ()

    def load_touching(self, sides: Iterable[str]) -> Iterable[str]:
        return ()

    def load_claims(self, ids: Iterable[str]) -> Sequence[ClaimRecord]:
        return ()
