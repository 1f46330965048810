"""Widgets of the forms: each offers the codes of one vocabulary that may stand where it stands."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from domain.quick_records import INTERPRETER_LABELS
from domain.vocabulary import LANGUAGES_HEARD, Scope, terms
from geo.boundaries import boundaries
from geo.disclosure import DisclosedPlace
from ui.session import AppSession


def pick_kind(session: AppSession, prefix: str, *, default: str | None = None) -> str | None:
    """Ask for the kind of place."""
    return _pills(session, "record-kind", "typ_lokality", Scope.PLACE, f"{prefix}_kind", default=default)


def pick_outcome(session: AppSession, prefix: str, label: str) -> str | None:
    """Ask what happened."""
    return _pills(session, label, "vysledek_kontaktu", Scope.VISIT, f"{prefix}_outcome")


def pick_city_part(session: AppSession, prefix: str) -> str | None:
    """Ask for a city part, for a place without a point."""
    names = boundaries().city_parts["name"].to_dict()
    chosen = st.selectbox(
        session.messages("record-city-part"), options=list(names), format_func=names.__getitem__,
        key=f"{prefix}_city_part", index=None, placeholder=session.messages("choose"),
    )  # fmt: skip
    return str(chosen) if chosen else None


def visit_fields(session: AppSession, prefix: str) -> dict[str, Any]:
    """Ask for the details of a visit; the answer fits `VisitDraft`."""
    happened_on = st.date_input(
        session.messages("record-when"), value=session.today, key=f"{prefix}_when", format="DD.MM.YYYY"
    )
    form = _select(session, "record-form", "forma_terenu", Scope.VISIT, f"{prefix}_outreach")
    return {
        "happened_on": happened_on,
        "form": form or "prima",
        "contacts": _pills(session, "record-contacts", "pocet_kontaktu", Scope.VISIT, f"{prefix}_contacts"),
        "needs": _many(session, "record-needs", "potreba", Scope.VISIT, f"{prefix}_needs", ()),
        "barriers": _many(session, "record-barriers", "bariera", Scope.VISIT, f"{prefix}_barriers", ()),
        "interpreter": _pick_interpreter(session, prefix),
        **_follow_up(session, prefix),
    }


def _pick_interpreter(session: AppSession, prefix: str) -> str | None:
    labels = {code.value: label.to(session.messages.language) for code, label in INTERPRETER_LABELS.items()}
    chosen = st.pills(
        session.messages("record-interpreter"), options=list(labels), format_func=labels.__getitem__,
        key=f"{prefix}_interpreter",
    )  # fmt: skip
    return str(chosen) if chosen else None


def _follow_up(session: AppSession, prefix: str) -> dict[str, Any]:
    """Ask for an agreed follow-up: a day and a kind of service, never a person."""
    messages = session.messages
    day = st.date_input(
        messages("record-follow-up-on"), value=None, key=f"{prefix}_follow_up_on", format="DD.MM.YYYY",
        help=messages("record-follow-up-help"),
    )  # fmt: skip
    labels = _labels(session, "typ_sluzby", Scope.SERVICE)
    service = st.selectbox(
        messages("record-follow-up-service"), options=list(labels), format_func=labels.__getitem__, index=None,
        key=f"{prefix}_follow_up_service", placeholder=messages("choose"),
    )  # fmt: skip
    return {"follow_up_on": day, "follow_up_service": str(service) if service else None}


def plain_visit(session: AppSession) -> dict[str, Any]:
    """Return the details of a visit of today about which nothing more was said; fits `VisitDraft`."""
    return {"happened_on": session.today, "form": "prima", "contacts": None, "needs": (), "barriers": ()}


def pick_languages(session: AppSession, label: str, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    """Ask for languages heard."""
    language = session.messages.language
    chosen = st.multiselect(
        session.messages(label), options=list(LANGUAGES_HEARD), key=key, placeholder=session.messages("choose"),
        format_func=lambda code: LANGUAGES_HEARD[code].to(language), **_start(key, list(default)),
    )  # fmt: skip
    return tuple(chosen)


def place_fields(session: AppSession, prefix: str, *, place: DisclosedPlace | None = None) -> dict[str, Any]:
    """Ask for the details of a place, starting from `place`; the answer fits `PlaceDraft`."""
    groups = place.target_groups if place else ()
    headcount, access = (place.headcount, place.access) if place else (None, None)
    key = f"{prefix}_note"
    return {
        "languages": pick_languages(
            session, "record-languages", f"{prefix}_languages", place.languages if place else ()
        ),
        "target_groups": _many(
            session, "record-target-groups", "cilova_skupina", Scope.PLACE, f"{prefix}_target_groups", groups
        ),
        "headcount": _pills(
            session, "record-headcount", "pocet_lidi", Scope.PLACE, f"{prefix}_headcount", default=headcount
        ),
        "access": _pills(session, "record-access", "pristup", Scope.PLACE, f"{prefix}_access", default=access),
        "note": st.text_area(
            session.messages("record-note"), key=key, help=session.messages("record-note-help"),
            value=st.session_state.get(key) or (place.note if place else "") or "",
        ),
    }  # fmt: skip


def _labels(session: AppSession, vocabulary: str, scope: Scope) -> dict[str, str]:
    return {term.code: term.label.to(session.messages.language) for term in terms(vocabulary, scope)}


def _start(key: str, default: object) -> dict[str, Any]:
    # A widget takes its start from the session where something was typed, else from `default`.
    return {} if key in st.session_state else {"default": default}


def _pills(
    session: AppSession, label: str, vocabulary: str, scope: Scope, key: str, *, default: str | None = None
) -> str | None:
    labels = _labels(session, vocabulary, scope)
    chosen = st.pills(
        session.messages(label), options=list(labels), format_func=labels.__getitem__, key=key, **_start(key, default)
    )
    return str(chosen) if chosen else None


def _select(session: AppSession, label: str, vocabulary: str, scope: Scope, key: str) -> str | None:
    labels = _labels(session, vocabulary, scope)
    chosen = st.selectbox(session.messages(label), options=list(labels), format_func=labels.__getitem__, key=key)
    return str(chosen) if chosen else None


def _many(
    session: AppSession, label: str, vocabulary: str, scope: Scope, key: str, default: Sequence[str]
) -> tuple[str, ...]:
    labels = _labels(session, vocabulary, scope)
    chosen = st.multiselect(
        session.messages(label), options=list(labels), format_func=labels.__getitem__, key=key,
        placeholder=session.messages("choose"), **_start(key, list(default)),
    )  # fmt: skip
    return tuple(chosen)


def draw_anew() -> None:
    """Run the whole fragment again: the map learns of the new data version, the panel moves on."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        # The press came together with something that runs the whole page (a switched language, say).
        st.rerun()
