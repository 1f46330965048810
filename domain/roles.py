"""Who may do what: one table, default deny.

The checks, the matrix test and the table in docs/permissions.md all come from `PERMISSIONS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from domain.errors import NotPermittedError


class Role(StrEnum):
    """Role of an account."""

    VIEWER = "viewer"
    PARTICIPANT = "participant"
    FIELD_WORKER = "field_worker"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


class Tier(IntEnum):
    """How precisely a place may be shown; smaller is more exact."""

    EXACT = 0
    CELL_10 = 1
    CELL_9 = 2
    CITY_PART = 3
    HIDDEN = 4


class Permission(StrEnum):
    """One thing that somebody may do."""

    SEE_PUBLIC_LAYERS = "see_public_layers"
    SEE_PLACES = "see_places"
    RECORD_PLACE = "record_place"
    EDIT_PLACE = "edit_place"
    RECORD_VISIT = "record_visit"
    IMPORT_TABLE = "import_table"
    UNDO_IMPORT = "undo_import"
    EXPORT_PLACES = "export_places"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_ACCOUNTS = "manage_accounts"
    FOUND_ORGANISATION = "found_organisation"
    NAME_PARTNERS = "name_partners"
    SHARE_PLACES = "share_places"
    SHOW_AS = "show_as"
    SEE_OWN_TRAIL = "see_own_trail"
    SEE_INBOX = "see_inbox"
    VERIFY_PLACE = "verify_place"
    MERGE_PLACES = "merge_places"
    NOTE_AREA = "note_area"
    SEE_HISTORY = "see_history"
    RESTORE_VERSION = "restore_version"
    SEE_ACTIVITY = "see_activity"
    SEE_AUDIT = "see_audit"
    ERASE_PLACE = "erase_place"
    PLAN_OUTINGS = "plan_outings"
    DECLARE_COVERAGE = "declare_coverage"
    NOTE_CONTACT = "note_contact"
    BACK_UP = "back_up"


_FIELD = frozenset(
    {
        Permission.SEE_PUBLIC_LAYERS,
        Permission.SEE_PLACES,
        Permission.RECORD_PLACE,
        Permission.EDIT_PLACE,
        Permission.RECORD_VISIT,
        Permission.EXPORT_PLACES,
        Permission.SEE_OWN_TRAIL,
        Permission.SEE_HISTORY,
        Permission.PLAN_OUTINGS,
    }
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_PUBLIC_LAYERS}),
    Role.PARTICIPANT: frozenset({Permission.SEE_PUBLIC_LAYERS, Permission.SEE_PLACES}),
    Role.FIELD_WORKER: _FIELD,
    Role.COORDINATOR: _FIELD
    | {
        Permission.IMPORT_TABLE,
        Permission.UNDO_IMPORT,
        Permission.CHANGE_SETTINGS,
        Permission.NAME_PARTNERS,
        Permission.SHARE_PLACES,
        Permission.SHOW_AS,
        Permission.SEE_INBOX,
        Permission.VERIFY_PLACE,
        Permission.MERGE_PLACES,
        Permission.NOTE_AREA,
        Permission.RESTORE_VERSION,
        Permission.SEE_ACTIVITY,
        Permission.SEE_AUDIT,
        Permission.ERASE_PLACE,
        Permission.DECLARE_COVERAGE,
        Permission.NOTE_CONTACT,
        Permission.BACK_UP,
    },
    Role.ADMIN: frozenset(
        {
            Permission.SEE_PUBLIC_LAYERS,
            Permission.SEE_PLACES,
            Permission.CHANGE_SETTINGS,
            Permission.MANAGE_ACCOUNTS,
            Permission.FOUND_ORGANISATION,
            Permission.SEE_AUDIT,
            Permission.BACK_UP,
        }
    ),
}
OPERATOR_ONLY = frozenset({Permission.CHANGE_SETTINGS, Permission.FOUND_ORGANISATION, Permission.BACK_UP})
"""What concerns the whole installation: in shared mode only the organisation that runs it has it."""

LOOKING = frozenset({Permission.SEE_PUBLIC_LAYERS, Permission.SEE_PLACES})
"""What a session in "Show as" may still do."""


def is_permitted(role: Role, permission: Permission) -> bool:
    """Return whether `role` has `permission`; anything unknown is refused.

    Examples
    --------
    >>> is_permitted(Role.VIEWER, Permission.SEE_PLACES)
    False
    """
    return permission in PERMISSIONS.get(role, frozenset())


def require_permission(role: Role, permission: Permission) -> None:
    """Raise `NotPermittedError` unless `role` has `permission`."""
    if not is_permitted(role, permission):
        raise NotPermittedError("not_permitted", role=role.value, permission=permission.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An owner's permission to see its places more exactly, for a purpose and a time (UTC)."""

    owner_organisation_id: str
    tier: Tier
    purpose: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """What a reader is cleared for: the whole of it is part of every cache key.

    `is_town_hall` organisations never see another's place more exactly than T2; `partner_of` are
    the organisations that named this one a partner.
    """

    role: Role
    organisation_id: str | None = None
    is_town_hall: bool = False
    partner_of: frozenset[str] = frozenset()
    shares: tuple[Share, ...] = ()


PUBLIC_CLEARANCE = Clearance(role=Role.VIEWER)
