"""Positions and bounding boxes in longitude and latitude (EPSG:4326)."""

import math
from dataclasses import dataclass

from domain.errors import InvalidValueError

MAX_LON, MAX_LAT = 180.0, 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LonLat:
    """A position in degrees, EPSG:4326.

    Raises
    ------
    InvalidValueError
        If a value is not finite or out of range.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lon) and abs(self.lon) <= MAX_LON):
            raise InvalidValueError("position_out_of_range", field="lon", value=str(self.lon))
        if not (math.isfinite(self.lat) and abs(self.lat) <= MAX_LAT):
            raise InvalidValueError("position_out_of_range", field="lat", value=str(self.lat))


@dataclass(frozen=True, slots=True, kw_only=True)
class BBox:
    """Bounding box in degrees, EPSG:4326: minx <= maxx, miny <= maxy."""

    minx: float
    miny: float
    maxx: float
    maxy: float

    def __post_init__(self) -> None:
        values = (self.minx, self.miny, self.maxx, self.maxy)
        if not all(math.isfinite(v) for v in values) or self.minx > self.maxx or self.miny > self.maxy:
            raise InvalidValueError("invalid_bbox", field="bbox", value=",".join(map(str, values)))
