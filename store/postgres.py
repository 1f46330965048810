"""PostgreSQL: which servers are taken, what every session promises, what a refusal means.

One database serves several processes of the app. Their writes go one after another under an
advisory lock, as SQLite's do under its write lock, so that whatever a write reads still stands when
it commits.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import StoreError

# The driver is loaded where there is a server; who has a file does not wait for it.
if TYPE_CHECKING:
    import psycopg

BACKEND = "postgresql"
DRIVER = "postgresql+psycopg"
SCHEMES = frozenset({"postgres", "postgresql", DRIVER})
OLDEST_VERSION = 15
# "BiMi": the number of the lock that puts the writers of all processes in line.
WRITE_LOCK = 0x42694D69
# The table of the schema's revision is called so once the data were moved elsewhere.
MOVED_TABLE = "alembic_version_moved"
CHANNEL = "bila_mista"
CONNECT_TIMEOUT_S = 5
LOCK_TIMEOUT_MS = 10_000
# A process that hangs in the middle of a write must not hold all others up for ever.
IDLE_TIMEOUT_MS = 60_000
# Four processes fit into the 100 connections that a server allows unless told otherwise.
READ_POOL_SIZE = 8
READ_POOL_OVERFLOW = 12

# SQLSTATE, or the class of it, as a code that has a sentence. The whole state goes before its class.
REFUSALS = {
    "53100": "disk_full",
    "53": "database_overloaded",
    "25006": "database_read_only",
    "55P03": "database_locked",
    "40": "database_locked",
    "25P03": "database_locked",
    "58": "disk_error",
    "XX": "database_damaged",
    "08": "database_unreachable",
    "57P": "database_unreachable",
    "42501": "database_access_denied",
}
_DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
}
_ASK = (
    "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), current_setting('fsync'),"
    " current_setting('full_page_writes'), current_setting('synchronous_commit')"
    " FROM pg_database WHERE datname = current_database()"
)


def read_url(text: str) -> URL:
    """Return the URL of a PostgreSQL database, with the driver that this program has.

    Raises
    ------
    StoreError
        `database_url_unknown` for anything else; the error never quotes the URL, which may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError("database_url_unknown") from None
    if url.drivername not in SCHEMES or not url.database:
        raise StoreError("database_url_unknown")
    return url.set(drivername=DRIVER)


def make_engine(url: URL, *, writer: bool) -> Engine:
    """Return an engine; the writer's has one connection and begins with the lock of all writers.

    Readers see one state for a whole transaction and are refused any write. A connection that the
    server closed meanwhile (a restart) is replaced.
    """
    engine = sa.create_engine(
        url,
        pool_size=1 if writer else READ_POOL_SIZE,
        max_overflow=0 if writer else READ_POOL_OVERFLOW,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "bila-mista"},
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(dbapi_connection: "psycopg.Connection[Any]", _record: object) -> None:
        _set_up(dbapi_connection, writer=writer)

    if writer:

        @sa.event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")

    return engine


def _set_up(connection: "psycopg.Connection[Any]", *, writer: bool) -> None:
    require_server(connection)
    level = "READ COMMITTED, READ WRITE" if writer else "REPEATABLE READ, READ ONLY"
    connection.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {level}")
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
    connection.execute(f"SET idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}")
    connection.commit()


def require_server(connection: "psycopg.Connection[Any]") -> None:
    """Refuse a server that is too old, writes no UTF-8 or does not keep what it acknowledged.

    Raises
    ------
    StoreError
        `database_version_old`, `database_not_utf8`, `server_not_durable`.
    """
    row = connection.execute(_ASK).fetchone()
    assert row is not None
    version, encoding, *found = row
    if version < OLDEST_VERSION * 10_000:
        raise StoreError("database_version_old", found=str(version // 10_000), limit=OLDEST_VERSION)
    if encoding != "UTF8":
        raise StoreError("database_not_utf8", found=encoding)
    for (setting, allowed), value in zip(_DURABLE.items(), found, strict=True):
        if value not in allowed:
            raise StoreError("server_not_durable", setting=setting, found=value)


def refusal_code(error: BaseException) -> str:
    """Return the code for what the driver raised.

    A connection that came to nothing has no state: whether the server is away or did not let us in is
    told in its own language only.
    """
    from psycopg import OperationalError  # noqa: PLC0415

    state = getattr(error, "sqlstate", None)
    if state is None:
        return "database_unreachable" if isinstance(error, OperationalError) else "write_refused"
    return next((REFUSALS[state[:n]] for n in (5, 3, 2) if state[:n] in REFUSALS), "write_refused")


def notify(connection: Connection, data_version: int) -> None:
    """Tell every process of the new data version; heard when the transaction is committed."""
    connection.execute(sa.select(sa.func.pg_notify(CHANNEL, str(data_version))))


def require_own_or_empty(connection: Connection) -> None:
    """Refuse a database that holds another program's tables, or whose data were moved; it is left as it is.

    Raises
    ------
    StoreError
        `database_not_empty`, `database_moved`.
    """
    names = set(sa.inspect(connection).get_table_names())
    if MOVED_TABLE in names:
        raise StoreError("database_moved")
    if names and "alembic_version" not in names:
        raise StoreError("database_not_empty", found=", ".join(sorted(names)[:3]))


def begin_restore(connection: Connection) -> None:
    """Refuse to restore into a database that holds anything; let the transaction wait for photos as long as it takes.

    Raises
    ------
    StoreError
        `restore_database_not_empty`.
    """
    names = sorted(sa.inspect(connection).get_table_names())
    if names:
        raise StoreError("restore_database_not_empty", found=", ".join(names[:3]))
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def drop_tables(url: URL) -> None:
    """Take every table out of a database that was empty before this program wrote to it."""
    with make_plain_engine(url).connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def collate(connection: Connection) -> None:
    """Make every text column sort by its bytes, as SQLite's do, whatever the server's locale is.

    People see lists sorted by the rules of their language, which the program does itself; the
    database must only be the same everywhere, also after the server's libraries were renewed.
    """
    query = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' ORDER BY table_name, ordinal_position"
    )
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(query):
        columns.setdefault(table, []).append(column)
    for table, names in columns.items():
        # Names out of the catalogue of our own tables.
        steps = ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE "C"' for name in names)
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {steps}')


def make_plain_engine(url: URL) -> Engine:
    """Return an engine whose every connection is a new one, outside transactions: for commands and for listening."""
    return sa.create_engine(
        url,
        poolclass=sa.NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "bila-mista"},
    )


@contextmanager
def writers_held(url: URL) -> Iterator[None]:
    """Keep every writer of every process waiting for a while; reading goes on."""
    with make_plain_engine(url).connect() as connection:
        connection.exec_driver_sql(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({WRITE_LOCK})")
        yield


def mark_moved(url: URL) -> None:
    """Keep the app from opening a database whose data were moved elsewhere; renaming the table back undoes it."""
    with make_plain_engine(url).connect() as connection:
        connection.exec_driver_sql(f"ALTER TABLE alembic_version RENAME TO {MOVED_TABLE}")


def vacuum(url: URL, tables: Iterable[str]) -> None:
    """Free what deleted rows held in some tables.

    The server writes over it in its own time; its log, archives and backups keep it until they are
    renewed (docs/deployment.md).
    """
    with make_plain_engine(url).connect() as connection:
        connection.exec_driver_sql("VACUUM " + ", ".join(f'"{name}"' for name in tables))
