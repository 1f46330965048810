"""A backup of either engine is restored straight into an empty PostgreSQL database, and back; else it stays empty."""

import psycopg
import pytest

from domain.errors import StoreError
from store import open_store
from store import restore as restoring
from store.data_dir import DATABASE_NAME, restoring_folder
from store.erasure_ledger import LEDGER_NAME
from store.restore import restore
from tests.store.test_backup import PASSPHRASE, back_up, digests, photo_of


@pytest.fixture
def full(store, make):
    for number in range(5):
        place = store.places.add(make.place(name=f"Dům „{number}“\n\x7f😀"), make.actor, visit=make.visit())
        store.changes.add(make.change(place.id), make.actor)
    photo_of(store, make, place.id, b"jpeg" * 1000)
    store.settings.set("klíč", {"a": [1.5, None, "ž"]}, actor=make.actor)
    return store


@pytest.fixture
def file(full, tmp_path):
    path = tmp_path / "zaloha"
    back_up(full, path)
    return path


@pytest.fixture
def server(clusters):
    """Address of an empty database."""
    name = clusters.require().make_database()
    yield clusters.cluster.url(name)
    clusters.cluster.drop_database(name)


def tables_of(url):
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in rows]


def test_a_backup_of_either_engine_goes_to_a_server_and_back(full, file, server, tmp_path, make):
    target, again = tmp_path / "new", tmp_path / "again"
    before = digests(full)
    report = restore(file, target, PASSPHRASE, database_url=server)
    assert report.rows == sum(rows for rows, _ in before.values())
    assert not (target / DATABASE_NAME).exists()
    assert not restoring_folder(target).exists()
    assert {path.name for path in (target / "photos").iterdir()} == {
        path.name for path in (full.data_dir / "photos").iterdir()
    }
    restored = open_store(target, database_url=server)
    try:
        assert digests(restored) == before
        assert restored.audit.verify() == restored.places.verify_cells() == []
        assert restored.audit.head() == full.audit.head()
        back_up(restored, tmp_path / "second")
        # It is a place to go on working in.
        restored.places.add(make.place(), make.actor)
        assert restored.audit.verify() == []
    finally:
        restored.close()
    restore(tmp_path / "second", again, PASSPHRASE)
    back = open_store(again)
    try:
        assert digests(back) == before
    finally:
        back.close()


def test_every_text_of_a_restored_database_sorts_by_its_bytes(file, server, tmp_path):
    restore(file, tmp_path / "new", PASSPHRASE, database_url=server)
    with psycopg.connect(server) as connection:
        query = (
            "SELECT DISTINCT collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text'"
        )
        assert connection.execute(query).fetchall() == [("C",)]


def test_what_was_erased_after_the_backup_is_erased_again(full, make, server, tmp_path):
    victim = full.places.add(make.place(name="KANAREK"), make.actor)
    file, target = tmp_path / "zaloha", tmp_path / "new"
    back_up(full, file)
    full.erasures.erase_place(victim.id, actor=make.actor, reason="žádost")
    ledgers = [full.data_dir / LEDGER_NAME]
    assert restore(file, target, PASSPHRASE, ledgers=ledgers, database_url=server).erased_again == 1
    with psycopg.connect(server) as connection:
        for table in tables_of(server):
            assert "KANAREK" not in str(connection.execute(f'SELECT t::text FROM "{table}" t').fetchall())


def refused(file, target, server, code, passphrase=PASSPHRASE):
    with pytest.raises(StoreError, match=code) as caught:
        restore(file, target, passphrase, database_url=server)
    assert caught.value.code == code
    assert not target.exists()
    assert not restoring_folder(target).exists()


def test_wrong_cut_short_or_changed_is_refused_and_the_database_stays_empty(file, server, tmp_path):
    target, whole = tmp_path / "new", file.read_bytes()
    refused(file, target, server, "backup_wrong_passphrase", "čtyři náhodná slovo")
    damaged = tmp_path / "damaged"
    for length in (len(whole) - 1, len(whole) // 2, 100):
        damaged.write_bytes(whole[:length])
        refused(damaged, target, server, "backup_damaged")
    for place in (len(whole) // 2, len(whole) - 20):
        content = bytearray(whole)
        content[place] ^= 1
        damaged.write_bytes(content)
        refused(damaged, target, server, "backup_damaged")
    assert tables_of(server) == []
    # Nothing of it stands in the way of the right one.
    assert restore(file, target, PASSPHRASE, database_url=server).photos == 1


def test_a_database_that_holds_something_is_refused_untouched(file, server, tmp_path):
    with psycopg.connect(server) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT 7 AS id")
    refused(file, tmp_path / "new", server, "restore_database_not_empty")
    assert tables_of(server) == ["theirs"]
    with psycopg.connect(server) as connection:
        assert connection.execute("SELECT id FROM theirs").fetchall() == [(7,)]


def test_an_installation_is_not_restored_over(file, server, tmp_path, make):
    restore(file, tmp_path / "new", PASSPHRASE, database_url=server)
    store = open_store(tmp_path / "new", database_url=server)
    store.places.add(make.place(name="Po obnově"), make.actor)
    before = digests(store)
    refused(file, tmp_path / "second", server, "restore_database_not_empty")
    assert digests(store) == before
    store.close()


def test_a_folder_that_holds_something_is_refused_and_the_database_stays_empty(full, file, server):
    with pytest.raises(StoreError, match="restore_target_not_empty"):
        restore(file, full.data_dir, PASSPHRASE, database_url=server)
    assert tables_of(server) == []


def test_what_fails_after_the_rows_leaves_nothing(file, server, tmp_path, monkeypatch):
    def fail(*_arguments):
        raise OSError(28, "no room")

    monkeypatch.setattr(restoring, "_move", fail)
    refused(file, tmp_path / "new", server, "restore_not_written")
    assert tables_of(server) == []


def test_a_server_that_is_away_is_a_sentence(file, tmp_path):
    refused(file, tmp_path / "new", f"postgresql://bm@/nowhere?host={tmp_path}", "database_unreachable")
