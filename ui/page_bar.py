"""The bar above every page: links to the pages and the switch of languages, drawn by our own module."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from actions.inbox import COUNTED
from ui.links import PAGE_TITLES, page
from ui.localisation import Messages, parse_language
from ui.web_component import web_component

_component = web_component("bar")


def page_title(slug: str, messages: Messages, waiting: int = 0) -> str:
    """Return the name of a page; it says how much waits there, counted up to `COUNTED`."""
    title = messages(PAGE_TITLES[slug])
    more = "+" if waiting > COUNTED else ""
    return f"{title} ({messages.number(min(waiting, COUNTED))}{more})" if waiting else title


def draw_page_bar(messages: Messages, pages: Mapping[str, str], *, at: str) -> None:
    """Draw the bar and go where it was clicked.

    Parameters
    ----------
    messages
        The session's.
    pages
        Address and name of each page that the session sees.
    at
        Address of the page that is shown.
    """
    result = _component(
        key="page_bar",
        data={
            "pages": [["" if slug == "mapa" else slug, title] for slug, title in pages.items()],
            "at": "" if at == "mapa" else at,
            "menu": messages("word-menu"),
            "label": messages("language-label"),
            "lang": messages.language.value,
        },
        on_go_change=_nothing,
        on_language_change=_switch_language,
    )
    asked: dict[str, Any] = dict(getattr(result, "go", None) or {})
    slug = str(asked.get("slug") or "mapa") if asked else ""
    if slug in pages and slug != at:
        st.switch_page(page(slug, messages))


def _switch_language() -> None:
    asked = getattr(st.session_state.get("page_bar"), "language", None)
    if asked:
        st.query_params["lang"] = parse_language(str(asked["value"])).value


def _nothing() -> None:
    """Stand for what is read after the bar has been drawn: a page cannot be left from a callback."""
