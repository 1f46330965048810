"""The one writer of the process: transactions one after another, each with its audit rows."""

import inspect
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert, UpdateBase

from domain.errors import NotPermittedError, StoreError
from domain.place import Actor
from store import postgres, tables
from store.audit_chain import AuditChain, AuditEntry, AuditHead
from store.engine import refusal, refusing
from store.file_system import refused_by_system
from store.mass_insert import insert_rows, upsert_rows
from store.permissions import WITHOUT_ACCOUNT, check_write, refuse_show_as

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Job = tuple[Callable[["Transaction"], Any], "Future[Any]"]

_STATE = tables.store_state.c
_GROWN = sa.update(tables.store_state).values(data_version=_STATE.data_version + 1).returning(_STATE.data_version)

# Names of all functions that change data; a test walks through them.
MUTATIONS: set[str] = set()


class Transaction:
    """One transaction of the writer.

    Notices whether data were changed. A change without an audit row is never committed, and every
    change makes the data version grow.
    """

    def __init__(self, connection: Connection, *, now: datetime, chain: AuditChain) -> None:
        self.connection = connection
        self.now = now
        self._chain = chain
        self._entries: list[AuditEntry] = []
        self.has_changed = False

    def execute(
        self, statement: sa.Executable, parameters: Mapping[str, Any] | list[dict[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Execute a statement and remember whether it was one that changes data."""
        result: CursorResult[Any] = self.connection.execute(statement, parameters)
        if isinstance(statement, UpdateBase) and result.rowcount != 0:
            self.has_changed = True
        return result

    def insert(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows that name the same columns."""
        insert_rows(self.connection, table, rows)
        self.has_changed = self.has_changed or bool(rows)

    def upsert(self, statement: Insert, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute an INSERT with ON CONFLICT for many rows that name the same columns."""
        upsert_rows(self.connection, statement, table, rows)
        self.has_changed = self.has_changed or bool(rows)

    def audit(self, action: str, entity: str, entity_id: str, *, actor: Actor, payload: object) -> None:
        """Note what was done, by whom, to what; written with the commit."""
        self._entries.append(
            AuditEntry(
                at=self.now,
                account_id=actor.account_id,
                organisation_id=actor.organisation_id,
                action=action,
                entity=entity,
                entity_id=entity_id,
                payload=tables.canonical_json(payload),
            )
        )

    def finish(self) -> AuditHead | None:
        """Write the audit rows and the new data version; the last step before the commit.

        Returns the new head of the audit log, None where nothing was noted.

        Raises
        ------
        RuntimeError
            If data were changed and nothing was noted: a fault of the program.
        """
        if self.has_changed and not self._entries:
            raise RuntimeError("a transaction changed data and wrote no audit row")
        if self.has_changed:
            data_version = self.connection.execute(_GROWN).scalar_one()
            if self.connection.dialect.name == postgres.BACKEND:
                postgres.notify(self.connection, data_version)
        return self._chain.append(self.connection, self._entries) if self._entries else None


class Writer:
    """A thread that executes functions in write transactions, in the order they came."""

    def __init__(
        self, engine: Engine, *, chain: AuditChain, clock: Callable[[], datetime], checks_accounts: bool = False
    ) -> None:
        self.checks_accounts = checks_accounts
        # Called after each commit that changed data.
        self.after_change: list[Callable[[], None]] = []
        self._engine = engine
        self._chain = chain
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        # A daemon: whatever is still in the queue at the end was never acknowledged.
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, function: Callable[[Transaction], T]) -> "Future[T]":
        """Queue `function`; the future is done once its transaction is on the disk.

        Raises
        ------
        StoreError
            `store_closed` after `close`.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a write inside a write would wait for itself")
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise StoreError("store_closed")
            self._jobs.put((function, future))
        return future

    def run(self, function: Callable[[Transaction], T]) -> T:
        """Execute `function` in a write transaction and return its result after the commit."""
        return self.submit(function).result()

    def run_for(self, actor: Actor | None, name: str, function: Callable[[Transaction], T]) -> T:
        """Execute `function` for `actor`, if the account may call what is named so at that moment.

        A refusal is noted in the audit log.

        Raises
        ------
        NotPermittedError
            See `store.permissions`; nothing was written.
        """
        if actor is None:
            if self.checks_accounts:
                raise NotPermittedError("account_unknown")
            return self.run(function)
        refuse_show_as(actor)
        if not self.checks_accounts:
            return self.run(function)

        def checked(transaction: Transaction) -> T:
            check_write(transaction.connection, name, actor)
            return function(transaction)

        try:
            return self.run(checked)
        except NotPermittedError as error:
            if name not in WITHOUT_ACCOUNT:
                code = error.code
                self.run(lambda tx: tx.audit("refused", "function", name, actor=actor, payload={"code": code}))
            raise

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            function, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = self._transact(function)
            except DBAPIError as error:
                said = refusal(error)
                said.__cause__ = error
                future.set_exception(said)
            except OSError as error:
                # A photo or the ledger could not be written; the transaction was rolled back.
                refused = refused_by_system(error)
                refused.__cause__ = error
                future.set_exception(refused)
            except BaseException as error:  # noqa: BLE001  the caller gets it, the thread lives on
                future.set_exception(error)
            else:
                future.set_result(result)
            # Nothing of a finished job is kept alive while waiting for the next one.
            del job, function, future

    def _transact(self, function: Callable[[Transaction], T]) -> T:
        with self._engine.begin() as connection:
            transaction = Transaction(connection, now=self._clock(), chain=self._chain)
            result = function(transaction)
            head = transaction.finish()
        if head is not None:
            self._chain.committed(head)
        if transaction.has_changed:
            for heard in self.after_change:
                heard()
        return result


class Repository:
    """Base of the repositories: reads through the pool, writes through the writer."""

    def __init__(self, readers: Engine, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """Begin a read: all its statements see the same state."""
        with refusing(), self._readers.begin() as connection:
            yield connection


S = TypeVar("S", bound=Repository)


def mutation(function: Callable[Concatenate[S, Transaction, P], R]) -> Callable[Concatenate[S, P], R]:
    """Make a method that gets a transaction into one that a caller calls without it.

    This is the only way to the writer, so `MUTATIONS` names every function that changes data. The
    function has a parameter `actor`, whose account is checked in the transaction; one without it is
    refused where accounts are checked.
    """
    MUTATIONS.add(function.__qualname__)
    names = list(inspect.signature(function).parameters)
    # Without self and the transaction, as callers count.
    place = names.index("actor") - 2 if "actor" in names else None

    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        given: Any = kwargs.get("actor") or (args[place] if place is not None and place < len(args) else None)
        actor: Actor | None = given
        return self._writer.run_for(
            actor, function.__qualname__, lambda transaction: function(self, transaction, *args, **kwargs)
        )

    run.__name__ = function.__name__
    run.__qualname__ = function.__qualname__
    run.__module__ = function.__module__
    run.__doc__ = function.__doc__
    return run
