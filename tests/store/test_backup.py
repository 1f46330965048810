"""A backup gives back what was there, and nothing that is damaged gets into a place."""

import io
import random
import secrets
import threading

import pytest

from domain.errors import AppError, StoreError
from domain.photos import CleanPhoto, Consent
from store import open_store
from store.backup_members import END_OF_ARCHIVE, Kind, Member, packed
from store.data_dir import DATABASE_NAME, restoring_folder
from store.erasure_ledger import LEDGER_NAME
from store.plain_rows import digest_of, plain_tables
from store.restore import check_backup, restore, try_restore
from store.sealed_file import CHUNK_BYTES, HEAD_BYTES, TAG_BYTES, Cost, Opener, Sealer
from tests.store.conftest import Make
from tests.store.people import found

PASSPHRASE = "čtyři náhodná slova"
CHEAP = Cost(log_n=10)


def back_up(store, path, *, passphrase=PASSPHRASE):
    reports = []
    with path.open("wb") as file:
        for block in store.backups.stream(passphrase, cost=CHEAP, done=reports.append):
            file.write(block)
    return reports[0]


def digests(store):
    with store._readers.connect() as connection:
        return {table.name: digest_of(connection, table).written() for table in plain_tables(connection)}


def photo_of(store, make, place_id, content):
    photo_id = make.id()
    photo = CleanPhoto(content=content, width=1, height=1)
    store.photos.add(photo_id, photo, place_id=place_id, consent=Consent.INTERNAL, actor=make.actor)
    return photo_id


@pytest.fixture
def full(store, make):
    """A store with something in many tables."""
    found(store, "Jiná organizace")
    for number in range(20):
        place = store.places.add(make.place(name=f"Dům „{number}“\n\x7f😀"), make.actor)
        store.visits.add(make.visit(place.id, note="poznámka"), make.actor)
        store.changes.add(make.change(place.id), make.actor)
    photo_of(store, make, place.id, secrets.token_bytes(700_000))
    store.settings.set("klíč", {"a": [1.5, None, "ž"]}, actor=make.actor)
    return store


@pytest.fixture
def file(full, tmp_path):
    path = tmp_path / "zaloha.bilamista"
    back_up(full, path)
    return path


def test_everything_comes_back(full, tmp_path):
    file, target = tmp_path / "zaloha", tmp_path / "new" / "data"
    made = back_up(full, file)
    before = digests(full)
    report = restore(file, target, PASSPHRASE)
    assert (report.rows, report.photos, report.audit_head) == (made.rows, 1, made.audit_head)
    restored = open_store(target)
    try:
        assert digests(restored) == before
        assert restored.audit.verify() == []
        assert restored.audit.head() == full.audit.head()
        assert restored.settings.get("klíč") == {"a": [1.5, None, "ž"]}
        files = [{path.name: path.read_bytes() for path in (d / "photos").iterdir()} for d in (target, full.data_dir)]
        assert files[0] == files[1]
        assert len(files[0]) == 1
        # It is a place to go on working in.
        restored.settings.set("dál", 1, actor=Make.actor)
        assert restored.audit.verify() == []
    finally:
        restored.close()
    assert {oct(path.stat().st_mode & 0o777) for path in target.rglob("*") if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in (target, target / "keys", target / "photos")} == {"0o700"}
    assert not restoring_folder(target).exists()


def test_a_backup_is_one_moment_while_others_write(full, make, tmp_path):
    """Every place has its version, its visits and its audit row, or it is not in at all."""
    file, target = tmp_path / "zaloha", tmp_path / "new"
    stop = threading.Event()

    def write():
        while not stop.is_set():
            full.places.add(make.place(), make.actor, visit=make.visit())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = back_up(full, file)
    finally:
        stop.set()
        writer.join()
    written = full.places.count()
    assert restore(file, target, PASSPHRASE).rows == made.rows
    restored = open_store(target)
    try:
        assert restored.places.count() <= written
        assert restored.audit.verify() == []
        assert restored.places.verify_cells() == []
        assert restored.visits.verify_groups() == []
        assert all(place.visit_count == 1 for place in restored.places.find())
        with restored._readers.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    finally:
        restored.close()


def test_nothing_readable_stands_in_the_file_or_beside_it(full, file, tmp_path):
    content = file.read_bytes()
    for text in ("Dům", "poznámka", "ubytovna", "klíč", "places", "manifest"):
        assert text.encode() not in content
    assert (full.data_dir / "keys" / "audit.key").read_bytes() not in content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "zaloha.bilamista"]


