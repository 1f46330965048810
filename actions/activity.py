"""What an organisation did: sums alone, over at least three workers; nothing is said of a single one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.place import Actor
from domain.quick_records import QuickKind, quarter_of
from domain.roles import Clearance, Permission, require_permission
from geo.disclosure import months_before
from store import Store

LEAST_WORKERS = 3
"""An organisation sees sums over at least so many workers."""

QUICK_MONTHS = 12
"""Over how many months the quick records of a city part are added up."""

_KINDS = ("places", "visits", "changes", "quick_records")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySum:
    """What an organisation did in a quarter; None where fewer than three workers did it."""

    quarter: str
    places: int | None
    visits: int | None
    changes: int | None
    quick_records: int | None


def only_worker(store: Store, organisation_id: str) -> str | None:
    """Return the account of an organisation that has just one, as in local mode: nothing is kept from oneself."""
    found = [account.id for account in store.accounts.of_organisation(organisation_id)]
    return found[0] if len(found) == 1 else None


def organisation_activity(store: Store, actor: Actor, clearance: Clearance) -> tuple[ActivitySum, ...]:
    """Return what the reader's organisation did by quarter of recording, the latest first.

    Each number stands only where at least three workers made it up, and no total is shown from
    which a hidden one could be found.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_ACTIVITY)
    alone = only_worker(store, actor.organisation_id)
    sums: dict[str, Mapping[str, list[tuple[str, int]]]] = {}
    for kind, rows in store.reviews.work_by_day(actor.organisation_id).items():
        for day, worker, count in rows:
            quarter = sums.setdefault(quarter_of(day), {name: [] for name in _KINDS})
            quarter[kind].append((worker, count))
    return tuple(
        ActivitySum(quarter=quarter, **{kind: _sum(sums[quarter][kind], alone) for kind in _KINDS})
        for quarter in sorted(sums, reverse=True)
    )


def city_part_quick_sums(
    store: Store, city_part: str, actor: Actor, clearance: Clearance, *, today: date
) -> dict[QuickKind, int | None]:
    """Return how often the reader's organisation accompanied and interpreted in a city part within twelve months.

    Kinds that never happened are left out; None where fewer than three workers did it.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_ACTIVITY)
    alone = only_worker(store, actor.organisation_id)
    by_kind: dict[QuickKind, list[tuple[str, int]]] = defaultdict(list)
    for record in store.quick_records.find(actor.organisation_id, since=months_before(today, QUICK_MONTHS)):
        if record.city_part == city_part:
            by_kind[record.kind].append((record.created_by, 1))
    return {kind: _sum(by_kind[kind], alone) for kind in QuickKind if by_kind[kind]}


def _sum(rows: Iterable[tuple[str, int]], alone: str | None) -> int | None:
    done = list(rows)
    workers = {worker for worker, _ in done}
    return sum(count for _, count in done) if len(workers) >= LEAST_WORKERS or workers <= {alone} else None
