"""The page Správa: accounts and invitations for the administrator, partners and shares for the coordinator."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import streamlit as st
import uuid_utils

from actions.accounts import erase_account, invite, share_places
from api.invitations import invitation_url
from domain.accounts import Account, Invitation, Organisation, ShareRecord
from domain.errors import AppError
from domain.roles import Permission, Role
from domain.vocabulary import vocabularies
from geo.boundaries import boundaries, city_part_name
from store import utc_now
from ui.backup_panel import draw_backup
from ui.localisation import Messages
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession, current_session

_MESSAGE = "admin_message"
_LINK = "admin_link"
_FIRST_SHARE_DAYS = 30


def show_admin() -> None:
    """Draw the parts of the page that the role may use."""
    session = current_session()
    messages = session.messages
    st.title(messages("page-admin"))
    message = st.session_state.pop(_MESSAGE, None)
    if message:
        st.warning(escape_markdown(message))
    if session.may(Permission.MANAGE_ACCOUNTS):
        _draw_people(session)
        _draw_invitations(session)
    if session.may(Permission.FOUND_ORGANISATION):
        _draw_founding(session)
    if session.may(Permission.NAME_PARTNERS):
        _draw_partners(session)
    if session.may(Permission.SHARE_PLACES):
        _draw_shares(session)
    draw_backup(session)


def _try(session: AppSession, permission: Permission, write: Callable[[], object]) -> None:
    """Do what a button asks; what is refused is said above the page."""
    try:
        session.require(permission)
        write()
    except AppError as error:
        st.session_state[_MESSAGE] = " ".join(session.messages.sentences(error))


def _form(name: str) -> str:
    """Return the key of a form: another one after each success, so that it is empty then and keeps what was refused."""
    return f"{name}_form_{st.session_state.get(f'{name}_sent', 0)}"


def _sent(name: str) -> None:
    """Have a form drawn anew, unless what it asked was refused."""
    if _MESSAGE not in st.session_state:
        st.session_state[f"{name}_sent"] = st.session_state.get(f"{name}_sent", 0) + 1


def _role_label(messages: Messages, role: Role) -> str:
    return messages(f"role-{role.value.replace('_', '-')}")


def _city_part_codes() -> list[str]:
    return sorted((str(code) for code in boundaries().city_parts.index), key=city_part_name)


def _draw_people(session: AppSession) -> None:
    messages = session.messages
    heading(messages("admin-people"))
    quiet_line(messages("admin-people-what"))
    for account in session.store.accounts.of_organisation(session.actor.organisation_id):
        if account.erased_at is not None:
            st.text(messages("admin-account-erased", pseudonym=account.pseudonym))
        elif account.email or account.name:
            _draw_account(session, account)


def _draw_account(session: AppSession, account: Account) -> None:
    messages, store, actor = session.messages, session.store, session.actor
    state = "" if account.active else f" · {messages('admin-account-revoked')}"
    label = f"{account.name or account.email} · {_role_label(messages, account.role)}{state}"
    with st.expander(escape_markdown(label)):
        if account.name:
            st.text(account.email)
        role = st.selectbox(
            messages("admin-role"), list(Role), index=list(Role).index(account.role), key=f"role_{account.id}",
            format_func=lambda value: _role_label(messages, value),
        )  # fmt: skip
        parts = st.multiselect(
            messages("admin-city-parts"), _city_part_codes(), default=list(account.city_parts),
            key=f"parts_{account.id}", format_func=city_part_name, placeholder=messages("choose"),
        )  # fmt: skip

        def save() -> None:
            chosen, given = tuple(parts), Role(role or account.role)
            _try(session, Permission.MANAGE_ACCOUNTS, lambda: store.accounts.set_role(
                account.id, role=given, city_parts=chosen, actor=actor,
            ))  # fmt: skip

        def turn() -> None:
            _try(session, Permission.MANAGE_ACCOUNTS, lambda: store.accounts.set_active(
                account.id, active=not account.active, actor=actor,
            ))  # fmt: skip

        def erase() -> None:
            _try(session, Permission.MANAGE_ACCOUNTS, lambda: erase_account(store, account.id, actor))

        if st.button(messages("admin-save"), key=f"save_{account.id}"):
            save()
            st.rerun()
        word = "admin-revoke" if account.active else "admin-let-in"
        st.button(messages(word), key=f"turn_{account.id}", on_click=turn)
        sure = st.checkbox(messages("admin-erase-sure"), key=f"sure_{account.id}")
        st.button(messages("admin-erase"), key=f"erase_{account.id}", on_click=erase, disabled=not sure)


def _draw_invitations(session: AppSession) -> None:
    messages = session.messages
    heading(messages("admin-invite"))
    link = st.session_state.pop(_LINK, None)
    if link:
        st.text(messages("admin-invite-link"))
        st.code(link, language=None)
    with st.form(_form("invite")):
        role = st.selectbox(
            messages("admin-role"), list(Role), index=list(Role).index(Role.FIELD_WORKER),
            format_func=lambda value: _role_label(messages, value),
        )  # fmt: skip
        email = st.text_input(messages("admin-invite-email"))
        parts = st.multiselect(
            messages("admin-city-parts"), _city_part_codes(), format_func=city_part_name, placeholder=messages("choose")
        )
        sent = st.form_submit_button(messages("admin-invite-make"), type="primary")
    if sent:
        _invite(session, session.actor.organisation_id, Role(role or Role.VIEWER), email=email, city_parts=tuple(parts))
    now = utc_now()
    for invitation in session.store.invitations.of_organisation(session.actor.organisation_id):
        if invitation.is_open(now):
            _draw_invitation(session, invitation)


def _draw_invitation(session: AppSession, invitation: Invitation) -> None:
    messages = session.messages

    def withdraw() -> None:
        _try(session, Permission.MANAGE_ACCOUNTS, lambda: session.store.invitations.withdraw(
            invitation.id, actor=session.actor,
        ))  # fmt: skip

    with st.container(horizontal=True, vertical_alignment="center", key=f"invitation_{invitation.id}"):
        until = messages.date(invitation.expires_at)
        role = _role_label(messages, invitation.role)
        st.text(messages("admin-invitation", role=role, email=invitation.email or "–", date=until))
        st.button(messages("admin-withdraw"), key=f"withdraw_{invitation.id}", on_click=withdraw)


def _invite(
    session: AppSession, organisation_id: str, role: Role, *, email: str = "", city_parts: tuple[str, ...] = ()
) -> None:
    def write() -> None:
        _, secret = invite(session.store, organisation_id, role, session.actor, email=email, city_parts=city_parts)
        st.session_state[_LINK] = invitation_url(secret)

    _try(session, Permission.MANAGE_ACCOUNTS, write)
    _sent("invite")
    st.rerun()


def _draw_founding(session: AppSession) -> None:
    messages = session.messages
    labels = vocabularies()["typ_organizace"].labels
    heading(messages("admin-found"))
    with st.form(_form("found")):
        name = st.text_input(messages("admin-found-name"))
        kind = st.selectbox(
            messages("admin-found-type"), list(labels), format_func=lambda code: labels[code].to(messages.language)
        )
        sent = st.form_submit_button(messages("admin-found-make"))
    if sent:
        identifier = str(uuid_utils.uuid7())
        _try(session, Permission.FOUND_ORGANISATION, lambda: session.store.organisations.found(
            identifier, name=name, type_code=kind, actor=session.actor,
        ))  # fmt: skip
        if _MESSAGE not in st.session_state:
            _sent("found")
            _invite(session, identifier, Role.ADMIN)
        st.rerun()


def _others(session: AppSession) -> dict[str, Organisation]:
    return {o.id: o for o in session.store.organisations.all() if o.id != session.actor.organisation_id}


def _draw_partners(session: AppSession) -> None:
    messages, store, actor = session.messages, session.store, session.actor
    heading(messages("admin-partners"))
    quiet_line(messages("admin-partners-what"))
    others = _others(session)
    if not others:
        st.text(messages("admin-alone"))
        return
    named = store.organisations.partners_of(actor.organisation_id)
    chosen = st.multiselect(
        messages("admin-partners-label"), list(others), default=[code for code in others if code in named],
        format_func=lambda code: others[code].name, placeholder=messages("choose"), key="partners",
    )  # fmt: skip
    if st.button(messages("admin-save"), key="save_partners"):
        for partner in sorted(set(chosen) - named):
            _try(session, Permission.NAME_PARTNERS, partial(store.organisations.name_partner, partner, actor=actor))
        for partner in sorted(named - set(chosen)):
            _try(session, Permission.NAME_PARTNERS, partial(store.organisations.drop_partner, partner, actor=actor))
        st.rerun()


def _draw_shares(session: AppSession) -> None:
    messages = session.messages
    heading(messages("admin-shares"))
    quiet_line(messages("admin-shares-what"))
    others = {code: o for code, o in _others(session).items() if not o.is_town_hall}
    if not others:
        st.text(messages("admin-alone"))
        return
    with st.form(_form("share")):
        target = st.selectbox(
            messages("admin-share-with"), list(others), format_func=lambda code: others[code].name, index=None,
            placeholder=messages("choose"),
        )  # fmt: skip
        purpose = st.text_input(messages("admin-share-purpose"))
        last_day = st.date_input(
            messages("admin-share-until"), value=session.today + timedelta(days=_FIRST_SHARE_DAYS),
            min_value=session.today, format="DD.MM.YYYY",
        )  # fmt: skip
        sent = st.form_submit_button(messages("admin-share-make"))
    if sent and target:
        _try(session, Permission.SHARE_PLACES, lambda: share_places(
            session.store, str(uuid_utils.uuid7()), target, session.actor, purpose=purpose, last_day=last_day,
        ))  # fmt: skip
        _sent("share")
        st.rerun()
    now = utc_now()
    for share in session.store.shares.given_by(session.actor.organisation_id):
        if share.holds(now):
            _draw_share(session, share, others)


def _draw_share(session: AppSession, share: ShareRecord, others: dict[str, Organisation]) -> None:
    messages = session.messages

    def revoke() -> None:
        _try(session, Permission.SHARE_PLACES, lambda: session.store.shares.revoke(share.id, actor=session.actor))

    with st.container(horizontal=True, vertical_alignment="center", key=f"share_{share.id}"):
        name = others[share.organisation_id].name if share.organisation_id in others else "–"
        st.text(messages("admin-share", organisation=name, purpose=share.purpose, date=messages.date(share.until)))
        st.button(messages("admin-share-end"), key=f"end_{share.id}", on_click=revoke)
