"""Contact with the town hall of a city part: how it stands, how it came to that, and noting what has changed."""

from datetime import date

import streamlit as st

from actions.town_hall_contact import contact_history, note_contact, statable_codes, withdraw_contact
from domain.contacts import APPROACHED, CONTACT_VOCABULARY, ContactDraft
from domain.coverage import EARLIEST_VISIT
from domain.errors import AppError
from domain.roles import Permission
from domain.vocabulary import vocabularies
from ui.panel_state import new_id
from ui.plain import escape_markdown, quiet_line
from ui.session import AppSession

SAID = "contact_said"


def draw_contact(session: AppSession, city_part: str, *, as_of: date | None = None) -> None:
    """Draw what was stated by a day, and for those who may the form; a past day is only looked at.

    Parameters
    ----------
    city_part
        Code.
    as_of
        The day asked about; today where None.
    """
    messages = session.messages
    labels = {code: label.to(messages.language) for code, label in vocabularies()[CONTACT_VOCABULARY].labels.items()}
    notes = contact_history(session.store, city_part, as_of=as_of or session.today)
    if not notes:
        st.text(messages("contact-none"))
    may_note = session.may(Permission.NOTE_CONTACT) and as_of is None
    for note in notes:
        own = note.organisation_id == session.actor.organisation_id
        line = messages(
            "contact-line", date=messages.date(note.happened_on), status=labels[note.status],
            who=messages("contact-own" if own else "contact-others"), noted=messages.date(note.created_at),
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(line)
            if own and may_note:
                st.button(
                    messages("contact-withdraw"), key=f"contact_withdraw_{note.id}", type="tertiary",
                    on_click=_withdraw, args=(session, note.id), help=messages("contact-withdraw-help", line=line),
                )  # fmt: skip
    if may_note:
        _draw_form(session, city_part, labels)
    said = st.session_state.pop(SAID, None)
    if said:
        (st.success if said[0] else st.warning)(escape_markdown(said[1]))


def _draw_form(session: AppSession, city_part: str, labels: dict[str, str]) -> None:
    """Draw state and day; the letter of today is the first thing offered, as it is the usual one."""
    messages = session.messages
    key = f"contact_{city_part}"
    codes = statable_codes()
    draft_id = st.session_state.setdefault(f"{key}_id", new_id())
    left, right = st.columns(2)
    status = left.selectbox(
        messages("contact-status"), codes, index=codes.index(APPROACHED), format_func=labels.__getitem__,
        key=f"{key}_status",
    )  # fmt: skip
    day = right.date_input(
        messages("contact-day"), value=session.today, min_value=EARLIEST_VISIT, max_value=session.today,
        key=f"{key}_day", format="DD.MM.YYYY",
    )  # fmt: skip
    # Not a callback: one is called with what the page before held, and a day typed just before would be lost.
    if st.button(messages("contact-save"), key=f"{key}_save", type="primary") and isinstance(day, date):
        draft = ContactDraft(id=draft_id, city_part=city_part, status=str(status), happened_on=day)
        try:
            note_contact(session.store, draft, session.actor, today=session.today)
        except AppError as error:
            st.session_state[SAID] = (False, " ".join(messages.sentences(error)))
        else:
            st.session_state[f"{key}_id"] = new_id()
            st.session_state[SAID] = (True, messages("contact-saved", status=labels[str(status)]))
        st.rerun()
    quiet_line(messages("contact-note"))


def _withdraw(session: AppSession, note_id: str) -> None:
    try:
        withdraw_contact(session.store, note_id, session.actor)
    except AppError as error:
        st.session_state[SAID] = (False, " ".join(session.messages.sentences(error)))
    else:
        st.session_state[SAID] = (True, session.messages("contact-withdrawn"))
