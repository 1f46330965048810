"""The retention job with a clock of its own, and erasing as a coordinator."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.place_reader import StorePlaceReader
from actions.retention import erase_place, main, run_retention
from domain.errors import NotFoundError, NotPermittedError, ProblemsError
from domain.place import PlaceFilter
from domain.roles import Clearance, Role
from store import LOCAL_ORGANISATION_ID, open_store
from tests.tools.made_up import ACTOR, record, visit

OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    assert opened.audit.verify() == []
    assert opened.places.verify_cells() == []
    opened.close()


def later(days):
    return lambda: datetime.now(UTC) + timedelta(days=days)


def test_positions_fall_after_24_months_by_the_clock_alone(store):
    record(store, 14.41, 50.03, outcome="informovan")
    record(store, city_part="547051", name="bez bodu")

    def precision(days):
        reader = StorePlaceReader(store, now=later(days))
        frame = reader.places(bbox=None, zoom=None, only=PlaceFilter(), clearance=OWN)
        return sorted(frame["precision"])

    assert (run_retention(store, clock=later(700)).unconfirmed, precision(700)) == (0, ["city_part", "exact"])
    assert (run_retention(store, clock=later(740)).unconfirmed, precision(740)) == (1, ["cell", "city_part"])


def test_notes_stay_until_the_installation_sets_an_age(store):
    place = record(store, 14.41, 50.03)
    noted = visit(store, place, note="poznámka")
    assert run_retention(store, clock=later(4000)).notes_emptied == 0
    store.settings.set("retention_note_months", 24, ACTOR)
    assert run_retention(store, clock=later(700)).notes_emptied == 0
    report = run_retention(store, clock=later(760))
    assert (report.notes_emptied, report.compacted) == (1, True)
    assert store.visits.get(noted.id).note == ""
    assert run_retention(store, clock=later(760)).notes_emptied == 0


def test_a_coordinator_erases_with_a_reason_that_names_nobody(store):
    place = record(store, 14.41, 50.03)
    for reason, code in (("", "reason_missing"), ("žádá pan Novák", "reason_personal"), ("x" * 201, "text_too_long")):
        with pytest.raises(ProblemsError, match=code):
            erase_place(store, place.id, ACTOR, OWN, reason=reason)
    with pytest.raises(NotPermittedError):
        erase_place(
            store, place.id, ACTOR, Clearance(role=Role.FIELD_WORKER, organisation_id=LOCAL_ORGANISATION_ID), reason="x"
        )
    assert erase_place(store, place.id, ACTOR, OWN, reason="místo bylo zapsáno omylem") is True
    with pytest.raises(NotFoundError):
        store.places.get(place.id)


def test_caches_of_the_reader_forget_an_erased_place(store):
    place = record(store, 14.41, 50.03, name="Vymazané")
    reader = StorePlaceReader(store)
    assert "Vymazané" in set(reader.places(bbox=None, zoom=None, only=PlaceFilter(), clearance=OWN)["name"])
    erase_place(store, place.id, ACTOR, OWN, reason="omyl")
    assert reader.places(bbox=None, zoom=None, only=PlaceFilter(), clearance=OWN).empty


def test_the_job_runs_from_the_command_line(tmp_path, capsys):
    open_store(tmp_path / "d").close()
    assert main([str(tmp_path / "d")]) == 0
    assert "erased_again=0" in capsys.readouterr().out
    (tmp_path / "f").write_text("x")
    assert main([str(tmp_path / "f")]) == 1
