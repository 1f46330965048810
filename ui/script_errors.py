"""What a page shows in place of what could not be drawn, above all while the database server is away."""

from contextlib import suppress
from datetime import date

import streamlit as st
from streamlit.errors import StreamlitAPIException

from domain.errors import AppError
from ui.localisation import Messages
from ui.plain import escape_markdown
from ui.session import chosen_language


def say_error(error: Exception) -> bool:
    """Draw the sentences of an error that a page or a part of it ended with, and a button to draw it again.

    What was typed into fields that could not be drawn is kept.

    Returns
    -------
    bool
        False for what has no sentence; then Streamlit says that something went wrong, without details.
    """
    if not isinstance(error, AppError):
        return False
    _keep_fields()
    messages = Messages(chosen_language())
    for sentence in messages.sentences(error):
        st.warning(escape_markdown(sentence))
    # Said anew before the fields are drawn again, they show in the browser too.
    st.button(messages("js-again"), key="again_after_error", on_click=_keep_fields)
    return True


def _keep_fields() -> None:
    """Say the values of fields anew: Streamlit forgets fields that a part of a page did not draw this time."""
    for key, value in st.session_state.items():
        # Not what a button or a component is: those may not be set.
        if isinstance(value, str | list | tuple | date):
            # Nor what was drawn already; that stays by itself.
            with suppress(StreamlitAPIException):
                st.session_state[key] = value
