"""Two organisations with people in every role, as administrators and invitations make them."""

from datetime import timedelta

import uuid_utils

from domain.accounts import Identity, InvitationDraft, ShareDraft
from domain.place import Actor
from domain.roles import Role
from store import OPERATOR_ACCOUNT_ID

COMMAND = Actor(account_id=OPERATOR_ACCOUNT_ID, organisation_id=OPERATOR_ACCOUNT_ID)


def new_id():
    return str(uuid_utils.uuid7())


def identity(name, **more):
    return Identity(
        **{"issuer": "https://idp.example", "subject": f"sub-{name}", "email": f"{name}@example.org", "name": name}
        | more
    )


def usual_name(organisation, role, actor):
    """Return what somebody is called who was let in without a name."""
    return f"{organisation.name}-{role.value}-{actor.account_id[-6:]}"


def found(store, name, type_code="nno"):
    """Found an organisation as the server's own command does; the first one runs the installation."""
    checks, store.writer.checks_accounts = store.writer.checks_accounts, False
    try:
        return store.organisations.found(new_id(), name=name, type_code=type_code, actor=COMMAND)
    finally:
        store.writer.checks_accounts = checks


def join(store, organisation, role, name=None, *, who=None, **more):
    """Let somebody in by an invitation and return the account's actor."""
    checks, store.writer.checks_accounts = store.writer.checks_accounts, False
    try:
        inviting = Actor(account_id="inviting", organisation_id=organisation.id)
        secret = new_id()
        draft = InvitationDraft(id=new_id(), organisation_id=organisation.id, role=role, **more)
        store.invitations.add(draft, secret=secret, actor=inviting)
        actor = Actor(account_id=new_id(), organisation_id=organisation.id)
        who = who or identity(name or usual_name(organisation, role, actor))
        store.invitations.accept(secret, identity=who, account_id=actor.account_id, actor=actor)
    finally:
        store.writer.checks_accounts = checks
    return actor


def everybody(store, organisation):
    """Return an actor of each role."""
    return {role: join(store, organisation, role) for role in Role}


def share_with(organisation, *, until, purpose="společný výjezd", **more):
    return ShareDraft(**{"id": new_id(), "organisation_id": organisation.id, "purpose": purpose, "until": until} | more)


def in_days(now, days):
    return now + timedelta(days=days)
