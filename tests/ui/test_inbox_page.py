"""Příjem and Historie without a browser: what a coordinator sees and does there."""

import pytest

from actions.audit_view import AuditGroup
from actions.record_place import correct_place
from api import process
from domain.geometry import LonLat
from domain.place import PlaceDraft, PlaceState
from domain.text import Language
from tests.tools.made_up import ACTOR, change, record, today, visit
from tests.ui.app_walk import by_label, open_page, page_text, press, run
from ui.localisation import Messages
from ui.pair_map import pair_svg

CS = Messages(Language.CS)


@pytest.fixture(autouse=True)
def _own_store(app_store):
    pass


def history_of(place, lang="cs"):
    return open_page("historie", lang, misto=place.id)


def test_an_empty_inbox_says_what_will_be_here():
    assert CS("inbox-empty") in page_text(open_page("prijem"))
    assert CS("activity-none") in page_text(open_page("historie"))


def test_a_place_is_rejected_with_a_reason_and_put_back_on_its_history_page(app_store):
    place = record(app_store, 14.41, 50.03, name="Vymyšlená <b>ubytovna</b>")
    app = press(open_page("prijem"), CS("inbox-step-suggested-rejected"))
    assert CS("error-reason-missing") in page_text(app)
    assert app_store.places.get(place.id).state is PlaceState.SUGGESTED
    by_label(app.text_input, CS("inbox-reason")).set_value("omyl")
    app = press(app, CS("inbox-step-suggested-rejected"))
    text = page_text(app)
    assert CS("inbox-done-rejected", name="Vymyšlená <b>ubytovna</b>") in text
    assert CS("inbox-empty") in text
    assert app_store.places.get(place.id).state is PlaceState.REJECTED
    app = history_of(place)
    assert CS("history-why", reason="omyl") in page_text(app)
    app.text_input(key=f"history_reason_{place.id}_2").set_value("přece jen")
    press(app, CS("inbox-step-rejected-suggested"))
    assert app_store.places.get(place.id).state is PlaceState.SUGGESTED


def test_a_change_alerts_and_a_visit_quiets_it(app_store):
    place = record(app_store, 14.41, 50.03, name="Místo")
    change(app_store, place, "uzavreni", today())
    assert app_store.reviews.count_alerts(ACTOR.organisation_id) == 1
    assert CS("inbox-alerts", count=1) in page_text(open_page("prijem"))
    visit(app_store, place)
    assert app_store.reviews.count_alerts(ACTOR.organisation_id) == 0
    assert CS("inbox-alerts", count=1) not in page_text(open_page("prijem"))


def test_duplicates_stand_side_by_side_and_a_merge_is_undone(app_store):
    first = record(app_store, 14.4100, 50.0300, name="Řeka", note="jedna")
    second = record(app_store, 14.4101, 50.0300, name="Hotel Řeka", note="druhá")
    app = open_page("prijem")
    (table,) = app.table
    assert set(table.value.columns) == {"A", "B"}
    assert {"Řeka", "Hotel Řeka"} <= set(table.value.to_numpy().ravel())
    app = press(app, CS("duplicates-keep-a"))
    assert CS("duplicates-merged") in page_text(app)
    states = {place.id: app_store.places.get(place.id).state for place in (first, second)}
    assert sorted(states.values()) == [PlaceState.REJECTED, PlaceState.SUGGESTED]
    press(app, CS("inbox-merge-undo"))
    assert {app_store.places.get(place.id).state for place in (first, second)} == {PlaceState.SUGGESTED}
    app = press(open_page("prijem"), CS("duplicates-different"))
    assert CS("duplicates-told-apart") in page_text(app)
    assert not app.table


@pytest.mark.parametrize("lang", list(Language))
def test_the_history_shows_both_values_and_restores(app_store, lang):
    messages = Messages(lang)
    place = record(app_store, 14.41, 50.03, name="Stará")
    draft = PlaceDraft(id=place.id, kind="ubytovna", name="Nová", position=LonLat(lon=14.41, lat=50.03))
    correct_place(app_store, draft, ACTOR, revision=1, today=today(), reason="přejmenováno")
    app = history_of(place, lang.value)
    text = page_text(app)
    assert "Stará → Nová" in text
    assert messages("history-why", reason="přejmenováno") in text
    assert messages("history-you") in text
    press(app, messages("history-restore", revision=1))
    assert app_store.places.get(place.id).name == "Stará"


def test_a_place_is_erased_for_good_after_a_reason_and_a_tick(app_store):
    place = record(app_store, 14.41, 50.03, name="Vymazat")
    app = history_of(place)
    assert by_label(app.button, CS("erase-do")).disabled
    by_label(app.checkbox, CS("erase-sure")).check()
    run(app)
    app = press(app, CS("erase-do"))
    assert CS("error-reason-missing") in page_text(app)
    assert app_store.places.count() == 1
    app.text_input(key=f"erase_{place.id}_reason").set_value("zapsáno omylem")
    app = press(app, CS("erase-do"))
    assert CS("erase-done") in page_text(app)
    assert app_store.places.find() == []


