"""Plans and declared coverage in the store: one team at a time, one organisation, nothing lost."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from domain.coverage import DeclaredCoverage
from domain.errors import AppError, InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError
from domain.plans import ItemStateError, PlanDraft, PlanItemDraft, PlanItemState

DAY = date(2026, 10, 8)
NEBUSICE = "547158"
RUZYNE = "500089"


def item(make, **fields):
    values = {"city_part": NEBUSICE, "visits": 2, "gain": 12.5, "p_low_before": 0.75, "p_low_after": 0.5}
    return PlanItemDraft(id=make.id(), **(values | fields))


def draft(make, *items, **fields):
    return PlanDraft(**({"id": make.id(), "title": "Říjen", "need": "foreigners", "items": items} | fields))


@pytest.fixture
def plan(store, make):
    items = (
        item(make, reasons=("lokalita", "dopravni_uzly")),
        item(make, city_part=RUZYNE, cell="891e3541aa3ffff", visits=1),
    )
    return store.plans.add(draft(make, *items), make.actor)


def visit(store, make, city_part=NEBUSICE, actor=None, **fields):
    return store.visits.add(make.visit(city_part=city_part, **fields), actor or make.actor)


def test_a_plan_comes_back_as_it_was_added(store, make, data_dir, plan):
    first, second = plan.items
    assert (first.rank, first.city_part, first.visits, first.gain) == (1, NEBUSICE, 2, 12.5)
    assert first.reasons == ("lokalita", "dopravni_uzly")
    assert (second.rank, second.cell, second.state, second.team, second.day) == (
        2, "891e3541aa3ffff", PlanItemState.PLANNED, None, None,
    )  # fmt: skip
    assert plan.organisation_id == make.actor.organisation_id
    assert store.plans.get(plan.id) == plan
    assert store.plans.item(first.id) == first
    assert store.plans.for_organisation(make.actor.organisation_id) == [plan]
    assert store.plans.for_organisation("another-organisation") == []


def test_a_plan_outlives_a_restart(home, make):
    opened = home.open()
    plan = opened.plans.add(draft(make, item(make)), make.actor)
    opened.plans.claim(plan.items[0].id, make.actor, team=3, day=DAY)
    opened.close()
    opened = home.open()
    (again,) = opened.plans.get(plan.id).items
    assert (again.state, again.team, again.day) == (PlanItemState.CLAIMED, 3, DAY)
    opened.close()


def test_the_same_draft_is_one_plan_and_another_text_is_refused(store, make):
    one = draft(make, item(make))
    first = store.plans.add(one, make.actor)
    assert store.plans.add(one, make.actor) == first
    with pytest.raises(StaleRevisionError):
        store.plans.add(replace(one, title="Jiný"), make.actor)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.plans.add(one, make.stranger)
    assert len(store.plans.for_organisation(make.actor.organisation_id)) == 1


def test_a_plan_saved_again_after_a_claim_is_still_the_plan(store, make):
    one = draft(make, item(make))
    plan = store.plans.add(one, make.actor)
    store.plans.claim(plan.items[0].id, make.actor, team=1, day=DAY)
    assert store.plans.add(one, make.actor).items[0].state is PlanItemState.CLAIMED


def test_a_reason_that_is_no_term_never_reaches_the_table(store, make):
    with pytest.raises(InvalidValueError, match="term_not_allowed"):
        store.plans.add(draft(make, item(make, reasons=("neregulerni_pobyt",))), make.actor)
    assert store.plans.for_organisation(make.actor.organisation_id) == []


def test_the_latest_plan_comes_first(store, make, plan):
    newer = store.plans.add(draft(make, item(make)), make.actor)
    assert [one.id for one in store.plans.for_organisation(make.actor.organisation_id)] == [newer.id, plan.id]


def test_an_item_goes_from_planned_over_claimed_and_given_back_to_done(store, make, plan):
    first = plan.items[0]
    claimed = store.plans.claim(first.id, make.actor, team=2, day=DAY)
    assert (claimed.state, claimed.team, claimed.day, claimed.claimed_by) == (
        PlanItemState.CLAIMED, 2, DAY, make.actor.account_id,
    )  # fmt: skip
    free = store.plans.give_back(first.id, make.actor)
    assert (free.state, free.team, free.day, free.claimed_by) == (PlanItemState.GIVEN_BACK, None, None, None)
    store.plans.claim(first.id, make.colleague, team=4, day=DAY)
    seen = visit(store, make)
    done = store.plans.finish(first.id, make.colleague, visit_id=seen.id)
    assert (done.state, done.visit_id, done.team) == (PlanItemState.DONE, seen.id, 4)
    actions = [row.action for row in store.audit.rows(entity="plan_item", entity_id=first.id)]
    assert actions == ["plan_item.finish", "plan_item.claim", "plan_item.give_back", "plan_item.claim"]


def test_nobody_there_is_a_finding_with_its_visit(store, make, plan):
    first = plan.items[0]
    store.plans.claim(first.id, make.actor, team=1, day=DAY)
    seen = visit(store, make, outcome="nikdo")
    done = store.plans.finish(first.id, make.actor, visit_id=seen.id, nobody_there=True)
    assert (done.state, done.visit_id) == (PlanItemState.NOBODY_THERE, seen.id)


def test_the_second_team_is_told_that_the_item_is_taken(store, make, plan):
    first = plan.items[0]
    store.plans.claim(first.id, make.actor, team=1, day=DAY)
    for actor, team in ((make.actor, 2), (make.colleague, 1)):
        with pytest.raises(ItemStateError, match="plan_item_taken") as caught:
            store.plans.claim(first.id, actor, team=team, day=DAY)
        assert (caught.value.current.team, caught.value.current.claimed_by) == (1, make.actor.account_id)
    assert store.plans.item(first.id).team == 1


def test_of_many_teams_at_once_exactly_one_wins(store, make, plan, audit_count):
    first, teams = plan.items[0], range(1, 13)
    before, start = audit_count(), Barrier(len(teams))

    def claim(team):
        start.wait()
        try:
            return store.plans.claim(first.id, make.actor, team=team, day=DAY).team
        except ItemStateError as error:
            return error.code

    with ThreadPoolExecutor(len(teams)) as pool:
        answers = list(pool.map(claim, teams))
    won = [answer for answer in answers if answer != "plan_item_taken"]
    assert len(won) == 1
    assert store.plans.item(first.id).team == won[0]
    assert audit_count() == before + 1
    assert store.audit.verify() == []


def test_giving_back_and_taking_at_once_leaves_a_whole_state(store, make, plan):
    first = plan.items[0]
    store.plans.claim(first.id, make.actor, team=1, day=DAY)
    start = Barrier(2)

    def act(call):
        start.wait()
        try:
            call()
        except ItemStateError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        back = pool.submit(act, lambda: store.plans.give_back(first.id, make.actor))
        taken = pool.submit(act, lambda: store.plans.claim(first.id, make.colleague, team=9, day=DAY))
    assert back.result() == "done"
    now = store.plans.item(first.id)
    expected = (PlanItemState.CLAIMED, 9) if taken.result() == "done" else (PlanItemState.GIVEN_BACK, None)
    assert (now.state, now.team) == expected


def test_what_is_not_claimed_cannot_be_closed_or_given_back(store, make, plan):
    first = plan.items[0]
    seen = visit(store, make)
    with pytest.raises(ItemStateError, match="plan_item_not_claimed"):
        store.plans.finish(first.id, make.actor, visit_id=seen.id)
    with pytest.raises(ItemStateError, match="plan_item_not_claimed"):
        store.plans.give_back(first.id, make.actor)


def test_what_is_closed_stays_closed(store, make, plan):
    first = plan.items[0]
    store.plans.claim(first.id, make.actor, team=1, day=DAY)
    store.plans.finish(first.id, make.actor, visit_id=visit(store, make).id)
    with pytest.raises(ItemStateError, match="plan_item_finished"):
        store.plans.claim(first.id, make.actor, team=1, day=DAY)
    with pytest.raises(ItemStateError, match="plan_item_finished"):
        store.plans.finish(first.id, make.actor, visit_id=visit(store, make).id)


@pytest.mark.parametrize("case", ["unknown", "withdrawn", "strangers", "elsewhere"])
def test_only_an_own_visit_to_the_city_part_closes_an_item(store, make, plan, case):
    first = plan.items[0]
    store.plans.claim(first.id, make.actor, team=1, day=DAY)
    visit_id = make.id()
    if case == "withdrawn":
        visit_id = visit(store, make).id
        store.visits.withdraw(visit_id, make.actor)
    elif case == "strangers":
        visit_id = visit(store, make, actor=make.stranger).id
    elif case == "elsewhere":
        visit_id = visit(store, make, city_part=RUZYNE).id
    kind, code = (InvalidValueError, "visit_elsewhere") if case == "elsewhere" else (NotFoundError, "unknown_visit")
    with pytest.raises(kind, match=code):
        store.plans.finish(first.id, make.actor, visit_id=visit_id)
    assert store.plans.item(first.id).state is PlanItemState.CLAIMED


def test_another_organisation_changes_nothing(store, make, plan, audit_count):
    first, before = plan.items[0], audit_count()
    calls = (
        lambda: store.plans.claim(first.id, make.stranger, team=1, day=DAY),
        lambda: store.plans.give_back(first.id, make.stranger),
        lambda: store.plans.finish(first.id, make.stranger, visit_id=make.id()),
        lambda: store.plans.withdraw(plan.id, make.stranger),
    )
    for call in calls:
        with pytest.raises(NotPermittedError, match="other_organisation"):
            call()
    assert store.plans.get(plan.id) == plan
    assert audit_count() == before


def test_what_is_not_there_is_said(store, make):
    calls = {
        "unknown_plan": (lambda: store.plans.get("x"), lambda: store.plans.withdraw("x", make.actor)),
        "unknown_plan_item": (
            lambda: store.plans.item("x"), lambda: store.plans.claim("x", make.actor, team=1, day=DAY),
            lambda: store.plans.give_back("x", make.actor),
        ),
    }  # fmt: skip
    for code, group in calls.items():
        for call in group:
            with pytest.raises(NotFoundError) as caught:
                call()
            assert caught.value.code == code


def test_a_withdrawn_plan_is_closed_and_forgotten_by_the_lists(store, make, plan):
    first = plan.items[0]
    store.plans.claim(first.id, make.actor, team=1, day=DAY)
    store.plans.withdraw(plan.id, make.actor)
    assert store.plans.for_organisation(make.actor.organisation_id) == []
    assert store.plans.claims(since=DAY) == []
    assert store.plans.get(plan.id).withdrawn
    with pytest.raises(AppError, match="plan_withdrawn"):
        store.plans.give_back(first.id, make.actor)


def test_claims_tell_city_part_day_and_organisation_once(store, make, plan):
    twin = store.plans.add(draft(make, item(make), item(make)), make.actor)
    for claimed in (plan.items[0], *twin.items):
        store.plans.claim(claimed.id, make.actor, team=1, day=DAY)
    assert store.plans.claims(since=DAY) == [(NEBUSICE, DAY, make.actor.organisation_id)]
    assert store.plans.claims(since=date(2026, 10, 9)) == []


def test_the_audit_log_tells_what_was_planned_and_no_person(store, make, plan):
    (row,) = store.audit.rows(entity="plan", entity_id=plan.id)
    assert row.action == "plan.add"
    payload = json.loads(row.payload)
    assert [one["city_part"] for one in payload["items"]] == [NEBUSICE, RUZYNE]
    assert set(payload) == {"title", "need", "items"}


# --- declared coverage ---------------------------------------------------------------------------


def declaration(make, **fields):
    values = {
        "id": make.id(), "organisation_id": make.actor.organisation_id, "city_part": NEBUSICE,
        "since": date(2026, 1, 1),
    }  # fmt: skip
    return DeclaredCoverage(**(values | fields))


def test_declarations_come_back_as_they_were_made(store, make):
    late = declaration(make, since=date(2027, 1, 1), until=date(2027, 6, 30))
    early = declaration(make)
    for record in (late, early):
        assert store.declared_coverage.add(record, make.actor) == record
    assert store.declared_coverage.all() == [early, late]
    assert store.declared_coverage.add(early, make.actor) == early
    assert len(store.declared_coverage.all()) == 2


def test_a_withdrawn_declaration_no_longer_counts(store, make):
    record = store.declared_coverage.add(declaration(make), make.actor)
    store.declared_coverage.withdraw(record.id, make.actor)
    assert store.declared_coverage.all() == []
    with pytest.raises(NotFoundError, match="unknown_declaration"):
        store.declared_coverage.withdraw("x", make.actor)


def test_nobody_declares_for_another_organisation(store, make):
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.declared_coverage.add(declaration(make), make.stranger)
    record = store.declared_coverage.add(declaration(make), make.actor)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.declared_coverage.withdraw(record.id, make.stranger)
    with pytest.raises(StaleRevisionError):
        store.declared_coverage.add(replace(record, city_part=RUZYNE), make.actor)
    assert store.declared_coverage.all() == [record]
