"""What opening promises: private files, one server, durable settings, nothing replaced."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import alembic.autogenerate
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import store.file_system
import store.migrate
from domain.errors import StoreError
from domain.photos import CleanPhoto, Consent
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store, tables
from store.data_dir import DATABASE_NAME, restoring_folder
from store.engine import make_engine
from store.file_system import refuse_network
from store.migrate import migrate, migrate_to
from store.store import sqlite_url
from tests.store.homes import SqliteHome

ROOT = Path(__file__).parents[2]


def digest_of(folder):
    """Return every file below `folder` with its digest; the log and the lock of SQLite come and go."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm")) and path.name != "lock"
    }


def mode(path):
    return oct(path.stat().st_mode & 0o777)


@pytest.fixture
def home(data_dir):
    """What is asked here is about SQLite's file; see test_postgres.py for the server."""
    return SqliteHome(data_dir)


@pytest.fixture
def used(data_dir, make):
    """A DATA_DIR with one place in it, closed."""
    opened = open_store(data_dir)
    opened.places.add(make.place(), make.actor)
    opened.close()
    return data_dir


def refused(data_dir, code):
    before = digest_of(data_dir) if data_dir.is_dir() else None
    with pytest.raises(StoreError, match=code) as caught:
        open_store(data_dir)
    assert caught.value.code == code
    if before is not None:
        assert digest_of(data_dir) == before


def test_everything_is_made_private(data_dir, make):
    old = os.umask(0)
    try:
        opened = open_store(data_dir)
        opened.places.add(make.place(), make.actor)
        assert mode(data_dir) == mode(data_dir / "keys") == "0o700"
        assert {mode(path) for path in data_dir.rglob("*") if path.is_file()} == {"0o600"}
        assert (data_dir / f"{DATABASE_NAME}-wal").exists()
        opened.close()
    finally:
        os.umask(old)


