"""Run by Alembic with the connection that `tracker.store.schema.upgrade` holds."""

from alembic import context

from tracker.store.columns import fitting
from tracker.store.subscriptions.rows import METADATA, VERSIONS

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    version_table=VERSIONS,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction(), fitting(connection.dialect.name):
    context.run_migrations()
