"""Alembic's entry: migrates on the connection that `store.migrate` hands over.

Databases only go forward, so a migration has an `upgrade` and nothing else: what was written since cannot be
squeezed into an older schema. The way back is a backup of before (docs/backup.md).
"""

from alembic import context

from store.tables import metadata


def run() -> None:
    """Run the missing migrations within the transaction of the connection.

    SQLite has transactional DDL; Alembic assumes that its driver has not. Ours begins transactions
    itself (see `store.engine`), so a migration that is killed leaves the schema as it was.
    """
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


# Imported outside a migration (by a tool that collects modules) there is nothing to run.
if hasattr(context, "config"):
    run()
