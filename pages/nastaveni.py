"""Nastavení: what lies under the map, and where the data are."""

import streamlit as st

from api.base_map import STREET_SUFFIXES, check_tile_url, local_file
from api.process import configuration
from domain.errors import AppError
from domain.roles import Permission, require_permission
from ui.backup_panel import draw_backup
from ui.plain import escape_markdown
from ui.retention_panel import draw_retention
from ui.session import current_session

session = current_session()
messages = session.messages
settings = session.store.settings
data_dir = configuration().data_dir

st.title(messages("page-settings"))
st.subheader(messages("settings-tiles-title"))
st.text(messages("settings-tiles-what"))

choices = ("none", "openstreetmap", "own")
kept = settings.get("tiles", "none")
with st.form("tiles_form", border=False):
    tiles = st.radio(
        messages("settings-tiles-label"),
        choices,
        index=choices.index(kept) if kept in choices else 0,
        format_func=lambda choice: messages(f"settings-tiles-{choice}"),
    )
    url = st.text_input(
        messages("settings-tiles-url"), value=settings.get("tiles_url", ""), placeholder="https://…/{z}/{x}/{y}.png"
    )
    attribution = st.text_input(messages("settings-tiles-attribution"), value=settings.get("tiles_attribution", ""))
    saved = st.form_submit_button(messages("settings-save"), type="primary")
if saved:
    try:
        require_permission(session.clearance.role, Permission.CHANGE_SETTINGS)
        if tiles == "own":
            settings.set("tiles_url", check_tile_url(url.strip()), actor=session.actor)
            settings.set("tiles_attribution", attribution.strip(), actor=session.actor)
        settings.set("tiles", tiles, actor=session.actor)
        st.success(messages("settings-saved"))
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))

st.subheader(messages("settings-streets-title"))
found = local_file(data_dir, (".mbtiles",)) or local_file(data_dir, STREET_SUFFIXES)
st.text(messages("settings-streets-found", file=found.name) if found else messages("settings-streets-none"))
st.text(messages("settings-streets-how"))

draw_retention(session)

st.subheader(messages("settings-data-title"))
st.text(messages("settings-data-where", folder=data_dir.name))
head = session.store.audit.head()
st.text(messages("settings-data-audit", rows=messages.number(head.seq if head else 0)))
if session.standing is None:
    # With accounts it stands on the page Správa.
    draw_backup(session)
