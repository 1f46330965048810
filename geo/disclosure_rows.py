"""One row of what a reader may see: of a whole record, or of an area that stands for several places.

Behind `geo.disclosure`, which is what others import; it alone decides which rows are made. Below T0 a row has
no id, name, note, author or organisation, only an area, a coarse kind, a month and a number of places.
"""

from dataclasses import InitVar, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from domain.errors import NotFoundError
from domain.geometry import LonLat
from domain.place import PlaceRecord, PlaceState
from domain.roles import Tier
from domain.vocabulary import coarse_kind
from geo.boundaries import representative_point
from geo.cell_pieces import parent_pieces, piece_table
from geo.cells import cell_name
from geo.disclosure_areas import ShownAreas
from geo.disclosure_cells import CITY_PART_LEVEL, MIXED
from geo.disclosure_columns import COARSE_KINDS, FINEST, PlaceColumns

MIXED_KIND = "mixed"
"""Kind of an area that holds places of several coarse kinds."""

_GATE = object()
_OWNER_STALE_RESOLUTION = 9
_MONTHS = 12
_MONTH_LENGTH = len("2026-03")


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
    None for 1 to 4 ("méně než 5"), and every field under "whole record only" is empty. Where areas
    are shown together and a number among them may not be said, `is_least` tells that there are
    `count` places or more.

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
    is_least: bool = False
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


def whole_row(columns: PlaceColumns, row: int, record: PlaceRecord, *, exact: bool, own: bool) -> DisclosedPlace:
    """Return the row of a whole record that stands in a row of `columns`; `exact`: it may show where that is."""
    position, precision, cell, resolution = record.position, _EXACT, None, None
    if position is None:
        precision = Precision.CITY_PART
    elif not exact:
        position, precision, cell, resolution = _masked(columns, row)
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


def _masked(columns: PlaceColumns, row: int) -> tuple[LonLat | None, Precision, str | None, int | None]:
    """Return where an own place is shown whose position nobody confirmed for too long."""
    piece = int(columns.piece[row])
    if piece < 0:
        return None, Precision.CITY_PART, None, None
    for resolution in range(FINEST, _OWNER_STALE_RESOLUTION, -1):
        piece = int(parent_pieces(resolution)[piece])
    table = piece_table(_OWNER_STALE_RESOLUTION)
    position = LonLat(lon=float(table.lon[piece]), lat=float(table.lat[piece]))
    return position, Precision.CELL, cell_name(int(table.cells[piece])), _OWNER_STALE_RESOLUTION


def area_row(areas: ShownAreas, row: int) -> DisclosedPlace:
    """Return the row of one area."""
    level, kind, month = int(areas.level[row]), int(areas.kind[row]), int(areas.visit_month[row])
    shown, hidden = int(areas.shown[row]), int(areas.hidden[row])
    name = MIXED_KIND if kind == MIXED else COARSE_KINDS[kind].value
    in_cell = level != CITY_PART_LEVEL
    alone = (shown, hidden) == (0, 1)
    return DisclosedPlace(
        gate=_GATE,
        tier=_tier_of_level(level),
        precision=_CELL if in_cell else Precision.CITY_PART,
        position=LonLat(lon=float(areas.lon[row]), lat=float(areas.lat[row])) if in_cell else None,
        city_part=areas.codes[areas.city_part[row]],
        kind=name,
        coarse_kind=name,
        count=None if alone else shown + hidden,
        is_least=hidden > 0 and not alone,
        visit_count=int(areas.visit_count[row]),
        last_visit_month=None if month < 0 else f"{month // _MONTHS:04d}-{month % _MONTHS + 1:02d}",
        cell=cell_name(int(piece_table(level).cells[areas.piece[row]])) if in_cell else None,
        resolution=level if in_cell else None,
    )


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


@lru_cache(maxsize=256)
def _coarse_name(kind: str) -> str:
    return coarse_kind(kind).value


def _tier_of_level(level: int) -> Tier:
    if level == CITY_PART_LEVEL:
        return Tier.CITY_PART
    return Tier.CELL_10 if level == FINEST else Tier.CELL_9
