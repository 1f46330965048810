"""What the board keeps in memory for a store: its visits as columns, once per data version."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from domain.place import PlaceFilter
from geo.coverage_visits import RESOLUTION, VisitColumns, spread_groups
from store import Store
from store.visit_columns import read_visits

_KEPT_ANSWERS = 64
_T = TypeVar("_T")


@dataclass(slots=True)
class Kept:
    """What was read and worked out at one data version; `answers` are the latest, by their question."""

    data_version: int
    visits: VisitColumns
    organisations: tuple[str, ...]
    answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    lock: RLock = field(default_factory=RLock)

    def answer(self, question: Hashable, make: Callable[[], _T]) -> _T:
        """Return the answer to a question, made if it is not there."""
        with self.lock:
            if question not in self.answers:
                self.answers[question] = make()
                while len(self.answers) > _KEPT_ANSWERS:
                    self.answers.popitem(last=False)
            self.answers.move_to_end(question)
            found: _T = self.answers[question]
            return found


_kept: WeakKeyDictionary[Store, Kept] = WeakKeyDictionary()
_reading = RLock()


def kept_of(store: Store) -> Kept:
    """Return what is kept for the store as it stands now; the visits are read anew when data have changed."""
    version = store.data_version()
    with _reading:
        kept = _kept.get(store)
        if kept is None or kept.data_version < version:
            found = read_visits(store)
            visits = spread_groups(
                found.groups, visits=found.visits, happened_on=found.happened_on, recorded_at=found.recorded_at
            )
            names = tuple(str(name) for name in pd.factorize(found.groups["organisation_id"])[1])
            kept = Kept(data_version=version, visits=visits, organisations=names)
            _kept[store] = kept
        return kept


def visits_of(visits: VisitColumns, organisations: tuple[str, ...], organisation_id: str) -> VisitColumns:
    """Return the visits of one organisation alone."""
    number = organisations.index(organisation_id) if organisation_id in organisations else -2
    own = visits.organisation == number
    return VisitColumns(
        part=visits.part[own],
        piece=visits.piece[own],
        day=visits.day[own],
        recorded_at=visits.recorded_at[own],
        organisation=visits.organisation[own],
        result=visits.result[own],
        visits=visits.visits[own],
        bad_cell=visits.bad_cell[own],
    )


def own_places(store: Store, organisation_id: str | None) -> pd.DataFrame:
    """Return how many places of an organisation are known by cell: `city_part`, `cell` ("" without one), `count`."""
    if organisation_id is None:
        return pd.DataFrame({"city_part": [], "cell": [], "count": []})
    counts = store.places.cells(resolution=RESOLUTION, only=PlaceFilter(organisation_ids=(organisation_id,)))
    rows = [(one.city_part, one.cell, one.count) for one in counts]
    return pd.DataFrame(rows, columns=["city_part", "cell", "count"])


def forget(store: Store) -> None:
    """Drop what is kept for a store, so that the next question reads it anew."""
    with _reading:
        _kept.pop(store, None)