def test_a_folder_that_was_there_is_narrowed(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    (folder / "streets.gpkg").write_bytes(b"x")
    open_store(folder).close()
    assert mode(folder) == "0o700"
    assert (folder / "streets.gpkg").read_bytes() == b"x"


def test_every_connection_is_durable(store):
    for engine in (store._readers, store._writing):
        connections = [engine.connect() for _ in range(1 if engine is store._writing else 6)]
        for connection in connections:
            pragma = lambda name, c=connection: c.exec_driver_sql(f"PRAGMA {name}").scalar_one()  # noqa: E731
            assert (pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")) == ("wal", 2, 1)
            assert pragma("busy_timeout") > 0
        for connection in connections:
            connection.close()


def test_a_connection_that_is_not_durable_is_refused(tmp_path):
    from store.engine import make_engine

    # A database in memory cannot have a write-ahead log.
    engine = make_engine(sa.engine.make_url("sqlite://"), writer=True)
    with pytest.raises(StoreError, match="durability_not_met"):
        engine.connect()
    engine.dispose()


def test_foreign_keys_hold(store):
    row = {"place_id": "none", "visit_count": 1}
    with pytest.raises(StoreError, match="write_refused"):
        store.writer.run(lambda tx: tx.execute(sa.insert(tables.place_activity), row))


def test_a_second_server_is_refused_in_and_out_of_the_process(store, data_dir):
    with pytest.raises(StoreError, match="data_dir_in_use"):
        open_store(data_dir)
    code = f"from pathlib import Path; from store import open_store; open_store(Path({str(data_dir)!r}))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "data_dir_in_use" in other.stderr


def test_a_closed_store_can_be_opened_again(used):
    opened = open_store(used)
    assert opened.places.count() == 1
    assert opened.data_version() == 1
    assert opened.audit.verify() == []
    opened.close()


def test_a_failed_opening_releases_the_lock(data_dir):
    data_dir.mkdir()
    (data_dir / DATABASE_NAME).write_text("not a database")
    refused(data_dir, "not_a_database")
    (data_dir / DATABASE_NAME).unlink()
    open_store(data_dir).close()


@pytest.mark.parametrize("content", [b"", b"x", b"hello" * 1000, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_refused(used, content):
    (used / DATABASE_NAME).write_bytes(content)
    refused(used, "not_a_database")


def test_a_truncated_database_is_refused(used):
    path = used / DATABASE_NAME
    whole = path.read_bytes()
    for length in (100, 512, 4096, 8192, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        refused(used, "database_damaged")
    path.write_bytes(whole)
    open_store(used).close()


def test_a_database_with_garbage_in_a_page_is_refused(used):
    path = used / DATABASE_NAME
    whole = bytearray(path.read_bytes())
    whole[4096 : 4096 * 4] = os.urandom(4096 * 3)
    path.write_bytes(whole)
    refused(used, "database_damaged")


def test_another_program_s_database_is_refused(data_dir):
    data_dir.mkdir()
    with sqlite3.connect(data_dir / DATABASE_NAME) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    refused(data_dir, "database_foreign")


def test_a_newer_database_is_refused_untouched(used):
    with sqlite3.connect(used / DATABASE_NAME) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    refused(used, "database_newer")


def test_a_database_that_lost_a_table_is_refused(used):
    with sqlite3.connect(used / DATABASE_NAME) as connection:
        connection.execute("DROP TABLE changes")
    refused(used, "database_damaged")


def test_a_lost_database_is_not_replaced_by_an_empty_one(used):
    (used / DATABASE_NAME).unlink()
    refused(used, "database_missing")
    assert not (used / DATABASE_NAME).exists()


@pytest.mark.parametrize("content", [None, b"", b"short"])
def test_a_database_without_its_key_is_refused(used, content):
    key = used / "keys" / "audit.key"
    key.unlink() if content is None else key.write_bytes(content)
    refused(used, "audit_key_missing")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    path = tmp_path / "file"
    path.write_text("x")
    refused(path, "data_dir_not_a_directory")
    refused(path / "below", "data_dir_not_writable")


@pytest.mark.parametrize("left_over", ["", "-wal", "-shm"])
def test_a_first_start_that_was_killed_is_begun_anew(data_dir, left_over):
    (data_dir / "keys").mkdir(parents=True)
    (data_dir / f"{DATABASE_NAME}.making{left_over}").write_bytes(b"half")
    (data_dir / "keys" / "audit.key.new").write_bytes(b"half")
    opened = open_store(data_dir)
    assert opened.audit.verify() == []
    opened.close()
    assert sorted(path.name for path in data_dir.iterdir()) == [DATABASE_NAME, "keys", "lock"]


def test_a_migration_that_fails_leaves_nothing(data_dir, monkeypatch):
    upgrade = command.upgrade

    def upgrade_and_fail(config, revision):
        upgrade(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)
    with pytest.raises(KeyboardInterrupt):
        open_store(data_dir)
    assert not (data_dir / DATABASE_NAME).exists()
    monkeypatch.undo()
    open_store(data_dir).close()


def test_the_migrations_make_what_the_tables_say(store):
    with store._readers.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert alembic.autogenerate.compare_metadata(context, tables.metadata) == []


def test_migrations_go_forward_one_after_another(tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(store.migrate.SCRIPTS, folder)
    config = Config()
    config.set_main_option("script_location", str(folder))
    command.revision(config, message="A new one", rev_id="9999")
    newest, *others = ScriptDirectory(str(folder)).walk_revisions()
    assert (newest.revision, newest.down_revision) == ("9999", store.migrate.head_revision())
    assert tuple(migration.revision for migration in reversed(others)) == store.migrate.revisions()
    for migration in (newest, *others):
        assert callable(migration.module.upgrade)
        assert not hasattr(migration.module, "downgrade"), migration.path


def test_the_first_migration_seeds_local_mode(store):
    with store._readers.connect() as connection:
        (account,) = connection.execute(sa.select(tables.accounts)).mappings()
        (organisation,) = connection.execute(sa.select(tables.organisations)).mappings()
    assert (account["id"], account["organisation_id"]) == (LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID)
    assert organisation["id"] == LOCAL_ORGANISATION_ID


def test_postgresql_takes_the_same_tables():
    dialect = postgresql.dialect()
    for table in tables.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))


def test_a_view_of_places_reads_an_index(store):
    plan_of = lambda sql: " ".join(row[3] for row in _plan(store, sql))  # noqa: E731
    near = "SELECT * FROM places WHERE lon BETWEEN 14 AND 15 AND lat BETWEEN 50 AND 51 AND state IN ('a', 'b')"
    assert "INDEX ix_places_view (lon>" in plan_of(near)
    cells = (
        "SELECT * FROM place_cells WHERE resolution = 9 AND cell_lon BETWEEN 14 AND 15 AND cell_lat BETWEEN 50 AND 51"
    )
    assert "ix_place_cells_view" in plan_of(cells)


def test_no_other_index_takes_the_reading_of_places_away(store):
    plan_of = lambda sql: " ".join(row[3] for row in _plan(store, sql))  # noqa: E731
    own = "organisation_id IN ('o') AND state IN ('suggested', 'verified')"
    cells = ", ".join(f"'87{number:013}'" for number in range(128))
    view = f"{own} AND h3_7 IN ({cells}) AND lon BETWEEN 14 AND 15 AND lat BETWEEN 50 AND 51"
    # Of an organisation with few places among many none but its own are read.
    assert "INDEX ix_places_own_view (h3_7=? AND organisation_id=? AND lon>" in plan_of(
        f"SELECT * FROM places WHERE {view} ORDER BY updated_at DESC, id DESC"
    )
    assert "COVERING INDEX ix_places_own_view (h3_7=? AND organisation_id=? AND lon>" in plan_of(
        f"SELECT 1 FROM places WHERE {view} LIMIT 2001"
    )
    page = plan_of(f"SELECT * FROM places WHERE {own} AND id > 'x' ORDER BY id LIMIT 2000")
    assert "(id>?)" in page
    assert "TEMP B-TREE" not in page, "a page that sorts all places makes a file of them quadratic"
    waiting = view.replace("'suggested', 'verified'", "'suggested'")
    assert "INDEX ix_places_own_view (h3_7=? AND organisation_id=? AND lon>" in plan_of(
        f"SELECT * FROM places WHERE {waiting}"
    )
    assert "COVERING INDEX ix_places_own_view (h3_7=?" in plan_of(f"SELECT count(*) FROM places WHERE {waiting}")
    trail = "SELECT * FROM visits WHERE created_by = 'a' AND withdrawn = 0 AND happened_on >= '2026-01-01'"
    assert "ix_visits_created_by" in plan_of(trail)


def test_a_page_of_the_inbox_is_read_from_an_index_in_its_order(store):
    def plan_of(table, where, *columns):
        order = ", ".join(f"{column} DESC" for column in columns)
        after = f"({', '.join(columns)}) < ({', '.join('?' * len(columns))})".replace("?", "'x'")
        queries = [
            f"SELECT * FROM {table} WHERE {where}{more} ORDER BY {order} LIMIT 21" for more in ("", f" AND {after}")
        ]
        return [" ".join(row[3] for row in _plan(store, query)) for query in queries]

    own = "organisation_id = 'o' AND state = 'suggested'"
    for plan in plan_of("places", own, "created_at", "id"):
        assert "INDEX ix_places_waiting" in plan
        assert "TEMP B-TREE" not in plan
    for plan in plan_of(
        "places", own.replace("suggested", "verified") + " AND revision > seen_revision", "updated_at", "id"
    ):
        assert "INDEX ix_places_edited" in plan
        assert "TEMP B-TREE" not in plan
    for plan in plan_of("changes", "withdrawn IS 0", "happened_on", "created_at", "id"):
        assert "INDEX ix_changes_happened_on" in plan
        assert "TEMP B-TREE" not in plan
    for plan in plan_of("visits", "city_part = 'c' AND organisation_id = 'o' AND withdrawn IS 0", "happened_on", "id"):
        assert "INDEX ix_visits_city_part" in plan


def test_what_was_looked_at_before_a_place_remembered_it_is_known_after_the_migration(tmp_path):
    engine = make_engine(sqlite_url(tmp_path / "old.sqlite"), writer=True)
    with engine.begin() as connection:
        migrate_to(connection, "0013_own_view")
        places, reviews = (
            sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("places", "inbox_reviews")
        )
        at = datetime(2026, 11, 1)  # noqa: DTZ001  as SQLite keeps it
        place = {
            "kind": "ubytovna", "name": "", "name_folded": "", "note": "", "city_part": "500089", "admin_district": 2,
            "languages": "[]", "target_groups": "[]", "state": "verified", "created_at": at, "created_by": "a",
            "updated_at": at, "revision": 3,
        }  # fmt: skip
        rows = {"own": "o1", "never": "o1", "by-others": "o2"}
        connection.execute(
            sa.insert(places), [{"id": one, "organisation_id": who, **place} for one, who in rows.items()]
        )
        review = {"organisation_id": "o1", "subject": "place", "note": "", "reviewed_at": at, "reviewed_by": "a"}
        connection.execute(
            sa.insert(reviews), [{"subject_id": one, "revision": 2, **review} for one in ("own", "by-others")]
        )
    with engine.begin() as connection:
        migrate(connection)
        found = dict(connection.execute(sa.select(tables.places.c.id, tables.places.c.seen_revision)).all())
    engine.dispose()
    assert found == {"own": 2, "never": None, "by-others": None}


def _plan(store, sql):
    with store._readers.connect() as connection:
        return connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()


def test_a_write_that_the_database_refuses_is_an_error_with_a_sentence(used, make):
    """The store goes on reading."""
    opened = open_store(used)
    opened._writing.dispose()
    with opened._writing.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="database_read_only"):
        opened.settings.set("a", 1, make.actor)
    assert opened.places.count() == 1
    opened.close()


@pytest.mark.parametrize(
    "trace", ["keys/audit.head", f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", "erasures.jsonl", "photos/a.jpg"]
)
def test_any_trace_of_a_lost_database_keeps_an_empty_one_away(data_dir, trace):
    (data_dir / trace).parent.mkdir(parents=True)
    (data_dir / trace).write_bytes(b"x")
    refused(data_dir, "database_missing")
    assert not (data_dir / DATABASE_NAME).exists()


def test_an_older_database_put_back_is_refused(used, make):
    older = (used / DATABASE_NAME).read_bytes()
    opened = open_store(used)
    opened.places.add(make.place(), make.actor)
    opened.close()
    newer = (used / DATABASE_NAME).read_bytes()
    (used / DATABASE_NAME).write_bytes(older)
    refused(used, "database_older")
    (used / DATABASE_NAME).write_bytes(newer)
    open_store(used).close()


def test_a_log_that_lost_its_end_is_refused(used, make, tmp_path):
    """Killed in the middle: a part of what was acknowledged lies in the log alone, and the log was cut."""
    opened = open_store(used)
    opened.places.add(make.place(), make.actor)
    opened.places.add(make.place(), make.actor)
    copy = tmp_path / "copy"
    shutil.copytree(used, copy)
    opened.close()
    log = copy / f"{DATABASE_NAME}-wal"
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    with pytest.raises(StoreError, match="database_older"):
        open_store(copy)


def test_a_restore_that_was_cut_short_is_told(used):
    used.rename(restoring_folder(used))
    with pytest.raises(StoreError, match="restore_unfinished"):
        open_store(used)
    assert not used.exists()


def test_photos_without_a_file_are_told(store, make):
    place = store.places.add(make.place(), make.actor)
    ids = [make.id() for _ in range(3)]
    for photo_id in ids:
        photo = CleanPhoto(content=b"jpeg", width=1, height=1)
        store.photos.add(photo_id, photo, place_id=place.id, consent=Consent.INTERNAL, actor=make.actor)
    assert store.photos.missing() == []
    store.photos.path_of(ids[1]).unlink()
    store.photos.withdraw(ids[2], actor=make.actor)
    assert store.photos.missing() == [ids[1]]


MOUNTS = """\
22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
30 22 0:27 / /proc rw - proc proc rw
41 22 0:40 / /mnt/share rw,relatime shared:9 master:1 - {kind} server:/export rw
42 41 8:17 / /mnt/share/disk rw - ext4 /dev/sdb1 rw
50 22 0:44 / /mnt/with\\040space rw - {kind} //server/a rw
60 22 0:50 / /mnt/over rw - {kind} x rw
61 22 0:51 / /mnt/over rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "virtiofs"])
def test_a_network_file_system_is_refused(kind):
    mounts = MOUNTS.format(kind=kind)
    for path in ("/mnt/share", "/mnt/share/not/yet/there", "/mnt/with space/data"):
        with pytest.raises(StoreError, match="network_file_system") as caught:
            refuse_network(Path(path), mounts)
        assert caught.value.params["kind"] == kind
    for path in ("/", "/srv/data", "/mnt/share/disk/data", "/mnt/shared", "/mnt/over/data", "/proc"):
        refuse_network(Path(path), mounts)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk", "apfs"])
def test_a_file_system_of_this_machine_is_used(kind):
    refuse_network(Path("/mnt/share"), MOUNTS.format(kind=kind))


def test_a_store_on_a_network_file_system_makes_nothing(tmp_path, monkeypatch):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"41 22 0:40 / {tmp_path}/nas rw - nfs4 server:/export rw\n")
    monkeypatch.setattr(store.file_system, "MOUNTINFO", mounts)
    (tmp_path / "nas").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nas")
    for folder in ("nas", "link"):
        with pytest.raises(StoreError, match="network_file_system"):
            open_store(tmp_path / folder / "data")
    assert list((tmp_path / "nas").iterdir()) == []
    open_store(tmp_path / "data").close()
