"""Signing in, invitations, and what a person reads who is not let in."""

from collections.abc import Callable, Mapping

import streamlit as st
import uuid_utils

from api.invitations import COOKIE
from domain.accounts import Identity
from domain.errors import AppError, NotPermittedError
from domain.place import Actor
from store import Store, utc_now
from ui.localisation import Messages
from ui.plain import escape_markdown

Draw = Callable[[], None]
_UNKNOWN = "unknown"


def signed_in_identity() -> Identity | None:
    """Return who signed in, None where nobody has."""
    user = st.user
    if not user.get("is_logged_in"):
        return None
    issuer, subject = user.get("iss"), user.get("sub")
    if not issuer or not subject:
        return None
    return Identity(
        issuer=str(issuer),
        subject=str(subject),
        email=str(user.get("email") or ""),
        name=str(user.get("name") or ""),
        # Providers that say nothing (Microsoft) let nobody in with a foreign address by their own rules.
        email_verified=bool(user.get("email_verified", True)),
    )


def providers() -> tuple[str, ...]:
    """Return the names of the configured providers; "" stands for the only one, without a name."""
    auth = st.secrets.get("auth", {})
    named = tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)
    return named or ("",)


def draw_sign_in(messages: Messages) -> None:
    """Draw the page of somebody who is not signed in."""
    with st.container(key="sign_in"):
        st.title(messages("sign-in-title"), anchor=False)
        st.text(messages("sign-in-invited") if _invitation_secret() else messages("sign-in-what"))
        for name in providers():
            label = messages("sign-in-with", provider=name.capitalize()) if name else messages("sign-in-button")
            arguments = (name,) if name else ()
            st.button(label, type="primary", key=f"sign_in_{name}", on_click=st.login, args=arguments)


def draw_refusal(messages: Messages, store: Store, identity: Identity, error: NotPermittedError) -> None:
    """Draw the page of somebody who signed in and is not let in, with an open invitation where there is one."""
    secret = _invitation_secret()
    with st.container(key="sign_in"):
        st.title(messages("sign-in-title"), anchor=False)
        if error.code == "account_unknown" and secret and _draw_invitation(messages, store, identity, secret):
            return
        _note_once(store, error)
        st.warning(escape_markdown(messages.error(error)))
        st.text(messages("sign-in-as", email=identity.email or identity.subject))
        st.button(messages("sign-out"), key="sign_out", on_click=st.logout)


def _draw_invitation(messages: Messages, store: Store, identity: Identity, secret: str) -> bool:
    """Offer an invitation; return whether there is an open one."""
    invitation = store.invitations.find(secret)
    if invitation is None or not invitation.is_open(utc_now()):
        return False
    organisation = store.organisations.get(invitation.organisation_id)
    st.text(messages("invitation-into", organisation=organisation.name))
    st.text(messages("invitation-role", role=messages(f"role-{invitation.role.value.replace('_', '-')}")))
    st.text(messages("sign-in-as", email=identity.email or identity.subject))
    account_id = st.session_state.setdefault("new_account_id", str(uuid_utils.uuid7()))

    def accept() -> None:
        actor = Actor(account_id=account_id, organisation_id=invitation.organisation_id)
        try:
            store.invitations.accept(secret, identity=identity, account_id=account_id, actor=actor)
        except AppError as error:
            st.session_state["invitation_error"] = messages.error(error)

    st.button(messages("invitation-accept"), type="primary", key="accept", on_click=accept)
    st.button(messages("sign-out"), key="sign_out", on_click=st.logout)
    failed = st.session_state.pop("invitation_error", None)
    if failed:
        st.warning(escape_markdown(failed))
    return True


def _invitation_secret() -> str:
    return str(st.context.cookies.get(COOKIE) or "")


def _note_once(store: Store, error: NotPermittedError) -> None:
    """Note a refusal once a session; no e-mail goes into the log."""
    if st.session_state.get("refusal_noted") == error.code:
        return
    st.session_state["refusal_noted"] = error.code
    account_id = str(error.params.get("account") or "")
    # The organisation of a revoked account learns of it in its own log.
    organisation_id = store.accounts.get(account_id).organisation_id if account_id else _UNKNOWN
    actor = Actor(account_id=account_id or _UNKNOWN, organisation_id=organisation_id)
    store.events.note_refusal(error.code, actor=actor)
