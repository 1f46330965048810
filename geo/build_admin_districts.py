"""Make `data/boundaries/admin_districts.geojson` by dissolving the city parts.

Run `python -m geo.build_admin_districts` after the city parts have changed; it prints the
SHA-256 that belongs into the card. A test builds the file again and compares the bytes.
"""

import json
from pathlib import Path

import geopandas as gpd
import shapely

from domain.errors import DataFileError
from geo.crs import to_metric
from geo.provenance import BUNDLED_DATA, sha256_of

COORDINATE_DECIMALS = 6
"""Decimals of a degree in the boundary files: about 0.1 m, far below the generalisation."""


def dissolve_admin_districts(city_parts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the administrative districts as unions of their city parts.

    Parameters
    ----------
    city_parts
        One row per city part with `code`, `name`, `admin_district` (number of the district) and
        polygons in EPSG:4326 that form a valid coverage.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per district, ordered by number: `number`, `name`, `seat` (code of the city part
        that gave the district its name and holds its office), geometry in EPSG:4326.

    Raises
    ------
    DataFileError
        Code `admin_districts_not_built` if a district has no seat or the result is no coverage.

    Examples
    --------
    >>> parts = gpd.read_file(BUNDLED_DATA / "boundaries" / "city_parts.geojson")
    >>> dissolve_admin_districts(parts)["seat"].iloc[:2].tolist()
    ['500054', '500089']
    """
    # The method "coverage" keeps every vertex as it is and needs no snapping.
    dissolved = city_parts[["admin_district", "geometry"]].dissolve(by="admin_district", method="coverage").sort_index()
    codes = dict(zip(city_parts["name"], city_parts["code"], strict=True))
    numbers = [int(number) for number in dissolved.index]
    names = [f"Praha {number}" for number in numbers]
    without_seat = [name for name in names if name not in codes]
    if without_seat:
        raise DataFileError("admin_districts_not_built", reason=f"seat: {', '.join(without_seat)}")
    districts = gpd.GeoDataFrame(
        {"number": numbers, "name": names, "seat": [codes[name] for name in names]},
        geometry=dissolved.geometry.to_numpy(),
        crs=city_parts.crs,
    )
    if not shapely.coverage_is_valid(to_metric(districts).geometry.to_numpy()):
        raise DataFileError("admin_districts_not_built", reason="coverage")
    return districts


def write_boundaries(gdf: gpd.GeoDataFrame, path: Path) -> None:
    """Write a boundary file: GeoJSON, one feature a line, coordinates of six decimals.

    Rings run as RFC 7946 asks (exterior counter-clockwise) and start where they did; the same
    frame gives the same bytes on every machine.

    Parameters
    ----------
    gdf
        Rows in EPSG:4326; every column but the geometry becomes a property.
    path
        File that is written.
    """
    properties = gdf.drop(columns=gdf.geometry.name).to_dict(orient="records")
    lines = [
        json.dumps(
            {"type": "Feature", "properties": row, "geometry": _rounded_geometry(geometry)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row, geometry in zip(properties, gdf.geometry, strict=True)
    ]
    head = f'{{"type":"FeatureCollection","name":"{path.stem}","features":[\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def _rounded_geometry(geometry: shapely.Geometry) -> dict[str, object]:
    """Return a polygon or multipolygon as a GeoJSON geometry."""
    oriented = shapely.orient_polygons(geometry)
    parts = [
        [shapely.get_coordinates(ring).round(COORDINATE_DECIMALS).tolist() for ring in shapely.get_rings(part)]
        for part in shapely.get_parts(oriented)
    ]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def main() -> None:
    """Build the file in place."""
    folder = BUNDLED_DATA / "boundaries"
    path = folder / "admin_districts.geojson"
    districts = dissolve_admin_districts(gpd.read_file(folder / "city_parts.geojson"))
    write_boundaries(districts, path)
    print(f"{path.name}: {len(districts)} rows, sha256 {sha256_of(path)}")


if __name__ == "__main__":
    main()
