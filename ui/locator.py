"""A small picture of where a city part lies in Prague; not a map layer, nothing can be read off it."""

from functools import cache

import numpy as np
import shapely

from geo.boundaries import boundaries
from geo.crs import to_metric

WIDTH_PX = 360
TOLERANCE_M = 60.0
QUIET, LINE, ACCENT = "#e4e8e8", "#ffffff", "#0b6b6b"


@cache
def _outlines() -> tuple[tuple[float, float, float, float], dict[str, str]]:
    metric = to_metric(boundaries().city_parts)
    # Neighbours are simplified together, so that no gap opens between them.
    simple = shapely.coverage_simplify(metric.geometry.to_numpy(), TOLERANCE_M)
    minx, miny, maxx, maxy = (float(value) for value in metric.total_bounds)
    paths = {}
    for code, geometry in zip(metric.index, simple, strict=True):
        rings = shapely.get_rings(shapely.get_parts(geometry))
        paths[str(code)] = "".join(_ring(shapely.get_coordinates(ring), minx, maxy) for ring in rings)
    return (minx, miny, maxx, maxy), paths


def _ring(points: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", minx: float, maxy: float) -> str:
    return "M" + "L".join(f"{x - minx:.0f} {maxy - y:.0f}" for x, y in points) + "Z"


def locator_svg(code: str, *, title: str) -> str:
    """Return an SVG of the 57 city parts with `code` in the accent colour; `title` is its text alternative."""
    (minx, miny, maxx, maxy), paths = _outlines()
    width, height = maxx - minx, maxy - miny
    others = "".join(path for other, path in paths.items() if other != code)
    words = title.replace("&", "&amp;").replace("<", "&lt;")
    size = f'width="{WIDTH_PX}" height="{WIDTH_PX * height / width:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} '
        f'viewBox="-100 -100 {width + 200:.0f} {height + 200:.0f}"><title>{words}</title>'
        f'<path d="{others}" fill="{QUIET}" stroke="{LINE}" stroke-width="60"/>'
        f'<path d="{paths[code]}" fill="{ACCENT}" stroke="{ACCENT}" stroke-width="60"/></svg>'
    )
