"""What processes that ask the same hosts have to agree on."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Begin with nothing known: what earlier runs counted and held stands in the marks, and is looked at there."""
    op.create_table(
        "host_turn",
        sa.Column("host", sa.String(), primary_key=True),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime()),
        sa.Column("paused_until", sa.DateTime()),
        sa.Column("held_until", sa.DateTime()),
        sa.Column("rests_until", sa.DateTime()),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("silence", sa.String()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("crawl_delay_s", sa.Float(), nullable=False),
        sa.Column("crawl_until", sa.DateTime()),
        sa.Column("slots", sa.JSON(), nullable=False),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(), primary_key=True),
        sa.Column("fetched_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("unreachable", sa.Text()),
        sa.Column("reason", sa.String()),
        sa.Column("is_visited", sa.Boolean(), nullable=False),
    )
