"""The harness itself: it would see a request that goes out and a script that runs."""

from tests.browser.app_steps import go_to_map, later
from tests.layers.hostile_texts import HOSTILE


def test_other_hosts_are_blocked_and_seen(open_page, app_address):
    page = open_page(f"{app_address}/api/v1/health")
    addresses = ["http://example.com/a", "https://198.51.100.7/b", "http://localhost:1/c"]
    answers = page.evaluate(
        "all => Promise.allSettled(all.map((u) => fetch(u, {mode: 'no-cors'}))).then((r) => r.map((x) => x.status))",
        addresses,
    )
    assert answers == ["rejected"] * 3
    assert page.outside == addresses


def test_a_canary_page_shows_that_the_hostile_texts_would_run(open_page, tmp_path):
    """Some of the texts run when a page is made carelessly, so their silence elsewhere means something."""
    ran = 0
    page = open_page()
    for index, text in enumerate(HOSTILE[:12]):
        path = tmp_path / f"{index}.html"
        path.write_text(f"<!doctype html><meta charset=utf-8><body><p>{text}</p></body>", "utf-8")
        page.goto(path.as_uri())
        # What runs of such a text runs while the page loads, or from the timer or the error of an image just after it.
        later(page, 50)
        ran += page.evaluate("window.ran === 1")
    assert ran >= 4


def test_an_error_of_a_script_is_seen(open_page, app_address):
    page = go_to_map(open_page(), app_address)
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('canary'); }, 0)")
    assert any("canary" in error for error in page.console_errors)
