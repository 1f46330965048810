"""The panel for a place: what it is, what happened there, what to do next."""

import streamlit as st

from actions.inbox import revisit_of
from actions.place_reader import place_detail
from actions.record_place import note_change
from domain.errors import AppError
from domain.place import ChangeDraft
from domain.quick_records import INTERPRETER_LABELS, Interpreter
from domain.roles import Permission
from domain.verification import RevisitReason
from domain.vocabulary import LANGUAGES_HEARD, vocabularies
from geo.boundaries import city_part_name
from geo.disclosure import DisclosedPlace
from geo.disclosure_detail import DisclosedPlaceDetail, DisclosedVisit
from ui.links import link_to
from ui.localisation import Messages
from ui.panel_state import Panel, PanelKind, SetPanel, new_id
from ui.photo_panel import draw_photos
from ui.plain import escape_markdown, fact, heading, quiet_line
from ui.quick_panel import draw_quick
from ui.session import AppSession


def label_of(messages: Messages, vocabulary: str, code: str | None) -> str:
    """Return the label of a code in the session's language; an unknown code stands for itself."""
    if not code:
        return ""
    text = vocabularies()[vocabulary].labels.get(code)
    return text.to(messages.language) if text else code


def draw(session: AppSession, panel: Panel, set_panel: SetPanel) -> None:
    """Draw the place `panel.id` with its visits and changes."""
    messages = session.messages
    detail = place_detail(session.store, panel.id, session.clearance)
    place = detail.place
    session.note_seen(place)
    heading(place.name or messages("place-unnamed"))
    st.text(f"{label_of(messages, 'typ_lokality', place.kind)} · {city_part_name(place.city_part)}")
    if place.border_city_part:
        quiet_line(messages("record-on-border", city_part=city_part_name(place.border_city_part)))
    if place.position is None:
        quiet_line(messages("place-only-city-part"))
    message = st.session_state.pop("place_message", None)
    if message:
        st.success(escape_markdown(message))
    if session.may(Permission.RECORD_VISIT):
        visit = Panel(kind=PanelKind.VISIT, layer="places", id=panel.id, draft_id=new_id(), position=panel.position)
        st.button(messages("place-visit-again"), type="primary", width="stretch", on_click=set_panel, args=(visit,))
    if session.may(Permission.EDIT_PLACE) and place.own:
        st.button(
            messages("place-edit"), width="stretch", on_click=set_panel,
            args=(Panel(kind=PanelKind.EDIT, layer="places", id=panel.id, position=place.position),),
        )  # fmt: skip
    _draw_freshness(session, place)
    _draw_facts(messages, place)
    if session.may(Permission.RECORD_VISIT):
        _draw_change(session, panel)
        draw_quick(session, place_id=panel.id)
    _draw_visits(messages, detail)
    _draw_changes(messages, detail)
    draw_photos(session, place)
    if place.state:
        quiet_line(messages(f"place-state-{place.state.value}"))
    if place.updated_at:
        quiet_line(messages("place-recorded", date=messages.date(place.updated_at)))
    if session.may(Permission.SEE_HISTORY) and place.own:
        link_to("historie", messages, messages("inbox-open-history"), misto=panel.id)


def _draw_freshness(session: AppSession, place: DisclosedPlace) -> None:
    """Say when somebody was there last and by when somebody should be there again."""
    messages = session.messages
    if place.last_visit_on:
        st.text(messages("place-last-visit", date=messages.date(place.last_visit_on)))
    revisit = revisit_of(session.store, place, today=session.today)
    if revisit is None:
        return
    reason = "" if revisit.reason is RevisitReason.STALE else f"-{revisit.reason.value.replace('_', '-')}"
    sentence = messages(f"place-revisit{reason}", date=messages.date(revisit.by))
    if revisit.is_due(session.today):
        st.warning(escape_markdown(sentence))
        if revisit.reason is RevisitReason.STALE:
            quiet_line(messages("place-stale"))
    else:
        quiet_line(sentence)


def _draw_facts(messages: Messages, place: DisclosedPlace) -> None:
    language = messages.language
    facts = {
        "field-headcount": label_of(messages, "pocet_lidi", place.headcount),
        "field-access": label_of(messages, "pristup", place.access),
        "field-languages": ", ".join(LANGUAGES_HEARD[code].to(language) for code in place.languages),
        "field-target-groups": ", ".join(label_of(messages, "cilova_skupina", code) for code in place.target_groups),
        "field-note": place.note or "",
    }
    for key, value in facts.items():
        if value:
            fact(messages(key), value)


def _draw_change(session: AppSession, panel: Panel) -> None:
    """One tap notes a change of today; it can be followed by a visit."""
    messages = session.messages
    labels = {code: text.to(messages.language) for code, text in vocabularies()["zmena_na_miste"].labels.items()}
    key = f"change_{panel.id}_{st.session_state.get('changes_noted', 0)}"

    def note() -> None:
        code = st.session_state[key]
        draft = ChangeDraft(id=new_id(), place_id=panel.id, change=code, happened_on=session.today)
        try:
            note_change(session.store, draft, session.actor, today=session.today)
        except AppError as error:
            st.session_state["place_message"] = " ".join(messages.sentences(error))
        else:
            st.session_state["place_message"] = messages("place-change-saved", change=labels[code])
        st.session_state["changes_noted"] = st.session_state.get("changes_noted", 0) + 1

    with st.expander(messages("place-change")):
        st.pills(
            messages("place-change"), list(labels), format_func=labels.__getitem__, key=key, on_change=note,
            label_visibility="collapsed",
        )  # fmt: skip


def _draw_visits(messages: Messages, detail: DisclosedPlaceDetail) -> None:
    heading(messages("place-visits"))
    if not detail.visits:
        st.text(messages("place-visits-none"))
    for visit in detail.visits:
        st.text(f"{messages.date(visit.happened_on)}  {label_of(messages, 'vysledek_kontaktu', visit.outcome)}")
        more = _visit_facts(messages, visit)
        if more:
            quiet_line(more)
        if visit.note:
            st.text(visit.note)


def _visit_facts(messages: Messages, visit: DisclosedVisit) -> str:
    parts = [
        label_of(messages, "forma_terenu", visit.form),
        ", ".join(label_of(messages, "potreba", code) for code in visit.needs),
        ", ".join(label_of(messages, "bariera", code) for code in visit.barriers),
        ", ".join(LANGUAGES_HEARD[code].to(messages.language) for code in visit.languages),
    ]
    if visit.interpreter:
        interpreter = INTERPRETER_LABELS[Interpreter(visit.interpreter)].to(messages.language)
        parts.append(f"{messages('record-interpreter')}: {interpreter}")
    if visit.follow_up_on:
        parts.append(messages("place-revisit-follow-up", date=messages.date(visit.follow_up_on)))
        parts.append(label_of(messages, "typ_sluzby", visit.follow_up_service))
    return " · ".join(part for part in parts if part)


def _draw_changes(messages: Messages, detail: DisclosedPlaceDetail) -> None:
    if not detail.changes:
        return
    heading(messages("place-changes"))
    for change in detail.changes:
        st.text(f"{messages.date(change.happened_on)}  {label_of(messages, 'zmena_na_miste', change.change)}")
