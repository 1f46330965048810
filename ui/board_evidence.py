"""What a row of the board rests on: which records, which dataset, which date, which denominator; and the next step."""

import pandas as pd
import streamlit as st

from actions.board import Board, BoardRow, Tab, WriteRow
from actions.board_reader import need_label
from domain.coverage import NeedKind, StatedBy
from domain.roles import Permission
from domain.vocabulary import vocabularies
from geo.places_data import services_in
from layers._public import dataset
from layers._view import source_line
from ui.board_row import PERSONS, certainty_text, gap_text, month_text, probability_text, say, state_text
from ui.contact_panel import draw_contact
from ui.links import link_to
from ui.list_pages import draw_pages, key_after, list_block
from ui.localisation import Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

RECORDS_SHOWN = 20
_CONTACT_SOURCES = {
    StatedBy.OWN: "board-evidence-contact-own",
    StatedBy.OTHERS: "board-evidence-contact-others",
    StatedBy.PUBLISHED: "board-evidence-contact-source",
    StatedBy.NOBODY: "board-evidence-contact-source",
}


def draw_evidence(session: AppSession, board: Board, tab: Tab, code: str) -> None:
    """Draw what the row of a city part rests on, and what to do next."""
    messages = session.messages
    row = board.rows[code]
    heading(messages("board-evidence", name=row.name))
    if tab is Tab.WRITE:
        _draw_write(messages, board, board.write_rows[code])
        _draw_answer(messages, row)
        _label(messages, "contact-title")
        draw_contact(session, code, as_of=board.as_of if board.as_of < board.today else None)
    else:
        _draw_state(messages, board, row)
        _draw_need(session, board, row)
        _draw_knowledge(session, board, row)
        _draw_answer(messages, row)
    _draw_steps(session, tab, code)


def _label(messages: Messages, key: str) -> None:
    st.markdown(f"**{escape_markdown(messages(key))}**")


def _draw_state(messages: Messages, board: Board, row: BoardRow) -> None:
    _label(messages, "board-evidence-state")
    said = f"{state_text(messages, row)}, {certainty_text(messages, row)}."
    st.text(f"{said[0].upper()}{said[1:]} {say(messages, row.sentence)}")
    if row.need.value is None:
        return
    settings = board.coverage.settings
    zero = messages(
        f"board-evidence-zero-{row.zero_evidence.value.replace('_', '-')}",
        least=messages.number(settings.min_expected, 1),
    )
    if not board.cold_start:
        st.text(
            messages(
                "board-evidence-theta",
                mean=messages.number(row.mean, 2),
                interval=messages.percent(100 * settings.interval, 0),
                low=messages.number(row.low, 2),
                high=messages.number(row.high, 2),
            )
        )
        st.text(
            messages(
                "board-evidence-low",
                ratio=messages.number(settings.low_ratio, 1),
                value=probability_text(messages, row.p_low),
            )
        )
        gap = gap_text(messages, board, row)
        st.text(f"{gap[0].upper()}{gap[1:]}.")
        need = messages.number(row.need.value, 0 if board.choice.kind in PERSONS else 1)
        quiet_line(messages("board-evidence-gap-how", need=need, mean=messages.number(row.mean, 2)))
    quiet_line(zero)


def _draw_need(session: AppSession, board: Board, row: BoardRow) -> None:
    messages = session.messages
    _label(messages, "board-evidence-need")
    if board.choice.kind is NeedKind.EQUAL:
        st.text(messages("board-evidence-need-equal"))
        return
    value = messages("board-need-none")
    if row.need.value is not None:
        value = messages.number(row.need.value, 0 if board.choice.kind in PERSONS else 1)
    label = need_label(board.choice, session.store).to(messages.language)
    st.text(messages("board-evidence-need-value", label=label, value=value))
    st.text(messages(f"board-need-{row.need.level or 'none'}"))
    if board.need_info is not None:
        quiet_line(source_line(board.need_info, messages.language))


