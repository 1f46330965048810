"""Moje záznamy without a browser: the month, its sums, taking back."""

import pytest

from actions.own_trail import PAGE_ROWS
from domain.place import VisitDraft
from domain.quick_records import QuickKind, QuickRecordDraft
from domain.text import Language
from tests.tools.made_up import ACTOR, change, new_id, record, today, visit
from tests.tools.stored import visits_in
from tests.ui.app_walk import by_label, open_page, page_text, press, run
from ui.localisation import Messages

CS = Messages(Language.CS)


@pytest.fixture(autouse=True)
def _own_store(app_store):
    pass


@pytest.mark.parametrize("lang", list(Language))
def test_an_empty_month_says_what_to_do(lang):
    messages = Messages(lang)
    text = page_text(open_page("moje_zaznamy", lang.value))
    assert messages("trail-empty") in text
    assert messages("trail-what-alone") in text


@pytest.mark.parametrize("lang", list(Language))
def test_a_month_is_listed_and_a_quick_record_taken_back(app_store, lang):
    messages = Messages(lang)
    place = record(app_store, 14.41, 50.03, name="Vymyšlené <b>místo</b>", outcome="informovan")
    visit(app_store, place)
    change(app_store, place, "nabor", today())
    quick = QuickRecordDraft(
        id=new_id(), kind=QuickKind.ACCOMPANIMENT, happened_on=today(), language="uk", place_id=place.id
    )
    app_store.quick_records.add(quick, ACTOR)
    app = open_page("moje_zaznamy", lang.value)
    text = page_text(app)
    for key, count in (("place", 1), ("visit", 2), ("change", 1), ("quick-record", 1)):
        assert messages(f"trail-count-{key}", count=count) in text
    table = app.dataframe[0].value
    assert len(table) == 5
    assert set(table[messages("trail-column-where")]) == {"Vymyšlené <b>místo</b>"}
    assert by_label(app.button, messages("trail-withdraw")).disabled
    by_label(app.selectbox, messages("trail-withdraw-choose")).set_value(quick.id)
    app = press(run(app), messages("trail-withdraw"))
    assert messages("trail-withdrawn") in page_text(app)
    assert app_store.quick_records.find(ACTOR.organisation_id) == []
    assert len(app.dataframe[0].value) == 4


def test_every_record_of_a_long_month_can_be_taken_back(app_store):
    """Of a page of the month those that the page shows."""
    for _ in range(PAGE_ROWS + 3):
        draft = VisitDraft(id=new_id(), happened_on=today(), outcome="informovan", city_part="547158")
        app_store.visits.add(draft, ACTOR)
    app = open_page("moje_zaznamy")
    assert len(app.dataframe[0].value) == PAGE_ROWS
    app = press(app, CS("pages-next"))
    assert len(app.dataframe[0].value) == 3
    oldest = by_label(app.selectbox, CS("trail-withdraw-choose"))
    assert len(oldest.options) == 3
    oldest.set_value(min(visit.id for visit in visits_in(app_store, "547158")))
    app = press(run(app), CS("trail-withdraw"))
    assert CS("trail-withdrawn") in page_text(app)
    assert len(app.dataframe[0].value) == 2


def test_the_city_part_page_sums_quick_records(app_store):
    for _ in range(3):
        quick = QuickRecordDraft(
            id=new_id(), kind=QuickKind.PHONE_INTERPRETING, happened_on=today(), language="uk", city_part="547158"
        )
        app_store.quick_records.add(quick, ACTOR)
    assert "Tlumočení po telefonu: 3" in page_text(open_page("mestske_casti", mc="547158"))
    assert CS("city-part-quick-note", count=12) not in page_text(open_page("mestske_casti", mc="500054"))
