"""The page docs/permissions.md, made of the table of permissions: `python -m domain.permissions_page`."""

from pathlib import Path

from domain.roles import LOOKING, OPERATOR_ONLY, PERMISSIONS, Permission, Role

PAGE = Path(__file__).parents[1] / "docs" / "permissions.md"

_WHAT = {
    Permission.SEE_PUBLIC_LAYERS: "see layers of public data",
    Permission.SEE_PLACES: "see places, through the privacy gate",
    Permission.RECORD_PLACE: "record a place, take it back",
    Permission.EDIT_PLACE: "correct a place of the own organisation",
    Permission.RECORD_VISIT: "note a visit, a change, a quick record",
    Permission.IMPORT_TABLE: "import a table",
    Permission.UNDO_IMPORT: "undo and redo an import",
    Permission.EXPORT_PLACES: "export layers that are not public",
    Permission.CHANGE_SETTINGS: "change settings of the installation",
    Permission.MANAGE_ACCOUNTS: "invite, give roles, revoke and erase accounts of the own organisation",
    Permission.FOUND_ORGANISATION: "found an organisation and invite its first administrator",
    Permission.NAME_PARTNERS: "name partner organisations",
    Permission.SHARE_PLACES: "give another organisation an exact view, for a purpose and a time",
    Permission.SHOW_AS: "look at the map with the eyes of another reader",
    Permission.SEE_OWN_TRAIL: "see and export the own trail",
    Permission.SEE_INBOX: "see what came in",
    Permission.VERIFY_PLACE: "verify, reject, close, reopen a place",
    Permission.MERGE_PLACES: "merge possible duplicates, undo a merge",
    Permission.NOTE_AREA: "note something per city part and quarter",
    Permission.SEE_HISTORY: "see the history of a place",
    Permission.RESTORE_VERSION: "restore an earlier version of a place",
    Permission.SEE_ACTIVITY: "see the activity of the own organisation",
    Permission.SEE_AUDIT: "see the audit log of the own organisation",
    Permission.ERASE_PLACE: "erase a place for good",
    Permission.PLAN_OUTINGS: "see the board, plan outings, claim and close them",
    Permission.DECLARE_COVERAGE: "declare where the own organisation does field work",
    Permission.NOTE_CONTACT: "note contact with the town hall of a city part, take a note back",
    Permission.BACK_UP: "download a backup of the installation, sealed",
}

_INTRODUCTION = """\
# Permissions

Made from `domain/roles.py` by `python -m domain.permissions_page`; a test keeps the two alike. What
the table does not give is refused, unknown roles and permissions too. The same table is asked by
pages, by the HTTP routes and, in shared mode, inside every write (`store/permissions.py` says which
function needs what).
"""

_NOTES = """\
- (1) In shared mode only in the organisation that runs the installation.
- While "Show as" is on, only {looking} are left, and every write is refused.
- How exactly a place is shown follows from the role, the organisation, partners and shares; see
  `geo/disclosure_tiers.py`.
- In local mode the one user is a coordinator.
"""


def permissions_page() -> str:
    """Return the text of the page."""
    head = "| permission | " + " | ".join(role.value for role in Role) + " |"
    rows = [head, "|---|" + ":-:|" * len(Role)]
    for permission in Permission:
        mark = " (1)" if permission in OPERATOR_ONLY else ""
        cells = " | ".join("yes" if permission in PERMISSIONS[role] else "" for role in Role)
        rows.append(f"| `{permission.value}`: {_WHAT[permission]}{mark} | {cells} |")
    looking = " and ".join(f"`{permission.value}`" for permission in sorted(LOOKING))
    return "\n".join([_INTRODUCTION, *rows, "", _NOTES.format(looking=looking)])


if __name__ == "__main__":
    PAGE.write_text(permissions_page(), encoding="utf-8")
