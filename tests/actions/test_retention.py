"""The retention job with a clock of its own, and erasing as a coordinator."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.gate_settings import gate_settings, note_months, set_retention
from actions.history import place_history
from actions.inbox import read_inbox
from actions.place_reader import StorePlaceReader, place_detail, search_places
from actions.retention import erase_place, main, run_retention
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, ProblemsError
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
    assert opened.visits.verify_groups() == []
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


def test_the_age_of_positions_is_a_setting_that_every_way_out_keeps(store):
    place = record(store, 14.41, 50.03, name="Vymyšlené", outcome="informovan")

    def seen(days):
        now = later(days)
        frame = StorePlaceReader(store, now=now).places(bbox=None, zoom=None, only=PlaceFilter(), clearance=OWN)
        shown = [
            place_detail(store, place.id, OWN, now()).place,
            place_history(store, place.id, OWN, now=now())[0].place,
            *search_places(store, "Vymyšlené", clearance=OWN, now=now()),
            *read_inbox(store, ACTOR, OWN, now=now()).suggested.rows,
        ]
        found = {row.precision.value for row in shown} | set(frame["precision"])
        assert len(shown) == 4
        assert len(found) == 1
        exact = found == {"exact"}
        assert {row.position == place.position for row in shown} == {exact}
        assert run_retention(store, clock=now).unconfirmed == (0 if exact else 1)
        return exact

    assert (seen(700), seen(740)) == (True, False)
    set_retention(store, ACTOR, unconfirmed_months=6, note_months=0)
    assert (seen(150), seen(200)) == (True, False)
    set_retention(store, ACTOR, unconfirmed_months=36, note_months=0)
    assert (seen(740), seen(1200)) == (True, False)


@pytest.mark.parametrize(("positions", "notes"), [(0, 0), (2, 0), (121, 0), (24, -1), (24, 241)])
def test_an_age_out_of_range_is_refused(store, positions, notes):
    with pytest.raises(InvalidValueError, match="retention_months_invalid"):
        set_retention(store, ACTOR, unconfirmed_months=positions, note_months=notes)
    assert store.audit.rows() == []


def test_a_setting_that_makes_no_sense_is_the_method_s(store):
    for value in (None, "a", 0, 1_000_000, [1], 2.5):
        store.settings.set("unconfirmed_months", value, ACTOR)
        store.settings.set("retention_note_months", value, ACTOR)
        assert gate_settings(store).unconfirmed_months == 24
        assert note_months(store) == 0


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
