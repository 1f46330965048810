"""Names of the city parts on the map; the smaller the city part, the closer one must come."""

from functools import cache

import geopandas as gpd
import numpy as np

from domain.text import Text
from geo.boundaries import boundaries, representative_point
from geo.crs import area_km2
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers.contract import Context, Features, Field, GeometryKind, Group, Layer, Style

LEAST_AREA_KM2 = {10: 13.0, 11: 5.5, 12: 0.0}
"""From which zoom on a city part of at least this area is named.

At zoom 11 a kilometre is about 20 pixels: a city part of 5.5 km² is then about as wide as its
name, and smaller ones would write over their neighbours. At zoom 10 it is half of that.
"""


@cache
def _frame() -> gpd.GeoDataFrame:
    """Return a point per city part: `name` in short, `rank` by area (1 is the largest), `min_zoom`."""
    parts = boundaries().city_parts
    areas = area_km2(parts)
    centres = [representative_point(str(code)) for code in parts.index]
    zooms = sorted(LEAST_AREA_KM2)
    return gpd.GeoDataFrame(
        {
            "id": parts.index,
            "name": [short_name(name) for name in parts["name"]],
            "rank": areas.rank(ascending=False, method="first").astype(int).to_numpy(),
            "min_zoom": np.select([areas >= LEAST_AREA_KM2[zoom] for zoom in zooms], zooms, default=zooms[-1]),
        },
        geometry=gpd.points_from_xy([p.lon for p in centres], [p.lat for p in centres]),
        crs=parts.crs,
    ).sort_values("rank", ignore_index=True)


def short_name(name: str) -> str:
    """Return the name as people say it: without "Praha-" where a name of its own follows."""
    return name.removeprefix("Praha-")


def load(context: Context) -> Features:  # noqa: ARG001  renderers leave out what `min_zoom` holds back
    """Return the names, the largest city part first, so that it wins where two would overlap."""
    return Features(frame=_frame().copy())


LAYER = Layer(
    id="labels",
    title=Text(cs="Názvy městských částí", en="Names of city parts", uk="Назви міських частин"),
    description=Text(
        cs="Krátké názvy městských částí; menší se ukážou po přiblížení.",
        en="Short names of the city parts; the smaller ones appear on zooming in.",
        uk="Короткі назви міських частин; менші з’являються після наближення.",
    ),
    group=Group.BOUNDARIES,
    geometry=GeometryKind.LABEL,
    sources=(read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml"),),
    load=load,
    fields=(Field(column="name", label=Text(cs="Městská část", en="City part", uk="Міська частина")),),
    style=Style(label_column="name", stroke="#3a3a3a", fill="#3a3a3a", fill_opacity=1.0, min_zoom=10),
    order=90,
    shown_by_default=True,
)
