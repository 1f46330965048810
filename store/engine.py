"""Connections: what every one of them must promise before it is used."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from domain.errors import StoreError
from store import postgres

T = TypeVar("T")
BUSY_TIMEOUT_MS = 5000
# All ids of a batch go into one statement; SQLite takes at most 32,766 variables, PostgreSQL 65,535.
BATCH_ROWS = 10_000
CACHE_KIB = 64 * 1024
READ_POOL_SIZE = 8
READ_POOL_OVERFLOW = 24
SYNCHRONOUS_FULL = 2

# What the engine says, as a code that has a sentence. The primary code is the low byte.
SQLITE_REFUSALS = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "database_read_only",
    sqlite3.SQLITE_BUSY: "database_locked",
    sqlite3.SQLITE_LOCKED: "database_locked",
    sqlite3.SQLITE_IOERR: "disk_error",
    sqlite3.SQLITE_CANTOPEN: "database_not_readable",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "not_a_database",
}


def make_engine(url: URL, *, writer: bool) -> Engine:
    """Return an engine; the writer's has one connection and begins with the write lock.

    Every SQLite connection is set to WAL, synchronous=FULL, foreign keys on and a busy timeout,
    and asked whether it took them; readers are refused any write. For PostgreSQL see `store.postgres`.
    """
    if url.get_backend_name() == postgres.BACKEND:
        return postgres.make_engine(url, writer=writer)
    if writer:
        engine = sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = sa.create_engine(
            url,
            poolclass=sa.QueuePool,
            pool_size=READ_POOL_SIZE,
            max_overflow=READ_POOL_OVERFLOW,
            connect_args={"check_same_thread": False},
        )

    @sa.event.listens_for(engine, "connect")
    def set_up(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        _set_up_sqlite(dbapi_connection, writer=writer)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The write lock at once: taking it later could fail in the middle of a transaction.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _set_up_sqlite(connection: sqlite3.Connection, *, writer: bool) -> None:
    # None: the driver begins no transactions of its own; the "begin" event above does.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB if writer else CACHE_KIB // 8}")
    if not writer:
        connection.execute("PRAGMA query_only = ON")
    wanted: dict[str, Any] = {
        "journal_mode": "wal",
        "synchronous": SYNCHRONOUS_FULL,
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
    }
    for pragma, value in wanted.items():
        found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != value:
            raise StoreError("durability_not_met", setting=pragma, found=str(found))


def refusal(error: DBAPIError) -> StoreError:
    """Return the error with a sentence for what the database's driver raised."""
    original = error.orig
    code = getattr(original, "sqlite_errorcode", None)
    if isinstance(code, int):
        return StoreError(SQLITE_REFUSALS.get(code & 0xFF, "write_refused"))
    return StoreError("write_refused" if original is None else postgres.refusal_code(original))


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a driver raises into an error with a sentence."""
    try:
        yield
    except DBAPIError as error:
        raise refusal(error) from error


def batches(rows: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Yield the rows in the batches of mass writes."""
    remaining = iter(rows)
    while batch := tuple(islice(remaining, BATCH_ROWS)):
        yield batch


def for_in(values: Sequence[T]) -> list[T]:
    """Return the values for an IN, the last one repeated up to a power of two.

    Each number of values is a statement of its own, and the driver keeps a hundred of them on every connection:
    with a thousand values each that is some hundred megabytes.
    """
    length = 1 << max(len(values) - 1, 0).bit_length()
    return [*values, *[values[-1]] * (length - len(values))] if values else []


def insert(connection: Connection, table: sa.Table) -> Any:  # noqa: ANN401
    """Return the dialect's INSERT with ON CONFLICT, which SQLite and PostgreSQL spell alike."""
    if connection.dialect.name == postgres.BACKEND:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  only where there is a server

        return postgresql.insert(table)
    return sqlite.insert(table)
