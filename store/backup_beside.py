"""Backups of an installation whose server may be running in another process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from store import postgres
from store.audit_chain import AuditChain, load_key
from store.backup import Backups
from store.data_dir import DATABASE_NAME, KEYS_NAME, check_database_file
from store.engine import make_engine, refusal
from store.store import sqlite_url, utc_now


@contextmanager
def backups_beside(
    data_dir: Path, *, database_url: str | None = None, clock: Callable[[], datetime] = utc_now
) -> Iterator[Backups]:
    """Yield what takes backups of a DATA_DIR; takes no lock, migrates and writes nothing.

    Raises
    ------
    StoreError
        If there is no readable database or no key.
    """
    path = data_dir / DATABASE_NAME
    if database_url is None:
        check_database_file(path)
    keys = data_dir / KEYS_NAME
    chain = AuditChain(keys, key=load_key(keys, may_make=False))
    engine = make_engine(sqlite_url(path) if database_url is None else postgres.read_url(database_url), writer=False)
    try:
        yield Backups(engine, data_dir, chain, clock)
    except DBAPIError as error:
        raise refusal(error) from error
    finally:
        engine.dispose()
