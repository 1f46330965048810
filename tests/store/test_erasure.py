"""Erased means erased: database, versions, log texts, write-ahead log, photos; the ledger asks again."""

import json
import shutil
from datetime import date

import pytest

from domain.errors import NotFoundError, NotPermittedError
from domain.photos import CleanPhoto, Consent
from domain.roles import Role
from store.erasure_ledger import DUE_NAME, LEDGER_NAME, Erased, read
from tests.store.people import join

CANARY = "KANAREK-7f3a"


def full_place(store, make, canary=CANARY):
    record = store.places.add(make.place(name=f"N {canary}", note=f"P {canary}"), make.actor)
    store.places.update(
        make.changed(make.place(id=record.id), name=f"N2 {canary}", note=canary), revision=1, actor=make.actor,
        reason=f"proto {canary}",
    )  # fmt: skip
    store.visits.add(make.visit(record.id, note=f"V {canary}"), make.actor)
    store.changes.add(make.change(record.id, note=f"Z {canary}"), make.actor)
    photo = CleanPhoto(content=f"jpeg {canary}".encode(), width=1, height=1)
    store.photos.add(make.id(), photo, place_id=record.id, consent=Consent.INTERNAL, actor=make.actor)
    return record


def test_no_file_holds_anything_of_an_erased_place(store, home, make, data_dir):
    other = full_place(store, make, canary="ZUSTANE")
    record = full_place(store, make)
    store.reviews.mark_place(record.id, revision=2, actor=make.actor)
    assert len(home.holding(CANARY)) >= 2
    assert store.erasures.erase_place(record.id, actor=make.actor, reason="žádost") is True
    assert home.holding(CANARY) == []
    with pytest.raises(NotFoundError):
        store.places.get(record.id)
    assert store.audit.verify() == []
    (row,) = [row for row in store.audit.rows() if row.action == "place.erase"]
    assert (row.entity_id, json.loads(row.payload)["reason"]) == (record.id, "žádost")
    assert {row.payload for row in store.audit.rows(entity="place", entity_id=record.id)} == {None}
    # Nothing else went.
    assert store.places.get(other.id).visit_count == 1
    assert len(store.photos.for_place(other.id)) == 1
    assert b"ZUSTANE" in b"".join(path.read_bytes() for path in (data_dir / "photos").iterdir())


def test_the_ledger_holds_ids_alone_and_a_restore_is_erased_again(store, home, make, data_dir, tmp_path):
    record = full_place(store, make)
    store.erasures.compact()
    backup = home.backup(tmp_path / "backup")
    store.erasures.erase_place(record.id, actor=make.actor, reason="žádost")
    assert read(data_dir) == [Erased(entity="place", id=record.id)]
    line = json.loads((data_dir / LEDGER_NAME).read_text())
    assert set(line) == {"at", "entity", "id"}
    assert (data_dir / LEDGER_NAME).stat().st_mode & 0o777 == 0o600
    # The backup comes back; the ledger is newer than it.
    shutil.copy(data_dir / LEDGER_NAME, backup.data_dir)
    restored = backup.open()
    try:
        assert restored.places.get(record.id).name.endswith(CANARY)
        assert restored.erasures.replay() == 1
        assert restored.erasures.replay() == 0
        assert backup.holding(CANARY) == []
        assert restored.audit.verify() == []
        assert restored.places.verify_cells() == []
        assert restored.visits.verify_groups() == []
    finally:
        restored.close()


def member(store):
    """Return the actor of somebody whose name and address hold the canary."""
    organisation = store.organisations.get("local-organisation")
    return join(store, organisation, Role.FIELD_WORKER, CANARY, email=f"{CANARY}@example.org")


def test_no_file_holds_anything_of_an_erased_account(store, home, make, data_dir):
    gone = member(store)
    place = store.places.add(make.place(), gone)
    assert home.holding(CANARY) != []
    store.accounts.erase(gone.account_id, actor=make.actor)
    assert store.erasures.compact_if_due() is True
    assert home.holding(CANARY) == []
    assert (data_dir / LEDGER_NAME).read_text().count("\n") == 1
    assert read(data_dir) == [Erased(entity="account", id=gone.account_id)]
    # The pseudonym stays: on the record, and in the log.
    assert store.places.get(place.id).created_by == gone.account_id
    assert store.audit.rows(entity="account", entity_id=gone.account_id)[0].action == "account.erase"
    assert store.audit.verify() == []


