"""Renderer of a layer as a GeoPackage, for GIS programs: all rows, never all of them in memory.

The same columns as the table (`_csv`), with the names that the program gives them and the labels of
the reader's language as their descriptions; numbers and days keep their types. Provenance does not
stand in every row but in the file's metadata and in the layer's description.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from domain.errors import StoreError
from domain.text import Language
from layers import _words as words
from layers._csv import area_rows
from layers._format import format_value, is_missing, to_day, to_number
from layers._view import RenderedLayer, clean, note_line, source_lines
from layers.contract import Field, Formatter

GEOMETRY = "geom"
CLUSTER = "cluster"
INVENTED = "invented"
SOURCE = "source"
CRS = "EPSG:4326"
_TYPES = {
    Formatter.INTEGER: pa.int64(),
    Formatter.DECIMAL: pa.float64(),
    Formatter.PERCENT: pa.float64(),
    Formatter.DATE: pa.date32(),
}


def write_gpkg(
    pages: Iterable[RenderedLayer], path: Path, language: Language, *, generated_at: date, invented: bool = False
) -> int:
    """Write a layer of points, given a page at a time, as a new GeoPackage and return the number of rows.

    Parameters
    ----------
    pages
        The layer with some of its rows each; at least one, which may be empty.
    path
        Where; nothing is there yet.
    language
        Language of terms and of the descriptions.
    generated_at
        Day of the export.
    invented
        Whether to mark every row and the file as training data.

    Raises
    ------
    StoreError
        `export_not_written`: the disk is full, most likely.
    """
    remaining = iter(pages)
    first = next(remaining)
    marked = invented or any(info.invented for info in first.sources)
    schema = _schema(first.fields, language, marked=marked)
    written = 0
    failed: Exception | None = None

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal written, failed
        try:
            for page in chain((first,), remaining):
                batch = _batch(page, schema, language, marked=marked)
                written += batch.num_rows
                yield batch
        except Exception as error:
            # GDAL takes the rows and would only say that there are no more.
            failed = error
            raise

    about = _metadata(first, language, generated_at=generated_at, marked=marked)
    title = first.layer.title.to(language)
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, batches()), path, layer=first.layer.id, driver="GPKG",
            geometry_name=GEOMETRY, geometry_type="Point", crs=CRS, layer_metadata=about, dataset_metadata=about,
            layer_options={"IDENTIFIER": title, "DESCRIPTION": about[SOURCE]},
        )  # fmt: skip
    except (DataSourceError, DataLayerError, FeatureError, RuntimeError) as error:
        raise (failed or StoreError("export_not_written")) from error
    return written


def _schema(fields: Sequence[Field], language: Language, *, marked: bool) -> pa.Schema:
    columns = [_column(f.column, _TYPES.get(f.formatter, pa.string()), f.label.to(language)) for f in fields]
    columns.append(_column(CLUSTER, pa.int64(), words.COLUMN_CLUSTER.to(language)))
    if marked:
        columns.append(_column(INVENTED, pa.string(), words.COLUMN_INVENTED.to(language)))
    return pa.schema([*columns, pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})])


def _column(name: str, kind: pa.DataType, label: str) -> pa.Field:
    return pa.field(name, kind, metadata={"GDAL:OGR:alternative_name": label, "GDAL:OGR:comment": label})


def _batch(page: RenderedLayer, schema: pa.Schema, language: Language, *, marked: bool) -> pa.RecordBatch:
    frame = page.features.frame
    count = len(frame)
    arrays = [
        pa.array(_values(frame[field.column].tolist() if field.column in frame else [None] * count, field, language),
                 type=schema.field(field.column).type)
        for field in page.fields
    ]  # fmt: skip
    clusters = frame[CLUSTER].tolist() if CLUSTER in frame else [1] * count
    arrays.append(pa.array([int(to_number(value) or 1) for value in clusters], type=pa.int64()))
    if marked:
        arrays.append(pa.array([words.YES.to(language)] * count, type=pa.string()))
    return pa.record_batch([*arrays, pa.array(_positions(frame), type=pa.binary())], schema=schema)


class _Known(dict[Any, Any]):
    """The cells of a column in its type, each different one made once: a long column holds few terms and days."""

    def __init__(self, field: Field, language: Language) -> None:
        super().__init__({None: None})
        self._field, self._language = field, language

    def __missing__(self, cell: Any) -> Any:  # noqa: ANN401  cells of a frame
        value = self[cell] = _value(cell, self._field, self._language)
        return value


def _values(cells: list[Any], field: Field, language: Language) -> list[Any]:
    """Return the cells of a column in its type."""
    # A number that is not whole is hardly met twice, and NaN never equals itself.
    if float in set(map(type, cells)):
        return [_value(cell, field, language) for cell in cells]
    return list(map(_Known(field, language).__getitem__, cells))


def _value(cell: Any, field: Field, language: Language) -> Any:  # noqa: ANN401  cells of a frame
    if is_missing(cell):
        return None
    kind = _TYPES.get(field.formatter)
    if kind is None:
        # A month stays in the form that sorts.
        return clean(str(cell) if field.formatter is Formatter.MONTH else format_value(cell, field, language))
    if field.formatter is Formatter.DATE:
        return to_day(cell)
    number = to_number(cell)
    return int(number) if number is not None and field.formatter is Formatter.INTEGER else number


def _positions(frame: gpd.GeoDataFrame) -> list[bytes | None]:
    """Return the points as WKB; a mark that stands for a whole city part is none."""
    areas = area_rows(frame)
    points = shapely.to_wkb(frame.geometry.to_numpy()).tolist() if len(frame) else []
    return [None if row in areas else point for row, point in enumerate(points)]


def _metadata(rendered: RenderedLayer, language: Language, *, generated_at: date, marked: bool) -> dict[str, str]:
    """Return whose the rows are, of when, under which licence, and what they leave out."""
    lines = [*source_lines(rendered, language), rendered.choices, note_line(rendered, language)]
    lines += [f"{words.EXPORTED.to(language)} {generated_at.isoformat()}"]
    if marked:
        lines.insert(0, words.INVENTED.to(language))
    about = {
        SOURCE: " ".join(line if line.endswith(".") else f"{line}." for line in lines if line),
        "licence": "; ".join(dict.fromkeys(info.licence for info in rendered.sources)),
        "exported": generated_at.isoformat(),
    }
    about["does_not_count"] = " ".join(
        info.does_not_count.to(language) for info in rendered.sources if info.does_not_count
    )
    if marked:
        about[INVENTED] = words.INVENTED.to(language)
    return {name: clean(text) for name, text in about.items() if text}
