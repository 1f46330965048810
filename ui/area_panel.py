"""The form for a visit in an area without a place: searched these streets, found nothing."""

import streamlit as st

from actions.field_notes import area_cell
from actions.record_place import PersonalDataSuspected, visit_again
from domain.errors import AppError
from domain.place import AREA_MAX_LENGTH, VisitDraft
from geo.boundaries import boundaries, city_part_name
from geo.locate import OutsidePrague, locate
from ui import form_fields
from ui.panel_state import CLOSED, Panel, SetPanel
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

SAVED = "area_saved"


def draw(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the form; the city part is that of the position, of the panel, or chosen."""
    messages = session.messages
    if st.session_state.get(SAVED) == panel.draft_id:
        heading(messages("saved-title"))
        visit = session.store.visits.get(panel.draft_id)
        st.text(messages("area-saved", city_part=city_part_name(visit.city_part)))
        st.button(messages("panel-close"), key="area_close", on_click=set_panel, args=(CLOSED,), width="stretch")
        return
    heading(messages("area-title"))
    st.text(messages("area-what"))
    known, cell = _where(panel)
    if cell:
        quiet_line(messages("area-near"))
    prefix = f"area_{panel.draft_id}"
    with st.form(f"{prefix}_form", border=False):
        city_part = known or form_fields.pick_city_part(session, prefix)
        if known:
            st.text(city_part_name(known))
        area = st.text_input(
            messages("area-where"), key=f"{prefix}_where", help=messages("area-where-help"), max_chars=AREA_MAX_LENGTH
        )
        outcome = form_fields.pick_outcome(session, prefix, "visit-outcome")
        with st.expander(messages("record-more")):
            values = form_fields.visit_fields(session, prefix)
            languages = form_fields.pick_languages(session, "record-languages-visit", f"{prefix}_languages")
            note = st.text_area(messages("record-note"), key=f"{prefix}_note", help=messages("record-note-help"))
        pressed = st.form_submit_button(messages("record-save"), type="primary", width="stretch")
    draft = VisitDraft(
        id=panel.draft_id, city_part=city_part, area=area, cell=cell, outcome=outcome or "", languages=languages,
        note=note, **values,
    )  # fmt: skip
    again = st.session_state.pop(f"{prefix}_again", False)
    if pressed or again:
        _save(session, draft, prefix, accept=again)


def _where(panel: Panel) -> tuple[str | None, str | None]:
    """Return the city part that is already known and the cell around the position."""
    if panel.position is not None:
        found = locate(panel.position)
        if not isinstance(found, OutsidePrague):
            return found.city_part, area_cell(panel.position)
    return (panel.id if panel.id in boundaries().city_parts.index else None), None


def _save(session: AppSession, draft: VisitDraft, prefix: str, *, accept: bool) -> None:
    messages = session.messages
    try:
        visit_again(session.store, draft, session.actor, today=session.today, accept_personal=accept)
    except PersonalDataSuspected as error:
        st.warning(escape_markdown(messages("record-personal", found=", ".join(error.found))))

        def accept_it() -> None:
            st.session_state[f"{prefix}_again"] = True

        st.button(messages("record-personal-save"), on_click=accept_it)
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
    else:
        st.session_state[SAVED] = draft.id
        form_fields.draw_anew()
