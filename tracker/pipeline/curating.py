"""Curating: people's edits beside what is stored, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.ids import digest_of
from tracker.ports import Store
from tracker.reconcile import Curator, judge_edits, problems_of
from tracker.types import Curation, Edit, EntityMerge, Judged, Problem, Reconciled, StoredDocument

_EDITS = "reconciled_with_edits"
_CLEAN = "edits_without_problems"


def edits_key(curation: Curation | None) -> str:
    """What a result depends on of the edits; empty where there are none."""
    return digest_of(*curation.key, length=32) if curation and curation.key else ""


def note_edits(store: Store, curation: Curation | None) -> None:
    """Remember which edits the kept result was made with. Done on every run: the last one may have ended before."""
    noted = " ".join(_short(edit) for edit in curation.standing()) if curation else ""
    if store.load_marks().get(_EDITS, "") != noted:
        store.save_mark(_EDITS, noted)


def _short(edit: Edit) -> str:
    return digest_of(edit.key, length=16)


def tell_problems(
    store: Store, curator: Curator, key: str, load: Callable[[], tuple[Sequence[StoredDocument], Reconciled]]
) -> tuple[Problem, ...]:
    """The edits that could not be understood or applied, every time as long as there are such.

    `key` is that of the result, `load` gives all documents and the result. They are looked at only where an edit was
    refused at the last look, or where since then edits or the documents that they name have changed: a run that takes
    in five documents need not read all others for it.
    """
    problems = curator.curation.problems
    if not curator.curation.edits:
        return problems
    stamp = digest_of(key, *curator.seen, *(edit.key for edit in curator.curation.edits), length=32)
    if store.load_marks().get(_CLEAN) == stamp:
        return problems
    refused = problems_of(judge(store, curator, *load()))
    if not refused:
        store.save_mark(_CLEAN, stamp)
    return (*problems, *refused)


def judge(
    store: Store,
    curator: Curator,
    documents: Sequence[StoredDocument],
    reconciled: Reconciled,
    *,
    is_fresh: bool = False,
) -> tuple[Judged, ...]:
    """What became of each edit. `documents` are all that there are, as they were read.

    `is_fresh` says that the result was made with just these edits; of the kept one that is on record.
    """
    curation = curator.curation
    if not curation.edits:
        return ()
    named = set(curator.naming.gazetteer_ids)
    if any(isinstance(edit.act, EntityMerge) for edit in curation.edits):
        named |= {m.entity_id for d in documents for extraction in d.extractions for m in extraction.mentions}
    noted = frozenset(store.load_marks().get(_EDITS, "").split())
    pending = frozenset(edit.id for edit in curation.standing() if not is_fresh and _short(edit) not in noted)
    wanted = curator.document_ids
    held = {document.id: document for document in documents if document.id in wanted}
    return judge_edits(curator, held, named, reconciled, pending=pending)
