"""The real app on a phone of 390 by 844 pixels."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.app_steps import (
    click_map,
    counts,
    drawn,
    panel,
    pick,
    rest,
    save,
    settle,
    still,
    switch,
    wait_for_form,
    wait_for_map,
    wait_for_painted,
    wait_for_saved,
)

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SMALL_PX = 44


@pytest.fixture
def phone(open_app, app_address):
    def open_(where="", **options):
        page = open_app(**PHONE, **options)
        page.goto(f"{app_address}/{where}")
        wait_for_map(page)
        return page

    return open_


def no_sideways_scroll(page):
    return page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")


def test_the_map_fills_the_phone_and_layers_are_one_button(phone):
    page = phone("#map=12/50.0755/14.4378&layers=city_parts")
    box = page.locator(".bm-host").bounding_box()
    assert box["width"] == 390
    assert box["height"] > 0.75 * 844
    assert no_sideways_scroll(page)
    expect(page.locator(".bm-panel")).to_be_hidden()
    page.locator(".bm-bar").get_by_role("button", name="Vrstvy").tap()
    page.locator(".bm-panel").wait_for()
    still(page)
    sheet = page.locator(".bm-panel").bounding_box()
    assert sheet["width"] == 390
    assert sheet["y"] + sheet["height"] <= 844
    switch(page, "metro_stations")
    page.wait_for_function("() => window.__bilaMista.painted('metro_stations') > 0")
    page.locator(".bm-panel").get_by_role("button", name="Skrýt vrstvy").tap()
    expect(page.locator(".bm-panel")).to_be_hidden()
    expect(page.locator(".bm-map")).to_have_attribute("data-features", re.compile("metro_stations"))
    assert counts(page)["metro_stations"] > 50


def test_the_buttons_are_large_enough_for_a_thumb(phone):
    page = phone("#layers=city_parts")
    small = page.evaluate(
        """(limit) => [...document.querySelectorAll('.bm-bar button, .bm-corner button')]
          .filter((b) => b.offsetParent && (b.offsetWidth < limit || b.offsetHeight < limit)).map((b) => b.title)""",
        SMALL_PX,
    )
    assert small == []


def test_a_tap_opens_the_form_as_a_sheet_and_it_can_be_saved(phone, free_spot):
    lon, lat = free_spot
    page = phone(f"#map=17/{lat}/{lon}&layers=city_parts,places")
    before = counts(page).get("places", 0)
    x, y = page.evaluate(
        "() => { const b = document.querySelector('.bm-host').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }"
    )
    page.touchscreen.tap(x, y)
    wait_for_form(page)
    still(page)
    sheet = panel(page).bounding_box()
    assert sheet["x"] == 0
    assert sheet["width"] == 390
    assert 844 * 0.25 < sheet["y"] < 844 * 0.7, "half of the map stays in sight"
    assert abs(sheet["y"] + sheet["height"] - 844) <= 1
    assert no_sideways_scroll(page)
    button = panel(page).get_by_role("button", name="Uložit", exact=True).bounding_box()
    assert button["y"] + button["height"] <= 844, "saving stays within reach"
    assert button["height"] >= SMALL_PX
    pick(page, "Ubytovna")
    save(page)
    wait_for_saved(page)
    wait_for_painted(page, "places", before + 1)


def test_the_pin_stays_in_sight_above_the_sheet(phone, free_spot):
    lon, lat = free_spot
    page = phone(f"#map=16/{lat}/{lon}&layers=city_parts,places")
    box = page.locator(".bm-host").bounding_box()
    page.touchscreen.tap(box["x"] + 200, box["y"] + box["height"] - 120)
    wait_for_form(page)
    still(page)
    rest(page)
    pin = page.locator(".bm-pin").bounding_box()
    handle = page.locator(".bm-sheet-handle").bounding_box()
    assert pin["y"] + pin["height"] <= handle["y"] + 10


def test_the_sheet_has_three_heights(phone):
    page = phone("#map=16/50.03/14.42&layers=city_parts")
    box = page.locator(".bm-host").bounding_box()
    page.touchscreen.tap(box["x"] + 200, box["y"] + 200)
    wait_for_form(page)
    tops = []
    for button in ("Zvýšit panel", "Snížit panel", "Snížit panel"):
        page.get_by_role("button", name=button).tap()
        still(page)
        tops.append(panel(page).bounding_box()["y"])
        handle = page.locator(".bm-sheet-handle").bounding_box()
        assert abs(handle["y"] + handle["height"] - tops[-1]) <= 24, "the handle sits on the sheet"
    assert tops[0] < tops[1] < tops[2]
    assert tops[0] < 200


def test_the_large_plus_records_where_i_am(phone, free_spot):
    lon, lat = free_spot
    page = phone(
        "#layers=city_parts,places", geolocation={"longitude": lon, "latitude": lat}, permissions=["geolocation"]
    )
    page.locator(".bm-record").tap()
    wait_for_form(page)
    page.locator(".bm-pin").wait_for()
    pick(page, "Ubytovna")
    save(page)
    wait_for_saved(page)
    rest(page)
    centre = page.evaluate(
        "() => { const b = window.__bilaMista.map.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; }"
    )
    assert centre[0] < lon < centre[2]
    assert centre[1] < lat < centre[3]


def test_the_large_plus_without_a_position_asks_for_a_city_part(phone):
    page = phone("#layers=city_parts,places")
    page.locator(".bm-record").tap()
    wait_for_form(page)
    expect(panel(page)).to_contain_text("Bez bodu na mapě")


def test_a_click_beside_a_place_still_hits_it_with_a_thumb(phone, free_spot):
    lon, lat = free_spot
    page = phone(f"#map=17/{lat}/{lon}&layers=city_parts,places")
    box = page.locator(".bm-host").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(x, y)
    wait_for_form(page)
    pick(page, "Ubytovna")
    save(page)
    wait_for_saved(page)
    page.locator(".bm-shut").tap()
    panel(page).wait_for(state="detached")
    click_map(page, lon, lat)
    panel(page).get_by_role("button", name="Zapsat návštěvu", exact=True).wait_for()


def test_every_page_fits_the_phone(open_app, app_address):
    page = open_app(**PHONE)
    for path in ("mestske-casti?mc=547158", "pridat-data", "data-a-zdroje", "nastaveni"):
        page.goto(f"{app_address}/{path}")
        page.get_by_role("heading", level=1).first.wait_for()
        settle(page)
        drawn(page)
        assert no_sideways_scroll(page), path
        heading = page.get_by_role("heading", level=1).first.bounding_box()
        assert heading["y"] >= 50, "the bar does not cover the heading"


def test_on_a_tablet_the_form_leaves_room_for_the_map(open_app, app_address, free_spot):
    lon, lat = free_spot
    page = open_app(f"{app_address}/#map=16/{lat}/{lon}&layers=city_parts", width=768, height=1024)
    wait_for_map(page)
    expect(page.locator(".bm-panel")).to_be_visible()
    click_map(page, lon, lat)
    wait_for_form(page)
    page.locator(".bm-panel").wait_for(state="hidden")
    still(page)
    rest(page)
    pin, form = page.locator(".bm-pin").bounding_box(), panel(page).bounding_box()
    assert pin["x"] + pin["width"] <= form["x"]
    assert form["x"] >= 300
