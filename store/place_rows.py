"""From drafts to rows of `places` and back to records."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import h3
import sqlalchemy as sa
from sqlalchemy.engine import Row

from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceFacts, PlaceRecord, PlaceState
from store.tables import place_activity, places

RESOLUTIONS = (7, 8, 9, 10)
FINEST = RESOLUTIONS[-1]

# What a person says about a place and what follows from its position: a revision holds these.
CONTENT_COLUMNS = (
    "kind", "name", "note", "lon", "lat", "city_part", "admin_district", "cadastral_area", "border_city_part",
    "languages", "target_groups", "headcount", "access", "state",
)  # fmt: skip
# Combining marks of the scripts in use here; one pattern is far quicker than asking about each letter.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_ACTIVITY_COLUMNS = ("visit_count", "last_visit_on", "last_outcome", "last_change", "last_change_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceVersion:
    """One revision of a place: how it stood from `changed_at` on, who changed it and why.

    `record` holds the whole place and passes the privacy gate like any other record; its counts of
    visits are left at zero.
    """

    record: PlaceRecord
    changed_at: datetime
    changed_by: str
    reason: str


def fold(text: str) -> str:
    """Return `text` without diacritics and case, for searching.

    Examples
    --------
    >>> fold("Ubytovna Řeporyje")
    'ubytovna reporyje'
    """
    if text.isascii():
        return text.casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def cells_of(lon: float, lat: float) -> dict[str, str]:
    """Return the H3 cells of a position in degrees, as columns `h3_7` to `h3_10`.

    The coarser ones are the parents of the finest, so that every cell lies in exactly one parent;
    near the rim of a hexagon that is not always the coarser cell in which the point itself falls.

    Examples
    --------
    >>> cells_of(14.4378, 50.0755)["h3_9"]
    '891e3541aa3ffff'
    """
    finest = h3.latlng_to_cell(lat, lon, FINEST)
    parents = {f"h3_{r}": h3.cell_to_parent(finest, r) for r in RESOLUTIONS[:-1]}
    return {**parents, f"h3_{FINEST}": finest}


def content_of(located: LocatedPlace, state: PlaceState) -> dict[str, Any]:
    """Return the content columns of a place as it was located."""
    draft = located.draft
    return {
        "kind": draft.kind,
        "name": draft.name,
        "note": draft.note,
        "lon": draft.position.lon if draft.position else None,
        "lat": draft.position.lat if draft.position else None,
        "city_part": located.city_part,
        "admin_district": located.admin_district,
        "cadastral_area": located.cadastral_area,
        "border_city_part": located.border_city_part,
        "languages": tuple(draft.languages),
        "target_groups": tuple(draft.target_groups),
        "headcount": draft.headcount,
        "access": draft.access,
        "state": state.value,
    }


def derived_columns(content: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that follow from the content: cells and the folded name."""
    has_position = content["lon"] is not None
    cells = cells_of(content["lon"], content["lat"]) if has_position else dict.fromkeys(_cell_columns())
    return {**cells, "name_folded": fold(content["name"])}


def _cell_columns() -> list[str]:
    return [f"h3_{resolution}" for resolution in RESOLUTIONS]


def new_row(located: LocatedPlace, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the row of a new place, revision 1."""
    content = content_of(located, PlaceState.SUGGESTED)
    return {
        "id": located.draft.id,
        "organisation_id": actor.organisation_id,
        **content,
        **derived_columns(content),
        "created_at": now,
        "created_by": actor.account_id,
        "updated_at": now,
        "revision": 1,
    }


def version_row(row: dict[str, Any], actor: Actor, reason: str) -> dict[str, Any]:
    """Return the row of `place_versions` for a row of `places`."""
    return {
        "place_id": row["id"],
        "revision": row["revision"],
        "changed_at": row["updated_at"],
        "changed_by": actor.account_id,
        "reason": reason,
        "content": json_content(row),
    }


def json_content(row: dict[str, Any]) -> dict[str, Any]:
    """Return the content columns of a row in the types of JSON."""
    content = {name: row[name] for name in CONTENT_COLUMNS}
    return {**content, "languages": list(row["languages"]), "target_groups": list(row["target_groups"])}


def content_from_json(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content columns from JSON."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}


def select_places() -> sa.Select[Any]:
    """Return the query for places with what happened there last; `to_record` reads its rows."""
    return _select(place_activity.c.place_id == places.c.id)


def select_places_after(place_id: str) -> sa.Select[Any]:
    """Return the query of `select_places` for those whose id comes after another one."""
    # Said of both tables: PostgreSQL merges them by their ids and would read the second one from its beginning.
    same = sa.and_(place_activity.c.place_id == places.c.id, place_activity.c.place_id > place_id)
    return _select(same).where(places.c.id > place_id)


def select_facts() -> sa.Select[Any]:
    """Return the query for `PlaceFacts`, one column per field."""
    derived: dict[str, sa.ColumnElement[Any]] = {
        "last_visit_on": place_activity.c.last_visit_on,
        "visit_count": sa.func.coalesce(place_activity.c.visit_count, 0),
    }
    found = [derived[name] if name in derived else places.c[name] for name in PlaceFacts._fields]
    return sa.select(*found).select_from(places.outerjoin(place_activity, place_activity.c.place_id == places.c.id))


def _select(same: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = [places.c[name] for name in _RECORD_COLUMNS] + [place_activity.c[name] for name in _ACTIVITY_COLUMNS]
    return sa.select(*columns).select_from(places.outerjoin(place_activity, same))


_RECORD_COLUMNS = (
    "id", "organisation_id", "created_at", "created_by", "updated_at", "revision", *CONTENT_COLUMNS,
)  # fmt: skip


_SELECTED = (*_RECORD_COLUMNS, *_ACTIVITY_COLUMNS)
_STATES = {state.value: state for state in PlaceState}


def to_record(row: Row[Any]) -> PlaceRecord:
    """Return the record of a row of `select_places`."""
    # Named one by one: an export makes a million of these, and a dictionary for each would double the time.
    (
        id_, organisation_id, created_at, created_by, updated_at, revision, kind, name, note, lon, lat, city_part,
        admin_district, cadastral_area, border_city_part, languages, target_groups, headcount, access, state,
        visit_count, last_visit_on, last_outcome, last_change, last_change_on,
    ) = tuple(row)  # fmt: skip
    return PlaceRecord(
        id=id_, organisation_id=organisation_id, kind=kind, name=name, note=note,
        position=None if lon is None else LonLat(lon=lon, lat=lat), city_part=city_part,
        admin_district=admin_district, cadastral_area=cadastral_area, border_city_part=border_city_part,
        languages=languages, target_groups=target_groups, headcount=headcount, access=access,
        state=_STATES[state], created_at=created_at, created_by=created_by, updated_at=updated_at,
        revision=revision, visit_count=visit_count or 0, last_visit_on=last_visit_on, last_outcome=last_outcome,
        last_change=last_change, last_change_on=last_change_on,
    )  # fmt: skip


def record_from(values: dict[str, Any]) -> PlaceRecord:
    """Return the record of named values; columns that are no field of it must not be among them."""
    lon, lat = values.pop("lon"), values.pop("lat")
    values["position"] = None if lon is None else LonLat(lon=lon, lat=lat)
    values["state"] = _STATES[values["state"]]
    if values.get("visit_count") is None:
        values["visit_count"] = 0
    return PlaceRecord(**values)
