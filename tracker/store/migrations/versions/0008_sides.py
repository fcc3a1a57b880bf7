"""Between which sides a dispute lies, so that those that a run may change are found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add columns; the reconciler is another as well, so the next run fills them."""
    with op.batch_alter_table("dispute") as table:
        table.add_column(sa.Column("accuser_side", sa.String(), nullable=True))
        table.add_column(sa.Column("accused_side", sa.String(), nullable=True))
