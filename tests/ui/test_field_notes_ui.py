"""Visits in an area, quick records and notes per quarter, from the panel, without a browser."""

import pytest

from domain.quick_records import QuickKind
from domain.text import Language
from store import LOCAL_ORGANISATION_ID
from tests.tools.stored import visits_in
from tests.ui.app_walk import by_label, open_page, page_text, press, run
from ui.localisation import Messages
from ui.panel_state import Panel, PanelKind

CS = Messages(Language.CS)
PRAHA_1 = "500054"


@pytest.fixture(autouse=True)
def _own_store(app_store):
    pass


def open_city_part(lang="cs"):
    app = open_page("mapa", lang)
    app.session_state["panel"] = Panel(kind=PanelKind.CITY_PART, layer="city_parts", id=PRAHA_1)
    return run(app)


def test_streets_searched_without_a_place(app_store):
    app = press(open_city_part(), CS("area-record"))
    by_label(app.text_input, CS("area-where")).set_value("Dlouhá, Rybná")
    by_label(app.button_group, CS("visit-outcome")).set_value("nic_nenalezeno")
    app = press(app, CS("record-save"))
    assert CS("area-saved", city_part="Praha 1") in page_text(app)
    (visit,) = visits_in(app_store, PRAHA_1)
    assert (visit.place_id, visit.area, visit.outcome) == (None, "Dlouhá, Rybná", "nic_nenalezeno")


def test_an_area_is_searched_from_the_page_zaznamenat_without_a_click(app_store):
    app = press(open_page("zaznamenat"), CS("area-record"))
    app = press(app, CS("record-save"))
    assert CS("error-outcome-missing") in page_text(app)
    by_label(app.selectbox, CS("record-city-part")).set_value(PRAHA_1)
    by_label(app.button_group, CS("visit-outcome")).set_value("nikdo")
    press(app, CS("record-save"))
    assert len(visits_in(app_store, PRAHA_1)) == 1


def test_two_taps_note_interpreting_and_a_third_takes_it_back(app_store):
    app = open_city_part()
    by_label(app.button_group, CS("quick-title")).set_value("phone_interpreting")
    run(app)
    by_label(app.button_group, CS("quick-language")).set_value("vi")
    run(app)
    (found,) = app_store.quick_records.find(LOCAL_ORGANISATION_ID)
    assert (found.kind, found.language, found.city_part) == (QuickKind.PHONE_INTERPRETING, "vi", PRAHA_1)
    press(app, CS("quick-undo"))
    assert app_store.quick_records.find(LOCAL_ORGANISATION_ID) == []


@pytest.mark.parametrize("lang", list(Language))
def test_irregular_stay_is_noted_for_the_quarter_alone(app_store, lang):
    messages = Messages(lang)
    app = open_city_part(lang.value)
    by_label(app.selectbox, messages("quarter-term")).set_value("typ_pobytu/neregulerni")
    run(app)
    by_label(app.text_area, messages("quarter-note")).set_value("Více dotazů.")
    app = press(app, messages("quarter-save"))
    assert messages("quarter-saved") in page_text(app)
    (note,) = app_store.quarter_notes.for_city_part(PRAHA_1, organisation_id=LOCAL_ORGANISATION_ID)
    assert (note.code, note.note) == ("neregulerni", "Více dotazů.")
    press(app, messages("quarter-withdraw"))
    assert app_store.quarter_notes.for_city_part(PRAHA_1, organisation_id=LOCAL_ORGANISATION_ID) == []
