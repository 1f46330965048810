"""Twenty hostile texts in every field of the form: stored, shown as text wherever a text is shown, and never run."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.app_steps import (
    click_map,
    go_to_map,
    later,
    name_field,
    open_menu,
    panel,
    pick,
    press,
    save,
    settle,
    shut,
    spot,
    unfold,
    wait_for_form,
    wait_for_painted,
    wait_for_saved,
    wait_for_title,
    write_name,
)
from tests.browser.conftest import prepare_store
from tests.layers.hostile_texts import HOSTILE
from tests.tools.server import running_app

TWENTY = [text for text in HOSTILE if text.isprintable() and len(text) <= 110 and text == text.strip()][::2][:20]
CENTRE = (14.42, 50.03)
KINDS = ("Ubytovna", "Tržnice / velkoobchod", "Dopravní uzel", "Jiná")


def places():
    """A place for each text, far enough apart."""
    for index, text in enumerate(TWENTY):
        yield text, CENTRE[0] + (index % 5 - 2) * 0.0016, CENTRE[1] + (index // 5 - 1.5) * 0.0011, KINDS[index % 4]


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory):
    with running_app(prepare_store(tmp_path_factory.mktemp("hostile") / "data")) as app:
        yield app.address


def never_ran(page):
    assert page.evaluate("window.ran") is None
    assert page.dialogs == []


def test_there_are_twenty():
    assert len(TWENTY) == len(set(TWENTY)) == 20
    assert any("<script>" in text for text in TWENTY)
    assert any("onerror" in text for text in TWENTY)


def test_hostile_texts_are_texts_everywhere(open_app, open_page, hostile_app, tmp_path):
    page = go_to_map(open_app(), hostile_app, at=CENTRE, zoom=16)
    record_all(page)
    wait_for_painted(page, "places", 20)
    look_at_tooltips_and_panel(page)
    look_at_table_and_search(page)
    look_at_download(page, open_page, tmp_path)
    look_at_pages(page, hostile_app)


def record_all(page):
    """Each text as the name of a place and, twice, in its note."""
    for text, lon, lat, kind in places():
        click_map(page, lon, lat)
        wait_for_form(page)
        pick(page, kind)
        write_name(page, text)
        unfold(page)
        panel(page).get_by_role("textbox", name="Poznámka").fill(f"{text}\n{text}")
        save(page)
        wait_for_saved(page)
        never_ran(page)
    shut(page)
    panel(page).wait_for(state="detached")


def look_at_tooltips_and_panel(page):
    for index, (text, lon, lat, _kind) in enumerate(places()):
        if index % 4:
            continue
        x, y = spot(page, lon, lat)
        page.mouse.move(x + 40, y + 40)
        page.mouse.move(x, y)
        page.locator(".bm-tooltip").wait_for()
        page.wait_for_function("text => document.querySelector('.bm-tooltip').textContent.includes(text)", arg=text)
        page.mouse.click(x, y)
        wait_for_title(page, text)
        panel(page).get_by_text("Poznámka", exact=True).wait_for()
        assert panel(page).locator("h3").first.inner_text() == text
        assert panel(page).inner_text().count(text) >= 3, "the name, and the note twice"
        press(page, "Zapsat návštěvu")
        wait_for_title(page, "Zapsat návštěvu")
        pick(page, "Nic nenalezeno")
        panel(page).get_by_role("textbox", name="Poznámka").fill(f"návštěva {text}")
        save(page)
        panel(page).get_by_text("Návštěva je uložena.").wait_for()
        settle(page)
        assert f"návštěva {text}" in panel(page).inner_text()
        press(page, "Upravit")
        wait_for_title(page, "Upravit místo")
        expect(name_field(page)).to_have_value(text)
        shut(page)
        panel(page).wait_for(state="detached")
        never_ran(page)


def look_at_table_and_search(page):
    open_menu(page, "Tabulka")
    table = page.locator(".bm-table")
    table.get_by_role("tab", name=re.compile("[Zz]aznamenaná|[Mm]íst")).first.click()
    rows = table.locator("tbody .bm-row-open")
    expect(rows).to_have_count(len(TWENTY))
    assert sorted(rows.all_text_contents()) == sorted(TWENTY)
    page.keyboard.press("Escape")
    for text in TWENTY[::4]:
        page.locator("#bm-search").fill(text)
        page.wait_for_function(
            "text => [...document.querySelectorAll('#bm-found .bm-found-label')].some((x) => x.textContent === text)",
            arg=text,
        )
    page.locator("#bm-search").fill("<script>window.ran=1</script>nikde")
    page.locator(".bm-found-none").wait_for()
    page.locator("#bm-search").fill("")
    never_ran(page)


def look_at_download(page, open_page, tmp_path):
    settle(page)
    for kind in ("HTML", "PNG"):
        open_menu(page, "Stáhnout")
        with page.expect_download() as found:
            page.get_by_role("button", name=re.compile(kind)).click()
        found.value.save_as(tmp_path / f"mapa.{kind.lower()}")
    assert (tmp_path / "mapa.png").read_bytes().startswith(b"\x89PNG")
    offline = open_page(offline=True)
    offline.goto((tmp_path / "mapa.html").as_uri())
    offline.wait_for_selector(".leaflet-container")
    offline.wait_for_function("document.documentElement.dataset.drawn !== undefined")
    # Time for what a text might do from a timer or from the error of an image.
    later(offline, 500)
    never_ran(offline)
    assert offline.outside == []
    assert offline.console_errors == []


def look_at_pages(page, address):
    answer = page.request.get(f"{address}/api/v1/search", params={"q": "praha 12"}).json()["results"]
    code = next(hit["id"] for hit in answer if hit["kind"] == "city_part")
    for path in (f"mestske-casti?mc={code}", "nastaveni"):
        page.goto(f"{address}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        settle(page)
        later(page, 300)
        never_ran(page)


def test_hostile_addresses_of_pages_are_texts(open_app, hostile_app):
    page = open_app()
    for text in TWENTY[:4]:
        page.goto(
            f"{hostile_app}/mestske-casti?"
            + page.evaluate("text => new URLSearchParams({mc: text, lang: text}).toString()", text)
        )
        page.get_by_role("heading", level=1).wait_for()
        settle(page)
        never_ran(page)
