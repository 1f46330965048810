"""The page Historie: a place from version to version, and what the organisation did."""

import streamlit as st

from actions.activity import LEAST_WORKERS, ActivitySum, only_worker, organisation_activity
from actions.history import FieldChange, Step, place_history, restore_version
from actions.retention import erase_place
from api.layers import forget_answers
from domain.errors import AppError, NotFoundError
from domain.geometry import LonLat
from domain.place import PlaceState
from domain.roles import Permission
from domain.vocabulary import LANGUAGES_HEARD
from geo.boundaries import city_part_name
from geo.disclosure import DisclosedPlace
from store import utc_now
from store.merges import MERGED, UNDONE
from ui.inbox_panel import act, draw_outcome, draw_steps, name_of
from ui.links import link_to
from ui.place_panel import label_of
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession

_VOCABULARIES = {
    "kind": "typ_lokality", "headcount": "pocet_lidi", "access": "pristup", "target_groups": "cilova_skupina",
}  # fmt: skip
KNOWN_REASONS = {MERGED: "history-reason-merge", UNDONE: "history-reason-unmerge", "undo": "history-reason-undo"}


def show_history(session: AppSession) -> None:
    """Draw the history of the place in `?misto=`, or what the organisation did."""
    messages = session.messages
    st.title(messages("page-history"))
    place_id = st.query_params.get("misto")
    try:
        session.require(Permission.SEE_HISTORY)
        if place_id:
            _draw_place(session, place_id)
        else:
            _draw_activity(session)
    except AppError as error:
        for sentence in messages.sentences(error):
            st.warning(escape_markdown(sentence))


def _draw_place(session: AppSession, place_id: str) -> None:
    messages = session.messages
    steps = place_history(session.store, place_id, session.clearance, now=utc_now())
    newest = steps[0]
    heading(name_of(session, newest.place))
    st.text(
        f"{label_of(messages, 'typ_lokality', newest.place.kind)} · {city_part_name(newest.place.city_part)} · "
        f"{messages('place-state-' + newest.place.state.value) if newest.place.state else ''}"
    )
    draw_outcome()
    if session.may(Permission.VERIFY_PLACE):
        draw_steps(session, newest.place, "history")
    _draw_merges(session, place_id)
    for step in steps:
        with st.container(border=True):
            _draw_step(session, step, newest)
    if session.may(Permission.ERASE_PLACE):
        _draw_erase(session, newest.place)


def _draw_erase(session: AppSession, place: DisclosedPlace) -> None:
    """Offer to erase the place for good: a reason and a tick first, there is no way back."""
    messages = session.messages
    key = f"erase_{place.id}"

    def erase() -> None:
        reason = str(st.session_state.get(f"{key}_reason") or "")
        erase_place(session.store, place.id or "", session.actor, session.clearance, reason=reason)
        forget_answers()
        del st.query_params["misto"]

    with st.expander(messages("erase-title")):
        st.text(messages("erase-what"))
        st.text_input(messages("inbox-reason"), key=f"{key}_reason", help=messages("erase-reason-help"))
        sure = st.checkbox(messages("erase-sure"), key=f"{key}_sure")
        st.button(
            messages("erase-do"), key=key, disabled=not sure, on_click=act,
            args=(session, erase, messages("erase-done")),
        )  # fmt: skip


def _draw_step(session: AppSession, step: Step, newest: Step) -> None:
    messages = session.messages
    version = messages("history-version", revision=step.revision)
    st.text(f"{version} · {messages.date(step.at)} · {who(session, step.by)}")
    if step.reason:
        known = KNOWN_REASONS.get(step.reason)
        st.text(messages(known) if known else messages("history-why", reason=step.reason))
    if step.revision == 1:
        quiet_line(messages("history-recorded"))
    for change in step.changes:
        quiet_line(messages(_field_key(change.field)))
        st.text(f"{_value(session, change, change.before)} → {_value(session, change, change.after)}")
    if step.revision != newest.revision and session.may(Permission.RESTORE_VERSION):

        def restore() -> None:
            restore_version(
                session.store, newest.place.id or "", step.revision, session.actor, session.clearance,
                revision=newest.revision, reason=messages("history-restored-reason", revision=step.revision),
            )  # fmt: skip

        st.button(
            messages("history-restore", revision=step.revision), key=f"restore_{step.revision}_{newest.revision}",
            on_click=act, args=(session, restore, messages("history-restored", revision=step.revision)),
        )  # fmt: skip


