"""What disputes need of an event is kept beside the whole."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add a column; events that were kept before have their whole."""
    with op.batch_alter_table("event") as table:
        table.add_column(sa.Column("outline", sa.Text(), nullable=True))
