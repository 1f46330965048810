"""A newcomer: the note that appears once, the first place, and that it outlives the server."""

from playwright.sync_api import expect

from tests.browser.app_steps import (
    click_map,
    go_to_map,
    mark,
    painted,
    panel,
    settle,
    wait_for_map,
    wait_for_painted,
)
from tests.tools.server import running_app

NOTE = ".st-key-first_run"


def test_five_clicks_to_a_place_that_is_still_there_after_a_restart(open_app, tmp_path):
    data_dir = tmp_path / "data"
    with running_app(data_dir) as app:
        page = open_app()
        page.goto(app.address)
        wait_for_map(page)
        note = page.locator(NOTE)
        expect(note).to_contain_text("v\u00a0tomto počítači")
        settle(page)
        assert painted(page, "places") == 0
        note.get_by_role("button", name="Otevřít mapu").click()  # 1
        note.wait_for(state="detached")
        settle(page)
        expect(page.locator(".bm-map")).to_have_count(1)
        mark(page, 14.36, 50.03)  # 2 the map, 3 the kind, 4 save
        wait_for_painted(page, "places", 1)
        page.reload()
        wait_for_map(page)
        wait_for_painted(page, "places", 1)
        settle(page)
        assert page.locator(NOTE).count() == 0, "the note appears once"
    with running_app(data_dir) as app:
        page = go_to_map(open_app(), app.address, at=(14.36, 50.03), zoom=15)
        wait_for_painted(page, "places", 1)
        settle(page)
        assert page.locator(NOTE).count() == 0
        click_map(page, 14.36, 50.03)
        panel(page).get_by_role("button", name="Zapsat návštěvu", exact=True).wait_for()
