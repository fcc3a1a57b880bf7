"""Run by Alembic with the connection that `tracker.store.schema.upgrade` holds."""

from alembic import context
from sqlmodel import SQLModel

from tracker.store import rows
from tracker.store.columns import fitting

assert rows  # imported for its tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction(), fitting(connection.dialect.name):
    context.run_migrations()
