"""Pages of a list by key: a page begins after the sort values of the row before it, never after a number of rows.

Whatever is recorded or dealt with between two pages, no row comes twice and none that kept its place is left out;
one whose sort values changed stands where the new ones put it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
Key = tuple[Any, ...]
"""Sort values of a row, the last of them unique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list. `further` is the key after which the list goes on, None where it ends."""

    rows: tuple[T, ...]
    further: Key | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a list is sorted: by these attributes, which are columns of the table too, all down or all up."""

    names: tuple[str, ...]
    table: sa.FromClause
    down: bool = True

    def within(self, query: sa.Select[Any], *, after: Key | None, limit: int) -> sa.Select[Any]:
        """Return the query for the page after a key, and for one row more: it tells whether the list goes on."""
        columns = [self.table.c[name] for name in self.names]
        if after is not None:
            here = sa.tuple_(*columns)
            there = sa.tuple_(*(sa.literal(one, column.type) for one, column in zip(after, columns, strict=True)))
            # The row before is named as a whole: an index over the columns is entered right there.
            query = query.where(here < there if self.down else here > there)
        return query.order_by(*(column.desc() if self.down else column for column in columns)).limit(limit + 1)

    def page(self, found: Sequence[T], *, limit: int) -> Page[T]:
        """Return the page of what the query of `within` has found."""
        return Page(rows=tuple(found[:limit]), further=self._key(found[limit - 1]) if len(found) > limit else None)

    def _key(self, row: object) -> Key:
        values = attrgetter(*self.names)(row)
        return values if len(self.names) > 1 else (values,)


def page_of(rows: Sequence[T], keys: Sequence[Key], *, after: Key | None, limit: int, down: bool = False) -> Page[T]:
    """Return the page after a key of a list that is at hand, sorted by `keys`, up or down."""
    beyond = [
        index for index, key in enumerate(keys) if after is None or (key < after if down else key > after)
    ]  # fmt: skip
    shown = beyond[:limit]
    return Page(rows=tuple(rows[index] for index in shown), further=keys[shown[-1]] if len(beyond) > limit else None)
