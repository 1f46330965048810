"""The page Bílá místa: the three to go to next, the list and the map side by side, and what it all rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from actions.board import Board, BoardRow, Tab, WriteRow, make_board
from actions.board_reader import need_label
from api.assets import assets_base
from domain.coverage import LEFT_OUT_LABELS, LeftOut, LeftOutReason
from domain.errors import AppError
from domain.roles import Permission
from domain.vocabulary import vocabularies
from geo.boundaries import city_part_name
from ui import plan_panel
from ui.board_controls import (
    choose_filters,
    choose_question,
    chosen_view,
    draw_settings,
    filtered,
    filtered_write,
)
from ui.board_evidence import draw_evidence
from ui.board_history import draw_history
from ui.board_map import CELLS, FROM, Place, draw_board_map, select, selected_city_part, show_cells
from ui.board_row import PERSONS, go_html, month_text, say, state_text, write_html
from ui.board_top import top_sentence, top_sentence_write
from ui.localisation import Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession, current_session

LISTED = "board_listed"
PLANS = "board_plans"
ROWS_AT_FIRST = 12
TABLE_HEIGHT_PX = 620
NAME_WIDTH_PX = 170


def show_board(session: AppSession) -> None:
    """Draw the page; those who see no places see no board."""
    messages = session.messages
    st.html(f"<style>@import url('{assets_base()}/common/board.css');</style>")
    with st.container(key="board"):
        st.title(messages("page-board"), anchor=False)
        if not session.may(Permission.SEE_PLACES):
            st.text(messages("board-not-allowed"))
            return
        st.text(messages("board-what"))
        _board()


@st.fragment
def _board() -> None:
    session = current_session()
    messages = session.messages
    tab, need, as_of = choose_question(session)
    view = chosen_view(session, as_of)
    try:
        board = make_board(
            session.store, session.clearance, need=need, settings=view.settings, fringe=view.fringe,
            as_of=view.as_of, today=session.today,
        )  # fmt: skip
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return
    selected = selected_city_part(board)
    if view.as_of is not None:
        past = "board-as-of-past" if tab is Tab.GO else "board-as-of-past-write"
        st.info(escape_markdown(messages(past, date=messages.date(view.as_of))))
    label = need_label(need, session.store).to(messages.language)
    answer = top_sentence(messages, board, label) if tab is Tab.GO else top_sentence_write(messages, board)
    if answer:
        with st.container(key="board_answer"):
            st.text(answer)
    left, right = st.columns([11, 10], gap="medium")
    with right, st.container(key="board_map_area"):
        draw_board_map(session, board, tab, need, view, selected)
    with left:
        _draw_left(session, board, tab, selected)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What the chosen city part rests on; it opens where the city part was chosen, and once."""

    session: AppSession
    board: Board
    tab: Tab
    code: str | None

    def draw(self, place: Place, code: str | None = None) -> None:
        """Draw it if this is the place (and the row) where it belongs."""
        asked = Place(st.session_state.get(FROM, Place.TOP))
        if self.tab is not Tab.GO and asked is Place.NEXT:
            asked = Place.TOP
        if self.code is None or asked is not place or code not in {None, self.code}:
            return
        messages = self.session.messages
        with st.container(key="board_evidence", border=True):
            st.button(messages("board-close"), key="board_close", type="tertiary", on_click=select, args=(None,))
            draw_evidence(self.session, self.board, self.tab, self.code)
            if self.tab is Tab.GO:
                inside = bool(st.session_state.get(CELLS, False))
                st.button(
                    messages("board-step-cells-hide" if inside else "board-step-cells"), key="board_cells_switch",
                    on_click=show_cells, args=(self.code,), kwargs={"inside": not inside},
                )  # fmt: skip
                if st.session_state.get(PLANS, False):
                    plan_panel.draw(self.session, self.board, self.code)


