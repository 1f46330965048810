"""The last steps of Přidat data: the description of a table, what is stored, undo and redo."""

from collections.abc import Callable

import streamlit as st

from actions.import_table import (
    FIRST_DATE,
    MAX_TEXT,
    MAX_TITLE,
    ImportDescription,
    ImportPreview,
    import_table,
    prepare_import,
    redo_import,
    undo_import,
)
from domain.dataset import DatasetInfo, Denominator
from domain.errors import AppError
from geo.table_join import JoinedTable
from ui.localisation import Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

DONE = "import_done"
NO_COLUMN = ""


def draw_description(session: AppSession, preview: ImportPreview, *, on_stored: Callable[[], None]) -> None:
    """Draw the form that says whose, of when, over what; store the table where all is answered."""
    messages, joined = session.messages, preview.joined
    assert joined is not None
    heading(messages("import-step-description"))
    prefix = f"import_form_{preview.raw.sha256[:12]}"
    with st.form(f"{prefix}_form", border=False, enter_to_submit=False):
        description = _fields(session, joined, prefix)
        sent = st.form_submit_button(messages("import-store"), type="primary")
    if not sent:
        return
    try:
        prepared = prepare_import(preview, description, today=session.today)
        info = import_table(session.store, prepared, session.actor, role=session.clearance.role)
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return
    on_stored()
    st.session_state[DONE] = info.id
    st.rerun()


def _fields(session: AppSession, joined: JoinedTable, prefix: str) -> ImportDescription:
    """Draw the fields and return what stands in them."""
    messages = session.messages
    title = st.text_input(
        messages("import-title"), help=messages("import-title-help"), max_chars=MAX_TITLE, key=f"{prefix}_title"
    )
    publisher = st.text_input(messages("import-publisher"), max_chars=MAX_TITLE, key=f"{prefix}_publisher")
    day = st.date_input(
        messages("import-date"), value=None, min_value=FIRST_DATE, max_value=session.today, format="DD.MM.YYYY",
        help=messages("import-date-help"), key=f"{prefix}_date",
    )  # fmt: skip
    persons = st.radio(
        messages("import-kind"), [True, False], key=f"{prefix}_persons",
        format_func=lambda yes: messages("import-kind-persons" if yes else "import-kind-other"),
    )  # fmt: skip
    denominator = st.radio(
        messages("import-denominator"), [kind.value for kind in Denominator], index=None, key=f"{prefix}_denominator",
        format_func=lambda kind: messages(f"import-denominator-{kind}"), help=messages("import-denominator-help"),
    )  # fmt: skip
    note = st.text_input(messages("import-denominator-note"), max_chars=MAX_TEXT, key=f"{prefix}_note")
    base = st.selectbox(
        messages("import-base"), [NO_COLUMN, *joined.columns], key=f"{prefix}_base", help=messages("import-base-help"),
        format_func=lambda column: joined.columns.get(column) or messages("import-base-none"),
    )  # fmt: skip
    not_counted = st.text_input(
        messages("import-not-counted"), help=messages("import-not-counted-help"), max_chars=MAX_TEXT,
        key=f"{prefix}_not_counted",
    )  # fmt: skip
    not_stated = st.checkbox(messages("import-not-stated"), key=f"{prefix}_not_stated")
    source = st.text_input(messages("import-source"), max_chars=MAX_TEXT, key=f"{prefix}_source")
    licence = st.text_input(messages("import-licence"), max_chars=MAX_TEXT, key=f"{prefix}_licence")
    return ImportDescription(
        title=title,
        publisher=publisher,
        reference_date=day,
        denominator=Denominator(denominator) if denominator else None,
        denominator_note=note,
        base_column=base or None,
        counts_persons=bool(persons),
        does_not_count=not_counted.strip() or ("" if not_stated else None),
        source=source,
        licence=licence,
        # What is stored in a training folder is training material, whatever file it came from.
        invented=session.training,
    )


def draw_done(session: AppSession) -> None:
    """Say that the table just stored is on the map, and offer to take it back."""
    messages = session.messages
    done = st.session_state.get(DONE)
    stored = next((found for found in session.store.datasets.all() if found.info.id == done), None)
    if stored is None:
        return
    title = stored.info.title.to(messages.language)
    st.success(escape_markdown(messages("import-done", title=title, count=stored.info.count)))
    with st.container(key="import_done_actions", horizontal=True):
        # Paths are relative to ui/, where the main script lies.
        st.page_link(
            "../pages/mapa.py", label=messages("import-open-map"), query_params={"lang": messages.language.value}
        )
        st.button(messages("import-undo"), key="import_undo_done", on_click=_undo, args=(session, stored.info))


def draw_imported(session: AppSession) -> None:
    """List the tables in use and those taken back, with undo and redo."""
    messages = session.messages
    heading(messages("import-list"))
    used, undone = session.store.datasets.all(), session.store.datasets.undone()
    if not used and not undone:
        st.text(messages("import-list-empty"))
    for stored in used:
        _draw_stored(messages, stored.info)
        st.button(
            messages("import-undo"), key=f"import_undo_{stored.info.id}", on_click=_undo, args=(session, stored.info)
        )
    if undone:
        heading(messages("import-list-undone"))
    for stored in undone:
        _draw_stored(messages, stored.info)
        st.button(
            messages("import-redo"), key=f"import_redo_{stored.info.id}", on_click=_redo, args=(session, stored.info)
        )


def _draw_stored(messages: Messages, info: DatasetInfo) -> None:
    st.text(info.title.to(messages.language))
    day = messages.date(info.reference_date) if info.reference_date else messages("sources-undated")
    over = messages(f"import-denominator-{info.denominator.value}")
    quiet_line(messages("import-line", publisher=info.publisher, date=day, denominator=over, count=info.count))


def _undo(session: AppSession, info: DatasetInfo) -> None:
    undo_import(session.store, info.id, session.actor, role=session.clearance.role)
    if st.session_state.get(DONE) == info.id:
        del st.session_state[DONE]


def _redo(session: AppSession, info: DatasetInfo) -> None:
    redo_import(session.store, info.id, session.actor, role=session.clearance.role)
