"""The map's tools over answers made by map_harness: table, files, position, presentation, phone, hostile text."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.app_steps import click_map, later, pixel, rest, show_view, spot, still, switch, until
from tests.browser.map_harness.driving import READY, features, rerun, triggers, wait_for
from tests.browser.map_harness.server import HOSTILE

NBSP = "\u00a0"


def test_table_lists_sorts_and_downloads(open_map):
    page = open_map()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".bm-table tbody tr")).to_have_count(60)
    expect(page.get_by_text("(bez polohy na mapě)")).to_have_count(3)
    page.get_by_role("tab", name="Podíl cizinců").click()
    share = page.get_by_role("columnheader", name="Podíl")
    share.get_by_role("button").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile("^Podíl"))
    values = [
        float(text.replace(",", ".").replace(f"{NBSP}%", ""))
        for text in page.locator(".bm-table tbody tr td:nth-child(3)").all_inner_texts()
    ]
    assert len(values) == 57
    assert values == sorted(values, reverse=True)
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]"), "the sorted header keeps the focus").to_have_count(1)
    assert re.search(rf"\d{NBSP}\d{{3}}", page.inner_text(".bm-table tbody"))
    assert "31.\u00a012.\u00a02019" in page.inner_text(".bm-table tbody")
    with page.expect_download() as download:
        page.get_by_role("button", name="Stáhnout CSV").click()
    assert download.value.suggested_filename == "concentration.csv"
    show_view(page, 14.40, 50.05, 13)
    page.get_by_label("Jen výřez mapy").check()
    wait_for(page, "((n) => 0 < n && n < 57)(document.querySelectorAll('.bm-table tbody tr').length)")
    page.locator(".bm-row-open").first.click()
    assert triggers(page)[-1]["layer"] == "concentration"


def test_the_table_says_how_many_places_stand_in_groups(open_map):
    page = open_map("/#map=11/50.07/14.44&layers=places")
    page.get_by_role("button", name="Tabulka", exact=True).click()
    page.wait_for_selector(".bm-table table")
    expect(page.locator(".bm-table-tools .bm-note")).to_have_text(
        re.compile(r"^2\s+řádky\s+·\s+12\s+míst\s+je\s+ve\s+skupinách")
    )
    show_view(page, 14.44, 50.07, 14)
    page.wait_for_function("!document.querySelector('.bm-table-tools .bm-note').innerText.includes('skupin')")


def test_downloads_carry_view_and_options(open_map, harness):
    page = open_map()
    _, server = harness
    page.select_option('[data-layer="concentration"] select', "count")
    page.get_by_role("button", name="Stáhnout", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Mapa jako jeden soubor").click()
    assert download.value.suggested_filename == "bila-mista-mapa.html"
    path, params, token = server.requests[-1]
    assert path == "/api/v1/exports/map.html"
    assert params["layers"] == "city_parts,concentration,services,labels"
    assert params["concentration.measure"] == "count"
    assert len(params["bbox"].split(",")) == 4
    assert token is None, "no internal layer is on, so no token leaves the page"


def test_all_places_as_a_geopackage_tell_how_far_they_are(open_map, harness):
    page = open_map()
    _, server = harness
    switch(page, "places")
    wait_for(page, "document.querySelector('[data-layer=\"places\"]') !== null")

    def ask():
        page.get_by_role("button", name="Stáhnout", exact=True).click()
        expect(page.get_by_role("button", name="(GeoPackage)"), "only layers that have one offer it").to_have_count(1)
        page.get_by_role("button", name="(GeoPackage)").click()

    server.broken.add("places.gpkg")
    ask()
    page.get_by_text("Právě vzniká jiný soubor.").wait_for()
    server.broken.clear()
    server.file_waits.clear()
    with page.expect_download() as download:
        ask()
        page.get_by_text("Soubor vzniká na").wait_for()
        expect(page.locator(".bm-progress.bm-busy")).to_have_count(1)
        server.file_waits.set()
    assert download.value.suggested_filename == "places.gpkg"
    page.get_by_text("Soubor places.gpkg je připravený.").wait_for()
    path, _params, token = server.requests[-1]
    assert (path, token) == ("/api/v1/exports/places.gpkg", "Bearer t1")


def test_record_without_a_position_and_with_one(open_map):
    page = open_map()
    page.get_by_role("button", name="Zaznamenat").click()
    wait_for(page, "window.triggers.some((t) => t.name === 'record')")
    assert triggers(page, "record")[0]["lon"] is None
    here = open_map(geolocation={"latitude": 50.061, "longitude": 14.461, "accuracy": 18}, permissions=["geolocation"])
    here.get_by_role("button", name="Zaznamenat").click()
    wait_for(here, "window.triggers.some((t) => t.name === 'record')")
    (sent,) = triggers(here, "record")
    assert (sent["lon"], sent["lat"], sent["accuracy"]) == (14.461, 50.061, 18)


def test_my_position_says_why_it_is_not_there(open_map):
    page = open_map()
    page.get_by_role("button", name="Moje poloha").click()
    expect(page.locator(".bm-toast")).to_contain_text("nepovolil")


def test_keyboard_moves_and_chooses(open_map):
    page = open_map("/#map=13/50.055/14.40&layers=city_parts")
    page.locator("#bm-search").focus()
    page.keyboard.press("Shift+Tab")
    page.evaluate("document.querySelector('.bm-host').focus()")
    page.keyboard.press("ArrowRight")
    wait_for(page, "__bilaMista.map.getCenter().lng > 14.40")
    rest(page)
    expect(page.locator(".bm-crosshair")).to_be_visible()
    expect(page.locator(".bm-live")).to_have_text(re.compile("^Praha"))
    page.keyboard.press("Enter")
    (sent,) = triggers(page)
    assert sent["layer"] == "city_parts"
    page.keyboard.press("+")
    wait_for(page, "__bilaMista.map.getZoom() === 14")


def test_presentation_steps_through_saved_views(open_map):
    page = open_map("/?invented")
    for name, zoom in (("Střed", 13), ("Celek", 11)):
        show_view(page, 14.44, 50.08, zoom)
        page.get_by_role("button", name="Promítání", exact=True).click()
        page.get_by_label("Název pohledu").fill(name)
        page.get_by_role("button", name="Uložit pohled").click()
        page.locator(".bm-views").get_by_text(name, exact=True).wait_for()
        page.keyboard.press("Escape")
    page.locator(".bm-host").focus()
    page.keyboard.press("p")
    page.wait_for_selector(".bm-presenting .bm-show-title")
    expect(page.locator(".bm-show-title")).to_have_text("Podíl cizinců")
    expect(page.locator(".bm-bar")).to_be_hidden()
    expect(page.locator(".bm-banner"), "invented data say so on the projector as well").to_be_visible()
    expect(page.locator(".bm-show-legend")).to_contain_text("10 až 20 %")
    expect(page.locator(".bm-show-sources")).to_contain_text("IPR Praha")
    page.keyboard.press("ArrowRight")
    wait_for(page, "document.querySelector('.bm-show-title').textContent === 'Střed'")
    assert page.evaluate("__bilaMista.map.getZoom()") == 13
    page.keyboard.press("ArrowRight")
    wait_for(page, "document.querySelector('.bm-show-title').textContent === 'Celek'")
    page.keyboard.press("Escape")
    wait_for(page, "!document.querySelector('.bm-presenting')")
    expect(page.locator(".bm-bar")).to_be_visible()


@pytest.mark.parametrize("language", ["cs", "en", "uk"])
def test_every_text_is_there_in_every_language(open_map, language):
    page = open_map(f"/?lang={language}")
    page.locator(".bm-bar-buttons button").nth(2).click()
    page.locator(".bm-bar-buttons button").nth(3).click()
    page.wait_for_selector(".bm-table table")
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.bm-map *')].flatMap((node) => [
             ...[...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent),
             node.title, node.placeholder, node.getAttribute('aria-label')]).filter(Boolean)"""
    )
    # An unknown key answers itself: lower case words joined by hyphens. A placeholder left over keeps its signs.
    assert [text for text in shown if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)] == []
    assert [text for text in shown if re.search(r"%[a-z]+%", text)] == []
    assert page.get_attribute(".bm-map", "lang") == language


