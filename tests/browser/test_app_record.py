"""The real app: a place is marked, found again, undone, visited, changed and corrected."""

import csv
import io
import re

from playwright.sync_api import expect

from tests.browser.app_steps import (
    PANEL,
    click_map,
    counts,
    drawn,
    hash_of,
    mark,
    name_field,
    open_menu,
    panel,
    pick,
    press,
    rest,
    save,
    settle,
    show_view,
    shut,
    unfold,
    wait_for_form,
    wait_for_map,
    wait_for_painted,
    wait_for_saved,
    wait_for_title,
    warning,
    write_name,
)

NORTH = 0.0005  # degrees of latitude, 55 m: within the 75 m that count as near


def own_places(page):
    """Return what the layer of places says, as the map reads it."""
    return counts(page).get("places", 0)


def open_the_place(page, here):
    click_map(page, here.lon, here.lat)
    panel(page).get_by_role("button", name="Zapsat návštěvu", exact=True).wait_for()
    settle(page)


def test_three_taps_and_save(here):
    page = here.open()
    before = own_places(page)
    view = hash_of(page)
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    page.locator(".bm-pin").wait_for()
    pick(page, "Ubytovna")
    pick(page, "Nic nenalezeno")
    save(page)
    wait_for_saved(page)
    wait_for_painted(page, "places", before + 1)
    rest(page)
    assert page.locator(".bm-pin").count() == 0, "the pin makes way for the place"
    assert page.locator(".bm-map").count() == 1, "the map was not built anew"
    assert hash_of(page) == view
    page.reload()
    wait_for_map(page)
    wait_for_painted(page, "places", before + 1)
    open_the_place(page, here)
    expect(panel(page)).to_contain_text("Nic nenalezeno")


def test_a_second_place_right_after_the_first_is_another_record(here):
    page = here.open()
    before = own_places(page)
    mark(page, here.lon, here.lat, kind="Ubytovna", name="První z dvojice")
    mark(page, here.lon, here.lat + 2.2 * NORTH, kind="Ubytovna", name="Druhé z dvojice")
    wait_for_painted(page, "places", before + 2)
    open_the_place(page, here)
    expect(panel(page).get_by_role("heading", name="První z dvojice")).to_have_count(1)


def test_undo_takes_it_back(here):
    page = here.open()
    before = own_places(page)
    mark(page, here.lon, here.lat)
    wait_for_painted(page, "places", before + 1)
    press(page, "Zpět, zrušit záznam")
    wait_for_painted(page, "places", before)
    panel(page).wait_for(state="detached")
    page.reload()
    wait_for_map(page)
    rest(page)
    assert own_places(page) == before


def test_a_click_with_the_form_open_moves_the_point_and_keeps_what_was_typed(here):
    page = here.open()
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    pick(page, "Tržnice / velkoobchod")
    write_name(page, "Rozepsané")
    click_map(page, here.lon, here.lat + NORTH)
    settle(page)
    expect(name_field(page)).to_have_value("Rozepsané")
    expect(panel(page).get_by_role("radio", name="Tržnice / velkoobchod")).to_be_checked()
    save(page)
    wait_for_saved(page)


def test_whatever_would_throw_the_text_away_asks_first(here):
    page = here.open()
    mark(page, here.lon, here.lat, name="Soused")
    shut(page)
    click_map(page, here.lon, here.lat - 2 * NORTH)
    wait_for_form(page)
    write_name(page, "Rozepsané")
    asked = page.locator(".bm-toast").get_by_text("Rozepsaný záznam by se ztratil")
    for leave in (
        lambda: click_map(page, here.lon, here.lat),
        lambda: shut(page),
        lambda: page.locator(".bm-pages").get_by_role("link", name="Městské části").click(),
    ):
        leave()
        asked.wait_for()
        settle(page)
        expect(name_field(page)).to_have_value("Rozepsané")
        page.locator(".bm-toast").get_by_role("button", name="Zavřít").click()
        asked.wait_for(state="hidden")
    shut(page)
    page.locator(".bm-toast").get_by_role("button", name="Zahodit").click()
    panel(page).wait_for(state="detached")
    click_map(page, here.lon, here.lat - 2 * NORTH)
    wait_for_form(page)
    expect(name_field(page)).to_have_value("")
    shut(page)
    panel(page).wait_for(state="detached")
    settle(page)
    assert not asked.is_visible(), "an empty form is closed without a question"


def test_what_unfolds_is_saved_and_shown(here):
    page = here.open()
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    pick(page, "Pracoviště / podnik (továrna, sklad)")
    write_name(page, "Sklad v lomu")
    unfold(page)
    pick(page, "50–199")
    pick(page, "Přes vrátnici nebo provozovatele")
    panel(page).get_by_role("textbox", name="Poznámka").fill("První řádek\nдругий рядок")
    save(page)
    wait_for_saved(page)
    press(page, "Otevřít místo")
    for part in ("другий рядок", "50–199", "Přes vrátnici nebo provozovatele", "První řádek", "Pracoviště"):
        expect(panel(page)).to_contain_text(part)


