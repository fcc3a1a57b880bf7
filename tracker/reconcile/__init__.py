"""Reconciling: extractions of many documents become events, with every claim, figure and answer beside its source."""

from tracker.reconcile.claims import make_records, version_ids_of, with_last_seen
from tracker.reconcile.copies import find_copies
from tracker.reconcile.curator import Curator
from tracker.reconcile.judging import judge_edits, problems_of
from tracker.reconcile.key import RECONCILER
from tracker.reconcile.reconciler import rebuild, reconcile, update
from tracker.reconcile.review import hold_back
from tracker.reconcile.revisions import list_revisions, revisions_of

__all__ = [
    "RECONCILER",
    "Curator",
    "find_copies",
    "hold_back",
    "judge_edits",
    "list_revisions",
    "make_records",
    "problems_of",
    "rebuild",
    "reconcile",
    "revisions_of",
    "update",
    "version_ids_of",
    "with_last_seen",
]
