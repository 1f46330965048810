"""The real app on a broken DATA_DIR: it ends with a sentence that says what is broken and what to do, and changes nothing."""

import hashlib
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from domain.errors import StoreError
from domain.photos import CleanPhoto, Consent
from domain.text import Language
from store import open_store
from store.data_dir import DATABASE_NAME, restoring_folder
from tests.store.conftest import Make
from tests.tools.server import running_app
from ui.localisation import Messages

AT_ONCE = 3
KEY = "keys/audit.key"


def used(folder):
    """Make a DATA_DIR with places and a photo; return it and its database at an earlier moment."""
    store, make = open_store(folder), Make()
    place = store.places.add(make.place(), make.actor)
    store.close()
    older = (folder / DATABASE_NAME).read_bytes()
    store = open_store(folder)
    store.places.add(make.place(), make.actor)
    photo = CleanPhoto(content=b"jpeg", width=1, height=1)
    store.photos.add(make.id(), photo, place_id=place.id, consent=Consent.INTERNAL, actor=make.actor)
    # As after a loss of power: a part lies in the log alone.
    log = folder / f"{DATABASE_NAME}-wal"
    with_log = folder.with_name("with-log")
    shutil.copytree(folder, with_log)
    assert log.stat().st_size
    store.close()
    return older, with_log


def write_text(path, text):
    path.write_text(text)


def newer(folder):
    # Closed for good: else its log moves into the file whenever the connection happens to be collected.
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")


def foreign(folder):
    (folder / DATABASE_NAME).unlink()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection, connection:
        connection.execute("CREATE TABLE theirs (id)")
    (folder / DATABASE_NAME).chmod(0o600)


def cut(path, share):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


BROKEN = {
    "the database is gone": ("database_missing", lambda d, _: (d / DATABASE_NAME).unlink()),
    "the database and the keys are gone, photos are there": (
        "database_missing", lambda d, _: [(d / DATABASE_NAME).unlink(), shutil.rmtree(d / "keys")],
    ),
    "the keys are gone": ("audit_key_missing", lambda d, _: shutil.rmtree(d / "keys")),
    "the key is cut short": ("audit_key_missing", lambda d, _: cut(d / KEY, 0.5)),
    "the database is cut short": ("database_damaged", lambda d, _: cut(d / DATABASE_NAME, 0.6)),
    "the database is empty": ("not_a_database", lambda d, _: (d / DATABASE_NAME).write_bytes(b"")),
    "another file has its name": ("not_a_database", lambda d, _: write_text(d / DATABASE_NAME, "x" * 5000)),
    "another program's database": ("database_foreign", lambda d, _: foreign(d)),
    "a newer program's database": ("database_newer", lambda d, _: newer(d)),
    "an older database was put back": ("database_older", lambda d, older: (d / DATABASE_NAME).write_bytes(older)),
    "a restore was cut short": ("restore_unfinished", lambda d, _: d.rename(restoring_folder(d))),
    "DATA_DIR is a file": ("data_dir_not_a_directory", lambda d, _: [shutil.rmtree(d), d.write_text("x")]),
}  # fmt: skip
WITH_LOG = {
    "the log is there, the database is gone": ("database_missing", lambda d: (d / DATABASE_NAME).unlink()),
    "the log lost its end": ("database_older", lambda d: cut(d / f"{DATABASE_NAME}-wal", 0.3)),
}


def content(folder):
    paths = [folder] if folder.is_file() else folder.rglob("*")
    # The lock and SQLite's shared memory come and go with every process that looks.
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file() and path.name not in {"lock", f"{DATABASE_NAME}-shm", f"{DATABASE_NAME}-wal"}
    }


@pytest.fixture(scope="module")
def starts(tmp_path_factory):
    """Start the app on every broken folder; return what it said, and the folder before and after."""
    root = tmp_path_factory.mktemp("broken")
    (root / "sound").mkdir()
    sound = root / "sound" / "data"
    older, with_log = used(sound)
    folders, codes = {}, {}
    for number, (name, (code, damage)) in enumerate(BROKEN.items()):
        folders[name], codes[name] = root / str(number) / "data", code
        shutil.copytree(sound, folders[name])
        damage(folders[name], older)
    for name, (code, damage) in WITH_LOG.items():
        folders[name], codes[name] = root / name.replace(" ", "-") / "data", code
        shutil.copytree(with_log, folders[name])
        damage(folders[name])

    def start(folder):
        before = content(folder)
        try:
            with running_app(folder):
                return "it started", before, content(folder)
        except RuntimeError as error:
            return str(error), before, content(folder)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = dict(zip(folders, pool.map(start, folders.values()), strict=True))
    return said, codes, folders


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [*BROKEN, *WITH_LOG])
def test_it_ends_with_a_sentence_and_changes_nothing(starts, name):
    said, codes, folders = starts
    text, before, after = said[name]
    # Up to the first value that the sentence quotes.
    sentence = Messages(Language.CS).error(
        StoreError(codes[name], path="\0", found="\0", head="\0", revision="\0", kind="\0")
    )
    beginning = max(sentence.split("\0"), key=len).strip()
    assert beginning in text
    assert "Traceback" not in text.partition(beginning)[0]
    assert after == before
    assert (folders[name] / DATABASE_NAME).exists() == (DATABASE_NAME in before)
