"""What the tests of the map alone do with a page beside the steps of the whole app: read it, look somewhere."""

import json

from tests.browser.app_steps import READY


def opener(open_page, address):
    """Return a function that opens the map at a path and waits for its first paint."""

    def open_(path="/", **options):
        page = open_page(**options)
        page.goto(address + path)
        page.wait_for_selector(READY)
        return page

    return open_


def features(page):
    return json.loads(page.get_attribute(".bm-map", "data-features"))


def triggers(page, name="click"):
    return [t for t in page.evaluate("window.triggers") if t["name"] == name]


def look_at(page, lon, lat, zoom):
    page.evaluate("([lat, lon, zoom]) => __bilaMista.map.setView([lat, lon], zoom, {animate: false})", [lat, lon, zoom])
    page.wait_for_timeout(400)


def wait_for(page, expression):
    page.wait_for_function(expression, timeout=8000)
