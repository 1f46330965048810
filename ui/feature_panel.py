"""The panel for a public feature: a service, a station, a locality. Fields as the layer declares them."""

from collections.abc import Callable

import streamlit as st

from api.loading import features_for
from layers._format import format_value, is_missing, safe_link
from layers._view import RenderedLayer, source_lines
from layers.contract import Formatter
from layers.registry import get_layer
from ui.panel_state import Panel
from ui.plain import fact, heading, quiet_line
from ui.session import AppSession


def draw(session: AppSession, panel: Panel, _set_panel: Callable[[Panel], None]) -> None:
    """Draw every declared field of the feature, then the grey line of its source."""
    messages, language = session.messages, session.messages.language
    layer = get_layer(panel.layer)
    features = features_for(layer, {}, session.clearance)
    frame = features.frame
    identifiers = frame["id"].astype(str) if "id" in frame.columns else frame.index.astype(str)
    rows = frame[identifiers == panel.id]
    if rows.empty:
        st.text(messages("place-gone"))
        return
    row = rows.iloc[0]
    fields = features.fields if features.fields is not None else layer.fields
    title, *others = fields
    heading(format_value(row[title.column], title, language))
    for field in others:
        value = row.get(field.column)
        if is_missing(value) or (isinstance(value, list | tuple) and not value):
            continue
        text = format_value(value, field, language)
        link = safe_link(text) if field.formatter is Formatter.LINK else None
        if link:
            quiet_line(field.label.to(language))
            st.link_button(link, link)
        else:
            fact(field.label.to(language), text)
    for line in source_lines(RenderedLayer(layer=layer, features=features), language):
        quiet_line(line)
