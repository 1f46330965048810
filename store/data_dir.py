"""The folder of the data: made private, locked against a second server, checked before use."""

import os
import sqlite3
import struct
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from domain.errors import StoreError
from store.file_system import refuse_network

if sys.platform != "win32":
    import fcntl

DATABASE_NAME = "bila-mista.sqlite"
# What the file is called once it was moved to a server.
MOVED_SUFFIX = ".moved"
KEYS_NAME = "keys"
LOCK_NAME = "lock"
DIRECTORY_MODE = 0o700
FILE_MODE = 0o600
# "BiMi": marks the file as ours, so that another program's database is told from it.
APPLICATION_ID = 0x42694D69
SQLITE_HEADER = b"SQLite format 3\0"
HEADER_LENGTH = 100
# A larger database is not read through at every start; `PRAGMA quick_check` reads all of it.
QUICK_CHECK_MAX_BYTES = 64 * 1024 * 1024


def check_before_use(data_dir: Path) -> None:
    """Refuse, before anything is made, a DATA_DIR that other machines share or whose restore was cut short.

    Raises
    ------
    StoreError
        `network_file_system`, `restore_unfinished`.
    """
    refuse_network(data_dir)
    unfinished = restoring_folder(data_dir)
    if unfinished.exists() and not (data_dir / DATABASE_NAME).exists():
        raise StoreError("restore_unfinished", path=str(unfinished))


def make_data_dir(data_dir: Path) -> None:
    """Make DATA_DIR and its folder for keys, readable by their owner alone.

    Raises
    ------
    StoreError
        `data_dir_not_a_directory` or `data_dir_not_writable`.
    """
    if data_dir.exists() and not data_dir.is_dir():
        raise StoreError("data_dir_not_a_directory", path=str(data_dir))
    keys = data_dir / KEYS_NAME
    try:
        data_dir.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        keys.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
    except OSError:
        raise StoreError("data_dir_not_writable", path=str(data_dir)) from None
    for folder in (data_dir, keys):
        # Somebody else's folder cannot be narrowed; whether we may write there shows at once.
        with suppress(PermissionError):
            folder.chmod(DIRECTORY_MODE)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise StoreError("data_dir_not_writable", path=str(folder))


def restoring_folder(data_dir: Path) -> Path:
    """Return where an installation is restored before it is moved to DATA_DIR whole."""
    return data_dir.with_name(data_dir.name + ".restoring")


class SharedLock:
    """A hold on the lock file that many processes have at once and that keeps the single holder out."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise Timeout(str(path)) from None

    def release(self) -> None:
        """Let go; twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def lock_data_dir(data_dir: Path, *, shared: bool = False) -> FileLock | SharedLock:
    """Take the lock that keeps a second server away from DATA_DIR; released by the kernel at death.

    With `shared` other servers may hold it so too, none alone: for several on one PostgreSQL. Where the
    system has no such locks (Windows) it is held alone.

    Raises
    ------
    StoreError
        `data_dir_in_use` if another process (or another store in this one) holds it.
    """
    path = data_dir / LOCK_NAME
    try:
        if shared and sys.platform != "win32":
            return SharedLock(path)
        lock = FileLock(path, timeout=0, mode=FILE_MODE, thread_local=False)
        lock.acquire()
    except Timeout:
        raise StoreError("data_dir_in_use", path=str(data_dir)) from None
    except OSError:
        raise StoreError("data_dir_not_writable", path=str(data_dir)) from None
    return lock


def require_writable(path: Path) -> None:
    """Refuse a database whose file or log may not be written, before SQLite opens it.

    It would give a new log the mode of the database, and the log would stay read-only when the
    database no longer is.

    Raises
    ------
    StoreError
        `database_read_only`.
    """
    for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))):
        if file.exists() and not os.access(file, os.W_OK):
            raise StoreError("database_read_only", path=str(file))


@contextmanager
def holding(file: IO[bytes]) -> Iterator[None]:
    """Keep other processes that ask for it out of an open file for a moment (a no-op on Windows)."""
    if sys.platform == "win32":
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def check_database_file(path: Path) -> None:
    """Refuse a file that is no whole database of this program; it is only read.

    Raises
    ------
    StoreError
        `not_a_database`, `database_foreign` or `database_damaged`.
    """
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_LENGTH)
            size = file.seek(0, os.SEEK_END)
    except OSError:
        raise StoreError("database_not_readable", path=str(path)) from None
    if len(header) < HEADER_LENGTH or not header.startswith(SQLITE_HEADER):
        raise StoreError("not_a_database", path=str(path))
    page_size = struct.unpack(">H", header[16:18])[0]
    page_size = 65536 if page_size == 1 else page_size
    change_counter, pages = struct.unpack(">II", header[24:32])
    (valid_for,) = struct.unpack(">I", header[92:96])
    wal = path.with_name(path.name + "-wal")
    wal_is_empty = not wal.exists() or wal.stat().st_size == 0
    # With an empty log the file must be as long as its header says; a copy cut short is not.
    if wal_is_empty and change_counter == valid_for and pages * page_size > size:
        raise StoreError("database_damaged", path=str(path))
    _check_content(path, size)


def _check_content(path: Path, size: int) -> None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            application_id = connection.execute("PRAGMA application_id").fetchone()[0]
            if application_id != APPLICATION_ID:
                raise StoreError("database_foreign", path=str(path))
            if size <= QUICK_CHECK_MAX_BYTES:
                findings = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if findings != "ok":
                    raise StoreError("database_damaged", path=str(path))
    except sqlite3.DatabaseError:
        raise StoreError("database_damaged", path=str(path)) from None


def write_private_file(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole or not at all, through to the disk."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_directory(path.parent)


def sync_directory(folder: Path) -> None:
    """Make new names in `folder` survive a loss of power (a no-op where folders cannot be opened)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
