"""A local file of streets with names: read once, searched and cut by bounding box."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from domain.errors import DataFileError
from domain.geometry import BBox
from geo.crs import GEOGRAPHIC
from geo.unit_names import fold

NAME_COLUMNS = ("name", "nazev", "NAZEV", "NAZ_ULICE", "nazev_ulice", "Name")
MAX_LINES = 4000


@dataclass(frozen=True, slots=True)
class Streets:
    """Streets as lines in EPSG:4326; `frame` has `name` (may be empty), `folded` and geometry."""

    frame: gpd.GeoDataFrame

    def within(self, bbox: BBox, *, limit: int = MAX_LINES) -> gpd.GeoDataFrame:
        """Return the streets that meet `bbox`, the longest `limit` of them where there are more."""
        rows = self.frame.sindex.query(shapely.box(bbox.minx, bbox.miny, bbox.maxx, bbox.maxy))
        found = self.frame.iloc[np.sort(rows)]
        if len(found) > limit:
            order = np.argsort(-shapely.length(found.geometry.to_numpy()), kind="stable")[:limit]
            found = found.iloc[np.sort(order)]
        return found

    def search(self, text: str, *, limit: int = 10) -> list[tuple[str, BBox]]:
        """Return names that hold `text` (letters without diacritics match too) with their extents."""
        wanted = fold(text)
        if not wanted:
            return []
        hits = self.frame[self.frame["folded"].str.contains(wanted, regex=False)]
        found = []
        for name, part in hits.groupby("name", sort=False):
            minx, miny, maxx, maxy = part.total_bounds
            found.append((str(name), BBox(minx=minx, miny=miny, maxx=maxx, maxy=maxy)))
        return sorted(found, key=lambda item: (not fold(item[0]).startswith(wanted), item[0]))[:limit]


def read_streets(path: Path) -> Streets:
    """Read a GPKG or GeoJSON of streets in any declared CRS.

    Raises
    ------
    DataFileError
        `streets_unreadable`, or `streets_without_lines` where the file holds no line.
    """
    try:
        frame = gpd.read_file(path)
    except Exception as error:  # pyogrio raises many kinds for a broken file
        raise DataFileError("streets_unreadable", file=path.name) from error
    if frame.crs is None:
        frame = frame.set_crs(GEOGRAPHIC)
    frame = frame.to_crs(GEOGRAPHIC)
    lines = frame[frame.geometry.notna() & frame.geom_type.isin(["LineString", "MultiLineString"])]
    if lines.empty:
        raise DataFileError("streets_without_lines", file=path.name)
    name_column = next((column for column in NAME_COLUMNS if column in lines.columns), None)
    names = lines[name_column].fillna("").astype(str) if name_column else pd.Series("", index=lines.index)
    kept = gpd.GeoDataFrame(
        {"name": names.to_numpy(), "folded": [fold(name) for name in names]},
        geometry=lines.geometry.to_numpy(),
        crs=GEOGRAPHIC,
    )
    return Streets(kept.reset_index(drop=True))
