"""The check inside every write: what each function that changes data needs, and whether its actor has it now.

It is on in shared mode. The account is read in the write's own transaction, so that a role taken
away a moment ago is taken away; a function that no table names is refused.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import NotPermittedError
from domain.place import Actor
from domain.roles import OPERATOR_ONLY, Permission, Role, require_permission
from store.identities import SHOW_AS_ACCOUNT_ID
from store.tables import accounts, organisations

NEEDS: Mapping[str, Permission] = {
    "Places.add": Permission.RECORD_PLACE,
    "Places.update": Permission.EDIT_PLACE,
    "Places.set_state": Permission.VERIFY_PLACE,
    "Places.undo_add": Permission.RECORD_PLACE,
    "Places._add_batch": Permission.IMPORT_TABLE,
    "Visits.add": Permission.RECORD_VISIT,
    "Visits._add_batch": Permission.IMPORT_TABLE,
    "Visits.withdraw": Permission.RECORD_VISIT,
    "Changes.add": Permission.RECORD_VISIT,
    "Changes.withdraw": Permission.RECORD_VISIT,
    "Photos.add": Permission.EDIT_PLACE,
    "Photos._withdraw": Permission.EDIT_PLACE,
    "Erasures._erase": Permission.ERASE_PLACE,
    "Datasets.add": Permission.IMPORT_TABLE,
    "Datasets.undo": Permission.UNDO_IMPORT,
    "Datasets.redo": Permission.UNDO_IMPORT,
    "Settings.set": Permission.CHANGE_SETTINGS,
    "Audit.erase_payloads": Permission.ERASE_PLACE,
    "Organisations.found": Permission.FOUND_ORGANISATION,
    "Organisations.name_partner": Permission.NAME_PARTNERS,
    "Organisations.drop_partner": Permission.NAME_PARTNERS,
    "Shares.add": Permission.SHARE_PLACES,
    "Shares.revoke": Permission.SHARE_PLACES,
    "Invitations.add": Permission.MANAGE_ACCOUNTS,
    "Invitations.withdraw": Permission.MANAGE_ACCOUNTS,
    "Accounts.set_role": Permission.MANAGE_ACCOUNTS,
    "Accounts.set_active": Permission.MANAGE_ACCOUNTS,
    "Accounts.erase": Permission.MANAGE_ACCOUNTS,
    "QuickRecords.add": Permission.RECORD_VISIT,
    "QuickRecords.withdraw": Permission.RECORD_VISIT,
    "QuarterNotes.add": Permission.NOTE_AREA,
    "QuarterNotes.withdraw": Permission.NOTE_AREA,
    "Reviews.step": Permission.VERIFY_PLACE,
    "Reviews.mark_place": Permission.SEE_INBOX,
    "Reviews.mark_change": Permission.SEE_INBOX,
    "Merges.merge": Permission.MERGE_PLACES,
    "Merges.undo": Permission.MERGE_PLACES,
    "Merges.decide": Permission.MERGE_PLACES,
    "Plans.add": Permission.PLAN_OUTINGS,
    "Plans.withdraw": Permission.PLAN_OUTINGS,
    "Plans.claim": Permission.PLAN_OUTINGS,
    "Plans.give_back": Permission.PLAN_OUTINGS,
    "Plans.finish": Permission.PLAN_OUTINGS,
    "DeclaredCoverages.add": Permission.DECLARE_COVERAGE,
    "DeclaredCoverages.withdraw": Permission.DECLARE_COVERAGE,
    "TownHallContacts.add": Permission.NOTE_CONTACT,
    "TownHallContacts.withdraw": Permission.NOTE_CONTACT,
    "Events.note": Permission.SEE_PUBLIC_LAYERS,
}
"""What a function needs."""

WITHOUT_ACCOUNT = frozenset(
    {
        "Invitations.accept",
        "Events.note_refusal",
        "Erasures._erase_again",
        "Erasures._erase_account_again",
        "Erasures.empty_old_notes",
    }
)
"""Functions for somebody who has no account yet, or no longer: they check what they are given themselves."""


def check_write(connection: Connection, function: str, actor: Actor) -> None:
    """Raise `NotPermittedError` unless `actor` may call `function` at this moment.

    Raises
    ------
    NotPermittedError
        `account_unknown`, `account_revoked`, `not_permitted`.
    """
    if function in WITHOUT_ACCOUNT:
        return
    permission = NEEDS.get(function)
    if permission is None:
        raise NotPermittedError("not_permitted", role="", permission=function)
    check_account(connection, actor, permission)


def check_account(connection: Connection, actor: Actor, permission: Permission) -> None:
    """Raise `NotPermittedError` unless the account is active, of that organisation, and has `permission`."""
    row = connection.execute(
        sa.select(accounts.c.role, accounts.c.active, accounts.c.organisation_id, organisations.c.is_operator)
        .join(organisations, organisations.c.id == accounts.c.organisation_id)
        .where(accounts.c.id == actor.account_id)
    ).first()
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotPermittedError("account_unknown")
    if not row.active:
        raise NotPermittedError("account_revoked")
    role = Role(row.role)
    require_permission(role, permission)
    if permission in OPERATOR_ONLY and not row.is_operator:
        raise NotPermittedError("not_permitted", role=role.value, permission=permission.value)


def refuse_show_as(actor: Actor) -> None:
    """Raise `NotPermittedError` (`showing_as`) for the actor of a session that looks with another's eyes."""
    if actor.account_id == SHOW_AS_ACCOUNT_ID:
        raise NotPermittedError("showing_as")
