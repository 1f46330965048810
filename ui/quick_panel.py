"""Accompaniment and interpreting in two taps: what, then in which language."""

import streamlit as st

from actions.field_notes import record_quickly
from domain.errors import AppError
from domain.quick_records import QUICK_LABELS, QuickKind, QuickRecordDraft
from domain.vocabulary import LANGUAGES_HEARD
from ui.panel_state import new_id
from ui.plain import escape_markdown
from ui.session import AppSession

COUNT, SAVED, SAID = "quick_count", "quick_saved", "quick_said"


def draw_quick(session: AppSession, *, city_part: str | None = None, place_id: str | None = None) -> None:
    """Draw the two rows of choices; the second tap saves."""
    messages = session.messages
    language = messages.language
    where = place_id or city_part or "anywhere"
    # A new pair of rows after each record, so that nothing stays chosen.
    key = f"quick_{where}_{st.session_state.get(COUNT, 0)}"
    kinds = {kind.value: label.to(language) for kind, label in QUICK_LABELS.items()}
    languages = {code: label.to(language) for code, label in LANGUAGES_HEARD.items()}

    def save() -> None:
        draft = QuickRecordDraft(
            id=new_id(), kind=QuickKind(st.session_state[f"{key}_kind"]), happened_on=session.today,
            language=st.session_state[f"{key}_language"], city_part=city_part, place_id=place_id,
        )  # fmt: skip
        try:
            record = record_quickly(session.store, draft, session.actor, session.clearance, today=session.today)
        except AppError as error:
            st.session_state[SAID] = " ".join(messages.sentences(error))
        else:
            st.session_state[SAVED] = record.id
            kind, spoken = kinds[draft.kind.value], languages[draft.language]
            st.session_state[SAID] = messages("quick-saved", kind=kind, language=spoken)
        st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1

    chosen = st.pills(messages("quick-title"), list(kinds), format_func=kinds.__getitem__, key=f"{key}_kind")
    if chosen:
        st.pills(
            messages("quick-language"), list(languages), format_func=languages.__getitem__, key=f"{key}_language",
            on_change=save,
        )  # fmt: skip
    _draw_said(session)


def _draw_said(session: AppSession) -> None:
    said = st.session_state.pop(SAID, None)
    if not said:
        return
    st.success(escape_markdown(said))
    record_id = str(st.session_state.get(SAVED) or "")

    def undo() -> None:
        session.store.quick_records.withdraw(record_id, session.actor)
        st.session_state.pop(SAVED, None)
        st.session_state[SAID] = session.messages("quick-undone")

    if record_id:
        st.button(session.messages("quick-undo"), key=f"quick_undo_{record_id}", on_click=undo)
