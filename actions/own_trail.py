"""A worker's own trail: seen, exported and taken back by that worker alone.

There is no way to ask for somebody else's: the account is that of whoever asks. What an organisation
sees is in `actions.activity`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.gate_settings import gate_settings
from domain.errors import InvalidValueError
from domain.place import Actor
from domain.roles import Clearance, Permission, require_permission
from domain.trail import TrailKind, TrailRow, month_days, months_between
from geo.disclosure import DisclosedPlace, disclose
from geo.freshness import PRAGUE
from store import Event, Store
from store.pages import Key, Page, page_of

PAGE_ROWS = 100
WITHDRAWABLE = frozenset({TrailKind.VISIT, TrailKind.CHANGE, TrailKind.QUICK_RECORD})
"""A place is taken back on its own page, where its history stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One record of the reader, and its place as the gate shows it; None where there is none to show."""

    row: TrailRow
    place: DisclosedPlace | None

    @property
    def can_be_withdrawn(self) -> bool:
        """Return whether `withdraw_entry` takes it back."""
        return self.row.kind in WITHDRAWABLE


def trail_months(store: Store, actor: Actor, clearance: Clearance, *, today: date) -> tuple[str, ...]:
    """Return the months `YYYY-MM` from the reader's first record to the present one, the latest first.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_OWN_TRAIL)
    first = store.trails.first_day(actor.account_id)
    return months_between(min(first or today, today), today)


def own_trail(store: Store, month: str, actor: Actor, clearance: Clearance, *, now: datetime) -> tuple[TrailEntry, ...]:
    """Return what the reader noted in a month `YYYY-MM`, the latest first.

    Raises
    ------
    InvalidValueError
        `invalid_month`.
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_OWN_TRAIL)
    first, after = month_days(month)
    rows = store.trails.rows(actor.account_id, first=first, after=after, day_of=_day_in_prague)
    records = store.places.by_ids(sorted({row.place_id for row in rows if row.place_id}))
    disclosed = disclose(records, clearance, now=now, settings=gate_settings(store))
    shown = {place.id: place for place in disclosed if place.id is not None}
    return tuple(TrailEntry(row=row, place=shown.get(row.place_id or "")) for row in rows)


def trail_page(entries: Sequence[TrailEntry], *, after: Key | None) -> Page[TrailEntry]:
    """Return a page of the entries of a month, the latest first."""
    keys = [(entry.row.on, entry.row.at, entry.row.id) for entry in entries]
    return page_of(entries, keys, after=after, limit=PAGE_ROWS, down=True)


def count_kinds(entries: Sequence[TrailEntry]) -> dict[TrailKind, int]:
    """Return how many of each kind there are, zeros left out."""
    counts = {kind: sum(entry.row.kind is kind for entry in entries) for kind in TrailKind}
    return {kind: count for kind, count in counts.items() if count}


def withdraw_entry(store: Store, kind: TrailKind, record_id: str, actor: Actor, clearance: Clearance) -> None:
    """Take back an own visit, change or quick record; it no longer counts anywhere.

    Raises
    ------
    InvalidValueError
        `not_withdrawable` for a place.
    NotPermittedError, NotFoundError
        `not_permitted`, `undo_not_own`, and as the store's `withdraw`.
    """
    require_permission(clearance.role, Permission.SEE_OWN_TRAIL)
    withdraw: dict[TrailKind, Callable[[str, Actor], None]] = {
        TrailKind.VISIT: store.visits.withdraw,
        TrailKind.CHANGE: store.changes.withdraw,
        TrailKind.QUICK_RECORD: store.quick_records.withdraw,
    }
    if kind not in withdraw:
        raise InvalidValueError("not_withdrawable")
    withdraw[kind](record_id, actor)


def note_trail_export(store: Store, month: str, actor: Actor, *, file_format: str) -> None:
    """Write into the audit log that a worker's month leaves the app as a file, before it does."""
    store.events.note(Event.EXPORT, "trail", [month], detail=file_format, actor=actor)


def _day_in_prague(instant: datetime) -> date:
    return instant.astimezone(PRAGUE).date()
