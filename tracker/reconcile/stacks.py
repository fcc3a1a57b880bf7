"""The stacks: documents and claim records that events are drafted from, fetched from memory as far as asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tracker.reconcile.curator import Curator
from tracker.reconcile.memory import Memory
from tracker.types import ClaimRecord, StoredDocument


class Stacks(Mapping[str, StoredDocument]):
    """Documents by id under the entities' present ids, and their records as people read them.

    Listed are those that are at hand; any that there is can be asked for.
    """

    def __init__(
        self,
        memory: Memory,
        documents: Mapping[str, StoredDocument],
        records: Mapping[str, Sequence[ClaimRecord]],
        curator: Curator,
    ) -> None:
        """`documents` and `records` (by document) are those of this run; the curator prepares what memory gives."""
        self._memory = memory
        self._curator = curator
        self._documents = dict(documents)
        self._records: dict[str, Sequence[ClaimRecord]] = dict(records)
        self._publishers: dict[str, str] = {}

    def load(self, document_ids: Iterable[str], recalling_ids: Iterable[str] = ()) -> None:
        """Have these documents, and the records of both, at hand with one look each."""
        wanted = set(document_ids)
        missing = sorted(wanted.difference(self._documents))
        for document in self._memory.load_documents(missing) if missing else ():
            self._documents[document.id] = self._curator.document(document)
        unread = sorted(wanted.union(recalling_ids).difference(self._records))
        found: dict[str, list[ClaimRecord]] = defaultdict(list)
        for record in self._memory.load_records(unread) if unread else ():
            found[record.document_id].append(record)
        self._records.update((key, found[key]) for key in unread)

    def __getitem__(self, document_id: str) -> StoredDocument:
        self.load([document_id])
        return self._documents[document_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def only(self, document_ids: Iterable[str]) -> Mapping[str, StoredDocument]:
        """These documents alone, loaded as soon as one is looked at."""
        return _Some(self, tuple(document_ids))

    def records(self, document_id: str) -> Sequence[ClaimRecord]:
        """All claim records of a document."""
        self.load((), [document_id])
        return self._records[document_id]

    def publishers(self, document_ids: Iterable[str]) -> dict[str, str]:
        """The publisher of each document, by name."""
        wanted = set(document_ids)
        missing = sorted(wanted.difference(self._documents, self._publishers))
        if missing:
            self._publishers.update(self._memory.load_publishers(missing))
        here = {key: self._documents[key].publisher for key in wanted if key in self._documents}
        return {key: here[key] if key in here else self._publishers.get(key, "") for key in wanted}


class _Some(Mapping[str, StoredDocument]):
    def __init__(self, stacks: Stacks, document_ids: Sequence[str]) -> None:
        self._stacks = stacks
        self._ids = document_ids

    def __getitem__(self, document_id: str) -> StoredDocument:
        self._stacks.load(self._ids)
        return self._stacks[document_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class PublicationDays(Mapping[str, date | None]):
    """For claims by id the day on which the version that first had the words was published; looked up when asked."""

    def __init__(self, documents: Mapping[str, StoredDocument], records: Iterable[ClaimRecord]) -> None:
        self._documents = documents
        self._records = {record.id: record for record in records}

    def __getitem__(self, claim_id: str) -> date | None:
        return self._records[claim_id].published_on

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)
