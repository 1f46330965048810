"""Renderer of a layer as a table: CSV as the spreadsheets of Czech offices open it with a click.

UTF-8 with a byte order mark. Czech and Ukrainian: semicolons and a decimal comma; English: commas
and a decimal point. Provenance stands in the last columns of every row, because a comment line
above the header would not survive sorting or copying.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import geopandas as gpd

from domain.dataset import DatasetInfo
from domain.text import Language
from geo.dates import NO_BREAK_SPACE
from layers import _words as words
from layers._format import NUMBERS, format_value, is_missing, to_day, to_number
from layers._view import RenderedLayer, clean, note_line, reference_text
from layers.contract import Field, Formatter, GeometryKind

BYTE_ORDER_MARK = "\ufeff"
POSITION_DIGITS = 6
VALUE_DIGITS = 6
# A mark that stands for a whole city part is no position: in a table nobody would see the difference.
PRECISION_COLUMNS = ("precision", "position_precision")
CITY_PART = "city_part"
# What a spreadsheet takes for the beginning of a formula, in ASCII and as full-width signs.
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_DAYS = frozenset({Formatter.DATE, Formatter.MONTH})
_FEW_VALUES = _DAYS | {Formatter.TERM}


def render_csv(rendered: RenderedLayer, language: Language, *, generated_at: date, invented: bool = False) -> bytes:
    """Return a layer's rows with all its fields, in the order of its frame.

    Parameters
    ----------
    rendered
        The layer and its answer; rows without a position are in the table too.
    language
        Language of headers, terms and of the spelling of numbers.
    generated_at
        Day of the export, part of the note.
    invented
        Whether to mark every row as training data.

    Returns
    -------
    bytes
        CSV with lines ending in CRLF. No cell begins with what a spreadsheet would run.
    """
    return b"".join(iterate_csv((rendered,), language, generated_at=generated_at, invented=invented))


def iterate_csv(
    pages: Iterable[RenderedLayer], language: Language, *, generated_at: date, invented: bool = False
) -> Iterator[bytes]:
    """Yield the file of `render_csv` in pieces, one for each page of a layer's rows; headers are the first page's."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="," if language is Language.EN else ";", lineterminator="\r\n")
    written: tuple[_Writer, ...] = ()
    tail: list[tuple[str, str]] = []
    for number, page in enumerate(pages):
        if not number:
            tail = _provenance(page, language, generated_at=generated_at, invented=invented)
            written = tuple(_writer_of(field, language) for field in page.fields)
            buffer.write(BYTE_ORDER_MARK)
            writer.writerow(_header(page, tail, language))
        writer.writerows(_rows(page, written, [value for _, value in tail], language))
        yield buffer.getvalue().encode("utf-8")
        buffer.seek(0)
        buffer.truncate()


def _header(rendered: RenderedLayer, tail: Sequence[tuple[str, str]], language: Language) -> list[str]:
    frame = rendered.features.frame
    shows_points = rendered.layer.geometry is GeometryKind.POINT
    return [
        *(_text_cell(field.label.to(language)) for field in rendered.fields),
        *([words.COLUMN_CLUSTER.to(language)] if "cluster" in frame.columns else []),
        *([words.COLUMN_LONGITUDE.to(language), words.COLUMN_LATITUDE.to(language)] if shows_points else []),
        *(header for header, _ in tail),
    ]


def _rows(
    rendered: RenderedLayer, written: Sequence["_Writer"], tail: Sequence[str], language: Language
) -> Iterator[list[str]]:
    frame = rendered.features.frame
    shows_points = rendered.layer.geometry is GeometryKind.POINT
    nothing = [None] * len(frame)
    columns = [frame[f.column].tolist() if f.column in frame else nothing for f in rendered.fields]
    clusters = frame["cluster"].tolist() if "cluster" in frame.columns else None
    areas = area_rows(frame)
    geometries = frame.geometry.to_numpy() if len(frame) else ()
    for row, geometry in enumerate(geometries):
        cells = [write(column[row]) for column, write in zip(columns, written, strict=True)]
        if clusters is not None:
            cells.append(_number_cell(to_number(clusters[row]) or 1, language))
        if shows_points:
            cells += _position_cells(None if row in areas else geometry, language)
        yield [*cells, *tail]


