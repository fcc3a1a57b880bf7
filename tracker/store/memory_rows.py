"""The tables by which a run of the reconciler finds what its documents touch. All can be made anew at any time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from tracker.store.columns import fit


class PendingRow(SQLModel, table=True):
    """A document that came or changed since it was last reconciled."""

    __tablename__ = "pending"

    document_id: str = Field(primary_key=True)
    changes: int = 1
    """How often: a change that comes while a run goes on is not lost with it."""


class ReportRow(SQLModel, table=True):
    """What one document tells of one happening, and what became of it."""

    __tablename__ = "report"

    rank: str = Field(primary_key=True)
    """Its place among all reports (`tracker.reconcile.blocks.rank_of`)."""
    document_id: str = Field(index=True)
    role: str
    cluster: str | None = Field(default=None, index=True)
    """The rank of the first report of its cluster."""
    score: float
    cuts: str
    """How near the farthest were of the clusters that it was compared with, as JSON."""
    reach: str = Field(sa_type=Text)
    brief: str = Field(sa_type=Text)
    """What its cluster needs of it in any case, as JSON."""
    gist: str = Field(sa_type=Text)
    """What of it is compared with others, as JSON."""
    uses: str = Field(sa_type=Text)
    """The unknown names on whose reading it depends, as JSON."""
    payload: str = Field(sa_type=Text)
    """The report as JSON, its claims by id."""


class ReportFoundRow(SQLModel, table=True):
    """A name and a month under which a report's cluster is found."""

    __tablename__ = "report_found"

    name: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    rank: str = Field(primary_key=True)
    cluster: str


class ReportSeekRow(SQLModel, table=True):
    """A name under which a report looks for clusters, from the first to the last month."""

    __tablename__ = "report_seek"

    name: str = Field(primary_key=True)
    last: int = Field(primary_key=True)
    rank: str = Field(primary_key=True)
    first: int


class ReportUseRow(SQLModel, table=True):
    """An unknown name on whose reading a report depends."""

    __tablename__ = "report_use"

    entity_id: str = Field(primary_key=True)
    rank: str = Field(primary_key=True)
    document_id: str


class HappeningRow(SQLModel, table=True):
    """What became of a cluster."""

    __tablename__ = "happening"

    cluster: str = Field(primary_key=True)
    event_id: str | None = Field(default=None, index=True)
    day: date | None = None
    is_event: bool


class BearingRow(SQLModel, table=True):
    """What an event bears on disputes."""

    __tablename__ = "bearing"

    event_id: str = Field(primary_key=True)
    payload: str = Field(sa_type=Text)


class NameSumRow(SQLModel, table=True):
    """What all documents together say of one entity."""

    __tablename__ = "name_sum"

    entity_id: str = Field(primary_key=True)
    documents: int
    readings: str = Field(sa_type=Text)
    """[[name, type, mentions], ...] of an unknown one, as JSON."""


class DocumentNamesRow(SQLModel, table=True):
    """What one document adds to the sums."""

    __tablename__ = "document_names"

    document_id: str = Field(primary_key=True)
    payload: str = Field(sa_type=Text)


class EventSideRow(SQLModel, table=True):
    """A side of a dispute that an event touches."""

    __tablename__ = "event_side"

    side: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True, index=True)


fit(SQLModel.metadata)
