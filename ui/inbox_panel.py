"""The page Příjem: what is new and changed, what waits for a visit, what may be one place noted twice."""

from collections.abc import Callable

import streamlit as st

from actions.inbox import COUNTED, Alert, FollowUp, Inbox, InboxList, confirm_edit, dismiss_alert, read_inbox, take_step
from actions.merge_places import undo_merge
from actions.record_place import PersonalDataSuspected
from domain.errors import AppError
from domain.place import PlaceState
from domain.roles import Permission
from domain.verification import NEXT_STATES
from geo.boundaries import city_part_name
from geo.disclosure import DisclosedPlace
from store import utc_now
from store.merges import Merge
from store.pages import Page
from ui.duplicates_panel import draw_duplicates
from ui.links import link_to, page
from ui.list_pages import draw_pages, first_page, key_after, list_block
from ui.localisation import Messages
from ui.panel_state import Panel, PanelKind
from ui.place_panel import label_of
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

MESSAGE, PROBLEMS = "inbox_message", "inbox_problems"


def show_inbox(session: AppSession) -> None:
    """Draw the inbox of the reader's organisation."""
    messages = session.messages
    st.title(messages("page-inbox"))
    try:
        session.require(Permission.SEE_INBOX)
        after = {one: key for one in InboxList if (key := key_after(one.value)) is not None}
        inbox = read_inbox(session.store, session.actor, session.clearance, now=utc_now(), after=after)
    except AppError as error:
        _warn(session, error)
        return
    quiet_line(messages("inbox-what"))
    draw_outcome()
    # What comes into an emptied list is seen from its beginning.
    first_page(*(one for one, count in _counts(inbox).items() if not count))
    if inbox.is_empty:
        st.text(messages("inbox-empty"))
        link_to("mapa", messages, messages("inbox-empty-do"))
    _draw_alerts(session, inbox)
    _draw_follow_ups(session, inbox)
    _draw_suggested(session, inbox)
    _draw_edited(session, inbox)
    if inbox.duplicate_count:
        with list_block(InboxList.DUPLICATES):
            draw_duplicates(session, inbox.duplicates, inbox.duplicate_count, act)
            draw_pages(messages, InboxList.DUPLICATES, inbox.duplicates)
    _draw_merges(session, inbox.merges)


def _counts(inbox: Inbox) -> dict[InboxList, int]:
    return {
        InboxList.SUGGESTED: inbox.suggested_count,
        InboxList.EDITED: inbox.edited_count,
        InboxList.ALERTS: inbox.alert_count,
        InboxList.FOLLOW_UPS: inbox.follow_up_count,
        InboxList.DUPLICATES: inbox.duplicate_count,
    }


def act(session: AppSession, work: Callable[[], object], done: str) -> None:
    """Do what a button says, and keep a sentence for the next drawing: done, or why not."""
    messages = session.messages
    try:
        work()
    except PersonalDataSuspected as error:
        st.session_state[PROBLEMS] = [messages("inbox-personal", found=", ".join(error.found))]
    except AppError as error:
        st.session_state[PROBLEMS] = messages.sentences(error)
    else:
        st.session_state[MESSAGE] = done


def draw_outcome() -> None:
    """Say what the last button did, or why it did nothing."""
    done = st.session_state.pop(MESSAGE, None)
    if done:
        st.success(escape_markdown(done))
    for sentence in st.session_state.pop(PROBLEMS, ()):
        st.warning(escape_markdown(sentence))


def step(session: AppSession, place: DisclosedPlace, state: PlaceState, reason_key: str) -> None:
    """Take a step of verification with the reason typed under `reason_key`; for a button."""
    reason = str(st.session_state.get(reason_key) or "")
    accepted = st.session_state.get(f"{reason_key}_asked") == reason
    # Pressed again with the same words: the person has seen the question.
    st.session_state[f"{reason_key}_asked"] = reason

    def work() -> None:
        take_step(
            session.store, place, state, session.actor, session.clearance, reason=reason, accept_personal=accepted
        )

    act(session, work, session.messages(f"inbox-done-{state.value}", name=name_of(session, place)))


def draw_steps(session: AppSession, place: DisclosedPlace, prefix: str) -> None:
    """Draw the reason and one button for every state that may follow."""
    messages = session.messages
    if place.state is None:
        return
    key = f"{prefix}_reason_{place.id}_{place.revision}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(messages("inbox-reason"), key=key, help=messages("inbox-reason-help"))
        for state in NEXT_STATES[place.state]:
            st.button(
                messages(f"inbox-step-{place.state.value}-{state.value}"), key=f"{key}_{state.value}",
                type="primary" if state is PlaceState.VERIFIED else "secondary",
                on_click=step, args=(session, place, state, key),
            )  # fmt: skip


def name_of(session: AppSession, place: DisclosedPlace) -> str:
    """Return the name of a place, or words for one without."""
    return place.name or session.messages("place-unnamed")


def draw_place_line(session: AppSession, place: DisclosedPlace, prefix: str) -> None:
    """Draw name, kind, city part and the ways to the map and to the history."""
    messages = session.messages
    st.text(name_of(session, place))
    facts = [label_of(messages, "typ_lokality", place.kind), city_part_name(place.city_part)]
    if place.last_visit_on:
        facts.append(messages("place-last-visit", date=messages.date(place.last_visit_on)))
    elif place.created_at:
        facts.append(messages("place-recorded", date=messages.date(place.created_at)))
    quiet_line(" · ".join(facts))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(messages("inbox-open-map"), key=f"{prefix}_open_{place.id}", type="tertiary"):
            st.session_state["panel"] = Panel(kind=PanelKind.PLACE, layer="places", id=place.id or "")
            st.switch_page(page("mapa", messages), query_params={"lang": messages.language.value})
        link_to("historie", messages, messages("inbox-open-history"), misto=place.id or "")


