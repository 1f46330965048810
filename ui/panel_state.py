"""What the panel beside the map shows, as a value; and what a click makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import uuid_utils

from domain.geometry import LonLat


class PanelKind(StrEnum):
    """What the panel shows."""

    CLOSED = "closed"
    RECORD = "record"
    SAVED = "saved"
    CITY_PART = "city_part"
    PLACE = "place"
    VISIT = "visit"
    AREA = "area"
    EDIT = "edit"
    FEATURE = "feature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """State of the panel. `draft_id` is the id of the record that an open form will make."""

    kind: PanelKind = PanelKind.CLOSED
    position: LonLat | None = None
    draft_id: str = ""
    layer: str = ""
    id: str = ""
    seq: int = 0

    @property
    def is_open(self) -> bool:
        """Return whether there is anything to show."""
        return self.kind is not PanelKind.CLOSED


CLOSED = Panel()
SetPanel = Callable[[Panel], None]


def new_id() -> str:
    """Return a new UUIDv7, the id of a record that is about to be written."""
    return str(uuid_utils.uuid7())


def panel_for_click(click: Mapping[str, Any], current: Panel, *, draft_id: str = "") -> Panel:
    """Return the panel after a click on the map.

    A click on the ground opens the form of `draft_id` there, of a new record without one; with a
    form open it only moves the point, so that nothing typed is lost. A repeated `seq` changes nothing.
    """
    seq = int(click.get("seq") or 0)
    if seq and seq == current.seq:
        return current
    position = LonLat(lon=float(click["lon"]), lat=float(click["lat"])) if click.get("lon") is not None else None
    layer, identifier = str(click.get("layer") or ""), str(click.get("id") or "")
    if current.kind is PanelKind.RECORD and (click.get("drag") or not _is_record(layer, identifier)):
        return replace(current, position=position, seq=seq)
    if current.kind is PanelKind.EDIT and click.get("drag"):
        return replace(current, position=position, seq=seq)
    if layer in PLACE_LAYERS and identifier:
        return Panel(kind=PanelKind.PLACE, position=position, layer="places", id=identifier, seq=seq)
    if _is_record(layer, identifier):
        return Panel(kind=PanelKind.FEATURE, position=position, layer=layer, id=identifier, seq=seq)
    return Panel(kind=PanelKind.RECORD, position=position, draft_id=draft_id or new_id(), seq=seq)


# A ring around a place that waits for a visit is that place.
PLACE_LAYERS = frozenset({"places", "revisits"})
AREA_LAYERS = frozenset(
    {
        "city_parts",
        "admin_districts",
        "cadastral_areas",
        "concentration",
        "temporary_protection",
        "cooperation",
        "town_halls",
        "visited_cells",
        "white_spots",
        "labels",
    }
)


def _is_record(layer: str, identifier: str) -> bool:
    return bool(identifier) and bool(layer) and layer not in AREA_LAYERS
