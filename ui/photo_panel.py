"""Photos of a place in its panel: shown and taken by a component over the token route."""

import streamlit as st

from actions.photos import photos_of, withdraw_photo
from domain.errors import AppError
from domain.photos import CONSENT_LABELS, Consent, PhotoRecord
from domain.roles import Permission
from geo.disclosure import DisclosedPlace
from ui.map_component import token_for
from ui.panel_state import new_id
from ui.plain import heading, quiet_line
from ui.session import AppSession
from ui.web_component import web_component

_component = web_component("photos")


def draw_photos(session: AppSession, place: DisclosedPlace) -> None:
    """Draw the photos that the reader may see, and the way to add or withdraw one."""
    messages = session.messages
    place_id = place.id or ""
    photos = photos_of(session.store, place_id, session.clearance)
    may_add = place.own and session.may(Permission.EDIT_PLACE)
    if not photos and not may_add:
        return
    heading(messages("photos-title"))
    consent = None
    if may_add:
        quiet_line(messages("photos-what"))
        labels = {scope.value: label.to(messages.language) for scope, label in CONSENT_LABELS.items()}
        consent = st.pills(
            messages("photos-consent"), list(labels), format_func=labels.__getitem__, key=f"photo_consent_{place_id}"
        )
    if not photos:
        st.text(messages("photos-none"))
    labels = {name: messages(f"photos-{name}") for name in ("add", "uploading", "failed", "alt")}
    # The id is made when the panel is drawn: the same picture sent twice is one.
    key = f"photo_id_{place_id}_{len(photos)}"
    st.session_state.setdefault(key, new_id())
    _component(
        key=f"photos_{place_id}",
        data={
            "lang": messages.language.value, "place": place_id, "labels": labels,
            "photos": [photo.id for photo in photos], "may_add": bool(may_add and consent), "consent": consent or "",
            "photo_id": st.session_state[key],
            "token": token_for(
                session.clearance, account_id=session.account_id, show_as=session.showing_as is not None
            ),
        },
        on_changed_change=lambda: st.session_state.pop(key, None),
    )  # fmt: skip
    for photo in photos:
        _draw_line(session, photo, may_withdraw=may_add)


def _draw_line(session: AppSession, photo: PhotoRecord, *, may_withdraw: bool) -> None:
    messages = session.messages
    scope = CONSENT_LABELS[Consent(photo.consent)].to(messages.language)
    quiet_line(f"{messages.date(photo.created_at)} · {scope}")

    def withdraw() -> None:
        try:
            withdraw_photo(session.store, photo.id, session.actor, session.clearance)
        except AppError as error:
            st.session_state["place_message"] = " ".join(messages.sentences(error))
        else:
            st.session_state["place_message"] = messages("photos-withdrawn")

    if may_withdraw:
        st.button(messages("photos-withdraw"), key=f"photo_withdraw_{photo.id}", type="tertiary", on_click=withdraw)
