"""The 112 cadastral areas (katastrální území): the names people use; they cut across city parts."""

from functools import cache

import geopandas as gpd

from domain.text import Text
from geo.boundaries import boundaries, city_part_name
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._boundaries import AREA_FIELD, BORDERS_NOTE, division_frame
from layers.contract import Context, Features, Field, GeometryKind, Group, Layer, Style


@cache
def _frame() -> gpd.GeoDataFrame:
    """Return all cadastral areas with the declared columns."""
    areas = boundaries().cadastral_areas
    return division_frame(areas, main_city_part=[city_part_name(code) for code in areas["city_part"]])


def load(context: Context) -> Features:  # noqa: ARG001  the same for every view and reader
    """Return the cadastral areas, one row each."""
    return Features(
        frame=_frame().copy(),
        note=BORDERS_NOTE,
    )


LAYER = Layer(
    id="cadastral_areas",
    title=Text(cs="Katastrální území", en="Cadastral areas", uk="Кадастрові території"),
    description=Text(
        cs="112 katastrálních území, podle kterých se čtvrti běžně nazývají. Do městských částí se neskládají.",
        en="The 112 cadastral areas that give the quarters their everyday names. They do not nest in city parts.",
        uk="112 кадастрових територій, за якими зазвичай називають квартали. Вони не вкладаються в міські частини.",
    ),
    group=Group.BOUNDARIES,
    geometry=GeometryKind.POLYGON,
    sources=(read_dataset_info(BUNDLED_DATA / "boundaries" / "cadastral_areas.toml"),),
    load=load,
    fields=(
        Field(
            column="name",
            label=Text(cs="Katastrální území", en="Cadastral area", uk="Кадастрова територія"),
            tooltip=True,
        ),
        Field(
            column="main_city_part",
            label=Text(
                cs="Hlavní část leží v městské části",
                en="Main part lies in the city part",
                uk="Основна частина лежить у міській частині",
            ),
        ),
        AREA_FIELD,
    ),
    style=Style(stroke="#6b6b6b", stroke_width=0.8, dash="3 3"),
    order=15,
)
