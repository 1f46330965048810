"""The form of a new place, drawn before anybody asks for it and hidden: a click only has to show it.

Most of the time from a click to an open form is the page's first drawing of a dozen elements. The map asks for them
once it has been painted, and its click shows them at once; where the point lies is said a moment later.
"""

import streamlit as st

from domain.roles import Permission
from ui.panel_state import Panel, PanelKind, SetPanel, new_id
from ui.record_form import draw_new, is_unfolded
from ui.session import AppSession

# Id of the record that the waiting form will make; id of the record whose form was open last.
AHEAD, OPENED = "form_ahead", "form_opened"


def start_ahead() -> None:
    """Have the form stand ready from the next drawing on."""
    st.session_state.setdefault(AHEAD, new_id())


def next_draft_id() -> str:
    """Return the id of the record that the next form makes: the waiting form's, where one waits."""
    ahead = st.session_state.get(AHEAD)
    return str(ahead) if ahead and ahead != st.session_state.get(OPENED) else new_id()


def give_back(panel: Panel, *, untouched: bool) -> None:
    """Let the form that is being closed wait for the next click, if nothing was done to it."""
    if untouched and AHEAD in st.session_state and panel.kind is PanelKind.RECORD and not is_unfolded(panel):
        st.session_state[AHEAD] = panel.draft_id
        st.session_state.pop(OPENED, None)


def draw_form(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form that `panel` opens, else the one that waits, if any."""
    if panel.kind is PanelKind.RECORD:
        st.session_state[OPENED] = panel.draft_id
        draw_new(session, panel, set_panel)
    elif AHEAD in st.session_state and session.may(Permission.RECORD_PLACE):
        # A form that was open is never shown again: its record may have been saved, its text was thrown away.
        st.session_state[AHEAD] = next_draft_id()
        draw_new(session, Panel(draft_id=st.session_state[AHEAD]), set_panel)
