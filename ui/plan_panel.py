"""What if, and plans of outings: the part of Bílá místa that says what to do next."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st
from babel.dates import format_date

from actions.board_model import Board
from actions.outing_choice import Fact, Suggestion, choice_facts, suggest_outings
from actions.plans import Standing, WhatIfRow, ask_what_if, save_plan, under_way
from actions.record_place import PersonalDataSuspected
from api.plans import reason_text, where_text
from domain.coverage import STATE_LABELS, NeedKind
from domain.errors import AppError
from domain.plans import CRITERIA, MAX_OUTINGS, MAX_VISITS, TITLE_MAX_LENGTH, PlanDraft, UnderWay
from domain.roles import Permission
from domain.vocabulary import Scope, terms
from geo.boundaries import city_part_name
from ui import plan_items
from ui.board_row import PERSONS, probability_text
from ui.localisation import Messages
from ui.panel_state import new_id
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

DEFAULT_VISITS = 2
DEFAULT_OUTINGS = 3
SUGGESTED = "plan_suggested"
PERSONAL = "plan_personal"


def draw(session: AppSession, board: Board, selected_city_part: str | None = None) -> None:
    """Draw "what if" for a city part, who goes where, a new plan, and the saved ones.

    Parameters
    ----------
    board
        The board that is shown: its attention and coverage are what everything is worked out from.
    selected_city_part
        Code of the city part that is chosen on the board; the first of the next three where None.
    """
    if not session.may(Permission.SEE_PLACES):
        return
    going = under_way(session.store, session.actor.organisation_id, today=session.today)
    _draw_what_if(session, board, selected_city_part, going)
    _draw_under_way(session.messages, going)
    facts = choice_facts(session.store, session.clearance)
    if session.may(Permission.RECORD_VISIT):
        _draw_new_plan(session, board, facts)
    plan_items.draw_saved(session, facts)


def going_text(messages: Messages, one: UnderWay) -> str:
    """Return "somebody goes, Thursday 26. 11. 2026": never who."""
    weekday = format_date(one.day, format="EEEE", locale=messages.language.value)
    key = "plan-going-own" if one.own else "plan-going"
    return messages(key, weekday=weekday, date=messages.date(one.day))


def _draw_what_if(
    session: AppSession, board: Board, selected: str | None, going: tuple[UnderWay, ...]
) -> None:  # fmt: skip
    messages = session.messages
    heading(messages("plan-what-if"))
    codes: list[str] = board.coverage.units.index.tolist()
    if not codes:
        st.text(messages("plan-no-need"))
        return
    start = next((code for code in (selected, *board.next_three) if code in codes), codes[0])
    left, right = st.columns(2)
    # A key of its own for each choice on the board: another row chosen there is chosen here too.
    code = left.selectbox(
        messages("plan-what-if-where"), codes, index=codes.index(start), format_func=city_part_name,
        key=f"plan_what_if_{selected}",
    )  # fmt: skip
    visits = right.number_input(
        messages("plan-what-if-visits"), min_value=1, max_value=MAX_VISITS, value=DEFAULT_VISITS, step=1,
        key="plan_what_if_visits",
    )  # fmt: skip
    try:
        answer = ask_what_if(board.attention, board.coverage, {str(code): int(visits)})
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return
    for row in answer.rows:
        for line in what_if_lines(messages, row, board.choice.kind, board.coverage.settings.min_expected):
            st.text(line)
    if answer.others:
        changes = ", ".join(
            f"{city_part_name(row.city_part)} ({_state(messages, row.before)} → {_state(messages, row.after)})"
            for row in answer.others
        )
        st.text(messages("plan-what-if-others", changes=changes))
    for one in going:
        if one.city_part == code:
            st.text(going_text(messages, one))
    quiet_line(messages("plan-what-if-note"))


def what_if_lines(messages: Messages, row: WhatIfRow, kind: NeedKind, min_expected: float) -> list[str]:
    """Return before and after in plain words: state, certainty, people in the gap, attention."""
    before, after = row.before, row.after
    name = city_part_name(row.city_part)
    states = {"before": _state(messages, before), "after": _state(messages, after)}
    same = before.state is after.state
    lines = [
        messages("plan-what-if-same" if same else "plan-what-if-changed", city_part=name, visits=row.visits, **states)
    ]
    if same and after.certainty == 0 and after.expected < min_expected:
        lines.append(
            messages(
                "plan-what-if-too-small",
                expected=messages.number(after.expected, 1),
                least=messages.number(min_expected, 1),
            )
        )
    lines.append(
        messages(
            "plan-what-if-low",
            before=probability_text(messages, before.p_low),
            after=probability_text(messages, after.p_low),
        )
    )
    sure = (_certainty(messages, before), _certainty(messages, after))
    lines.append(messages("plan-what-if-certainty", before=sure[0], after=sure[1]))
    digits = 0 if kind in PERSONS else 2
    gap = "plan-what-if-gap" if kind in PERSONS else "plan-what-if-gap-units"
    lines.append(
        messages(
            gap,
            before=messages.number(before.people_in_gap, digits),
            after=messages.number(after.people_in_gap, digits),
        )
    )
    if row.added < row.visits:
        lines.append(messages("plan-what-if-full", visits=row.visits, added=messages.number(row.added, 1)))
    return lines


def _state(messages: Messages, standing: Standing) -> str:
    return STATE_LABELS[standing.state].to(messages.language)


def _certainty(messages: Messages, standing: Standing) -> str:
    return probability_text(messages, standing.certainty) if standing.certainty else messages("plan-nothing-said")


def _draw_under_way(messages: Messages, going: tuple[UnderWay, ...]) -> None:
    heading(messages("plan-under-way"))
    if not going:
        st.text(messages("plan-under-way-empty"))
    for one in going:
        st.text(f"{city_part_name(one.city_part)}: {going_text(messages, one)}")
    quiet_line(messages("plan-under-way-note"))


def _draw_new_plan(session: AppSession, board: Board, facts: tuple[Fact, ...]) -> None:
    messages = session.messages
    heading(messages("plan-new"))
    by_cell = st.radio(
        messages("plan-unit"), [False, True], key="plan_by_cell", horizontal=True,
        format_func=lambda cells: messages("plan-unit-cells" if cells else "plan-unit-city-parts"),
    )  # fmt: skip
    left, right = st.columns(2)
    outings = left.number_input(
        messages("plan-outings"), min_value=1, max_value=MAX_OUTINGS, value=DEFAULT_OUTINGS, step=1, key="plan_outings"
    )
    visits = 1
    if not by_cell:
        visits = right.number_input(
            messages("plan-visits"), min_value=1, max_value=MAX_VISITS, value=DEFAULT_VISITS, step=1, key="plan_visits"
        )
    codes = board.coverage.units.index.tolist()
    # What the board says on top is what is planned, unless somebody chooses otherwise.
    kept = st.session_state.get("plan_among", board.next_three)
    st.session_state["plan_among"] = [code for code in kept if code in codes]
    among = st.multiselect(
        messages("plan-among"), codes, format_func=city_part_name, key="plan_among",
        placeholder=messages("plan-among-all"), help=messages("plan-among-help"),
    )  # fmt: skip

    def suggest() -> None:
        found = suggest_outings(
            board.attention, board.coverage, facts, outings=int(outings), visits=int(visits),
            among=tuple(among) or None, by_cell=bool(by_cell),
        )  # fmt: skip
        suggested = {"id": new_id(), "need": board.choice.value, "kind": board.choice.kind, "found": found}
        st.session_state[SUGGESTED] = suggested
        st.session_state.pop(PERSONAL, None)

    if st.button(messages("plan-suggest"), key="plan_suggest"):
        plan_items.attempt(session, suggest, "plan_new")
    if SUGGESTED in st.session_state:
        _draw_suggested(session, st.session_state[SUGGESTED])
    plan_items.draw_messages("plan_new")


def _draw_suggested(session: AppSession, suggested: dict[str, Any]) -> None:
    messages = session.messages
    found: tuple[Suggestion, ...] = suggested["found"]
    if not found:
        st.text(messages("plan-nothing-gains"))
        return
    labels = {term.code: term.label.to(messages.language) for term in terms(CRITERIA, Scope.OUTING)}
    persons = suggested["kind"] in PERSONS
    chosen: dict[str, list[str]] = {}
    for number, suggestion in enumerate(found, start=1):
        item = suggestion.item
        st.text(f"{number}. {where_text(item, messages)}: {messages('plan-visit-count', count=item.visits)}")
        why = messages("plan-why", reasons=reason_text(item, suggestion.facts, messages))
        quiet_line(f"{gain_text(messages, suggestion, persons=persons)} {why}")
        chosen[item.id] = st.multiselect(
            messages("plan-reasons-of", where=city_part_name(item.city_part)), list(labels), list(item.reasons),
            format_func=labels.__getitem__, key=f"plan_reasons_{item.id}", placeholder=messages("choose"),
            label_visibility="collapsed",
        )  # fmt: skip
    quiet_line(messages("plan-suggested-note"))
    title = st.text_input(
        messages("plan-title"), key=f"plan_title_{suggested['id']}", help=messages("plan-title-help"),
        placeholder=messages("plan-untitled", date=messages.date(session.today)), max_chars=TITLE_MAX_LENGTH,
    )  # fmt: skip
    draft = _draft(suggested, chosen, title)
    if st.button(messages("plan-save"), type="primary", key="plan_save"):
        plan_items.attempt(session, _saver(session, draft), "plan_new")
    if PERSONAL in st.session_state:
        st.warning(escape_markdown(messages("record-personal", found=", ".join(st.session_state[PERSONAL]))))
        accepted = _saver(session, draft, accept_personal=True)
        if st.button(messages("record-personal-save"), key="plan_save_personal"):
            plan_items.attempt(session, accepted, "plan_new")


def gain_text(messages: Messages, suggestion: Suggestion, *, persons: bool) -> str:
    """Return what the outing changes at once, and what the way changes of which it is the beginning."""
    item, outing = suggestion.item, suggestion.outing
    digits = 0 if persons else 2
    lines = []
    if round(item.gain, digits) > 0:
        key = "plan-gain" if persons else "plan-gain-units"
        lines.append(messages(key, gain=messages.number(item.gain, digits)))
    if outing.way_visits > item.visits:
        before, after = (messages.percent(min(99, 100 * p), 0) for p in (outing.p_low_before, outing.p_low_way))
        lines.append(messages("plan-way", visits=outing.way_visits, before=before, after=after))
    if outing.by_way:
        lines.append(messages("plan-by-way"))
    return " ".join(lines)


def _draft(suggested: dict[str, Any], chosen: dict[str, list[str]], title: str) -> PlanDraft:
    items = tuple(
        replace(suggestion.item, reasons=tuple(chosen[suggestion.item.id])) for suggestion in suggested["found"]
    )
    return PlanDraft(id=suggested["id"], title=title, need=suggested["need"], items=items)


def _saver(session: AppSession, draft: PlanDraft, *, accept_personal: bool = False) -> Callable[[], None]:
    def save() -> None:
        try:
            plan = save_plan(session.store, draft, session.actor, accept_personal=accept_personal)
        except PersonalDataSuspected as question:
            st.session_state[PERSONAL] = question.found
            return
        st.session_state.pop(SUGGESTED, None)
        st.session_state.pop(PERSONAL, None)
        st.session_state["plan_chosen"] = plan.id
        plan_items.say("plan_new", session.messages("plan-saved"))

    return save
