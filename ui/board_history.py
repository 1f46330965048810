"""Change over time: what the board would have said week by week, and which white spots were closed, by whom."""

from collections import Counter

import altair as alt
import pandas as pd
import streamlit as st

from actions.board import Board, board_steps
from actions.coverage_changes import MAX_WEEKS, ClosedWhiteSpot, closed_white_spots, open_white_spots
from domain.coverage import STATE_LABELS, CoverageState
from geo.boundaries import city_part_name
from layers.white_spots import LEGEND
from ui.plain import INK, escape_markdown, quiet_line
from ui.session import AppSession

DEFAULT_WEEKS = 26
_ORDER = (
    CoverageState.WHITE_SPOT,
    CoverageState.PROBABLE,
    CoverageState.CANNOT_TELL,
    CoverageState.KNOWN,
    CoverageState.OVER_COVERED,
)


def draw_history(session: AppSession, board: Board) -> None:
    """Draw how the states changed, and the white spots that were closed, to the day of the board."""
    messages = session.messages
    quiet_line(messages("board-history-what"))
    weeks = st.number_input(
        messages("board-history-weeks"), min_value=1, max_value=MAX_WEEKS, value=DEFAULT_WEEKS, key="board_weeks"
    )
    steps = board_steps(session.store, board, int(weeks))
    labels = {state: STATE_LABELS[state].to(messages.language) for state in _ORDER}
    rows = [
        {"day": pd.Timestamp(step.day), "state": labels[state], "count": count, "order": _ORDER.index(state)}
        for step in steps
        for state, count in Counter(step.states.values()).items()
    ]
    if rows:
        colours = {entry.value: entry.colour for entry in LEGEND}
        chart = (
            alt.Chart(pd.DataFrame(rows))
            .mark_bar()
            .encode(
                x=alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%-d. %-m. %Y", labelOverlap=True)),
                y=alt.Y("count:Q", title=None),
                color=alt.Color(
                    "state:N",
                    title=None,
                    scale=alt.Scale(
                        domain=[labels[state] for state in _ORDER], range=[colours[state.value] for state in _ORDER]
                    ),
                    legend=alt.Legend(orient="bottom", columns=2, labelLimit=400),
                ),
                order="order:Q",
            )
            .configure_axis(labelColor=INK)
            .configure_legend(labelColor=INK, offset=4)
        )
        quiet_line(messages("board-history-chart"))
        st.altair_chart(chart, height=340)
    closed = closed_white_spots(board.visits, board.organisations, steps)
    st.text("\n".join(_closed_text(session, one) for one in closed) or messages("board-history-none"))
    still = open_white_spots(steps)
    if still:
        st.markdown(f"**{escape_markdown(messages('board-history-open', count=len(still)))}**")
        lines = [
            messages(
                "board-history-open-line-before" if since == steps[0].day else "board-history-open-line",
                name=city_part_name(code),
                since=messages.date(since),
            )
            for code, since in still
        ]
        st.text("\n".join(lines))


def _closed_text(session: AppSession, one: ClosedWhiteSpot) -> str:
    """Say when and by whose visits a white spot was closed; organisations, never people."""
    messages = session.messages
    own = sum(count for name, count in one.organisations if name == session.actor.organisation_id)
    others = sum(count for name, count in one.organisations if name != session.actor.organisation_id)
    who = [messages("board-history-own", visits=own)] if own else []
    who += [messages("board-history-others", visits=others)] if others else []
    return messages(
        "board-history-before" if one.flagged_before else "board-history-closed",
        name=city_part_name(one.city_part),
        since=messages.date(one.flagged_on),
        closed=messages.date(one.closed_on),
        weeks=one.weeks,
        who=" ".join(who) or messages("board-history-nobody"),
    )
