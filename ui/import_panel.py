"""The page Přidat data: file, columns, preview with what did not join, description, done, undo."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from actions.import_table import ImportPreview, imported_from_file, preview_table
from domain.errors import AppError, DataFileError, Problem
from domain.roles import Permission
from geo.table_cells import DecimalMark
from geo.table_join import LEAVE_OUT, Decisions, JoinedTable, NotJoined, NotJoinedReason, TotalState
from geo.tables import RawTable, read_table
from geo.unit_names import Division, city_part_names
from ui.import_form import draw_description, draw_done, draw_imported
from ui.localisation import Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

RAW = "import_raw"
UPLOAD_NUMBER = "import_upload_number"
MAX_ROWS_TO_DECIDE = 20
MAX_NAMES_IN_LINE = 12
NOT_DECIDED = "-"
# Invented on purpose and marked so: it shows the form, not figures.
EXAMPLE = (
    "VYMYŠLENÝ PŘÍKLAD – INVENTED EXAMPLE – ВИГАДАНИЙ ПРИКЛАД;;\r\n"
    "Městská část;Počet osob (vymyšleno);Obyvatelé (vymyšleno)\r\n"
    "MČ Praha 4;1 200;10 000\r\nPraha-Libuš;300;1 000\r\nNebušice;500;2 000\r\nCelkem;2 000;13 000\r\n"
)


def show_import(session: AppSession) -> None:
    """Draw the page."""
    messages = session.messages
    st.title(messages("page-import"), anchor=False)
    if not session.may(Permission.IMPORT_TABLE):
        st.text(messages("error-not-permitted"))
        return
    st.text(messages("import-what"))
    draw_done(session)
    raw = _draw_file(session)
    if raw is not None:
        preview = _draw_columns(messages, raw)
        if preview is not None:
            _draw_preview(messages, preview)
            if preview.joined is not None and preview.joined.is_ready:
                draw_description(session, preview, on_stored=_next_file)
    draw_imported(session)


def _next_file() -> None:
    """Empty the uploader: a widget with another key is a new one."""
    st.session_state[UPLOAD_NUMBER] = st.session_state.get(UPLOAD_NUMBER, 0) + 1
    st.session_state.pop(RAW, None)


def _draw_file(session: AppSession) -> RawTable | None:
    """Let a file be chosen; return its table, or None after saying what to do."""
    messages = session.messages
    heading(messages("import-step-file"))
    number = st.session_state.get(UPLOAD_NUMBER, 0)
    uploaded = st.file_uploader(messages("import-file"), key=f"import_file_{number}", help=messages("import-file-help"))
    if uploaded is None:
        st.session_state.pop(RAW, None)
        st.text(messages("import-empty"))
        st.download_button(
            messages("import-example"), EXAMPLE.encode("utf-8-sig"), file_name="vymysleny-priklad.csv", mime="text/csv"
        )
        return None
    try:
        raw = _read_once(uploaded.file_id, uploaded.getvalue(), uploaded.name, None)
        if len(raw.sheets) > 1:
            sheet = st.selectbox(
                messages("import-sheet"), raw.sheets, index=raw.sheets.index(raw.sheet), key=f"import_sheet_{number}"
            )
            if sheet != raw.sheet:
                raw = _read_once(uploaded.file_id, uploaded.getvalue(), uploaded.name, sheet)
    except DataFileError as error:
        st.warning(escape_markdown(messages.error(error)))
        return None
    for info in imported_from_file(session.store, raw.sha256):
        st.info(escape_markdown(messages("import-same-file", title=info.title.to(messages.language))))
    return raw


def _read_once(file_id: str, data: bytes, name: str, sheet: str | None) -> RawTable:
    """Read a file once per upload: every other widget reruns the page."""
    known: dict[tuple[str, str | None], RawTable] = st.session_state.get(RAW, {})
    if (file_id, sheet) not in known:
        table = read_table(data, name, sheet=sheet)
        known = {key: value for key, value in known.items() if key[0] == file_id} | {(file_id, sheet): table}
        st.session_state[RAW] = known
    return known[file_id, sheet]


def _draw_columns(messages: Messages, raw: RawTable) -> ImportPreview | None:
    """Let the columns be chosen; return the joined table, or None while something is missing."""
    heading(messages("import-step-columns"))
    for line in raw.title_lines:
        quiet_line(line)
    labels = {c.id: c.label or messages("import-column-unnamed", letter=c.letter) for c in raw.columns}
    prefix = f"import_{raw.sha256[:12]}_{raw.sheet}"
    ids = list(labels)
    key = st.selectbox(
        messages("import-key"), ids, index=ids.index(raw.key_guess) if raw.key_guess else None,
        format_func=lambda column: labels[column], placeholder=messages("choose"), key=f"{prefix}_key",
    )  # fmt: skip
    values = st.multiselect(
        messages("import-values"), ids, default=[column for column in raw.value_guess if column != key],
        format_func=lambda column: labels[column], placeholder=messages("choose"), key=f"{prefix}_values",
    )  # fmt: skip
    if key is None or not [column for column in values if column != key]:
        st.text(messages("import-choose-columns"))
        return None
    try:
        return _decide(messages, raw, prefix, key, values)
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return None


def _decide(messages: Messages, raw: RawTable, prefix: str, key: str, values: Sequence[str]) -> ImportPreview:
    """Ask what the file leaves open, and join with the answers."""
    first = preview_table(raw, key_column=key, value_columns=values)
    open_table = first.joined
    assert open_table is not None
    means: Division | None = None
    if open_table.asks_division:
        means = _ask_division(messages, open_table, f"{prefix}_division_{key}")
        if means is None:
            return first
        first = preview_table(raw, key_column=key, value_columns=values, decisions=Decisions(numbered_means=means))
        open_table = first.joined
        assert open_table is not None
    mark = None
    unclear = [problem for problem in open_table.problems if problem.code == "table_decimal_mark_unclear"]
    if unclear:
        chosen = st.radio(
            messages("import-decimal", example=escape_markdown(unclear[0].value)), [mark.name for mark in DecimalMark],
            index=None, format_func=lambda name: messages(f"import-decimal-{name.lower()}"), key=f"{prefix}_decimal",
        )  # fmt: skip
        mark = DecimalMark[chosen] if chosen else None
    # The questions come from the table without the answers: an answered one must not vanish.
    rows = _ask_rows(messages, open_table, f"{prefix}_{key}")
    if mark is None and not rows:
        return first
    decisions = Decisions(numbered_means=means, rows=rows, decimal_mark=mark)
    return preview_table(raw, key_column=key, value_columns=values, decisions=decisions)


def _ask_division(messages: Messages, joined: JoinedTable, key: str) -> Division | None:
    if joined.division_hint:
        quiet_line(messages(f"import-hint-{joined.division_hint.value.replace('_', '-')}"))
    chosen = st.radio(
        messages("import-division"), [division.value for division in Division], index=None, key=key,
        format_func=lambda value: messages(f"import-division-{value.replace('_', '-')}"),
    )  # fmt: skip
    return Division(chosen) if chosen else None


def _ask_rows(messages: Messages, joined: JoinedTable, prefix: str) -> dict[int, str]:
    """Let unknown rows be joined by hand, and one of several rows of a city part be kept."""
    decided: dict[int, str] = {}
    unknown = [item for item in joined.not_joined if item.reason in {NotJoinedReason.UNKNOWN, NotJoinedReason.NO_NAME}]
    if unknown:
        with st.expander(messages("import-decide-rows", count=len(unknown)), expanded=True):
            for item in unknown[:MAX_ROWS_TO_DECIDE]:
                code = _ask_row(messages, item, f"{prefix}_row_{item.row}")
                if code != NOT_DECIDED:
                    decided[item.row] = code
            if len(unknown) > MAX_ROWS_TO_DECIDE:
                quiet_line(messages("import-more-rows", count=len(unknown) - MAX_ROWS_TO_DECIDE))
    groups: dict[tuple[str, str], list[int]] = {}
    for problem in joined.problems:
        if problem.code == "table_duplicate_unit" and problem.row is not None:
            groups.setdefault((problem.value, problem.limit), [int(problem.limit)]).append(problem.row)
    for (name, first), rows in groups.items():
        kept = st.selectbox(
            messages("import-keep-row", name=escape_markdown(name)), rows, index=None, placeholder=messages("choose"),
            format_func=lambda row: messages("import-row", row=row), key=f"{prefix}_keep_{first}",
        )  # fmt: skip
        if kept is not None:
            decided |= {row: LEAVE_OUT for row in rows if row != kept}
    return decided


def _ask_row(messages: Messages, item: NotJoined, key: str) -> str:
    names = city_part_names()
    options = [NOT_DECIDED, *item.suggestions, *(code for code in names if code not in item.suggestions)]
    label = messages("import-row-text", row=item.row, text=escape_markdown(item.text))
    chosen = st.selectbox(
        label, options, key=key, placeholder=messages("choose"),
        format_func=lambda code: messages("import-row-not-joined") if code == NOT_DECIDED else names[code],
    )  # fmt: skip
    return str(chosen)


def _draw_preview(messages: Messages, preview: ImportPreview) -> None:
    """Show what joined, what did not and why, the totals, and every problem with row and column."""
    joined = preview.joined
    if joined is None or joined.asks_division:
        return
    names = city_part_names()
    heading(messages("import-step-preview"))
    st.text(messages("import-joined", joined=len(joined.values), total=len(names)))
    figures = joined.values
    _table(
        [
            {messages("import-city-part"): names[code]}
            | {label: row[column] for column, label in joined.columns.items()}
            for code, row in figures.items()
        ]
    )
    if joined.missing:
        shown = ", ".join(names[code] for code in joined.missing[:MAX_NAMES_IN_LINE])
        more = "…" if len(joined.missing) > MAX_NAMES_IN_LINE else ""
        st.text(messages("import-missing", count=len(joined.missing), names=shown + more))
    if joined.not_joined:
        st.text(messages("import-not-joined", count=len(joined.not_joined)))
        _table([_not_joined_row(messages, item, names) for item in joined.not_joined])
    _draw_totals(messages, joined)
    _draw_problems(messages, joined.problems)


def _not_joined_row(messages: Messages, item: NotJoined, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        messages("import-row-number"): item.row,
        messages("import-row-name"): item.text,
        messages("import-reason"): messages(f"import-reason-{item.reason.value.replace('_', '-')}"),
        messages("import-suggestions"): ", ".join(names[code] for code in item.suggestions),
    }


def _draw_totals(messages: Messages, joined: JoinedTable) -> None:
    if not joined.totals:
        quiet_line(messages("import-no-totals"))
        return
    if all(check.state is TotalState.MATCHES for check in joined.totals):
        st.text(messages("import-totals-match", count=len(joined.totals)))
        return
    differs = any(check.state is TotalState.DIFFERS for check in joined.totals)
    st.text(messages("import-totals-differ" if differs else "import-totals-incomplete"))
    _table(
        [
            {
                messages("import-row-number"): check.row,
                messages("import-column"): joined.columns[check.column],
                messages("import-total-stated"): check.stated,
                messages("import-total-computed"): check.computed,
                messages("import-total-state"): messages(f"import-total-{check.state.value}"),
            }
            for check in joined.totals
        ]
    )


def _draw_problems(messages: Messages, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    st.text(messages("import-problems", count=len(problems)))
    _table(
        [
            {
                messages("import-row-number"): problem.row,
                messages("import-column"): problem.field,
                messages("import-problem"): messages.problem(problem),
            }
            for problem in problems
        ]
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show rows as a table; texts of the file stay texts there."""
    frame = pd.DataFrame(list(rows))
    spelling: dict[Any, Any] = {
        name: st.column_config.NumberColumn(format="localized") for name in frame.select_dtypes("number")
    }
    st.dataframe(frame, hide_index=True, width="stretch", column_config=spelling, placeholder="–")
