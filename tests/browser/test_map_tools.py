"""The map's tools over answers made by map_harness: table, files, position, presentation, phone, hostile text."""

import re

import pytest

from tests.browser.app_steps import click_map, pixel, spot, switch
from tests.browser.map_harness.driving import READY, features, look_at, triggers, wait_for
from tests.browser.map_harness.server import HOSTILE

NBSP = "\u00a0"


def test_table_lists_sorts_and_downloads(open_map):
    page = open_map()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bm-table table")
    assert page.locator(".bm-table tbody tr").count() == 60
    assert page.get_by_text("(bez polohy na mapě)").count() == 3
    page.get_by_role("tab", name="Podíl cizinců").click()
    share = page.get_by_role("columnheader", name="Podíl")
    share.get_by_role("button").click()
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Podíl")
    values = [
        float(text.replace(",", ".").replace(f"{NBSP}%", ""))
        for text in page.locator(".bm-table tbody tr td:nth-child(3)").all_inner_texts()
    ]
    assert len(values) == 57
    assert values == sorted(values, reverse=True)
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").count() == 1, "the sorted header keeps the focus"
    assert re.search(rf"\d{NBSP}\d{{3}}", page.inner_text(".bm-table tbody"))
    assert "31.\u00a012.\u00a02019" in page.inner_text(".bm-table tbody")
    with page.expect_download() as download:
        page.get_by_role("button", name="Stáhnout CSV").click()
    assert download.value.suggested_filename == "concentration.csv"
    look_at(page, 14.40, 50.05, 13)
    page.get_by_label("Jen výřez mapy").check()
    assert 0 < page.locator(".bm-table tbody tr").count() < 57
    page.locator(".bm-row-open").first.click()
    assert triggers(page)[-1]["layer"] == "concentration"


def test_the_table_says_how_many_places_stand_in_groups(open_map):
    page = open_map("/#map=11/50.07/14.44&layers=places")
    page.get_by_role("button", name="Tabulka", exact=True).click()
    page.wait_for_selector(".bm-table table")
    assert (
        page.inner_text(".bm-table-tools .bm-note").replace(NBSP, " ").startswith("2 řádky · 12 míst je ve skupinách")
    )
    look_at(page, 14.44, 50.07, 14)
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
        assert page.get_by_role("button", name="(GeoPackage)").count() == 1, "only layers that have one offer it"
        page.get_by_role("button", name="(GeoPackage)").click()

    server.broken.add("places.gpkg")
    ask()
    page.get_by_text("Právě vzniká jiný soubor.").wait_for()
    server.broken.clear()
    server.file_waits.clear()
    with page.expect_download() as download:
        ask()
        page.get_by_text("Soubor vzniká na").wait_for()
        assert page.locator(".bm-progress.bm-busy").count() == 1
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
    page.wait_for_selector(".bm-toast:not([hidden])")
    assert "nepovolil" in page.inner_text(".bm-toast")


def test_keyboard_moves_and_chooses(open_map):
    page = open_map("/#map=13/50.055/14.40&layers=city_parts")
    page.locator("#bm-search").focus()
    page.keyboard.press("Shift+Tab")
    page.evaluate("document.querySelector('.bm-host').focus()")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert page.evaluate("__bilaMista.map.getCenter().lng") > 14.40
    assert page.locator(".bm-crosshair").is_visible()
    assert page.inner_text(".bm-live").startswith("Praha")
    page.keyboard.press("Enter")
    (sent,) = triggers(page)
    assert sent["layer"] == "city_parts"
    page.keyboard.press("+")
    page.wait_for_timeout(600)
    assert page.evaluate("__bilaMista.map.getZoom()") == 14


def test_presentation_steps_through_saved_views(open_map):
    page = open_map("/?invented")
    for name, zoom in (("Střed", 13), ("Celek", 11)):
        look_at(page, 14.44, 50.08, zoom)
        page.get_by_role("button", name="Promítání", exact=True).click()
        page.get_by_label("Název pohledu").fill(name)
        page.get_by_role("button", name="Uložit pohled").click()
        page.keyboard.press("Escape")
    page.locator(".bm-host").focus()
    page.keyboard.press("p")
    page.wait_for_selector(".bm-presenting .bm-show-title")
    assert page.inner_text(".bm-show-title") == "Podíl cizinců"
    assert not page.locator(".bm-bar").is_visible()
    assert page.locator(".bm-banner").is_visible(), "invented data say so on the projector as well"
    assert "10 až 20 %" in page.inner_text(".bm-show-legend")
    assert "IPR Praha" in page.inner_text(".bm-show-sources")
    page.keyboard.press("ArrowRight")
    wait_for(page, "document.querySelector('.bm-show-title').textContent === 'Střed'")
    assert page.evaluate("__bilaMista.map.getZoom()") == 13
    page.keyboard.press("ArrowRight")
    wait_for(page, "document.querySelector('.bm-show-title').textContent === 'Celek'")
    page.keyboard.press("Escape")
    wait_for(page, "!document.querySelector('.bm-presenting')")
    assert page.locator(".bm-bar").is_visible()


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
    assert page.inner_text(".bm-panel h2") == "Layers"
    assert page.evaluate("__bilaMista.map.getZoom()") == 13


