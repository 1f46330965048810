"""What a page shows in place of what could not be drawn, above all while the database server is away."""

import streamlit as st

from domain.errors import AppError
from ui.localisation import Messages
from ui.plain import escape_markdown
from ui.session import chosen_language


def say_error(error: Exception) -> bool:
    """Draw the sentences of an error that a page or a part of it ended with, and a button to draw it again.

    What was typed is kept: Streamlit forgets no field of a run that ended early.

    Returns
    -------
    bool
        False for what has no sentence; then Streamlit says that something went wrong, without details.
    """
    if not isinstance(error, AppError):
        return False
    messages = Messages(chosen_language())
    for sentence in messages.sentences(error):
        st.warning(escape_markdown(sentence))
    st.button(messages("js-again"), key="again_after_error")
    return True
