"""What a layer file declares. A layer builds no HTML and no JavaScript.

A layer is one module in `layers/` whose name is the layer's id and which exposes `LAYER`.
The three renderers (`_live`, `_folium`, `_svg`) draw any layer from these declarations alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd

from domain.dataset import DatasetInfo
from domain.geometry import BBox
from domain.place import PlaceFilter
from domain.roles import PUBLIC_CLEARANCE, Clearance, Permission
from domain.text import Text


class GeometryKind(StrEnum):
    """What is drawn."""

    POLYGON = "polygon"
    POINT = "point"
    LABEL = "label"


class Group(StrEnum):
    """Heading of the layer panel under which a layer stands."""

    BOUNDARIES = "boundaries"
    CONCENTRATION = "concentration"
    PLACES = "places"
    SERVICES = "services"
    COOPERATION = "cooperation"


class Formatter(StrEnum):
    """How a renderer writes a value of a column."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"
    DATE = "date"
    MONTH = "month"
    TERM = "term"
    TERMS = "terms"
    LINK = "link"


class Shape(StrEnum):
    """Mark of a point; doubles the colour so that neither alone carries the meaning."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    CROSS = "cross"
    STAR = "star"
    HEXAGON = "hexagon"
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column that the tooltip, the detail and the table show.

    `terms` maps the codes of a TERM or TERMS column to their labels. `tooltip` puts the field
    into the short text at the pointer; the detail and the table show all fields.
    """

    column: str
    label: Text
    formatter: Formatter = Formatter.TEXT
    terms: Mapping[str, Text] = field(default_factory=dict)
    tooltip: bool = False
    digits: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One class of a layer: features whose column `class` equals `value` look like this."""

    value: str
    label: Text
    colour: str
    shape: Shape = Shape.CIRCLE
    hatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the features look. Colours are #rrggbb, widths pixels, opacities 0..1.

    A feature whose column `class` names a legend entry takes that entry's colour and shape,
    otherwise `fill`. `radius` is that of a point. `label_column` is the text of a label layer.
    """

    stroke: str = "#4a4a4a"
    stroke_width: float = 1.0
    dash: str = ""
    fill: str = "#000000"
    fill_opacity: float = 0.0
    radius: float = 6.0
    label_column: str = ""
    min_zoom: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of an option."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something a reader can switch (measure, dataset, type of service...).

    Travels as a query parameter `id=value`; with `multiple`, values joined by commas, empty
    meaning all. A `hidden` one is set by a page and not offered in the layer panel. One without
    choices takes what `accepts` says yes to.
    """

    id: str
    label: Text
    choices: tuple[Choice, ...]
    default: str = ""
    multiple: bool = False
    hidden: bool = False
    accepts: Callable[[str], bool] | None = None


class PlaceReader(Protocol):
    """What layers may ask of the store, already through the privacy gate."""

    def places(
        self, *, bbox: BBox | None, zoom: int | None, only: PlaceFilter, clearance: Clearance
    ) -> gpd.GeoDataFrame:
        """Return disclosed places or clusters; see `layers/places.py` for the columns."""

    def pages(self, *, only: PlaceFilter, clearance: Clearance) -> Iterator[gpd.GeoDataFrame]:
        """Yield all disclosed places as a table of single rows, a page at a time, at least one frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardChoices:
    """What may be asked of the board: needs with their labels, and which texts name a view ("" is the default)."""

    needs: tuple[Choice, ...]
    is_view: Callable[[str], bool] = field(default=lambda name: not name)


class BoardReader(Protocol):
    """What layers may ask of the board (`actions.board`)."""

    def choices(self) -> BoardChoices:
        """Return what may be asked."""

    def city_parts(self, *, tab: str, need: str, view: str, clearance: Clearance) -> pd.DataFrame:
        """Return a row per city part by code; see `layers/white_spots.py` for the columns."""

    def contacts(self, *, view: str, clearance: Clearance) -> pd.DataFrame:
        """Return the contact with town halls by code; see `layers/town_halls.py` for the columns."""

    def cells(self, *, city_part: str, view: str, clearance: Clearance) -> gpd.GeoDataFrame:
        """Return the cells of a city part; see `geo.coverage_cells.cell_states`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Everything a layer may read; handed in, so that layers import no store and no server.

    `figure_tables` are `geo.figures.FigureTable` (bundled and imported ones), keyed by dataset id.
    """

    figure_tables: Mapping[str, Any] = field(default_factory=dict)
    places: PlaceReader | None = None
    thresholds: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    board: BoardReader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The question put to a layer. `options` are checked values of the layer's options."""

    bbox: BBox | None = None
    zoom: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    clearance: Clearance = PUBLIC_CLEARANCE
    readers: Readers = field(default_factory=Readers)

    def values(self, option_id: str) -> tuple[str, ...]:
        """Return the chosen values of a multiple option; empty means all."""
        return tuple(v for v in self.options.get(option_id, "").split(",") if v)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The answer: a frame in EPSG:4326 with the declared columns.

    `frame` has the columns of the layer's `fields` plus, where they apply, `id` (stable within
    the layer), `class` (value of a legend entry) and `cluster` (number of points that a row
    stands for; 0 or absent for a single feature). Rows without a position have geometry None:
    they are in the table, not on the map. `legend` replaces the layer's static one where the
    classes depend on the data. `note` is the grey line: over what, whose, of when.
    `source` overrides the layer's where an option chose another dataset.
    """

    frame: gpd.GeoDataFrame
    legend: tuple[LegendEntry, ...] | None = None
    note: Text | None = None
    source: DatasetInfo | None = None
    fields: tuple[Field, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A map layer. `id` is the file's name; `order` sorts within the panel and draws upwards.

    `permission` is what a reader needs; one that is not `exported` never
    leaves as a file. `geometry_from` names a layer with the same feature ids
    whose geometry a live map may reuse (a choropleth over city parts). `depends_on_view` says
    that the answer changes with bbox and zoom. `options` may be a function of the readers where
    the choices depend on the data. `pages` yields all rows a page at a time, for files of a layer that
    grows without end; it answers the whole, whatever the context's bbox and zoom.
    """

    id: str
    title: Text
    description: Text
    group: Group
    geometry: GeometryKind
    sources: tuple[DatasetInfo, ...]
    load: Callable[[Context], Features]
    fields: tuple[Field, ...]
    style: Style
    legend: tuple[LegendEntry, ...] = ()
    options: tuple[Option, ...] | Callable[[Readers], tuple[Option, ...]] = ()
    permission: Permission = Permission.SEE_PUBLIC_LAYERS
    order: int = 0
    shown_by_default: bool = False
    clustered: bool = False
    geometry_from: str | None = None
    depends_on_view: bool = False
    exported: bool = True
    pages: Callable[[Context], Iterator[Features]] | None = None

    def options_for(self, readers: Readers) -> tuple[Option, ...]:
        """Return the options with the choices that the data offer now."""
        return self.options(readers) if callable(self.options) else self.options
