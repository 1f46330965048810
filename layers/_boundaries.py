"""What the layers of boundaries have in common: a frame of a division, its area, and where its borders are from."""

import geopandas as gpd

from domain.text import Text
from geo.crs import area_km2
from layers.contract import Field, Formatter

BORDERS_NOTE = Text(
    cs="Hranice: IPR Praha, stav v říjnu 2026, generalizováno asi na 10 m.",
    en="Borders: IPR Praha, state of October 2026, generalised to about 10 m.",
    uk="Межі: IPR Praha, стан на жовтень 2026 року, узагальнено приблизно до 10 м.",
)
AREA_FIELD = Field(
    column="area_km2",
    label=Text(cs="Rozloha (km²)", en="Area (km²)", uk="Площа (км²)"),
    formatter=Formatter.DECIMAL,
    digits=2,
)


def division_frame(division: gpd.GeoDataFrame, **columns: list[str]) -> gpd.GeoDataFrame:
    """Return a row for each unit of a division: its id, its name, the columns given, its area in km²."""
    return gpd.GeoDataFrame(
        {
            "id": division.index,
            "name": division["name"].to_numpy(),
            **columns,
            "area_km2": area_km2(division).round(2).to_numpy(),
        },
        geometry=division.geometry.to_numpy(),
        crs=division.crs,
    )
