"""Run by Alembic for each upgrade, on the connection of `monitor.storage.migration`."""

from alembic import context

from monitor.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's too: its connection begins transactions by itself
)
context.run_migrations()
