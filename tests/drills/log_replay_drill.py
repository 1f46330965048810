"""A loss of power cuts the database's log somewhere: after a write that was forced to the disk, or in the middle of
one that was not. A log is recorded while places with visits, corrections and merges are acknowledged one after
another, then cut at 1,000 points, with nothing, zeros or garbage behind the cut. Opened again, everything that was
acknowledged before that point of the log must be there, and nothing by halves.
"""

import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from store import open_store
from store.audit_chain import HEAD_NAME
from store.data_dir import DATABASE_NAME
from tests.drills.findings import at_least, none_of, told
from tests.drills.kill_writer import Session
from tests.drills.whole_store import half_written, lost

WRITES = 200
CUTS = 1_000
SHORT_WRITES = 40
SHORT_CUTS = 40
# Opening the whole store at each cut would take an hour: every so many are opened so, all are asked with SQL.
OPENED_WHOLE = 20
KINDS = ("create", "edit", "edit", "photo", "merge")
LOG_HEADER = 32
# Zeros and garbage behind a cut: as much as was on its way to the disk.
MOST_BEHIND = 256 * 1024


def run(seed, *, full):
    rng = random.Random(seed)
    cuts = CUTS if full else SHORT_CUTS
    with tempfile.TemporaryDirectory(prefix="log-replay-drill-") as folder:
        recording = Path(folder) / "recording"
        first_head, acknowledged = record(recording, rng, WRITES if full else SHORT_WRITES)
        log = (recording / f"{DATABASE_NAME}-wal").read_bytes()
        losses = halves = opened = 0
        for number in range(cuts):
            cut = place_of_cut(rng, number, log, acknowledged)
            target = Path(folder) / "cut"
            reached = [moment for moment in acknowledged if moment[0] <= cut]
            # The head of the audit log is not forced to the disk: it may be that of any write before the cut.
            head = rng.choice(reached)[2] if reached else first_head
            left = min(len(log) - cut, MOST_BEHIND)
            cut_copy(recording, target, log[:cut] + rng.choice((b"", bytes(left), rng.randbytes(left))), head)
            before = [line for _, line, _ in reached]
            losses += len(lost(target, before))
            if number % OPENED_WHOLE == 0:
                opened += 1
                halves += len(half_written(target))
            else:
                halves += not whole(target)
            shutil.rmtree(target)
    return [
        at_least("writes acknowledged", len(acknowledged), WRITES if full else SHORT_WRITES),
        at_least("points at which the log was cut", cuts, CUTS if full else SHORT_CUTS),
        none_of("acknowledged writes lost", losses),
        none_of("databases with something by halves", halves),
        told("length of the log", len(log) / 2**20, "MB"),
        told("cuts after which the whole store was opened and verified", opened),
    ]


def record(data_dir, rng, writes):
    """Return the first head and each acknowledged write with the log's length and the head at that moment."""
    store = open_store(data_dir)
    base = data_dir.with_name("base.sqlite")
    path, head = data_dir / DATABASE_NAME, data_dir / "keys" / HEAD_NAME
    first_head = head.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        # Somebody who reads from the beginning keeps the log from being begun anew.
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(path, base)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM places").fetchone()
        session, acknowledged = Session(store, rng, 0), []
        for _ in range(writes):
            kind = rng.choice(KINDS) if len(session.mine) > 3 else "create"
            line = {"done": kind, **getattr(session, kind)()}
            size = path.with_name(path.name + "-wal").stat().st_size
            acknowledged.append((size, line, head.read_bytes()))
        shutil.copyfile(path.with_name(path.name + "-wal"), data_dir.with_name("log"))
        store.close()
    # The database as it was at the beginning, with the whole log: what a power cut would have found at worst.
    shutil.copyfile(base, path)
    shutil.copyfile(data_dir.with_name("log"), path.with_name(path.name + "-wal"))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    return first_head, acknowledged


def place_of_cut(rng, number, log, acknowledged):
    """Return any byte, or one close to an acknowledgement: that is where a fault would show."""
    if number % 2:
        return rng.randrange(LOG_HEADER, len(log) + 1)
    size, _, _ = rng.choice(acknowledged)
    return min(max(LOG_HEADER, size + rng.choice((0, 0, 1, -1, 24, -24))), len(log))


def cut_copy(recording, target, log, head):
    target.mkdir()
    shutil.copyfile(recording / DATABASE_NAME, target / DATABASE_NAME)
    shutil.copytree(recording / "keys", target / "keys")
    (target / "keys" / HEAD_NAME).write_bytes(head)
    (target / "photos").symlink_to(recording / "photos")
    (target / f"{DATABASE_NAME}-wal").write_bytes(log)


def whole(data_dir):
    with closing(sqlite3.connect(data_dir / DATABASE_NAME)) as connection:
        one = lambda sql: connection.execute(sql).fetchone()[0]  # noqa: E731
        return (
            one("PRAGMA quick_check") == "ok"
            and not connection.execute("PRAGMA foreign_key_check").fetchall()
            and one("SELECT count(*) FROM places") == one("SELECT count(*) FROM audit_log WHERE action = 'place.add'")
            and one("SELECT count(*) FROM visits") == one("SELECT count(*) FROM audit_log WHERE action = 'visit.add'")
            and one("SELECT count(*) FROM place_versions") == one("SELECT coalesce(sum(revision), 0) FROM places")
        )
