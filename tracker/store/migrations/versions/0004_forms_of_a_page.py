"""Which version a page was read as, and which of a document's addresses a version came from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add columns; what was kept before has no value in them."""
    with op.batch_alter_table("page") as table:
        table.add_column(sa.Column("version_id", sa.String(), nullable=True))
    with op.batch_alter_table("version") as table:
        table.add_column(sa.Column("fetched_url", sa.String(), nullable=True))
