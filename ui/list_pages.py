"""Pages of a long list: which one is shown, and the buttons below it that lead on and back.

What is kept is the key after which each page began, as the store gave it (`store.pages`): a row that is dealt
with or comes in does not move the rest.
"""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from store.pages import Key, Page
from ui.localisation import Messages
from ui.plain import quiet_line
from ui.web_component import web_component

_component = web_component("list")


def list_block(name: str) -> DeltaGenerator:
    """Return the block that holds a list with its heading; whoever turns a page is led to its beginning."""
    return st.container(key=_block(name))


def key_after(name: str) -> Key | None:
    """Return the key after which the shown page of a list begins, None for the first page."""
    keys = _keys(name)
    return keys[-1] if keys else None


def first_page(*names: str) -> None:
    """Show lists from their beginning again."""
    for name in names:
        st.session_state.pop(_kept(name), None)


def draw_pages(messages: Messages, name: str, page: Page[Any], *, along: tuple[str, ...] = ()) -> None:
    """Draw what leads to the next page and back, where a list has more than one.

    Parameters
    ----------
    along
        Lists that depend on this one: they begin anew with each of its pages.
    """
    keys = _keys(name)
    if not keys and page.further is None:
        return
    if not page.rows:
        st.text(messages("pages-empty"))
    # The way on stands first and stays there at the end: who presses it twice must not come back by that.
    ways: dict[str, tuple[Any, ...]] = {"next": (*keys, page.further)}
    if keys:
        ways["previous"] = keys[:-1]
    if len(keys) > 1:
        ways["first"] = ()
    with st.container(horizontal=True, vertical_alignment="center", key=f"{_block(name)}_pages"):
        for way, target in ways.items():
            st.button(
                messages(f"pages-{way}"), key=f"{_block(name)}_{way}", on_click=_turn, args=(name, target, along),
                disabled=way == "next" and page.further is None,
            )  # fmt: skip
        quiet_line(messages("pages-at", page=messages.number(len(keys) + 1)))
    _component(key=f"{_block(name)}_start", data={"list": _block(name), "turn": st.session_state.get(_turned(name), 0)})


def _turn(name: str, keys: tuple[Key, ...], along: tuple[str, ...]) -> None:
    st.session_state[_kept(name)] = keys
    st.session_state[_turned(name)] = st.session_state.get(_turned(name), 0) + 1
    first_page(*along)


def _keys(name: str) -> tuple[Key, ...]:
    keys: tuple[Key, ...] = st.session_state.get(_kept(name), ())
    return keys


def _block(name: str) -> str:
    return f"list_{name}"


def _kept(name: str) -> str:
    return f"list_keys_{name}"


def _turned(name: str) -> str:
    return f"list_turned_{name}"
