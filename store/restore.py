"""Restoring a backup into an empty place, or only reading it through; see `store.backup`.

The new folder is made beside its place and moved there whole: a file that turns out to be damaged,
a full disk or a loss of power leave the place as it was. Rows that go to a server are one transaction.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from domain.errors import Problem, ProblemsError, StoreError
from store import postgres
from store.backup_members import Kind, Member, members_of
from store.data_dir import (
    APPLICATION_ID,
    DATABASE_NAME,
    DIRECTORY_MODE,
    KEYS_NAME,
    LOCK_NAME,
    SharedLock,
    lock_data_dir,
    make_data_dir,
    restoring_folder,
    sync_directory,
    write_private_file,
)
from store.engine import make_engine, refusal
from store.erasure_ledger import LEDGER_NAME
from store.migrate import migrate_to
from store.photos import FOLDER as PHOTOS_FOLDER
from store.plain_rows import PlainTable, TableDigest, digest_of, insert_lines, plain_tables
from store.store import open_store, sqlite_url


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What a backup holds, and how many places were erased again after it was restored.

    `audit_head` is `SEQ:DIGEST` at the moment of the backup; `photos_missing` are the ids of photos
    whose file was missing already then.
    """

    made_at: datetime
    rows: int
    photos: int
    photos_missing: tuple[str, ...]
    audit_head: str
    erased_again: int = 0


class _Reading:
    """Counts what comes out of a backup and compares it with what its end says."""

    def __init__(self) -> None:
        self.manifest: Mapping[str, Any] = {}
        self.end: Mapping[str, Any] = {}
        self.digests: dict[str, TableDigest] = {}
        self.photos = 0

    def begin(self, manifest: Mapping[str, Any]) -> None:
        self.manifest = manifest
        self.digests = {name: TableDigest() for name in manifest["tables"]}

    def take_lines(self, table: str, lines: Sequence[bytes]) -> None:
        for line in lines:
            self.digests[table].add(line)

    def take_photo(self, name: str, content: bytes) -> None:  # noqa: ARG002  a restore keeps it
        self.photos += 1

    def take_file(self, folder: str, name: str, content: bytes) -> None:
        """Keep a key, the head of the audit log or the ledger; nothing is to be counted."""

    def finish(self, end: Mapping[str, Any]) -> RestoreReport:
        self.end = end
        written = {name: digest.written() for name, digest in self.digests.items()}
        if written != end["tables"] or self.photos != end["photos"]:
            raise StoreError("backup_damaged")
        return RestoreReport(
            made_at=datetime.fromisoformat(self.manifest["made_at"]),
            rows=sum(digest.rows for digest in self.digests.values()),
            photos=self.photos,
            photos_missing=tuple(end["photos_missing"]),
            audit_head=str(end["audit_head"]),
        )


