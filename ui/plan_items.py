"""Saved plans: the list of outings, and taking, closing or giving back one of them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pandas as pd
import streamlit as st
from babel.dates import format_date

from actions.outing_choice import Fact
from actions.plans import (
    NOBODY_OUTCOME,
    claim_item,
    finish_item,
    finish_with_visit,
    give_back_item,
    withdraw_plan,
)
from api.plans import export_plan, plan_title, reason_text, where_text
from domain.errors import AppError
from domain.place import VisitRecord
from domain.plans import (
    CLAIMABLE,
    FINISHED,
    MAX_DAYS_AHEAD,
    MAX_TEAM,
    PLAN_STATE_LABELS,
    ItemStateError,
    Plan,
    PlanItem,
    PlanItemState,
)
from domain.roles import Permission
from domain.vocabulary import Scope, terms, vocabularies
from ui.list_pages import draw_pages, key_after
from ui.localisation import Messages
from ui.panel_state import new_id
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

CHOSEN = "plan_chosen"
SAID = "plan_said"
CLOSING = ("plan_finish", "plan_nobody", "plan_give_back", "plan_finish_known")
FORMATS = {"csv": "text/csv", "html": "text/html"}
VISITS_OFFERED = 20
VISIT_AGE_DAYS = 62


def attempt(session: AppSession, act: Callable[[], object], where: str) -> None:
    """Do what a pressed button asks for and draw anew; where it is refused, with the sentences.

    Not a callback: Streamlit calls one with what the page before held, and a number that was typed
    just before the press would be lost.
    """
    try:
        act()
    except AppError as error:
        st.session_state[SAID] = (where, "refused", session.messages.sentences(error))
    st.rerun()


def say(where: str, sentence: str) -> None:
    """Keep a sentence of success for the next drawing."""
    st.session_state[SAID] = (where, "done", [sentence])


def draw_messages(where: str) -> None:
    """Draw what was kept for this place, once."""
    kept = st.session_state.get(SAID)
    if not kept or kept[0] != where:
        return
    del st.session_state[SAID]
    for sentence in kept[2]:
        (st.warning if kept[1] == "refused" else st.success)(escape_markdown(sentence))


def draw_saved(session: AppSession, facts: tuple[Fact, ...]) -> None:
    """Draw the plans of the own organisation: one at a time, with its outings as a table."""
    messages = session.messages
    heading(messages("plan-saved-title"))
    plans = {plan.id: plan for plan in session.store.plans.for_organisation(session.actor.organisation_id)}
    if st.session_state.get(CHOSEN) not in plans:
        st.session_state.pop(CHOSEN, None)
    draw_messages("plan_saved")
    if not plans:
        st.text(messages("plan-saved-empty"))
        return
    chosen = st.selectbox(
        messages("plan-choose"), list(plans), key=CHOSEN, format_func=lambda key: plan_title(plans[key], messages)
    )
    plan = plans[str(chosen)]
    finished = sum(item.state in FINISHED for item in plan.items)
    st.text(messages("plan-progress", finished=finished, total=len(plan.items)))
    # A plain table: its reasons are long and break into lines, and a reader reads it aloud.
    st.table(_table(session, plan, facts), hide_index=True)
    quiet_line(messages("file-internal"))
    _draw_files(session, plan)
    if session.may(Permission.RECORD_VISIT):
        _draw_item(session, plan)
        _draw_withdraw(session, plan)


def state_text(session: AppSession, item: PlanItem) -> str:
    """Return where an outing stands in plain words, with team and day, never a person."""
    messages = session.messages
    if item.state is not PlanItemState.CLAIMED or item.day is None:
        return PLAN_STATE_LABELS[item.state].to(messages.language)
    weekday = format_date(item.day, format="EEEE", locale=messages.language.value)
    key = "plan-team-overdue" if item.day < session.today else "plan-team-goes"
    return messages(key, team=item.team or 0, weekday=weekday, date=messages.date(item.day))


def _table(session: AppSession, plan: Plan, facts: tuple[Fact, ...]) -> pd.DataFrame:
    messages = session.messages
    return pd.DataFrame(
        [
            {
                messages("plan-column-where"): where_text(item, messages),
                messages("plan-column-visits"): item.visits,
                messages("plan-column-why"): escape_markdown(reason_text(item, facts, messages)),
                messages("plan-column-state"): state_text(session, item),
            }
            for item in plan.items
        ]
    )


def _draw_files(session: AppSession, plan: Plan) -> None:
    if not session.may(Permission.EXPORT_PLACES):
        return
    messages = session.messages
    for file_format, media_type in FORMATS.items():
        # Made when it is asked for, so that the audit log tells of downloads and not of looks.
        st.download_button(
            messages(f"plan-download-{file_format}"),
            partial(export_plan, plan.id, session.actor, session.clearance, messages, file_format=file_format),
            file_name=f"bila-mista-plan-{session.today.isoformat()}.{file_format}", mime=media_type,
            key=f"plan_{file_format}_{plan.id}", on_click="ignore",
        )  # fmt: skip


def _draw_item(session: AppSession, plan: Plan) -> None:
    """Draw one outing with what can be done about it."""
    messages = session.messages
    items = {item.id: item for item in plan.items}
    start = next((number for number, item in enumerate(plan.items) if item.state not in FINISHED), 0)
    places = {item.id: f"{number}. {where_text(item, messages)}" for number, item in enumerate(plan.items, 1)}
    # No state in the label: the field would go on showing the one from before a claim.
    chosen = st.selectbox(
        messages("plan-item"), list(items), index=start, key=f"plan_item_{plan.id}", format_func=places.__getitem__
    )
    item = items[str(chosen)]
    draw_messages("plan_item")
    if too_late := _too_late(item):
        st.warning(escape_markdown(messages.error(too_late)))
    if item.state in CLAIMABLE:
        _draw_claim(session, item)
    elif item.state is PlanItemState.CLAIMED:
        _draw_claimed(session, item)
    else:
        st.text(_finished_text(session, item))


def _too_late(item: PlanItem) -> ItemStateError | None:
    """Return why a button that was pressed is not drawn any more: another team was quicker."""
    pressed = {key for key in ("plan_claim", *CLOSING) if st.session_state.get(key)}
    if not pressed or (pressed == {"plan_claim"} and item.state in CLAIMABLE):
        return None
    if item.state in FINISHED:
        return ItemStateError("plan_item_finished", item)
    if item.state in CLAIMABLE:
        return ItemStateError("plan_item_not_claimed", item)
    return ItemStateError("plan_item_taken", item) if "plan_claim" in pressed else None


def _draw_claim(session: AppSession, item: PlanItem) -> None:
    messages = session.messages
    left, right = st.columns(2)
    team = left.number_input(messages("plan-team"), min_value=1, max_value=MAX_TEAM, step=1, key="plan_team",
                             help=messages("plan-team-help"))  # fmt: skip
    day = right.date_input(
        messages("plan-day"), value=session.today, min_value=session.today, format="DD.MM.YYYY", key="plan_day",
        max_value=session.today + timedelta(days=MAX_DAYS_AHEAD),
    )  # fmt: skip

    def claim() -> None:
        claim_item(session.store, item.id, session.actor, team=int(team), day=day, today=session.today)
        say("plan_item", messages("plan-claimed"))

    _button(session, "plan-claim", claim, primary=True)


def _draw_claimed(session: AppSession, item: PlanItem) -> None:
    messages = session.messages
    st.text(state_text(session, item))
    outcomes = {term.code: term.label.to(messages.language) for term in terms("vysledek_kontaktu", Scope.VISIT)}
    outcome = st.selectbox(
        messages("plan-outcome"), list(outcomes), index=None, format_func=outcomes.__getitem__,
        key=f"plan_outcome_{item.id}", placeholder=messages("choose"),
    )  # fmt: skip
    happened_on = st.date_input(
        messages("record-when"), value=min(item.day or session.today, session.today), format="DD.MM.YYYY",
        key=f"plan_happened_{item.id}",
    )  # fmt: skip

    def finish(with_outcome: str) -> None:
        # The same id however often the button is pressed: one visit.
        visit_id = st.session_state.setdefault(f"plan_visit_{item.id}", new_id())
        finish_item(
            session.store, item.id, session.actor, visit_id=visit_id, outcome=with_outcome, happened_on=happened_on,
            today=session.today,
        )  # fmt: skip
        say("plan_item", messages("plan-finished"))

    def give_back() -> None:
        give_back_item(session.store, item.id, session.actor)
        say("plan_item", messages("plan-given-back"))

    _button(session, "plan-finish", partial(finish, outcome or ""), primary=True)
    _button(session, "plan-nobody", partial(finish, NOBODY_OUTCOME))
    _button(session, "plan-give-back", give_back)
    _draw_known_visits(session, item)


def _draw_known_visits(session: AppSession, item: PlanItem) -> None:
    """Offer to close an outing with a visit that was noted elsewhere, at a place for example."""
    messages, name = session.messages, f"plan_known_{item.id}"
    page = session.store.visits.page_of_city_part(
        item.city_part, organisation_id=session.actor.organisation_id, after=key_after(name), limit=VISITS_OFFERED,
        since=session.today - timedelta(days=VISIT_AGE_DAYS),
    )  # fmt: skip
    visits = {visit.id: visit for visit in page.rows}
    if not visits and key_after(name) is None:
        return
    chosen = st.selectbox(
        messages("plan-known-visit"), list(visits), index=None, key=name,
        format_func=lambda key: _visit_text(messages, visits[key]), placeholder=messages("choose"),
    )  # fmt: skip
    draw_pages(messages, name, page)

    def finish() -> None:
        finish_with_visit(session.store, item.id, session.actor, str(chosen))
        say("plan_item", messages("plan-finished"))

    if chosen:
        _button(session, "plan-finish-known", finish)


def _visit_text(messages: Messages, visit: VisitRecord) -> str:
    label = vocabularies()["vysledek_kontaktu"].labels[visit.outcome].to(messages.language)
    return f"{messages.date(visit.happened_on)} · {label}"


def _finished_text(session: AppSession, item: PlanItem) -> str:
    state = state_text(session, item)
    if item.visit_id is None:
        return state
    return f"{state}: {_visit_text(session.messages, session.store.visits.get(item.visit_id))}"


def _draw_withdraw(session: AppSession, plan: Plan) -> None:
    messages = session.messages

    def withdraw() -> None:
        withdraw_plan(session.store, plan.id, session.actor)
        say("plan_saved", messages("plan-withdrawn"))

    sure = st.checkbox(messages("plan-withdraw-sure"), key=f"plan_sure_{plan.id}")
    if st.button(messages("plan-withdraw"), disabled=not sure, type="tertiary", key="plan_withdraw"):
        attempt(session, withdraw, "plan_saved")


def _button(session: AppSession, key: str, act: Callable[[], None], *, primary: bool = False) -> None:
    if st.button(session.messages(key), key=key.replace("-", "_"), type="primary" if primary else "secondary"):
        attempt(session, act, "plan_item")
