"""The newest askings of a source are found without reading its whole log."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add an index."""
    op.create_index("attempt_by_listing", "attempt", ["source", "is_listing", "id"], unique=False)
