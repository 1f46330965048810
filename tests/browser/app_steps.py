"""What a person does in the real app, step by step, for the tests of the whole."""

import json
import re
import time

from tests.tools.reruns import TIMEOUT_MS, settle

READY = '.bm-map[data-ready="true"]'
# The form of a new place stands in the page before it is asked for, hidden.
PANEL = ":is(.st-key-detail_panel, .st-key-record_form)"
NAME = "Název nebo popis místa"
FORM_MS = TIMEOUT_MS
PLAIN = "layers=city_parts,places"

# A timer of the page itself ends after all timers of the page that were shorter and set before it.
LATER = "(ms) => new Promise((done) => setTimeout(done, ms))"
# What a view lacks is fetched 180 ms after it came to rest; what a panel covers is moved 200 ms after that opened.
MAP_WAITS_MS = 220
RESTS = """() => {
  const map = window.__bilaMista?.map;
  return Boolean(map) && !map._animatingZoom && !map._panAnim?._inProgress
    && !document.querySelector('.bm-busy, .bm-layer[aria-busy="true"]');
}"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
# Idle callbacks run in the order in which they were asked for: ours comes after the map's.
IDLE = "new Promise((done) => requestIdleCallback(() => setTimeout(done), { timeout: 3000 }))"
STILL = """async () => {
  const ends = (one) => one.effect.getComputedTiming().iterations !== Infinity;
  await Promise.all(document.getAnimations().filter(ends).map((one) => one.finished.catch(() => null)));
}"""


def go_to_map(page, address, *, at=None, zoom=16, layers=PLAIN, path="/", lang=None):
    """Open the map, at a position (lon, lat) where one is given."""
    query = f"?lang={lang}" if lang else ""
    view = f"map={zoom}/{at[1]}/{at[0]}&" if at else ""
    page.goto(f"{address}{path}{query}#{view}{layers}" if (at or layers) else f"{address}{path}{query}")
    wait_for_map(page)
    return page


def wait_for_map(page):
    page.wait_for_selector(READY, timeout=FORM_MS)
    # The panel of layers and the address follow the first paint, and once the browser is idle the form of a new place;
    # the bar and what else the page has may still come too.
    page.evaluate(LATER, 0)
    page.evaluate(IDLE)
    settle(page)


def later(page, ms):
    """Let the page's own time go by: for what the page itself does after a while, or is not to do."""
    page.evaluate(LATER, ms)


def drawn(page):
    """Wait until what the page was told up to now has been painted."""
    page.evaluate(PAINTED)


def still(page):
    """Wait until whatever slides or fades stands where it will."""
    drawn(page)
    page.evaluate(STILL)
    drawn(page)


def rest(page):
    """Wait until the map has moved, fetched and painted all that it was told to."""
    page.wait_for_function(RESTS, timeout=FORM_MS)
    later(page, MAP_WAITS_MS)
    page.wait_for_function(RESTS, timeout=FORM_MS)
    drawn(page)


def show_view(page, lon, lat, zoom):
    """Look somewhere else, and wait until it is seen."""
    page.evaluate("([lat, lon, zoom]) => __bilaMista.map.setView([lat, lon], zoom, {animate: false})", [lat, lon, zoom])
    rest(page)


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
    """Wait for the form of a new place; while it is being drawn, a form of before may still stand there."""
    settle(page)
    panel(page).get_by_role("radio", name="Ubytovna").first.wait_for(timeout=FORM_MS)
    settle(page)


def pick(page, label, scope=None):
    """Tap a pill of what is drawn."""
    settle(page)
    (scope or panel(page)).get_by_role("radio", name=label, exact=True).click()


def name_field(page):
    return panel(page).get_by_role("textbox", name=NAME)


def write_name(page, text):
    settle(page)
    name_field(page).fill(text)


def unfold(page):
    """Open what most records do without; it is drawn only then."""
    settle(page)
    panel(page).locator("details summary").first.click()
    panel(page).get_by_role("textbox", name="Poznámka").wait_for(timeout=FORM_MS)
    settle(page)


def press(page, label):
    """Press a button of what is drawn."""
    settle(page)
    panel(page).get_by_role("button", name=label, exact=True).click()


def wait_for_title(page, text):
    """Wait for a panel with this heading; nothing of the panel before it is left."""
    settle(page)
    panel(page).get_by_role("heading", name=text).first.wait_for(timeout=FORM_MS)
    settle(page)


def shut(page):
    """Close the panel."""
    page.locator(".bm-shut").click()


def save(page):
    press(page, "Uložit")


def wait_for_saved(page):
    wait_for_title(page, "Uloženo")


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
    """Return the sentence that the panel warns with, once all that comes with it is drawn."""
    settle(page)
    panel(page).get_by_test_id("stAlert").first.wait_for(timeout=FORM_MS)
    settle(page)
    return panel(page).get_by_test_id("stAlert").inner_text()


def open_menu(page, label):
    page.locator(".bm-bar").get_by_role("button", name=label, exact=True).click()


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
