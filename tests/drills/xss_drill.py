"""Hostile texts in every field, file and column name, shown at every place that shows a text, in a real browser.

More than two hundred texts (tags with handlers, ways out of attributes, scripts, comments and template literals,
`javascript:` and `${}`, line separators, marks of direction, and texts that ask other hosts) are stored all at once
past the checks of the forms: names, notes, visits, areas, changes, reasons, plans, notes of a quarter, titles and
columns of imported tables, street names, the attribution of tiles. Then each sink is loaded: the map with its
tooltips, panel, table and search, every page, an upload with a hostile name and header, the standalone HTML from
a disk (also without its own policy), the vector page and a printed plan. In shared mode the texts are names of
organisations and accounts, e-mails, purposes of shares and what a provider of sign-in says of somebody: Správa,
Příjem, Historie, Protokol, Moje záznamy, the menu of the account, "Show as" and an invitation are loaded by people
who signed in for real. A text has run if it set a mark in any
frame, opened a dialog or asked another host. The same texts in careless pages must run: else nobody would see it.
"""

import contextlib
import json
import re
import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Error, sync_playwright

from domain.place import PlaceState
from layers.registry import all_layers
from store import open_store
from tests.browser.app_steps import open_menu
from tests.browser.conftest import BLOCKED
from tests.browser.test_standalone_html import CARELESS, POLICY, touch_everything
from tests.drills.findings import at_least, none_of
from tests.drills.hostile_records import CITY_PART, Watch, add_dataset, add_events, add_place, add_plan, batches
from tests.drills.xss_shared import look_at_shared
from tests.layers.hostile_texts import OUTSIDE, payloads
from tests.tools.chromium import ARGUMENTS, find_chromium
from tests.tools.made_up import ACTOR
from tests.tools.reruns import settle
from tests.tools.server import free_port, running_app

LEAST = 200
SHORT = 20
ROWS_SHOWN = 200  # the table of a layer shows no more
PAGES = ("bila-mista", "prijem", "historie", "pridat-data", "data-a-zdroje", "nastaveni", "zaznamenat")
SHORT_TIMEOUT_MS = 3_000
READY = '.bm-map[data-ready="true"]'


def run(seed, *, full):
    texts = payloads()
    chosen = texts if full else texts[:: len(texts) // SHORT][:SHORT]
    with tempfile.TemporaryDirectory(prefix="bila-mista-") as made, sync_playwright() as playwright:
        folder = Path(made)
        port = free_port()
        ids = prepare(folder / "data", chosen, f"http://127.0.0.1:{port}")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, BLOCKED])
        with running_app(folder / "data", port=port) as app:
            watch = Watch(browser.new_page(locale="cs-CZ", viewport={"width": 1440, "height": 900}))
            shown = look_at_map(watch, app.address, chosen, few=not full)
            look_at_pages(watch, app.address, ids, chosen, folder, few=not full)
            files = exported(app.address, ids, watch.page)
        look_at_files(watch, files, folder)
        names = look_at_shared(browser, watch, chosen, folder / "shared", few=not full)
        control, asked = careless(browser, chosen)
        browser.close()
    for what in (*watch.ran, *watch.outside):
        print("  found:", what)
    return [
        at_least("hostile texts", len(chosen), LEAST if full else SHORT),
        at_least("sinks loaded", len(watch.sinks), 40 if full else 18),
        at_least("texts that the map's table shows as they are (control)", shown, min(len(chosen) * 0.8, ROWS_SHOWN)),
        at_least("shares that their owner's page shows with the text as it is (control)", names, len(chosen) * 0.8),
        at_least("texts that run in a careless page (control)", control, len(chosen) * 0.5),
        at_least("requests to other hosts that a careless page makes and the harness sees (control)", asked, 1),
        none_of("texts that ran", len(watch.ran)),
        none_of("requests to other hosts", len(watch.outside)),
    ]


def prepare(data_dir, texts, address):
    """Store every text in every field, past the checks of the forms; return ids to open."""
    store = open_store(data_dir)
    try:
        ids = {"places": [add_place(store, number, text) for number, text in enumerate(texts)]}
        crowded = ids["places"][0]
        for number, text in enumerate(texts):
            add_events(store, crowded, number, text)
            add_events(store, ids["places"][number], number, text)
        record = store.places.get(crowded)
        store.places.set_state(
            crowded, PlaceState.VERIFIED, revision=record.revision, actor=ACTOR, reason=" ".join(texts)
        )
        ids["plans"] = [add_plan(store, text) for text in texts]
        for number, group in enumerate(batches(texts, 15)):
            add_dataset(store, number, group)
        store.settings.set("first_run_seen", value=True, actor=ACTOR)
        for key, value in (
            ("tiles", "own"),
            ("tiles_url", f"{address}/none/{{z}}/{{x}}/{{y}}"),
            ("tiles_attribution", " ".join(texts)),
        ):
            store.settings.set(key, value, actor=ACTOR)
    finally:
        store.close()
    streets = [
        {
            "type": "Feature", "properties": {"name": text},
            "geometry": {"type": "LineString", "coordinates": [[14.40, 50.02 + n / 5000], [14.43, 50.02 + n / 5000]]},
        }
        for n, text in enumerate(texts)
    ]  # fmt: skip
    (data_dir / "streets.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": streets}), encoding="utf-8"
    )
    return ids


