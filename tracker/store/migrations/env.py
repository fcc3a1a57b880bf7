"""Run by Alembic with the connection that `open_store` holds."""

from alembic import context
from sqlmodel import SQLModel

from tracker.store import rows

assert rows  # imported for its tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