def refused(file, target, code, passphrase=PASSPHRASE):
    for attempt in (lambda: restore(file, target, passphrase), lambda: check_backup(file, passphrase)):
        with pytest.raises(StoreError, match=code) as caught:
            attempt()
        assert caught.value.code == code
    assert not target.exists()
    assert not restoring_folder(target).exists()


def test_a_wrong_passphrase_is_refused(file, tmp_path):
    refused(file, tmp_path / "new", "backup_wrong_passphrase", "čtyři náhodná slovo")
    # Letters typed on another system, spaces around them.
    assert check_backup(file, "  c\u030ctyr\u030ci na\u0301hodna\u0301 slova ").photos == 1


def test_a_short_passphrase_is_refused_before_the_first_byte(full):
    with pytest.raises(AppError, match="backup_passphrase_short"):
        full.backups.stream("heslo", done=print)


@pytest.mark.parametrize("content", [b"", b"x", b"PK" * 500, b"BilaMista zaloha"])
def test_another_file_is_no_backup(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    refused(tmp_path / "f", tmp_path / "new", "not_a_backup")
    refused(tmp_path / "none", tmp_path / "new", "backup_not_readable")


def test_a_newer_format_is_refused(file, tmp_path):
    content = bytearray(file.read_bytes())
    content[16] = 9
    file.write_bytes(content)
    refused(file, tmp_path / "new", "backup_newer")


def test_a_file_may_not_ask_for_all_the_memory(file, tmp_path):
    content = bytearray(file.read_bytes())
    content[17] = 40
    file.write_bytes(content)
    refused(file, tmp_path / "new", "backup_damaged")


def test_cut_short_changed_moved_or_lengthened_is_refused(file, tmp_path):
    whole = file.read_bytes()
    chunk = CHUNK_BYTES + TAG_BYTES
    blocks = [whole[start : start + chunk] for start in range(HEAD_BYTES, len(whole), chunk)]
    assert len(blocks) > 2
    head = whole[:HEAD_BYTES]
    wrong = {
        "without the last chunk": head + b"".join(blocks[:-1]),
        "without a chunk": head + b"".join(blocks[1:]),
        "two swapped": head + b"".join([blocks[1], blocks[0], *blocks[2:]]),
        "one twice": head + b"".join([blocks[0], *blocks]),
        "more behind": whole + b"\0",
        "a byte short": whole[:-1],
        "head alone": head,
    }
    flipped = bytearray(whole)
    flipped[random.Random(4).randrange(HEAD_BYTES, len(whole))] ^= 1
    wrong["a bit"] = bytes(flipped)
    for content in wrong.values():
        file.write_bytes(content)
        refused(file, tmp_path / "new", "backup_damaged")
    file.write_bytes(whole)
    assert check_backup(file, PASSPHRASE).photos == 1


def test_a_target_that_holds_something_is_refused_untouched(full, file, tmp_path):
    target = tmp_path / "taken"
    target.mkdir()
    (target / "streets.gpkg").write_bytes(b"x")
    with pytest.raises(StoreError, match="restore_target_not_empty"):
        restore(file, target, PASSPHRASE)
    assert [path.name for path in target.iterdir()] == ["streets.gpkg"]
    with pytest.raises(StoreError, match="restore_target_not_empty"):
        restore(file, full.data_dir, PASSPHRASE)
    with pytest.raises(StoreError, match="data_dir_not_a_directory"):
        restore(file, file, PASSPHRASE)


def test_what_was_erased_after_the_backup_is_erased_again(full, make, tmp_path):
    victim = full.places.add(make.place(name="KANAREK"), make.actor)
    file = tmp_path / "zaloha"
    back_up(full, file)
    full.erasures.erase_place(victim.id, actor=make.actor, reason="žádost")
    targets = {name: tmp_path / name for name in ("beside", "inside", "without")}
    targets["inside"].mkdir()
    (targets["inside"] / LEDGER_NAME).write_bytes((full.data_dir / LEDGER_NAME).read_bytes())
    reports = [
        restore(file, targets["beside"], PASSPHRASE, ledgers=[full.data_dir / LEDGER_NAME]),
        restore(file, targets["inside"], PASSPHRASE),
        restore(file, targets["without"], PASSPHRASE),
    ]
    assert [report.erased_again for report in reports] == [1, 1, 0]
    for name, target in targets.items():
        holding = [path.name for path in target.rglob("*") if path.is_file() and b"KANAREK" in path.read_bytes()]
        assert holding == ([DATABASE_NAME] if name == "without" else [])
        assert (target / LEDGER_NAME).exists() == (name != "without")


def test_what_is_erased_while_the_backup_runs_is_erased_again(full, make, tmp_path):
    victim = full.places.add(make.place(name="KANAREK"), make.actor)
    file = tmp_path / "zaloha"
    blocks = full.backups.stream(PASSPHRASE, cost=CHEAP, done=lambda report: None)
    content = [next(blocks), next(blocks), next(blocks)]
    full.erasures._erase(victim.id, actor=make.actor, reason="žádost")
    file.write_bytes(b"".join([*content, *blocks]))
    assert restore(file, tmp_path / "new", PASSPHRASE).erased_again == 1


def test_a_photo_that_is_gone_is_named_and_stops_nothing(full, make, tmp_path):
    place = full.places.find()[0]
    lost = photo_of(full, make, place.id, b"jpeg")
    full.photos.path_of(lost).unlink()
    report = back_up(full, tmp_path / "zaloha")
    assert (report.photos, report.photos_missing) == (1, (lost,))
    assert restore(tmp_path / "zaloha", tmp_path / "new", PASSPHRASE).photos_missing == (lost,)


def test_what_a_killed_restore_left_behind_goes(file, tmp_path):
    target = tmp_path / "new"
    left = restoring_folder(target)
    (left / "keys").mkdir(parents=True)
    (left / DATABASE_NAME).write_bytes(b"half")
    (left / "photos").mkdir()
    (left / "photos" / "old.jpg").write_bytes(b"old")
    assert restore(file, target, PASSPHRASE).photos == 1
    assert not left.exists()
    assert "old.jpg" not in {path.name for path in (target / "photos").iterdir()}


def test_a_restore_for_trial_leaves_nothing(file, tmp_path):
    before = sorted(tmp_path.iterdir())
    assert try_restore(file, PASSPHRASE, scratch=tmp_path / "trial").photos == 1
    assert sorted(tmp_path.iterdir()) == before


def sealed(members, path):
    sealer = Sealer(PASSPHRASE, salt=secrets.token_bytes(16), cost=CHEAP)
    content = b"".join(packed(Member(kind=kind, name=name, content=data)) for kind, name, data in members)
    path.write_bytes(sealer.head + sealer.add(content + END_OF_ARCHIVE) + sealer.finish())


def members(file):
    from store.backup_members import members_of

    with file.open("rb") as opened:
        return [(member.kind, member.name, member.content) for member in members_of(opened, PASSPHRASE)]


@pytest.mark.parametrize("kind", [Kind.MANIFEST, Kind.ROWS, Kind.PHOTO, Kind.END])
def test_a_well_sealed_file_that_lacks_something_is_refused(file, tmp_path, kind):
    found = members(file)
    sealed(found, tmp_path / "same")
    assert check_backup(tmp_path / "same", PASSPHRASE).photos == 1
    without = next(member for member in found if member[0] is kind)
    sealed([member for member in found if member is not without], tmp_path / "less")
    refused(tmp_path / "less", tmp_path / "new", "backup_damaged")


def test_a_row_that_is_another_is_refused(file, tmp_path):
    found = [
        (kind, name, data.replace(b"pozn\xc3\xa1mka", b"poznamka") if name == "visits" else data)
        for kind, name, data in members(file)
    ]
    sealed(found, tmp_path / "other")
    refused(tmp_path / "other", tmp_path / "new", "backup_damaged")


def test_an_unknown_schema_is_refused(file, tmp_path):
    found = [
        (kind, name, data.replace(b'"revision": "0', b'"revision": "9') if kind is Kind.MANIFEST else data)
        for kind, name, data in members(file)
    ]
    sealed(found, tmp_path / "other")
    with pytest.raises(StoreError, match="backup_newer"):
        restore(tmp_path / "other", tmp_path / "new", PASSPHRASE)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_a_sealed_file_of_any_length_opens(length):
    content = random.Random(length).randbytes(length)
    sealer = Sealer(PASSPHRASE, salt=bytes(16), cost=CHEAP)
    file = io.BytesIO(sealer.head + sealer.add(content[:7]) + sealer.add(content[7:]) + sealer.finish())
    opener = Opener(file, PASSPHRASE)
    assert opener.read(length + 10) == content
    opener.finish()
    assert opener.read(1) == b""


def test_the_same_store_gives_another_file_every_time(full, tmp_path):
    for name in "ab":
        back_up(full, tmp_path / name)
    first, second = ((tmp_path / name).read_bytes() for name in "ab")
    assert first[-1000:] != second[-1000:]
    assert first[:HEAD_BYTES] != second[:HEAD_BYTES]
