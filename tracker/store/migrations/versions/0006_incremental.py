"""Reconciling step by step: what is pending, and by what a run finds what its documents touch."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add tables; the next reconcile fills them, as it makes everything anew."""
    _add("pending", _key("document_id"), sa.Column("changes", sa.Integer(), nullable=False))
    _add(
        "report",
        _key("rank"),
        sa.Column("document_id", sa.String(), nullable=False, index=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=True, index=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("among", sa.String(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
    )
    found = sa.Column("cluster", sa.String(), nullable=False)
    _add("report_found", _key("name"), _key("month", sa.Integer()), _key("rank"), found)
    first = sa.Column("first", sa.Integer(), nullable=False)
    _add("report_seek", _key("name"), _key("last", sa.Integer()), _key("rank"), first)
    _add("report_use", _key("entity_id"), _key("rank"), sa.Column("document_id", sa.String(), nullable=False))
    _add(
        "happening",
        _key("cluster"),
        sa.Column("event_id", sa.String(), nullable=True, index=True),
        sa.Column("day", sa.Date(), nullable=True),
    )
    _add(
        "name_sum",
        _key("entity_id"),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("readings", sa.Text(), nullable=False),
    )
    _add("document_names", _key("document_id"), sa.Column("payload", sa.Text(), nullable=False))
    _add("event_side", _key("side"), sa.Column("event_id", sa.String(), primary_key=True, index=True))
    op.create_index("ix_redirect_new", "redirect", ["new"])


def _add(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, sqlite_with_rowid=name not in ("report_found", "report_seek", "report_use"))


def _key(name: str, type_: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, type_ or sa.String(), primary_key=True)
