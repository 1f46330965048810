"""The map's front end alone, over answers made by map_harness: what is drawn, fetched, clicked and sent."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.app_steps import click_map, drawn, pixel, rest, show_view, spot, switch
from tests.browser.map_harness.driving import features, rerun, triggers, wait_for

CLICKS = "window.triggers.filter((one) => one.name === 'click').length === "


def test_draws_the_default_layers(open_map):
    page = open_map()
    assert features(page) == {"city_parts": 57, "concentration": 57, "services": 60, "labels": 57}
    assert page.evaluate("__bilaMista.painted('city_parts')") == 57
    assert page.evaluate("__bilaMista.painted('services')") == 57, "three of the services have no position"
    assert page.evaluate("__bilaMista.painted('labels')") > 10
    assert page.console_errors == []
    assert page.outside == []


def test_loads_no_polygons_twice_and_repaints_a_measure_with_the_view_kept(open_map, harness):
    page = open_map()
    _, server = harness
    show_view(page, 14.40, 50.05, 12)
    before = page.evaluate("location.hash")
    prague_5 = pixel(page, 14.37, 50.045)
    server.requests.clear()
    page.select_option('[data-layer="concentration"] select', "count")
    wait_for(page, "location.hash.includes('concentration.measure=count')")
    rest(page)
    asked = [(path, params) for path, params, _ in server.requests]
    assert [path for path, _ in asked] == ["/api/v1/layers/concentration"]
    assert asked[0][1]["geometry"] == "none"
    assert page.evaluate("location.hash").split("&")[0] == before.split("&")[0]
    assert pixel(page, 14.37, 50.045) != prague_5


def test_click_on_the_ground_sends_one_event_with_its_city_part(open_map):
    page = open_map()
    click_map(page, 14.40, 50.055)
    (sent,) = triggers(page)
    assert sent["layer"] == "city_parts"
    assert sent["title"] == "Praha 5"
    assert sent["id"] == "500143"
    assert sent["lon"] == pytest.approx(14.40, abs=0.002)
    assert sent["lat"] == pytest.approx(50.055, abs=0.002)
    page.mouse.dblclick(*spot(page, 14.40, 50.055))
    assert len(triggers(page)) == 2, "a double click zooms and is one choice, not two"
    assert triggers(page)[1]["seq"] > sent["seq"]


def test_click_outside_prague_has_no_city_part(open_map):
    page = open_map()
    click_map(page, 14.62, 49.96)
    (sent,) = triggers(page)
    assert (sent["layer"], sent["id"]) == (None, None)


def test_click_on_a_point_wins_over_the_ground(open_map):
    page = open_map()
    lon, lat = 14.30 + 5 * 37 % 60 / 150, 49.99 + 5 * 17 % 60 / 375
    show_view(page, lon, lat, 16)
    click_map(page, lon, lat)
    (sent,) = triggers(page)
    assert (sent["layer"], sent["id"], sent["title"]) == ("services", "s5", "Zkušební bod 5")


def test_click_on_a_cluster_zooms_in_and_sends_nothing(open_map):
    page = open_map("/#map=10/50.07/14.44&layers=services")
    items = page.evaluate("document.querySelector('.bm-map').dataset.features")
    assert json.loads(items) == {"services": 60}
    # At zoom 10 the 57 points cannot stand alone: some spot of the pattern is a group.
    before = page.evaluate("__bilaMista.map.getZoom()")
    for index in range(57):
        lon, lat = 14.30 + (index * 37 % 60) / 150, 49.99 + (index * 17 % 60) / 375
        click_map(page, lon, lat)
        # Leaflet begins to zoom in one of the next frames.
        drawn(page)
        if page.evaluate("__bilaMista.map._animatingZoom || __bilaMista.map.getZoom() > 10"):
            break
    rest(page)
    assert page.evaluate("__bilaMista.map.getZoom()") > before
    assert all(t["layer"] in {"city_parts", "services", None} for t in triggers(page))


def test_server_clusters_are_drawn_and_open(open_map):
    page = open_map("/#map=11/50.07/14.44&layers=places")
    assert features(page) == {"places": 2}
    click_map(page, 14.36, 50.05)
    wait_for(page, "__bilaMista.map.getZoom() > 11")
    rest(page)
    assert triggers(page) == []


@pytest.mark.parametrize(
    ("second", "said"), [({"stands_for": 1, "is_least": True}, "nejméně 31 míst"), ({"stands_for": 5}, "35 míst")]
)
def test_areas_in_a_group_count_as_the_places_they_stand_for(open_map, harness, second, said):
    _, server = harness
    server.places = [
        {"id": "a", "name": "oblast", "lon": 14.44, "lat": 50.07, "props": {"stands_for": 30}},
        {"id": "b", "name": "oblast", "lon": 14.4404, "lat": 50.07, "props": second},
    ]
    page = open_map("/#map=14/50.07/14.44&layers=places")
    page.mouse.move(*spot(page, 14.4401, 50.07))
    tooltip = page.locator(".bm-tooltip")
    expect(tooltip).to_contain_text(said)
    # By itself an area is a ring and says its own number among its fields.
    show_view(page, 14.44, 50.07, 17)
    page.mouse.move(*spot(page, 14.44, 50.07))
    expect(tooltip).to_contain_text("oblast")
    expect(tooltip).not_to_contain_text("míst ")


def test_layers_that_follow_the_view_ask_again_only_when_needed(open_map, harness):
    page = open_map("/#map=14/50.07/14.44&layers=places")
    _, server = harness
    asked = lambda: [p for path, p, _ in server.requests if path.endswith("/places")]  # noqa: E731
    first = len(asked())
    show_view(page, 14.445, 50.07, 14)
    assert len(asked()) == first, "a small step stays within what was fetched with its margin"
    show_view(page, 14.60, 50.07, 14)
    assert len(asked()) == first + 1
    assert asked()[-1]["zoom"] == "14"
    assert len(asked()[-1]["bbox"].split(",")) == 4


def test_token_goes_only_where_it_is_needed_and_is_renewed(open_map, harness):
    _, server = harness
    server.valid_tokens = {"t2"}
    page = open_map("/#layers=city_parts,places&map=13/50.09/14.47")
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).places === 1")
    assert len(triggers(page, "renew")) == 1
    auth = {path.rsplit("/", 1)[1]: token for path, _, token in server.requests if "/layers/" in path}
    assert auth["city_parts"] is None
    assert auth["places"] == "Bearer t2"


def test_rerun_with_new_data_fetches_places_only(open_map, harness):
    page = open_map("/#layers=city_parts,concentration,places&map=13/50.09/14.47")
    _, server = harness
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).places === 1")
    server.places.append({"id": "p2", "lon": 14.475, "lat": 50.092, "name": "Druhé místo"})
    server.requests.clear()
    rerun(page, {"data_version": 2})
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).places === 2")
    assert [path for path, _, _ in server.requests] == ["/api/v1/layers/places"]
    assert page.evaluate("document.querySelectorAll('.bm-map').length") == 1, "the map is kept across reruns"


def test_the_form_is_asked_for_once(open_map):
    page = open_map("/#map=14/50.08/14.44")
    wait_for(page, "window.triggers.some((one) => one.name === 'prepare')")
    rerun(page, {"data_version": 2})
    assert len(triggers(page, "prepare")) == 1


def test_draft_pin_reports_where_it_is_moved(open_map):
    page = open_map("/#map=14/50.08/14.44")
    rerun(page, {"draft": {"lon": 14.44, "lat": 50.08}})
    pin = page.locator(".bm-pin-box")
    pin.focus()
    page.keyboard.press("Shift+ArrowRight")
    wait_for(page, CLICKS + "1")
    (sent,) = triggers(page)
    assert sent["drag"] is True
    assert sent["layer"] is None
    assert sent["lon"] > 14.44
    assert sent["lat"] == pytest.approx(50.08, abs=1e-4)
    box = pin.bounding_box()
    page.mouse.move(box["x"] + 24, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 24, box["y"] + 110, steps=6)
    page.mouse.up()
    wait_for(page, CLICKS + "2")
    assert triggers(page)[1]["lat"] < 50.08
    rerun(page, {"draft": None})
    assert page.locator(".bm-pin-box").count() == 0


def test_focus_moves_once_per_seq(open_map):
    page = open_map()
    box = [14.46, 50.08, 14.48, 50.10]
    rerun(page, {"focus": {"seq": 1, "bbox": box}})
    wait_for(page, "__bilaMista.map.getZoom() >= 13")
    show_view(page, 14.40, 50.05, 11)
    rerun(page, {"focus": {"seq": 1, "bbox": box}, "data_version": 1, "selected": None})
    assert page.evaluate("__bilaMista.map.getZoom()") == 11


def test_permalink_brings_the_view_back(open_map, harness):
    page = open_map()
    switch(page, "services", on=False)
    page.select_option('[data-layer="concentration"] select', "count")
    show_view(page, 14.5, 50.05, 13)
    link = page.evaluate("location.href")
    assert re.search(
        r"#map=13/50\.05000/14\.50000&layers=city_parts,concentration,labels&concentration\.measure=count$", link
    )
    other = open_map(link.split("/", 3)[3].join(["/", ""]))
    assert features(other) == {"city_parts": 57, "concentration": 57, "labels": 57}
    assert other.evaluate("__bilaMista.map.getZoom()") == 13
    expect(other.locator('[data-layer="concentration"] select')).to_have_value("count")
    other.evaluate("location.hash = '#map=11/50.1/14.4&layers=city_parts'")
    wait_for(other, "document.querySelector('.bm-map').dataset.features === '{\"city_parts\":57}'")


def test_multiple_option_filters(open_map, harness):
    page = open_map()
    details = page.locator('[data-layer="services"] details[data-option="kind"]')
    details.locator("summary").click()
    details.get_by_label("Tržnice").check()
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).services === 15")
    details.get_by_label("Jiné").check()
    wait_for(page, "JSON.parse(document.querySelector('.bm-map').dataset.features).services === 30")
    expect(details.locator("summary")).to_contain_text("Druh: Tržnice, Jiné")
    assert "services.kind=market,other" in page.evaluate("location.hash")


def test_search_with_the_keyboard(open_map):
    page = open_map()
    page.fill("#bm-search", "nebuš")
    page.wait_for_selector("#bm-found-0")
    expect(page.locator("#bm-search")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#bm-search")).to_have_attribute("aria-activedescendant", "bm-found-0")
    page.keyboard.press("Enter")
    expect(page.locator("#bm-search")).to_have_value("Praha-Nebušice")
    rest(page)
    centre = page.evaluate("(({lat, lng}) => [lng, lat])(__bilaMista.map.getCenter())")
    assert centre[0] < 14.35, "the map has moved to the north-west"
    page.fill("#bm-search", "xyzxyz")
    expect(page.locator(".bm-found-none")).to_contain_text("xyzxyz")
