"""Reconciling: extractions of many documents become events, with every claim, figure and answer beside its source."""

from tracker.reconcile.claims import make_records, version_ids_of, with_last_seen
from tracker.reconcile.copies import find_copies
from tracker.reconcile.key import RECONCILER
from tracker.reconcile.reconciler import reconcile
from tracker.reconcile.review import hold_back
from tracker.reconcile.revisions import list_revisions, revisions_of

__all__ = [
    "RECONCILER",
    "find_copies",
    "hold_back",
    "list_revisions",
    "make_records",
    "reconcile",
    "revisions_of",
    "version_ids_of",
    "with_last_seen",
]
