"""What a coordinator does with outings: ask what they would change, plan them, take them, close them.

A plan is chosen by expected gain and each outing says why it is there: which localities, community
places, companies and transport nodes are known. A plan stays inside the organisation; other teams
learn of it at city-part precision and without persons (`under_way`).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from actions.record_place import PersonalDataSuspected, visit_again
from actions.validate import clean_text, id_problems, is_city_part, suspected_personal_data, text_problems
from domain.coverage import CoverageState, DeclaredCoverage
from domain.errors import InvalidValueError, NotFoundError, Problem, ProblemsError
from domain.place import Actor, VisitDraft
from domain.plans import (
    CRITERIA,
    FINISHED,
    MAX_DAYS_AHEAD,
    MAX_OUTINGS,
    MAX_TEAM,
    MAX_VISITS,
    TITLE_MAX_LENGTH,
    ItemStateError,
    Plan,
    PlanDraft,
    PlanItem,
    PlanItemDraft,
    PlanItemState,
    UnderWay,
)
from domain.vocabulary import Scope, terms
from geo.cell_pieces import city_part_codes
from geo.cells import cells_of_city_part
from geo.coverage import Coverage
from geo.coverage_attention import Attention
from geo.coverage_plan import what_if
from geo.coverage_visits import RESOLUTION
from store import Store

NOBODY_OUTCOME = "nikdo"
"""Outcome (vocabulary `vysledek_kontaktu`) of a visit that met nobody; it counts as attention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the board says of a city part: state, how sure that is, and how much of the need is missed."""

    state: CoverageState
    certainty: float
    p_low: float
    observed: float
    expected: float
    people_in_gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfRow:
    """A city part before and after; `visits` are those asked about, `added` the attention they add."""

    city_part: str
    visits: int
    added: float
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfAnswer:
    """What visits would change: the city parts asked about, then others whose state would change.

    `gain` is the drop of the sum over all city parts of need x P(theta < low ratio), in units of need.
    """

    rows: tuple[WhatIfRow, ...]
    others: tuple[WhatIfRow, ...]
    gain: float


def ask_what_if(attention: Attention, coverage: Coverage, visits: Mapping[str, int]) -> WhatIfAnswer:
    """Return what visits to city parts would change, as if they had happened on the day of `attention`.

    Raises
    ------
    ProblemsError
        `invalid_outing_plan`: `unknown_city_part`, `plan_visits_range`.
    InvalidValueError
        `unknown_city_part` for a city part without a usable need.
    """
    problems = [problem for code, count in visits.items() for problem in _visit_problems(code, count)]
    if problems:
        raise ProblemsError("invalid_outing_plan", problems)
    answer = what_if(attention, coverage, visits)
    changed = [str(code) for code in answer.changed.index if code not in visits]

    def row(code: str) -> WhatIfRow:
        return WhatIfRow(
            city_part=code,
            visits=visits.get(code, 0),
            added=answer.added.get(code, 0.0),
            before=_standing(answer.before, code),
            after=_standing(answer.after, code),
        )

    return WhatIfAnswer(
        rows=tuple(row(code) for code in visits), others=tuple(row(code) for code in changed), gain=answer.gain
    )


def check_request(*, outings: int, visits: int, among: Collection[str] | None) -> None:
    """Refuse a wish for outings that no plan can fulfil, with every problem at once.

    Raises
    ------
    ProblemsError
        `invalid_outing_plan`: `plan_outings_range`, `plan_visits_range`, `unknown_city_part`.
    """
    problems = []
    if not 1 <= outings <= MAX_OUTINGS:
        problems.append(Problem(code="plan_outings_range", field="outings", value=str(outings), limit=str(MAX_OUTINGS)))
    if not 1 <= visits <= MAX_VISITS:
        problems.append(_visits_out_of_range(visits))
    problems += [
        Problem(code="unknown_city_part", field="city_part", value=str(code)[:40])
        for code in among or ()
        if code not in city_part_codes()
    ]
    if problems:
        raise ProblemsError("invalid_outing_plan", problems)


def save_plan(store: Store, draft: PlanDraft, actor: Actor, *, accept_personal: bool = False) -> Plan:
    """Check and store a plan; the same draft sent twice is one plan.

    Raises
    ------
    ProblemsError
        `invalid_outing_plan` with every problem: `invalid_id`, `plan_empty`, `text_too_long`,
        `control_characters`, `unknown_city_part`, `plan_cell_unknown`, `plan_visits_range`,
        `plan_outings_range`, `term_refused`, `plan_number_invalid`.
    PersonalDataSuspected
        If the title looks as if it named a person; nothing was saved.
    StaleRevisionError, NotPermittedError
        As `store.plans.Plans.add`.
    """
    title = clean_text(draft.title)
    problems = [
        *id_problems(draft.id),
        *text_problems("name", title, limit=TITLE_MAX_LENGTH, lines=False),
        *(problem for item in draft.items for problem in _item_problems(item)),
    ]
    if not draft.items:
        problems.append(Problem(code="plan_empty", field="items"))
    if len(draft.items) > MAX_OUTINGS:
        value = str(len(draft.items))
        problems.append(Problem(code="plan_outings_range", field="outings", value=value, limit=str(MAX_OUTINGS)))
    if problems:
        raise ProblemsError("invalid_outing_plan", list(dict.fromkeys(problems)))
    found = suspected_personal_data({"title": title})
    if found and not accept_personal:
        raise PersonalDataSuspected(found)
    return store.plans.add(replace(draft, title=title), actor)


def claim_item(store: Store, item_id: str, actor: Actor, *, team: int, day: date, today: date) -> PlanItem:
    """Take an outing for a team of the own organisation and a day from today on.

    Raises
    ------
    ProblemsError
        `invalid_claim`: `plan_team_range`, `claim_day_past`, `claim_day_far`.
    ItemStateError
        `plan_item_taken` if another team was quicker, `plan_item_finished`.
    NotFoundError, NotPermittedError, InvalidValueError
        As `store.plans.Plans.claim`.
    """
    problems = []
    if not 1 <= team <= MAX_TEAM:
        problems.append(Problem(code="plan_team_range", field="team", value=str(team), limit=str(MAX_TEAM)))
    if day < today:
        problems.append(Problem(code="claim_day_past", field="day", value=day.isoformat(), limit=today.isoformat()))
    if (day - today).days > MAX_DAYS_AHEAD:
        problems.append(Problem(code="claim_day_far", field="day", value=day.isoformat(), limit=str(MAX_DAYS_AHEAD)))
    if problems:
        raise ProblemsError("invalid_claim", problems)
    return store.plans.claim(item_id, actor, team=team, day=day)


def give_back_item(store: Store, item_id: str, actor: Actor) -> PlanItem:
    """Make a claimed outing free again; raises as `store.plans.Plans.give_back`."""
    return store.plans.give_back(item_id, actor)


def finish_item(
    store: Store, item_id: str, actor: Actor, *, visit_id: str, outcome: str, happened_on: date, today: date
) -> PlanItem:
    """Note the visit that was made and close the outing with it; meeting nobody is a finding too.

    The visit is stored first: it happened, whatever becomes of the plan. Sent again, the same visit
    is one visit. It counts for the city part; a visit at a place is noted at the place, and
    `finish_with_visit` closes the outing with it.

    Parameters
    ----------
    visit_id
        UUIDv7 made when the form opened.
    outcome
        Vocabulary `vysledek_kontaktu`.

    Raises
    ------
    ItemStateError
        `plan_item_not_claimed` before anything is stored, or `plan_item_finished`.
    ProblemsError
        As `actions.record_place.visit_again`.
    NotFoundError, NotPermittedError, InvalidValueError
        As `store.plans.Plans.finish`.
    """
    item = store.plans.item(item_id)
    own_plan(store, item.plan_id, actor.organisation_id)
    if item.state is not PlanItemState.CLAIMED and item.visit_id != visit_id:
        code = "plan_item_finished" if item.state in FINISHED else "plan_item_not_claimed"
        raise ItemStateError(code, item)
    draft = VisitDraft(id=visit_id, happened_on=happened_on, outcome=outcome, city_part=item.city_part)
    visit_again(store, draft, actor, today=today)
    return store.plans.finish(item_id, actor, visit_id=visit_id, nobody_there=outcome == NOBODY_OUTCOME)


def finish_with_visit(store: Store, item_id: str, actor: Actor, visit_id: str) -> PlanItem:
    """Close a claimed outing with a visit that the own organisation has noted already.

    Raises
    ------
    NotFoundError, InvalidValueError, ItemStateError, NotPermittedError
        As `store.plans.Plans.finish`.
    """
    outcome = store.visits.get(visit_id).outcome
    return store.plans.finish(item_id, actor, visit_id=visit_id, nobody_there=outcome == NOBODY_OUTCOME)


def withdraw_plan(store: Store, plan_id: str, actor: Actor) -> None:
    """Take a plan back; raises as `store.plans.Plans.withdraw`."""
    store.plans.withdraw(plan_id, actor)


def own_plan(store: Store, plan_id: str, organisation_id: str | None) -> Plan:
    """Return a plan of one's own organisation.

    Raises
    ------
    NotFoundError
        `unknown_plan` if there is none, it was withdrawn, or it is another organisation's: the
        answer does not tell them apart.
    """
    plan = store.plans.get(plan_id)
    if plan.withdrawn or plan.organisation_id != organisation_id:
        raise NotFoundError("unknown_plan", id=plan_id)
    return plan


def under_way(store: Store, organisation_id: str | None, *, today: date) -> tuple[UnderWay, ...]:
    """Return who goes where from today on: city part and day only, each pair once, own outings marked.

    Where the own organisation and another one go to the same city part on a day, both are told.
    """
    claims = store.plans.claims(since=today)
    found = {UnderWay(city_part=part, day=day, own=owner == organisation_id) for part, day, owner in claims}
    return tuple(sorted(found, key=lambda one: (one.day, one.city_part, not one.own)))


def note_export(store: Store, plan: Plan, actor: Actor, *, file_format: str) -> None:
    """Write into the audit log that a plan leaves the app as a file, before it does."""
    store.writer.run(
        lambda transaction: transaction.audit(
            "export", "plan", plan.id, actor=actor, payload={"format": file_format, "items": len(plan.items)}
        )
    )


def declare_coverage(store: Store, record: DeclaredCoverage, actor: Actor) -> DeclaredCoverage:
    """Store that the own organisation works in a city part from a day on, until a day where one is stated.

    Raises
    ------
    ProblemsError
        `invalid_record`: `invalid_id`, `unknown_city_part`.
    NotPermittedError, StaleRevisionError
        As `store.declared_coverage.DeclaredCoverages.add`.
    """
    problems = id_problems(record.id)
    if not is_city_part(record.city_part):
        problems.append(Problem(code="unknown_city_part", field="city_part", value=record.city_part[:40]))
    if problems:
        raise ProblemsError("invalid_record", problems)
    return store.declared_coverage.add(record, actor)


def _standing(coverage: Coverage, code: str) -> Standing:
    if code not in coverage.units.index:
        raise InvalidValueError("unknown_city_part", value=code)
    units: Any = coverage.units
    numbers = ("certainty", "p_low", "observed", "expected", "people_in_gap")
    values = {name: float(units.at[code, name]) for name in numbers}
    return Standing(state=CoverageState(units.at[code, "state"]), **values)


def _item_problems(item: PlanItemDraft) -> Sequence[Problem]:
    problems = [*id_problems(item.id), *_visit_problems(item.city_part, item.visits)]
    allowed = {term.code for term in terms(CRITERIA, Scope.OUTING)}
    problems += [
        Problem(code="term_refused", field="reasons", value=str(code)[:80])
        for code in item.reasons
        if code not in allowed
    ]
    if item.cell is not None and is_city_part(item.city_part):
        cells = cells_of_city_part(item.city_part, RESOLUTION)
        if item.cell not in cells.index:
            problems.append(Problem(code="plan_cell_unknown", field="cell", value=item.cell[:40]))
    if not all(math.isfinite(value) for value in (item.gain, item.p_low_before, item.p_low_after)):
        problems.append(Problem(code="plan_number_invalid", field="gain"))
    return problems


def _visit_problems(code: str, count: int) -> list[Problem]:
    problems = []
    if not is_city_part(code):
        problems.append(Problem(code="unknown_city_part", field="city_part", value=str(code)[:40]))
    if not 1 <= count <= MAX_VISITS:
        problems.append(_visits_out_of_range(count))
    return problems


def _visits_out_of_range(count: int) -> Problem:
    return Problem(code="plan_visits_range", field="visits", value=str(count), limit=str(MAX_VISITS))
