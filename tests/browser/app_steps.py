"""What a person does in the real app, step by step, for the tests of the whole."""

import json
import re
import time

from playwright.sync_api import expect

READY = '.bm-map[data-ready="true"]'
# The form of a new place stands in the page before it is asked for, hidden.
PANEL = ":is(.st-key-detail_panel, .st-key-record_form)"
FORM_MS = 20_000
PLAIN = "layers=city_parts,places"


def go_to_map(page, address, *, at=None, zoom=16, layers=PLAIN, path="/", lang=None):
    """Open the map, at a position (lon, lat) where one is given."""
    query = f"?lang={lang}" if lang else ""
    view = f"map={zoom}/{at[1]}/{at[0]}&" if at else ""
    page.goto(f"{address}{path}{query}#{view}{layers}" if (at or layers) else f"{address}{path}{query}")
    wait_for_map(page)
    return page


def wait_for_map(page):
    page.wait_for_selector(READY, timeout=FORM_MS)


def counts(page):
    """Return how many features each visible layer holds."""
    return json.loads(page.get_attribute(".bm-map", "data-features") or "{}")


def painted(page, layer):
    return page.evaluate("id => __bilaMista.painted(id)", layer)


def wait_for_painted(page, layer, count):
    page.wait_for_function("([id, n]) => window.__bilaMista?.painted(id) === n", arg=[layer, count], timeout=FORM_MS)


def spot(page, lon, lat):
    """Return where on the screen a position lies."""
    x, y = page.evaluate(
        "([lat, lon]) => { const p = __bilaMista.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [lat, lon],
    )
    box = page.locator(".bm-host").bounding_box()
    return box["x"] + x, box["y"] + y


def click_map(page, lon, lat):
    page.mouse.click(*spot(page, lon, lat))


def pixel(page, lon, lat):
    """Return the colour (r, g, b, a) that the layers' canvas has at a position."""
    x, y = spot(page, lon, lat)
    return page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector('.bm-canvas-layers');
          const box = canvas.getBoundingClientRect();
          const ratio = canvas.width / box.width;
          return [...canvas.getContext('2d').getImageData((x - box.left) * ratio, (y - box.top) * ratio, 1, 1).data];
        }""",
        [x, y],
    )


def canvas_sum(page):
    """Return a number that stands for everything painted."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector('.bm-canvas-layers');
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let sum = 0;
          for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) % 1000000007;
          return sum;
        }"""
    )


def switch(page, layer, on=True):
    page.locator(f'[data-layer="{layer}"] .bm-layer-name input').set_checked(on)


def panel(page):
    return page.locator(PANEL).filter(visible=True)


def wait_for_form(page):
    panel(page).get_by_role("radio", name="Ubytovna").wait_for(timeout=FORM_MS)


def pick(page, label, scope=None):
    """Tap a pill."""
    pill = (scope or panel(page)).get_by_role("radio", name=label, exact=True)
    # While another form is being drawn, that of before may still stand there.
    expect(pill).to_have_count(1, timeout=FORM_MS)
    pill.click()


def write_name(page, text):
    panel(page).get_by_role("textbox", name="Název nebo popis místa").fill(text)


def unfold(page):
    panel(page).locator("details summary").first.click()


def press(page, label):
    panel(page).get_by_role("button", name=label, exact=True).click()


def shut(page):
    """Close the panel."""
    page.locator(".bm-shut").click()


def save(page):
    press(page, "Uložit")


def wait_for_saved(page):
    panel(page).get_by_role("heading", name="Uloženo").wait_for(timeout=FORM_MS)


def mark(page, lon, lat, *, kind="Ubytovna", outcome=None, name=""):
    """Click, choose, save: a place at a position."""
    click_map(page, lon, lat)
    wait_for_form(page)
    pick(page, kind)
    if outcome:
        pick(page, outcome)
    if name:
        write_name(page, name)
    save(page)
    wait_for_saved(page)


def warning(page):
    """Return the sentence that the panel warns with."""
    box = panel(page).get_by_test_id("stAlert").first
    box.wait_for(timeout=FORM_MS)
    return box.inner_text()


def open_menu(page, label):
    page.locator(".bm-bar").get_by_role("button", name=label, exact=True).click()


def settle(page):
    """Wait until the app has run: nothing is being drawn any more."""
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')", timeout=FORM_MS)


def until(condition, timeout_s=15):
    """Wait for something outside the browser."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come")


def hash_of(page):
    return page.evaluate("location.hash")


def numbers(text):
    return [int(part) for part in re.findall(r"\d+", text)]
