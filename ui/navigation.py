"""Pages, the thin bar above them and the switch of languages."""

from pathlib import Path

import streamlit as st

from api.assets import assets_base
from domain.text import Language
from ui.localisation import Messages
from ui.session import AppSession, current_session

PAGES = Path(__file__).parents[1] / "pages"
# Addresses stay Czech in every language, so that a link works for everybody.
PAGE_FILES = {
    "mapa": "page-map",
    "zaznamenat": "page-record",
    "mestske-casti": "page-city-parts",
    "pridat-data": "page-import",
    "data-a-zdroje": "page-sources",
    "nastaveni": "page-settings",
}
LANGUAGE_NAMES = {Language.CS: "Čeština", Language.EN: "English", Language.UK: "Українська"}


def page(slug: str, messages: Messages) -> st.Page:
    """Return the page with the address `slug`."""
    return st.Page(
        PAGES / f"{slug.replace('-', '_')}.py",
        title=messages(PAGE_FILES[slug]),
        url_path="" if slug == "mapa" else slug,
        default=slug == "mapa",
    )


def run_page() -> None:
    """Draw the frame of the app and run the page of the address."""
    session = current_session()
    messages = session.messages
    # An @import keeps the style sheet out of the websocket and in the browser's cache.
    st.html(f"<style>@import url('{assets_base()}/shared/page.css');</style>")
    chosen = st.navigation([page(slug, messages) for slug in PAGE_FILES], position="top")
    _language_switch(session)
    if session.training:
        with st.container(key="training_banner"):
            st.text(messages("training-banner"))
    chosen.run()


def _language_switch(session: AppSession) -> None:
    current = session.messages.language

    def switch() -> None:
        st.query_params["lang"] = st.session_state["language"]

    with st.container(key="language_switch"):
        st.selectbox(
            session.messages("language-label"),
            options=[language.value for language in Language],
            index=list(Language).index(current),
            format_func=lambda code: LANGUAGE_NAMES[Language(code)],
            key="language",
            on_change=switch,
            label_visibility="collapsed",
        )