def _draw_suggested(session: AppSession, inbox: Inbox) -> None:
    messages = session.messages
    if not inbox.suggested_count:
        return
    with list_block(InboxList.SUGGESTED):
        heading(messages("inbox-suggested", count=inbox.suggested_count))
        for place in inbox.suggested.rows:
            with st.container(border=True):
                draw_place_line(session, place, "new")
                if place.note:
                    st.text(place.note)
                draw_steps(session, place, "new")
        draw_pages(messages, InboxList.SUGGESTED, inbox.suggested, along=(InboxList.DUPLICATES,))


def _draw_edited(session: AppSession, inbox: Inbox) -> None:
    messages = session.messages
    if not inbox.edited_count:
        return
    with list_block(InboxList.EDITED):
        heading(messages("inbox-edited", count=_counted(messages, inbox.edited_count)))
        for place in inbox.edited.rows:
            with st.container(border=True):
                _draw_edit(session, place)
        draw_pages(messages, InboxList.EDITED, inbox.edited, along=(InboxList.DUPLICATES,))


def _draw_edit(session: AppSession, place: DisclosedPlace) -> None:
    messages = session.messages
    draw_place_line(session, place, "edited")

    def confirm() -> None:
        confirm_edit(session.store, place, session.actor, session.clearance)

    st.button(
        messages("inbox-confirm"), key=f"confirm_{place.id}_{place.revision}", type="primary", on_click=act,
        args=(session, confirm, messages("inbox-confirmed", name=name_of(session, place))),
    )  # fmt: skip


def _draw_alerts(session: AppSession, inbox: Inbox) -> None:
    messages = session.messages
    if not inbox.alert_count:
        return
    with list_block(InboxList.ALERTS):
        heading(messages("inbox-alerts", count=_counted(messages, inbox.alert_count)))
        quiet_line(messages("inbox-alerts-what"))
        for alert in inbox.alerts.rows:
            with st.container(border=True):
                _draw_alert(session, alert)
        draw_pages(messages, InboxList.ALERTS, inbox.alerts)


def _draw_alert(session: AppSession, alert: Alert) -> None:
    messages = session.messages
    change = label_of(messages, "zmena_na_miste", alert.change.change)
    st.text(f"{messages.date(alert.change.happened_on)}  {change}")
    if alert.change.note:
        st.text(alert.change.note)
    draw_place_line(session, alert.place, f"alert_{alert.change.id}")
    due = alert.revisit.is_due(session.today)
    st.text(messages("inbox-revisit-due" if due else "inbox-revisit", date=messages.date(alert.revisit.by)))
    key = f"dismiss_{alert.change.id}"

    def dismiss() -> None:
        reason = str(st.session_state.get(key) or "")
        dismiss_alert(session.store, alert.change.id, session.actor, session.clearance, reason=reason)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(messages("inbox-dismiss-reason"), key=key)
        st.button(
            messages("inbox-dismiss"), key=f"{key}_button", on_click=act,
            args=(session, dismiss, messages("inbox-dismissed")),
        )  # fmt: skip


def _draw_follow_ups(session: AppSession, inbox: Inbox) -> None:
    messages = session.messages
    if not inbox.follow_up_count:
        return
    with list_block(InboxList.FOLLOW_UPS):
        heading(messages("inbox-follow-ups", count=_counted(messages, inbox.follow_up_count)))
        for one in inbox.follow_ups.rows:
            st.text(_follow_up_line(session, one))
        draw_pages(messages, InboxList.FOLLOW_UPS, inbox.follow_ups)


def _follow_up_line(session: AppSession, one: FollowUp) -> str:
    messages = session.messages
    where = name_of(session, one.place) if one.place else one.area
    service = label_of(messages, "typ_sluzby", one.service)
    parts = [messages.date(one.on), service, where, city_part_name(one.city_part)]
    return " · ".join(part for part in parts if part)


def _draw_merges(session: AppSession, merges: Page[Merge]) -> None:
    messages = session.messages
    if not merges.rows and key_after(InboxList.MERGES) is None:
        return
    with list_block(InboxList.MERGES):
        heading(messages("inbox-merges"))
        for merge in merges.rows:
            with st.container(border=True):
                _draw_merge(session, merge)
        draw_pages(messages, InboxList.MERGES, merges)


def _draw_merge(session: AppSession, merge: Merge) -> None:
    messages = session.messages
    key = "inbox-merge-across" if merge.is_across else "inbox-merge-line"
    st.text(messages(key, date=messages.date(merge.merged_at), visits=merge.moved.get("visits", 0)))
    # The other organisation's record of a pair is not named.
    if not merge.is_across:
        link_to("historie", messages, messages("inbox-open-history"), misto=merge.kept_id)

    def undo() -> None:
        undo_merge(session.store, merge.id, session.actor, session.clearance)

    st.button(
        messages("inbox-merge-undo"), key=f"undo_merge_{merge.id}", on_click=act,
        args=(session, undo, messages("inbox-merge-undone")),
    )  # fmt: skip


def _counted(messages: Messages, count: int) -> str:
    """Return a count of rows, or words for more than are counted."""
    return messages("inbox-more-than", count=COUNTED) if count > COUNTED else messages.number(count)


def _warn(session: AppSession, error: AppError) -> None:
    for sentence in session.messages.sentences(error):
        st.warning(escape_markdown(sentence))
