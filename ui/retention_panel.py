"""What time does to records, on the page Nastavení: how old a position and a note may get."""

import streamlit as st

from actions.gate_settings import NOTE_MONTHS, UNCONFIRMED_MONTHS, gate_settings, note_months, set_retention
from api.layers import forget_answers
from domain.errors import AppError
from domain.roles import Permission
from ui.plain import escape_markdown
from ui.session import AppSession


def draw_retention(session: AppSession) -> None:
    """Draw the two ages and their button."""
    messages = session.messages
    st.subheader(messages("settings-retention-title"))
    st.text(messages("settings-retention-what"))
    with st.form("retention_form", border=False):
        positions = st.number_input(
            messages("settings-retention-positions"), min_value=UNCONFIRMED_MONTHS[0], max_value=UNCONFIRMED_MONTHS[1],
            value=gate_settings(session.store).unconfirmed_months, step=1,
            help=messages("settings-retention-positions-help"),
        )  # fmt: skip
        notes = st.number_input(
            messages("settings-retention-notes"), min_value=0, max_value=NOTE_MONTHS[1],
            value=note_months(session.store), step=1, help=messages("settings-retention-notes-help"),
        )  # fmt: skip
        saved = st.form_submit_button(messages("settings-retention-save"))
    if not saved:
        return
    try:
        session.require(Permission.CHANGE_SETTINGS)
        set_retention(session.store, session.actor, unconfirmed_months=int(positions or 0), note_months=int(notes or 0))
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
    else:
        forget_answers()
        st.success(messages("settings-retention-saved"))
