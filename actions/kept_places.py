"""What the privacy gate made of all places, kept per store and made anew only where something was touched.

Whoever notes a visit touches one city part: its columns are corrected and its areas made again, for each
reader when that reader asks next. The rest stays. What a reader is shown is the same as if all had been
read anew.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from types import MappingProxyType
from weakref import WeakKeyDictionary, ref

from domain.place import PlaceFacts
from domain.roles import Clearance
from geo.disclosure import (
    DisclosedPlaces,
    DisclosureSettings,
    PlaceColumns,
    by_city_part,
    cache_key,
    disclose_part,
    is_own,
    place_columns,
    with_changes,
)
from store import Store

_KEPT_ANSWERS = 16
_NO_ANSWER = DisclosedPlaces(parts=MappingProxyType({}), fetch=lambda _: (), settings=DisclosureSettings())
_Key = tuple[str, DisclosureSettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of the store: up to which state, who owns places, and the columns where somebody asked for them."""

    version: int = -1
    owners: frozenset[str] = frozenset()
    seq: int | None = None
    parts: Mapping[str, PlaceColumns] | None = None


class KeptPlaces:
    """The columns of one store's places by city part, and some answers of the gate."""

    def __init__(self, store: Store) -> None:
        # The store is the key under which this is kept; held here it would never go.
        self._store = ref(store)
        self._lock = Lock()
        self._read = _Read()
        self._answers: OrderedDict[_Key, DisclosedPlaces] = OrderedDict()

    def disclosed(self, *, clearance: Clearance, now: datetime, settings: DisclosureSettings) -> DisclosedPlaces | None:
        """Return the answer of the gate, computed by the first who asks while the others wait.

        None where the store holds places of the reader's own organisation only.
        """
        with self._lock:
            store = self._store()
            assert store is not None
            self._catch_up(store)
            if all(is_own(owner, clearance) for owner in self._read.owners):
                return None
            # Whether the places are still the same, each part tells by itself.
            key = (cache_key("", clearance, now=now), settings)
            before = self._answers.get(key, _NO_ANSWER)
            columns = self._columns(store)
            if key not in self._answers or not _is_of(before, columns):
                self._answers[key] = DisclosedPlaces(
                    parts={
                        code: before.parts[code] if _is_same(before, code, part)
                        else disclose_part(part, clearance, now=now, settings=settings)
                        for code, part in columns.items()
                    },
                    fetch=store.places.by_ids, settings=settings,
                )  # fmt: skip
            self._answers.move_to_end(key)
            while len(self._answers) > _KEPT_ANSWERS:
                self._answers.popitem(last=False)
            return self._answers[key]

    def warm(self) -> None:
        """Read the places beforehand where several organisations have some: the first to ask need not wait."""
        with self._lock:
            store = self._store()
            assert store is not None
            self._catch_up(store)
            if len(self._read.owners) > 1:
                for columns in self._columns(store).values():
                    # Kept with the columns; the cells of Prague are made with the first.
                    _ = columns.piece

    def _catch_up(self, store: Store) -> None:
        """Take in what was written since; where that cannot be told, forget the columns."""
        version, read = store.data_version(), self._read
        if version == read.version:
            return
        parts, seq = read.parts, read.seq
        if parts is not None:
            changes = store.places.changes_since(seq)
            seq, ids = changes.up_to, changes.place_ids
            parts = None if ids is None else with_changes(parts, ids, _facts_of(store, sorted(ids))) if ids else parts
        self._read = _Read(version=version, owners=store.places.owners(), seq=seq, parts=parts)
        # Columns that nobody will ask for again are not kept alive by an answer.
        kept = parts or {}
        for key, answer in self._answers.items():
            same = {code: part for code, part in answer.parts.items() if part.columns is kept.get(code)}
            if len(same) < len(answer.parts):
                self._answers[key] = DisclosedPlaces(parts=same, fetch=answer.fetch, settings=answer.settings)

    def _columns(self, store: Store) -> Mapping[str, PlaceColumns]:
        if self._read.parts is None:
            # First how far the log goes: what is written while the places are read is read again.
            seq = store.places.changes_since(None).up_to
            parts = by_city_part(_facts_of(store, None))
            self._read = _Read(version=self._read.version, owners=self._read.owners, seq=seq, parts=parts)
        assert self._read.parts is not None
        return self._read.parts


def _facts_of(store: Store, place_ids: Sequence[str] | None) -> PlaceColumns:
    """Return the columns of places as others count them: one of each pair that two organisations agreed on."""
    absorbed = store.merges.absorbed_across()

    def counted() -> Iterator[list[PlaceFacts]]:
        for part in store.places.facts(place_ids):
            yield [fact for fact in part if fact.id not in absorbed] if absorbed else part

    return place_columns(counted())


def _is_same(answer: DisclosedPlaces, code: str, columns: PlaceColumns) -> bool:
    return code in answer.parts and answer.parts[code].columns is columns


def _is_of(answer: DisclosedPlaces, columns: Mapping[str, PlaceColumns]) -> bool:
    return len(answer.parts) == len(columns) and all(_is_same(answer, code, one) for code, one in columns.items())


_KEPT: WeakKeyDictionary[Store, KeptPlaces] = WeakKeyDictionary()
_KEPT_LOCK = Lock()


def kept_places(store: Store) -> KeptPlaces:
    """Return what is kept of a store's places."""
    with _KEPT_LOCK:
        if store not in _KEPT:
            _KEPT[store] = KeptPlaces(store)
        return _KEPT[store]
