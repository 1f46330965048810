"""Our map against streamlit-folium and an empty page, each with one slider, taking turns in one run.

Run `python -m tests.bench.map_bench [SEED]`. Both maps draw 57 + 112 polygons and the same 10,000
places; ours also draws its other default layers. Every turn opens a page in a cold browser over a
warm server, with a view that no turn before it had, so that no answer comes out of the server's cache.
"""

import json
import sys
import tempfile
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from tests.bench.bench_data import PROJECT, data_dir, points
from tests.bench.browsing import chromium, cold_page, median
from tests.bench.figures import net_ratio, row, text_table
from tests.tools.server import running_app

APPS = PROJECT / "tests" / "bench" / "apps"
PLACES = 10_000
TURNS = 7
RERUNS = 3
CITY_PARTS, CADASTRAL_AREAS = 57, 112
FIRST_LIMIT, RERUN_LIMIT, REPAINT_LIMIT, CLICK_LIMIT = 0.35, 0.30, 0.40, 0.20
RERUN_BYTES_LIMIT = 5 * 1024
FIRST_LOAD_LIMIT_KB = 250
DRAWN = "document.querySelector('#drawn')"
SLIDER_SELECTOR = "[data-testid=stSlider] input"
SLIDER = f"document.querySelector('{SLIDER_SELECTOR}')"
FORM = "document.querySelector('[data-testid=stForm]')"
# Ours stands in the page hidden before it is asked for: it counts as open once it is seen.
OUR_FORM = "document.querySelector('.st-key-record_form [data-testid=stForm]')?.checkVisibility()"
OUR_WHERE = "document.querySelector('.st-key-panel_city_part button')?.checkVisibility()"
OUR_MAP = "document.querySelector('.bm-map')"
OUR_READY = f"{OUR_MAP}?.dataset.ready === 'true'"
OUR_VIEW = "JSON.stringify([window.__bilaMista.map.getCenter(), window.__bilaMista.map.getZoom()])"
# A new map has no mark of ours on it; streamlit-folium throws its frame or its map away at every change.
THEIR_DOCUMENT = "document.querySelector('iframe')?.contentDocument"
THEIR_READY = (
    f"{THEIR_DOCUMENT}?.querySelector('.leaflet-overlay-pane canvas') && {THEIR_DOCUMENT}.querySelector('.marker-cluster')"
    f" && !{THEIR_DOCUMENT}.querySelector('[data-bench-old]')"
)
MARK_OLD = f"for (const icon of {THEIR_DOCUMENT}.querySelectorAll('.marker-cluster')) icon.dataset.benchOld = '1'"
# Spots of the window that are tried one after another until one is free of marks: the place must be ground.
SPOTS = [(x, y) for y in range(500, 700, 23) for x in range(520, 900, 31)]


