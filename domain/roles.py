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


_FIELD = frozenset(
    {
        Permission.SEE_PUBLIC_LAYERS,
        Permission.SEE_PLACES,
        Permission.RECORD_PLACE,
        Permission.EDIT_PLACE,
        Permission.RECORD_VISIT,
        Permission.EXPORT_PLACES,
    }
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_PUBLIC_LAYERS}),
    Role.PARTICIPANT: frozenset({Permission.SEE_PUBLIC_LAYERS, Permission.SEE_PLACES}),
    Role.FIELD_WORKER: _FIELD,
    Role.COORDINATOR: _FIELD
    | {Permission.IMPORT_TABLE, Permission.UNDO_IMPORT, Permission.CHANGE_SETTINGS},
    Role.ADMIN: frozenset(
        {
            Permission.SEE_PUBLIC_LAYERS,
            Permission.SEE_PLACES,
            Permission.CHANGE_SETTINGS,
            Permission.MANAGE_ACCOUNTS,
        }
    ),
}


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
