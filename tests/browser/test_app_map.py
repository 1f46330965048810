"""The real app: what the map draws, and how it is looked at."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from domain.roles import Permission
from layers.registry import all_layers
from tests.browser.app_steps import (
    canvas_sum,
    counts,
    go_to_map,
    hash_of,
    later,
    open_menu,
    painted,
    panel,
    pixel,
    rest,
    settle,
    shut,
    switch,
    wait_for_form,
    wait_for_map,
)

ALL_LAYERS = [layer.id for layer in all_layers().values() if layer.permission is Permission.SEE_PUBLIC_LAYERS]
BOUNDS = "() => { const b = window.__bilaMista.map.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; }"
VIEW = "() => { const m = window.__bilaMista.map; return [m.getCenter().lat, m.getCenter().lng, m.getZoom()]; }"
AREAS = {"city_parts": 57, "admin_districts": 22, "cadastral_areas": 112, "concentration": 57}


@pytest.fixture
def app_map(open_app, app_address):
    def open_(**options):
        where = {key: options.pop(key) for key in ("at", "zoom", "layers", "path", "lang") if key in options}
        return go_to_map(open_app(**options), app_address, **{"layers": "", **where})

    return open_


def test_the_map_draws_the_57_city_parts_and_what_is_shown_by_default(app_map):
    page = app_map()
    found = counts(page)
    assert found["city_parts"] == found["concentration"] == 57
    assert painted(page, "city_parts") == painted(page, "concentration") == 57
    assert painted(page, "labels") > 10
    assert painted(page, "metro_stations") > 50
    expect(page.locator(".bm-credit")).to_contain_text("bez ulic")
    expect(page.locator(".bm-credit")).to_contain_text("IPR Praha")


def test_what_the_page_names_beforehand_is_what_the_map_takes(open_page, app_address):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(app_address)))
    page.goto(f"{app_address}/")
    wait_for_map(page)
    settle(page)
    rest(page)
    own = [url for url in asked if url.startswith(("/api/", "/assets/"))]
    assert sorted(own) == sorted(set(own)), "asked for twice"
    assert [url.split("?")[0] for url in own if url.startswith("/api/")] == ["/api/v1/start", "/api/v1/layers/places"]
    timing = "url => performance.getEntriesByName(new URL(url, location.href).href)[0].startTime"
    mount = page.evaluate(timing, next(url for url in own if "/places" in url))
    early = [url for url in own if page.evaluate(timing, url) < mount / 2]
    assert set(own) - set(early) == {url for url in own if "/places" in url}


def test_the_network_is_not_needed_for_fonts_and_styles(app_map):
    page = app_map()
    families = page.evaluate("getComputedStyle(document.querySelector('.bm-map')).fontFamily")
    assert "Source Sans" in families
    page.wait_for_function("document.fonts.size > 0")


def test_each_layer_can_be_switched_on_and_off(app_map):
    page = app_map(layers="layers=", at=(14.4378, 50.0755), zoom=13)
    blank = canvas_sum(page)
    for layer in ALL_LAYERS:
        switch(page, layer)
        wait_for_painted_any(page, layer)
        rest(page)
        assert canvas_sum(page) != blank, layer
        if layer in AREAS:
            assert counts(page)[layer] == AREAS[layer]
        facts = page.locator(f'[data-layer="{layer}"] .bm-facts')
        expect(facts.locator(".bm-note").last, f"{layer} says whose it is").to_have_text(re.compile(r"\S"))
        assert f"layers={layer}" in hash_of(page)
        switch(page, layer, on=False)
        page.wait_for_function("() => document.querySelector('.bm-map').dataset.features === '{}'")
        rest(page)
        assert canvas_sum(page) == blank, layer


def test_another_measure_repaints_and_keeps_the_view(app_map):
    page = app_map(at=(14.40, 50.05), zoom=12, layers="layers=city_parts,concentration")
    before, view = canvas_sum(page), page.evaluate(VIEW)
    note = page.locator('[data-layer="concentration"] .bm-facts').inner_text()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/" in request.url else None)
    select = page.locator('[data-layer="concentration"] select[data-option="measure"]')
    offered = select.locator("option").evaluate_all("all => all.map(o => o.value)")
    other = next(value for value in offered if value != select.input_value())
    select.select_option(other)
    page.wait_for_function("() => location.hash.includes('concentration.measure')")
    page.wait_for_function(
        "old => document.querySelector('[data-layer=concentration] .bm-facts').innerText !== old", arg=note
    )
    rest(page)
    assert canvas_sum(page) != before
    assert page.evaluate(VIEW) == view
    assert all("/layers/concentration" in url for url in asked)
    assert "geometry=none" in asked[0], "no polygon travels twice"


def test_the_grey_line_says_over_what_whose_and_of_when(app_map):
    page = app_map(layers="layers=city_parts,concentration")
    for part in ("obyvatel", "2019", "IPR"):
        expect(page.locator('[data-layer="concentration"]')).to_contain_text(part)


SEARCHES = (
    ("libus", "Praha-Libuš", "městská část"),
    ("pisnice", "Písnice", "katastrální území"),
    ("florenc", "Florenc", "stanice metra"),
    ("icp", "ICP", "služba"),
)


def asks_for(text):
    """Answer whether a response is that of the search for a text."""
    return lambda answer: "/api/v1/search" in answer.url and parse_qs(urlsplit(answer.url).query)["q"] == [text]


def test_search_finds_every_kind_and_moves_there_by_keyboard(app_map, app_address):
    page = app_map(layers="layers=city_parts", at=(14.6, 50.1), zoom=12)
    for typed, label, detail in SEARCHES:
        before = hash_of(page)
        page.locator("#bm-search").focus()
        page.keyboard.press("Control+A")
        # A slow browser may ask for a part of the word already.
        with page.expect_response(asks_for(typed)) as answered:
            page.keyboard.type(typed, delay=1)
        hits = answered.value.json()["results"]
        rows = page.locator('#bm-found [role="option"]')
        page.wait_for_function(
            "([n, first]) => { const rows = document.querySelectorAll('#bm-found [role=option]');"
            " return rows.length === n && rows[0].innerText.startsWith(first); }",
            arg=[len(hits), hits[0]["label"]],
        )
        wanted = next(i for i, hit in enumerate(hits) if detail == hit["detail"] and hit["label"].startswith(label))
        for _ in range(wanted + 1):
            page.keyboard.press("ArrowDown")
        expect(rows.nth(wanted)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.wait_for_function("old => location.hash !== old", arg=before)
        rest(page)
        seen = page.evaluate(BOUNDS)
        assert seen[0] < hits[wanted]["lon"] < seen[2], typed
        assert seen[1] < hits[wanted]["lat"] < seen[3], typed
        expect(page.locator("#bm-search")).to_have_value(hits[wanted]["label"])
        expect(page.locator("#bm-found")).to_be_hidden()
    settle(page)
    assert panel(page).count() == 0, "nothing is opened by a search"


def test_a_permalink_restores_view_and_layers(app_map, open_app):
    page = app_map(at=(14.40, 50.05), zoom=12.5, layers="layers=city_parts")
    switch(page, "metro_stations")
    wait_for_painted_any(page, "metro_stations")
    switch(page, "temporary_protection")
    wait_for_painted_any(page, "temporary_protection")
    open_menu(page, "Sdílet")
    field = page.get_by_label("Odkaz na tento pohled")
    expect(field).to_have_value(re.compile("layers=.*metro_stations"))
    link = field.input_value()
    assert "token" not in link
    other = open_app()
    other.goto(link)
    wait_for_map(other)
    assert set(counts(other)) == {"city_parts", "metro_stations", "temporary_protection"}
    assert hash_of(other) == hash_of(page)
    assert other.evaluate("window.__bilaMista.map.getZoom()") == 12.5


def wait_for_painted_any(page, layer):
    page.wait_for_function("id => window.__bilaMista?.painted(id) > 0", arg=layer)


BROKEN = (
    "#map=x/y/z",
    "#map=12/50/14&layers=nothing,%3Cscript%3E",
    "#layers=concentration&concentration.measure=nothing",
    "#" + "x" * 5000,
)


def test_a_broken_permalink_shows_the_map_all_the_same(open_app, app_address):
    page = open_app()
    for broken in BROKEN:
        page.goto("about:blank")
        page.goto(f"{app_address}/{broken}")
        wait_for_map(page)
        expect(page.locator(".bm-host")).to_be_visible()


def test_the_table_is_the_same_view_sortable_and_reaches_every_row(app_map):
    page = app_map(layers="layers=city_parts,concentration")
    open_menu(page, "Tabulka")
    table = page.locator(".bm-table")
    table.get_by_role("tab", name=re.compile("Koncentrace")).click()
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(57)
    share = table.get_by_role("columnheader").filter(has_text=re.compile("Podíl"))
    share.first.get_by_role("button").click()
    expect(share.first).to_have_attribute("aria-sort", "descending")
    expect(rows.first).to_contain_text("Nebušice")
    expect(rows.first).to_contain_text("32,4")
    share.first.get_by_role("button").click()
    expect(share.first).to_have_attribute("aria-sort", "ascending")
    expect(rows.first).not_to_contain_text("Nebušice")
    page.keyboard.press("Escape")
    expect(table).to_be_hidden()


def test_a_public_layer_is_downloaded_as_csv(app_map):
    page = app_map(layers="layers=city_parts,concentration")
    open_menu(page, "Tabulka")
    page.locator(".bm-table").get_by_role("tab", name=re.compile("Koncentrace")).click()
    with page.expect_download() as found:
        page.get_by_role("button", name="Stáhnout CSV").click()
    data = found.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 only with its mark"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    nebusice = next(row for row in rows if any("Nebušice" in cell for cell in row))
    assert any(re.search("32[,.]4", cell) for cell in nebusice)


def test_the_map_is_downloaded_as_one_page_that_opens_from_disk(app_map, open_page, tmp_path):
    page = app_map(layers="layers=city_parts,concentration,metro_stations")
    open_menu(page, "Stáhnout")
    with page.expect_download() as found:
        page.get_by_role("button", name=re.compile("HTML")).click()
    path = tmp_path / "mapa.html"
    found.value.save_as(path)
    assert found.value.suggested_filename.endswith(".html")
    offline = open_page(offline=True)
    asked = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.goto(path.as_uri())
    offline.wait_for_function("document.documentElement.dataset.drawn !== undefined")
    # Nothing tells that it will ask for nothing more.
    later(offline, 500)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert asked[0] == path.as_uri()
    assert len([url for url in asked if url.startswith("file:")]) == 1
    assert offline.console_errors == []
    expect(offline.locator("body")).to_contain_text("IPR Praha")


def test_the_map_is_downloaded_as_a_picture(app_map):
    page = app_map(layers="layers=city_parts,concentration")
    open_menu(page, "Stáhnout")
    with page.expect_download() as found:
        page.get_by_role("button", name=re.compile("PNG")).click()
    data = found.value.path().read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) > 20_000


def test_presentation_shows_map_title_legend_and_sources_alone(app_map):
    page = app_map(layers="layers=city_parts,concentration")
    page.locator(".bm-host").focus()
    page.keyboard.press("p")
    show = page.locator(".bm-show")
    expect(show.locator("h1")).to_contain_text("Koncentrace")
    expect(show.locator(".bm-show-sources")).to_contain_text("IPR")
    assert show.locator(".bm-legend li").count() >= 3
    for hidden in (".bm-bar", ".bm-panel", ".bm-corner", '[data-testid="stHeader"]', ".bm-page-bar"):
        expect(page.locator(hidden).first, hidden).to_be_hidden()
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.bm-show-title')).fontSize)")
    assert size >= 32
    page.keyboard.press("Escape")
    show.locator("h1").wait_for(state="hidden")
    expect(page.locator(".bm-bar")).to_be_visible()


def test_arrow_keys_step_through_saved_views(app_map):
    page = app_map(layers="layers=city_parts", at=(14.40, 50.05), zoom=12)
    for name, layer in (("První pohled", None), ("Druhý pohled", "metro_stations")):
        if layer:
            switch(page, layer)
            wait_for_painted_any(page, layer)
        open_menu(page, "Promítání")
        page.get_by_label("Název pohledu").fill(name)
        page.get_by_role("button", name="Uložit pohled").click()
        page.locator(".bm-views").get_by_text(name, exact=True).wait_for()
        page.keyboard.press("Escape")
    page.locator(".bm-host").focus()
    page.keyboard.press("p")
    title = page.locator(".bm-show h1")
    title.wait_for()
    for expected in ("První pohled", "Druhý pohled", "První pohled"):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("text => document.querySelector('.bm-show h1').innerText === text", arg=expected)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('.bm-show h1').innerText === 'Druhý pohled'")


def test_p_is_a_letter_where_somebody_writes(app_map):
    page = app_map(layers="layers=city_parts")
    page.locator("#bm-search").focus()
    page.keyboard.type("p")
    # Were the presentation coming, its module would have been fetched and have started by now.
    later(page, 300)
    assert page.locator(".bm-bar").is_visible()


def test_my_position_is_shown_and_a_refusal_is_said(app_map):
    page = app_map(
        layers="layers=city_parts", geolocation={"longitude": 14.42, "latitude": 50.06}, permissions=["geolocation"]
    )
    open_menu(page, "Moje poloha")
    page.wait_for_function("() => location.hash.includes('50.06')")
    refused = app_map(layers="layers=city_parts")
    open_menu(refused, "Moje poloha")
    expect(refused.locator(".bm-toast")).to_contain_text("Prohlížeč polohu nepovolil")


def test_hover_shows_the_declared_fields(app_map):
    page = app_map(layers="layers=city_parts,concentration", at=(14.3235, 50.1095), zoom=13)
    box = page.locator(".bm-host").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2 + 2, box["y"] + box["height"] / 2)
    tooltip = page.locator(".bm-tooltip")
    expect(tooltip).to_contain_text("Nebušice")
    expect(tooltip).to_contain_text("32,4")


def test_an_area_opens_the_form_with_its_city_part_and_the_way_to_its_figures(app_map):
    page = app_map(layers="layers=city_parts", at=(14.3235, 50.1095), zoom=13)
    box = page.locator(".bm-host").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for_form(page)
    panel(page).get_by_role("button", name="Praha-Nebušice").first.click()
    panel(page).get_by_text("32,4").first.wait_for()
    settle(page)
    expect(panel(page)).to_contain_text("obyvatel")
    panel(page).get_by_role("link").first.click()
    page.get_by_role("heading", name="Praha-Nebušice", level=1).wait_for()
    settle(page)
    assert "mc=547158" in page.url


def test_a_service_opens_with_its_age(app_map):
    page = app_map(layers="layers=services", at=(14.43, 50.075), zoom=13)
    answer = page.request.get(page.url.split("/#")[0] + "/api/v1/layers/services").json()
    feature = next(f for f in answer["features"] if f["geometry"])
    lon, lat = feature["geometry"]["coordinates"]
    go_to_map(page, page.url.split("/#")[0], at=(lon, lat), zoom=19, layers="layers=services")
    page.reload()
    wait_for_map(page)
    box = page.locator(".bm-host").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(panel(page)).to_contain_text("Stav údaje")
    settle(page)
    shut(page)
    panel(page).wait_for(state="detached")


def test_the_colours_are_those_of_the_legend(app_map):
    page = app_map(layers="layers=city_parts,concentration", at=(14.3235, 50.1095), zoom=14)
    answer = page.request.get(page.url.split("/#")[0] + "/api/v1/layers/concentration?geometry=none").json()
    cls = next(f["properties"]["class"] for f in answer["features"] if f["id"] == "547158")
    colour = next(entry["colour"] for entry in answer["legend"] if entry["value"] == cls)
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    red, green, blue, alpha = pixel(page, 14.3235, 50.1095)
    assert alpha > 100
    assert max(abs(a - b) for a, b in zip((red, green, blue), wanted, strict=True)) < 12
