"""Gists: what of a report is compared with other reports, without the claims that it is made of.

A run looks at hundreds of reports and drafts the events of a few: only for those are claims read.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from tracker.reconcile.dates import Interval
from tracker.reconcile.entities import Parties
from tracker.reconcile.reports import Report, Standing, families_of
from tracker.reconcile.tellings import NOTHING, Telling
from tracker.types import ClaimType, Quantity


@dataclass(frozen=True)
class Brief:
    """What a report adds to its cluster, where others are not compared with it; each field is as the report has it."""

    document_id: str
    standing: Standing
    parties: frozenset[str]
    published: date | None
    types: frozenset[ClaimType]
    accused: frozenset[str]
    dates: tuple[Interval, ...]
    """Those of the deed, precise enough to date it by, the narrowest first."""

    @cached_property
    def families(self) -> frozenset[str]:
        return families_of(self.types)


@dataclass(frozen=True)
class Gist(Brief):
    """A report as others see it."""

    claim_ids: tuple[str, ...]
    """In the order of the text."""
    lead: bool
    main: bool
    target: frozenset[str]
    laws: frozenset[str]
    quantities: tuple[Quantity, ...]
    every_date: tuple[Interval, ...]
    """Of all its claims."""
    text: str
    telling: Telling = NOTHING

    @property
    def key(self) -> tuple[str, str]:
        """An order among all reports that does not depend on the order of the documents."""
        return (self.document_id, self.claim_ids[0])


def brief_of(gist: Brief) -> Brief:
    """What of a report its cluster needs in any case."""
    return Brief(**{field.name: getattr(gist, field.name) for field in fields(Brief)})


def gist_of(report: Report, parties: Parties) -> Gist:
    """What of a report others are compared with. Names are as `Parties.bare` has them."""

    def bare(ids: frozenset[str]) -> frozenset[str]:
        return frozenset(map(parties.bare, ids))

    return Gist(
        document_id=report.document_id,
        claim_ids=tuple(m.record.id for m in report.members),
        standing=report.standing,
        lead=report.lead,
        main=report.main,
        parties=bare(report.parties),
        published=report.published,
        types=report.types,
        accused=bare(report.accused),
        target=bare(report.target),
        laws=report.laws,
        quantities=report.quantities,
        dates=report.dates,
        every_date=tuple(d for m in report.members for d in m.dates),
        text=report.text,
        telling=report.telling,
    )
