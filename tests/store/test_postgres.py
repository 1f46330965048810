"""PostgreSQL alone: which servers and databases are taken, several processes on one, what happens when it goes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from domain.errors import StoreError
from store import open_store, postgres, tables
from store.audit_chain import AuditChain, AuditHead
from store.engine import make_engine
from store.postgres import read_url, refusal_code
from tests.store.homes import PostgresHome
from tests.tools.postgres import require_postgres, running_cluster

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(data_dir, clusters):
    made = clusters.home("postgresql", data_dir)
    yield made
    made.remove()


def refused(home, code, **more):
    with pytest.raises(StoreError) as caught:
        open_store(home.data_dir, database_url=home.database_url, **more)
    assert caught.value.code == code
    return caught.value


@pytest.mark.parametrize(
    "url",
    ["", "x", "sqlite:///x.sqlite", "mysql://a:heslo@b/c", "postgresql://", "postgresql://host", "postgresql+asyncpg://h/d",
     "postgresql://u:heslo@h:port/d"],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_never_quoted(data_dir, url):
    with pytest.raises(StoreError) as caught:
        open_store(data_dir, database_url=url)
    assert caught.value.code == "database_url_unknown"
    assert "heslo" not in str(caught.value)
    open_store(data_dir).close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_means_our_driver(scheme):
    assert read_url(f"{scheme}://u:p@h/d").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("setting", "value"), [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")]
)
def test_a_server_that_may_lose_what_it_acknowledged_is_refused(home, setting, value):
    if setting == "synchronous_commit":
        home.execute(f'ALTER DATABASE "{home.database}" SET synchronous_commit = off')
        error = refused(home, "server_not_durable")
        assert error.params == {"setting": setting, "found": value}
        return
    change_setting(home, setting, value)
    try:
        error = refused(home, "server_not_durable")
        assert error.params == {"setting": setting, "found": value}
    finally:
        change_setting(home, setting, "on")
    home.open().close()


def change_setting(home, setting, value):
    home.execute(f"ALTER SYSTEM SET {setting} = {value}", "SELECT pg_reload_conf()")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with home.cluster.connect() as connection:
            if connection.execute(f"SHOW {setting}").fetchone()[0] == value:
                return
        time.sleep(0.02)
    raise AssertionError(f"{setting} stayed")


def test_an_old_server_is_refused(home, monkeypatch):
    monkeypatch.setattr(postgres, "OLDEST_VERSION", 99)
    error = refused(home, "database_version_old")
    assert error.params["limit"] == 99


def test_another_encoding_is_refused(data_dir, clusters):
    name = clusters.require().make_database(options="ENCODING 'LATIN2' LOCALE 'C'")
    with pytest.raises(StoreError, match="database_not_utf8"):
        open_store(data_dir, database_url=clusters.cluster.url(name))
    clusters.cluster.drop_database(name)


def test_another_program_s_database_is_refused_untouched(data_dir, clusters):
    name = clusters.require().make_database()
    with clusters.cluster.connect(name) as connection:
        connection.execute("CREATE TABLE theirs (id int)")
    with pytest.raises(StoreError, match="database_not_empty"):
        open_store(data_dir, database_url=clusters.cluster.url(name))
    with clusters.cluster.connect(name) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert found == [("theirs",)]
    clusters.cluster.drop_database(name)


def test_a_newer_database_and_one_that_lost_a_table_are_refused(home):
    home.open().close()
    home.execute("UPDATE alembic_version SET version_num = '9999_later'")
    before = home.everything()
    refused(home, "database_newer")
    assert home.everything() == before
    other = home.sibling(home.data_dir.parent / "other")
    other.open().close()
    other.execute("DROP TABLE changes")
    refused(other, "database_damaged")


def test_an_empty_database_beside_a_full_history_is_refused(home, clusters, make):
    opened = home.open()
    opened.places.add(make.place(), make.actor)
    opened.close()
    name = clusters.cluster.make_database()
    with pytest.raises(StoreError, match="database_empty_beside_history"):
        open_store(home.data_dir, database_url=clusters.cluster.url(name))
    with clusters.cluster.connect(name) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    clusters.cluster.drop_database(name)
    home.open().close()


def test_a_wrong_name_password_or_server_is_a_sentence(home, tmp_path):
    for url in (
        home.cluster.url("nowhere"),
        f"postgresql://bm@/{home.database}?host={tmp_path}",
        f"postgresql://stranger@/{home.database}?host={home.cluster.folder}",
    ):
        with pytest.raises(StoreError, match="database_unreachable"):
            open_store(home.data_dir, database_url=url)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "disk_full"), ("53300", "database_overloaded"), ("25006", "database_read_only"),
        ("55P03", "database_locked"), ("40P01", "database_locked"), ("40001", "database_locked"),
        ("58030", "disk_error"), ("XX001", "database_damaged"), ("57P01", "database_unreachable"),
        ("08006", "database_unreachable"), ("42501", "database_access_denied"), ("23505", "write_refused"), ("57014", "write_refused"),
    ],
)  # fmt: skip
def test_every_refusal_has_a_code(state, code):
    assert refusal_code(psycopg.errors.lookup(state)()) == code


def test_a_refusal_without_a_state():
    assert refusal_code(psycopg.OperationalError()) == "database_unreachable"
    assert refusal_code(ValueError()) == "write_refused"


def test_an_account_that_owns_its_database_and_nothing_else_is_enough(data_dir, clusters, make):
    cluster = clusters.require()
    name = cluster.make_database()
    with cluster.connect() as connection:
        connection.execute(f"CREATE ROLE {name}_owner LOGIN")
        connection.execute(f"ALTER DATABASE {name} OWNER TO {name}_owner")
    url = f"postgresql://{name}_owner@/{name}?host={cluster.folder}"
    opened = open_store(data_dir, database_url=url)
    heard = []
    opened.on_change(lambda: heard.append(True))
    assert opened.watches[0].listening.wait(10)
    record = opened.places.add(make.place(), make.actor)
    assert until(lambda: heard)
    assert opened.erasures.erase_place(record.id, actor=make.actor, reason="x") is True
    opened.close()
    postgres.mark_moved(read_url(url))
    with pytest.raises(StoreError, match="database_moved"):
        open_store(data_dir, database_url=url)
    cluster.drop_database(name)
    with cluster.connect() as connection:
        connection.execute(f"DROP ROLE {name}_owner")


def test_an_account_without_rights_is_a_sentence(data_dir, clusters):
    cluster = clusters.require()
    name = cluster.make_database()
    with cluster.connect() as connection:
        connection.execute(f"CREATE ROLE {name}_guest LOGIN")
    with pytest.raises(StoreError, match="database_access_denied"):
        open_store(data_dir, database_url=f"postgresql://{name}_guest@/{name}?host={cluster.folder}")
    cluster.drop_database(name)
    with cluster.connect() as connection:
        connection.execute(f"DROP ROLE {name}_guest")


def test_every_text_sorts_by_its_bytes(home):
    home.open().close()
    with home.cluster.connect(home.database) as connection:
        found = connection.execute(
            "SELECT DISTINCT collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text'"
        ).fetchall()
    assert found == [("C",)]


def test_names_come_in_the_same_order_whatever_the_server_s_locale_is(data_dir, clusters, make):
    # ICU's Czech puts ch behind h, accents beside their letters and small before large ones.
    name = clusters.require().make_database(options="LOCALE_PROVIDER icu ICU_LOCALE 'cs' LOCALE 'C.UTF-8'")
    opened = open_store(data_dir, database_url=clusters.cluster.url(name))
    names = ["Chodov", "Hloubětín", "chata", "Čakovice", "Cibulka", "Zličín", "-x", "a b", "ab"]
    for one in names:
        opened.places.add(make.place(name=f"{one} x"), make.actor)
    found = [record.name for record in opened.places.search("x", organisation_id=make.actor.organisation_id)]
    opened.close()
    clusters.cluster.drop_database(name)
    assert found[1:] == [
        f"{one} x" for one in ("a b", "ab", "Čakovice", "chata", "Chodov", "Cibulka", "Hloubětín", "Zličín")
    ]


def test_the_same_tables_on_both_engines(home):
    opened = home.open()
    with opened._readers.connect() as connection:
        inspector = sa.inspect(connection)
        for table in tables.metadata.sorted_tables:
            found = {column["name"] for column in inspector.get_columns(table.name)}
            assert found == set(table.columns.keys())
            assert {i["name"] for i in inspector.get_indexes(table.name) if not i.get("duplicates_constraint")} == {
                index.name for index in table.indexes
            }
    opened.close()


def test_a_view_of_places_reads_an_index(home, make):
    opened = home.open()
    opened.places.bulk_add([make.place(lon=14.3 + n * 1e-4) for n in range(3000)], make.actor)
    home.execute("ANALYZE")
    with home.cluster.connect(home.database) as connection:
        explain = lambda query: str(connection.execute(f"EXPLAIN {query}").fetchall())  # noqa: E731
        narrow = (
            "SELECT count(*) FROM places WHERE lon BETWEEN 14.3 AND 14.302 AND lat BETWEEN 50 AND 51 AND state = 'a'"
        )
        assert "ix_places_view" in explain(narrow)
        cells = (
            "SELECT * FROM place_cells WHERE resolution = 9 AND cell_lon BETWEEN 14.3 AND 14.302"
            " AND cell_lat BETWEEN 50 AND 51"
        )
        assert "ix_place_cells_view" in explain(cells)
    opened.close()


# Several processes on one database.

OTHER = """
import json, os, sys
from datetime import date
from pathlib import Path
import uuid_utils
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
store = open_store(Path(sys.argv[1]), database_url=os.environ["DATABASE_URL"])
actor = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
heard = []
store.on_change(lambda: heard.append(store.data_version()))
for watch in store.watches:
    watch.listening.wait(10)
