"""Hears of every change of data, whichever process made it.

PostgreSQL tells by NOTIFY, in the moment of the commit; on SQLite one process holds the store, so its
writer tells. What hears of a change must not rely on it alone: the data version is read at every
request, this only makes what is kept in memory go sooner.
"""

import logging
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from domain.errors import StoreError
from store import postgres

log = logging.getLogger(__name__)
# How long an end may take, and after how long a server that went away is asked again.
TURN_S = 0.25
AGAIN_S = 2.0


class ServerWatch:
    """A thread with a connection of its own that calls `heard` at every change on a PostgreSQL database.

    After the server was away it calls once as well: nobody knows what was missed.
    """

    def __init__(self, url: URL, heard: Callable[[], None]) -> None:
        self._engine = postgres.make_plain_engine(url)
        self._heard = heard
        self._ending = threading.Event()
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._work, name="store-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._ending.set()
        self._thread.join()
        self._engine.dispose()

    def _work(self) -> None:
        is_first = True
        while not self._ending.is_set():
            try:
                self._listen(is_first=is_first)
            except (DBAPIError, psycopg.Error, StoreError) as error:
                log.warning("not listening to the database server: %s", type(error).__name__)
                self.listening.clear()
                self._ending.wait(AGAIN_S)
            is_first = False

    def _listen(self, *, is_first: bool) -> None:
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            driver.execute(f"LISTEN {postgres.CHANNEL}")
            self.listening.set()
            if not is_first:
                self._heard()
            while not self._ending.is_set():
                # What came in one turn is one change to whoever hears it.
                if list(driver.notifies(timeout=TURN_S, stop_after=1)):
                    self._heard()
