"""Stories: happenings as they are drafted, every report whole, with what recalls them and what is remarked beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.reconcile.clusters import when_of
from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.reports import Report
from tracker.types import ClaimRecord

_OWN_ACTS = frozenset({"allegation", "company_action", "government_action", "legal_action", "legislation"})
"""Types of claim that are somebody's own charge or act."""


@dataclass
class Story:
    """One happening."""

    name: str
    """That of its cluster."""
    reports: Sequence[Report]
    recalled: list[Report] = field(default_factory=list)
    """Those that only recall it."""
    remarks: list[Report] = field(default_factory=list)
    """Charges by others against the same accused, told in passing by a document that reports the happening."""

    @property
    def document_ids(self) -> set[str]:
        """The documents that report it."""
        return {report.document_id for report in self.reports}

    @property
    def when(self) -> Interval | None:
        """`when_of` its reports."""
        return when_of(self.reports)


def is_theirs(record: ClaimRecord, story: Story, parties: Parties) -> bool:
    """Whether what is recalled is a charge or an act of those who speak or act in the event, or of nobody by name.

    "In February X accused A, and Y reported attempts against its own systems": what Y reported is not X's charge. Nor
    is another kind of deed by X ("a forum that X set up in 2023").
    """
    claim = record.claim
    voices = {who for who in (claim.speaker, claim.on_behalf_of) if who}
    theirs = {party for report in story.reports for party in report.parties}
    if not voices or not theirs or claim.type not in _OWN_ACTS:
        return True
    if claim.type != "allegation" and not any(claim.type in report.types for report in story.reports):
        return False
    return parties.overlap(voices, theirs, depth=4) or parties.one_government(voices, theirs)
