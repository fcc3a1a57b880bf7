"""Dispute ids that outlive re-runs: handed on by what a dispute consists of, like those of events."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.reconcile.heirs import Heirs, follow_redirects
from tracker.types import Dispute, Reconciled, is_dispute_id


def _shared(new: Dispute, old: Dispute) -> tuple[int, int, int]:
    """(allegations, parties, events) in common; parties and events count where both sides have a party in common.

    So an id survives a better extractor, which gives every claim another id.
    """
    allegations = len(set(new.allegation_ids) & set(old.allegation_ids))
    accusers = set(new.accusers) & set(old.accusers)
    accused = set(new.accused) & set(old.accused)
    events = len(set(new.event_ids) & set(old.event_ids))
    if new.sides != old.sides and not (accusers and accused and events):
        return (allegations, 0, 0)
    return (allegations, len(accusers) + len(accused) + (new.sides == old.sides), events)


def assign_dispute_ids(
    disputes: Sequence[Dispute],
    slugs: Sequence[str],
    previous: Reconciled,
    is_used: Callable[[str], bool] = lambda _: False,
) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """The id of each dispute, and all redirects of disputes, the earlier ones followed to where they lead now.

    A dispute takes the id of the previous one with which it shares most, each old id going once: a split leaves the
    id with the larger part. An old dispute that is now part of another redirects there. `is_used` tells of ids that
    are not in `previous` whether there was ever a dispute with them.
    """
    earlier = {old: new for old, new in previous.redirects if is_dispute_id(old)}
    ids, moved = _HEIRS.assign(
        disputes, slugs, previous.disputes, lambda key: earlier.get(key, key) != key or is_used(key)
    )
    return ids, follow_redirects(earlier.items(), moved, set(ids))


_HEIRS: Heirs[Dispute] = Heirs(
    members=lambda dispute: (dispute.sides, *dispute.allegation_ids, *dispute.event_ids),
    shared=_shared,
    tie=lambda dispute: dispute.sides,
)
