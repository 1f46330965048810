"""The bar above every page: nothing in it lies over anything else, in any language and at any width."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.app_steps import FORM_MS, drawn, settle, wait_for_map

WIDTHS = (340, 390, 600, 640, 768, 900, 1024, 1200, 1280, 1440)
PARTS = ".bm-pages-more, .bm-pages:not(.bm-narrow) a, .st-key-account_menu button, .bm-language"


def boxes(page):
    """Return (words, box) of all that is seen in the bar."""
    return [
        (part.inner_text().strip()[:30], box)
        for part in page.locator(PARTS).all()
        if (box := part.bounding_box()) and box["width"] and box["height"]
    ]


def apart(one, other):
    return any(
        first[side] + first[size] <= second[side] + 0.5
        for side, size in (("x", "width"), ("y", "height"))
        for first, second in ((one, other), (other, one))
    )


@pytest.mark.parametrize("lang", ["cs", "en", "uk"])
def test_nothing_in_the_bar_lies_over_anything(open_app, app_address, lang):
    page = open_app(f"{app_address}/nastaveni?lang={lang}")
    page.locator(".st-key-account_menu button").wait_for(timeout=FORM_MS)
    page.locator(".bm-language").wait_for()
    settle(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        # The bar measures itself in the frame after a change of size.
        drawn(page)
        drawn(page)
        found = boxes(page)
        assert len(found) >= 3, found
        over = [(a, b) for (a, x), (b, y) in itertools.combinations(found, 2) if not apart(x, y)]
        assert over == [], width
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for _, box in found), width


@pytest.mark.parametrize(
    ("lang", "said", "way"),
    [
        ("cs", "Adresa nikam nevede", "Otevřít mapu"),
        ("en", "The address leads nowhere", "Open the map"),
        ("uk", "Адреса нікуди не веде", "Відкрити карту"),
    ],
)
def test_a_wrong_address_is_told_in_our_words_and_leads_to_the_map(open_app, app_address, lang, said, way):
    # Správa is there in shared mode alone: a page that is not the reader's is told alike.
    for path in ("neco", "sprava"):
        page = open_app(f"{app_address}/{path}?lang={lang}")
        page.get_by_role("heading", name=said).wait_for(timeout=FORM_MS)
        settle(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("link", name=way).click()
        wait_for_map(page)
        assert page.url.startswith(f"{app_address}/?lang={lang}")


def test_the_map_s_name_is_an_address_of_it(open_app, app_address):
    page = open_app(f"{app_address}/mapa")
    wait_for_map(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.startswith(f"{app_address}/?")
