"""Move an installation from its file to PostgreSQL or back: `python -m store.move_database FROM TO`.

One of the two is DATA_DIR, the other the address of a PostgreSQL database (`DATABASE_URL` means: the
one in the environment, so that no password stands in a command). Every server must be stopped. The
copy is whole or not at all: what is stopped halfway leaves the target as it was, and can be run again.
Keys, photos and the ledger of erasures stay in DATA_DIR. The source is kept, marked as moved, so that
nobody goes on working in it by mistake; it also keeps what will be erased later, so delete it once
the new place has proved itself.
"""

import argparse
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from domain.errors import AppError, StoreError
from store import postgres, tables
from store.audit_chain import AuditChain, load_key
from store.data_dir import DATABASE_NAME, KEYS_NAME, MOVED_SUFFIX, check_database_file, lock_data_dir, sync_directory
from store.engine import make_engine, refusing
from store.migrate import check_revision, current_revision, head_revision, migrate
from store.store import make_database_file, sqlite_url

ROWS_AT_A_TIME = 5000
# What the migrations themselves put into a new database.
SEEDED = ("store_state", "accounts", "organisations")
MAKING = ".moving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One table: how many rows it has and the digest of all of them, the same in both places."""

    table: str
    rows: int
    digest: str


def move(data_dir: Path, url: URL, *, to_server: bool, tell: Callable[[str], None] = lambda _line: None) -> list[Moved]:
    """Copy every table from the file in `data_dir` to the server's database, or from there into the file.

    A target that is this very copy already is compared only.

    Raises
    ------
    StoreError
        `data_dir_in_use` while a server runs, `database_moved`, `move_source_outdated`, `move_target_not_empty`,
        `move_differs`, `audit_key_missing`, `audit_key_differs`, and what opening either may raise.
        The target is as it was.
    """
    path = data_dir / DATABASE_NAME
    lock = lock_data_dir(data_dir)
    try:
        with refusing():
            return _to_server(data_dir, path, url, tell) if to_server else _to_file(data_dir, path, url, tell)
    finally:
        lock.release()


def _to_server(data_dir: Path, path: Path, url: URL, tell: Callable[[str], None]) -> list[Moved]:
    has_moved = not path.exists() and moved_path(path).exists()
    source_path = moved_path(path) if has_moved else path
    check_database_file(source_path)
    with _reading(sqlite_url(source_path)) as reading, _writing(url) as writing:
        postgres.require_own_or_empty(writing)
        moved = _fill(reading, writing, data_dir, tell)
    with postgres.make_plain_engine(url).connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    if not has_moved:
        path.replace(moved_path(path))
        sync_directory(path.parent)
    return moved


def _to_file(data_dir: Path, path: Path, url: URL, tell: Callable[[str], None]) -> list[Moved]:
    # It may be this very copy, made before: then it is compared.
    is_there = path.exists()
    target = path if is_there else path.with_name(path.name + MAKING)
    with postgres.writers_held(url):
        with _reading(url) as reading:
            if is_there:
                check_database_file(path)
            else:
                make_database_file(target)
            with _writing(sqlite_url(target)) as writing:
                moved = _fill(reading, writing, data_dir, tell)
        if not is_there:
            target.replace(path)
            sync_directory(path.parent)
        postgres.mark_moved(url)
    return moved


