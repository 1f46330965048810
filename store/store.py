"""The store as one object, and how it is opened."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from domain.errors import StoreError
from store import postgres
from store.accounts import Accounts
from store.audit import Audit
from store.audit_chain import HEAD_NAME, AuditChain, has_history, is_empty_log, load_key
from store.backup import Backups
from store.data_dir import (
    APPLICATION_ID,
    DATABASE_NAME,
    KEYS_NAME,
    MOVED_SUFFIX,
    SharedLock,
    check_before_use,
    check_database_file,
    lock_data_dir,
    make_data_dir,
    require_writable,
    sync_directory,
    write_private_file,
)
from store.datasets import Datasets
from store.declared_coverage import DeclaredCoverages
from store.engine import make_engine, refusal, refusing
from store.erasure import Erasures
from store.erasure_ledger import LEDGER_NAME
from store.events import Events
from store.file_system import refused_by_system
from store.invitations import Invitations
from store.merges import Merges
from store.migrate import check_revision, current_revision, migrate
from store.organisations import Organisations
from store.photos import FOLDER as PHOTOS_FOLDER
from store.photos import Photos
from store.places import Places
from store.plans import Plans
from store.quarter_notes import QuarterNotes
from store.quick_records import QuickRecords
from store.reviews import Reviews
from store.settings import Settings
from store.shares import Shares
from store.tables import store_state
from store.town_hall_contacts import TownHallContacts
from store.trail import Trails
from store.visits import Changes, Visits
from store.writer import Writer

if TYPE_CHECKING:
    from store.watch import ServerWatch

_DATA_VERSION = sa.select(store_state.c.data_version)


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


class Store:
    """The database of one installation. Made by `open_store`; safe to use from many threads.

    Attributes
    ----------
    places, visits, changes, datasets, plans, declared_coverage, town_hall_contacts, settings, organisations,
    accounts, invitations, shares, events, reviews, merges, quick_records, trails, quarter_notes, photos, erasures,
    audit, backups
        The repositories. What changes data goes through one writer, each change with its audit row
        in the same transaction; readers see whole transactions only.
    data_dir
        The folder of the installation.
    """

    def __init__(
        self, *, data_dir: Path, readers: Engine, writing: Engine, chain: AuditChain, lock: FileLock | SharedLock,
        clock: Callable[[], datetime], checks_accounts: bool = False,
    ) -> None:  # fmt: skip
        self.data_dir = data_dir
        self._readers = readers
        self._writing = writing
        self._lock = lock
        self.watches: list[ServerWatch] = []
        self.writer = Writer(writing, chain=chain, clock=clock, checks_accounts=checks_accounts)
        self.places = Places(readers, self.writer)
        self.visits = Visits(readers, self.writer)
        self.changes = Changes(readers, self.writer)
        self.datasets = Datasets(readers, self.writer)
        self.plans = Plans(readers, self.writer)
        self.declared_coverage = DeclaredCoverages(readers, self.writer)
        self.town_hall_contacts = TownHallContacts(readers, self.writer)
        self.settings = Settings(readers, self.writer)
        self.organisations = Organisations(readers, self.writer)
        self.accounts = Accounts(readers, self.writer, data_dir)
        self.invitations = Invitations(readers, self.writer)
        self.shares = Shares(readers, self.writer)
        self.events = Events(readers, self.writer)
        self.reviews = Reviews(readers, self.writer)
        self.merges = Merges(readers, self.writer)
        self.quick_records = QuickRecords(readers, self.writer)
        self.trails = Trails(readers, self.writer)
        self.quarter_notes = QuarterNotes(readers, self.writer)
        self.photos = Photos(readers, self.writer, data_dir)
        self.erasures = Erasures(readers, self.writer, data_dir, self.photos)
        self.audit = Audit(readers, self.writer, chain)
        self.backups = Backups(readers, data_dir, chain, clock)

    def data_version(self) -> int:
        """Return a number that grows with every change of data; caches and ETags hang on it."""
        with refusing(), self._readers.connect() as connection:
            return int(connection.execute(_DATA_VERSION).scalar_one())

    def on_change(self, heard: Callable[[], None]) -> None:
        """Call `heard` after every change of data, on PostgreSQL also after another process's.

        It is called in a thread of the store, must be quick and must not write.
        """
        if self._writing.dialect.name == postgres.BACKEND:
            from store.watch import ServerWatch  # noqa: PLC0415  it needs the driver of servers

            self.watches.append(ServerWatch(self._writing.url, heard))
        else:
            self.writer.after_change.append(heard)

    def close(self) -> None:
        """Finish the queued writes, close every connection, release DATA_DIR; twice does no harm."""
        for watch in self.watches:
            watch.close()
        self.watches.clear()
        self.writer.close()
        self._readers.dispose()
        self._writing.dispose()
        self._lock.release()


def open_store(
    data_dir: Path,
    *,
    database_url: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    checks_accounts: bool = False,
) -> Store:
    """Open the store of an installation; make it where DATA_DIR holds none yet.

    Call it at the first use, not at import: it takes the lock of DATA_DIR.

    Parameters
    ----------
    data_dir
        Folder of the database, the keys and the lock; made with mode 0700.
    database_url
        A PostgreSQL database that several processes may use; keys, photos and the ledger of erasures stay in
        `data_dir`, which they share.
    clock
        Source of the instants that are stored.
    checks_accounts
        Whether every write asks whether its actor's account may do it now (`store.permissions`);
        shared mode does, local mode has one user.

    Raises
    ------
    StoreError
        `data_dir_in_use`, `data_dir_not_a_directory`, `data_dir_not_writable`, `not_a_database`,
        `database_foreign`, `database_damaged`, `database_missing`, `database_newer`,
        `database_read_only`, `database_older`, `audit_key_missing`, `audit_key_differs`, `durability_not_met`,
        `network_file_system`, `restore_unfinished`; of a server also what `store.postgres` refuses and
        `database_empty_beside_history`. What is there is left as it is.
    """
    if database_url is None:
        check_before_use(data_dir)
    make_data_dir(data_dir)
    lock = lock_data_dir(data_dir, shared=database_url is not None)
    try:
        return _open_locked(
            data_dir, database_url=database_url, lock=lock, clock=clock, checks_accounts=checks_accounts
        )
    except DBAPIError as error:
        lock.release()
        raise refusal(error) from error
    except OSError as error:
        lock.release()
        raise refused_by_system(error) from error
    except BaseException:
        lock.release()
        raise


def _open_locked(
    data_dir: Path,
    *,
    database_url: str | None,
    lock: FileLock | SharedLock,
    clock: Callable[[], datetime],
    checks_accounts: bool,
) -> Store:
    keys = data_dir / KEYS_NAME
    url = _prepare_file(data_dir / DATABASE_NAME, keys) if database_url is None else postgres.read_url(database_url)
    writing, readers = make_engine(url, writer=True), make_engine(url, writer=False)
    try:
        with readers.connect() as connection:
            check_revision(connection)
        with writing.begin() as connection:
            if database_url is not None:
                _require_right_server(connection, keys)
            migrate(connection)
            # The key is there before the first row that needs it is committed.
            chain = AuditChain(keys, key=load_key(keys, may_make=is_empty_log(connection)))
            chain.start(connection)
    except BaseException:
        writing.dispose()
        readers.dispose()
        raise
    return Store(
        data_dir=data_dir, readers=readers, writing=writing, chain=chain, lock=lock, clock=clock,
        checks_accounts=checks_accounts,
    )  # fmt: skip


def _prepare_file(path: Path, keys: Path) -> URL:
    """Return the URL of the database file, checked; of one made just now where there was none."""
    if path.exists():
        require_writable(path)
        check_database_file(path)
        load_key(keys, may_make=False)
    else:
        _require_nothing_lost(path, keys)
        load_key(keys, may_make=True)
        new = path.with_name(path.name + ".making")
        make_database_file(new)
        new.replace(path)
        sync_directory(path.parent)
    return sqlite_url(path)


def _require_right_server(connection: Connection, keys: Path) -> None:
    """Refuse a server's database that is another program's, or empty beside the history of a full one."""
    postgres.require_own_or_empty(connection)
    if current_revision(connection) is None and has_history(keys):
        raise StoreError("database_empty_beside_history")


def sqlite_url(path: Path) -> URL:
    """Return the URL of a database file."""
    return URL.create("sqlite", database=str(path.absolute()))


def _require_nothing_lost(path: Path, keys: Path) -> None:
    """Refuse to begin anew where a database once was: its audit head, its log or its photos are still there."""
    if path.with_name(path.name + MOVED_SUFFIX).exists():
        raise StoreError("database_moved")
    beside = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    traces = (keys / HEAD_NAME, *beside, path.with_name(LEDGER_NAME), *path.with_name(PHOTOS_FOLDER).glob("*.jpg"))
    if any(trace.exists() for trace in traces):
        raise StoreError("database_missing", path=str(path))


def make_database_file(new: Path) -> None:
    """Make an empty database of this program; its caller moves it to its place whole, so that none is half made."""
    for left_over in (new, new.with_name(new.name + "-wal"), new.with_name(new.name + "-shm")):
        left_over.unlink(missing_ok=True)
    # SQLite gives its log the mode of the database.
    write_private_file(new, b"")
    engine = make_engine(sqlite_url(new), writer=True)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection)
    finally:
        # The last connection moves the log into the file and removes it.
        engine.dispose()