def test_a_place_is_visited_again_changed_and_corrected(here):
    page = here.open()
    mark(page, here.lon, here.lat, name="Dům se změnami", outcome="Nic nenalezeno")
    press(page, "Otevřít místo")
    press(page, "Zapsat návštěvu")
    wait_for_title(page, "Zapsat návštěvu")
    pick(page, "Poskytnuto poradenství na místě")
    save(page)
    panel(page).get_by_text("Návštěva je uložena.").wait_for()
    settle(page)
    expect(panel(page)).to_contain_text("Poskytnuto poradenství na místě")
    panel(page).locator("details summary").filter(has_text="Změna na místě").click()
    pick(page, "Vystěhování")
    panel(page).get_by_text("Změna je zapsána: Vystěhování.").wait_for()
    press(page, "Upravit")
    wait_for_title(page, "Upravit místo")
    expect(name_field(page)).to_have_value("Dům se změnami")
    write_name(page, "Dům s jiným názvem")
    press(page, "Uložit změny")
    # With the form of before still in the page a reload would ask what is to become of it.
    wait_for_title(page, "Dům s jiným názvem")
    expect(panel(page).get_by_role("button", name="Uložit změny")).to_have_count(0)
    page.reload()
    wait_for_map(page)
    open_the_place(page, here)
    for part in ("Dům s jiným názvem", "Nic nenalezeno", "Poskytnuto poradenství na místě", "Vystěhování"):
        expect(panel(page)).to_contain_text(part)


PRESS_AT_ONCE = """label => new MutationObserver((_, watching) => {
  const button = [...document.querySelectorAll('.st-key-detail_panel button')].find((one) => one.innerText === label);
  if (!button) return;
  watching.disconnect();
  button.click();
}).observe(document.body, {subtree: true, childList: true})"""


def test_a_correction_saved_at_the_instant_it_is_drawn_loses_nothing(here):
    """Streamlit draws a text field empty and fills it a moment later; what is saved then is the text all the same."""
    page = here.open()
    mark(page, here.lon, here.lat, name="Nic se neztratí")
    press(page, "Otevřít místo")
    wait_for_title(page, "Nic se neztratí")
    page.evaluate(PRESS_AT_ONCE, "Uložit změny")
    press(page, "Upravit")
    panel(page).get_by_text("Změny jsou uloženy").wait_for()
    wait_for_title(page, "Nic se neztratí")
    page.reload()
    wait_for_map(page)
    open_the_place(page, here)
    expect(panel(page).get_by_role("heading", name="Nic se neztratí")).to_have_count(1)
    expect(panel(page)).to_contain_text("Ubytovna")


def test_a_stale_correction_shows_both_versions(here):
    mine = here.open()
    mark(mine, here.lon, here.lat, name="Původní název")
    theirs = here.open()
    for page in (mine, theirs):
        if page is mine:
            press(page, "Otevřít místo")
        else:
            open_the_place(page, here)
        press(page, "Upravit")
        wait_for_title(page, "Upravit místo")
    write_name(theirs, "Jejich název")
    press(theirs, "Uložit změny")
    wait_for_title(theirs, "Jejich název")
    write_name(mine, "Můj název")
    press(mine, "Uložit změny")
    panel(mine).get_by_text("Vaše: Můj název").wait_for()
    expect(panel(mine)).to_contain_text("Uložené: Jejich název")
    press(mine, "Pokračovat s mou verzí")
    panel(mine).get_by_text("Vaše: Můj název").wait_for(state="detached")
    settle(mine)
    expect(name_field(mine)).to_have_value("Můj název")
    press(mine, "Uložit změny")
    wait_for_title(mine, "Můj název")


def test_a_near_place_of_the_same_kind_is_offered_first(here):
    page = here.open()
    before = own_places(page)
    mark(page, here.lon, here.lat, kind="Ubytovna", name="Stojí tu první")
    press(page, "Zaznamenat další")
    wait_for_form(page)
    click_map(page, here.lon, here.lat + NORTH)
    settle(page)
    pick(page, "Ubytovna")
    write_name(page, "Stojí tu druhé")
    save(page)
    assert "75" in warning(page)
    expect(panel(page)).to_contain_text("Stojí tu první")
    rest(page)
    assert own_places(page) == before + 1
    press(page, "Je to jiné místo, uložit")
    wait_for_saved(page)
    wait_for_painted(page, "places", before + 2)


def test_the_near_place_can_be_visited_instead(here):
    page = here.open()
    mark(page, here.lon, here.lat, kind="Ubytovna", name="Je to toto")
    press(page, "Zaznamenat další")
    wait_for_form(page)
    click_map(page, here.lon, here.lat + NORTH)
    settle(page)
    pick(page, "Ubytovna")
    save(page)
    warning(page)
    press(page, "Je to toto místo, zapsat návštěvu")
    wait_for_title(page, "Zapsat návštěvu")
    pick(page, "Nic nenalezeno")
    save(page)
    wait_for_title(page, "Je to toto")


def test_another_kind_near_by_is_no_duplicate(here):
    page = here.open()
    mark(page, here.lon, here.lat, kind="Ubytovna")
    mark(page, here.lon, here.lat + NORTH, kind="Tržnice / velkoobchod")