def test_an_account_that_a_restore_brings_back_is_erased_again(store, home, make, data_dir, tmp_path):
    gone, kept = member(store), join(store, store.organisations.get("local-organisation"), Role.FIELD_WORKER, "zustava")
    store.erasures.compact()
    backup = home.backup(tmp_path / "backup")
    store.accounts.erase(gone.account_id, actor=make.actor)
    shutil.copy(data_dir / LEDGER_NAME, backup.data_dir)
    restored = backup.open()
    try:
        assert restored.accounts.get(gone.account_id).name == CANARY
        assert (restored.erasures.replay(), restored.erasures.replay()) == (1, 0)
        account = restored.accounts.get(gone.account_id)
        assert (account.name, account.email, account.active) == ("", "", False)
        assert restored.accounts.get(kept.account_id).name == "zustava"
        assert backup.holding(CANARY) == []
        assert restored.audit.verify() == []
    finally:
        restored.close()


def test_compacting_that_was_cut_short_is_due_until_it_is_done(store, make, data_dir):
    record = full_place(store, make)
    store.erasures._erase(record.id, actor=make.actor, reason="x")
    assert (data_dir / DUE_NAME).exists()
    assert store.erasures.compact_if_due() is True
    assert not (data_dir / DUE_NAME).exists()


def test_a_line_of_the_ledger_that_was_cut_short_is_passed_over(store, make, data_dir):
    record = full_place(store, make)
    store.erasures.erase_place(record.id, actor=make.actor, reason="x")
    with (data_dir / LEDGER_NAME).open("a") as file:
        file.write('{"at": "2026')
    assert read(data_dir) == [Erased(entity="place", id=record.id)]
    assert store.erasures.replay() == 0


def test_erasing_what_is_another_s_or_gone_changes_nothing(store, make, data_dir, audit_count):
    record = full_place(store, make)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.erasures.erase_place(record.id, actor=make.stranger, reason="x")
    assert read(data_dir) == []
    assert store.places.get(record.id).visit_count == 1
    rows = audit_count()
    store.erasures.erase_place(make.id(), actor=make.actor, reason="x")
    assert (audit_count(), read(data_dir)) == (rows, [])


def test_what_went_over_in_a_merge_goes_with_the_absorbed_place(store, make, home):
    kept = store.places.add(make.place(name="Zůstává", headcount="10_49"), make.actor)
    absorbed = store.places.add(make.place(name="Mizí"), make.actor)
    store.visits.add(make.visit(absorbed.id, note=CANARY), make.actor)
    store.visits.add(make.visit(kept.id, note="vlastní"), make.actor)
    store.merges.merge(
        make.id(), kept_id=kept.id, kept_revision=1, absorbed_id=absorbed.id, absorbed_revision=1, actor=make.actor,
        reason="",
    )  # fmt: skip
    assert store.places.get(kept.id).visit_count == 2
    store.erasures.erase_place(absorbed.id, actor=make.actor, reason="x")
    assert home.holding(CANARY) == []
    assert store.places.get(kept.id).visit_count == 1
    assert store.merges.of_place(kept.id) == []


def test_old_notes_are_emptied_also_in_the_log(store, make, home):
    record = store.places.add(make.place(), make.actor)
    old = store.visits.add(make.visit(record.id, note=CANARY, happened_on=date(2020, 1, 1)), make.actor)
    new = store.visits.add(make.visit(record.id, note="nové"), make.actor)
    assert store.erasures.empty_old_notes(before=date(2024, 1, 1), actor=make.actor) == 1
    assert store.erasures.compact() is True
    assert (store.visits.get(old.id).note, store.visits.get(new.id).note) == ("", "nové")
    assert home.holding(CANARY) == []
    assert store.audit.verify() == []


def test_files_without_a_row_are_swept(store, make, data_dir):
    record = full_place(store, make)
    (photo,) = store.photos.for_place(record.id)
    left_over = data_dir / "photos" / f"{make.id()}.jpg"
    left_over.write_bytes(b"x")
    assert store.photos.sweep() == 1
    assert store.photos.path_of(photo.id).exists()
    store.photos.withdraw(photo.id, actor=make.actor)
    assert list((data_dir / "photos").iterdir()) == []
    with pytest.raises(NotFoundError, match="unknown_photo"):
        store.photos.path_of("../../keys/audit.key")