def recorded(store, count):
    return [
        record(store, 14.40 + index % 10 / 100, 50.03 + index // 10 / 200, name=f"Místo {index:02d}")
        for index in range(count)
    ]


def names_on(app):
    return [element.value for element in app.text if element.value.startswith("Místo ")]


@pytest.mark.parametrize("lang", list(Language))
def test_a_long_list_goes_on_page_by_page_and_back(app_store, lang):
    messages = Messages(lang)
    recorded(app_store, 45)
    app = open_page("prijem", lang.value)
    assert messages("inbox-suggested", count=45) in page_text(app)
    pages = [names_on(app)]
    assert not [button for button in app.button if button.label == messages("pages-previous")]
    for _ in range(2):
        app = press(app, messages("pages-next"))
        pages.append(names_on(app))
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [name for page in pages for name in page] == [f"Místo {index:02d}" for index in reversed(range(45))]
    assert messages("pages-at", page="3") in page_text(app)
    assert by_label(app.button, messages("pages-next")).disabled
    app = press(app, messages("pages-previous"))
    assert names_on(app) == pages[1]
    app = press(press(app, messages("pages-next")), messages("pages-first"))
    assert names_on(app) == pages[0]


def test_a_decision_moves_no_other_place_of_a_later_page(app_store):
    places = recorded(app_store, 42)
    app = press(press(open_page("prijem"), CS("pages-next")), CS("pages-next"))
    assert names_on(app) == ["Místo 01", "Místo 00"]
    for place in places[1::-1]:
        app.text_input(key=f"new_reason_{place.id}_1").set_value("omyl")
        app.button(key=f"new_reason_{place.id}_1_rejected").click()
        app = run(app)
    # The page is empty now: it says so and leads back.
    assert names_on(app) == []
    assert CS("pages-empty") in page_text(app)
    assert CS("inbox-suggested", count=40) in page_text(app)
    app = press(app, CS("pages-previous"))
    assert names_on(app) == [f"Místo {index:02d}" for index in range(21, 1, -1)]


def test_what_comes_into_an_emptied_list_is_seen(app_store):
    places = recorded(app_store, 22)
    app = press(open_page("prijem"), CS("pages-next"))
    for place in places:
        app_store.reviews.step(place.id, PlaceState.REJECTED, revision=1, actor=ACTOR, reason="omyl")
    assert CS("inbox-empty") in page_text(run(app))
    # It would stand on the first page.
    app_store.reviews.step(places[21].id, PlaceState.SUGGESTED, revision=2, actor=ACTOR, reason="přece jen")
    assert names_on(run(app)) == ["Místo 21"]


def test_a_place_that_comes_in_pushes_none_to_the_next_page(app_store):
    recorded(app_store, 25)
    app = open_page("prijem")
    record(app_store, 14.38, 50.03, name="Místo nové")
    app = press(app, CS("pages-next"))
    assert names_on(app) == [f"Místo {index:02d}" for index in range(4, -1, -1)]
    assert CS("inbox-suggested", count=26) in page_text(app)
    assert names_on(press(app, CS("pages-previous")))[0] == "Místo nové"


def test_the_log_goes_on_page_by_page(app_store):
    recorded(app_store, 130)
    app = open_page("protokol")
    assert len(app.dataframe[0].value) == 100
    app = press(app, CS("pages-next"))
    older = len(app.dataframe[0].value)
    assert older == len(app_store.audit.rows()) - 100
    app.selectbox[0].select(AuditGroup.ERASURES)
    app = run(app)
    assert CS("pages-previous") not in [button.label for button in app.button]


def test_an_unknown_place_has_no_history():
    app = open_page("historie", misto="nothing")
    assert app.warning[0].value.replace("\\", "") == CS("error-unknown-place")
    assert process.store().places.count() == 0


def test_the_small_map_marks_both_and_escapes_its_label():
    svg = pair_svg([("A", LonLat(lon=14.41, lat=50.03)), ("B", LonLat(lon=14.411, lat=50.03))], label='"><script>')
    assert svg.count("<circle") == 2
    assert "<script" not in svg
    with_cell = pair_svg([], cell="891e3541aa3ffff", label="x")
    assert with_cell.count("<polygon") == 1


@pytest.mark.parametrize("lang", list(Language))
def test_the_log_says_what_happened_and_proves_it(app_store, lang):
    messages = Messages(lang)
    place = record(app_store, 14.41, 50.03, name="Vymyšlená <b>ubytovna</b>", outcome="informovan")
    change(app_store, place, "nabor", today())
    app = open_page("protokol", lang.value)
    table = app.dataframe[0].value
    assert list(table[messages("audit-column-action")])[:3] == [
        messages(f"audit-action-{action}") for action in ("change-add", "visit-add", "place-add")
    ]
    assert set(table[messages("audit-column-subject")][:3]) == {"Vymyšlená <b>ubytovna</b>"}
    assert messages("audit-group-all") in [option for box in app.selectbox for option in box.options]
    app = press(app, messages("audit-verify"))
    assert messages("audit-verified", rows=messages.number(app_store.audit.head().seq)) in page_text(app)