def test_outside_prague_is_refused_and_what_was_typed_stays(here, app_address):
    page = here.open()
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    pick(page, "Ubytovna")
    write_name(page, "Rozepsané u hranice")
    show_view(page, 14.7500, 50.0300, 14)
    click_map(page, 14.7500, 50.0300)
    text = warning(page)
    assert "není v\u00a0Praze" in text
    assert re.search(r"\d,\d\skm", text)
    expect(name_field(page)).to_have_value("Rozepsané u hranice")
    expect(panel(page).get_by_role("button", name="Uložit", exact=True)).to_be_disabled()
    show_view(page, here.lon, here.lat, 17)
    click_map(page, here.lon, here.lat)
    panel(page).get_by_test_id("stAlert").wait_for(state="detached")
    settle(page)
    expect(name_field(page)).to_have_value("Rozepsané u hranice")
    expect(panel(page).get_by_role("radio", name="Ubytovna")).to_be_checked()
    save(page)
    wait_for_saved(page)


def test_the_kind_is_needed_and_the_sentence_says_so(here):
    page = here.open()
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    write_name(page, "Bez druhu")
    save(page)
    assert "druh" in warning(page).lower()
    drawn(page)
    box = panel(page).get_by_test_id("stAlert").bounding_box()
    assert box["y"] + box["height"] <= 900, "the sentence is in sight without scrolling"
    expect(name_field(page)).to_have_value("Bez druhu")
    pick(page, "Ubytovna")
    save(page)
    wait_for_saved(page)


def test_what_looks_personal_is_asked_about(here):
    page = here.open()
    click_map(page, here.lon, here.lat)
    wait_for_form(page)
    pick(page, "Ubytovna")
    write_name(page, "Ubytovna, volat 777 123 456")
    save(page)
    assert "777 123 456" in warning(page)
    expect(name_field(page)).to_have_value("Ubytovna, volat 777 123 456")
    press(page, "Není to osobní údaj, uložit")
    wait_for_saved(page)


def test_by_keyboard_alone(here):
    page = here.open()
    before = own_places(page)
    page.mouse.click(900, 12)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('bm-host')"):
            break
    assert page.evaluate("document.activeElement.classList.contains('bm-host')"), "Tab reaches the map"
    expect(page.locator(".bm-crosshair")).to_be_visible()
    view = hash_of(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("old => location.hash !== old", arg=view)
    rest(page)
    moved = hash_of(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("old => location.hash !== old", arg=moved)
    rest(page)
    page.keyboard.press("Enter")
    wait_for_form(page)
    reached = False
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(
            f"document.activeElement.getAttribute('role') === 'radio' && document.activeElement.closest('{PANEL}') !== null"
        ):
            reached = True
            break
    assert reached, "Tab reaches the kinds"
    page.keyboard.press("Space")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText === 'Uložit'"):
            break
    page.keyboard.press("Enter")
    wait_for_saved(page)
    wait_for_painted(page, "places", before + 1)


def test_the_internal_layer_is_downloaded_as_csv(here):
    page = here.open()
    mark(page, here.lon, here.lat, name="V tabulce stojí")
    shut(page)
    panel(page).wait_for(state="detached")
    open_menu(page, "Tabulka")
    table = page.locator(".bm-table")
    table.get_by_role("tab", name=re.compile("[Mm]íst")).first.click()
    expect(table).to_contain_text("V tabulce stojí")
    with page.expect_download() as found:
        page.get_by_role("button", name="Stáhnout CSV").click()
    rows = list(csv.reader(io.StringIO(found.value.path().read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert any("V tabulce stojí" in row for row in rows)


def test_search_finds_an_own_place_and_a_click_opens_it(here):
    page = here.open()
    mark(page, here.lon, here.lat, name="Hledaný dům Žižkov")
    page.locator("#bm-search").fill("hledany dum")
    page.locator('#bm-found [role="option"]').first.wait_for()
    page.keyboard.press("Enter")
    rest(page)
    shut(page)
    panel(page).wait_for(state="detached")
    open_the_place(page, here)
    expect(panel(page).get_by_role("heading", name="Hledaný dům Žižkov")).to_have_count(1)


def test_the_page_zaznamenat_opens_the_form_without_a_position(open_app, app_address):
    page = open_app()
    page.goto(f"{app_address}/zaznamenat")
    wait_for_map(page)
    wait_for_form(page)
    expect(panel(page)).to_contain_text("Bez bodu na mapě")
    panel(page).get_by_role("combobox", name=re.compile("Městská část")).fill("Nebušice")
    page.get_by_role("option", name="Praha-Nebušice").click()
    pick(page, "Škola (MŠ, ZŠ, SŠ)")
    save(page)
    wait_for_saved(page)
    expect(panel(page)).to_contain_text("Praha-Nebušice")


def test_a_forbidden_reload_keeps_no_token_in_the_address(here):
    page = here.open()
    mark(page, here.lon, here.lat)
    answer = page.request.get(page.url.split("/#")[0] + "/api/v1/layers/places")
    assert answer.status == 401
    assert "token" not in page.url