def test_hostile_text_stays_text_everywhere(open_map, harness):
    _, server = harness
    server.name = HOSTILE
    server.places = [{"id": "p1", "lon": 14.47, "lat": 50.09, "name": HOSTILE}]
    server.tiles = None
    page = open_map("/#map=16/49.99/14.30&layers=city_parts,services,places")
    page.mouse.move(*spot(page, 14.30, 49.99))
    page.wait_for_selector(".bm-tooltip:not([hidden])")
    assert HOSTILE in page.inner_text(".bm-tooltip")
    click_map(page, 14.30, 49.99)
    assert triggers(page)[0]["title"] == HOSTILE
    page.get_by_role("button", name="Tabulka", exact=True).click()
    page.wait_for_selector(".bm-table table")
    page.get_by_role("tab", name="Služby").click()
    assert HOSTILE in page.inner_text(".bm-table tbody tr:first-child th")
    assert page.locator('.bm-table a[href^="javascript"]').count() == 0
    page.evaluate(
        "hash => localStorage.setItem('bm-views', JSON.stringify([{name: hash, hash: '#map=12/50/14.4'}]))", HOSTILE
    )
    page.get_by_role("button", name="Promítání", exact=True).click()
    page.wait_for_selector(".bm-views li")
    assert HOSTILE in page.inner_text(".bm-views li")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".bm-map img[onerror]").count() == 0


def test_phone_has_one_sheet_large_targets_and_three_heights(open_map):
    page = open_map(width=390, height=844, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator(".bm-panel").is_visible()
    page.get_by_role("button", name="Vrstvy").first.tap()
    assert page.locator(".bm-panel").is_visible()
    page.get_by_role("button", name="Skrýt vrstvy").tap()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.bm-map button')].filter((b) => b.offsetParent)
             .map((b) => [b.title, b.offsetWidth, b.offsetHeight]).filter(([, w, h]) => w < 48 || h < 48)"""
    )
    assert small == []
    page.evaluate("rerun({panel: true, draft: {lon: 14.45, lat: 49.98}})")
    page.wait_for_timeout(500)
    pin, handle = page.locator(".bm-pin-box").bounding_box(), page.locator(".bm-sheet-handle").bounding_box()
    assert pin["y"] + pin["height"] <= handle["y"], "the pin is kept in sight above the sheet"
    height = lambda: page.evaluate("document.documentElement.dataset.bmSheet")  # noqa: E731
    assert height() == "half"
    page.get_by_role("button", name="Zvýšit panel").tap()
    assert height() == "full"
    for _ in range(2):
        page.get_by_role("button", name="Snížit panel").tap()
    assert height() == "low"
    page.evaluate("rerun({panel: false, draft: null})")
    assert not page.locator(".bm-sheet-handle").is_visible()
    page.evaluate("rerun({panel: true})")
    assert height() == "half", "a sheet opens at the height that fits most"


def test_streets_of_a_local_file(open_map, harness):
    _, server = harness
    server.streets = "vector"
    page = open_map("/#map=15/50.084/14.426&layers=city_parts")
    wait_for(page, "performance.getEntriesByType('resource').some((e) => e.name.includes('/api/v1/streets'))")
    page.wait_for_timeout(300)
    assert pixel(page, 14.422, 50.08375)[3] > 200, "a street is drawn there"
    assert "bez ulic" not in page.inner_text(".bm-foot")


def test_tiles_lie_below_and_their_credit_is_text(open_map, harness):
    _, server = harness
    server.tiles = {"url": "/api/v1/tiles/{z}/{x}/{y}", "attribution": HOSTILE, "max_zoom": 12}
    server.streets = "raster"
    page = open_map("/#map=14/50.08/14.43&layers=city_parts")
    wait_for(page, "document.querySelectorAll('img.leaflet-tile-loaded').length > 1")
    assert {path.split("/")[4] for path, _, _ in server.requests if "/tiles/" in path} == {"12"}
    assert HOSTILE in page.inner_text(".bm-credit")
    assert "bez ulic" not in page.inner_text(".bm-credit")
    assert page.evaluate("window.hacked") is None


def test_failed_layer_says_so_and_can_be_tried_again(open_map, harness):
    _, server = harness
    server.broken = {"places"}
    page = open_map("/#map=13/50.09/14.47&layers=city_parts")
    switch(page, "places")
    page.wait_for_selector('[data-layer="places"] .bm-problem')
    assert "nepodařilo" in page.inner_text('[data-layer="places"] .bm-problem')
    server.broken = set()
    page.get_by_role("button", name="Zkusit znovu").click()
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).places === 1")


def test_without_a_token_an_internal_layer_says_that_it_is_not_open(open_map):
    page = open_map("/?token=#map=13/50.09/14.47&layers=city_parts,places")
    assert features(page) == {"city_parts": 57}
    assert "nemáte oprávnění" in page.inner_text('[data-layer="places"]')
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
