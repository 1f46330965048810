"""What the map tells Python in one run is done in the order in which it happened."""

from types import SimpleNamespace

import pytest

from ui import map_page
from ui.panel_state import CLOSED, Panel, PanelKind

TYPED = Panel(kind=PanelKind.RECORD, draft_id="typed", seq=1)
CALLBACKS = [("_on_click", "_on_record", "_on_close"), ("_on_close", "_on_click", "_on_record")]


@pytest.fixture
def told(monkeypatch):
    """Return a way to send what the map says to the page, whose callbacks come in a given order."""

    def tell(order, **triggers):
        said = SimpleNamespace(**{name: triggers.get(name) for name in ("click", "record", "close")})
        monkeypatch.setattr(map_page.st, "session_state", {"panel": TYPED, "map": said})
        for name in order:
            if getattr(said, name.removeprefix("_on_")):
                getattr(map_page, name)()
        return map_page.current_panel()

    return tell


@pytest.mark.parametrize("order", CALLBACKS)
@pytest.mark.parametrize("name", ["click", "record"])
def test_what_opens_a_form_right_after_one_was_closed_opens_an_empty_one(told, order, name):
    panel = told(order, close={"seq": 2}, **{name: {"seq": 3, "lon": 14.4, "lat": 50.07}})
    assert (panel.kind, panel.seq) == (PanelKind.RECORD, 3)
    assert panel.draft_id != TYPED.draft_id
    assert panel.position is not None


@pytest.mark.parametrize("order", CALLBACKS)
def test_what_was_closed_last_stays_closed(told, order):
    assert told(order, click={"seq": 2, "lon": 14.4, "lat": 50.07}, close={"seq": 3}) == CLOSED
    assert told(order, close={"seq": 2}) == CLOSED


def test_a_click_on_an_open_form_moves_its_point(told):
    panel = told(CALLBACKS[0], click={"seq": 2, "lon": 14.4, "lat": 50.07})
    assert (panel.draft_id, panel.seq) == (TYPED.draft_id, 2)