def run(seed: int) -> list[dict]:
    """Return rows of name, value, unit, limit (None: told for comparison only) and within."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        given = folder / "points.json"
        given.write_text(json.dumps(points(PLACES, seed)), encoding="utf-8")
        ours_dir, _ = data_dir(PLACES, seed)
        empty = stack.enter_context(running_app(folder / "empty", script=APPS / "empty_app.py"))
        ours = stack.enter_context(running_app(ours_dir, script=APPS / "our_app.py"))
        theirs = stack.enter_context(
            running_app(folder / "folium", script=APPS / "folium_app.py", environment={"BENCH_POINTS": str(given)})
        )
        browser = stack.enter_context(chromium())
        visits = {
            "empty": lambda turn: visit_empty(browser, empty.address),
            "ours": lambda turn: visit_ours(browser, ours.address, default_layers(ours.address), turn),
            "theirs": lambda turn: visit_theirs(browser, theirs.address),
        }
        seen = {name: [] for name in visits}
        for turn in range(TURNS + 1):
            for name, visit in visits.items():
                figures = visit(turn)
                # The first visit of each warms its server.
                if turn:
                    seen[name].append(figures)
        load = first_load(browser, ours.address)
    return summary(seen, load)


def default_layers(address):
    with urllib.request.urlopen(f"{address}/api/v1/layers?lang=cs") as answer:
        layers = json.load(answer)["layers"]
    return [layer["id"] for layer in layers if layer["shown_by_default"]]


def view(layers, turn):
    """An address of a view of the whole city, a little elsewhere at every turn."""
    return f"/#map=11/{50.06 + turn * 0.0007:.5f}/{14.45 + turn * 0.0007:.5f}&layers={','.join(layers)}"


def move_slider(page):
    page.page.evaluate(f"{SLIDER}.focus({{preventScroll: true}})")
    page.page.keyboard.press("ArrowRight")


def reruns(page):
    """Times of some reruns: a key on the slider until the end of the script has been painted."""
    times = []
    page.page.wait_for_selector(SLIDER_SELECTOR, state="attached")
    for _ in range(RERUNS):
        before = page.page.evaluate(f"{DRAWN}.textContent")
        changed = f"{DRAWN} && {DRAWN}.textContent !== {json.dumps(before)}"
        times.append(page.time("keydown", lambda: move_slider(page), changed))
        page.page.wait_for_timeout(150)
    return times


def visit_empty(browser, address):
    with cold_page(browser) as page:
        first = page.open(address, DRAWN)
        figures = {"first": first, "rerun": median(reruns(page)), "bytes": rerun_bytes(page)}
        page.check()
        return figures


def visit_ours(browser, address, layers, turn):
    shown = [*layers, "cadastral_areas"]
    with cold_page(browser) as page:
        first = page.open(address + view(shown, turn), OUR_READY)
        require_drawn(page)
        figures = {"first": first, "rerun": median(reruns(page)), "bytes": rerun_bytes(page)}
        figures["repaint"] = median([our_repaint(page, measure) for measure in other_measures(page)])
        spot = free_spot(page, lambda: page.page.locator(".bm-host.bm-pointing").count() == 0)
        click = page.bytes_of(
            lambda: figures.update(
                zip(
                    ("click", "where"),
                    page.times("click", lambda: page.page.mouse.click(*spot), OUR_FORM, OUR_WHERE),
                    strict=True,
                )
            )
        )
        close = page.bytes_of(lambda: page.page.locator(".bm-shut").click())
        page.check()
        return {**figures, "click_bytes": click, "close_bytes": close}


def require_drawn(page):
    drawn = json.loads(page.page.evaluate(f"{OUR_MAP}.dataset.features"))
    if (
        drawn.get("city_parts") != CITY_PARTS
        or drawn.get("cadastral_areas") != CADASTRAL_AREAS
        or not drawn.get("places")
    ):
        raise RuntimeError(f"our map did not draw what it should: {drawn}")


def other_measures(page):
    """Two measures of the concentration, the shown one last, so that each choice is a change."""
    values = page.page.eval_on_selector_all(
        "[data-layer=concentration] [data-option=measure] option", "all => all.map((o) => o.value)"
    )
    shown = page.page.input_value("[data-layer=concentration] [data-option=measure]")
    return [next(value for value in values if value != shown), shown]


def our_repaint(page, measure):
    """Time from choosing a measure until the map has it; the legend is written before the frame that paints it."""
    facts = "document.querySelector('[data-layer=concentration] .bm-facts')"
    before = page.page.evaluate(f"{facts}.textContent")
    pixels = "document.querySelector('.bm-canvas-layers').toDataURL()"
    old, where = page.page.evaluate(pixels), page.page.evaluate(OUR_VIEW)
    changed = f"{facts}.textContent !== {json.dumps(before)} && {facts}.closest('.bm-layer').getAttribute('aria-busy') !== 'true'"
    took = page.time(
        "change", lambda: page.page.select_option("[data-layer=concentration] [data-option=measure]", measure), changed
    )
    if page.page.evaluate(pixels) == old:
        raise RuntimeError("our map was not painted anew")
    if page.page.evaluate(OUR_VIEW) != where:
        raise RuntimeError("our map did not keep its view")
    return took


def visit_theirs(browser, address):
    with cold_page(browser) as page:
        first = page.open(address, THEIR_READY)
        frame = next(frame for frame in page.page.frames if "streamlit_folium" in frame.url)
        polygons = "Object.values(map_div._layers).filter((layer) => layer instanceof L.Polygon).length"
        if frame.evaluate(polygons) != CITY_PARTS + CADASTRAL_AREAS:
            raise RuntimeError("the alternative did not draw what it should")
        figures = {"first": first, "rerun": median(reruns(page)), "bytes": rerun_bytes(page)}
        figures["repaint"] = median([their_repaint(page) for _ in range(2)])
        frame = next(frame for frame in page.page.frames if "streamlit_folium" in frame.url)
        spot = free_spot(page, lambda: frame.locator(".leaflet-marker-icon:hover").count() == 0)
        figures["click"] = page.time("click", lambda: page.page.mouse.click(*spot), FORM, frame=frame)
        page.check()
        return figures


def their_repaint(page):
    """Time from choosing the other measure until a map with it has been painted."""
    page.page.evaluate(MARK_OLD)
    box = page.page.locator("[data-testid=stSelectbox] input")
    box.focus()
    shown = page.page.evaluate(f"{DRAWN}.textContent").split("/")[1]
    page.page.keyboard.press("ArrowDown")
    page.page.locator("[role=option]").first.wait_for()
    page.page.keyboard.press("Home")
    if shown == "0":
        page.page.keyboard.press("ArrowDown")
    changed = f"{DRAWN}.textContent.split('/')[1] !== {json.dumps(shown)} && {THEIR_READY}"
    return page.time("keydown", lambda: page.page.keyboard.press("Enter"), changed)


def free_spot(page, is_ground):
    for x, y in SPOTS:
        page.page.mouse.move(x, y)
        page.page.wait_for_timeout(60)
        if is_ground():
            return x, y
    raise RuntimeError("no spot of ground in sight")


def rerun_bytes(page):
    """Bytes that a rerun sends to the page."""
    return page.bytes_of(lambda: move_slider(page))


def first_load(browser, address):
    """Bytes on the wire of /assets and /api for the default view, in a cold browser, with the number of requests."""
    with cold_page(browser) as page:
        session = page.page.context.new_cdp_session(page.page)
        session.send("Network.enable")
        urls, sizes = {}, {}
        session.on(
            "Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]})
        )
        session.on(
            "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]})
        )
        page.open(f"{address}/", OUR_READY)
        page.page.wait_for_timeout(1000)
        page.check()
    paths = {key: url.removeprefix(address).split("?")[0] for key, url in urls.items()}
    return {paths[key]: size for key, size in sizes.items() if paths.get(key, "").startswith(("/assets/", "/api/"))}


def summary(seen, load):
    ours, theirs, empty = seen["ours"], seen["theirs"], seen["empty"]

    def all_of(visits, name):
        return [visit[name] for visit in visits]

    def times(name, title, limit, label):
        rows = []
        for who, visits in (("empty page", empty), ("ours", ours), ("streamlit-folium", theirs)):
            if name in visits[0]:
                rows.append(row(f"{title}, {who}", median(all_of(visits, name)), "ms", digits=0))
        floor = all_of(empty, "rerun" if name == "repaint" else name) if name != "click" else [0.0]
        rows.append(row(f"{title}, {label}", net_ratio(all_of(ours, name), all_of(theirs, name), floor), "x", limit))
        return rows

    def sent(what, visits, name="bytes", limit=None):
        value = median([visit[name][0] for visit in visits])
        return row(f"map: websocket bytes of {what}", value, "B", limit, digits=0)

    return [
        *times("first", "map: first paint", FIRST_LIMIT, "net ratio"),
        *times("rerun", "map: rerun after a widget", RERUN_LIMIT, "net ratio"),
        *times("repaint", "map: repaint after a change of measure", REPAINT_LIMIT, "net ratio"),
        *times("click", "map: click to open form", CLICK_LIMIT, "raw ratio"),
        row("map: click until the form names the city part, ours", median(all_of(ours, "where")), "ms", digits=0),
        sent("a rerun, empty page", empty),
        sent("a rerun, streamlit-folium", theirs),
        sent("a rerun after a widget, ours", ours, limit=RERUN_BYTES_LIMIT),
        sent("a rerun that closes the form, ours", ours, "close_bytes", limit=RERUN_BYTES_LIMIT),
        sent("a rerun that opens the form, ours", ours, "click_bytes", limit=RERUN_BYTES_LIMIT),
        row("map: first load of own assets and data", sum(load.values()) / 1024, "KB", FIRST_LOAD_LIMIT_KB, digits=1),
        row("map: requests of that first load", len(load), "", digits=0),
    ]


if __name__ == "__main__":
    print(text_table(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
