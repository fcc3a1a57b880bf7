"""From stored documents to events: the order in which the parts of this room work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.reconcile.blocks import Placed, is_same, place
from tracker.reconcile.board import Board
from tracker.reconcile.change import Change
from tracker.reconcile.claims import make_records
from tracker.reconcile.curator import Curator
from tracker.reconcile.docket import open_docket
from tracker.reconcile.entities import Parties
from tracker.reconcile.events import Drafted, Drafter
from tracker.reconcile.grouping import make_reports
from tracker.reconcile.happenings import Happenings
from tracker.reconcile.heirs import follow_redirects
from tracker.reconcile.identity import EVENT_HEIRS, slug_of
from tracker.reconcile.memory import Drafting, Memory, Nothing
from tracker.reconcile.names import NameRegister, names_of
from tracker.reconcile.replay import Replay
from tracker.reconcile.revisions import list_revisions
from tracker.reconcile.scope import Scope
from tracker.reconcile.stacks import Stacks
from tracker.types import ClaimRecord, Entity, Event, Reconciled, StoredDocument, is_dispute_id


def reconcile(
    documents: Sequence[StoredDocument],
    entities: Sequence[Entity],
    previous: Reconciled,
    curator: Curator | None = None,
) -> Reconciled:
    """Join what documents report into events, each with its claims, figures and answers.

    `entities` is the gazetteer; names that only documents gave become entities with `known` False. `previous` is
    the result of the run before (empty at first): event ids are handed on from it. `curator` applies what people
    decided. The result depends on nothing else, and not on the order of the documents. A claim that fits no event is
    still among the claims.
    """
    change = rebuild(documents, entities, previous, curator)
    return Reconciled(
        events=tuple(sorted(change.events, key=lambda event: (event.from_on, event.to_on, event.id))),
        claims=change.records,
        entities=change.entities,
        redirects=change.redirects,
        disputes=change.disputes,
        revisions=change.revisions,
    )


def rebuild(
    documents: Sequence[StoredDocument],
    entities: Sequence[Entity],
    previous: Reconciled,
    curator: Curator | None = None,
) -> Change:
    """The whole result, as the change that makes it out of nothing. Ids are handed on as in `reconcile`."""
    run = _Run(Nothing(documents), curator or Curator(entities), previous)
    return run.update([document.id for document in documents])


def update(memory: Memory, document_ids: Iterable[str], curator: Curator) -> Change:
    """What changes in the last result, now that these documents are new, changed or gone.

    `memory` holds the last result, made with the same entities and edits; only what the documents touch is read.
    The result is that of `rebuild` with all documents, but for ids, which are handed on from run to run.
    """
    return _Run(memory, curator).update(document_ids)


class _Run:
    """One run: what it reads, and what comes of it."""

    def __init__(self, memory: Memory, curator: Curator, previous: Reconciled | None = None) -> None:
        """`previous` is given where everything is made anew."""
        self._memory = memory
        self._curator = curator
        self._previous = previous
        self._register = NameRegister(memory.load_sums)
        self._parties = Parties(curator.entities, self._register.read)
        self._board = Board(memory)
        self._happenings = Happenings(memory, self._board, self._parties)

    def update(self, document_ids: Iterable[str]) -> Change:
        ids = sorted(set(document_ids))
        documents = self._load(ids)
        records = self._records_of(documents.values())
        names = {key: names_of(document, records[key], self._parties) for key, document in documents.items()}
        before = self._memory.load_names(ids)
        named, renamed = self._register.replace(before.values(), names.values())
        users = sorted(set(self._memory.load_users(renamed)) - set(ids)) if renamed else []
        others = self._load(users)
        records.update(self._records_of(others.values()))
        replay = Replay(self._board, self._parties, is_whole=self._previous is not None)
        replay.run(*self._compare([*ids, *users], {**documents, **others}, records))

        drafts = self._draft(
            replay, {*ids, *users}, Stacks(self._memory, {**documents, **others}, records, self._curator)
        )
        found = {key: self._parties.find(key) for key in named}
        sums = self._register.sums(named)
        listed = {key: entity for key, entity in found.items() if entity and sums[key].documents}
        changed = sorted(self._board.changed)
        own = tuple(record for key in ids for record in records.get(key, ()))
        everything = [record for several in records.values() for record in several]
        docket = open_docket(
            self._memory, self._curator, self._parties, drafts.events, drafts.gone_events, everything, self._previous
        )
        return replace(
            drafts,
            document_ids=tuple(ids),
            records=own,
            sides=docket.sides,
            bearings=docket.bearings,
            disputes=docket.disputes,
            gone_disputes=docket.gone,
            redirects=tuple(sorted([*drafts.redirects, *docket.redirects])),
            revisions=self._curator.revisions(list_revisions([documents[key] for key in ids if key in documents])),
            names=names,
            sums=sums,
            entities=tuple(listed.values()),
            gone_entities=tuple(key for key in named if key not in listed),
            reports=tuple(placed for rank in changed if (placed := self._board.get(rank))),
            gone_reports=tuple(rank for rank in changed if self._board.get(rank) is None),
        )

    def _load(self, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        found = self._memory.load_documents(document_ids) if document_ids else ()
        return {document.id: self._curator.document(document) for document in found}

    def _records_of(self, documents: Iterable[StoredDocument]) -> dict[str, Sequence[ClaimRecord]]:
        documents = list(documents)
        found: dict[str, list[ClaimRecord]] = {document.id: [] for document in documents}
        for record in self._curator.records(make_records(documents)):
            found[record.document_id].append(record)
        return dict(found)

    def _compare(
        self,
        document_ids: Sequence[str],
        documents: Mapping[str, StoredDocument],
        records: Mapping[str, Sequence[ClaimRecord]],
    ) -> tuple[list[Placed], list[Placed], list[str]]:
        """(reports that are gone or changed, that are new or changed, that only depend on a changed name, by rank)."""
        gone: list[Placed] = []
        came: list[Placed] = []
        kept: list[str] = []
        self._board.load_documents(document_ids)
        self._board.load_whole(placed.rank for key in document_ids for placed in self._board.reports_of(key))
        for key in document_ids:
            old = {placed.rank: placed for placed in self._board.reports_of(key)}
            document = documents.get(key)
            reports = make_reports(document, records[key], self._parties) if document else ()
            for report in reports:
                placed = place(report, document.publisher if document else "", self._parties)
                was = old.get(placed.rank)
                if was and is_same(was, placed):
                    kept.append(old.pop(placed.rank).rank)
                else:
                    came.append(placed)
            gone.extend(old.values())
        return gone, came, kept

    def _draft(self, replay: Replay, read: set[str], stacks: Stacks) -> Change:
        """The events of all clusters that came out otherwise, or whose documents did."""
        memory, happenings = self._memory, self._happenings
        scope = Scope(memory, happenings, self._curator)
        names = scope.clusters(replay.clusters, {*read, *replay.documents})
        stories = self._curator.stories([story for name in names if (story := happenings.story(name))])
        ledger = happenings.ledger(stories, names)
        drafter = Drafter(stacks, self._parties)
        drafts = [(story.name, draft) for story in stories if (draft := drafter.draft(story, ledger))]
        old_ids = sorted({item.event_id for item in scope.drafted.values() if item.event_id})
        old = self._previous.events if self._previous is not None else memory.load_events(old_ids)
        ids, moved = self._assign([draft for _, draft in drafts], old)
        events = self._curator.events(
            replace(draft.event, id=event_id) for (_, draft), event_id in zip(drafts, ids, strict=True)
        )
        live = set(ids)
        gone = sorted({event.id for event in old} - live)
        redirects = self._previous.redirects if self._previous is not None else memory.load_redirects(gone)
        of_events = [item for item in redirects if not is_dispute_id(item[0])]
        by_cluster = {name: event_id for (name, _), event_id in zip(drafts, ids, strict=True)}
        there = {*by_cluster, *(name for name in names if happenings.documents_of(name))}
        return Change(
            drafted={
                name: Drafting(by_cluster.get(name), happenings.day_of(name), happenings.is_event(name))
                for name in sorted(there)
            },
            gone_clusters=tuple(sorted(scope.drafted.keys() - there)),
            events=tuple(events),
            gone_events=tuple(gone),
            # what has no heir leads to itself: its address says that it no longer stands
            redirects=follow_redirects(of_events, {**dict(zip(gone, gone, strict=True)), **moved}, live),
        )

    def _assign(self, drafts: Sequence[Drafted], old: Sequence[Event]) -> tuple[list[str], dict[str, str]]:
        # an event that stands again, since its merge was undone, has its own id again
        earlier = self._previous.redirects if self._previous is not None else ()
        redirected = {key for key, heir in earlier if key != heir} - self._curator.revived
        slugs = [slug_of(draft.event, draft.actor, draft.accused) for draft in drafts]
        events = [draft.event for draft in drafts]
        return EVENT_HEIRS.assign(events, slugs, old, lambda key: key in redirected or self._memory.is_used(key))
