"""The live map as a Streamlit component: registered once, told only what changed."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from api import process
from api.tokens import MAX_AGE_S, make_token
from domain.roles import Clearance, Permission
from ui.session import AppSession
from ui.web_component import web_component

_component = web_component("map")
# A token is handed out again until half of its life is over, so that the data rarely change.
_RENEW_AFTER_S = MAX_AGE_S / 2
_KEPT = "map_token"


def token_for(clearance: Clearance, *, account_id: str = "", show_as: bool = False) -> str:
    """Return this session's token for the HTTP routes, made anew when it is half used up."""
    kept = st.session_state.get(_KEPT)
    now = time.monotonic()
    wanted = (clearance, account_id, show_as)
    if kept is None or kept[0] != wanted or now - kept[2] > _RENEW_AFTER_S:
        token = make_token(clearance, secret=process.signing_secret(), account_id=account_id, show_as=show_as)
        kept = (wanted, token, now)
        st.session_state[_KEPT] = kept
    return str(kept[1])


def forget_token() -> None:
    """Have the next run make a new token: the map was told that this one has run out."""
    st.session_state.pop(_KEPT, None)


def session_token(session: AppSession) -> str:
    """Return the token of a session, empty where its role sees no internal layer."""
    if not session.may(Permission.SEE_PLACES):
        return ""
    return token_for(session.clearance, account_id=session.account_id, show_as=session.showing_as is not None)


def draw_map(
    data: dict[str, Any],
    *,
    on_click: Callable[[], None],
    on_record: Callable[[], None],
    on_renew: Callable[[], None],
    on_close: Callable[[], None] | None = None,
    on_prepare: Callable[[], None] | None = None,
    key: str = "map",
) -> None:
    """Mount the map, or tell the mounted one what changed; see docs/architecture.md for `data`."""
    _component(
        key=key,
        data={name: value for name, value in data.items() if value},
        on_click_change=on_click,
        on_record_change=on_record,
        on_renew_change=on_renew,
        on_close_change=on_close or _nothing,
        on_prepare_change=on_prepare or _nothing,
    )


def _nothing() -> None:
    """Stand for what a map without a panel never sends."""
