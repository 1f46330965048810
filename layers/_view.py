"""A view of the map that leaves the app: what both renderers of files are given.

They read only what `layers/contract.py` declares, so a new layer is drawn without touching them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from domain.dataset import DatasetInfo
from domain.geometry import BBox
from domain.text import Language
from layers import _words as words
from layers._format import format_day, format_value, is_missing, safe_link, to_number
from layers.contract import Features, Field, Formatter, Layer, LegendEntry

PRAGUE = BBox(minx=14.2244, miny=49.9419, maxx=14.7068, maxy=50.1775)
"""Prague with nothing around it; the view where nothing is asked and nothing is drawn."""

CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DARK = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLayer:
    """A layer together with its answer.

    `choices` says in the reader's language which options were chosen (measure, dataset...).
    """

    layer: Layer
    features: Features
    choices: str = ""

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the classes that hold for these features."""
        return self.features.legend if self.features.legend is not None else self.layer.legend

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the columns that hold for these features."""
        return self.features.fields if self.features.fields is not None else self.layer.fields

    @property
    def sources(self) -> tuple[DatasetInfo, ...]:
        """Return the datasets that were drawn."""
        return (self.features.source,) if self.features.source is not None else self.layer.sources


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """What is drawn into one file.

    `layers` are drawn in this order, the first at the bottom. `bbox` None shows everything that the
    layers hold. `generated_at` is the day of the export. `invented` puts the banner of training
    data over the file, whatever the datasets say of themselves.
    """

    title: str
    language: Language
    layers: tuple[RenderedLayer, ...]
    generated_at: date
    bbox: BBox | None = None
    invented: bool = False

    @property
    def shows_invented(self) -> bool:
        """Return whether anything in the view is invented."""
        return self.invented or any(info.invented for rendered in self.layers for info in rendered.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureView:
    """One row of a layer, its values written in the reader's language.

    `values` and `links` follow the layer's fields. `cluster` is the number of points that the row
    stands for, 0 for a single one. `geometry` is in EPSG:4326, None where there is no position.
    """

    geometry: BaseGeometry | None
    title: str
    values: tuple[str, ...]
    links: tuple[str | None, ...]
    entry: LegendEntry | None
    cluster: int
    label: str
    min_zoom: int


def iterate_features(rendered: RenderedLayer, language: Language) -> Iterator[FeatureView]:
    """Yield the rows of a layer in the order of its frame."""
    frame = rendered.features.frame
    geometries = frame.geometry.to_numpy() if len(frame) else ()
    columns = [column for column in frame.columns if column != frame._geometry_column_name]  # noqa: SLF001
    cells = [frame[column].tolist() for column in columns]
    entries = {entry.value: entry for entry in rendered.legend}
    for index, geometry in enumerate(geometries):
        row = {column: cells[i][index] for i, column in enumerate(columns)}
        yield _feature_view(rendered, row, geometry, entries, language)


def _feature_view(
    rendered: RenderedLayer,
    row: dict[str, Any],
    geometry: BaseGeometry | None,
    entries: dict[str, LegendEntry],
    language: Language,
) -> FeatureView:
    values = tuple(clean(format_value(row.get(field.column), field, language)) for field in rendered.fields)
    links = tuple(
        safe_link(row.get(field.column)) if field.formatter is Formatter.LINK else None for field in rendered.fields
    )
    style = rendered.layer.style
    label = row.get(style.label_column) if style.label_column else None
    return FeatureView(
        geometry=None if geometry is None or geometry.is_empty else geometry,
        title=next((value for value in values if value), rendered.layer.title.to(language)),
        values=values,
        links=links,
        entry=entries.get(str(row.get("class"))) if not is_missing(row.get("class")) else None,
        cluster=int(to_number(row.get("cluster")) or 0),
        label="" if is_missing(label) else clean(str(label)),
        min_zoom=int(to_number(row.get("min_zoom")) or style.min_zoom),
    )


def bbox_of(view: MapView) -> BBox:
    """Return the view's bbox, else that of everything drawn, else Prague's (EPSG:4326)."""
    if view.bbox is not None:
        return view.bbox
    bounds = [
        rendered.features.frame.total_bounds
        for rendered in view.layers
        if not rendered.features.frame.empty and not rendered.features.frame.geometry.is_empty.all()
    ]
    drawn = [b for b in bounds if all(map(_is_finite, b))]
    if not drawn:
        return PRAGUE
    return BBox(
        minx=min(float(b[0]) for b in drawn),
        miny=min(float(b[1]) for b in drawn),
        maxx=max(float(b[2]) for b in drawn),
        maxy=max(float(b[3]) for b in drawn),
    )


def _is_finite(value: Any) -> bool:  # noqa: ANN401  numpy scalar
    return to_number(value) is not None


def note_line(rendered: RenderedLayer, language: Language) -> str:
    """Return the grey line of a layer: over what, whose, of when; empty where it has none."""
    return clean(rendered.features.note.to(language)) if rendered.features.note else ""


def source_lines(rendered: RenderedLayer, language: Language) -> tuple[str, ...]:
    """Return a line per dataset: publisher, title, date, licence, and what it does not count."""
    return tuple(dict.fromkeys(source_line(info, language) for info in rendered.sources))


def source_line(info: DatasetInfo, language: Language) -> str:
    """Return one dataset in one line."""
    parts = [f"{info.publisher}: {info.title.to(language)}"]
    dated = reference_text(info, language)
    if dated:
        parts.append(f"{words.REFERENCE_DATE.to(language)} {dated}")
    parts.append(info.licence)
    line = ", ".join(parts).rstrip(".") + "."
    if info.does_not_count:
        line += f" {words.DOES_NOT_COUNT.to(language)} {info.does_not_count.to(language)}"
    return clean(line)


def reference_text(info: DatasetInfo, language: Language) -> str:
    """Return the day the figures speak of, with what the publisher says or leaves out about it."""
    if info.reference_date is None:
        return ""
    day = format_day(info.reference_date, language)
    return f"{day} ({words.DATE_INFERRED.to(language)})" if info.date_inferred else day


def notices(language: Language) -> tuple[str, ...]:
    """Return what every export must say about the data it is drawn on."""
    return (words.BASE_DATA_NOTICE.to(language),)


def clean(text: str) -> str:
    r"""Return `text` without the control characters that XML and HTML do not allow.

    Examples
    --------
    >>> clean("a\x00b")
    'ab'
    """
    return CONTROL_CHARACTERS.sub("", text)


def checked_colour(colour: str, default: str = "#4a4a4a") -> str:
    """Return `colour` if it is #rrggbb, else `default`: nothing else may reach a style."""
    return colour if _COLOUR.fullmatch(colour) else default


def hatch_colour(colour: str) -> str:
    """Return a colour of hatching that can be seen on `colour`."""
    value = checked_colour(colour)
    red, green, blue = (int(value[i : i + 2], 16) for i in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < _DARK else "#4a4a4a"


def drawing_order(layers: Sequence[RenderedLayer]) -> tuple[RenderedLayer, ...]:
    """Return the layers as they are drawn, the lowest `order` first."""
    return tuple(sorted(layers, key=lambda rendered: (rendered.layer.order, rendered.layer.id)))
