"""A page that ended with an error shows the error's sentences; what has none is left to Streamlit."""

from streamlit.testing.v1 import AppTest

from domain.text import Language
from ui.localisation import Messages
from ui.script_errors import say_error


def failing():
    import streamlit as st

    from domain.errors import StoreError
    from ui.script_errors import say_error

    st.query_params["lang"] = "en"
    st.session_state["said"] = say_error(StoreError("database_unreachable"))


def test_an_error_with_a_sentence_is_said_with_a_way_to_try_again():
    app = AppTest.from_function(failing).run()
    assert app.session_state["said"] is True
    (warning,) = app.warning
    assert warning.value.replace("\\", "") == Messages(Language.EN)("error-database-unreachable")
    assert [button.label for button in app.button] == ["Try again"]


def test_any_other_error_is_left_to_streamlit():
    assert say_error(ValueError("no sentence")) is False
