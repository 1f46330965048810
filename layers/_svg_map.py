"""The map frame of the vector page: layers in web Mercator (north is up), scale bar, north mark."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from domain.geometry import BBox, LonLat
from domain.text import Language
from geo.crs import distance_m
from layers import _words as words
from layers._format import format_value
from layers._shapes import shape_path
from layers._svg_text import text_element, text_width
from layers._view import FeatureView, RenderedLayer, checked_colour, hatch_colour, iterate_features
from layers.contract import Field, Formatter, GeometryKind, LegendEntry, Shape, Style

TILE_PX = 256
PADDING = 0.03
LABEL_GAP = 3.0
SCALE_STEPS_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
METRES_PER_KM = 1000
_NUMBER = Field(column="number", label=words.MAP, formatter=Formatter.INTEGER)
_KM = Field(column="km", label=words.MAP, formatter=Formatter.DECIMAL, digits=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A rectangle of the page (pixels, y downwards) that shows a bbox (EPSG:4326) as a whole.

    `scale` is in pixels per unit of the Mercator plane, whose world is 1 wide; `origin` is the
    plane's position of the upper left corner. `unit` is the pixel size of the page's design grid.
    """

    x: float
    y: float
    width: float
    height: float
    scale: float
    origin: tuple[float, float]
    unit: float

    @property
    def zoom(self) -> float:
        """Return the zoom level of a web map at which the ground is this large on a design page."""
        return math.log2(self.scale / self.unit / TILE_PX)

    def project(self, lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return page pixels of positions in degrees, one per row."""
        plane = mercator(lonlat)
        return np.column_stack(
            [
                self.x + (plane[:, 0] - self.origin[0]) * self.scale,
                self.y + (plane[:, 1] - self.origin[1]) * self.scale,
            ]
        )

    def shows(self, x: float, y: float) -> bool:
        """Return whether a pixel lies inside the frame."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


class _Counts:
    """The numbers in the marks of clusters: drawn above every mark, kept free of labels."""

    def __init__(self, language: Language) -> None:
        self.texts: list[str] = []
        self.boxes: list[tuple[float, float, float, float]] = []
        self._language = language

    def add(self, count: int, x: float, y: float, radius: float, unit: float) -> None:
        """Write `count` into the mark at `x`, `y`."""
        number = format_value(count, _NUMBER, self._language)
        size = 11 * unit
        self.texts.append(text_element(number, x, y + size * 0.36, size, bold=True, anchor="middle", halo=2.5 * unit))
        self.boxes.append((x - radius, y - radius, x + radius, y + radius))


def mercator(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return positions of the web Mercator plane, the world 0..1 wide, y downwards.

    Examples
    --------
    >>> mercator(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    latitude = np.radians(np.clip(lonlat[:, 1], -85.0, 85.0))
    return np.column_stack([lonlat[:, 0] / 360.0 + 0.5, 0.5 - np.log(np.tan(np.pi / 4 + latitude / 2)) / (2 * np.pi)])


def fit_frame(bbox: BBox, *, x: float, y: float, width: float, height: float, unit: float) -> Frame:
    """Return the frame at this rectangle that shows the whole of `bbox` in its middle."""
    (left, top), (right, bottom) = mercator(np.array([[bbox.minx, bbox.maxy], [bbox.maxx, bbox.miny]])).tolist()
    # A bbox may be a single position; a span of about 40 m keeps the scale finite.
    span_x, span_y = max(right - left, 1e-6), max(bottom - top, 1e-6)
    scale = min(width / span_x, height / span_y) * (1 - 2 * PADDING)
    origin = ((left + right - width / scale) / 2, (top + bottom - height / scale) / 2)
    return Frame(x=x, y=y, width=width, height=height, scale=scale, origin=origin, unit=unit)


def draw_map(layers: Iterable[RenderedLayer], frame: Frame, language: Language) -> Iterator[str]:
    """Yield the SVG of the map frame, the first layer at the bottom, labels above everything."""
    numbered = list(enumerate(layers))
    box = f'x="{frame.x:.2f}" y="{frame.y:.2f}" width="{frame.width:.2f}" height="{frame.height:.2f}"'
    yield f'<defs><clipPath id="frame"><rect {box}/></clipPath></defs>'
    yield f'<rect {box} fill="#f4f5f6"/><g clip-path="url(#frame)">'
    counts = _Counts(language)
    for index, rendered in numbered:
        yield from hatch_patterns(index, rendered, frame.unit)
        yield f"<g data-layer={quoteattr(rendered.layer.id)}>"
        for row in iterate_features(rendered, language):
            if row.geometry is not None and rendered.layer.geometry is not GeometryKind.LABEL:
                yield from _draw_feature(index, rendered, row, row.geometry, frame, counts)
        yield "</g>"
    yield from counts.texts
    yield from _labels([rendered for _, rendered in numbered], frame, language, counts.boxes)
    yield f'</g><rect {box} fill="none" stroke="#d5d9de"/>'
    yield from _scale_bar(frame, language)
    yield from _north(frame, language)


def hatch_patterns(index: int, rendered: RenderedLayer, unit: float) -> Iterator[str]:
    """Yield the patterns of the hatched classes of the layer drawn as number `index`."""
    for position, entry in enumerate(rendered.legend):
        if not entry.hatched:
            continue
        colour, size = checked_colour(entry.colour), 6 * unit
        yield (
            f'<defs><pattern id="hatch-{index}-{position}" width="{size:.2f}" height="{size:.2f}"'
            f' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="{size:.2f}" height="{size:.2f}" fill="{colour}"/>'
            f'<rect width="{size * 0.36:.2f}" height="{size:.2f}" fill="{hatch_colour(colour)}"/></pattern></defs>'
        )


def fill_of(index: int, rendered: RenderedLayer, entry: LegendEntry | None) -> str:
    """Return the fill of a class of the layer drawn as number `index`: a colour or a pattern."""
    if entry is None:
        return checked_colour(rendered.layer.style.fill)
    if entry.hatched:
        return f"url(#hatch-{index}-{rendered.legend.index(entry)})"
    return checked_colour(entry.colour)


def point_attributes(fill: str, entry: LegendEntry | None, style: Style, unit: float) -> str:
    """Return fill and stroke of a mark; a ring is drawn by its line alone."""
    if entry is not None and entry.shape is Shape.RING:
        ring = replace(style, stroke=entry.colour, stroke_width=max(2.0, style.stroke_width))
        return f'fill="#ffffff" fill-opacity="{style.fill_opacity or 1:.2f}" {_stroke(ring, unit)}'
    return f'fill="{fill}" fill-opacity="{style.fill_opacity or 1:.2f}" {_stroke(style, unit)}'


def area_attributes(fill: str, style: Style, unit: float) -> str:
    """Return fill and stroke of an area."""
    shown = f'fill="{fill}" fill-opacity="{style.fill_opacity:.2f}"' if style.fill_opacity > 0 else 'fill="none"'
    return f"{shown} {_stroke(style, unit)}"


def _draw_feature(
    index: int, rendered: RenderedLayer, row: FeatureView, geometry: BaseGeometry, frame: Frame, counts: "_Counts"
) -> Iterator[str]:
    style = rendered.layer.style
    fill = fill_of(index, rendered, row.entry)
    for part in _parts(shapely.transform(geometry, frame.project)):
        if part.geom_type == "Point":
            yield from _draw_point(part, rendered, row, fill, frame, counts)
        elif part.geom_type == "Polygon":
            rings = "".join(_ring_path(ring) for ring in (part.exterior, *part.interiors))
            yield f'<path d="{rings}" fill-rule="evenodd" {area_attributes(fill, style, frame.unit)}/>'
        elif part.geom_type == "LineString":
            yield f'<path d="{_line_path(part)}" fill="none" {_stroke(style, frame.unit)}/>'


def _draw_point(
    point: Any,  # noqa: ANN401  shapely point
    rendered: RenderedLayer,
    row: FeatureView,
    fill: str,
    frame: Frame,
    counts: "_Counts",
) -> Iterator[str]:
    if not frame.shows(point.x, point.y):
        return
    style, many = rendered.layer.style, row.cluster > 1
    radius = style.radius * frame.unit
    shape = row.entry.shape if row.entry and not many else Shape.CIRCLE
    if many:
        radius += min(14.0, 3 * math.log2(row.cluster)) * frame.unit
        counts.add(row.cluster, point.x, point.y, radius, frame.unit)
    path = shape_path(shape, point.x, point.y, radius)
    yield f'<path d="{path}" {point_attributes(fill, row.entry, style, frame.unit)}/>'


def _labels(
    layers: Iterable[RenderedLayer], frame: Frame, language: Language, taken: list[tuple[float, float, float, float]]
) -> Iterator[str]:
    """Yield labels that cover no earlier one and no count; earlier rows win."""
    size = 10.5 * frame.unit
    for rendered in layers:
        if rendered.layer.geometry is not GeometryKind.LABEL:
            continue
        for row in iterate_features(rendered, language):
            if row.geometry is None or not row.label or frame.zoom < row.min_zoom:
                continue
            point = shapely.transform(row.geometry.representative_point(), frame.project)
            half = text_width(row.label, size) / 2 + LABEL_GAP * frame.unit
            box = (point.x - half, point.y - size * 0.7, point.x + half, point.y + size * 0.7)
            inside = frame.shows(box[0], box[1]) and frame.shows(box[2], box[3])
            if not inside or any(_overlap(box, other) for other in taken):
                continue
            taken.append(box)
            yield text_element(
                row.label, point.x, point.y + size * 0.36, size, colour="#2b2f33", anchor="middle", halo=3 * frame.unit
            )


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale_bar(frame: Frame, language: Language) -> Iterator[str]:
    """Yield a bar of a round length, true in the middle of the frame."""
    centre_y = frame.origin[1] + frame.height / frame.scale / 2
    latitude = math.degrees(2 * math.atan(math.exp((0.5 - centre_y) * 2 * math.pi)) - math.pi / 2)
    longitude = (frame.origin[0] + frame.width / frame.scale / 2 - 0.5) * 360
    step = 100 / frame.scale * 360
    ground_m = distance_m(LonLat(lon=longitude, lat=latitude), LonLat(lon=longitude + step, lat=latitude))
    px_per_m = 100 / ground_m
    length_m = max((s for s in SCALE_STEPS_M if s * px_per_m <= frame.width / 4), default=SCALE_STEPS_M[0])
    field = _NUMBER if length_m >= METRES_PER_KM else _KM
    label = f"{format_value(length_m / METRES_PER_KM, field, language)} km"
    unit, width = frame.unit, length_m * px_per_m
    x, y, tick = frame.x + 12 * unit, frame.y + frame.height - 12 * unit, 5 * unit
    yield (
        f'<path id="scale-bar" d="M{x:.2f} {y - tick:.2f}V{y:.2f}H{x + width:.2f}V{y - tick:.2f}" fill="none"'
        f' stroke="#1f2328" stroke-width="{1.5 * unit:.2f}"/>'
    )
    yield text_element(label, x + width / 2, y - 5 * unit, 10.5 * unit, anchor="middle", halo=3 * unit)


def _north(frame: Frame, language: Language) -> Iterator[str]:
    unit = frame.unit
    x, y = frame.x + frame.width - 20 * unit, frame.y + 12 * unit
    yield (
        f'<path d="M{x:.2f} {y:.2f}l{6 * unit:.2f} {18 * unit:.2f}l{-6 * unit:.2f} {-5 * unit:.2f}'
        f'l{-6 * unit:.2f} {5 * unit:.2f}Z" fill="#1f2328"/>'
    )
    yield text_element(words.NORTH.to(language), x, y + 31 * unit, 11 * unit, anchor="middle", halo=3 * unit)


def _parts(geometry: BaseGeometry) -> list[Any]:
    return list(geometry.geoms) if hasattr(geometry, "geoms") else [geometry]


def _ring_path(ring: Any) -> str:  # noqa: ANN401  shapely ring
    return _line_path(ring) + "Z"


def _line_path(line: Any) -> str:  # noqa: ANN401  shapely line
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line))


def _stroke(style: Style, unit: float) -> str:
    parts = style.dash.replace(",", " ").split()
    dash = " ".join(f"{float(part) * unit:.1f}" for part in parts if part.replace(".", "", 1).isdigit())
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    width = style.stroke_width * unit
    return f'stroke="{checked_colour(style.stroke)}" stroke-width="{width:.2f}" stroke-linejoin="round"{dashes}'
