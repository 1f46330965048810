"""The frame of every page: language, style, the thin bar above."""

import json
from collections.abc import Iterable
from functools import partial
from urllib.parse import unquote, urlsplit

import streamlit as st

from actions.inbox import COUNTED
from api.assets import assets_base
from domain.text import Language
from ui.account_bar import draw_account_bar
from ui.links import link_to, page, pages_for
from ui.localisation import Messages
from ui.page_bar import draw_page_bar, page_title
from ui.session import AppSession, current_session

_ALERTS = "inbox_alerts"


def run_page() -> None:
    """Draw the frame of the app and run the page of the address."""
    session = current_session()
    messages = session.messages
    if "lang" not in st.query_params and messages.language is not Language.CS:
        # Another page was chosen in the bar: its address gets the language too, for a reload or a link.
        st.query_params["lang"] = messages.language.value
    # An @import keeps the style sheet out of the websocket and in the browser's cache.
    said = {word: json.dumps(messages(f"word-{word}"), ensure_ascii=False) for word in ("upload", "limit", "skip")}
    words = "".join(f"--bm-word-{word}:{text};" for word, text in said.items())
    sheets = "".join(f"@import url('{assets_base()}/common/{name}.css');" for name in ("page", "account"))
    st.html(f"<style>{sheets}:root{{{words}}}</style>")
    slugs = pages_for(session.may, shared=session.standing is not None)
    waiting = {"prijem": _alerts(session)} if "prijem" in slugs else {}
    titles = {slug: page_title(slug, messages, waiting.get(slug, 0)) for slug in slugs}
    pages = [page(slug, messages) for slug in slugs]
    chosen = st.navigation([*pages, *_wrong_address(messages, (one.url_path for one in pages))], position="hidden")
    st.set_page_config(page_title=f"{chosen.title} · Bílá místa")
    draw_page_bar(messages, titles, at=chosen.url_path or "mapa")
    draw_account_bar(session)
    if session.training:
        with st.container(key="training_banner"):
            st.text(messages("training-banner"))
    chosen.run()


def _wrong_address(messages: Messages, known: Iterable[str]) -> list[st.Page]:
    """Return a page for the address in the browser if none of the session's pages has it.

    Without one Streamlit would show the map and say in English that there is no such page.
    """
    address = unquote(urlsplit(st.context.url or "").path).strip("/ ")
    if not address or "/" in address or address in known:
        return []
    draw = partial(_draw_wrong_address, messages, address)
    return [st.Page(draw, title=messages("page-missing"), url_path=address)]


def _draw_wrong_address(messages: Messages, address: str) -> None:
    if address == "mapa":
        # Its address is the shortest one; other pages are called as this one would be.
        st.switch_page(page("mapa", messages), query_params={"lang": messages.language.value})
    st.title(messages("page-missing"), anchor=False)
    st.text(messages("page-missing-what"))
    link_to("mapa", messages, messages("inbox-empty-do"))


def _alerts(session: AppSession) -> int:
    """Return how many changes wait for the coordinator, counted once per data version, no further than it is told."""
    version = session.store.data_version()
    kept = st.session_state.get(_ALERTS)
    if kept is None or kept[0] != version:
        kept = (version, session.store.reviews.count_alerts(session.actor.organisation_id, at_most=COUNTED + 1))
        st.session_state[_ALERTS] = kept
    return int(kept[1])
