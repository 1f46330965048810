"""Outlines of the marks of points, shared by the renderers so that a shape is one shape everywhere."""

import math
from collections.abc import Mapping
from typing import TypeAlias

from layers.contract import Shape

Outline: TypeAlias = tuple[tuple[float, float], ...]


def _regular(corners: int, radius: float, *, start_deg: float = -90.0, inner: float | None = None) -> Outline:
    count = corners * (2 if inner is not None else 1)
    points = []
    for index in range(count):
        angle = math.radians(start_deg + 360.0 / count * index)
        reach = inner if inner is not None and index % 2 else radius
        points.append((round(reach * math.cos(angle), 4), round(reach * math.sin(angle), 4)))
    return tuple(points)


def _cross(arm: float, half: float) -> Outline:
    return (
        (-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half), (half, half),
        (half, arm), (-half, arm), (-half, half), (-arm, half), (-arm, -half), (-half, -half),
    )  # fmt: skip


# Corners in units of the radius, y downwards; sizes chosen so that the marks look equally heavy.
OUTLINES: Mapping[Shape, Outline] = {
    Shape.SQUARE: ((-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)),
    Shape.TRIANGLE: ((0.0, -1.2), (1.13, 0.82), (-1.13, 0.82)),
    Shape.DIAMOND: ((0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)),
    Shape.CROSS: _cross(1.15, 0.42),
    Shape.STAR: _regular(5, 1.35, inner=0.6),
    Shape.HEXAGON: _regular(6, 1.1),
}
"""Shapes with corners; CIRCLE and RING are circles, RING is not filled."""


def shape_path(shape: Shape, x: float, y: float, radius: float) -> str:
    """Return the SVG path of a mark centred at `x`, `y` (pixels).

    Examples
    --------
    >>> shape_path(Shape.SQUARE, 10, 10, 10)
    'M1.1 1.1L18.9 1.1L18.9 18.9L1.1 18.9Z'
    """
    corners = OUTLINES.get(shape)
    if corners is None:
        return _circle_path(x, y, radius)
    points = "L".join(f"{_short(x + dx * radius)} {_short(y + dy * radius)}" for dx, dy in corners)
    return f"M{points}Z"


def _circle_path(x: float, y: float, radius: float) -> str:
    left, right = _short(x - radius), _short(x + radius)
    size, level = _short(radius), _short(y)
    return f"M{left} {level}A{size} {size} 0 1 0 {right} {level}A{size} {size} 0 1 0 {left} {level}Z"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