print("ready", flush=True)
for line in sys.stdin:
    word, *rest = line.split()
    if word == "add":
        draft = PlaceDraft(id=str(uuid_utils.uuid7()), kind="skola", name="Z druhého procesu",
                           position=LonLat(lon=14.4, lat=50.1))
        located = LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area=None)
        answer = store.places.add(located, actor).id
    elif word == "name":
        answer = store.places.get(rest[0]).name
    elif word == "version":
        answer = store.data_version()
    elif word == "heard":
        answer = max(heard, default=0)
    elif word == "visits":
        for number in range(int(rest[1])):
            store.visits.add(VisitDraft(id=str(uuid_utils.uuid7()), place_id=rest[0], happened_on=date(2026, 1, 1),
                                        outcome="nikdo"), actor)
        answer = "done"
    print(json.dumps(answer), flush=True)
store.close()
"""


class OtherProcess:
    """Another process of the app on the same database."""

    def __init__(self, home, data_dir=None):
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(data_dir or home.data_dir)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": home.database_url},
        )  # fmt: skip

    def is_ready(self):
        return self.process.stdout.readline() == "ready\n"

    def send(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def ask(self, *words):
        self.send(*words)
        return self.answer()

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def end(self):
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@pytest.fixture
def other(home):
    process = OtherProcess(home)
    yield process
    assert process.end()[0] == 0


def until(question, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.02)
    return False


def test_what_one_process_saves_the_other_shows_and_hears(home, make, other):
    opened = home.open()
    heard = []
    opened.on_change(lambda: heard.append(True))
    assert opened.watches[0].listening.wait(10)
    assert other.is_ready()
    record = opened.places.add(make.place(name="Z prvního procesu"), make.actor)
    assert other.ask("name", record.id) == "Z prvního procesu"
    assert other.ask("version") == opened.data_version() == 1
    assert until(lambda: other.ask("heard") == 1)
    heard.clear()
    added = other.ask("add")
    assert opened.places.get(added).name == "Z druhého procesu"
    assert opened.data_version() == 2
    assert until(lambda: heard)
    assert opened.audit.verify() == []
    opened.close()


def test_the_chain_and_the_counts_hold_with_two_writers(home, make, other):
    """Both write to one place at once: no visit is uncounted, no link of the chain is double, the head stays ahead."""
    opened = home.open()
    record = opened.places.add(make.place(), make.actor)
    assert other.is_ready()
    other.send("visits", record.id, 60)
    heads = []
    for _ in range(60):
        opened.visits.add(make.visit(record.id), make.actor)
        heads.append(opened.audit.head().seq)
    assert other.answer() == "done"
    assert opened.places.get(record.id).visit_count == 120
    assert heads == sorted(heads)
    assert opened.audit.verify() == []
    assert opened.audit.head().seq == len(opened.audit.rows(limit=1000)) == 121
    assert opened.data_version() == 121
    opened.close()


def test_the_head_never_goes_back(data_dir, make, home):
    opened = home.open()
    for number in range(3):
        opened.settings.set(f"k{number}", number, make.actor)
    head = opened.audit.head()
    # As of a process that committed earlier and comes to the file later.
    key = (data_dir / "keys" / "audit.key").read_bytes()
    AuditChain(data_dir / "keys", key=key).committed(AuditHead(seq=2, digest="00"))
    assert opened.audit.head() == head
    opened.close()


def test_a_second_process_with_another_key_is_refused(home, make, tmp_path):
    opened = home.open()
    for number in range(3):
        opened.settings.set(f"k{number}", number, make.actor)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "keys").mkdir(parents=True)
    process = OtherProcess(home, elsewhere)
    assert "audit_key_missing" in process.end()[1]
    (elsewhere / "keys" / "audit.key").write_bytes(bytes(32))
    process = OtherProcess(home, elsewhere)
    assert "audit_key_differs" in process.end()[1]
    assert opened.audit.verify() == []
    opened.close()


def test_two_that_began_with_different_keys_do_not_mix_their_links(home, make, tmp_path):
    first = home.open()
    second = open_store(tmp_path / "second", database_url=home.database_url)
    first.settings.set("a", 1, make.actor)
    with pytest.raises(StoreError, match="audit_key_differs"):
        second.settings.set("b", 2, make.actor)
    assert first.settings.get("b") is None
    assert first.audit.verify() == []
    first.close()
    second.close()


def test_a_folder_is_shared_among_servers_of_one_database_alone(home):
    first, second = home.open(), home.open()
    with pytest.raises(StoreError, match="data_dir_in_use"):
        open_store(home.data_dir)
    first.close()
    with pytest.raises(StoreError, match="data_dir_in_use"):
        open_store(home.data_dir)
    second.close()


def test_a_file_s_server_keeps_a_shared_one_out(home, tmp_path):
    opened = open_store(tmp_path / "file")
    with pytest.raises(StoreError, match="data_dir_in_use"):
        open_store(tmp_path / "file", database_url=home.database_url)
    opened.close()


def test_a_write_that_is_held_up_too_long_is_refused_with_a_sentence(home, make, monkeypatch):
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT_MS", 100)
    opened = home.open()
    with home.cluster.connect(home.database) as connection:
        connection.execute(f"SELECT pg_advisory_lock({postgres.WRITE_LOCK})")
        with pytest.raises(StoreError, match="database_locked"):
            opened.settings.set("a", 1, make.actor)
    opened.settings.set("a", 2, make.actor)
    assert opened.settings.get("a") == 2
    assert opened.audit.verify() == []
    opened.close()


def test_a_read_sees_one_state(home, make):
    opened = home.open()
    opened.settings.set("a", 1, make.actor)
    with opened.settings._read() as connection:
        query = sa.select(tables.settings.c.value)
        assert connection.execute(query).scalar_one() == 1
        opened.settings.set("a", 2, make.actor)
        assert connection.execute(query).scalar_one() == 1
    assert opened.settings.get("a") == 2
    opened.close()


def test_every_session_keeps_to_what_was_agreed(home):
    for writer in (True, False):
        engine = make_engine(home.url, writer=writer)
        with engine.connect() as connection:
            show = lambda name, c=connection: c.exec_driver_sql(f"SHOW {name}").scalar_one()  # noqa: E731
            assert show("timezone") == "UTC"
            assert show("transaction_isolation") == ("read committed" if writer else "repeatable read")
            assert show("transaction_read_only") == ("off" if writer else "on")
        engine.dispose()


def test_a_server_that_stops_and_comes_back(data_dir, make):
    """What was acknowledged is there, what was not is refused with a sentence, and no restart of the app is needed."""
    require_postgres()
    with running_cluster() as cluster:
        opened = open_store(data_dir, database_url=cluster.url())
        heard = []
        opened.on_change(lambda: heard.append(True))
        acknowledged = [opened.places.add(make.place(), make.actor).id for _ in range(5)]
        cluster.stop("immediate")
        with pytest.raises(StoreError, match="database_unreachable"):
            opened.places.add(make.place(), make.actor)
        with pytest.raises(StoreError, match="database_unreachable"):
            opened.places.count()
        with pytest.raises(StoreError, match="database_unreachable"):
            opened.data_version()
        heard.clear()
        cluster.start()
        assert {record.id for record in opened.places.find()} == set(acknowledged)
        opened.places.add(make.place(), make.actor)
        assert opened.places.count() == 6
        assert opened.audit.verify() == []
        assert until(lambda: heard)
        opened.close()


def test_a_home_of_a_test_is_its_own(home, clusters):
    assert isinstance(home, PostgresHome)
    assert home.database != clusters.template
