"""The panel for a city part: key figures with their bases, and the way to its page."""

from collections.abc import Callable

import streamlit as st

from actions.city_part_profile import make_profile
from actions.import_table import figure_tables_from_store
from domain.roles import Permission
from geo.figures import load_figure_tables
from ui.city_part_page import draw_cooperation, draw_known, show_figures
from ui.contact_panel import draw_contact
from ui.links import link_to
from ui.panel_state import Panel, PanelKind, new_id
from ui.plain import heading
from ui.quarter_panel import draw_quarter_notes
from ui.quick_panel import draw_quick
from ui.session import AppSession


def draw(session: AppSession, panel: Panel, set_panel: Callable[[Panel], None]) -> None:
    """Draw figures, co-operation and what is known of the city part `panel.id`."""
    messages = session.messages
    tables = {**load_figure_tables(), **figure_tables_from_store(session.store)}
    profile = make_profile(panel.id, tables=tables, store=session.store, organisation_id=session.actor.organisation_id)
    heading(profile.name)
    link_to("mestske-casti", messages, messages("city-part-open"), mc=panel.id)
    if session.may(Permission.RECORD_PLACE) and panel.position:
        st.button(
            messages("city-part-record"), type="primary", width="stretch", on_click=set_panel,
            args=(Panel(kind=PanelKind.RECORD, position=panel.position, draft_id=new_id()),),
        )  # fmt: skip
    if session.may(Permission.RECORD_VISIT):
        area = Panel(kind=PanelKind.AREA, id=panel.id, position=panel.position, draft_id=new_id())
        st.button(messages("area-record"), width="stretch", on_click=set_panel, args=(area,))
        draw_quick(session, city_part=panel.id)
    if session.may(Permission.NOTE_AREA):
        draw_quarter_notes(session, panel.id)
    show_figures(messages, profile.figures, columns=1)
    heading(messages("city-part-cooperation"))
    draw_cooperation(messages, profile)
    if session.may(Permission.SEE_PLACES):
        draw_contact(session, panel.id)
    if session.may(Permission.SEE_PLACES):
        heading(messages("city-part-known"))
        draw_known(messages, profile)
