"""Writes where writing is refused, and says how it went: `python -m tests.drills.refused_writer SCENARIO DATA_DIR SEED`.

Permissions do not hold for root, so the scenarios run as nobody where they can.
"""

import json
import os
import random
import resource
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

from domain.errors import AppError
from domain.text import Language
from store import open_store
from store.data_dir import DATABASE_NAME
from tests.drills.kill_writer import Session
from ui.localisation import message_keys

NOBODY = 65534
KINDS = ("create", "create", "edit", "photo", "merge")
REFUSALS = 30
WRITES = 12
FILLER = "filler"
# Longer than a connection waits for the lock.
LOCKED_S = 6.5


class Tried:
    """Counts writes: acknowledged, refused with a sentence, and anything else."""

    def __init__(self):
        self.acknowledged, self.codes, self.unsaid = [], {}, []

    def write(self, session, kind=None):
        kind = kind or (session.rng.choice(KINDS) if len(session.mine) > 3 else "create")
        return self.attempt(lambda: self.acknowledged.append({"done": kind, **getattr(session, kind)()}))

    def attempt(self, action):
        try:
            action()
        except AppError as error:
            if f"error-{error.code.replace('_', '-')}" not in message_keys(Language.CS):
                self.unsaid.append(repr(error))
            self.codes[error.code] = self.codes.get(error.code, 0) + 1
            return False
        except BaseException as error:
            self.unsaid.append(repr(error))
            return False
        return True


def full_disk(data_dir, rng, tried):
    """Write until there is no room, make room, write on."""
    store = open_store(data_dir)
    session = Session(store, rng, 0)
    while sum(tried.codes.values()) + len(tried.unsaid) < REFUSALS:
        tried.write(session)
    (data_dir.parent / FILLER).unlink()
    written = sum(tried.write(session) for _ in range(WRITES))
    store.close()
    return written


def size_limit(data_dir, rng, tried):
    """The same where nothing can be mounted: files may not grow beyond a limit."""
    store = open_store(data_dir)
    session = Session(store, rng, 0)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
    while sum(tried.codes.values()) + len(tried.unsaid) < REFUSALS:
        tried.write(session)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    written = sum(tried.write(session) for _ in range(WRITES))
    store.close()
    return written


def read_only_file(data_dir, rng, tried):
    """The file of the database is made read-only, then writable again."""
    first = open_store(data_dir)
    session = Session(first, rng, 0)
    for _ in range(WRITES):
        tried.write(session)
    first.close()
    path = data_dir / DATABASE_NAME
    path.chmod(0o400)
    opened = []
    if tried.attempt(lambda: opened.append(open_store(data_dir))):
        session.store = opened[0]
        tried.write(session)
        opened[0].close()
    path.chmod(0o600)
    return reopened(data_dir, session, tried)


def lost_permission(data_dir, rng, tried):
    """The folder and its photos become read-only while the server runs; then the server is started again."""
    first = open_store(data_dir)
    session = Session(first, rng, 0)
    for kind in ("create",) * 4 + ("photo",):
        tried.write(session, kind)
    folders = (data_dir / "photos", data_dir / "keys", data_dir)
    for folder in folders:
        folder.chmod(0o500)
    for _ in range(WRITES):
        tried.write(session)
    tried.write(session, "photo")
    first.close()
    opened = []
    for folder in folders:
        folder.chmod(0o500)
    if tried.attempt(lambda: opened.append(open_store(data_dir))):
        opened[0].close()
    for folder in reversed(folders):
        folder.chmod(0o700)
    return reopened(data_dir, session, tried)


def lock_held(data_dir, rng, tried):
    """Another program holds the write lock longer than anybody waits."""
    store = open_store(data_dir)
    session = Session(store, rng, 0)
    for _ in range(4):
        tried.write(session, "create")
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with closing(sqlite3.connect(data_dir / DATABASE_NAME, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            held.set()
            let_go.wait(LOCKED_S * 10)
            connection.execute("ROLLBACK")

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    tried.write(session)
    let_go.set()
    holder.join()
    written = sum(tried.write(session) for _ in range(WRITES))
    store.close()
    return written


def reopened(data_dir, session, tried):
    store = open_store(data_dir)
    session.store = store
    written = sum(tried.write(session) for _ in range(WRITES))
    store.close()
    return written


SCENARIOS = {one.__name__: one for one in (full_disk, size_limit, read_only_file, lost_permission, lock_held)}
AS_NOBODY = {"read_only_file", "lost_permission"}


def main():
    name, data_dir, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if name in AS_NOBODY and os.geteuid() == 0:
        # What is imported at first use must be imported while the folders of the program can still be read.
        warm = data_dir.with_name("warm")
        store = open_store(warm)
        Session(store, random.Random(1), 0).create()
        message_keys(Language.CS)
        store.close()
        os.chown(data_dir.parent, NOBODY, NOBODY)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    tried = Tried()
    written = SCENARIOS[name](data_dir, random.Random(seed), tried)
    print(
        json.dumps({"acknowledged": tried.acknowledged, "codes": tried.codes, "unsaid": tried.unsaid, "after": written})
    )


if __name__ == "__main__":
    main()
