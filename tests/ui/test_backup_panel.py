"""How old the last backup is stands on the page; the schedule can be set where there is one."""

from datetime import timedelta

import pytest

from actions.backup import EVERY_DAYS_SETTING, KEEP_SETTING, note_backup
from api import process
from domain.photos import CleanPhoto, Consent
from domain.text import Language
from store import utc_now
from store.backup import BackupReport
from tests.store.conftest import Make
from tests.ui.app_walk import by_label, open_page, page_text, press
from ui.localisation import Messages

CS = Messages(Language.CS)


@pytest.fixture(autouse=True)
def _own_store(app_store, monkeypatch):
    for name in ("PASSPHRASE", "PASSPHRASE_FILE", "FOLDER"):
        monkeypatch.delenv(f"BILA_MISTA_BACKUP_{name}", raising=False)


def note(days_ago, *, is_checked=True):
    report = BackupReport(
        made_at=utc_now() - timedelta(days=days_ago, minutes=1), rows=1, photos=0, photos_missing=(), audit_head="0:"
    )
    note_backup(process.store().data_dir, report, is_checked=is_checked)


def warnings(app):
    return [element.value.replace("\\", "") for element in app.warning]


@pytest.mark.parametrize("lang", list(Language))
def test_without_a_backup_the_page_warns(lang):
    messages = Messages(lang)
    app = open_page("nastaveni", lang.value)
    assert warnings(app) == [messages("backup-none-yet")]
    assert messages("backup-schedule-none").replace("-", "") in page_text(app).replace("\\", "").replace("-", "")


def test_the_age_of_the_last_one(app_store):
    note(0)
    assert "přečtena a\u00a0ověřena, dnes" in page_text(open_page("nastaveni"))
    note(1, is_checked=False)
    app = open_page("nastaveni")
    assert "stažena, před\u00a01\u00a0dnem" in page_text(app)
    assert warnings(app) == []
    note(3)
    assert "před\u00a03\u00a0dny" in page_text(open_page("nastaveni"))
    note(8)
    (warning,) = warnings(open_page("nastaveni"))
    assert warning.endswith(CS("backup-old"))


def test_the_schedule_is_set(app_store, tmp_path, monkeypatch):
    note(0)
    monkeypatch.setenv("BILA_MISTA_BACKUP_FOLDER", str(tmp_path / "zalohy"))
    app = open_page("nastaveni")
    assert warnings(app) == [CS("error-backup-secret-missing")]
    by_label(app.number_input, CS("backup-every")).set_value(3)
    by_label(app.number_input, CS("backup-keep")).set_value(5)
    press(app, CS("backup-schedule-save"))
    assert (app_store.settings.get(EVERY_DAYS_SETTING), app_store.settings.get(KEEP_SETTING)) == (3, 5)
    monkeypatch.setenv("BILA_MISTA_BACKUP_FOLDER", str(app_store.data_dir / "zalohy"))
    (warning,) = warnings(open_page("nastaveni"))
    assert "zmizely by s ní" in warning.replace("\u00a0", " ")


def test_missing_photos_are_told(app_store):
    note(0)
    make = Make()
    place = app_store.places.add(make.place(), make.actor)
    photo = CleanPhoto(content=b"jpeg", width=1, height=1)
    record = app_store.photos.add(make.id(), photo, place_id=place.id, consent=Consent.INTERNAL, actor=make.actor)
    app_store.photos.path_of(record.id).unlink()
    assert warnings(open_page("nastaveni")) == [CS("backup-photos-missing", count=1)]
