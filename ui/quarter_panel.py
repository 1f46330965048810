"""Notes per city part and quarter: the only place for terms that no place and no visit may carry."""

import streamlit as st

from actions.field_notes import note_quarter, quarter_notes
from actions.record_place import PersonalDataSuspected
from domain.errors import AppError
from domain.quick_records import QUARTER_VOCABULARIES, QuarterNote, QuarterNoteDraft, quarters_back
from domain.vocabulary import Scope, terms
from ui.panel_state import new_id
from ui.place_panel import label_of
from ui.plain import escape_markdown, quiet_line
from ui.session import AppSession

QUARTERS = 8
SAID = "quarter_said"


def draw_quarter_notes(session: AppSession, city_part: str) -> None:
    """Draw the own organisation's notes and the form for another."""
    messages = session.messages
    said = st.session_state.pop(SAID, None)
    with st.expander(messages("quarter-title"), expanded=said is not None):
        quiet_line(messages("quarter-what"))
        if said:
            st.info(escape_markdown(said))
        notes = quarter_notes(session.store, city_part, session.actor, session.clearance)
        if not notes:
            st.text(messages("quarter-none"))
        for note in notes:
            _draw_note(session, note)
        _draw_form(session, city_part)


def _draw_note(session: AppSession, note: QuarterNote) -> None:
    messages = session.messages
    st.text(f"{messages.quarter(note.quarter)} · {label_of(messages, note.vocabulary, note.code)}")
    if note.note:
        st.text(note.note)

    def withdraw() -> None:
        session.store.quarter_notes.withdraw(note.id, session.actor)
        st.session_state[SAID] = messages("quarter-withdrawn")

    st.button(messages("quarter-withdraw"), key=f"quarter_withdraw_{note.id}", type="tertiary", on_click=withdraw)


def _draw_form(session: AppSession, city_part: str) -> None:
    messages = session.messages
    offered = {
        f"{vocabulary}/{term.code}": term.label.to(messages.language)
        for vocabulary in QUARTER_VOCABULARIES
        for term in terms(vocabulary, Scope.CITY_PART_QUARTER)
    }
    key = f"quarter_{city_part}"
    draft_id = st.session_state.setdefault(f"{key}_id", new_id())
    st.selectbox(
        messages("quarter-quarter"), quarters_back(session.today, QUARTERS), format_func=messages.quarter,
        key=f"{key}_quarter",
    )  # fmt: skip
    chosen = st.selectbox(
        messages("quarter-term"), list(offered), format_func=offered.__getitem__, index=None, key=f"{key}_term",
        placeholder=messages("choose"),
    )  # fmt: skip
    st.text_area(messages("quarter-note"), key=f"{key}_note_{draft_id}", help=messages("record-note-help"))

    def save() -> None:
        vocabulary, _, code = str(st.session_state.get(f"{key}_term") or "").partition("/")
        draft = QuarterNoteDraft(
            id=draft_id, city_part=city_part, quarter=str(st.session_state[f"{key}_quarter"]),
            vocabulary=vocabulary, code=code,
            note=str(st.session_state.get(f"{key}_note_{draft_id}") or ""),
        )  # fmt: skip
        accepted = st.session_state.get(f"{key}_asked") == draft.note
        try:
            note_quarter(
                session.store, draft, session.actor, session.clearance, today=session.today, accept_personal=accepted
            )
        except PersonalDataSuspected as error:
            st.session_state[f"{key}_asked"] = draft.note
            st.session_state[SAID] = messages("record-personal", found=", ".join(error.found))
        except AppError as error:
            st.session_state[SAID] = " ".join(messages.sentences(error))
        else:
            st.session_state[f"{key}_id"] = new_id()
            st.session_state[SAID] = messages("quarter-saved")

    st.button(messages("quarter-save"), key=f"{key}_save", disabled=chosen is None, on_click=save)
