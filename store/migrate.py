"""Brings a database to this program's schema, or refuses one that a newer program made."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from domain.errors import StoreError
from store import postgres, tables

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Apply the missing migrations inside the connection's transaction: all of them or none.

    Raises
    ------
    StoreError
        `database_newer` or `database_damaged`; nothing was changed.
    """
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    check_revision(connection, scripts)
    if current_revision(connection) != scripts.get_current_head():
        command.upgrade(config, "head")
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
    config = _config(connection)
    if revision not in _revisions(ScriptDirectory.from_config(config)):
        raise StoreError("backup_newer", revision=revision)
    command.upgrade(config, revision)


def check_revision(connection: Connection, scripts: ScriptDirectory | None = None) -> None:
    """Raise `StoreError` (`database_newer`) if this program does not know the database's revision."""
    scripts = scripts or ScriptDirectory(str(SCRIPTS))
    revision = current_revision(connection)
    if revision is not None and revision not in _revisions(scripts):
        raise StoreError("database_newer", revision=revision)


def head_revision() -> str | None:
    """Return the revision that this program makes."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database, None for one without tables."""
    revision: str | None = MigrationContext.configure(connection).get_current_revision()
    return revision


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revisions(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}
