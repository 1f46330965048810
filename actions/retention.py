"""What time does to records, and erasing for good: `python -m actions.retention DATA_DIR`.

Exact positions that nobody confirmed for 24 months (a setting) fall to T2 in the gate by themselves;
the job says how many. Notes are emptied only where the installation set an age. Both are set under
Nastavení (`actions.gate_settings`).
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from actions.gate_settings import gate_settings, note_months
from actions.validate import REASON_MAX_LENGTH, clean_text, suspected_personal_data, text_problems
from domain.errors import AppError, Problem, ProblemsError
from domain.place import Actor
from domain.roles import Clearance, Permission, require_permission
from geo.disclosure import months_before
from geo.disclosure_tiers import confirmation_limit
from store import Store, open_store, utc_now

log = logging.getLogger(__name__)
JOB_ACTOR = Actor(account_id="retention", organisation_id="")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReport:
    """What one run found and did.

    `unconfirmed` counts the places with a point that nobody confirmed for so long that the gate
    shows their cell only; `erased_again` the places and accounts that the ledger names and a restore brought back.
    """

    unconfirmed: int
    notes_emptied: int
    files_removed: int
    erased_again: int
    compacted: bool


def run_retention(store: Store, *, clock: Callable[[], datetime] = utc_now) -> RetentionReport:
    """Do what is due at the clock's instant; running it twice does nothing twice."""
    now = clock()
    erased_again = store.erasures.replay()
    months = note_months(store)
    emptied = 0
    if months:
        before = months_before(now.astimezone(UTC).date(), months)
        emptied = store.erasures.empty_old_notes(before=before, actor=JOB_ACTOR)
    removed = store.photos.sweep()
    limit = confirmation_limit(now, gate_settings(store))
    return RetentionReport(
        unconfirmed=0 if limit is None else store.reviews.count_unconfirmed(limit),
        notes_emptied=emptied,
        files_removed=removed,
        erased_again=erased_again,
        compacted=store.erasures.compact_if_due(),
    )


def erase_place(store: Store, place_id: str, actor: Actor, clearance: Clearance, *, reason: str) -> bool:
    """Erase an own place for good, with visits, versions, log texts and photos; see `store.erasure`.

    Raises
    ------
    ProblemsError
        `invalid_record`: without a reason, or with one that names a person.
    NotPermittedError
        `not_permitted`, `other_organisation`.
    """
    require_permission(clearance.role, Permission.ERASE_PLACE)
    reason = clean_text(reason)
    problems = text_problems("reason", reason, limit=REASON_MAX_LENGTH, lines=False)
    if not reason:
        problems.append(Problem(code="reason_missing", field="reason"))
    # The reason stays when all else is gone: no person may stand in it, asked or not.
    found = suspected_personal_data({"reason": reason})
    if found:
        problems.append(Problem(code="reason_personal", field="reason", value=", ".join(found)))
    if problems:
        raise ProblemsError("invalid_record", problems)
    return store.erasures.erase_place(place_id, actor=actor, reason=reason)


def main(arguments: list[str] | None = None) -> int:
    """Run the job on a DATA_DIR that no server uses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    try:
        data_dir = parser.parse_args(arguments).data_dir
        store = open_store(data_dir, database_url=os.environ.get("DATABASE_URL") or None)
    except AppError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        print(run_retention(store))
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