class _Restoring(_Reading):
    """Writes what comes out of a backup into a new database and its folder."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        super().__init__()
        self._connection = connection
        self._folder = folder
        self._tables: dict[str, PlainTable] = {}

    def begin(self, manifest: Mapping[str, Any]) -> None:
        super().begin(manifest)
        migrate_to(self._connection, str(manifest["revision"]))
        if self._connection.dialect.name == postgres.BACKEND:
            postgres.collate(self._connection)
        tables = plain_tables(self._connection)
        if {table.name for table in tables} != set(manifest["tables"]):
            raise StoreError("backup_damaged")
        # What the migrations put in: the backup has those rows too, as they are now.
        for table in reversed(tables):
            self._connection.execute(sa.delete(table.table))
        self._tables = {table.name: table.with_columns(manifest["tables"][table.name]) for table in tables}

    def take_lines(self, table: str, lines: Sequence[bytes]) -> None:
        super().take_lines(table, lines)
        insert_lines(self._connection, self._tables[table], lines)

    def take_photo(self, name: str, content: bytes) -> None:
        super().take_photo(name, content)
        self.take_file(PHOTOS_FOLDER, name, content)

    def take_file(self, folder: str, name: str, content: bytes) -> None:
        place = self._folder / folder
        place.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
        write_private_file(place / name, content)

    def finish(self, end: Mapping[str, Any]) -> RestoreReport:
        report = super().finish(end)
        # Not what was meant to be inserted: what stands in the new database now.
        stored = {name: digest_of(self._connection, table).written() for name, table in self._tables.items()}
        if stored != end["tables"]:
            raise StoreError("backup_damaged")
        return report


def check_backup(file: Path, passphrase: str) -> RestoreReport:
    """Read a backup to its end, compare its digests, write nothing.

    Raises
    ------
    StoreError
        `backup_not_readable`, `not_a_backup`, `backup_newer`, `backup_wrong_passphrase`,
        `backup_damaged`.
    """
    return _read(file, passphrase, _Reading())


def restore(
    file: Path, data_dir: Path, passphrase: str, *, ledgers: Sequence[Path] = (), database_url: str | None = None
) -> RestoreReport:
    """Make an installation of a backup, in a folder that is not there yet or empty.

    With `database_url` the rows go into that empty PostgreSQL database, and only keys, photos and the
    ledger of erasures into the folder; whichever engine the backup was taken of. Rows are compared
    with the backup's digests, the audit chain and the counts per cell are verified, and what ledgers
    name is erased again: the backup's own, `ledgers` (of the lost folder, or beside newer backups),
    and one that lies in `data_dir` alone.

    Raises
    ------
    StoreError
        `restore_target_not_empty`, `restore_database_not_empty`, `restore_not_written`, those of
        `check_backup` and, of a server, of `store.postgres`; the target is as it was.
    ProblemsError
        `restore_failed` with what is wrong with the audit log or the counts.
    """
    _require_empty(data_dir)
    url = None if database_url is None else postgres.read_url(database_url)
    making = restoring_folder(data_dir)
    named = [path for path in (*ledgers, data_dir / LEDGER_NAME) if path.exists()]
    lock = _begin(making)
    try:
        report = _restore_rows(making, file, passphrase, url)
        with _emptied_on_failure(url):
            _join_ledgers(making, named)
            # Opening takes the lock again.
            lock.release()
            report = replace(report, erased_again=_erase_and_verify(making, database_url))
            _move(making, data_dir)
    except BaseException as error:
        lock.release()
        shutil.rmtree(making, ignore_errors=True)
        if isinstance(error, DBAPIError):
            raise refusal(error) from error
        if isinstance(error, OSError):
            raise StoreError("restore_not_written", path=str(data_dir)) from error
        raise
    return report


def try_restore(file: Path, passphrase: str, *, scratch: Path) -> RestoreReport:
    """Restore a backup into the folder `scratch`, which must not exist, and remove it again; raises as `restore`."""
    try:
        return restore(file, scratch, passphrase)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _read(file: Path, passphrase: str, reading: _Reading) -> RestoreReport:
    try:
        source = file.open("rb")
    except OSError:
        raise StoreError("backup_not_readable", path=str(file)) from None
    report = None
    with source:
        for member in members_of(source, passphrase):
            try:
                report = _take(reading, member) or report
            except (ValueError, KeyError, TypeError):
                raise StoreError("backup_damaged") from None
    if report is None:
        raise StoreError("backup_damaged")
    return report


def _take(reading: _Reading, member: Member) -> RestoreReport | None:
    match member.kind:
        case Kind.MANIFEST:
            reading.begin(json.loads(member.content))
        case Kind.ROWS:
            reading.take_lines(member.name, member.content.split(b"\n"))
        case Kind.PHOTO:
            reading.take_photo(member.name, member.content)
        case Kind.KEY:
            reading.take_file(KEYS_NAME, member.name, member.content)
        case Kind.LEDGER:
            reading.take_file("", member.name, member.content)
        case Kind.END:
            return reading.finish(json.loads(member.content))
    return None


def _require_empty(data_dir: Path) -> None:
    if not data_dir.exists():
        return
    if not data_dir.is_dir():
        raise StoreError("data_dir_not_a_directory", path=str(data_dir))
    if any(path.name != LEDGER_NAME for path in data_dir.iterdir()):
        raise StoreError("restore_target_not_empty", path=str(data_dir))


def _begin(making: Path) -> FileLock | SharedLock:
    """Make the folder anew and lock it; what a restore that was cut short left in it goes."""
    make_data_dir(making)
    lock = lock_data_dir(making)
    for left_over in making.iterdir():
        if left_over.is_dir():
            shutil.rmtree(left_over, ignore_errors=True)
        elif left_over.name != LOCK_NAME:
            left_over.unlink()
    make_data_dir(making)
    return lock


def _restore_rows(making: Path, file: Path, passphrase: str, url: URL | None) -> RestoreReport:
    path = making / DATABASE_NAME
    if url is None:
        # SQLite gives its log the mode of the database.
        write_private_file(path, b"")
    engine = make_engine(url or sqlite_url(path), writer=True)
    try:
        with engine.begin() as connection:
            if url is None:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            else:
                postgres.begin_restore(connection)
            return _read(file, passphrase, _Restoring(connection, making))
    finally:
        engine.dispose()


@contextmanager
def _emptied_on_failure(url: URL | None) -> Iterator[None]:
    """Take the rows out of the server again if what comes after their commit fails; the folder just goes."""
    try:
        yield
    except BaseException:
        if url is not None:
            postgres.drop_tables(url)
        raise


def _join_ledgers(making: Path, ledgers: Sequence[Path]) -> None:
    own = making / LEDGER_NAME
    lines = [line for ledger in (own, *ledgers) for line in ledger.read_bytes().splitlines() if line.strip()]
    if lines:
        write_private_file(own, b"\n".join(dict.fromkeys(lines)) + b"\n")
    else:
        own.unlink()


def _erase_and_verify(making: Path, database_url: str | None) -> int:
    store = open_store(making, database_url=database_url)
    try:
        erased = store.erasures.replay()
        problems: list[Problem] = [*store.audit.verify(), *store.places.verify_cells(), *store.visits.verify_groups()]
    finally:
        store.close()
    if problems:
        raise ProblemsError("restore_failed", problems)
    return erased


def _move(making: Path, data_dir: Path) -> None:
    """Put the finished folder in its place; a ledger that lay there alone is in the new one."""
    (data_dir / LEDGER_NAME).unlink(missing_ok=True)
    making.replace(data_dir)
    sync_directory(data_dir.parent)
