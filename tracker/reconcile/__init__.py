"""Reconciling: extractions of many documents become events, with every claim, figure and answer beside its source."""

from tracker.reconcile.claims import make_records, version_ids_of
from tracker.reconcile.copies import find_copies
from tracker.reconcile.key import RECONCILER
from tracker.reconcile.reconciler import reconcile
from tracker.reconcile.review import hold_back

__all__ = ["RECONCILER", "find_copies", "hold_back", "make_records", "reconcile", "version_ids_of"]
