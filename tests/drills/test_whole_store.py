"""What the drills look with can see: each kind of loss and each half is found when it is made on purpose."""

import random
import sqlite3

import pytest

from store import open_store
from store.data_dir import DATABASE_NAME
from tests.drills.fdatasync_drill import counted
from tests.drills.kill_writer import Session
from tests.drills.whole_store import half_written, lost

DAMAGES = [
    "DELETE FROM place_versions WHERE rowid = (SELECT max(rowid) FROM place_versions)",
    "UPDATE places SET revision = revision + 1",
    "DELETE FROM place_activity",
    "DELETE FROM visits WHERE rowid = (SELECT max(rowid) FROM visits)",
    "DELETE FROM audit_log WHERE seq = 3",
    "UPDATE place_cells SET count = count + 1",
    "UPDATE visit_groups SET dates = substr(dates, 19)",
    "DELETE FROM photos",
    "UPDATE photos SET sha256 = 'x'",
    "DELETE FROM place_merges",
    "UPDATE places SET state = 'suggested'",
]


@pytest.fixture
def written(tmp_path):
    store = open_store(tmp_path / "data")
    session = Session(store, random.Random(1), 0)
    kinds = ["create"] * 5 + ["edit", "edit", "photo", "merge", "edit"]
    acknowledged = [{"done": kind, **getattr(session, kind)()} for kind in kinds]
    store.close()
    return tmp_path / "data", acknowledged


def damage(data_dir, statement):
    with sqlite3.connect(data_dir / DATABASE_NAME) as connection:
        assert connection.execute(statement).rowcount


def test_a_whole_store_is_whole(written):
    data_dir, acknowledged = written
    assert half_written(data_dir) == []
    assert lost(data_dir, acknowledged) == []


@pytest.mark.parametrize("statement", DAMAGES)
def test_every_half_is_found(written, statement):
    data_dir, _ = written
    damage(data_dir, statement)
    assert half_written(data_dir) != []


@pytest.mark.parametrize("suffix", ["", "short"])
def test_a_lost_or_half_photo_is_found(written, suffix):
    data_dir, _ = written
    (photo,) = (data_dir / "photos").iterdir()
    photo.write_text(suffix) if suffix else photo.unlink()
    assert len(half_written(data_dir)) == 1


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("visits", {"create"}),
        ("place_versions", {"edit"}),
        ("photos", {"photo"}),
        ("place_merges", {"merge", "create"}),
    ],
)
def test_every_loss_is_found(written, table, kinds):
    data_dir, acknowledged = written
    damage(data_dir, f"DELETE FROM {table}")
    assert {line["done"] for line in lost(data_dir, acknowledged)} == kinds


def test_an_acknowledgement_before_the_log_is_on_the_disk_is_found():
    sync = "1 fdatasync(5</x/bila-mista.sqlite-wal>) = 0"
    begin, done = '1 write(1</dev/null>, "begin", 5) = 5', '1 write(1</dev/null>, "done", 4) = 4'
    head = "1 fdatasync(6</x/keys/audit.head>) = 0"
    # Another thread came between: the call counts where it ended.
    first, second = "2 fdatasync(5</x/bila-mista.sqlite-wal> <unfinished ...>", "2 <... fdatasync resumed>) = 0"
    for lines, found in (
        ([sync, begin, sync, done, sync, done], (2, 2, 0)),
        ([sync, begin, done, sync, sync, done], (2, 2, 1)),
        ([begin, head, done], (1, 0, 1)),
        ([begin, first, done, second, done], (2, 1, 1)),
    ):
        assert counted("\n".join(lines)) == found
