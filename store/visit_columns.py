"""All visits as columns, read in one go from `store.visit_groups`.

Row by row a driver makes some six objects a visit, which takes ten seconds for a million of them.
The groups are some ten thousand rows, and their digits become arrays without a loop.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from domain.errors import StoreError
from store.store import Store
from store.tables import visit_groups
from store.visit_groups import DAY_DIGITS, RECORD

_SEPARATOR = "\x1f"
_WHO = ("city_part", "organisation_id", "outcome")
# Few long texts, not many short ones: the driver makes objects of each.
_QUERY = sa.select(
    *(visit_groups.c[name] for name in _WHO),
    sa.func.aggregate_strings(visit_groups.c.cell, _SEPARATOR).label("cells"),
    sa.func.aggregate_strings(sa.cast(sa.func.length(visit_groups.c.dates), sa.Text), _SEPARATOR).label("lengths"),
    sa.func.aggregate_strings(visit_groups.c.dates, "").label("dates"),
).group_by(*(visit_groups.c[name] for name in _WHO))
_ZERO = ord("0")
_Digits = npt.NDArray[np.uint8]
_Numbers = npt.NDArray[np.int64]
_Small = npt.NDArray[np.int32]
_Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupedVisits:
    """Visits that were not withdrawn, by group.

    Attributes
    ----------
    groups
        One row a group, in no particular order: `city_part`, `cell` (H3 resolution 9 of the place
        as it is now, else of the area that was searched; "" where only the city part is known),
        `organisation_id`, `outcome`.
    visits
        How many visits each group has.
    happened_on, recorded_at
        One value a visit, group after group: the day, and the hour (UTC; days of Prague begin on
        the hour).
    """

    groups: pd.DataFrame
    visits: _Numbers
    happened_on: _Days
    recorded_at: _Days


def read_visits(store: Store) -> GroupedVisits:
    """Return every visit that was not withdrawn.

    Raises
    ------
    StoreError
        `database_damaged` if a date is no date: this program writes no such thing.
    """
    with store._readers.begin() as connection:  # noqa: SLF001  the package's own
        rows = connection.execute(_QUERY).all()
    cells = [row.cells.split(_SEPARATOR) for row in rows]
    lengths = [row.lengths.split(_SEPARATOR) for row in rows]
    sizes = np.array([len(some) for some in lengths], dtype=np.int64)
    visits, rest = np.divmod(np.array([*chain.from_iterable(lengths)], dtype=np.int64), RECORD)
    digits = "".join(row.dates for row in rows).encode()
    if rest.any() or [*map(len, cells)] != sizes.tolist() or (digits and not digits.isdigit()):
        raise StoreError("database_damaged", path=visit_groups.name)
    groups = {name: np.array([getattr(row, name) for row in rows], dtype=object).repeat(sizes) for name in _WHO}
    # One row a place of a digit, so that each lies in one piece.
    places = np.ascontiguousarray(np.frombuffer(digits, dtype=np.uint8).reshape(-1, RECORD).T)
    return GroupedVisits(
        groups=pd.DataFrame(groups | {"cell": np.array([*chain.from_iterable(cells)], dtype=object)}),
        visits=visits,
        happened_on=_days(places),
        recorded_at=_days(places[DAY_DIGITS:]).astype("datetime64[h]") + _number(places[-2:]).astype("timedelta64[h]"),
    )


def _number(places: _Digits) -> _Small:
    """Return the number that stands in some places."""
    found = np.zeros(places.shape[1], dtype=np.int32)
    for place in places:
        found *= 10
        found += place
    # The digits' own code counts once in every place.
    found -= _ZERO * ((10 ** len(places) - 1) // 9)
    return found


def _days(places: _Digits) -> _Days:
    """Return the days of records that begin as 20260721."""
    month = (_number(places[0:4]) - 1970) * 12 + _number(places[4:6]) - 1
    if not month.size:
        return np.zeros(0, dtype="datetime64[D]")
    # Each month is turned into a day once: numpy would work out a calendar for every visit.
    first = int(month.min())
    first_days = np.arange(first, int(month.max()) + 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(first_days[month - first] + (_number(places[6:8]) - 1))
