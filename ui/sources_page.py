"""The page Data a zdroje: a card per dataset, with a preview and its checksum."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st

from actions.import_table import figure_tables_from_store
from domain.dataset import DatasetInfo
from domain.errors import DataFileError
from geo.figure_table import ColumnKind
from geo.provenance import BUNDLED_DATA, read_all, verify_file
from geo.published_rows import published_rows
from geo.suppression import suppress_table
from layers._view import reference_text
from ui.links import link_to
from ui.localisation import Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

PREVIEW_ROWS = 10
FOLDERS = ("boundaries", "figures", "places")


def show_sources(session: AppSession) -> None:
    """Draw every bundled dataset by folder, then the imported ones."""
    messages = session.messages
    cards = read_all()
    st.title(messages("page-sources"), anchor=False)
    st.text(messages("sources-what"))
    for folder in FOLDERS:
        heading(messages(f"sources-folder-{folder}"))
        for info in cards.values():
            if info.path.startswith(f"{folder}/"):
                _draw_card(messages, info)
    heading(messages("sources-folder-imported"))
    imported = figure_tables_from_store(session.store)
    if not imported:
        st.text(messages("sources-no-import"))
        link_to("pridat-data", messages, messages("page-import"))
    for table in imported.values():
        with st.expander(escape_markdown(table.info.title.to(messages.language))):
            _draw_facts(messages, table.info)
            counts = table.values[list(table.columns_of_kind(ColumnKind.COUNT))]
            st.dataframe(suppress_table(table).visible(counts).head(PREVIEW_ROWS), width="stretch")


def _draw_card(messages: Messages, info: DatasetInfo) -> None:
    with st.expander(escape_markdown(info.title.to(messages.language))):
        _draw_facts(messages, info)
        try:
            path = verify_file(info, BUNDLED_DATA)
        except DataFileError as error:
            st.warning(escape_markdown(messages.error(error)))
            return
        quiet_line(messages("sources-checksum-holds", sha256=info.sha256))
        st.dataframe(_preview(info, path), width="stretch", hide_index=True)
        st.link_button(messages("sources-download", file=path.name), f"/api/v1/datasets/{info.id}")


def _draw_facts(messages: Messages, info: DatasetInfo) -> None:
    language = messages.language
    note = info.date_note.to(language) if info.date_note else ""
    facts = {
        "sources-publisher": info.publisher,
        "sources-source": info.source,
        "sources-date": " ".join(part for part in (reference_text(info, language), note) if part)
        or messages("sources-undated"),
        "sources-denominator": info.denominator_note.to(language) if info.denominator_note else "",
        "sources-not-counted": info.does_not_count.to(language) if info.does_not_count else "",
        "sources-licence": info.licence,
        "sources-rows": messages.number(info.count),
        "sources-crs": info.crs,
    }
    for key, text in facts.items():
        if text:
            st.markdown(f"**{messages(key)}:** {escape_markdown(text)}")


def _preview(info: DatasetInfo, path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return published_rows(info).head(PREVIEW_ROWS)

    return pd.DataFrame(gpd.read_file(path, rows=PREVIEW_ROWS).drop(columns="geometry"))
