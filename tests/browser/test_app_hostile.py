"""Twenty hostile texts in every field of the form: stored, shown as text wherever a text is shown, and never run."""

import re

import pytest

from tests.browser.app_steps import (
    PANEL,
    click_map,
    go_to_map,
    open_menu,
    panel,
    pick,
    press,
    save,
    settle,
    shut,
    unfold,
    wait_for_painted,
    wait_for_saved,
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
        panel(page).get_by_text("Co se stalo (nemusíte vyplnit)").wait_for()
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
        x, y = page.evaluate(
            "([lat, lon]) => { const p = __bilaMista.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
            [lat, lon],
        )
        box = page.locator(".bm-host").bounding_box()
        page.mouse.move(box["x"] + x + 40, box["y"] + y + 40)
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.locator(".bm-tooltip").wait_for()
        page.wait_for_function("text => document.querySelector('.bm-tooltip').textContent.includes(text)", arg=text)
        page.mouse.click(box["x"] + x, box["y"] + y)
        panel(page).get_by_role("button", name="Zapsat návštěvu", exact=True).wait_for()
        panel(page).get_by_text("Poznámka", exact=True).wait_for()
        page.wait_for_function(
            "([panel, text]) => document.querySelector(`${panel} h3`).innerText === text", arg=[PANEL, text]
        )
        assert panel(page).inner_text().count(text) >= 3, "the name, and the note twice"
        press(page, "Zapsat návštěvu")
        panel(page).get_by_role("heading", name="Zapsat návštěvu").wait_for()
        pick(page, "Nic nenalezeno")
        panel(page).get_by_role("textbox", name="Poznámka").fill(f"návštěva {text}")
        save(page)
        panel(page).get_by_text("Návštěva je uložena.").wait_for()
        panel(page).get_by_text("Návštěvy").first.wait_for()
        assert f"návštěva {text}" in panel(page).inner_text()
        press(page, "Upravit")
        panel(page).get_by_role("heading", name="Upravit místo").wait_for()
        assert panel(page).get_by_role("textbox", name="Název nebo popis místa").input_value() == text
        shut(page)
        panel(page).wait_for(state="detached")
        never_ran(page)


def look_at_table_and_search(page):
    open_menu(page, "Tabulka")
    table = page.locator(".bm-table")
    table.get_by_role("tab", name=re.compile("[Zz]aznamenaná|[Mm]íst")).first.click()
    shown = table.locator("tbody .bm-row-open").all_text_contents()
    assert sorted(shown) == sorted(TWENTY)
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
    offline.wait_for_timeout(500)
    never_ran(offline)
    assert offline.outside == []
    assert offline.console_errors == []


def look_at_pages(page, address):
    answer = page.request.get(f"{address}/api/v1/search", params={"q": "praha 12"}).json()["results"]
    code = next(hit["id"] for hit in answer if hit["kind"] == "city_part")
    for path in (f"mestske-casti?mc={code}", "nastaveni"):
        page.goto(f"{address}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(300)
        never_ran(page)


def test_hostile_addresses_of_pages_are_texts(open_app, hostile_app):
    page = open_app()
    for text in TWENTY[:4]:
        page.goto(
            f"{hostile_app}/mestske-casti?"
            + page.evaluate("text => new URLSearchParams({mc: text, lang: text}).toString()", text)
        )
        page.get_by_role("heading", level=1).wait_for()
        never_ran(page)
