"""What if and plans as a coordinator walks through them, in three languages, over a store of its own."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from api import process
from domain.place import Actor, VisitDraft
from domain.plans import PlanDraft, PlanItemDraft, PlanItemState
from domain.text import Language
from geo.boundaries import city_part_name
from tests.tools.stored import visits_in
from tests.ui.app_walk import by_label, page_text, press, run, shown
from ui.localisation import Messages
from ui.panel_state import new_id

CS = Messages(Language.CS)
STRANGER = Actor(account_id="stranger", organisation_id="another-organisation")
NEBUSICE, PRAHA_4 = "547158", "500119"
TIMEOUT_S = 60


def panel():
    """Draw the panel alone, over the board of visits everywhere but in Praha 4."""
    from types import SimpleNamespace

    import pandas as pd
    import streamlit as st

    from actions.board_model import NeedChoice
    from domain.coverage import NeedKind
    from geo.cells import cells_of_city_part
    from geo.coverage import coverage_of
    from geo.coverage_attention import compute_attention
    from geo.coverage_need import load_need
    from geo.coverage_visits import visit_columns
    from ui.plan_panel import draw
    from ui.session import current_session

    session = current_session()
    kind = NeedKind(st.query_params.get("need", "foreigners"))
    need, size = load_need(kind), load_need(NeedKind.FOREIGNERS).values
    rows = [
        {"city_part": code, "cell": cell, "happened_on": session.today}
        for code, value in size.items()
        if code != "500119"
        for cell in cells_of_city_part(code, 9).index[: int(value // 800)]
    ]
    attention = compute_attention(visit_columns(pd.DataFrame(rows)), session.today)
    board = SimpleNamespace(
        attention=attention, coverage=coverage_of(attention, need), choice=NeedChoice(kind=kind), next_three=("500119",)
    )
    draw(session, board, st.query_params.get("mc"))


def open_panel(lang="cs", **query):
    app = AppTest.from_function(panel, default_timeout=TIMEOUT_S)
    app.query_params["lang"] = lang
    for key, value in query.items():
        app.query_params[key] = value
    return run(app)


@pytest.fixture(autouse=True)
def own_store(app_store):
    return app_store


def today():
    from datetime import UTC, datetime

    from ui.localisation import PRAGUE

    return datetime.now(UTC).astimezone(PRAGUE).date()


def save_one(app_store, *codes):
    from actions.plans import save_plan

    items = tuple(
        PlanItemDraft(id=new_id(), city_part=code, visits=2, gain=1.0, p_low_before=0.8, p_low_after=0.4)
        for code in codes or (NEBUSICE,)
    )
    return save_plan(
        app_store, PlanDraft(id=new_id(), title="Říjen", need="foreigners", items=items), process.local_actor()
    )


@pytest.mark.parametrize("lang", list(Language))
def test_the_panel_speaks_and_leaves_no_key(lang):
    messages = Messages(lang)
    app = open_panel(lang.value)
    text = page_text(app)
    for key in ("plan-what-if", "plan-under-way-empty", "plan-new", "plan-saved-empty", "plan-what-if-note"):
        assert messages(key) in text
    assert not [line for line in shown(app) if line.startswith("plan-")]


@pytest.mark.parametrize("lang", list(Language))
def test_what_if_says_before_and_after_in_words(lang):
    messages = Messages(lang)
    app = open_panel(lang.value, mc=PRAHA_4)
    app.number_input(key="plan_what_if_visits").set_value(20)
    text = page_text(run(app))
    from domain.coverage import STATE_LABELS, CoverageState

    assert STATE_LABELS[CoverageState.WHITE_SPOT].to(lang) in text
    assert city_part_name(PRAHA_4) in text
    assert text.count(" → ") >= 3
    assert messages("plan-what-if-note") in text


def test_a_small_city_part_is_said_to_be_too_small():
    app = open_panel(mc=NEBUSICE)
    text = page_text(app)
    assert "Praha-Nebušice: po 2 návštěvách zůstane stav „nelze říci“." in text
    assert "Samostatně to nejde posoudit" in text


def test_what_if_is_recomputed_with_the_number():
    app = open_panel(mc=PRAHA_4)
    before = page_text(app)
    app.number_input(key="plan_what_if_visits").set_value(30)
    assert page_text(run(app)) != before


def test_without_persons_the_gap_is_not_called_people():
    text = page_text(open_panel(need="equal", mc=NEBUSICE))
    assert "Lidí v\u00a0mezeře" not in text
    assert "Mezera v\u00a0jednotkách zvolené potřeby" in text


@pytest.mark.parametrize("lang", list(Language))
def test_from_suggestion_to_a_saved_plan(own_store, lang):
    messages = Messages(lang)
    app = open_panel(lang.value)
    assert app.multiselect(key="plan_among").value == [PRAHA_4], "what the board says on top is offered first"
    app.multiselect(key="plan_among").set_value([])
    app.number_input(key="plan_visits").set_value(5)
    press(app, messages("plan-suggest"))
    text = page_text(app)
    assert f"1. {city_part_name(PRAHA_4)}" in text
    assert messages("plan-way", visits=99, before="", after="").split("99")[0] in text, "five visits are a beginning"
    by_label(app.text_input, messages("plan-title")).set_value("Říjen")
    press(app, messages("plan-save"))
    (plan,) = own_store.plans.for_organisation(process.local_actor().organisation_id)
    assert (plan.title, len(plan.items), plan.need) == ("Říjen", 3, "foreigners")
    assert "dopravni_uzly" in plan.items[0].reasons
    assert messages("plan-saved") in page_text(app)
    assert messages("plan-progress", finished=0, total=3) in page_text(app)
    assert not [line for line in shown(app) if line.startswith("plan-")]


def test_cells_can_be_planned_and_reasons_changed(own_store):
    app = open_panel()
    app.radio(key="plan_by_cell").set_value(True)
    run(app)
    app.multiselect(key="plan_among").set_value([NEBUSICE])
    press(app, CS("plan-suggest"))
    reasons = [box for box in app.multiselect if box.key.startswith("plan_reasons_")]
    assert len(reasons) == 3
    reasons[0].set_value(["komunita"])
    press(app, CS("plan-save"))
    (plan,) = own_store.plans.for_organisation(process.local_actor().organisation_id)
    assert {item.city_part for item in plan.items} == {NEBUSICE}
    assert len({item.cell for item in plan.items}) == 3
    assert plan.items[0].reasons == ("komunita",)


def test_a_title_with_a_person_is_asked_about(own_store):
    app = press(open_panel(), CS("plan-suggest"))
    by_label(app.text_input, CS("plan-title")).set_value("Pro Ing. Nováka")
    press(app, CS("plan-save"))
    assert own_store.plans.for_organisation(process.local_actor().organisation_id) == []
    press(app, CS("record-personal-save"))
    assert len(own_store.plans.for_organisation(process.local_actor().organisation_id)) == 1


def test_an_outing_is_taken_and_closed(own_store):
    plan = save_one(own_store)
    app = open_panel()
    app.number_input(key="plan_team").set_value(2)
    press(app, CS("plan-claim"))
    text = page_text(app)
    assert CS("plan-claimed") in text
    assert "tým 2 jde" in text
    assert f"{city_part_name(NEBUSICE)}: jde váš tým" in text
    by_label(app.selectbox, CS("plan-outcome")).set_value("informovan")
    press(app, CS("plan-finish"))
    (item,) = own_store.plans.get(plan.id).items
    assert item.state is PlanItemState.DONE
    assert [visit.id for visit in visits_in(own_store, NEBUSICE)] == [item.visit_id]
    assert CS("plan-progress", finished=1, total=1) in page_text(app)


def test_nobody_there_and_giving_back(own_store):
    plan = save_one(own_store, NEBUSICE, PRAHA_4)
    app = press(open_panel(), CS("plan-claim"))
    press(app, CS("plan-give-back"))
    assert own_store.plans.get(plan.id).items[0].state is PlanItemState.GIVEN_BACK
    press(press(app, CS("plan-claim")), CS("plan-nobody"))
    assert own_store.plans.get(plan.id).items[0].state is PlanItemState.NOBODY_THERE
    assert [visit.outcome for visit in visits_in(own_store, NEBUSICE)] == ["nikdo"]


def test_closing_without_an_outcome_is_refused_with_a_sentence(own_store):
    plan = save_one(own_store)
    app = press(press(open_panel(), CS("plan-claim")), CS("plan-finish"))
    assert [element.value.replace("\\", "") for element in app.warning] == [CS("error-outcome-missing")]
    assert own_store.plans.get(plan.id).items[0].state is PlanItemState.CLAIMED


def test_a_visit_noted_elsewhere_closes_the_outing(own_store):
    plan = save_one(own_store)
    visit = VisitDraft(id=new_id(), happened_on=today(), outcome="poradenstvi", city_part=NEBUSICE)
    own_store.visits.add(visit, process.local_actor())
    app = press(open_panel(), CS("plan-claim"))
    by_label(app.selectbox, CS("plan-known-visit")).set_value(visit.id)
    press(run(app), CS("plan-finish-known"))
    (item,) = own_store.plans.get(plan.id).items
    assert (item.state, item.visit_id) == (PlanItemState.DONE, visit.id)


def test_every_visit_noted_elsewhere_is_offered_page_by_page(own_store):
    plan = save_one(own_store)
    visits = [
        VisitDraft(id=new_id(), happened_on=today(), outcome="poradenstvi", city_part=NEBUSICE) for _ in range(22)
    ]
    for visit in visits:
        own_store.visits.add(visit, process.local_actor())
    app = press(open_panel(), CS("plan-claim"))
    assert len(by_label(app.selectbox, CS("plan-known-visit")).options) == 20
    app = press(app, CS("pages-next"))
    by_label(app.selectbox, CS("plan-known-visit")).set_value(visits[0].id)
    press(run(app), CS("plan-finish-known"))
    assert own_store.plans.get(plan.id).items[0].visit_id == visits[0].id


def test_the_second_of_two_coordinators_gets_a_sentence(own_store):
    plan = save_one(own_store)
    mine, theirs = open_panel(), open_panel()
    theirs.number_input(key="plan_team").set_value(5)
    press(theirs, CS("plan-claim"))
    press(mine, CS("plan-claim"))
    assert [element.value.replace("\\", "") for element in mine.warning] == [CS("error-plan-item-taken")]
    assert "tým 5 jde" in page_text(mine)
    assert own_store.plans.get(plan.id).items[0].team == 5


def test_giving_back_what_was_closed_meanwhile_gets_a_sentence(own_store):
    save_one(own_store)
    mine = press(open_panel(), CS("plan-claim"))
    press(open_panel(), CS("plan-nobody"))
    press(mine, CS("plan-give-back"))
    assert [element.value.replace("\\", "") for element in mine.warning] == [CS("error-plan-item-finished")]


def test_another_organisation_is_somebody(own_store):
    from actions.plans import claim_item, save_plan

    item = PlanItemDraft(id=new_id(), city_part=PRAHA_4, visits=2, gain=1.0, p_low_before=0.8, p_low_after=0.4)
    plan = save_plan(own_store, PlanDraft(id=new_id(), title="Tajné", need="foreigners", items=(item,)), STRANGER)
    claim_item(own_store, plan.items[0].id, STRANGER, team=9, day=today() + timedelta(days=1), today=today())
    text = page_text(open_panel(mc=PRAHA_4))
    assert f"{city_part_name(PRAHA_4)}: někdo jde" in text
    for hidden in ("Tajné", "tým 9", "another-organisation", "stranger"):
        assert hidden not in text
    assert CS("plan-saved-empty") in text


def test_an_overdue_outing_says_so(own_store):
    from actions.plans import claim_item

    plan = save_one(own_store)
    day = today() - timedelta(days=3)
    claim_item(own_store, plan.items[0].id, process.local_actor(), team=1, day=day, today=day)
    assert "tým 1 měl jít" in page_text(open_panel())


def test_a_plan_is_withdrawn_after_a_second_thought(own_store):
    save_one(own_store)
    app = open_panel()
    assert by_label(app.button, CS("plan-withdraw")).disabled
    by_label(app.checkbox, CS("plan-withdraw-sure")).check()
    press(run(app), CS("plan-withdraw"))
    assert CS("plan-withdrawn") in page_text(app)
    assert CS("plan-saved-empty") in page_text(app)


def test_who_may_not_see_places_sees_no_plan(own_store, monkeypatch):
    from domain.roles import PUBLIC_CLEARANCE

    save_one(own_store)
    monkeypatch.setattr(process, "local_clearance", lambda: PUBLIC_CLEARANCE)
    assert shown(open_panel()) == []


def test_hostile_titles_are_text(own_store):
    from actions.plans import save_plan

    hostile = "<img src=x onerror=alert(1)> **x** :red[y] $z$"
    item = PlanItemDraft(id=new_id(), city_part=NEBUSICE, visits=2, gain=1.0, p_low_before=0.8, p_low_after=0.4)
    save_plan(own_store, PlanDraft(id=new_id(), title=hostile, need="foreigners", items=(item,)), process.local_actor())
    app = open_panel()
    assert by_label(app.selectbox, CS("plan-choose")).options == [hostile]
    for element in app.markdown:
        assert hostile not in element.value
