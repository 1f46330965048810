"""The page Moje záznamy: the reader's own month, its files, and taking a record back."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions.activity import LEAST_WORKERS, only_worker
from actions.own_trail import TrailEntry, count_kinds, own_trail, trail_months, trail_page, withdraw_entry
from api.files import MEDIA_TYPES
from api.trail import entry_texts, trail_header
from domain.errors import AppError
from domain.roles import Permission
from domain.trail import month_days
from store import utc_now
from store.pages import Page
from ui.file_buttons import FileButton, draw_file_buttons
from ui.inbox_panel import act, draw_outcome
from ui.links import link_to
from ui.list_pages import draw_pages, first_page, key_after, list_block
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

_LIST = "trail"
_CHOSEN = "trail_withdraw"


def show_trail(session: AppSession) -> None:
    """Draw the chosen month of whoever looks."""
    messages = session.messages
    st.title(messages("page-trail"), anchor=False)
    try:
        session.require(Permission.SEE_OWN_TRAIL)
        alone = only_worker(session.store, session.actor.organisation_id) is not None
        quiet_line(messages("trail-what-alone") if alone else messages("trail-what", count=LEAST_WORKERS))
        months = trail_months(session.store, session.actor, session.clearance, today=session.today)
        month = st.selectbox(
            messages("trail-month"), months, key="trail_month", width=280,
            format_func=lambda one: messages.month(month_days(one)[0]), on_change=first_page, args=(_LIST,),
        )  # fmt: skip
        entries = own_trail(session.store, str(month), session.actor, session.clearance, now=utc_now())
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))
        return
    draw_outcome()
    if not entries:
        st.text(messages("trail-empty"))
        link_to("mapa", messages, messages("trail-empty-do"))
        return
    _draw_month(session, str(month), entries)
    page = _draw_entries(session, entries)
    _draw_withdraw(session, [entry for entry in page.rows if entry.can_be_withdrawn])


def _draw_month(session: AppSession, month: str, entries: Sequence[TrailEntry]) -> None:
    messages = session.messages
    counts = count_kinds(entries).items()
    st.text(" · ".join(messages(f"trail-count-{kind.value.replace('_', '-')}", count=count) for kind, count in counts))
    buttons = tuple(
        FileButton(
            label=messages(f"trail-download-{file_format}"), path=f"trail/{month}.{file_format}",
            name=f"bila-mista-{messages('trail-file')}-{month}.{file_format}",
        )
        for file_format in MEDIA_TYPES
    )  # fmt: skip
    draw_file_buttons(session, buttons, key="trail_files")


def _draw_entries(session: AppSession, entries: Sequence[TrailEntry]) -> Page[TrailEntry]:
    """Draw a page of the month and return it; records are taken back from the page that is shown."""
    messages = session.messages
    page = trail_page(entries, after=key_after(_LIST))
    with list_block(_LIST):
        if page.rows:
            rows = [entry_texts(entry, messages) for entry in page.rows]
            st.dataframe(pd.DataFrame(rows, columns=trail_header(messages)), hide_index=True, width="stretch")
        draw_pages(messages, _LIST, page)
    return page


def _draw_withdraw(session: AppSession, entries: Sequence[TrailEntry]) -> None:
    if not entries or not session.may(Permission.RECORD_VISIT):
        return
    messages = session.messages
    by_id = {entry.row.id: entry for entry in entries}

    def withdraw() -> None:
        row = by_id[st.session_state[_CHOSEN]].row
        withdraw_entry(session.store, row.kind, row.id, session.actor, session.clearance)

    heading(messages("trail-withdraw-title"))
    quiet_line(messages("trail-withdraw-what"))
    chosen = st.selectbox(
        messages("trail-withdraw-choose"), list(by_id), index=None, key=_CHOSEN, placeholder=messages("choose"),
        format_func=lambda one: " · ".join(text for text in entry_texts(by_id[one], messages)[:4] if text),
    )  # fmt: skip
    st.button(
        messages("trail-withdraw"), disabled=chosen is None, on_click=act,
        args=(session, withdraw, messages("trail-withdrawn")),
    )  # fmt: skip