@contextmanager
def _reading(url: URL) -> Iterator[Connection]:
    """Open the source: all that is read of it is one state."""
    engine = make_engine(url, writer=False)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == postgres.BACKEND:
                postgres.require_own_or_empty(connection)
            check_revision(connection)
            if current_revision(connection) != head_revision():
                raise StoreError("move_source_outdated")
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _writing(url: URL) -> Iterator[Connection]:
    """Open the target: all that is written there is one transaction."""
    engine = make_engine(url, writer=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _fill(reading: Connection, writing: Connection, data_dir: Path, tell: Callable[[str], None]) -> list[Moved]:
    """Copy into a target that holds nothing of its own and compare; or compare one that is the same already."""
    chain = AuditChain(data_dir / KEYS_NAME, key=load_key(data_dir / KEYS_NAME, may_make=False))
    chain.require_own_key(reading, links_needed=1)
    migrate(writing)
    is_filled = writing.execute(sa.select(tables.store_state.c.data_version)).scalar_one() > 0
    ordered = tables.metadata.sorted_tables
    if not is_filled:
        for name in SEEDED:
            writing.execute(sa.delete(tables.metadata.tables[name]))
    moved = []
    for table in ordered:
        plain = _plain(table)
        rows = _read(reading, plain, table)
        if not is_filled:
            rows = _written(writing, plain, rows)
        digest, count = _digest(rows)
        if (digest, count) != _digest(_read(writing, plain, table)):
            raise StoreError("move_target_not_empty" if is_filled else "move_differs", found=table.name)
        moved.append(Moved(table=table.name, rows=count, digest=digest))
        tell(f"{table.name}: {count} rows, {digest[:16]}")
    if chain.verify(writing) != chain.verify(reading):
        raise StoreError("move_differs", found=tables.audit_log.name)
    return moved


def _plain(table: sa.Table) -> sa.TableClause:
    """Return the table with its texts as they are stored, whatever they are read as elsewhere."""
    return sa.table(table.name, *(sa.column(column.name, _plain_type(column.type)) for column in table.columns))


def _plain_type(kind: Any) -> Any:  # noqa: ANN401  a type of SQLAlchemy
    return sa.Text() if isinstance(kind, (tables.Codes, tables.JsonText)) else kind


def _read(connection: Connection, plain: sa.TableClause, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in the order of the primary key, a few thousand in memory at a time."""
    query = sa.select(plain).order_by(*(plain.c[column.name] for column in table.primary_key.columns))
    found = connection.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME})
    for part in found.partitions():
        yield from (tuple(row) for row in part)


def _written(writing: Connection, plain: sa.TableClause, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Insert the rows and pass them on."""
    names = [column.name for column in plain.columns]
    statement = sa.insert(plain)
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(dict(zip(names, row, strict=True)))
        if len(batch) == ROWS_AT_A_TIME:
            writing.execute(statement, batch)
            batch.clear()
        yield row
    if batch:
        writing.execute(statement, batch)


def _digest(rows: Iterable[tuple[Any, ...]]) -> tuple[str, int]:
    """Return the SHA-256 over all rows, and how many there were."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(repr([_spelled(value) for value in row]).encode())
        count += 1
    return digest.hexdigest(), count


def _spelled(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def moved_path(path: Path) -> Path:
    """Return where the file lies after it was moved to a server."""
    return path.with_name(path.name + MOVED_SUFFIX)


def read_ends(source: str, target: str) -> tuple[Path, URL, bool]:
    """Return DATA_DIR, the server's address and whether the way goes to the server.

    Raises
    ------
    StoreError
        `move_ends` unless one end is a folder and the other an address.
    """
    ends = [os.environ.get("DATABASE_URL") or end if end == "DATABASE_URL" else end for end in (source, target)]
    is_url = ["://" in end for end in ends]
    if is_url == [False, True] and ends[0]:
        return Path(ends[0]), postgres.read_url(ends[1]), True
    if is_url == [True, False] and ends[1]:
        return Path(ends[1]), postgres.read_url(ends[0]), False
    raise StoreError("move_ends")


def main(arguments: Sequence[str] | None = None) -> int:
    """Move and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m store.move_database", description=__doc__)
    parser.add_argument("source", metavar="FROM", help="DATA_DIR, or postgresql://..., or DATABASE_URL")
    parser.add_argument("target", metavar="TO", help="DATA_DIR, or postgresql://..., or DATABASE_URL")
    asked = parser.parse_args(arguments)
    try:
        data_dir, url, to_server = read_ends(asked.source, asked.target)
        moved = move(data_dir, url, to_server=to_server, tell=print)
    except AppError as error:
        print(f"not moved: {error}", file=sys.stderr)
        return 1
    print(f"{sum(one.rows for one in moved)} rows of {len(moved)} tables are the same in both places.")
    print("Start the app with DATABASE_URL set." if to_server else "Start the app without DATABASE_URL.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