def area_rows(frame: gpd.GeoDataFrame) -> frozenset[int]:
    """Return the numbers of the rows whose mark stands for a whole city part: a file gives them no position."""
    precisions = [frame[name].tolist() for name in PRECISION_COLUMNS if name in frame]
    return frozenset(row for precision in precisions for row, value in enumerate(precision) if value == CITY_PART)


_Writer = Callable[[Any], str]


def _writer_of(field: Field, language: Language) -> _Writer:
    """Return what writes a field's values; the few days and terms of a long column are spelled once each."""
    if field.formatter not in _FEW_VALUES:
        return lambda value: _cell(value, field, language)
    known: dict[str, str] = {}

    def write(value: Any) -> str:  # noqa: ANN401  cells of a frame
        if not isinstance(value, str):
            return _cell(value, field, language)
        if value not in known:
            known[value] = _cell(value, field, language)
        return known[value]

    return write


def _cell(value: Any, field: Field, language: Language) -> str:  # noqa: ANN401  cells of a frame
    """Return a value that a spreadsheet can calculate with where it is a number or a day."""
    if is_missing(value):
        return ""
    if field.formatter in NUMBERS:
        number = to_number(value)
        if number is not None:
            return _number_cell(number, language)
    if field.formatter is Formatter.DATE and language is Language.EN:
        # "10 Apr 2018" is text to a spreadsheet; the ISO form is a day everywhere.
        day = to_day(value)
        return day.isoformat() if day else _text_cell(str(value))
    text = format_value(value, field, language)
    return _text_cell(_plain(text) if field.formatter in _DAYS else text)


def _plain(text: str) -> str:
    """Return a text with plain spaces: a date is torn apart on no screen, but whoever looks for it types a space."""
    return text.replace(NO_BREAK_SPACE, " ")


def _number_cell(number: float, language: Language) -> str:
    text = f"{number:.{VALUE_DIGITS}f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text if language is Language.EN else text.replace(".", ",")


def _position_cells(geometry: Any, language: Language) -> list[str]:  # noqa: ANN401  shapely geometry
    if geometry is None or geometry.is_empty:
        return ["", ""]
    point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
    return [_number_cell(round(value, POSITION_DIGITS), language) for value in (point.x, point.y)]


def _text_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a number stays a number."""
    text = clean(text)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _provenance(
    rendered: RenderedLayer, language: Language, *, generated_at: date, invented: bool
) -> list[tuple[str, str]]:
    """Return header and value of the columns that say whose the rows are and what they leave out."""
    infos = rendered.sources
    exported = f"{words.EXPORTED.to(language)} {generated_at.isoformat()}"
    parts = (rendered.choices, note_line(rendered, language), exported)
    note = " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)
    columns = [
        (words.COLUMN_SOURCE, _joined([f"{info.publisher}: {info.title.to(language)}" for info in infos])),
        (words.COLUMN_LICENCE, _joined([info.licence for info in infos])),
        (words.COLUMN_REFERENCE_DATE, _joined([reference_text(info, language) for info in infos])),
        (words.COLUMN_DOES_NOT_COUNT, _joined(_does_not_count(infos, language))),
        (words.COLUMN_NOTE, note),
    ]
    if invented or any(info.invented for info in infos):
        columns.append((words.COLUMN_INVENTED, words.YES.to(language)))
    return [(header.to(language), _text_cell(_plain(value))) for header, value in columns]


def _does_not_count(infos: Sequence[DatasetInfo], language: Language) -> list[str]:
    return [info.does_not_count.to(language) for info in infos if info.does_not_count]


def _joined(parts: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))
