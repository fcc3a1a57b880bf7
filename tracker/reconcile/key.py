"""Which reconciler made a result: a part of the key under which results are kept."""

RECONCILER = "reconcile/45"
"""Raise the number with every change that can change a result, so that kept results are made anew."""
