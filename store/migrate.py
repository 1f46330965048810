"""Brings a database to this program's schema, or refuses one that a newer program made.

Alembic is loaded only where there is something to migrate: it is a sixth of what opening a store costs.
"""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import StoreError
from store import postgres, tables

SCRIPTS = Path(__file__).parent / "migrations"
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.Text))


def migrate(connection: Connection) -> None:
    """Apply the missing migrations inside the connection's transaction: all of them or none.

    Raises
    ------
    StoreError
        `database_newer` or `database_damaged`; nothing was changed.
    """
    check_revision(connection)
    if current_revision(connection) != head_revision():
        _upgrade(connection, head_revision())
        if connection.dialect.name == postgres.BACKEND:
            postgres.collate(connection)
    missing = set(tables.metadata.tables) - set(sa.inspect(connection).get_table_names())
    if missing:
        raise StoreError("database_damaged", path=", ".join(sorted(missing)))


def migrate_to(connection: Connection, revision: str) -> None:
    """Make the tables of an empty database as they were at `revision`, for rows of that time.

    Raises
    ------
    StoreError
        `backup_newer` if this program does not know the revision.
    """
    if revision not in revisions():
        raise StoreError("backup_newer", revision=revision)
    _upgrade(connection, revision)


def check_revision(connection: Connection) -> None:
    """Raise `StoreError` (`database_newer`) if this program does not know the database's revision."""
    revision = current_revision(connection)
    if revision is not None and revision not in revisions():
        raise StoreError("database_newer", revision=revision)


@cache
def revisions() -> tuple[str, ...]:
    """Return every revision that this program knows, the first one first.

    A revision is called as its file, and the files stand in the order of their numbers.
    """
    return tuple(sorted(path.stem for path in (SCRIPTS / "versions").glob("[0-9]*.py")))


def head_revision() -> str:
    """Return the revision that this program makes."""
    return revisions()[-1]


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database, None for one without tables."""
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
