"""Languages of the real app, and what Streamlit itself would say in English."""

import re

from playwright.sync_api import expect

from domain.text import Language
from tests.browser.app_steps import (
    click_map,
    go_to_map,
    panel,
    pick,
    settle,
    wait_for_form,
    write_name,
)
from ui.localisation import Messages, parse_language

NAMES = {"cs": "Čeština", "en": "English", "uk": "Українська"}
PAGES = ("mestske-casti", "pridat-data", "data-a-zdroje", "nastaveni", "zaznamenat")
ENGLISH = re.compile(
    r"\b(browse files|drag and drop|upload|limit|press enter|no results|choose|search|show|help|per file|deploy|rerun|settings)\b",
    re.IGNORECASE,
)

# Streamlit's words in its uploader are replaced by a style sheet: they keep their place without any size.
VISIBLE_TEXT = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const style = getComputedStyle(parent);
    const icon = parent.closest('[aria-hidden=true]');
    if (!icon && parent.checkVisibility({visibilityProperty: true}) && style.fontSize !== '0px') texts.push(walker.currentNode.data);
  }
  return texts.join('\\n');
}"""


def choose_language(page, name):
    settle(page)
    page.locator(".bm-language").select_option(label=name)


def test_the_map_speaks_the_language_of_its_address(open_app, app_address):
    page = open_app()
    for lang in ("cs", "en", "uk", "xx"):
        messages = Messages(parse_language(lang))
        go_to_map(page, app_address, lang=lang)
        # An unknown one is Czech.
        expect(page.locator(".bm-map")).to_have_attribute("lang", messages.language.value)
        expect(page.locator(".bm-bar")).to_contain_text(messages("js-layers"))
        expect(page.locator(".bm-pages")).to_contain_text(messages("page-sources"))


def test_another_language_keeps_page_view_and_layers(open_app, app_address):
    page = go_to_map(open_app(), app_address, at=(14.40, 50.05), zoom=12)
    choose_language(page, NAMES["uk"])
    page.wait_for_selector('.bm-map[lang="uk"][data-ready="true"]')
    settle(page)
    assert "lang=uk" in page.url
    assert page.evaluate("() => window.__bilaMista.map.getZoom()") == 12
    page.wait_for_function("location.hash.includes('map=12/')")  # the address still is a permalink
    assert page.locator(".bm-map").count() == 1
    page.get_by_role("link", name=Messages(Language.UK)("page-settings")).click()
    page.get_by_role("heading", name=Messages(Language.UK)("page-settings"), level=1).wait_for()
    choose_language(page, NAMES["en"])
    page.get_by_role("heading", name=Messages(Language.EN)("page-settings"), level=1).wait_for()
    assert "/nastaveni" in page.url
    page.reload()
    page.get_by_role("heading", name=Messages(Language.EN)("page-settings"), level=1).wait_for()


def test_what_was_typed_outlives_a_change_of_language(open_app, app_address, free_spot):
    page = go_to_map(open_app(), app_address, at=free_spot, zoom=16)
    click_map(page, *free_spot)
    wait_for_form(page)
    pick(page, "Ubytovna")
    write_name(page, "Rozepsáno česky")
    page.keyboard.press("Tab")
    settle(page)
    choose_language(page, NAMES["en"])
    page.wait_for_selector('.bm-map[lang="en"][data-ready="true"]')
    name = panel(page).get_by_role("textbox", name=Messages(Language.EN)("record-name"))
    expect(name).to_have_value("Rozepsáno česky")


def test_nothing_of_streamlits_own_english_is_seen_in_czech(open_app, app_address):
    page = open_app()
    for path in PAGES:
        page.goto(f"{app_address}/{path}")
        page.get_by_role("heading").first.wait_for()
        if path == "zaznamenat":
            wait_for_form(page)
        settle(page)
        page.evaluate("document.fonts.ready")
        text = page.evaluate(VISIBLE_TEXT)
        assert ENGLISH.findall(text) == [], path
        assert "page-" not in text


def test_the_title_of_the_window_is_that_of_the_page(open_app, app_address):
    page = open_app(f"{app_address}/nastaveni?lang=uk")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_function("title => document.title.includes(title)", arg=Messages(Language.UK)("page-settings"))
