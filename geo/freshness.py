"""How old a public fact is and whether somebody has to check it before it is passed on."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")
YEARS_UNTIL_CHECK = 2
_FEBRUARY, _LEAP_DAY = 2, 29


class Freshness(StrEnum):
    """What may be said of a public fact today."""

    RECENT = "recent"
    TO_CHECK = "to_check"
    NOT_CONFIRMED = "not_confirmed"
    HISTORICAL = "historical"


def today_in_prague() -> date:
    """Return the day it is in Prague."""
    return datetime.now(PRAGUE).date()


def needs_checking(as_of_date: date | None, today: date) -> bool:
    """Return whether a fact is undated or older than two years.

    Parameters
    ----------
    as_of_date
        The latest day that the source supports; None where it is undated.
    today
        The day of the question.

    Examples
    --------
    >>> needs_checking(date(2024, 2, 29), date(2026, 2, 28)), needs_checking(date(2024, 2, 29), date(2026, 3, 1))
    (False, True)
    >>> needs_checking(None, date(2026, 3, 1))
    True
    """
    if as_of_date is None:
        return True
    return as_of_date < _years_before(today, YEARS_UNTIL_CHECK)


def freshness(
    *, as_of_date: date | None, today: date, historical: bool = False, not_confirmed: bool = False
) -> Freshness:
    """Return what may be said of a fact: what is known of it goes before its age.

    Examples
    --------
    >>> freshness(as_of_date=date(2026, 1, 1), today=date(2026, 3, 1), historical=True).value
    'historical'
    """
    if historical:
        return Freshness.HISTORICAL
    if not_confirmed:
        return Freshness.NOT_CONFIRMED
    return Freshness.TO_CHECK if needs_checking(as_of_date, today) else Freshness.RECENT


def _years_before(day: date, years: int) -> date:
    """Return the same day `years` ago; 29 February becomes 28 where there is none."""
    if (day.month, day.day) == (_FEBRUARY, _LEAP_DAY):
        return day.replace(year=day.year - years, day=_LEAP_DAY - 1)
    return day.replace(year=day.year - years)
