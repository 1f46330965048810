"""Where somebody of the own organisation should go again: a ring around each own place that waits for a visit.

The marks themselves are those of the layer of places; who looks, and how exactly, is decided there.
"""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from domain.place import PlaceFilter
from domain.roles import Permission, is_permitted
from domain.text import Text
from domain.verification import DEFAULT_REVISIT, RevisitReason
from layers.contract import (
    Context,
    Features,
    GeometryKind,
    Group,
    Layer,
    LegendEntry,
    Shape,
    Style,
)
from layers.places import FIELDS as PLACE_FIELDS
from layers.places import REVISIT_LABELS, SOURCE

_COLOURS: Mapping[str, str] = {
    RevisitReason.CHANGE.value: "#d55e00",
    RevisitReason.FOLLOW_UP.value: "#0072b2",
    RevisitReason.STALE.value: "#b45309",
    RevisitReason.NEVER.value: "#6b6b6b",
}
LEGEND = tuple(
    LegendEntry(value=reason, label=REVISIT_LABELS[reason], colour=colour, shape=Shape.RING)
    for reason, colour in _COLOURS.items()
)
_OF_PLACES = {field.column: field for field in PLACE_FIELDS}
FIELDS = (
    _OF_PLACES["name"],
    _OF_PLACES["kind"],
    replace(_OF_PLACES["revisit"], label=Text(cs="Proč", en="Why", uk="Чому")),
    _OF_PLACES["revisit_by"],
    _OF_PLACES["last_visit"],
)
_COLUMNS = ("id", "class", *(field.column for field in FIELDS))
NOTE = Text(
    cs=f"Jen místa vaší organizace: {DEFAULT_REVISIT.after_change_days}\u00a0dní po změně, v\u00a0den domluveného "
    f"kontaktu nebo {DEFAULT_REVISIT.months}\u00a0měsíců po poslední návštěvě. Kde je míst mnoho, přibližte mapu.",
    en=f"Places of your organisation only: {DEFAULT_REVISIT.after_change_days} days after a change, on the day of an "
    f"agreed follow-up, or {DEFAULT_REVISIT.months} months after the last visit. Zoom in where there are many places.",
    uk=f"Лише місця вашої організації: {DEFAULT_REVISIT.after_change_days} днів після зміни, у день домовленого "
    f"контакту або {DEFAULT_REVISIT.months} місяців після останнього візиту. Де місць багато, наблизьте карту.",
)


def load(context: Context) -> Features:
    """Return the own places that wait for a visit today."""
    reader = context.readers.places
    if reader is None or not is_permitted(context.clearance.role, Permission.SEE_PLACES):
        return Features(frame=_empty_frame(), note=NOTE)
    rows = reader.places(bbox=context.bbox, zoom=context.zoom, only=PlaceFilter(), clearance=context.clearance)
    due = rows[rows["revisit"].notna()]
    frame = due.assign(**{"class": due["revisit"]})[[*_COLUMNS, "geometry"]].reset_index(drop=True)
    return Features(frame=frame, note=NOTE)


def _empty_frame() -> gpd.GeoDataFrame:
    columns = {column: pd.Series(dtype=object) for column in _COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=[], crs="EPSG:4326")


LAYER = Layer(
    id="revisits",
    title=Text(cs="Kam se vrátit", en="Where to return", uk="Куди повернутися"),
    description=Text(
        cs="Místa vaší organizace, která čekají na návštěvu: kvůli změně, domluvě, nebo že tam dlouho nikdo nebyl.",
        en="Places of your organisation that wait for a visit: for a change, an agreement, or because nobody has been "
        "there for long.",
        uk="Місця вашої організації, що чекають на візит: через зміну, домовленість або тому, що там давно "
        "нікого не було.",
    ),
    group=Group.PLACES,
    geometry=GeometryKind.POINT,
    sources=(SOURCE,),
    load=load,
    fields=FIELDS,
    style=Style(stroke="#b45309", stroke_width=3.0, fill_opacity=0.0, radius=14.0),
    legend=LEGEND,
    permission=Permission.SEE_PLACES,
    # Below the marks of the places: what shows of it is a ring around them.
    order=68,
    depends_on_view=True,
)
