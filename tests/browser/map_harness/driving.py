"""What the tests of the map do with a page: read it, click into it, look somewhere."""

import json

READY = '.bm-map[data-ready="true"]'


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


def spot(page, lon, lat):
    """Return the position of a place on the screen."""
    x, y = page.evaluate(
        "([lat, lon]) => { const p = __bilaMista.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [lat, lon],
    )
    box = page.locator(".bm-host").bounding_box()
    return box["x"] + x, box["y"] + y


def click_at(page, lon, lat):
    page.mouse.click(*spot(page, lon, lat))


def look_at(page, lon, lat, zoom):
    page.evaluate("([lat, lon, zoom]) => __bilaMista.map.setView([lat, lon], zoom, {animate: false})", [lat, lon, zoom])
    page.wait_for_timeout(400)


def pixel(page, lon, lat):
    """Return the colour (r, g, b, a) that the layers' canvas has at a place."""
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


def wait_for(page, expression):
    page.wait_for_function(expression, timeout=8000)


def switch(page, layer, on=True):
    page.locator(f'[data-layer="{layer}"] .bm-layer-name input').set_checked(on)