def test_language_change_builds_the_map_anew_with_the_view_kept(open_map):
    page = open_map("/#map=13/50.08/14.44&layers=city_parts")
    page.evaluate("rerun({lang: 'en'})")
    page.wait_for_selector(f'{READY}[lang="en"]')
    assert page.evaluate("document.querySelectorAll('.bm-map').length") == 1
    expect(page.locator(".bm-panel h2")).to_have_text("Layers")
    assert page.evaluate("__bilaMista.map.getZoom()") == 13


def test_hostile_text_stays_text_everywhere(open_map, harness):
    _, server = harness
    server.name = HOSTILE
    server.places = [{"id": "p1", "lon": 14.47, "lat": 50.09, "name": HOSTILE}]
    server.tiles = None
    page = open_map("/#map=16/49.99/14.30&layers=city_parts,services,places")
    page.mouse.move(*spot(page, 14.30, 49.99))
    expect(page.locator(".bm-tooltip")).to_contain_text(HOSTILE)
    click_map(page, 14.30, 49.99)
    assert triggers(page)[0]["title"] == HOSTILE
    page.get_by_role("button", name="Tabulka", exact=True).click()
    page.wait_for_selector(".bm-table table")
    page.get_by_role("tab", name="Služby").click()
    expect(page.locator(".bm-table tbody tr:first-child th")).to_contain_text(HOSTILE)
    assert page.locator('.bm-table a[href^="javascript"]').count() == 0
    page.evaluate(
        "hash => localStorage.setItem('bm-views', JSON.stringify([{name: hash, hash: '#map=12/50/14.4'}]))", HOSTILE
    )
    page.get_by_role("button", name="Promítání", exact=True).click()
    expect(page.locator(".bm-views li")).to_contain_text(HOSTILE)
    # Time for what a text might do from a timer or from the error of an image.
    later(page, 200)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".bm-map img[onerror]").count() == 0


