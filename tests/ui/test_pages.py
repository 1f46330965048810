"""Every page in three languages without a browser, and what can be done on it."""

import re
from datetime import timedelta

import pytest

from api import process
from domain.place import PlaceState
from domain.text import Language
from domain.vocabulary import Scope, terms
from geo.boundaries import boundaries
from tests.layers.hostile_texts import HOSTILE
from tests.tools.made_up import change, record, today, visit
from tests.ui.app_walk import PAGES, by_label, open_page, page_text, press, run, shown
from ui.links import PAGE_TITLES
from ui.localisation import Messages, message_keys

CS = Messages(Language.CS)
LANGUAGES = list(Language)
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
ENGLISH = re.compile(r"\b(the|and|with|please|click|save|choose|your|this|not|add|none selected)\b", re.IGNORECASE)
UKRAINIAN = re.compile(r"[а-яіїєґ]", re.IGNORECASE)
BEGINNINGS = {key.partition("-")[0] for key in message_keys(Language.CS)}
PUBLISHED = "".join(path.read_text("utf-8") for path in sorted((process.PROJECT / "data").rglob("*.csv")))
NEBUSICE = "547158"


@pytest.fixture(autouse=True)
def _own_store(app_store):
    pass


@pytest.fixture
def place(app_store):
    return record(app_store, 14.4105, 50.0305, name="Vymyšlená ubytovna", outcome="informovan")


def keys_in(app):
    """Return the texts that are no texts: keys without a message."""
    return [text for text in shown(app) if KEY.fullmatch(text) and text.partition("-")[0] in BEGINNINGS]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_and_speaks_one_language(page, lang):
    messages = Messages(lang)
    app = open_page(page, lang.value)
    texts = shown(app)
    if page not in {"mapa", "zaznamenat"}:
        assert [element.value for element in app.title] == [messages(PAGE_TITLES[page.replace("_", "-")])]
    if page == "zaznamenat":
        assert messages("record-title") in [element.value for element in app.subheader]
    assert keys_in(app) == []
    assert [text for text in texts if "{ $" in text or "{$" in text] == []
    assert page == "mapa" or len(texts) > 4


