"""The map of the page Bílá místa: the same colours as the list, linked with it both ways."""

from enum import StrEnum
from typing import Any

import streamlit as st

from actions.board import Board, NeedChoice, Tab
from actions.board_reader import BoardView, go_class, write_class
from geo.boundaries import boundaries
from layers.registry import get_layer
from layers.white_spots import LEGEND, WRITE_LEGEND
from ui.board_row import legend_html
from ui.map_component import draw_map, forget_token, session_token
from ui.session import AppSession

SELECTED = "board_selected"
CELLS = "board_cells"
FOCUS = "board_focus"
MAP = "board_map_component"
FROM = "board_from"
MARGIN_DEG = 0.02


class Place(StrEnum):
    """Where on the page a city part was chosen: what it rests on opens there."""

    TOP = "top"
    NEXT = "next"
    LIST = "list"


def selected_city_part(board: Board) -> str | None:
    """Return the code of the chosen city part, None where none is chosen."""
    code = st.session_state.get(SELECTED)
    return code if code in board.rows else None


def select(code: str | None, place: Place = Place.TOP) -> None:
    """Choose a city part: what it rests on opens at `place`, the map marks it and moves there."""
    st.session_state[SELECTED] = code
    st.session_state[FROM] = place.value
    st.session_state[CELLS] = False
    _focus(code, MARGIN_DEG)


def show_cells(code: str, *, inside: bool) -> None:
    """Show the cells of a city part, or all city parts again."""
    st.session_state[CELLS] = inside
    _focus(code if inside else None, 0.0)


def _focus(code: str | None, margin: float) -> None:
    """Move the map to a city part, to all Prague for None."""
    parts = boundaries().city_parts
    box = parts.geometry[code].bounds if code else parts.total_bounds
    sides = (-margin, -margin, margin, margin) if code else (0.0, 0.0, 0.0, 0.0)
    bbox = [round(float(edge) + side, 5) for edge, side in zip(box, sides, strict=True)]
    st.session_state[FOCUS] = {"seq": st.session_state.get(FOCUS, {"seq": 0})["seq"] + 1, "bbox": bbox}


def draw_board_map(
    session: AppSession, board: Board, tab: Tab, need: NeedChoice, view: BoardView, selected: str | None
) -> None:
    """Draw the map and its legend: city parts in their states, or the cells of the chosen one."""
    messages = session.messages
    inside = selected is not None and tab is Tab.GO and bool(st.session_state.get(CELLS, False))
    shows: dict[str, Any] = {
        "layers": ["white_spots"],
        "options": {"white_spots": {"tab": tab.value, "need": need.value, "view": view.name}},
    }
    if inside:
        shows = {
            "layers": ["visited_cells", "city_parts"],
            "options": {"visited_cells": {"city_part": selected, "view": view.name}},
        }
    with st.container(key="board_map"):
        draw_map(
            {
                "lang": messages.language.value,
                "token": session_token(session),
                "data_version": board.data_version,
                "selected": {"layer": "city_parts", "id": selected} if selected else None,
                "focus": st.session_state.get(FOCUS),
                "invented": session.training,
                "shows": shows,
            },
            on_click=_on_click,
            on_record=_nothing,
            on_renew=_on_renew,
            key=MAP,
        )
    if inside:
        layer = get_layer("visited_cells")
        st.html(legend_html(messages, layer.legend, note="board-cells-note"))
        return
    go = tab is Tab.GO
    present = set(map(go_class, board.rows.values())) if go else set(map(write_class, board.write_rows.values()))
    entries = [entry for entry in (LEGEND if go else WRITE_LEGEND) if entry.value in present]
    st.html(legend_html(messages, entries))


def _on_click() -> None:
    """Choose the city part that was clicked; the map stays where it is."""
    click = getattr(st.session_state.get(MAP), "click", None)
    if click and click.get("id") and click.get("layer") == "city_parts":
        if st.session_state.get(SELECTED) != str(click["id"]):
            st.session_state[CELLS] = False
        st.session_state[SELECTED] = str(click["id"])
        st.session_state[FROM] = Place.TOP.value


def _nothing() -> None:
    """Nothing is recorded on this map."""


def _on_renew() -> None:
    forget_token()