def _draw_merges(session: AppSession, place_id: str) -> None:
    messages = session.messages
    for merge in session.store.merges.of_place(place_id):
        # The other organisation's record of a pair is not named.
        if merge.is_across:
            quiet_line(messages("history-merge-across", date=messages.date(merge.merged_at)))
            continue
        kept = merge.kept_id == place_id
        line = messages("history-absorbed" if kept else "history-absorbed-by", date=messages.date(merge.merged_at))
        quiet_line(f"{line} {messages('history-merge-undone') if merge.undone_at else ''}".strip())
        link_to("historie", messages, messages("history-other"), misto=merge.absorbed_id if kept else merge.kept_id)


def _field_key(field: str) -> str:
    known = {"position", "city_part", "state"}
    return f"history-field-{field.replace('_', '-')}" if field in known else f"field-{field.replace('_', '-')}"


def _value(session: AppSession, change: FieldChange, value: object) -> str:
    messages = session.messages
    if isinstance(value, LonLat):
        return f"{messages.number(value.lat, 5)} / {messages.number(value.lon, 5)}"
    if isinstance(value, PlaceState):
        return messages(f"place-state-{value.value}")
    if change.field == "city_part":
        return city_part_name(str(value))
    codes = value if isinstance(value, tuple) else (value,)
    if change.field == "languages":
        labels = [LANGUAGES_HEARD[code].to(messages.language) for code in codes if code in LANGUAGES_HEARD]
    elif change.field in _VOCABULARIES:
        labels = [label_of(messages, _VOCABULARIES[change.field], code) for code in codes if code]
    else:
        labels = [str(code) for code in codes if code]
    return ", ".join(labels) or "–"


def who(session: AppSession, account_id: str) -> str:
    """Return whom a reader of the same organisation sees behind an account: "you", a name, or nobody any more."""
    messages = session.messages
    if account_id == session.actor.account_id:
        return messages("history-you")
    try:
        account = session.store.accounts.get(account_id)
    except NotFoundError:
        return messages("history-somebody")
    is_own = account.organisation_id == session.actor.organisation_id
    return account.name if is_own and account.name else messages("history-somebody")


def _draw_activity(session: AppSession) -> None:
    messages = session.messages
    draw_outcome()
    if not session.may(Permission.SEE_ACTIVITY):
        st.text(messages("history-choose"))
        return
    heading(messages("activity-title"))
    alone = only_worker(session.store, session.actor.organisation_id) is not None
    quiet_line(messages("activity-what-alone") if alone else messages("activity-what", count=LEAST_WORKERS))
    sums = organisation_activity(session.store, session.actor, session.clearance)
    if not sums:
        st.text(messages("activity-none"))
        link_to("mapa", messages, messages("inbox-empty-do"))
        return
    for one in sums:
        st.text(messages.quarter(one.quarter))
        quiet_line(" · ".join(messages(key, count=value) for key, value in _counts(session, one)))


def _counts(session: AppSession, one: ActivitySum) -> list[tuple[str, str]]:
    values = {
        "activity-places": one.places,
        "activity-visits": one.visits,
        "activity-changes": one.changes,
        "activity-quick": one.quick_records,
    }
    messages = session.messages
    hidden = messages("activity-hidden")
    return [(key, hidden if value is None else messages.number(value)) for key, value in values.items()]
