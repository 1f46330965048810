"""Backups as files: read back before they count, scheduled, kept in number, with the age of the last one."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.backup import (
    EVERY_DAYS_SETTING,
    KEEP_SETTING,
    last_backup,
    ledgers_beside,
    run_scheduled,
    write_backup,
)
from domain.errors import StoreError
from store import open_store
from store.backup_beside import backups_beside
from store.restore import check_backup, restore
from store.sealed_file import Cost
from tests.store.conftest import Make

PASSPHRASE = "čtyři náhodná slova"
CHEAP = Cost(log_n=10)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    opened = open_store(tmp_path / "data", clock=clock)
    opened.places.add(Make().place(), Make.actor)
    yield opened
    opened.close()


def write(store, file):
    return write_backup(store.backups, file, PASSPHRASE, data_dir=store.data_dir, cost=CHEAP)


def scheduled(store, folder, clock):
    return run_scheduled(store, folder=folder, passphrase=PASSPHRASE, now=clock(), cost=CHEAP)


def test_a_backup_is_private_and_noted(store, tmp_path):
    assert last_backup(store.data_dir) is None
    report = write(store, tmp_path / "out" / "a.zaloha")
    assert check_backup(tmp_path / "out" / "a.zaloha", PASSPHRASE).rows == report.rows
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.zaloha"]
    assert (tmp_path / "out" / "a.zaloha").stat().st_mode & 0o777 == 0o600
    last = last_backup(store.data_dir)
    assert (last.at, last.is_checked) == (NOW, True)
    assert not last.is_old(NOW + timedelta(days=7))
    assert last.is_old(NOW + timedelta(days=7, seconds=1))
    assert PASSPHRASE.encode() not in b"".join(p.read_bytes() for p in store.data_dir.rglob("*") if p.is_file())


def test_what_cannot_be_written_is_refused_and_leaves_nothing(store, tmp_path):
    taken = tmp_path / "a.zaloha"
    taken.write_bytes(b"older")
    for file, code in (
        (taken, "backup_file_exists"),
        (store.data_dir / "a.zaloha", "backup_in_data_dir"),
        (store.data_dir / "keys" / "a.zaloha", "backup_in_data_dir"),
        (taken / "below", "backup_not_written"),
    ):
        with pytest.raises(StoreError, match=code):
            write(store, file)
    assert taken.read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zaloha", "data"]
    assert last_backup(store.data_dir) is None


def test_a_backup_that_cannot_be_read_back_does_not_count(store, tmp_path, monkeypatch):
    def damaged(file, passphrase):
        raise StoreError("backup_damaged")

    monkeypatch.setattr("actions.backup.check_backup", damaged)
    with pytest.raises(StoreError, match="backup_damaged"):
        write(store, tmp_path / "a.zaloha")
    assert not list(tmp_path.glob("a.zaloha*"))
    assert last_backup(store.data_dir) is None


def test_the_ledger_goes_along_and_an_older_backup_does_not_bring_back(store, tmp_path):
    folder = tmp_path / "out"
    victim = store.places.add(Make().place(name="KANAREK"), Make.actor)
    write(store, folder / "a.zaloha")
    assert ledgers_beside(folder / "a.zaloha") == []
    store.erasures.erase_place(victim.id, actor=Make.actor, reason="žádost")
    write(store, folder / "b.zaloha")
    ledgers = ledgers_beside(folder / "a.zaloha")
    assert len(ledgers) == 1
    assert restore(folder / "a.zaloha", tmp_path / "new", PASSPHRASE, ledgers=ledgers).erased_again == 1


def test_the_schedule(store, tmp_path, clock):
    folder = tmp_path / "out"
    store.settings.set(EVERY_DAYS_SETTING, 2, actor=Make.actor)
    store.settings.set(KEEP_SETTING, 3, actor=Make.actor)
    (tmp_path / "out").mkdir()
    for name in ("moje.zaloha", "bila-mista-2020-01-01-000000.zaloha.part", "poznamky.txt"):
        (folder / name).write_bytes(b"own")
    taken = []
    for hour in range(0, 24 * 10, 12):
        clock.now = NOW + timedelta(hours=hour)
        if scheduled(store, folder, clock):
            taken.append(hour)
    assert taken == [0, 48, 96, 144, 192]
    ours = sorted(path.name for path in folder.glob("bila-mista-*.zaloha"))
    assert ours == [f"bila-mista-2026-11-{day}-030000.zaloha" for day in (26, 28, 30)]
    assert (folder / "moje.zaloha").read_bytes() == b"own"
    # What a run that was killed left behind goes, what somebody else put there stays.
    assert sorted(path.name for path in folder.iterdir()) == [*ours, "moje.zaloha", "poznamky.txt"]
    rows = [row for row in store.audit.rows() if row.action == "backup"]
    assert [row.entity_id for row in rows][:1] == ["bila-mista-2026-11-30-030000.zaloha"]
    assert len(rows) == 5
    # Somebody emptied the folder: what the note says is no longer there.
    for name in ours:
        (folder / name).unlink()
    assert scheduled(store, folder, clock) is not None


@pytest.mark.parametrize("content", [b"", b"{}", b'{"at": "never", "is_checked": true}', b"[]"])
def test_a_damaged_note_is_none(store, content):
    (store.data_dir / "last-backup.json").write_bytes(content)
    assert last_backup(store.data_dir) is None


def test_a_backup_beside_a_running_server(store, tmp_path):
    with backups_beside(store.data_dir) as backups:
        report = write_backup(backups, tmp_path / "a.zaloha", PASSPHRASE, data_dir=store.data_dir, cost=CHEAP)
    assert report.rows == check_backup(tmp_path / "a.zaloha", PASSPHRASE).rows
    store.places.add(Make().place(), Make.actor)
    with pytest.raises(StoreError, match="not_readable"), backups_beside(tmp_path / "none"):
        pass
