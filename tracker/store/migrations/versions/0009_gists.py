"""What reports are compared by, and what events bear on disputes, apart from what they are made of."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Empty the reports for their new columns; the reconciler is another as well, so the next run fills them."""
    for name in ("report", "report_found", "report_seek", "report_use", "happening"):
        op.execute(sa.delete(sa.table(name)))
    with op.batch_alter_table("report") as table:
        table.alter_column("among", new_column_name="cuts")
        table.add_column(sa.Column("brief", sa.Text(), nullable=False))
        table.add_column(sa.Column("gist", sa.Text(), nullable=False))
        table.add_column(sa.Column("uses", sa.Text(), nullable=False))
    with op.batch_alter_table("happening") as table:
        table.add_column(sa.Column("is_event", sa.Boolean(), nullable=False))
    with op.batch_alter_table("event") as table:
        table.drop_column("outline")
    op.create_table(
        "bearing",
        sa.Column("event_id", sa.String(), primary_key=True),
        sa.Column("payload", sa.Text(), nullable=False),
    )
