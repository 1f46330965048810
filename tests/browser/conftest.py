"""A real Chromium with every host but this machine blocked, and the real app."""

import pytest
from playwright.sync_api import sync_playwright

from tests.tools.chromium import ARGUMENTS, find_chromium
from tests.tools.server import running_app


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Return a function that opens a page; requests to other hosts are blocked and kept in `page.outside`."""
    contexts = []

    def open_(url=None, *, width=1440, height=900, **options):
        options.setdefault("locale", "cs-CZ")
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.outside = []
        page.console_errors = []
        page.on("pageerror", lambda error: page.console_errors.append(str(error)))

        def guard(route):
            target = route.request.url
            if target.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:")):
                route.continue_()
            else:
                page.outside.append(target)
                route.abort()

        context.route("**/*", guard)
        if url:
            page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def app_address(tmp_path_factory):
    """The real app over an empty DATA_DIR, one for the whole session."""
    with running_app(tmp_path_factory.mktemp("app") / "data") as app:
        yield app.address
