"""What collecting keeps beyond the first schema: seen times, costs and reasons of attempts, diffs and signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns; what was kept before has no value in them."""
    with op.batch_alter_table("sighting") as table:
        table.add_column(sa.Column("publisher", sa.String(), nullable=True))
        table.add_column(sa.Column("language", sa.String(), nullable=True))
        table.add_column(sa.Column("first_seen_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("last_seen_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("items", sa.Integer(), nullable=True))
        table.add_column(sa.Column("bytes", sa.Integer(), nullable=True))
        table.add_column(sa.Column("elapsed_ms", sa.Integer(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(), nullable=True))
    op.create_index("attempt_by_time", "attempt", ["at"], unique=False)
    with op.batch_alter_table("version") as table:
        table.add_column(sa.Column("diff", sa.Text(), nullable=True))
        table.add_column(sa.Column("dateline", sa.String(), nullable=True))
        table.add_column(sa.Column("syndicated_from", sa.String(), nullable=True))
        table.add_column(sa.Column("signature", sa.Text(), nullable=True))