def _draw_left(session: AppSession, board: Board, tab: Tab, selected: str | None) -> None:
    messages = session.messages
    evidence = _Evidence(session=session, board=board, tab=tab, code=selected)
    evidence.draw(Place.TOP)
    if tab is Tab.GO:
        if selected is None and st.session_state.get(PLANS, False):
            with st.container(key="board_plan_panel", border=True):
                plan_panel.draw(session, board, None)
        _draw_next(messages, board, evidence)
    _draw_rows(session, board, tab, evidence)
    _draw_left_out(messages, board)
    draw_settings(session, tab)
    if tab is Tab.GO and st.toggle(messages("board-history"), key="board_history"):
        draw_history(session, board)
    quiet_line(messages("board-internal"))


def _draw_next(messages: Messages, board: Board, evidence: _Evidence) -> None:
    """Draw the three to go to next, and with which of the small ones to begin."""
    if not board.next_three:
        return
    heading(messages("board-next-cold" if board.cold_start else "board-next"))
    if board.cold_start:
        st.text(messages("board-next-cold-why-some" if _has_visits(board) else "board-next-cold-why"))
    for number, code in enumerate(board.next_three, start=1):
        row = board.rows[code]
        with st.container(key=f"board_next_{number}"):
            label = messages("board-next-number", number=number, name=row.name)
            _name_button(label, code, Place.NEXT, key=f"board_go_{code}")
            st.html(go_html(messages, board, row))
        evidence.draw(Place.NEXT, code)
    if board.joint_sentence is None:
        return
    with st.container(key="board_next_small"):
        st.text(say(messages, board.joint_sentence))
        if board.joint is not None:
            with st.expander(messages("board-joint-which"), key="board_joint_which"):
                st.text(", ".join(city_part_name(code) for code in board.joint.codes))
        if board.small is not None:
            row = board.rows[board.small]
            label = messages("board-small", name=row.name)
            _name_button(label, row.code, Place.NEXT, key="board_go_small")
            st.html(go_html(messages, board, row))
    if board.small is not None:
        evidence.draw(Place.NEXT, board.small)


def _has_visits(board: Board) -> bool:
    return bool(board.attention.units["visits"].any())


def _name_button(label: str, code: str, place: Place, *, key: str) -> None:
    st.button(escape_markdown(label), key=key, type="tertiary", on_click=select, args=(code, place))


def _draw_rows(session: AppSession, board: Board, tab: Tab, evidence: _Evidence) -> None:
    """Draw the list or the table of the city parts that fit the filters."""
    messages = session.messages
    heading(messages("board-list"))
    if tab is Tab.GO and board.cold_start:
        title = messages("board-cold-some" if _has_visits(board) else "board-cold")
        st.markdown(f"**{escape_markdown(title)}**")
        st.text(messages("board-cold-text"))
    filters = choose_filters(session, tab)
    as_table = st.radio(
        messages("board-view"), [False, True], key="board_as_table", horizontal=True,
        format_func=lambda table: messages("board-view-table" if table else "board-view-list"),
    )  # fmt: skip
    rows: Sequence[BoardRow | WriteRow]
    if tab is Tab.GO:
        rows = filtered(board.rows.values(), filters)
    else:
        rows = filtered_write(board.write_rows.values(), filters)
        if not any(row.write for row in board.write_rows.values()):
            st.text(messages("board-write-nobody"))
    shown = rows if as_table or st.session_state.get(LISTED, False) else rows[:ROWS_AT_FIRST]
    if as_table or evidence.code not in {row.code for row in shown}:
        evidence.draw(Place.LIST)
    if not rows:
        st.text(messages("board-list-empty"))
        return
    if as_table:
        _draw_table(messages, board, rows)
        return
    quiet_line(messages("board-list-count", shown=len(shown), all=len(rows)))
    for row in shown:
        chosen = "_chosen" if row.code == evidence.code else ""
        with st.container(key=f"board_row_{row.code}{chosen}"):
            _name_button(row.name, row.code, Place.LIST, key=f"board_pick_{row.code}")
            html = go_html(messages, board, row) if isinstance(row, BoardRow) else write_html(messages, row)
            st.html(html)
        evidence.draw(Place.LIST, row.code)
    if len(shown) < len(rows):
        st.button(messages("board-list-more"), key="board_more", on_click=_list_all)


