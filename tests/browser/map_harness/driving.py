"""What the tests of the map alone do with a page beside the steps of the whole app: read it, look somewhere."""

import json

from tests.browser.app_steps import LATER, READY, rest
from tests.tools.reruns import TIMEOUT_MS


def opener(open_page, address):
    """Return a function that opens the map at a path and waits for its first paint."""

    def open_(path="/", **options):
        page = open_page(**options)
        page.goto(address + path)
        page.wait_for_selector(READY)
        # The panel of layers and the address follow the first paint.
        page.evaluate(LATER, 0)
        return page

    return open_


def features(page):
    return json.loads(page.get_attribute(".bm-map", "data-features"))


def triggers(page, name="click"):
    """Return what the map has told up to now; it tells at once when it is clicked."""
    return [t for t in page.evaluate("window.triggers") if t["name"] == name]


def wait_for(page, expression):
    page.wait_for_function(expression, timeout=TIMEOUT_MS)


def rerun(page, data):
    """Have the map take the data of a rerun and come to rest."""
    page.evaluate("data => rerun(data)", data)
    rest(page)
