"""The form of a new place waits in the page, hidden: a click shows it, and nothing of one form is left in the next."""

import re

from playwright.sync_api import expect

from tests.browser.app_steps import (
    READY,
    click_map,
    name_field,
    panel,
    pick,
    press,
    save,
    settle,
    shut,
    spot,
    wait_for_form,
    wait_for_saved,
    write_name,
)


def wait_until_ready(page):
    """Wait until the form of a new place stands in the page, hidden."""
    page.locator(".st-key-record_form").get_by_test_id("stForm").wait_for(state="attached")


def test_the_form_waits_hidden_and_a_click_only_shows_it(here):
    page = here.open()
    wait_until_ready(page)
    assert panel(page).count() == 0
    page.evaluate("document.querySelector('.st-key-record_form [data-testid=stForm]').waited = true")
    x, y = spot(page, here.lon, here.lat)
    # All in one turn of the page's script: Python cannot have answered yet.
    shown = page.evaluate(
        """([x, y]) => {
          const target = document.elementFromPoint(x, y);
          for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
            target.dispatchEvent(new MouseEvent(kind, {bubbles: true, clientX: x, clientY: y, detail: 1, view: window}));
          const form = document.querySelector('.st-key-record_form [data-testid=stForm]');
          return form.waited && form.checkVisibility() && document.querySelector('.bm-pin') !== null;
        }""",
        [x, y],
    )
    assert shown
    write_name(page, "Psáno hned po klepnutí")
    panel(page).get_by_role("button", name=re.compile("o této městské části")).wait_for()
    settle(page)
    expect(name_field(page)).to_have_value("Psáno hned po klepnutí")
    assert page.evaluate("document.querySelector('.st-key-record_form [data-testid=stForm]').waited")
    pick(page, "Ubytovna")
    save(page)
    wait_for_saved(page)
    press(page, "Otevřít místo")
    panel(page).get_by_role("heading", name="Psáno hned po klepnutí").wait_for()


def test_a_click_before_the_form_stands_ready_opens_it_too(open_app, app_address, free_spot):
    lon, lat = free_spot
    page = open_app()
    # The browser finds no idle moment in which the map would ask for the form beforehand.
    page.add_init_script("window.requestIdleCallback = () => 0")
    page.goto(f"{app_address}/#map=17/{lat}/{lon}&layers=city_parts,places")
    page.wait_for_selector(READY)
    settle(page)
    assert page.locator(".st-key-record_form").get_by_test_id("stForm").count() == 0
    click_map(page, lon, lat)
    wait_for_form(page)
    pick(page, "Ubytovna")
    save(page)
    wait_for_saved(page)


def test_a_form_thrown_away_leaves_nothing_in_the_next_one(here):
    page = here.open()
    wait_until_ready(page)
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    pick(page, "Ubytovna")
    write_name(page, "Zahozené")
    shut(page)
    page.locator(".bm-toast").get_by_role("button", name="Zahodit").click()
    expect(panel(page)).to_have_count(0)
    wait_until_ready(page)
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    expect(name_field(page)).to_have_value("")
    expect(panel(page).get_by_role("radio", name="Ubytovna")).not_to_be_checked()
