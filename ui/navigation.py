"""The frame of every page: language, style, the thin bar above."""

import json

import streamlit as st

from api.assets import assets_base
from domain.text import Language
from ui.account_bar import draw_account_bar
from ui.links import page, pages_for
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
    chosen = st.navigation([page(slug, messages) for slug in slugs], position="hidden")
    st.set_page_config(page_title=f"{chosen.title} · Bílá místa")
    draw_page_bar(messages, titles, at=chosen.url_path or "mapa")
    draw_account_bar(session)
    if session.training:
        with st.container(key="training_banner"):
            st.text(messages("training-banner"))
    chosen.run()


def _alerts(session: AppSession) -> int:
    """Return how many changes wait for the coordinator, counted once per data version."""
    version = session.store.data_version()
    kept = st.session_state.get(_ALERTS)
    if kept is None or kept[0] != version:
        kept = (version, session.store.reviews.count_alerts(session.actor.organisation_id))
        st.session_state[_ALERTS] = kept
    return int(kept[1])