def _list_all() -> None:
    st.session_state[LISTED] = True


def _draw_table(messages: Messages, board: Board, rows: Sequence[BoardRow | WriteRow]) -> None:
    """Draw the same as a table; a city part is chosen by keyboard in the field above it."""
    codes = [row.code for row in rows]

    def choose() -> None:
        if st.session_state.get("board_choose"):
            select(st.session_state["board_choose"], Place.LIST)

    st.selectbox(
        messages("board-choose"), codes, index=None, key="board_choose", format_func=city_part_name,
        placeholder=messages("choose"), on_change=choose,
    )  # fmt: skip
    frame = pd.DataFrame([_cells_of(messages, board, row) for row in rows])
    columns: dict[str, Any] = {
        str(name): st.column_config.NumberColumn(format="localized") for name in frame.select_dtypes("number")
    }
    columns[messages("board-col-city-part")] = st.column_config.TextColumn(pinned=True, width=NAME_WIDTH_PX)
    st.dataframe(
        frame, hide_index=True, width="stretch", height=TABLE_HEIGHT_PX, column_config=columns, placeholder="–"
    )


def _cells_of(messages: Messages, board: Board, row: BoardRow | WriteRow) -> dict[str, str | float | None]:
    """Return a row of the table; shares over citizens stand in that of "komu napsat" alone."""
    statuses = vocabularies()["stav_spoluprace"].labels
    head: dict[str, str | float | None] = {
        messages("board-col-city-part"): row.name,
        messages("board-col-district"): messages("board-district-number", number=row.admin_district),
        messages("board-col-state"): state_text(messages, row),
    }
    says = {messages("board-col-sentence"): say(messages, row.sentence)}
    if isinstance(row, WriteRow):
        share = None if row.share_pct is None else round(row.share_pct, 1)
        contact = statuses[row.contact_status].to(messages.language)
        return {**head, messages("board-col-share"): share, messages("board-col-contact"): contact, **says}
    known, answer = row.knowledge, row.answer
    digits = 0 if board.choice.kind in PERSONS else 2
    return {
        **head,
        messages("board-col-certainty"): min(99, round(100 * row.certainty)) if row.certainty else None,
        messages("board-col-need"): row.need.value,
        messages("board-col-gap"): None if board.cold_start else round(row.people_in_gap, digits),
        messages("board-col-visits"): known.visits,
        messages("board-col-last"): month_text(messages, known.last_month),
        messages("board-col-cells"): f"{known.visited_cells} / {known.cells}",
        messages("board-col-services"): answer.services,
        messages("board-col-contact"): statuses[answer.contact_status].to(messages.language),
        **says,
    }


def _draw_left_out(messages: Messages, board: Board) -> None:
    """Say in plain words which visits and figures were not counted, and why."""
    if not board.left_out:
        return
    total = sum(item.total for item in board.left_out)
    with st.expander(f"{messages('board-left-out')}: {messages.number(total)}", key="board_left_out"):
        for item in board.left_out:
            st.text(left_out_text(messages, item))


def left_out_text(messages: Messages, item: LeftOut) -> str:
    """Return one line on what was left out; codes of city parts are written as their names."""
    of_need = item.reason.value.startswith("need_")
    examples = [city_part_name(code) if of_need else code for code in item.examples]
    if item.reason in {LeftOutReason.FUTURE, LeftOutReason.BEFORE_2000}:
        examples = [messages.date(pd.Timestamp(text).date()) for text in examples]
    where = messages("board-left-out-need" if of_need else "board-left-out-visits")
    reason = f"{where}: {LEFT_OUT_LABELS[item.reason].to(messages.language)}"
    total = messages.number(item.total)
    if not any(examples):
        return messages("board-left-out-line-plain", reason=reason, total=total)
    return messages("board-left-out-line", reason=reason, total=total, examples=", ".join(filter(None, examples)))