@pytest.mark.parametrize("page", PAGES)
def test_nothing_stays_in_another_language(page, place):
    """What three languages say alike is a name, a number or an address: it must look so."""
    texts = {
        lang: set(shown(open_page(page, lang.value, **({"mc": NEBUSICE} if page == "mestske_casti" else {}))))
        for lang in LANGUAGES
    }
    names = set(boundaries().city_parts["name"])
    alike = {text for text in texts[Language.CS] & texts[Language.EN] if text not in names}
    # A service is called what it is called; its name stands in bold.
    assert {
        text for text in alike if len(text.split()) > 3 and not text.startswith("**") and text not in PUBLISHED
    } == set()
    czech = [text for text in texts[Language.CS] if not text.startswith("**")]
    assert [text for text in czech if ENGLISH.search(text) and text not in texts[Language.EN]] == []
    assert [text for text in czech if UKRAINIAN.search(text)] == []
    ukrainian = [text for text in texts[Language.UK] if len(text.split()) > 4 and text not in texts[Language.CS]]
    assert ukrainian or page == "mapa"
    assert [text for text in ukrainian if not UKRAINIAN.search(text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", [NEBUSICE, "500054", "547051", "547361"])
def test_every_city_part_page_opens(code, lang):
    app = open_page("mestske_casti", lang.value, mc=code)
    assert app.title[0].value.replace("\\", "") == boundaries().city_parts["name"][code]
    assert keys_in(app) == []


def test_nebusice_shows_its_share_with_what_it_is_over():
    app = open_page("mestske_casti", mc=NEBUSICE)
    shares = [metric for metric in app.metric if metric.value == "32,4\u00a0%"]
    assert len(shares) == 1
    assert "Podíl" in shares[0].label
    text = page_text(app)
    for part in ("2019", "IPR Praha", "obyvatel"):
        assert part in text
    assert "Nezahrnuje" in text or "nezahrnuje" in text
    assert not [element.value for element in app.text if element.value == ""]


def test_the_table_of_city_parts_leads_to_one_and_back():
    app = open_page("mestske_casti")
    assert len(app.dataframe[0].value) == 57
    by_label(app.selectbox, CS("city-parts-choose")).set_value(NEBUSICE)
    run(app)
    assert app.title[0].value == "Praha\\-Nebušice"
    press(app, CS("city-parts-all"))
    assert app.title[0].value == CS("page-city-parts")


@pytest.mark.parametrize("code", ["0", "<script>", "", "547158 "])
def test_an_unknown_city_part_shows_the_table(code):
    app = open_page("mestske_casti", mc=code)
    assert app.title[0].value == CS("page-city-parts")


def test_the_city_part_page_knows_of_own_places(app_store):
    assert CS("city-part-nothing-known") in page_text(open_page("mestske_casti", mc="547051"))
    place = record(app_store, city_part="547051", name="Vymyšlené", outcome="informovan")
    visit(app_store, place, days_ago=3)
    text = page_text(open_page("mestske_casti", mc="547051"))
    assert CS("city-part-nothing-known") not in text
    assert CS("city-part-places", count=1) in text
    assert CS("city-part-visits", count=2) in text


def test_the_first_run_note_is_shown_once_and_in_the_chosen_language(app_store):
    app_store.settings.set("first_run_seen", value=False, actor=process.local_actor())
    for lang in LANGUAGES:
        assert Messages(lang)("first-run-where") in page_text(open_page("mapa", lang.value))
    app = open_page()
    press(app, CS("first-run-close"))
    assert CS("first-run-title") not in page_text(app)
    assert CS("first-run-title") not in page_text(open_page())


def test_settings_are_saved_and_a_wrong_address_is_refused_with_what_was_typed():
    app = open_page("nastaveni")
    by_label(app.radio, CS("settings-tiles-label")).set_value("own")
    by_label(app.text_input, CS("settings-tiles-url")).set_value("javascript:alert(1)")
    before = len(app.warning)
    press(app, CS("settings-save"))
    assert len(app.warning) == before + 1
    assert by_label(app.text_input, CS("settings-tiles-url")).value == "javascript:alert(1)"
    assert process.store().settings.get("tiles", "none") == "none"
    by_label(app.text_input, CS("settings-tiles-url")).set_value("https://dlazdice.example/{z}/{x}/{y}.png")
    by_label(app.text_input, CS("settings-tiles-attribution")).set_value("<b>Někdo</b>")
    press(app, CS("settings-save"))
    assert app.success[0].value == CS("settings-saved")
    settings = process.store().settings
    assert (settings.get("tiles"), settings.get("tiles_attribution")) == ("own", "<b>Někdo</b>")
    again = open_page("nastaveni", "uk")
    assert by_label(again.radio, Messages(Language.UK)("settings-tiles-label")).value == "own"
    by_label(again.radio, Messages(Language.UK)("settings-tiles-label")).set_value("none")
    press(again, Messages(Language.UK)("settings-save"))
    assert settings.get("tiles") == "none"


def test_the_time_limits_are_saved_and_shown_again(app_store):
    app = open_page("nastaveni")
    positions = by_label(app.number_input, CS("settings-retention-positions"))
    notes = by_label(app.number_input, CS("settings-retention-notes"))
    assert (positions.value, notes.value) == (24, 0)
    positions.set_value(12)
    notes.set_value(36)
    app = press(app, CS("settings-retention-save"))
    assert app.success[0].value == CS("settings-retention-saved")
    assert (app_store.settings.get("unconfirmed_months"), app_store.settings.get("retention_note_months")) == (12, 36)
    again = open_page("nastaveni", "uk")
    assert by_label(again.number_input, Messages(Language.UK)("settings-retention-notes")).value == 36


def test_the_sources_name_every_dataset_with_publisher_licence_and_checksum():
    app = open_page("data_a_zdroje")
    text = page_text(app)
    assert len(app.expander) >= 10
    assert text.count("Kontrolní součet souboru souhlasí") >= 10
    for key in ("sources-publisher", "sources-licence", "sources-date", "sources-not-counted"):
        assert text.count(f"**{CS(key)}:**") >= 1
    assert CS("sources-no-import") in text
    assert "neplatí" not in text


# Zaznamenat without a position: the form alone, which AppTest can drive.


def fill_record(app, *, kind="ubytovna", city_part=NEBUSICE, name="", messages=CS):
    if city_part:
        by_label(app.selectbox, messages("record-city-part")).set_value(city_part)
    if kind:
        by_label(app.button_group, messages("record-kind")).set_value(kind)
    by_label(app.text_input, messages("record-name")).set_value(name)
    return app


def save(app, messages=CS):
    return press(app, messages("record-save"))


def stored():
    return process.store().places.find()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_city_part_kind_and_save_are_enough(lang):
    messages = Messages(lang)
    app = save(fill_record(open_page("zaznamenat", lang.value), messages=messages), messages)
    assert messages("saved-title") in [element.value for element in app.subheader]
    (place,) = stored()
    assert (place.kind, place.city_part, place.position, place.name) == ("ubytovna", NEBUSICE, None, "")
    assert place.state is PlaceState.SUGGESTED


def test_everything_that_unfolds_is_stored():
    app = fill_record(open_page("zaznamenat"), name="Vymyšlené místo")
    by_label(app.button_group, CS("record-outcome")).set_value("poradenstvi")
    by_label(app.button_group, CS("record-contacts")).set_value("1_4")
    by_label(app.button_group, CS("record-headcount")).set_value("10_49")
    by_label(app.button_group, CS("record-access")).set_value("s_vratnym")
    by_label(app.multiselect, CS("record-languages")).set_value(["uk", "vi"])
    by_label(app.multiselect, CS("record-needs")).set_value(["bydleni"])
    by_label(app.text_area, CS("record-note")).set_value("První řádek\ndruhý")
    save(app)
    (place,) = stored()
    assert (place.headcount, place.access, place.languages, place.note) == (
        "10_49",
        "s_vratnym",
        ("uk", "vi"),
        "První řádek\ndruhý",
    )
    (first,) = process.store().visits.for_place(place.id)
    assert (first.outcome, first.contacts, first.needs, first.happened_on) == (
        "poradenstvi",
        "1_4",
        ("bydleni",),
        first.created_at.astimezone().date(),
    )


def test_the_form_offers_the_terms_of_its_scope_and_no_others():
    app = open_page("zaznamenat")
    for label, vocabulary, scope in (
        ("record-kind", "typ_lokality", Scope.PLACE), ("record-outcome", "vysledek_kontaktu", Scope.VISIT),
        ("record-headcount", "pocet_lidi", Scope.PLACE), ("record-access", "pristup", Scope.PLACE),
    ):  # fmt: skip
        offered = by_label(app.button_group, CS(label)).options
        assert list(offered) == [term.label.cs for term in terms(vocabulary, scope)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_form_is_refused_with_sentences_and_keeps_what_was_typed(lang):
    messages = Messages(lang)
    app = fill_record(open_page("zaznamenat", lang.value), kind=None, city_part=None, name="Něco", messages=messages)
    save(app, messages)
    sentences = [element.value.replace("\\", "") for element in app.warning]
    assert messages("error-kind-missing") in sentences
    assert messages("error-where-missing") in sentences
    assert by_label(app.text_input, messages("record-name")).value == "Něco"
    assert stored() == []
    fill_record(app, name="Něco", messages=messages)
    save(app, messages)
    assert [place.name for place in stored()] == ["Něco"]


@pytest.mark.parametrize(
    ("name", "note", "words"),
    [
        ("x" * 5000, "", ("Název je příliš dlouhý", "120")), ("", "x" * 50_000, ("Poznámka je příliš dlouhá", "2")),
        ("a\x00b", "", ("V\u00a0názvu jsou", "řídicí")), ("\u202eobrácené", "", ("V\u00a0názvu jsou", "řídicí")),
        ("", "zvonek\x07", ("V\u00a0poznámce jsou", "řídicí")),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_stored_is_refused_and_kept(name, note, words):
    app = fill_record(open_page("zaznamenat"), name=name)
    by_label(app.text_area, CS("record-note")).set_value(note)
    save(app)
    assert len(app.warning) == 1
    assert all(word in app.warning[0].value.replace("\\", "") for word in words)
    assert by_label(app.text_input, CS("record-name")).value == name
    assert by_label(app.text_area, CS("record-note")).value == note
    assert stored() == []


def test_a_visit_in_the_future_is_refused():
    app = fill_record(open_page("zaznamenat"))
    by_label(app.button_group, CS("record-outcome")).set_value("nikdo")
    by_label(app.date_input, CS("record-when")).set_value(today() + timedelta(days=40))
    save(app)
    assert len(app.warning) == 1
    assert stored() == []


def test_another_kind_needs_a_name():
    app = save(fill_record(open_page("zaznamenat"), kind="jina"))
    assert app.warning[0].value.replace("\\", "") == CS("error-name-missing")
    save(fill_record(app, kind="jina", name="Зупинка"))
    assert [place.name for place in stored()] == ["Зупинка"]


def test_what_looks_personal_is_asked_about_and_can_be_kept():
    app = save(fill_record(open_page("zaznamenat"), name="Ubytovna, volat 777 123 456"))
    assert "777 123 456" in app.warning[0].value.replace("\\", "")
    assert stored() == []
    press(app, CS("record-personal-save"))
    assert [place.name for place in stored()] == ["Ubytovna, volat 777 123 456"]


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if text.isprintable()][::3])
def test_a_hostile_text_is_stored_and_shown_as_text(hostile):
    app = save(fill_record(open_page("zaznamenat"), name=hostile))
    (place,) = stored()
    assert place.name == hostile.strip()
    press(app, CS("saved-open"))
    assert hostile.strip().replace("\\", "") in shown(app)
    for element in app.markdown:
        assert not element.allow_html


def test_undo_takes_the_place_back():
    app = save(fill_record(open_page("zaznamenat")))
    assert len(stored()) == 1
    press(app, CS("saved-undo"))
    assert stored() == []
    assert CS("saved-title") not in page_text(app)


def test_another_place_after_saving_is_another_record():
    app = save(fill_record(open_page("zaznamenat"), name="První"))
    press(app, CS("saved-another"))
    assert by_label(app.text_input, CS("record-name")).value == ""
    save(fill_record(app, name="Druhé"))
    assert sorted(place.name for place in stored()) == ["Druhé", "První"]


def open_place(place, lang="cs"):
    app = open_page("mapa", lang)
    from ui.panel_state import Panel, PanelKind

    app.session_state["panel"] = Panel(kind=PanelKind.PLACE, layer="places", id=place.id)
    return run(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_panel_of_a_place_tells_what_is_known(app_store, place, lang):
    change(app_store, place, "provozovatel", today())
    messages = Messages(lang)
    app = open_place(place, lang.value)
    text = page_text(app)
    assert "Vymyšlená ubytovna" in text
    for key in ("place-visit-again", "place-edit", "place-visits", "place-changes"):
        assert messages(key) in text
    assert keys_in(app) == []


def test_a_place_is_visited_again(place):
    app = press(open_place(place), CS("place-visit-again"))
    by_label(app.button_group, CS("visit-outcome")).set_value("nikdo")
    save(app)
    assert CS("visit-saved") in page_text(app)
    assert {visit.outcome for visit in process.store().visits.for_place(place.id)} == {"informovan", "nikdo"}


def test_a_visit_without_an_outcome_is_refused(place):
    app = save(press(open_place(place), CS("place-visit-again")))
    assert app.warning[0].value.replace("\\", "") == CS("error-outcome-missing")
    assert len(process.store().visits.for_place(place.id)) == 1


def test_a_change_is_one_tap(place):
    app = open_place(place)
    by_label(app.button_group, CS("place-change")).set_value("vystehovani")
    run(app)
    assert [change.change for change in process.store().changes.for_place(place.id)] == ["vystehovani"]
    assert any(element.value for element in app.success)


def test_a_place_is_corrected_and_a_name_can_be_emptied(place):
    app = press(open_place(place), CS("place-edit"))
    assert by_label(app.text_input, CS("record-name")).value == "Vymyšlená ubytovna"
    by_label(app.text_input, CS("record-name")).set_value("Opravená")
    press(app, CS("edit-save"))
    assert process.store().places.get(place.id).name == "Opravená"
    app = press(open_place(place), CS("place-edit"))
    by_label(app.text_input, CS("record-name")).set_value("")
    press(app, CS("edit-save"))
    assert process.store().places.get(place.id).name == ""


def test_a_stale_correction_shows_both_versions_and_neither_is_lost(app_store, place):
    mine, theirs = press(open_place(place), CS("place-edit")), press(open_place(place), CS("place-edit"))
    by_label(theirs.text_input, CS("record-name")).set_value("Jejich název")
    press(theirs, CS("edit-save"))
    by_label(mine.text_input, CS("record-name")).set_value("Můj název")
    press(mine, CS("edit-save"))
    text = page_text(mine)
    assert CS("edit-stale") in text
    assert CS("edit-stale-mine", value="Můj název") in text
    assert CS("edit-stale-theirs", value="Jejich název") in text
    assert app_store.places.get(place.id).name == "Jejich název"
    press(mine, CS("edit-stale-continue"))
    assert by_label(mine.text_input, CS("record-name")).value == "Můj název"
    press(mine, CS("edit-save"))
    assert app_store.places.get(place.id).name == "Můj název"


def test_a_stale_correction_can_be_given_up(app_store, place):
    mine, theirs = press(open_place(place), CS("place-edit")), press(open_place(place), CS("place-edit"))
    by_label(theirs.text_input, CS("record-name")).set_value("Jejich název")
    press(theirs, CS("edit-save"))
    by_label(mine.text_input, CS("record-name")).set_value("Můj název")
    press(mine, CS("edit-save"))
    press(mine, CS("edit-stale-take-theirs"))
    assert by_label(mine.text_input, CS("record-name")).value == "Jejich název"


def test_a_place_that_is_gone_gets_a_sentence(place):
    from ui.panel_state import Panel, PanelKind

    app = open_page()
    app.session_state["panel"] = Panel(kind=PanelKind.PLACE, layer="places", id="0" * 8)
    run(app)
    assert len(app.warning) == 1
    app.session_state["panel"] = Panel(kind=PanelKind.FEATURE, layer="services", id="nothing")
    assert CS("place-gone") in page_text(run(app))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("layer", ["services", "metro_stations", "public_localities"])
def test_the_panel_of_a_public_feature_opens(layer, lang):
    from layers.contract import Context
    from layers.registry import get_layer
    from ui.panel_state import Panel, PanelKind

    frame = get_layer(layer).load(Context(options={})).frame
    identifier = str(frame["id"].iloc[0]) if "id" in frame.columns else str(frame.index[0])
    app = open_page("mapa", lang.value)
    app.session_state["panel"] = Panel(kind=PanelKind.FEATURE, layer=layer, id=identifier)
    run(app)
    assert len(shown(app)) > 8
    assert keys_in(app) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_training_data_are_marked_on_every_page(app_store, lang):
    app_store.settings.set("invented", value=True, actor=process.local_actor())
    for page in PAGES:
        assert Messages(lang)("training-banner") in page_text(open_page(page, lang.value))