def look_at_map(watch, address, texts, *, few):
    """Open the map with all layers, hover, click, search and open the table; return how many texts the table shows."""
    page = watch.page
    layers = ",".join(layer for layer in all_layers() if layer != "cadastral_areas")
    page.goto(f"{address}/#map=15/50.026/14.415&layers={layers}&concentration.dataset=import_{0:016x}")
    page.wait_for_selector(READY)
    watch.look("map")
    page.wait_for_function("window.__bilaMista?.painted('places') > 0")
    box = page.locator(".bm-host").bounding_box()
    for number in range(0, len(texts), max(len(texts) // (2 if few else 8), 1)):
        lon, lat = 14.40 + number % 20 * 0.0016, 50.02 + number // 20 * 0.0011
        x, y = page.evaluate(
            "([lat, lon]) => { const p = __bilaMista.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
            [lat, lon],
        )
        if not (0 < x < box["width"] - 420 and 0 < y < box["height"]):
            continue
        page.mouse.move(box["x"] + x + 1, box["y"] + y)
        page.mouse.click(box["x"] + x, box["y"] + y)
        settle(page)
        page.wait_for_timeout(300)
        watch.look(f"tooltip and panel {number}")
    for text in ("<",) if few else ("<", "script", "window", "onerror", "javascript", texts[0][:40]):
        page.locator("#bm-search").fill(text)
        page.wait_for_timeout(500)
        watch.look(f"search {text[:10]}")
    page.goto(f"{address}/#map=15/50.026/14.415&layers=city_parts,places")
    page.reload()
    page.wait_for_selector(READY)
    table = open_table(page)
    watch.look("table")
    return len(set(table) & set(texts))


def open_table(page):
    """Open the table of places and return its texts."""
    open_menu(page, "Tabulka")
    page.locator(".bm-table").wait_for()
    page.locator(".bm-table").get_by_role("tab", name=re.compile("[Mm]íst[ao]")).first.click()
    rows = page.locator(".bm-table tbody .bm-row-open")
    rows.first.wait_for()
    return rows.all_text_contents()


def look_at_pages(watch, address, ids, texts, folder, *, few):
    """Open every page, and those with a record or a hostile text in the address; upload a hostile file."""
    page = watch.page
    opened = [
        *PAGES,
        f"mestske-casti?mc={CITY_PART}",
        f"historie?misto={ids['places'][0]}",
        f"historie?misto={ids['places'][-1]}",
    ]
    opened += [f"{name}={quote(texts[1])}&lang={quote(texts[2])}" for name in ("mestske-casti?mc", "historie?misto")]
    for path in opened[::2] if few else opened:
        watch.open(f"{address}/{path}", tabs=0 if few else 6, wait_ms=400 if few else 1500)
        watch.look(path[:40])
    page.goto(f"{address}/pridat-data")
    file = folder / "nahrano.csv"
    header = ";".join(["MČ", *(text.replace('"', "").replace("\n", " ").replace(";", ",") for text in texts[:20])])
    file.write_text(f"{header}\nLibuš{';5' * 20}\nTroja{';9' * 20}\n", encoding="utf-8")
    name = "<img src=x onerror=window.ran=1>${window.ran=1}.csv"
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": file.read_bytes()}
    )
    settle(page)
    page.wait_for_timeout(1000 if few else 3000)
    settle(page)
    watch.look("upload")


def exported(address, ids, page):
    """Return the files that people take away."""
    files = {}
    for kind in ("html", "svg"):
        answer = page.request.get(
            f"{address}/api/v1/exports/map.{kind}?layers=city_parts,places,concentration&bbox=14.3,49.95,14.6,50.16&concentration.dataset=import_{0:016x}",
            headers=bearer(page, address),
        )
        files[f"mapa.{kind}"] = answer.text()
    files["plan.html"] = "".join(
        page.request.get(f"{address}/api/v1/plans/{plan}.html", headers=bearer(page, address)).text()
        for plan in ids["plans"][:30]
    )
    return files


_tokens = {}


def bearer(page, address):
    """Return the header that the map sends along."""
    if address not in _tokens:
        with page.expect_request(
            lambda asked: "/layers/places" in asked.url and "authorization" in asked.headers
        ) as asked:
            page.goto(f"{address}/#map=12/50.05/14.42&layers=places")
            page.reload()
        _tokens[address] = asked.value.headers["authorization"]
    return {"Authorization": _tokens[address]}


def look_at_files(watch, files, folder):
    """Open what was taken away from a disk; the standalone map once more without its own policy."""
    page = watch.page
    without, policies = POLICY.subn("", files["mapa.html"])
    if policies != 1 or "<svg" not in files["mapa.svg"] or "<table" not in files["plan.html"]:
        raise RuntimeError("the files are not what they should be")
    for name, text in (*files.items(), ("bez-pravidel.html", without)):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        if name.endswith(".html") and "mapa" in name:
            page.wait_for_function("document.documentElement.dataset.drawn !== undefined")
        if name.endswith(".html"):
            touch_everything(page)
        page.wait_for_timeout(500)
        watch.look(name)


def careless(browser, texts):
    """Return how many texts run in careless pages, and how many requests to other hosts these make."""
    control = Watch(browser.new_page())
    count = 0
    for text in texts:
        for build in CARELESS.values():
            if show(control, build(text), 100):
                count += 1
                break
    for text in OUTSIDE[:5]:
        show(control, text, 600)
    return count, len(control.outside)


def show(control, body, wait_ms):
    """Put a text into an empty page and return whether anything of it ran."""
    control.marks.clear()
    # A text may lead the page away, or leave it waiting for what never comes.
    with contextlib.suppress(Error):
        control.page.goto("about:blank", timeout=SHORT_TIMEOUT_MS)
        control.page.set_content(
            f"<!DOCTYPE html><html><body>{body}</body></html>", wait_until="commit", timeout=SHORT_TIMEOUT_MS
        )
        for _ in range(wait_ms // 10):
            if control.marks:
                break
            control.page.wait_for_timeout(10)
    return bool(control.marks)
