"""How far a place has been checked, what may follow what, and when somebody should go there again.

Suggested, verified, then rejected or closed; every step can be taken back. Each step has an author,
an instant and a reason; they stand in the versions of the place and in the audit log.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from domain.errors import InvalidValueError
from domain.place import PlaceState

NEXT_STATES: Mapping[PlaceState, tuple[PlaceState, ...]] = MappingProxyType(
    {
        PlaceState.SUGGESTED: (PlaceState.VERIFIED, PlaceState.REJECTED),
        PlaceState.VERIFIED: (PlaceState.CLOSED, PlaceState.REJECTED, PlaceState.SUGGESTED),
        PlaceState.REJECTED: (PlaceState.SUGGESTED, PlaceState.VERIFIED),
        PlaceState.CLOSED: (PlaceState.VERIFIED,),
    }
)
"""The states that may follow each; the way back is among them."""


class RevisitReason(StrEnum):
    """Why somebody should go there again."""

    CHANGE = "change"
    FOLLOW_UP = "follow_up"
    STALE = "stale"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisitSettings:
    """When a place should be visited again; both are settings of the product, not findings.

    `after_change_days` after a change at the place, `months` after the last visit (the age at
    which the map calls a place stale).
    """

    after_change_days: int = 14
    months: int = 12


DEFAULT_REVISIT = RevisitSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """The day by which somebody should be there again, and why."""

    by: date
    reason: RevisitReason

    def is_due(self, today: date) -> bool:
        """Return whether that day has come."""
        return self.by <= today


def require_step(present: PlaceState, wanted: PlaceState) -> None:
    """Raise unless `wanted` may follow `present`.

    Raises
    ------
    InvalidValueError
        Code `state_step_not_allowed`.

    Examples
    --------
    >>> require_step(PlaceState.CLOSED, PlaceState.VERIFIED)
    >>> require_step(PlaceState.CLOSED, PlaceState.REJECTED)
    Traceback (most recent call last):
    domain.errors.InvalidValueError: state_step_not_allowed (present='closed', wanted='rejected')
    """
    if wanted not in NEXT_STATES[present]:
        raise InvalidValueError("state_step_not_allowed", present=present.value, wanted=wanted.value)


def revisit_by(
    *,
    recorded_on: date,
    last_visit_on: date | None,
    last_change_on: date | None,
    follow_up_on: date | None = None,
    settings: RevisitSettings = DEFAULT_REVISIT,
) -> Revisit:
    """Return when a place should be visited again: the earliest of what asks for it.

    Parameters
    ----------
    recorded_on
        Day on which the place was recorded; without any visit the months count from it.
    last_visit_on, last_change_on
        Day of the last visit and of the last change; a change that was visited since asks nothing.
    follow_up_on
        An agreed follow-up that no later visit has met yet.

    Examples
    --------
    >>> revisit_by(recorded_on=date(2026, 1, 5), last_visit_on=date(2026, 3, 31), last_change_on=date(2026, 4, 2))
    Revisit(by=datetime.date(2026, 4, 16), reason=<RevisitReason.CHANGE: 'change'>)
    >>> revisit_by(recorded_on=date(2026, 1, 5), last_visit_on=None, last_change_on=None).reason.value
    'never'
    """
    start = last_visit_on or recorded_on
    reason = RevisitReason.STALE if last_visit_on else RevisitReason.NEVER
    asked = [Revisit(by=months_after(start, settings.months), reason=reason)]
    if last_change_on is not None and (last_visit_on is None or last_visit_on < last_change_on):
        by = last_change_on + timedelta(days=settings.after_change_days)
        asked.append(Revisit(by=by, reason=RevisitReason.CHANGE))
    if follow_up_on is not None and (last_visit_on is None or last_visit_on < follow_up_on):
        asked.append(Revisit(by=follow_up_on, reason=RevisitReason.FOLLOW_UP))
    return min(asked, key=lambda one: one.by)


@lru_cache(maxsize=8192)
def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month if it has no such day.

    Examples
    --------
    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
