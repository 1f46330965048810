"""The page Mapa: the map, the panel beside it, and what a click does."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from domain.errors import AppError
from domain.geometry import LonLat
from domain.roles import Permission
from ui import area_panel, city_part_panel, feature_panel, place_panel, record_form
from ui.form_ahead import draw_form, give_back, next_draft_id, start_ahead
from ui.map_component import draw_map, forget_token, session_token
from ui.panel_state import CLOSED, Panel, PanelKind, SetPanel, panel_for_click
from ui.plain import escape_markdown
from ui.session import AppSession, current_session

_DRAWERS = {
    PanelKind.SAVED: record_form.draw_saved,
    PanelKind.CITY_PART: city_part_panel.draw,
    PanelKind.PLACE: place_panel.draw,
    PanelKind.VISIT: record_form.draw_visit,
    PanelKind.AREA: area_panel.draw,
    PanelKind.EDIT: record_form.draw_edit,
    PanelKind.FEATURE: feature_panel.draw,
}


def current_panel() -> Panel:
    """Return what the panel shows in this session."""
    panel = st.session_state.get("panel", CLOSED)
    return panel if isinstance(panel, Panel) else CLOSED


def set_panel(panel: Panel) -> None:
    """Show `panel` from the next drawing on."""
    st.session_state["panel"] = panel


def _triggered(name: str) -> dict[str, Any] | None:
    value = getattr(st.session_state.get("map"), name, None)
    return dict(value) if value else None


def _on_click() -> None:
    click = _triggered("click")
    if click and _stays_open(click):
        set_panel(panel_for_click(click, current_panel(), draft_id=next_draft_id()))


def _on_record() -> None:
    asked = _triggered("record") or {}
    if not _stays_open(asked):
        return
    position = LonLat(lon=asked["lon"], lat=asked["lat"]) if asked.get("lon") is not None else None
    panel = current_panel()
    # A form that is open keeps what was typed; only its point moves.
    goes_on = panel.kind is PanelKind.RECORD
    set_panel(
        Panel(
            kind=PanelKind.RECORD,
            position=position or (panel.position if goes_on else None),
            draft_id=panel.draft_id if goes_on else next_draft_id(),
            seq=int(asked.get("seq") or 0),
        )
    )
    if position:
        margin = 0.004
        bbox = [position.lon - margin, position.lat - margin, position.lon + margin, position.lat + margin]
        st.session_state["focus"] = {"seq": st.session_state.get("focus", {}).get("seq", 0) + 1, "bbox": bbox}


def _on_renew() -> None:
    forget_token()


def _on_close() -> None:
    closing = _triggered("close")
    # What opened the panel after it has done this too.
    if closing and not any(_is_after(_triggered(name), closing) for name in ("click", "record")):
        _close(closing)


def _stays_open(opening: dict[str, Any]) -> bool:
    """Return whether what opens the panel was not followed by a close in the same run; one before it is done first.

    Streamlit calls back by name, not by what came first.
    """
    closing = _triggered("close")
    if closing and _is_after(opening, closing):
        _close(closing)
    return not (closing and _is_after(closing, opening))


def _is_after(one: dict[str, Any] | None, other: dict[str, Any]) -> bool:
    return one is not None and int(one.get("seq") or 0) > int(other.get("seq") or 0)


def _close(closing: dict[str, Any]) -> None:
    give_back(current_panel(), untouched=bool(closing.get("untouched")))
    set_panel(CLOSED)


def component_data(session: AppSession, panel: Panel) -> dict[str, Any]:
    """Return what the map is told on a rerun; small, as it travels through the websocket: nothing false is sent."""
    is_form = panel.kind in {PanelKind.RECORD, PanelKind.EDIT}
    shows_draft = is_form and panel.position is not None
    position = panel.position
    return {
        "lang": session.messages.language.value,
        "token": session_token(session),
        "data_version": session.store.data_version(),
        "draft": {"lon": position.lon, "lat": position.lat} if shows_draft and position else None,
        "selected": {"layer": panel.layer, "id": panel.id} if panel.id else None,
        "focus": st.session_state.get("focus"),
        "invented": session.training,
        "panel": panel.is_open,
        "read_only": not session.may(Permission.RECORD_PLACE),
        "moves_point": panel.kind is PanelKind.RECORD,
    }


@st.fragment
def _map_and_panel() -> None:
    session = current_session()
    panel = current_panel()
    draw_map(
        component_data(session, panel), on_click=_on_click, on_record=_on_record, on_renew=_on_renew,
        on_close=_on_close, on_prepare=start_ahead,
    )  # fmt: skip
    # Two blocks that never change places: the form of a new place, and everything else.
    records = panel.kind is PanelKind.RECORD
    with st.container(key="detail_panel" if panel.is_open and not records else "detail_panel_closed"):
        if panel.is_open and not records:
            _draw_panel(session, _DRAWERS[panel.kind], panel)
    with st.container(key="record_form"):
        _draw_panel(session, draw_form, panel)


def _draw_panel(session: AppSession, draw: Callable[[AppSession, Panel, SetPanel], None], panel: Panel) -> None:
    try:
        draw(session, panel, set_panel)
    except AppError as error:
        for sentence in session.messages.sentences(error):
            st.warning(escape_markdown(sentence))


def _first_run_note(session: AppSession) -> None:
    # Whoever may not change settings has nothing to close: the first who may closes it for all.
    if session.store.settings.get("first_run_seen", default=False) or not session.may(Permission.CHANGE_SETTINGS):
        return
    messages = session.messages
    with st.container(key="first_run"):
        st.subheader(messages("first-run-title"))
        st.text(messages("first-run-what"))
        st.text(messages("first-run-how"))
        st.text(messages("first-run-where"))

        def close() -> None:
            session.store.settings.set("first_run_seen", value=True, actor=session.actor)

        st.button(messages("first-run-close"), type="primary", on_click=close)


def show_map(*, record: bool = False) -> None:
    """Draw the page; with `record` the form is open, without a position where none was chosen."""
    session = current_session()
    panel = current_panel()
    came_to_record = record and not st.session_state.get("record_page", False)
    st.session_state["record_page"] = record
    if came_to_record and panel.kind is not PanelKind.RECORD:
        set_panel(Panel(kind=PanelKind.RECORD, draft_id=next_draft_id()))
    _map_and_panel()
    # After the map: what comes and goes before it would move it in the page and mount it anew.
    _first_run_note(session)
