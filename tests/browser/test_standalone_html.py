"""The downloaded map, opened from a disk with every host blocked, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from layers._folium import render_html
from layers._svg import render_svg
from layers._view import clean
from tests.layers.hostile_texts import HOSTILE
from tests.layers.sample_view import city_view, text_view

POLICY = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>")
MOST_OF_THEM = 25


@pytest.fixture
def open_file(open_page, tmp_path):
    """Return a function that writes a text to a disk and opens it; `page.asked` counts all requests but itself."""

    def open_(text, *, name="mapa.html", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        page = open_page(**options)
        page.asked = []
        page.context.route(
            "**/*", lambda route: route.continue_() if route.request.url == path.as_uri() else route.abort()
        )
        page.on("request", lambda request: page.asked.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    return open_


@pytest.fixture
def drawn(open_file):
    """Return a function that opens a view's page and waits until it is drawn."""

    def open_(text, **options):
        page = open_file(text, **options)
        page.wait_for_function("document.documentElement.dataset.drawn !== undefined")
        return page

    return open_


def section(page, layer_id):
    return page.locator(f"section[data-layer={layer_id}]")


def paths(page, index):
    return page.locator(f".leaflet-layer-{index}-pane path.leaflet-interactive")


def test_it_opens_with_no_network(drawn):
    page = drawn(render_html(city_view()))
    assert page.asked == []
    assert page.console_errors == []
    assert page.title() == "Bílá místa: žluťoučký kůň, ґанок Їжак"
    assert paths(page, 0).count() == 57
    assert paths(page, 1).count() == 57
    assert paths(page, 2).count() == 10
    assert all(path.get_attribute("d") not in {None, "", "M0 0"} for path in paths(page, 0).all())
    page.wait_for_function(
        "[...document.querySelectorAll('.map-label')].filter((one) => one.checkVisibility()).length > 20"
    )
    assert page.locator(".notice").inner_text().startswith("datový podklad © IPR Praha, CC BY-SA 4.0 / CC BY 4.0")
    page.get_by_text("Licence", exact=True).click()
    expect(page.locator("pre")).to_have_text(re.compile("^Leaflet 1.9.3, BSD 2-Clause License"))
    expect(page.get_by_text("Export z 21. 11. 2026")).to_be_visible()


def test_the_legend_is_visible_and_says_whose_the_figures_are(drawn):
    page = drawn(render_html(city_view()))
    shares = section(page, "shares")
    for text in ("do 10 %", "10 až 20 %", "20 % a více", "Podíl na obyvatelích k 31. 12. 2019.", "Míra: podíl"):
        shares.get_by_text(text, exact=True).scroll_into_view_if_needed()
        expect(shares.get_by_text(text, exact=True)).to_be_visible()
    shares.locator(".sources summary").click()
    source = shares.locator(".source")
    expect(source).to_be_visible()
    assert source.inner_text().startswith("Podíl cizinců: Podíl cizinců, stav k 31.\u00a012.\u00a02019")
    expect(section(page, "places").locator("svg.swatch")).to_have_count(8)


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_a_layer_is_switched_off_and_on(drawn, how):
    page = drawn(render_html(city_view()))
    box = section(page, "places").get_by_role("checkbox")

    def switch():
        if how == "mouse":
            box.click()
        else:
            box.focus()
            page.keyboard.press("Space")

    switch()
    expect(paths(page, 2)).to_have_count(0)
    expect(section(page, "places").locator(".legend")).to_be_hidden()
    switch()
    expect(paths(page, 2)).to_have_count(10)
    expect(paths(page, 0)).to_have_count(57)