def _draw_knowledge(session: AppSession, board: Board, row: BoardRow) -> None:
    messages, known = session.messages, row.knowledge
    _label(messages, "board-evidence-knowledge")
    lines = [messages("board-evidence-visits", visits=known.visits)]
    if known.visits:
        lines.append(messages("board-evidence-organisations", count=known.organisations))
        lines.append(
            messages(
                "board-evidence-cells",
                visited=known.visited_cells,
                cells=known.cells,
                months=known.cell_months,
                month=month_text(messages, known.last_month),
            )
        )
    lines.append(messages("board-evidence-places", count=known.places))
    if known.declared:
        lines.append(messages("board-evidence-declared", count=len(known.declared)))
    st.text(" ".join(lines))
    observed, expected = messages.number(known.observed, 1), messages.number(known.expected, 1)
    st.text(messages("board-evidence-attention", observed=observed, expected=expected))
    if row.need.value is not None:
        share = row.need.value / float(board.coverage.units["need"].sum())
        total, percent = messages.number(board.coverage.total_observed, 1), messages.percent(100 * share, 1)
        quiet_line(messages("board-evidence-expected-how", total=total, share=percent, expected=expected))
    settings = board.coverage.settings
    quiet_line(
        messages(
            "board-evidence-attention-how",
            half=messages.number(settings.half_life_months, 0),
            saturation=messages.number(settings.cell_saturation, 0 if settings.cell_saturation % 1 == 0 else 1),
        )
    )
    _draw_records(session, row.code)


def _draw_records(session: AppSession, code: str) -> None:
    """Draw the own organisation's visits; those of others are only counted."""
    messages = session.messages
    visits, own, name = session.store.visits, session.actor.organisation_id, f"board_records_{code}"
    count, _ = visits.count_in_city_part(code, organisation_id=own)
    with (
        list_block(name),
        st.expander(f"{messages('board-evidence-records')}: {messages.number(count)}", key=name),
    ):
        if not count:
            st.text(messages("board-evidence-records-none"))
            return
        page = visits.page_of_city_part(code, organisation_id=own, after=key_after(name), limit=RECORDS_SHOWN)
        outcomes = vocabularies()["vysledek_kontaktu"].labels
        table = pd.DataFrame(
            {
                messages("board-evidence-record-day"): [messages.date(visit.happened_on) for visit in page.rows],
                messages("board-evidence-record-outcome"): [
                    outcomes[visit.outcome].to(messages.language) for visit in page.rows
                ],
                messages("board-evidence-record-recorded"): [messages.date(visit.created_at) for visit in page.rows],
            }
        )
        st.table(table, hide_index=True)
        draw_pages(messages, name, page)


def _draw_answer(messages: Messages, row: BoardRow) -> None:
    _label(messages, "board-evidence-answer")
    answer = row.answer
    names = ", ".join(str(name) for name in services_in(row.code)["name"]) if answer.services else ""
    st.text(messages("board-evidence-services", count=answer.services, names=names))
    if answer.nearest_km is not None:
        st.text(messages("board-evidence-nearest", name=answer.nearest_name, km=messages.number(answer.nearest_km, 1)))
    quiet_line(source_line(dataset("services"), messages.language))
    status = vocabularies()["stav_spoluprace"].labels[answer.contact_status].to(messages.language)
    if answer.contact_on is None:
        st.text(messages("board-evidence-contact", status=status))
    else:
        st.text(messages("board-evidence-contact-on", status=status, date=messages.date(answer.contact_on)))
    quiet_line(messages(_CONTACT_SOURCES[answer.stated_by]))


def _draw_write(messages: Messages, board: Board, row: WriteRow) -> None:
    _label(messages, "board-evidence-state")
    state, threshold = state_text(messages, row), board.fringe.settings.threshold_pct
    st.text(f"{state[0].upper()}{state[1:]}. {say(messages, row.sentence)}")
    st.text(messages("board-evidence-threshold", threshold=messages.number(threshold, 0 if threshold % 1 == 0 else 1)))
    quiet_line(messages("board-evidence-share-how"))
    quiet_line(source_line(board.fringe.measure.info, messages.language))


def _draw_steps(session: AppSession, tab: Tab, code: str) -> None:
    messages = session.messages
    _label(messages, "board-step")
    with st.container(horizontal=True, vertical_alignment="center"):
        page = "board-step-letter" if tab is Tab.WRITE else "board-step-page"
        link_to("mestske-casti", messages, messages(page), mc=code)
        if tab is Tab.GO and session.may(Permission.RECORD_VISIT):
            st.button(messages("board-step-plan"), on_click=_open_plans, key="board_plan", type="primary")
        if tab is Tab.GO and session.may(Permission.RECORD_PLACE):
            link_to("zaznamenat", messages, messages("board-step-record"))


def _open_plans() -> None:
    st.session_state["board_plans"] = True
