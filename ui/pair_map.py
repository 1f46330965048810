"""A small map of two places that may be one: outlines of city parts, two letters, a scale."""

import math
from collections.abc import Callable, Iterable

import h3
import shapely

from domain.geometry import LonLat
from geo.boundaries import boundaries

WIDTH, HEIGHT = 360, 240
LEAST_REACH_M = 120.0
METRES_PER_DEGREE = 111_195.0
_SCALES_M = (20, 50, 100, 200, 500, 1000, 2000)
_MARGIN = 1.6


def pair_svg(points: Iterable[tuple[str, LonLat]], *, cell: str | None = None, label: str) -> str:
    """Return an SVG picture of lettered points, and of the outline of an H3 cell where one is given.

    Parameters
    ----------
    points
        Letter and position (EPSG:4326).
    cell
        An area that stands for a place which may not be shown more exactly.
    label
        What the picture shows, for those who do not see it.
    """
    marks = list(points)
    ring = [LonLat(lon=lon, lat=lat) for lat, lon in h3.cell_to_boundary(cell)] if cell else []
    everything = [point for _, point in marks] + ring
    lon = sum(point.lon for point in everything) / len(everything)
    lat = sum(point.lat for point in everything) / len(everything)
    scale_x = METRES_PER_DEGREE * math.cos(math.radians(lat))
    reach = max(
        [LEAST_REACH_M, *(_MARGIN * abs(point.lon - lon) * scale_x * HEIGHT / WIDTH for point in everything)]
        + [_MARGIN * abs(point.lat - lat) * METRES_PER_DEGREE for point in everything]
    )
    pixels_per_m = HEIGHT / 2 / reach

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            WIDTH / 2 + (x - lon) * scale_x * pixels_per_m,
            HEIGHT / 2 - (y - lat) * METRES_PER_DEGREE * pixels_per_m,
        )

    parts = [_outlines(lon, lat, reach / METRES_PER_DEGREE * 2.5, place)]
    if ring:
        corners = " ".join("{:.1f},{:.1f}".format(*place(point.lon, point.lat)) for point in ring)
        parts.append(f'<polygon points="{corners}" fill="#0b6b6b" fill-opacity="0.15" stroke="#0b6b6b"/>')
    for letter, point in marks:
        x, y = place(point.lon, point.lat)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="#ffffff" stroke="#0b6b6b" stroke-width="2.5"/>'
            f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="14" font-weight="bold" '
            f'font-family="sans-serif">{_plain(letter)}</text>'
        )
    parts.append(_scale_bar(pixels_per_m))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{_plain(label)}"><rect width="{WIDTH}" height="{HEIGHT}" fill="#f6f5f1"/>'
        f"{''.join(parts)}</svg>"
    )


def _outlines(lon: float, lat: float, reach_deg: float, place: Callable[[float, float], tuple[float, float]]) -> str:
    frame = shapely.box(lon - 2 * reach_deg, lat - reach_deg, lon + 2 * reach_deg, lat + reach_deg)
    found = []
    for geometry in boundaries().city_parts.geometry:
        if not geometry.intersects(frame):
            continue
        lines = shapely.intersection(geometry.boundary, frame)
        for line in getattr(lines, "geoms", [lines]):
            if not line.is_empty and line.geom_type == "LineString":
                path = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in line.coords)
                found.append(f'<polyline points="{path}" fill="none" stroke="#8a8a80" stroke-dasharray="4 3"/>')
    return "".join(found)


def _scale_bar(pixels_per_m: float) -> str:
    metres = max((step for step in _SCALES_M if step * pixels_per_m <= WIDTH / 3), default=_SCALES_M[0])
    length = metres * pixels_per_m
    y = HEIGHT - 14
    return (
        f'<path d="M14 {y - 5} V{y} H{14 + length:.1f} V{y - 5}" fill="none" stroke="#333333"/>'
        f'<text x="{20 + length:.1f}" y="{y + 1}" font-size="12" font-family="sans-serif">{metres} m</text>'
    )


def _plain(text: str) -> str:
    return "".join(f"&#{ord(letter)};" if letter in "<>&\"'" else letter for letter in text)
