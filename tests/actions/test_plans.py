"""What if, plans, claims and their ends, and what the board would have said on past days."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
import uuid_utils

from actions.coverage_changes import (
    CoverageStep,
    closed_white_spots,
    coverage_as_of,
    coverage_steps,
    open_white_spots,
)
from actions.outing_choice import choice_facts, suggest_outings
from actions.plans import (
    ask_what_if,
    claim_item,
    declare_coverage,
    finish_item,
    finish_with_visit,
    give_back_item,
    own_plan,
    save_plan,
    under_way,
    withdraw_plan,
)
from actions.record_place import PersonalDataSuspected, record_place
from domain.coverage import CoverageState, DeclaredCoverage, NeedKind
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, ProblemsError
from domain.geometry import LonLat
from domain.place import Actor, PlaceDraft, VisitDraft
from domain.plans import ItemStateError, PlanDraft, PlanItemDraft, PlanItemState
from domain.roles import Clearance, Role
from domain.text import Language
from geo.cells import cells_of_city_part
from geo.coverage import coverage_of
from geo.coverage_attention import compute_attention
from geo.coverage_need import load_need
from geo.coverage_plan import outing_gains
from geo.coverage_visits import visit_columns
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
from tests.tools.stored import visits_in
from ui.localisation import Messages

TODAY = date(2026, 10, 1)
TOMORROW = TODAY + timedelta(days=1)
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
STRANGER = Actor(account_id="stranger", organisation_id="another-organisation")
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
NEBUSICE, PRAHA_4, PRAHA_1 = "547158", "500119", "500054"


def new_id():
    return str(uuid_utils.uuid7())


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def need():
    return load_need(NeedKind.FOREIGNERS)


@pytest.fixture(scope="module")
def known(need):
    """Visits all over the city in proportion to the need, none to Praha 4."""
    rows = []
    for code, value in need.values.items():
        cells = [] if code == PRAHA_4 else cells_of_city_part(code, 9).index[: int(value // 800)]
        rows += [{"city_part": code, "cell": cell, "happened_on": "2026-09-10"} for cell in cells]
    attention = compute_attention(visit_columns(pd.DataFrame(rows)), TODAY)
    return attention, coverage_of(attention, need)


def problems_of(call, code):
    with pytest.raises(ProblemsError) as caught:
        call()
    assert caught.value.code == code
    for language in Language:
        for sentence in Messages(language).sentences(caught.value):
            assert sentence[-1] in ".?"
            assert "error-" not in sentence
    return {problem.code for problem in caught.value.problems}


def sentence_of(error):
    for language in Language:
        assert Messages(language).error(error) != Messages(language)("error-general", code=error.code)


# --- what if ---------------------------------------------------------------------------------------


def test_what_if_tells_before_and_after(known):
    attention, coverage = known
    answer = ask_what_if(attention, coverage, {PRAHA_4: 20})
    (row,) = answer.rows
    assert (row.visits, row.added) == (20, 20.0)
    assert row.before.state is CoverageState.WHITE_SPOT
    assert row.after.state is not CoverageState.WHITE_SPOT
    assert row.after.p_low < row.before.p_low
    assert row.after.people_in_gap < row.before.people_in_gap
    assert row.after.observed == row.before.observed + 20
    assert answer.gain > 0
    assert PRAHA_4 not in {other.city_part for other in answer.others}
    for other in answer.others:
        assert other.before.state is not other.after.state


def test_two_visits_to_nebusice_change_little_and_say_so(known):
    (row,) = ask_what_if(*known, {NEBUSICE: 2}).rows
    assert row.after.p_low < row.before.p_low
    assert row.after.expected < coverage_settings(known).min_expected


def coverage_settings(known):
    return known[1].settings


def test_what_if_changes_nothing_that_it_was_given(known):
    attention, coverage = known
    before = coverage.units.copy(), attention.cells.copy()
    ask_what_if(attention, coverage, {NEBUSICE: 3})
    pd.testing.assert_frame_equal(coverage.units, before[0])
    pd.testing.assert_frame_equal(attention.cells, before[1])


@pytest.mark.parametrize(
    ("visits", "codes"),
    [
        ({NEBUSICE: 0}, {"plan_visits_range"}), ({NEBUSICE: -3}, {"plan_visits_range"}),
        ({NEBUSICE: 10_000}, {"plan_visits_range"}), ({"999999": 2}, {"unknown_city_part"}),
        ({"'; DROP": 0}, {"unknown_city_part", "plan_visits_range"}),
    ],
)  # fmt: skip
def test_a_senseless_question_gets_sentences(known, visits, codes):
    assert problems_of(lambda: ask_what_if(*known, visits), "invalid_outing_plan") == codes


# --- which outings ---------------------------------------------------------------------------------


def test_the_first_outing_is_where_the_gain_is_greatest(store, known):
    attention, coverage = known
    found = suggest_outings(attention, coverage, (), outings=3, visits=5)
    gains = outing_gains(attention, coverage, 5)
    chosen = [one.item.city_part for one in found]
    assert chosen == gains.sort_values(ascending=False).index[:3].tolist()


def test_outings_stay_among_the_city_parts_asked_for(known):
    found = suggest_outings(*known, (), outings=5, visits=2, among=(NEBUSICE, PRAHA_1))
    assert {one.item.city_part for one in found} <= {NEBUSICE, PRAHA_1}


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"outings": 0, "visits": 2}, {"plan_outings_range"}),
        ({"outings": 58, "visits": 2}, {"plan_outings_range"}),
        ({"outings": 2, "visits": 10_000}, {"plan_visits_range"}),
        ({"outings": 2, "visits": 0, "among": ("Praha 4",)}, {"plan_visits_range", "unknown_city_part"}),
    ],
)
def test_a_senseless_wish_gets_sentences(known, asked, codes):
    assert problems_of(lambda: suggest_outings(*known, (), **asked), "invalid_outing_plan") == codes


def test_reasons_come_from_what_is_known(store, known):
    place = PlaceDraft(id=new_id(), kind="pracoviste", name="Sklad", position=LonLat(lon=14.4378, lat=50.0300))
    stored = record_place(store, place, ACTOR, today=TODAY)
    facts = choice_facts(store, OWN)
    (first,) = suggest_outings(*known, facts, outings=1, visits=2, among=(stored.city_part,))
    assert "podniky" in first.item.reasons
    assert [fact.own_places for fact in first.facts if fact.criterion == "podniky"] == [1]
    stations = [name for fact in first.facts if fact.criterion == "dopravni_uzly" for name in fact.names]
    assert ("dopravni_uzly" in first.item.reasons) == bool(stations)
    assert "Sklad" not in str(facts)


def test_places_of_others_are_no_reason(store):
    place = PlaceDraft(id=new_id(), kind="ubytovna", name="Cizí", position=LonLat(lon=14.4378, lat=50.0755))
    record_place(store, place, STRANGER, today=TODAY)
    assert all(fact.own_places == 0 for fact in choice_facts(store, OWN))
    assert all(fact.own_places == 0 for fact in choice_facts(store, Clearance(role=Role.VIEWER)))


def test_metro_stations_are_transport_nodes_of_their_city_part(store):
    nodes = {
        name: fact for fact in choice_facts(store, OWN) if fact.criterion == "dopravni_uzly" for name in fact.names
    }
    assert nodes["Muzeum"].city_part == PRAHA_1
    assert nodes["Muzeum"].cell in cells_of_city_part(PRAHA_1, 9).index


def test_cells_are_free_and_those_with_reasons_come_first(store, known):
    facts = choice_facts(store, OWN)
    found = suggest_outings(*known, facts, outings=12, visits=1, among=(PRAHA_4,), by_cell=True)
    cells = [one.item.cell for one in found]
    assert len(cells) == len(set(cells)) == 12
    assert set(cells) <= set(cells_of_city_part(PRAHA_4, 9).index)
    with_reason = [bool(one.item.reasons) for one in found]
    assert with_reason[0]
    assert with_reason == sorted(with_reason, reverse=True)
    assert cells == [
        one.item.cell for one in suggest_outings(*known, facts, outings=12, visits=1, among=(PRAHA_4,), by_cell=True)
    ]


def test_a_cell_in_which_somebody_was_this_month_is_not_chosen(need):
    every = cells_of_city_part(NEBUSICE, 9).index
    frame = pd.DataFrame({"city_part": NEBUSICE, "cell": every[:-2], "happened_on": TODAY})
    attention = compute_attention(visit_columns(frame), TODAY)
    found = suggest_outings(
        attention, coverage_of(attention, need), (), outings=9, visits=1, among=(NEBUSICE,), by_cell=True
    )
    assert {one.item.cell for one in found} <= set(every[-2:])


# --- plans -----------------------------------------------------------------------------------------


def item(**fields):
    values = {"city_part": NEBUSICE, "visits": 2, "gain": 10.0, "p_low_before": 0.7, "p_low_after": 0.4}
    return PlanItemDraft(**({"id": new_id()} | values | fields))


def draft(*items, **fields):
    return PlanDraft(**({"id": new_id(), "title": " Říjen ", "need": "foreigners", "items": items} | fields))


@pytest.fixture
def plan(store):
    return save_plan(store, draft(item(), item(city_part=PRAHA_4)), ACTOR)


def test_a_suggestion_becomes_a_plan(store, known):
    found = suggest_outings(*known, choice_facts(store, OWN), outings=3, visits=2)
    plan = save_plan(store, draft(*(one.item for one in found)), ACTOR)
    assert plan.title == "Říjen"
    assert [one.city_part for one in plan.items] == [one.item.city_part for one in found]
    assert own_plan(store, plan.id, LOCAL_ORGANISATION_ID) == plan


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        (draft(), {"plan_empty"}),
        (draft(item(), id="x"), {"invalid_id"}),
        (draft(item(city_part="1")), {"unknown_city_part"}),
        (draft(item(visits=0), item(visits=10_000)), {"plan_visits_range"}),
        (draft(item(cell="891e3541aa3ffff")), {"plan_cell_unknown"}),
        (draft(item(gain=float("nan"))), {"plan_number_invalid"}),
        (draft(item(reasons=("do90",))), {"term_refused"}),
        (draft(item(), title="x" * 121), {"text_too_long"}),
        (draft(item(), title="a\u202eb"), {"control_characters"}),
        (draft(*(item() for _ in range(58))), {"plan_outings_range"}),
    ],
)
def test_a_plan_that_is_none_is_refused_with_every_reason(store, wrong, codes):
    assert problems_of(lambda: save_plan(store, wrong, ACTOR), "invalid_outing_plan") == codes
    assert store.plans.for_organisation(LOCAL_ORGANISATION_ID) == []


def test_a_title_with_a_person_is_asked_about(store):
    named = draft(item(), title="Pro Ing. Nováka")
    with pytest.raises(PersonalDataSuspected):
        save_plan(store, named, ACTOR)
    assert save_plan(store, named, ACTOR, accept_personal=True).title == "Pro Ing. Nováka"


def test_a_plan_of_others_does_not_exist(store, plan):
    with pytest.raises(NotFoundError, match="unknown_plan"):
        own_plan(store, plan.id, STRANGER.organisation_id)
    withdraw_plan(store, plan.id, ACTOR)
    with pytest.raises(NotFoundError, match="unknown_plan"):
        own_plan(store, plan.id, LOCAL_ORGANISATION_ID)


# --- claims ----------------------------------------------------------------------------------------


def test_two_teams_claim_at_once_one_wins_and_the_other_gets_a_sentence(store, plan):
    first = plan.items[0]

    def claim(team):
        try:
            return claim_item(store, first.id, ACTOR, team=team, day=TOMORROW, today=TODAY)
        except ItemStateError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(claim, (1, 2)))
    (lost,) = [answer for answer in answers if isinstance(answer, ItemStateError)]
    (won,) = [answer for answer in answers if not isinstance(answer, ItemStateError)]
    assert lost.code == "plan_item_taken"
    assert lost.current == won == store.plans.item(first.id)
    sentence_of(lost)


@pytest.mark.parametrize(
    ("team", "day", "codes"),
    [
        (1, TODAY - timedelta(days=1), {"claim_day_past"}), (0, TODAY, {"plan_team_range"}),
        (10_000, date(1999, 1, 1), {"plan_team_range", "claim_day_past"}), (1, date(2099, 1, 1), {"claim_day_far"}),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_is_refused(store, plan, team, day, codes):
    first = plan.items[0]
    assert (
        problems_of(lambda: claim_item(store, first.id, ACTOR, team=team, day=day, today=TODAY), "invalid_claim")
        == codes
    )
    assert store.plans.item(first.id).state is PlanItemState.PLANNED


def test_a_claim_for_today_is_fine(store, plan):
    assert claim_item(store, plan.items[0].id, ACTOR, team=1, day=TODAY, today=TODAY).day == TODAY


def test_an_outing_ends_with_its_visit_and_the_visit_counts(store, plan):
    first, visit_id = plan.items[0], new_id()
    claim_item(store, first.id, ACTOR, team=1, day=TODAY, today=TODAY)
    for _ in range(2):  # the button pressed twice
        done = finish_item(
            store, first.id, ACTOR, visit_id=visit_id, outcome="informovan", happened_on=TODAY, today=TODAY
        )
    assert (done.state, done.visit_id) == (PlanItemState.DONE, visit_id)
    (visit,) = visits_in(store, NEBUSICE)
    assert (visit.id, visit.outcome, visit.place_id) == (visit_id, "informovan", None)


def test_nobody_there_is_noted_as_a_visit(store, plan):
    first = plan.items[0]
    claim_item(store, first.id, ACTOR, team=1, day=TODAY, today=TODAY)
    done = finish_item(store, first.id, ACTOR, visit_id=new_id(), outcome="nikdo", happened_on=TODAY, today=TODAY)
    assert done.state is PlanItemState.NOBODY_THERE
    assert [visit.outcome for visit in visits_in(store, NEBUSICE)] == ["nikdo"]


def test_an_outing_that_nobody_took_leaves_no_visit(store, plan):
    with pytest.raises(ItemStateError, match="plan_item_not_claimed") as caught:
        finish_item(store, plan.items[0].id, ACTOR, visit_id=new_id(), outcome="nikdo", happened_on=TODAY, today=TODAY)
    sentence_of(caught.value)
    assert visits_in(store, NEBUSICE) == []


@pytest.mark.parametrize(
    ("fields", "code"), [({"happened_on": TOMORROW}, "date_in_future"), ({"outcome": ""}, "outcome_missing")]
)
def test_a_visit_that_cannot_be_leaves_the_outing_open(store, plan, fields, code):
    first = plan.items[0]
    claim_item(store, first.id, ACTOR, team=1, day=TODAY, today=TODAY)
    values = {"visit_id": new_id(), "outcome": "nikdo", "happened_on": TODAY} | fields
    assert code in problems_of(lambda: finish_item(store, first.id, ACTOR, today=TODAY, **values), "invalid_record")
    assert store.plans.item(first.id).state is PlanItemState.CLAIMED


def test_an_outing_can_be_closed_with_a_visit_noted_before(store, plan):
    first = plan.items[0]
    claim_item(store, first.id, ACTOR, team=1, day=TODAY, today=TODAY)
    visit = store.visits.add(VisitDraft(id=new_id(), happened_on=TODAY, outcome="nikdo", city_part=NEBUSICE), ACTOR)
    assert finish_with_visit(store, first.id, ACTOR, visit.id).state is PlanItemState.NOBODY_THERE


def test_a_stranger_gets_no_further_than_the_plan(store, plan):
    first = plan.items[0]
    claim_item(store, first.id, ACTOR, team=1, day=TODAY, today=TODAY)
    with pytest.raises(NotFoundError, match="unknown_plan"):
        finish_item(store, first.id, STRANGER, visit_id=new_id(), outcome="nikdo", happened_on=TODAY, today=TODAY)
    with pytest.raises(NotPermittedError):
        give_back_item(store, first.id, STRANGER)
    assert visits_in(store, NEBUSICE) == []


def test_others_learn_city_part_and_day_and_nothing_else(store, plan):
    claim_item(store, plan.items[0].id, ACTOR, team=7, day=TOMORROW, today=TODAY)
    (seen,) = under_way(store, STRANGER.organisation_id, today=TODAY)
    assert (seen.city_part, seen.day, seen.own) == (NEBUSICE, TOMORROW, False)
    assert set(type(seen).__dataclass_fields__) == {"city_part", "day", "own"}
    assert [one.own for one in under_way(store, LOCAL_ORGANISATION_ID, today=TODAY)] == [True]
    assert under_way(store, STRANGER.organisation_id, today=TODAY + timedelta(days=2)) == ()
    give_back_item(store, plan.items[0].id, ACTOR)
    assert under_way(store, STRANGER.organisation_id, today=TODAY) == ()


def test_coverage_is_declared_for_a_city_part_that_exists(store):
    record = DeclaredCoverage(
        id=new_id(), organisation_id=LOCAL_ORGANISATION_ID, city_part=NEBUSICE, since=date(2026, 1, 1)
    )
    assert declare_coverage(store, record, ACTOR) == record
    wrong = replace(record, id="1", city_part="Nebušice")
    assert problems_of(lambda: declare_coverage(store, wrong, ACTOR), "invalid_record") == {
        "invalid_id", "unknown_city_part",
    }  # fmt: skip


# --- change over time ------------------------------------------------------------------------------


def test_as_of_a_past_day_counts_what_was_dated_and_recorded_by_then(need):
    frame = pd.DataFrame(
        {
            "city_part": [PRAHA_1, PRAHA_4, NEBUSICE],
            "happened_on": ["2026-08-01", "2026-09-20", "2026-08-02"],
            "recorded_at": ["2026-08-02T08:00:00Z", "2026-09-21T08:00:00Z", "2026-09-25T08:00:00Z"],
        }
    )
    then = coverage_as_of(visit_columns(frame), need, date(2026, 9, 1), today=TODAY)
    assert then.units["observed"][then.units["observed"] > 0].index.tolist() == [PRAHA_1]
    now = coverage_as_of(visit_columns(frame), need, TODAY, today=TODAY)
    assert (now.units["observed"] > 0).sum() == 3
    with pytest.raises(InvalidValueError, match="as_of_in_future"):
        coverage_as_of(visit_columns(frame), need, TOMORROW, today=TODAY)


def test_a_white_spot_that_was_closed_is_told_with_weeks_and_organisation(need):
    def visit(code, cell, day, at, organisation):
        return {
            "city_part": code, "cell": cell, "happened_on": day, "recorded_at": at, "organisation_id": organisation,
        }  # fmt: skip

    rows = []
    for code, value in need.values.items():
        cells = [] if code == PRAHA_4 else cells_of_city_part(code, 9).index[: int(value // 800)]
        rows += [visit(code, cell, "2026-07-02", "2026-07-03T08:00:00Z", "icp") for cell in cells]
    cells = cells_of_city_part(PRAHA_4, 9).index
    rows += [visit(PRAHA_4, cell, "2026-09-10", "2026-09-11T08:00:00Z", "simi") for cell in cells[:30]]
    rows += [visit(PRAHA_4, cell, "2026-09-10", "2026-09-11T08:00:00Z", "icp") for cell in cells[:2]]
    # Recorded in UTC on the day of the closing step, in Prague a day later: it closed nothing.
    rows += [visit(PRAHA_4, cells[0], "2026-09-10", "2026-09-17T22:30:00Z", "opu")]
    visits = visit_columns(pd.DataFrame(rows))
    organisations = tuple(pd.factorize(pd.DataFrame(rows)["organisation_id"])[1])
    steps = coverage_steps(visits, need, today=TODAY, weeks=16)
    assert steps[-1].day == TODAY
    assert steps[0].cold_start
    assert dict(open_white_spots(steps[:8]))[PRAHA_4] == date(2026, 7, 9)
    (closed,) = [one for one in closed_white_spots(visits, organisations, steps) if one.city_part == PRAHA_4]
    assert (closed.flagged_on, closed.closed_on, closed.weeks) == (date(2026, 7, 9), date(2026, 9, 17), 10)
    assert closed.organisations == (("simi", 30), ("icp", 2))
    assert not closed.flagged_before
    assert PRAHA_4 not in dict(open_white_spots(steps))


NO_VISITS = visit_columns(pd.DataFrame({"city_part": [], "happened_on": []}))


def steps_of(*states):
    return tuple(
        CoverageStep(day=TODAY - timedelta(weeks=len(states) - 1 - n), states={NEBUSICE: state}, observed=1.0,
                     cold_start=False)
        for n, state in enumerate(states)
    )  # fmt: skip


W, P, C, K = CoverageState.WHITE_SPOT, CoverageState.PROBABLE, CoverageState.CANNOT_TELL, CoverageState.KNOWN


@pytest.mark.parametrize(
    ("states", "weeks"),
    [
        ((W, K), [1]), ((W, P, P, K), [3]), ((W, C, C), []), ((W, C, K), [2]), ((P, P, K), []), ((K, K), []),
        ((W, K, W, P, K), [2, 1]), ((C, W), []), ((), []),
    ],
)  # fmt: skip
def test_what_closes_a_white_spot(states, weeks):
    assert [one.weeks for one in closed_white_spots(NO_VISITS, (), steps_of(*states))] == weeks


def test_a_white_spot_that_nobody_visited_is_closed_by_nobody():
    (closed,) = closed_white_spots(NO_VISITS, (), steps_of(W, K))
    assert closed.organisations == ()
    assert closed.flagged_before


@pytest.mark.parametrize("weeks", [0, -1, 10_000])
def test_a_history_has_its_limits(need, weeks):
    with pytest.raises(InvalidValueError, match="history_weeks_range") as caught:
        coverage_steps(NO_VISITS, need, today=TODAY, weeks=weeks)
    sentence_of(caught.value)
