"""`GET /api/v1/search`: city parts, cadastral areas, stations, services, streets, own places."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import geopandas as gpd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.place_reader import search_places
from api import process
from api.base_map import local_streets
from api.exact_views import actor_of, note_exact_views
from api.loading import bearer_of
from api.responses import PRIVATE, PUBLIC, answer, error_answer, pack
from domain.errors import AppError, DataFileError
from domain.roles import Clearance, Permission, is_permitted
from geo.boundaries import boundaries
from geo.places_data import load_metro_stations, load_public_localities, load_services
from geo.unit_names import fold
from ui.localisation import Messages, parse_language

MAX_RESULTS = 20
MAX_QUERY_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One hit: where to move and what to mark. `bbox` is minx, miny, maxx, maxy in EPSG:4326."""

    kind: str
    label: str
    detail: str
    lon: float
    lat: float
    bbox: tuple[float, float, float, float] | None = None
    layer: str | None = None
    id: str | None = None


def search_everything(text: str, *, clearance: Clearance, messages: Messages) -> list[SearchResult]:
    """Return at most 20 hits: names that begin with `text` first, then names that hold it.

    Letters match without their diacritics; own places are searched only where the role sees them.
    """
    text = text[:MAX_QUERY_LENGTH]
    wanted = fold(text)
    if not wanted:
        return []
    hits = [*_units(wanted, messages), *_points(wanted, messages), *_streets(text, messages)]
    if is_permitted(clearance.role, Permission.SEE_PLACES):
        hits += _own_places(text, clearance, messages)
    return sorted(hits, key=lambda hit: not _begins(hit.label, wanted))[:MAX_RESULTS]


def _begins(label: str, wanted: str) -> bool:
    folded = fold(label)
    return folded.startswith((wanted, f"praha {wanted}"))


def _natural(label: str) -> tuple[str, int]:
    """Return a key that sorts Praha 2 before Praha 10."""
    text, _, number = label.rpartition(" ")
    return (fold(text), int(number)) if number.isdigit() else (fold(label), 0)


def _units(wanted: str, messages: Messages) -> Iterator[SearchResult]:
    found = boundaries()
    frames = (
        ("city_part", "city_parts", found.city_parts),
        ("admin_district", "admin_districts", found.admin_districts),
        ("cadastral_area", "cadastral_areas", found.cadastral_areas),
    )
    for kind, layer, frame in frames:
        for code, row in sorted(frame.iterrows(), key=lambda item: _natural(str(item[1]["name"]))):
            if wanted in fold(str(row["name"])):
                minx, miny, maxx, maxy = row.geometry.bounds
                point = row.geometry.representative_point()
                yield SearchResult(
                    kind=kind, label=str(row["name"]), detail=messages(f"search-kind-{kind.replace('_', '-')}"),
                    lon=point.x, lat=point.y, bbox=(minx, miny, maxx, maxy), layer=layer, id=str(code),
                )  # fmt: skip


def _points(wanted: str, messages: Messages) -> Iterator[SearchResult]:
    frames: tuple[tuple[str, str, gpd.GeoDataFrame], ...] = (
        ("station", "metro_stations", load_metro_stations()),
        ("service", "services", load_services()),
        ("locality", "public_localities", load_public_localities()),
    )
    for kind, layer, frame in frames:
        for code, row in frame.iterrows():
            if row.geometry is not None and not row.geometry.is_empty and wanted in fold(str(row["name"])):
                identifier = row["id"] if "id" in frame.columns else code
                yield SearchResult(
                    kind=kind, label=str(row["name"]), detail=messages(f"search-kind-{kind}"),
                    lon=row.geometry.x, lat=row.geometry.y, layer=layer, id=str(identifier),
                )  # fmt: skip


def _streets(text: str, messages: Messages) -> Iterator[SearchResult]:
    try:
        streets = local_streets()
    except DataFileError:
        # A broken file takes the streets away and nothing else; the map itself says what is wrong with it.
        return
    for name, bbox in streets.search(text) if streets else []:
        yield SearchResult(
            kind="street", label=name, detail=messages("search-kind-street"),
            lon=(bbox.minx + bbox.maxx) / 2, lat=(bbox.miny + bbox.maxy) / 2,
            bbox=(bbox.minx, bbox.miny, bbox.maxx, bbox.maxy),
        )  # fmt: skip


def _own_places(text: str, clearance: Clearance, messages: Messages) -> Iterator[SearchResult]:
    for place in search_places(process.store(), text, clearance=clearance, limit=MAX_RESULTS):
        if place.position is not None and place.id is not None:
            yield SearchResult(
                kind="place", label=place.name or messages("place-unnamed"), detail=messages("search-kind-place"),
                lon=place.position.lon, lat=place.position.lat, layer="places", id=place.id,
            )  # fmt: skip


def search(request: Request) -> Response:
    """Answer `GET /api/v1/search?q=`."""
    try:
        bearer = bearer_of(request)
        clearance = bearer.clearance
        messages = Messages(parse_language(request.query_params.get("lang")))
        hits = search_everything(request.query_params.get("q", ""), clearance=clearance, messages=messages)
        found = [hit.id for hit in hits if hit.kind == "place" and hit.id]
        owners = process.store().events.owners_of(found) - {clearance.organisation_id or ""} if found else frozenset()
        if owners:
            note_exact_views(actor_of(bearer), owners, what="search")
        internal = is_permitted(clearance.role, Permission.SEE_PLACES)
        return answer(
            request, pack({"results": [asdict(hit) for hit in hits]}), cache_control=PRIVATE if internal else PUBLIC
        )
    except AppError as error:
        return error_answer(request, error)


def search_routes() -> list[Route]:
    """Return the route of this module."""
    return [Route("/api/v1/search", search, methods=["GET"])]
