"""The thin bar's own part: whose eyes the map is shown with, who is signed in, the banner of "Show as"."""

import streamlit as st

from api.exact_views import actor_of
from api.tokens import Bearer
from domain.roles import Permission
from store import Event
from ui import show_as
from ui.localisation import Messages
from ui.session import AppSession
from ui.show_as import ShowAs

_OWN = "own"


def draw_account_bar(session: AppSession) -> None:
    """Draw the banner while "Show as" is on, and the menu of the account."""
    if session.showing_as is not None:
        _draw_banner(session, session.showing_as)
    offers_show_as = session.showing_as is not None or session.may(Permission.SHOW_AS)
    if session.standing is None and not offers_show_as:
        return
    messages = session.messages
    with st.container(key="account_menu"), st.popover(messages("account-menu"), key="account_popover"):
        if session.standing is not None:
            st.text(session.standing.organisation.name)
            st.text(messages(f"role-{session.standing.account.role.value.replace('_', '-')}"))
        if offers_show_as:
            _draw_choice(session)
        if session.standing is not None:
            st.button(messages("sign-out"), key="sign_out", on_click=st.logout)


def _label(messages: Messages, value: str) -> str:
    return messages(f"show-as-{value.replace('_', '-')}")


def _draw_banner(session: AppSession, seen: ShowAs) -> None:
    messages = session.messages
    with st.container(key="show_as_banner", horizontal=True):
        st.text(messages("show-as-banner", reader=_label(messages, seen.value)))
        st.button(messages("show-as-end"), key="show_as_end", on_click=show_as.choose, args=(None,))


def _draw_choice(session: AppSession) -> None:
    messages = session.messages
    options = [_OWN, *(seen.value for seen in ShowAs)]
    current = session.showing_as.value if session.showing_as else _OWN

    def switch() -> None:
        value = st.session_state["show_as_choice"]
        if value != _OWN:
            bearer = Bearer(clearance=session.clearance, account_id=session.account_id)
            session.store.events.note(Event.SHOW_AS, "reader", [value], actor=actor_of(bearer))
        show_as.choose(None if value == _OWN else ShowAs(value))

    # The choice is also ended from the banner: what the widget shows follows the session.
    st.session_state["show_as_choice"] = current
    st.radio(
        messages("show-as-label"), options, key="show_as_choice", on_change=switch,
        format_func=lambda value: _label(messages, value),
    )  # fmt: skip
