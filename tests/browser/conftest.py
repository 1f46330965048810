"""A real Chromium with every host but this machine blocked, and the real app.

`SLOW_BROWSER=6 make test` slows the processor of every page down so many times, as on a weak or busy machine.
"""

import itertools
import os

import pytest
from playwright.sync_api import expect, sync_playwright

from domain.place import Actor
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
from tests.browser.app_steps import go_to_map
from tests.browser.map_harness.driving import opener
from tests.browser.map_harness.server import running_harness
from tests.tools.chromium import ARGUMENTS, find_chromium
from tests.tools.reruns import TIMEOUT_MS, watch_reruns
from tests.tools.server import running_app

# No host but this one resolves, whoever asks: a page, a web socket, a favicon. Addresses in numbers are refused too.
BLOCKED = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
HERE = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:")
# A test that waits for what it reads takes as long as the machine is slow; only one that hangs is to be ended.
TEST_TIMEOUT_S = 900
SLOWER = float(os.environ.get("SLOW_BROWSER", "1"))
expect.set_options(timeout=TIMEOUT_MS)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(TEST_TIMEOUT_S))


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, BLOCKED])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Return a function that opens a page; requests to other hosts fail and are kept in `page.outside`.

    `page.console_errors` holds what scripts threw; `page.dialogs` what a script asked (each is dismissed).
    """
    contexts = []

    def open_(url=None, *, width=1440, height=900, **options):
        options.setdefault("locale", "cs-CZ")
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(TIMEOUT_MS)
        watch_reruns(context)
        contexts.append(context)
        page = context.new_page()
        if SLOWER > 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.outside = []
        page.console_errors = []
        page.dialogs = []
        page.on("pageerror", lambda error: page.console_errors.append(str(error)))

        def dismiss(dialog):
            page.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)

        # Watching and not routing: a route would switch the browser's cache off and slow every request down.
        def note(request):
            if not request.url.startswith(HERE):
                page.outside.append(request.url)

        context.on("request", note)
        if url:
            page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def open_app(open_page):
    """Like `open_page`, and at the end nothing was asked of other hosts, nothing thrown, no dialog opened."""
    pages = []

    def open_(*arguments, **options):
        page = open_page(*arguments, **options)
        pages.append(page)
        return page

    yield open_
    assert [target for page in pages for target in page.outside] == []
    assert [error for page in pages for error in page.console_errors] == []
    assert [message for page in pages for message in page.dialogs] == []


@pytest.fixture(scope="module")
def map_server():
    """The map's front end alone (address, harness): our files, and answers made for the tests."""
    with running_harness() as found:
        yield found


@pytest.fixture
def harness(map_server):
    map_server[1].reset()
    return map_server


@pytest.fixture
def open_map(open_page, harness):
    return opener(open_page, harness[0])


def prepare_store(data_dir):
    """Make a DATA_DIR where the first-run note has been seen."""
    store = open_store(data_dir)
    actor = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
    store.settings.set("first_run_seen", value=True, actor=actor)
    store.close()
    return data_dir


@pytest.fixture(scope="session")
def app_address(tmp_path_factory):
    """The real app, one for the whole session; the first-run note has been seen."""
    with running_app(prepare_store(tmp_path_factory.mktemp("app") / "data")) as app:
        yield app.address


_spots = itertools.count()


@pytest.fixture
def free_spot():
    """A position in Prague where no other test records, more than 75 m from all of them."""
    index = next(_spots)
    return round(14.400 + (index % 12) * 0.006, 6), round(50.015 + (index // 12) * 0.004, 6)


@pytest.fixture
def here(open_app, app_address, free_spot):
    """The map at a spot where nobody has recorded anything; `here.open()` gives another person's view of it."""

    class Here:
        lon, lat = free_spot

        def open(self, **options):
            return go_to_map(open_app(**options), app_address, at=free_spot, zoom=17)

    return Here()
