"""The form of a new place waits before it is asked for; what was open once never waits again."""

import pytest

from domain.geometry import LonLat
from tests.ui.app_walk import by_label, open_page, press, run
from ui.form_ahead import AHEAD
from ui.panel_state import CLOSED, Panel, PanelKind

SAVE = "Uložit"
HERE = LonLat(lon=14.4401, lat=50.0301)


@pytest.fixture(autouse=True)
def _store(app_store):
    return app_store


def waiting(app):
    """Return the keys of the widgets of the form that is drawn."""
    return {element.key for element in (*app.button_group, *app.text_input)}


def opened(app):
    """Show the form the way a click does."""
    app.session_state["panel"] = Panel(kind=PanelKind.RECORD, position=HERE, draft_id=app.session_state[AHEAD])
    return run(app)


def prepared():
    app = open_page()
    assert not waiting(app), "nothing waits before the map asks"
    app.session_state[AHEAD] = "00000000-0000-7000-8000-00000000abcd"
    return run(app)


def test_the_waiting_form_is_the_one_that_opens():
    app = prepared()
    before = waiting(app)
    assert before
    assert before <= waiting(opened(app)), "the same widgets, so the page keeps what is typed"


def test_a_saved_form_makes_way_for_another():
    app = prepared()
    before = waiting(app)
    opened(app)
    by_label(app.button_group, "Druh místa").set_value("ubytovna")
    press(app, SAVE)
    assert app.session_state["panel"].kind is PanelKind.SAVED
    assert waiting(app)
    assert not waiting(app) & before


def test_a_form_left_for_another_panel_makes_way_for_another():
    app = prepared()
    before = waiting(app)
    opened(app)
    app.session_state["panel"] = CLOSED
    run(app)
    assert waiting(app)
    assert not waiting(app) & before
