"""What lies under the layers: online tiles where switched on, streets from a local file."""

import json
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlparse

import shapely
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import process
from api.loading import parse_bbox
from api.responses import Packed, answer, error_answer, pack
from domain.errors import AppError, InvalidValueError, NotFoundError
from geo.streets import Streets, read_streets

OPENSTREETMAP: dict[str, str | int] = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": "© OpenStreetMap contributors",
    "max_zoom": 19,
}
LOCAL_MAX_ZOOM = 19
STREET_SUFFIXES = (".gpkg", ".geojson")
TILE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def local_file(data_dir: Path, suffixes: tuple[str, ...]) -> Path | None:
    """Return the first file `DATA_DIR/streets*` with one of the suffixes."""
    found = [path for path in sorted(data_dir.glob("streets*")) if path.suffix.lower() in suffixes]
    return found[0] if found else None


def check_tile_url(url: str) -> str:
    """Return an own tile address, which must be http(s) with {z}, {x} and {y}.

    Raises
    ------
    InvalidValueError
        `invalid_tile_url`.
    """
    parts = urlparse(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(k not in url for k in ("{z}", "{x}", "{y}")):
        raise InvalidValueError("invalid_tile_url", value=url[:80])
    return url


def packed_base() -> Packed:
    """Return what `GET /api/v1/base` answers; it follows the settings and the files of DATA_DIR."""
    store = process.store()
    choice = store.settings.get("tiles", "none")
    data_dir = process.configuration().data_dir
    raster = local_file(data_dir, (".mbtiles",))
    tiles: dict[str, str | int] | None = None
    if choice == "openstreetmap":
        tiles = dict(OPENSTREETMAP)
    elif choice == "own" and store.settings.get("tiles_url", ""):
        tiles = {
            "url": str(store.settings.get("tiles_url", "")),
            "attribution": str(store.settings.get("tiles_attribution", "")),
            "max_zoom": LOCAL_MAX_ZOOM,
        }
    elif raster:
        tiles = {"url": "/api/v1/tiles/{z}/{x}/{y}", "attribution": raster.stem, "max_zoom": LOCAL_MAX_ZOOM}
    streets = "raster" if raster else "vector" if local_file(data_dir, STREET_SUFFIXES) else "none"
    return pack({"tiles": tiles, "streets": streets})


def base_map(request: Request) -> Response:
    """Answer `GET /api/v1/base`."""
    return answer(request, packed_base())


def tile(request: Request) -> Response:
    """Answer `GET /api/v1/tiles/{z}/{x}/{y}` from the local .mbtiles file."""
    path = local_file(process.configuration().data_dir, (".mbtiles",))
    z, x, y = (int(request.path_params[name]) for name in ("z", "x", "y"))
    if path is None or z > LOCAL_MAX_ZOOM:
        return error_answer(request, NotFoundError("no_tile"))
    # The MBTiles specification counts rows from the south.
    row = (1 << z) - 1 - y
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?", (z, x, row)
            ).fetchone()
    except (sqlite3.Error, OverflowError):  # no such file inside, or a number that SQLite cannot hold
        found = None
    if found is None:
        return error_answer(request, NotFoundError("no_tile"))
    body = bytes(found[0])
    kind = next((mime for magic, mime in TILE_TYPES.items() if body.startswith(magic)), None)
    if kind is None:
        return error_answer(request, NotFoundError("no_tile"))
    return Response(body, media_type=kind, headers={"Cache-Control": "public, max-age=86400"})


@lru_cache(maxsize=2)
def _streets(path: Path, _changed_ns: int) -> Streets:
    return read_streets(path)


def local_streets() -> Streets | None:
    """Return the streets of DATA_DIR, read anew when the file changed; None where there is no file."""
    path = local_file(process.configuration().data_dir, STREET_SUFFIXES)
    return _streets(path, path.stat().st_mtime_ns) if path else None


def streets(request: Request) -> Response:
    """Answer `GET /api/v1/streets?bbox=`."""
    try:
        found = local_streets()
        bbox = parse_bbox(request.query_params.get("bbox"))
        if found is None:
            raise NotFoundError("no_streets")
        if bbox is None:
            raise InvalidValueError("invalid_bbox", field="bbox", value="")
        rows = found.within(bbox)
        lines = zip(rows["name"], shapely.to_geojson(rows.geometry.to_numpy()), strict=True)
        body = ",".join(
            f'{{"type":"Feature","properties":{json.dumps({"name": name}, ensure_ascii=False)},"geometry":{line}}}'
            for name, line in lines
        )
        return answer(request, pack(f'{{"type":"FeatureCollection","features":[{body}]}}'.encode()))
    except AppError as error:
        return error_answer(request, error)


def base_map_routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("/api/v1/base", base_map, methods=["GET"]),
        Route("/api/v1/tiles/{z:int}/{x:int}/{y:int}", tile, methods=["GET"]),
        Route("/api/v1/streets", streets, methods=["GET"]),
    ]