def test_phone_has_one_sheet_large_targets_and_three_heights(open_map):
    page = open_map(width=390, height=844, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator(".bm-panel")).to_be_hidden()
    page.get_by_role("button", name="Vrstvy").first.tap()
    expect(page.locator(".bm-panel")).to_be_visible()
    page.get_by_role("button", name="Skrýt vrstvy").tap()
    expect(page.locator(".bm-panel")).to_be_hidden()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.bm-map button')].filter((b) => b.offsetParent)
             .map((b) => [b.title, b.offsetWidth, b.offsetHeight]).filter(([, w, h]) => w < 48 || h < 48)"""
    )
    assert small == []
    rerun(page, {"panel": True, "draft": {"lon": 14.45, "lat": 49.98}})
    still(page)
    pin, handle = page.locator(".bm-pin-box").bounding_box(), page.locator(".bm-sheet-handle").bounding_box()
    assert pin["y"] + pin["height"] <= handle["y"], "the pin is kept in sight above the sheet"
    sheet = page.locator("html")
    expect(sheet).to_have_attribute("data-bm-sheet", "half")
    page.get_by_role("button", name="Zvýšit panel").tap()
    expect(sheet).to_have_attribute("data-bm-sheet", "full")
    for _ in range(2):
        page.get_by_role("button", name="Snížit panel").tap()
    expect(sheet).to_have_attribute("data-bm-sheet", "low")
    rerun(page, {"panel": False, "draft": None})
    expect(page.locator(".bm-sheet-handle")).to_be_hidden()
    rerun(page, {"panel": True})
    expect(sheet, "a sheet opens at the height that fits most").to_have_attribute("data-bm-sheet", "half")


def test_streets_of_a_local_file(open_map, harness):
    _, server = harness
    server.streets = "vector"
    page = open_map("/#map=15/50.084/14.426&layers=city_parts")
    wait_for(page, "performance.getEntriesByType('resource').some((e) => e.name.includes('/api/v1/streets'))")
    rest(page)
    until(lambda: pixel(page, 14.422, 50.08375)[3] > 200)  # a street is drawn there
    expect(page.locator(".bm-foot")).not_to_contain_text("bez ulic")


def test_tiles_lie_below_and_their_credit_is_text(open_map, harness):
    _, server = harness
    server.tiles = {"url": "/api/v1/tiles/{z}/{x}/{y}", "attribution": HOSTILE, "max_zoom": 12}
    server.streets = "raster"
    page = open_map("/#map=14/50.08/14.43&layers=city_parts")
    wait_for(page, "document.querySelectorAll('img.leaflet-tile-loaded').length > 1")
    assert {path.split("/")[4] for path, _, _ in server.requests if "/tiles/" in path} == {"12"}
    expect(page.locator(".bm-credit")).to_contain_text(HOSTILE)
    expect(page.locator(".bm-credit")).not_to_contain_text("bez ulic")
    assert page.evaluate("window.hacked") is None


def test_failed_layer_says_so_and_can_be_tried_again(open_map, harness):
    _, server = harness
    server.broken = {"places"}
    page = open_map("/#map=13/50.09/14.47&layers=city_parts")
    switch(page, "places")
    expect(page.locator('[data-layer="places"] .bm-problem')).to_contain_text("nepodařilo")
    server.broken = set()
    page.get_by_role("button", name="Zkusit znovu").click()
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).places === 1")


def test_without_a_token_an_internal_layer_says_that_it_is_not_open(open_map):
    page = open_map("/?token=#map=13/50.09/14.47&layers=city_parts,places")
    assert features(page) == {"city_parts": 57}
    expect(page.locator('[data-layer="places"]')).to_contain_text("nemáte oprávnění")
    assert triggers(page, "renew") == [], "a role without a token must not ask for one again and again"


def test_unmount_leaves_nothing_behind(open_map):
    page = open_map("/#map=13/50.08/14.44")
    page.evaluate("unmount()")
    assert page.locator(".bm-map").count() == 0
    assert page.evaluate("window.__bilaMista") is None
    page.evaluate("rerun()")
    page.wait_for_selector(READY)
    assert page.evaluate("__bilaMista.map.getZoom()") == 13
    assert page.console_errors == []
