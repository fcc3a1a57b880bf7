"""What a run makes of the last result: everything that is to be written, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.reconcile.bearings import Bearing
from tracker.reconcile.blocks import Placed
from tracker.reconcile.memory import Drafting
from tracker.reconcile.names import DocumentNames, NameSum
from tracker.types import ClaimRecord, Dispute, Entity, Event, Revision


@dataclass(frozen=True)
class Change:
    """The difference between the last result and the next."""

    document_ids: tuple[str, ...] = ()
    """The documents whose records, names and revisions are replaced by these; of one that is gone there are none."""
    records: tuple[ClaimRecord, ...] = ()
    revisions: tuple[Revision, ...] = ()
    names: Mapping[str, DocumentNames] = field(default_factory=dict)
    sums: Mapping[str, NameSum] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    gone_entities: tuple[str, ...] = ()
    reports: tuple[Placed, ...] = ()
    """Those that are new, or are what or where they were not before."""
    gone_reports: tuple[str, ...] = ()
    """By rank."""
    drafted: Mapping[str, Drafting] = field(default_factory=dict)
    gone_clusters: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    """Those that were drafted anew, whether they came out otherwise or not."""
    gone_events: tuple[str, ...] = ()
    sides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each of the events the sides whose disputes it may change."""
    bearings: tuple[Bearing, ...] = ()
    """What these events bear on disputes."""
    disputes: tuple[Dispute, ...] = ()
    """Those that were drafted anew."""
    gone_disputes: tuple[str, ...] = ()
    redirects: tuple[tuple[str, str], ...] = ()
    """Those that are new or lead elsewhere now."""
