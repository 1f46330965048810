"""The page Bílá místa in a browser: list and map are one, the address stays alone, the keyboard reaches all."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from store import open_store
from tests.actions.test_board import spread
from tests.browser.app_steps import FORM_MS, counts, pixel, rest, settle, spot, wait_for_map, wait_for_painted
from tests.browser.conftest import prepare_store
from tests.tools.server import running_app

KNOWN = ("500089", "500097", "500143", "500178", "500208", "500186")
IN_PRAHA_4, IN_PRAHA_5 = (14.445, 50.045), (14.39, 50.055)
ORANGE = (179, 88, 6)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = prepare_store(tmp_path_factory.mktemp("board") / "data")
    store = open_store(folder, clock=lambda: datetime.now(UTC))
    spread(store, KNOWN, 12)
    store.close()
    with running_app(folder) as app:
        yield app.address


@pytest.fixture
def board(open_page, address):
    page = open_page(f"{address}/bila-mista")
    wait_for_map(page)
    wait_for_painted(page, "white_spots", 57)
    rest(page)
    return page


def evidence(page, name):
    return page.get_by_role("heading", name=f"{name}: na čem to stojí")


def test_the_map_shows_the_states_and_leaves_the_address_alone(board):
    assert counts(board) == {"white_spots": 57}
    red, green, blue, _ = pixel(board, *IN_PRAHA_4)
    # The colour of a white spot, a little lighter, as it is laid over the ground.
    assert abs(red - ORANGE[0]) < 40
    assert abs(green - ORANGE[1]) < 50
    assert abs(blue - ORANGE[2]) < 70
    assert board.evaluate("location.hash") == ""
    zoom = board.evaluate("__bilaMista.map.getZoom()")
    board.mouse.move(*spot(board, *IN_PRAHA_4))
    board.mouse.wheel(0, -400)
    board.wait_for_function("before => __bilaMista.map.getZoom() > before", arg=zoom, timeout=FORM_MS)
    rest(board)
    assert board.evaluate("location.hash") == ""
    assert board.evaluate("sessionStorage.getItem('bm-view')") is None
    expect(board.locator(".bm-bar"), "nothing to download here").to_be_hidden()
    assert board.console_errors == []
    assert board.outside == []


def test_a_click_on_the_map_opens_the_row_and_back(board):
    board.mouse.click(*spot(board, *IN_PRAHA_5))
    evidence(board, "Praha 5").wait_for(timeout=FORM_MS)
    settle(board)
    rest(board)
    zoom = board.evaluate("__bilaMista.map.getZoom()")
    board.get_by_role("button", name="1. Praha 4", exact=True).click()
    evidence(board, "Praha 4").wait_for(timeout=FORM_MS)
    board.wait_for_function("before => __bilaMista.map.getZoom() > before", arg=zoom, timeout=FORM_MS)
    settle(board)
    assert evidence(board, "Praha 5").count() == 0


def test_inside_a_city_part_are_its_cells(board):
    board.get_by_role("button", name="1. Praha 4", exact=True).click()
    evidence(board, "Praha 4").wait_for(timeout=FORM_MS)
    settle(board)
    board.get_by_role("button", name="Ukázat navštívené buňky").click()
    board.wait_for_function("window.__bilaMista?.painted('visited_cells') > 200", timeout=FORM_MS)
    settle(board)
    rest(board)
    assert set(counts(board)) == {"visited_cells", "city_parts"}
    board.get_by_role("button", name="Zpět na celou Prahu").click()
    wait_for_painted(board, "white_spots", 57)


def test_another_need_and_the_other_question_recolour_the_map(board):
    before = pixel(board, *IN_PRAHA_4)
    board.get_by_role("radiogroup", name="Otázka").get_by_text("Komu napsat").click()
    board.get_by_text("Cizinci na 100", exact=False).or_(
        board.get_by_text("vysoký podíl", exact=False)
    ).first.wait_for()
    board.wait_for_function(
        """before => {
          // The other question draws the map anew: for a moment there is none.
          if (!window.__bilaMista || !document.querySelector('.bm-canvas-layers')) return false;
          const p = __bilaMista.map.latLngToContainerPoint([50.045, 14.445]);
          const host = document.querySelector('.bm-host').getBoundingClientRect();
          const canvas = document.querySelector('.bm-canvas-layers');
          const box = canvas.getBoundingClientRect();
          const ratio = canvas.width / box.width;
          const at = [(host.x + p.x - box.left) * ratio, (host.y + p.y - box.top) * ratio];
          const now = canvas.getContext('2d').getImageData(at[0], at[1], 1, 1).data;
          return Math.abs(now[0] - before[0]) + Math.abs(now[2] - before[2]) > 30;
        }""",
        arg=list(before),
        timeout=FORM_MS,
    )


def test_the_keyboard_reaches_the_table_and_chooses(board):
    board.get_by_role("radio", name="tabulka").focus()
    board.keyboard.press("Space")
    field = board.get_by_role("combobox", name="Vybrat městskou část")
    field.wait_for(timeout=FORM_MS)
    settle(board)
    field.focus()
    board.keyboard.type("Nebu")
    board.get_by_role("option", name="Praha-Nebušice").wait_for()
    board.keyboard.press("Enter")
    evidence(board, "Praha-Nebušice").wait_for(timeout=FORM_MS)
    settle(board)
    assert not board.get_by_test_id("stElementToolbar").first.is_visible(), "the table is not for taking along"


def test_the_home_map_keeps_its_own_view(board, address):
    board.goto(f"{address}/#map=13/50.06/14.42&layers=city_parts")
    wait_for_map(board)
    assert counts(board) == {"city_parts": 57}
    board.get_by_role("link", name="Bílá místa").click()
    wait_for_painted(board, "white_spots", 57)
    rest(board)
    assert set(counts(board)) == {"white_spots"}
