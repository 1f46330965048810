"""Moving an installation from its file to PostgreSQL and back: everything, whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import store.move_database
from domain.errors import StoreError
from domain.place import PlaceFilter
from store import open_store
from store.move_database import main, move, moved_path, read_ends
from tests.store.conftest import Clock, Make
from tests.store.homes import PostgresHome, SqliteHome
from tests.store.writes import WRITES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(data_dir):
    return SqliteHome(data_dir)


@pytest.fixture
def server(data_dir, clusters):
    """The server's database, empty, for the same DATA_DIR."""
    clusters.require()
    made = PostgresHome(data_dir, clusters.cluster, "template0")
    yield made
    made.remove()


def fill(opened, make):
    """Do everything that the store can do, so that every table holds something."""
    for name in sorted(WRITES):
        WRITES[name](opened, make)()
    opened.places.add(
        make.place(name="'; DROP TABLE places; -- \\ řeka \u200d☕ 𐍈", note="řádek\nřádek\t|,\"'"), make.actor
    )
    opened.places.add(make.place(name="bez polohy", without_position=True), make.actor)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A DATA_DIR in which everything was done once, and what it says of itself."""
    home = SqliteHome(tmp_path_factory.mktemp("original") / "data")
    opened = home.open(clock=Clock())
    fill(opened, Make())
    everything = told(opened)
    opened.close()
    return home, everything


@pytest.fixture
def filled(file, original):
    home, everything = original
    home.backup(file.data_dir)
    return everything


def told(opened):
    """Return what an installation says of itself through the store."""
    found = opened.places.find(only=PlaceFilter(states=()))
    return {
        "places": found,
        "histories": [opened.places.history(record.id) for record in found],
        "audit": opened.audit.rows(limit=100_000),
        "head": opened.audit.head(),
        "version": opened.data_version(),
        "cells": sorted(opened.places.cells(resolution=9), key=str),
        "organisations": opened.organisations.all(),
        "datasets": opened.datasets.all(),
        "findings": opened.audit.verify() + opened.places.verify_cells() + opened.visits.verify_groups(),
    }


def test_there_and_back_nothing_is_lost(file, server, filled):
    before = file.everything()
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    there = move(file.data_dir, server.url, to_server=True)
    assert sum(one.rows for one in there) == sum(len(rows) for rows in before.values())
    opened = server.open()
    assert told(opened) == filled
    assert filled["findings"] == []
    opened.close()

    back = move(file.data_dir, server.url, to_server=False)
    assert back == there
    assert file.everything() == before
    opened = file.open()
    assert told(opened) == filled
    opened.close()


def test_work_goes_on_in_the_new_place_and_comes_back(file, server, filled, make):
    move(file.data_dir, server.url, to_server=True)
    opened = server.open()
    record = opened.places.add(make.place(name="po přesunu"), make.actor)
    assert opened.audit.verify() == []
    opened.close()
    move(file.data_dir, server.url, to_server=False)
    opened = file.open()
    assert opened.places.get(record.id).name == "po přesunu"
    assert opened.audit.verify() == []
    opened.close()


def test_nobody_works_on_in_the_old_place_by_mistake(file, server, filled):
    move(file.data_dir, server.url, to_server=True)
    with pytest.raises(StoreError, match="database_moved"):
        file.open()
    assert moved_path(file.path).exists()
    move(file.data_dir, server.url, to_server=False)
    with pytest.raises(StoreError, match="database_moved"):
        server.open()
    with pytest.raises(StoreError, match="database_moved"):
        move(file.data_dir, server.url, to_server=False)


def test_a_second_run_compares_only(file, server, filled):
    first = move(file.data_dir, server.url, to_server=True)
    assert move(file.data_dir, server.url, to_server=True) == first
    server.execute("UPDATE places SET note = note || '.' WHERE lon IS NULL")
    with pytest.raises(StoreError, match="move_target_not_empty"):
        move(file.data_dir, server.url, to_server=True)


@pytest.mark.parametrize("to_server", [True, False])
@pytest.mark.parametrize("after", [0, 15])
def test_what_is_stopped_leaves_the_target_as_it_was_and_can_be_run_again(file, server, filled, after, to_server):
    if not to_server:
        move(file.data_dir, server.url, to_server=True)
    home, other = (file, server) if to_server else (server, file)
    steps = []

    def stop(line):
        steps.append(line)
        if len(steps) > after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(file.data_dir, server.url, to_server=to_server, tell=stop)
    if to_server:
        with server.cluster.connect(server.database) as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    else:
        assert not file.path.exists()
    opened = home.open()
    assert told(opened) == filled
    opened.close()
    move(file.data_dir, server.url, to_server=to_server)
    opened = other.open()
    assert told(opened) == filled
    opened.close()


def test_a_target_with_data_of_its_own_is_refused_untouched(file, server, filled, make, tmp_path):
    other = PostgresHome(tmp_path / "other", server.cluster, "template0")
    opened = other.open()
    opened.places.add(make.place(name="cizí"), make.actor)
    opened.close()
    before = other.everything()
    with pytest.raises(StoreError, match="move_target_not_empty"):
        move(file.data_dir, other.url, to_server=True)
    assert other.everything() == before
    other.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CREATE TABLE theirs (id int)")
    with pytest.raises(StoreError, match="database_not_empty"):
        move(file.data_dir, other.url, to_server=True)
    assert file.path.exists()
    other.remove()


def test_a_target_that_was_opened_once_and_holds_nothing_is_filled(file, server, filled, tmp_path):
    open_store(tmp_path / "elsewhere", database_url=server.database_url).close()
    move(file.data_dir, server.url, to_server=True)
    opened = server.open()
    assert told(opened) == filled
    opened.close()


def test_a_running_server_keeps_the_move_away(file, server, filled):
    opened = file.open()
    with pytest.raises(StoreError, match="data_dir_in_use"):
        move(file.data_dir, server.url, to_server=True)
    opened.close()


def test_another_folder_s_keys_are_refused(file, server, filled, tmp_path):
    move(file.data_dir, server.url, to_server=True)
    other = tmp_path / "other"
    open_store(other).close()
    (other / "bila-mista.sqlite").unlink()
    with pytest.raises(StoreError, match="audit_key_differs"):
        move(other, server.url, to_server=False)
    assert not (other / "bila-mista.sqlite").exists()
    server.open().close()


def test_a_copy_that_differs_is_undone(file, server, filled, monkeypatch):
    written = store.move_database._written

    def falsify(writing, plain, rows):
        for row in written(writing, plain, rows):
            yield row if plain.name != "visits" else ("other", *row[1:])

    monkeypatch.setattr(store.move_database, "_written", falsify)
    with pytest.raises(StoreError, match="move_differs"):
        move(file.data_dir, server.url, to_server=True)
    with server.cluster.connect(server.database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize("ends", [("var", "var"), ("", "postgresql://h/d"), ("postgresql://h/d", "postgresql://h/e")])
def test_a_move_needs_a_folder_and_an_address(ends):
    with pytest.raises(StoreError, match="move_ends"):
        read_ends(*ends)


def test_the_address_may_stay_in_the_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    data_dir, url, to_server = read_ends("var", "DATABASE_URL")
    assert (data_dir, url.host, to_server) == (Path("var"), "h", True)
    assert read_ends("DATABASE_URL", "var")[2] is False


def test_the_command(file, server, filled):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": server.database_url}
    command = [sys.executable, "-m", "store.move_database", str(file.data_dir), "DATABASE_URL"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "are the same in both places" in done.stdout
    assert main([str(file.data_dir), "nowhere"]) == 1
