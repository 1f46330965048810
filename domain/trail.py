"""A worker's own trail: what one account noted in a month, for that account alone."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import InvalidValueError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MONTHS = 12


class TrailKind(StrEnum):
    """What was noted."""

    PLACE = "place"
    VISIT = "visit"
    CHANGE = "change"
    QUICK_RECORD = "quick_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One record of an account.

    `code` is the kind of a place, the outcome of a visit, the change, or the kind of a quick record;
    `form` the form of outreach of a visit; `state` that of a place. No note: what left the house in
    a file could not be erased with the place.
    """

    kind: TrailKind
    id: str
    on: date
    at: datetime
    code: str
    place_id: str | None
    city_part: str | None
    area: str = ""
    form: str = ""
    language: str = ""
    state: str = ""


def month_days(month: str) -> tuple[date, date]:
    """Return the first day of a month `YYYY-MM` and that of the next.

    Raises
    ------
    InvalidValueError
        Code `invalid_month`.

    Examples
    --------
    >>> month_days("2026-12")
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    found = _MONTH.fullmatch(month)
    if not found or not date.min.year < int(found.group(1)) < date.max.year:
        raise InvalidValueError("invalid_month", value=month[:20])
    number = int(found.group(1)) * _MONTHS + int(found.group(2)) - 1
    return _first(number), _first(number + 1)


def months_between(first: date, last: date) -> tuple[str, ...]:
    """Return the months from that of `first` to that of `last`, the latest first.

    Examples
    --------
    >>> months_between(date(2025, 12, 31), date(2026, 2, 1))
    ('2026-02', '2026-01', '2025-12')
    """
    numbers = range(last.year * _MONTHS + last.month - 1, first.year * _MONTHS + first.month - 2, -1)
    return tuple(f"{_first(number):%Y-%m}" for number in numbers)


def _first(number: int) -> date:
    return date(number // _MONTHS, number % _MONTHS + 1, 1)
