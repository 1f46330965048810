"""The privacy gate: the only way from a `PlaceRecord` to something that may leave the house.

The store returns records; layers, api and pages take `DisclosedPlace` and nothing else, and only
this module makes one. The gate governs the whole record: below T0 there is no id, name, note,
author or organisation, only an area, a coarse kind, a month and a number of places, and that
number only from 5 up.

Everything below T0 is a partition of the places (`geo.disclosure_cells`), computed from all
places before any filter: filters choose among its areas, and sums are sums of what is shown. So
no two answers to one reader can be subtracted to find a hidden number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from domain.errors import NotFoundError
from domain.geometry import BBox, LonLat
from domain.place import PlaceFilter, PlaceRecord, PlaceState
from domain.roles import Clearance, Tier
from domain.vocabulary import coarse_kind
from geo.boundaries import representative_point
from geo.cell_pieces import IntArray, parent_pieces, piece_table
from geo.cells import cell_name
from geo.disclosure_cells import (
    CITY_PART_LEVEL,
    COARSE_KINDS,
    COUNTED_STATES,
    FINEST,
    MIXED,
    Areas,
    PlaceColumns,
    areas_of,
    place_columns,
)
from geo.disclosure_tiers import (
    DEFAULT_SETTINGS,
    DisclosureSettings,
    cache_key,
    default_tier,
    is_own,
    months_before,
    tier_of,
    tiers_of_columns,
    valid_shares,
)

__all__ = [
    "DEFAULT_SETTINGS",
    "MIXED_KIND",
    "DisclosedPlace",
    "DisclosedPlaces",
    "DisclosureSettings",
    "PlaceColumns",
    "Precision",
    "cache_key",
    "default_tier",
    "disclose",
    "disclose_columns",
    "is_own",
    "months_before",
    "place_columns",
    "shown_position",
    "tier_of",
    "valid_shares",
]

MIXED_KIND = "mixed"
"""Kind of an area that holds places of several coarse kinds."""

_GATE = object()
_HIDDEN = -1
_OWNER_STALE_RESOLUTION = 9
_LEVEL_OF_TIER = {Tier.CELL_10: 10, Tier.CELL_9: 9, Tier.CITY_PART: CITY_PART_LEVEL}
_MONTHS = 12
_MONTH_LENGTH = len("2026-03")
_WHOLE_AT_ONCE = 2_000


class Precision(StrEnum):
    """What the position of a disclosed place stands for."""

    EXACT = "exact"
    CELL = "cell"
    CITY_PART = "city_part"


# Looking a member up in its enumeration takes Python 3.11 as long as three fields of a row.
_EXACT, _CELL, _WHOLE = Precision.EXACT, Precision.CELL, Tier.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedPlace:
    """What one reader may see of a place (T0), or of several places together (below T0).

    Only `geo.disclosure` makes these. `tier` T0 means the whole record; then `kind` is its code
    and `count` 1. Below it `kind` is a coarse kind or `MIXED_KIND`, `count` the number of places,
    None for 1 to 4 ("méně než 5"), and every field under "whole record only" is empty.

    `position` (EPSG:4326) is exact, the point of a cell's piece, or None where only the city part
    may be known; `precision` says which. `cell` and `resolution` name the piece. A place of the
    reader's own organisation that nobody confirmed for 24 months keeps its record while its
    position falls to a cell.
    """

    gate: InitVar[object]
    tier: Tier
    precision: Precision
    position: LonLat | None
    city_part: str
    kind: str
    coarse_kind: str
    count: int | None
    visit_count: int
    last_visit_month: str | None
    own: bool = False
    cell: str | None = None
    resolution: int | None = None
    # Whole record only.
    id: str | None = None
    organisation_id: str | None = None
    name: str | None = None
    note: str | None = None
    admin_district: int | None = None
    cadastral_area: str | None = None
    border_city_part: str | None = None
    languages: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    headcount: str | None = None
    access: str | None = None
    state: PlaceState | None = None
    last_visit_on: date | None = None
    last_outcome: str | None = None
    last_change: str | None = None
    last_change_on: date | None = None
    updated_at: datetime | None = None
    revision: int | None = None
    # Own organisation only.
    created_at: datetime | None = None
    created_by: str | None = None

    def __post_init__(self, gate: object) -> None:
        if gate is not _GATE:
            raise TypeError("only geo.disclosure makes a DisclosedPlace")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DisclosedPlaces:
    """All that one reader may see, kept as columns; `select` makes rows of the part asked for.

    The columns still lead to whole records: hand on the rows, never this object.
    """

    _columns: PlaceColumns
    _clearance: Clearance
    _settings: DisclosureSettings
    _whole: IntArray
    _own: npt.NDArray[np.bool_]
    _tiers: npt.NDArray[np.int8]
    _areas: Areas

    def select(
        self, *, bbox: BBox | None = None, only: PlaceFilter | None = None, with_own: bool = True
    ) -> list[DisclosedPlace]:
        """Return the rows in a bounding box that a filter lets through.

        Whole records are filtered by what they are. Areas are filtered by what is shown of them
        (coarse kind, city part, the point on the map) and left out where organisations are named.
        A row without a position lies where the representative point of its city part does.
        `with_own` False leaves the places of the reader's organisation out.
        """
        return list(self.rows(bbox=bbox, only=only, with_own=with_own))

    def rows(
        self, *, bbox: BBox | None = None, only: PlaceFilter | None = None, with_own: bool = True
    ) -> Iterator[DisclosedPlace]:
        """Yield what `select` returns, a row at a time: a file of all places must not hold them all."""
        wanted = only or PlaceFilter(states=tuple(PlaceState))
        yield from (row for row in self._whole_rows(wanted, bbox, with_own=with_own) if _in_bbox(row, bbox))
        if wanted.organisation_ids or (wanted.states and not COUNTED_STATES.intersection(wanted.states)):
            return
        kinds = {coarse_kind(code).value for code in wanted.kinds}
        for area in self._area_rows(bbox):
            if (not kinds or area.kind in kinds) and (not wanted.city_parts or area.city_part in wanted.city_parts):
                yield area

    def _whole_rows(self, only: PlaceFilter, bbox: BBox | None, *, with_own: bool) -> Iterator[DisclosedPlace]:
        rows = self._whole if with_own else self._whole[~self._own[self._whole]]
        if bbox is not None:
            lon, lat = self._columns.lon[rows], self._columns.lat[rows]
            inside = (lon >= bbox.minx) & (lon <= bbox.maxx) & (lat >= bbox.miny) & (lat <= bbox.maxy)
            # What is not shown where it lies is looked at one by one.
            rows = rows[inside | np.isnan(lon) | (self._tiers[rows] != Tier.EXACT)]
        is_exact = self._tiers == Tier.EXACT
        for start in range(0, len(rows), _WHOLE_AT_ONCE):
            for row, record in self._columns.whole(rows[start : start + _WHOLE_AT_ONCE].tolist()):
                if _passes(record, only):
                    yield self._whole_row(row, record, exact=bool(is_exact[row]), own=bool(self._own[row]))

    def _whole_row(self, row: int, record: PlaceRecord, *, exact: bool, own: bool) -> DisclosedPlace:
        position, precision, cell, resolution = record.position, _EXACT, None, None
        if position is None:
            precision = Precision.CITY_PART
        elif not exact:
            position, precision, cell, resolution = self._masked(row)
        visited = record.last_visit_on
        in_cell = precision is _CELL
        return DisclosedPlace(
            gate=_GATE,
            tier=_WHOLE,
            precision=precision,
            position=position,
            city_part=record.city_part,
            kind=record.kind,
            coarse_kind=_coarse_name(record.kind),
            count=1,
            visit_count=record.visit_count,
            last_visit_month=visited.isoformat()[:_MONTH_LENGTH] if visited else None,
            own=own,
            cell=cell,
            resolution=resolution,
            id=record.id,
            organisation_id=record.organisation_id,
            name=record.name,
            note=record.note,
            admin_district=record.admin_district,
            cadastral_area=None if in_cell else record.cadastral_area,
            border_city_part=None if in_cell else record.border_city_part,
            languages=record.languages,
            target_groups=record.target_groups,
            headcount=record.headcount,
            access=record.access,
            state=record.state,
            last_visit_on=visited,
            last_outcome=record.last_outcome,
            last_change=record.last_change,
            last_change_on=record.last_change_on,
            updated_at=record.updated_at,
            revision=record.revision,
            created_at=record.created_at if own else None,
            created_by=record.created_by if own else None,
        )

    def _masked(self, row: int) -> tuple[LonLat | None, Precision, str | None, int | None]:
        """Return where an own place is shown whose position nobody confirmed for too long."""
        piece = int(self._columns.piece[row])
        if piece < 0:
            return None, Precision.CITY_PART, None, None
        for resolution in range(FINEST, _OWNER_STALE_RESOLUTION, -1):
            piece = int(parent_pieces(resolution)[piece])
        table = piece_table(_OWNER_STALE_RESOLUTION)
        position = LonLat(lon=float(table.lon[piece]), lat=float(table.lat[piece]))
        return position, Precision.CELL, cell_name(int(table.cells[piece])), _OWNER_STALE_RESOLUTION

    def _area_rows(self, bbox: BBox | None) -> Iterator[DisclosedPlace]:
        areas = self._areas
        for level in sorted(set(areas.level.tolist()), reverse=True):
            rows = np.flatnonzero(areas.level == level)
            if level == CITY_PART_LEVEL:
                found = (self._area_row(row, None, None, None) for row in rows.tolist())
                yield from (row for row in found if _in_bbox(row, bbox))
                continue
            table = piece_table(level)
            lon, lat = table.lon[areas.piece[rows]], table.lat[areas.piece[rows]]
            if bbox is not None:
                inside = (lon >= bbox.minx) & (lon <= bbox.maxx) & (lat >= bbox.miny) & (lat <= bbox.maxy)
                rows, lon, lat = rows[inside], lon[inside], lat[inside]
            for row, x, y in zip(rows.tolist(), lon.tolist(), lat.tolist(), strict=True):
                cell = cell_name(int(table.cells[areas.piece[row]]))
                yield self._area_row(row, LonLat(lon=x, lat=y), cell, level)

    def _area_row(self, row: int, position: LonLat | None, cell: str | None, resolution: int | None) -> DisclosedPlace:
        areas = self._areas
        kind = int(areas.kind[row])
        name = MIXED_KIND if kind == MIXED else COARSE_KINDS[kind].value
        count, month = int(areas.count[row]), int(areas.visit_month[row])
        return DisclosedPlace(
            gate=_GATE,
            tier=_tier_of_resolution(resolution),
            precision=Precision.CITY_PART if position is None else Precision.CELL,
            position=position,
            city_part=self._columns.city_parts[areas.city_part[row]],
            kind=name,
            coarse_kind=name,
            count=count if count >= self._settings.least_count else None,
            visit_count=int(areas.visit_count[row]),
            last_visit_month=None if month < 0 else f"{month // _MONTHS:04d}-{month % _MONTHS + 1:02d}",
            cell=cell,
            resolution=resolution,
        )


def disclose(
    records: Sequence[PlaceRecord], clearance: Clearance, *, now: datetime, settings: DisclosureSettings | None = None
) -> list[DisclosedPlace]:
    """Return what a reader may see of whole records: first the whole ones by id, then the areas.

    Give it all the places there are, not those of a view or a filter (`DisclosedPlaces.select`
    filters what comes out). The same places give the same rows in whatever order they come.

    Parameters
    ----------
    records
        All places.
    clearance
        Who reads.
    now
        The instant of the question, with its zone: shares run out, places grow old.
    settings
        Parameters of the gate.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone`.

    Notes
    -----
    The places that the reader sees exactly do not help an area to its 3 places and 2
    organisations: whoever owns two of three would know the third.

    Examples
    --------
    >>> from datetime import UTC
    >>> from domain.roles import PUBLIC_CLEARANCE
    >>> disclose([], PUBLIC_CLEARANCE, now=datetime(2026, 1, 1, tzinfo=UTC))
    []
    """
    return disclose_columns(place_columns(records), clearance, now=now, settings=settings).select()


def disclose_columns(
    columns: PlaceColumns, clearance: Clearance, *, now: datetime, settings: DisclosureSettings | None = None
) -> DisclosedPlaces:
    """Return the same as `disclose` for columns made once per data version (`place_columns`).

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone`.

    Examples
    --------
    >>> from datetime import UTC
    >>> from domain.roles import PUBLIC_CLEARANCE
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> disclose_columns(place_columns([]), PUBLIC_CLEARANCE, now=now).select()
    []
    """
    chosen = settings or DEFAULT_SETTINGS
    tiers = tiers_of_columns(columns, clearance, now=now, settings=chosen)
    owned = np.array([is_own(owner, clearance) for owner in columns.organisations], dtype=np.bool_)
    own = owned[columns.organisation] if len(owned) else np.zeros(len(tiers), dtype=np.bool_)
    whole = own | (tiers == Tier.EXACT)
    level = np.full(int(max(Tier)) + 1, _HIDDEN, dtype=np.int64)
    for tier, resolution in _LEVEL_OF_TIER.items():
        level[tier] = resolution
    start = np.where(whole | ~columns.counted, _HIDDEN, level[tiers])
    return DisclosedPlaces(
        _columns=columns,
        _clearance=clearance,
        _settings=chosen,
        _whole=columns.by_id[whole[columns.by_id]],
        _own=own,
        _tiers=tiers.astype(np.int8),
        _areas=areas_of(columns, start, min_places=chosen.min_places, min_organisations=chosen.min_organisations),
    )


@lru_cache(maxsize=256)
def _coarse_name(kind: str) -> str:
    return coarse_kind(kind).value


def _tier_of_resolution(resolution: int | None) -> Tier:
    if resolution is None:
        return Tier.CITY_PART
    return Tier.CELL_10 if resolution == FINEST else Tier.CELL_9


def _passes(record: PlaceRecord, only: PlaceFilter) -> bool:
    return (
        (not only.kinds or record.kind in only.kinds)
        and (not only.city_parts or record.city_part in only.city_parts)
        and (not only.organisation_ids or record.organisation_id in only.organisation_ids)
        and (not only.states or record.state in only.states)
    )


def _in_bbox(place: DisclosedPlace, bbox: BBox | None) -> bool:
    if bbox is None:
        return True
    point = shown_position(place)
    if point is None:
        return False
    return bbox.minx <= point.lon <= bbox.maxx and bbox.miny <= point.lat <= bbox.maxy


def shown_position(place: DisclosedPlace) -> LonLat | None:
    """Return where a map marks a place: its position, or the point that stands for its city part.

    None for a city part that the boundaries do not know.
    """
    if place.position is not None:
        return place.position
    try:
        return representative_point(place.city_part)
    except NotFoundError:
        return None