def test_a_click_shows_the_values_of_the_filled_area_under_an_outline(drawn):
    page = drawn(render_html(city_view()))
    section(page, "places").get_by_role("checkbox").click()
    box = page.locator(".folium-map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".leaflet-tooltip")).to_contain_text("%")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".leaflet-popup").wait_for()
    assert re.search(r"Praha.*\n?Podíl\n?.*8,5|18,5|28,5\s%", page.locator(".leaflet-popup").inner_text(), re.DOTALL)


def test_outlines_answer_the_pointer_once_nothing_filled_lies_below(drawn):
    page = drawn(render_html(city_view()))
    for layer in ("places", "shares"):
        section(page, layer).get_by_role("checkbox").click()
    box = page.locator(".folium-map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".leaflet-tooltip")).to_contain_text("Městské části")


def test_the_table_holds_every_row_and_leads_to_the_map(drawn):
    page = drawn(render_html(city_view()))
    places = section(page, "places")
    places.locator(".table summary").click()
    expect(places.locator("tbody tr")).to_have_count(11)
    assert places.get_by_role("button", name="Místo 10").count() == 0, "no position, nothing to show"
    places.get_by_role("button", name="Místo 3").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Místo 3")


def test_shapes_tell_classes_apart(drawn):
    page = drawn(render_html(city_view()))
    drawn_shapes = page.evaluate(
        """() => [...document.querySelectorAll('.leaflet-layer-2-pane path.leaflet-interactive')].slice(0, 7)
              .map((path) => path.getAttribute('d').replace(/[-\\d.]+/g, '#'))"""
    )
    assert len(set(drawn_shapes)) >= 4
    hatched = page.locator(".leaflet-layer-0-pane path[fill^='url(#hatch']").count()
    assert hatched == 19


def test_it_works_on_a_phone(drawn):
    page = drawn(render_html(city_view(invented=True)), width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(section(page, "shares")).to_be_hidden()
    expect(page.get_by_text("Školení: všechna místa jsou vymyšlená")).to_be_visible()
    opener = page.get_by_role("button", name="Vrstvy a legenda")
    assert opener.bounding_box()["height"] >= 44
    opener.click()
    expect(section(page, "places")).to_be_visible()
    page.get_by_role("button", name="Zavřít").click()
    expect(section(page, "places")).to_be_hidden()
    spans = page.evaluate(
        """() => { const boxes = [...document.querySelectorAll('.leaflet-layer-1-pane path.leaflet-interactive')]
              .map((path) => path.getBoundingClientRect());
            return [Math.min(...boxes.map((b) => b.left)), Math.max(...boxes.map((b) => b.right))]; }"""
    )
    assert spans[0] >= 0
    assert spans[1] <= 390


def ran(page):
    return page.evaluate("window.ran")


def touch_everything(page):
    """Open every table, hover and click every feature: whatever waits for a person's hand."""
    page.evaluate(
        """() => {
          document.querySelectorAll('details').forEach((node) => { node.open = true; node.dispatchEvent(new Event('toggle')); });
          document.querySelectorAll('path.leaflet-interactive').forEach((path) => {
            for (const type of ['mouseover', 'mousemove', 'click']) {
              const box = path.getBoundingClientRect();
              path.dispatchEvent(new MouseEvent(type, { bubbles: true, view: window,
                clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }));
            }
          });
        }"""
    )


def test_hostile_texts_are_shown_and_never_run(drawn, open_file, open_page):
    """Without the page's own policy, so that only the building of the page stands between text and code."""
    executed, not_shown, asked = [], [], []
    page = open_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    for number, text in enumerate(HOSTILE):
        html, policies = POLICY.subn("", render_html(text_view(text)))
        assert policies == 1
        page.set_content(html)
        page.wait_for_function("document.documentElement.dataset.drawn === '3'")
        touch_everything(page)
        page.wait_for_timeout(30)
        if ran(page) is not None:
            executed.append(number)
        cells = page.locator("section[data-layer=areas] td").all_text_contents()
        seen = {clean(text), page.locator(".leaflet-popup strong").first.text_content()}
        if cells.count(clean(text)) < 5 or len(seen) != 1:
            not_shown.append(number)
        asked += page.asked
        page.goto("about:blank")
        page.asked.clear()
    assert len(HOSTILE) >= 40
    assert executed == []
    assert not_shown == []
    assert asked == []
    assert page.console_errors == []


def test_all_hostile_texts_at_once_from_the_disk(drawn):
    page = drawn(render_html(text_view(" ".join(HOSTILE), invented=True)), name="mapa ${window.ran=1} <img>.html")
    touch_everything(page)
    page.wait_for_timeout(100)
    assert ran(page) is None
    assert page.asked == []
    assert page.console_errors == []


def test_hostile_texts_in_the_vector_page_never_run(open_file):
    page = open_file(render_svg(text_view(" ".join(HOSTILE)), width_px=900, height_px=700), name="mapa.svg")
    assert page.evaluate("document.documentElement.tagName") == "svg"
    assert ran(page) is None
    address = page.url
    for text in HOSTILE:
        page.evaluate(
            "(svg) => { document.documentElement.replaceWith(document.importNode("
            "new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true)); }",
            render_svg(text_view(text), width_px=900, height_px=700),
        )
        assert page.evaluate("document.documentElement.tagName") == "svg"
        assert ran(page) is None
    assert page.url == address


CARELESS = {
    "element": lambda text: f"<div>{text}</div>",
    "attribute": lambda text: f'<div title="{text}">x</div>',
    "attribute_single": lambda text: f"<div title='{text}'>x</div>",
    "literal": lambda text: f"<script>const text = `{text}`;</script>",
    "string": lambda text: f'<script>const text = "{text}";</script>',
    "string_single": lambda text: f"<script>const text = '{text}';</script>",
    "title": lambda text: f"<title>{text}</title>",
    "link": lambda text: f'<a id="link" href="{text}">x</a><script>document.getElementById("link").click()</script>',
}


def test_the_same_texts_do_run_where_a_page_is_careless(open_page):
    """The canary: had the pages above run one of the texts, the test would have seen it."""
    page = open_page()
    executed = set()
    for number, text in enumerate(HOSTILE):
        for build in CARELESS.values():
            page.set_content(f"<!DOCTYPE html><html><body>{build(text)}</body></html>", wait_until="domcontentloaded")
            page.wait_for_timeout(5)
            if ran(page) is not None:
                executed.add(number)
                page.evaluate("delete window.ran")
                break
    assert len(executed) >= MOST_OF_THEM, [HOSTILE[n] for n in sorted(set(range(len(HOSTILE))) - executed)]


def test_the_policy_stops_a_script_that_got_in_all_the_same(drawn):
    html = render_html(city_view()).replace(
        "</body>", "<script>window.ran=1</script><img src=x onerror='window.ran=1'></body>"
    )
    page = drawn(html)
    page.wait_for_timeout(100)
    assert ran(page) is None
