"""The 57 city parts (městské části): the ground of the map and the unit of all figures."""

from functools import cache

import geopandas as gpd

from domain.text import Text
from geo.boundaries import boundaries
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._boundaries import AREA_FIELD, BORDERS_NOTE, division_frame
from layers.contract import Context, Features, Field, GeometryKind, Group, Layer, Style


@cache
def _frame() -> gpd.GeoDataFrame:
    """Return all city parts with the declared columns; a few rows, so never cut to a view."""
    parts = boundaries().city_parts
    return division_frame(parts, admin_district=[f"Praha {number}" for number in parts["admin_district"]])


def load(context: Context) -> Features:  # noqa: ARG001  the same for every view and reader
    """Return the city parts, one row each."""
    return Features(
        frame=_frame().copy(),
        note=BORDERS_NOTE,
    )


LAYER = Layer(
    id="city_parts",
    title=Text(cs="Městské části", en="City parts", uk="Міські частини"),
    description=Text(
        cs="57 městských částí Prahy. K nim se vztahují všechny údaje o počtech lidí.",
        en="The 57 city parts of Prague. All figures about people are given for them.",
        uk="57 міських частин Праги. До них належать усі дані про кількість людей.",
    ),
    group=Group.BOUNDARIES,
    geometry=GeometryKind.POLYGON,
    sources=(read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml"),),
    load=load,
    fields=(
        Field(column="name", label=Text(cs="Městská část", en="City part", uk="Міська частина"), tooltip=True),
        Field(
            column="admin_district",
            label=Text(cs="Správní obvod", en="Administrative district", uk="Адміністративний округ"),
        ),
        AREA_FIELD,
    ),
    # The fill can hardly be seen; it is there so that a click inside hits.
    style=Style(stroke="#8a8a8a", stroke_width=1.0, fill="#8a8a8a", fill_opacity=0.02),
    order=10,
    shown_by_default=True,
)
