"""Renderer for paper and slides: a view of the map as one vector page, and as PNG or PDF of it.

The page holds title, map, legend, the grey lines and the sources. typst turns it into pixels with
a font from a wheel, so that a picture is the same on every machine.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import typst

from domain.errors import InvalidValueError
from layers import _words as words
from layers._format import format_day
from layers._shapes import shape_path
from layers._svg_map import area_attributes, draw_map, fill_of, fit_frame, point_attributes
from layers._svg_text import FONT_FAMILY, FONT_FOLDER, text_element, text_width, wrap_text
from layers._view import (
    MapView,
    RenderedLayer,
    bbox_of,
    drawing_order,
    iterate_features,
    note_line,
    notices,
    source_lines,
)
from layers.contract import GeometryKind, LegendEntry, Shape

MIN_PX = 320
MAX_PX = 4000
DESIGN_WIDTH = 1200.0
DESIGN_HEIGHT = 820.0
PORTRAIT_WIDTH = 640.0
PORTRAIT_HEIGHT = 900.0
LANDSCAPE_FROM = 1.1
GREY = "#5b626b"
WARNING = "#8a3b00"
# Tried in turn until legend and sources leave the map its room.
TEXT_SCALES = (1.0, 0.9, 0.8, 0.7, 0.62)
FOOTER_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """Sizes of the page. `unit` is a pixel of the design; `scale` shrinks legend and sources."""

    width: float
    height: float
    unit: float
    landscape: bool
    scale: float = 1.0

    @property
    def margin(self) -> float:
        return 20 * self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line of the legend, with the mark before it."""

    text: str
    size: float
    bold: bool = False
    grey: bool = False
    indent: float = 0.0
    before: float = 0.0
    layer: int = -1
    entry: LegendEntry | None = None

    @property
    def height(self) -> float:
        return self.size * 1.38 + self.before


def render_svg(view: MapView, *, width_px: int, height_px: int) -> str:
    """Return the view as one SVG page; north is up, every text is escaped as XML.

    Parameters
    ----------
    view
        Layers with their features in EPSG:4326; drawn from the lowest `order` up.
    width_px, height_px
        Size of the page, 320 to 4000 pixels; a page higher than wide has its legend below the map.

    Raises
    ------
    InvalidValueError
        Code `invalid_picture_size`.
    """
    for field, size in (("width", width_px), ("height", height_px)):
        if not MIN_PX <= size <= MAX_PX:
            limits = {"minimum": MIN_PX, "maximum": MAX_PX}
            raise InvalidValueError("invalid_picture_size", field=field, value=str(size), **limits)
    landscape = width_px >= LANDSCAPE_FROM * height_px
    design = (DESIGN_WIDTH, DESIGN_HEIGHT) if landscape else (PORTRAIT_WIDTH, PORTRAIT_HEIGHT)
    unit = min(width_px / design[0], height_px / design[1])
    sheet = _Sheet(width=float(width_px), height=float(height_px), unit=unit, landscape=landscape)
    body = "\n".join(_page(view, sheet))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px}" height="{height_px}"'
        f' viewBox="0 0 {width_px} {height_px}" font-family="{FONT_FAMILY}" lang="{view.language.value}">\n'
        f'<rect width="{width_px}" height="{height_px}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def render_png(view: MapView, *, width_px: int, height_px: int) -> bytes:
    """Return the page as a PNG of exactly this size; see `render_svg`."""
    return _compile(render_svg(view, width_px=width_px, height_px=height_px), width_px, height_px, "png")


def render_pdf(view: MapView, *, width_px: int, height_px: int) -> bytes:
    """Return the page as a PDF whose texts can be searched; a pixel is a point (1/72 inch)."""
    return _compile(render_svg(view, width_px=width_px, height_px=height_px), width_px, height_px, "pdf")


def _compile(svg: str, width_px: int, height_px: int, file_format: Literal["png", "pdf"]) -> bytes:
    source = (
        f"#set page(width: {width_px}pt, height: {height_px}pt, margin: 0pt)\n"
        f'#image("page.svg", width: {width_px}pt, height: {height_px}pt)\n'
    )
    # Files in memory: typst takes a mapping, which its stub leaves out.
    files = {"main.typ": source.encode(), "page.svg": svg.encode()}
    compiled = typst.compile(files, format=file_format, ppi=72, font_paths=_fonts())  # type: ignore[call-overload]
    if not isinstance(compiled, bytes):
        raise TypeError("typst made more than one page")
    return compiled


@cache
def _fonts() -> typst.Fonts:
    # No fonts of the system: they differ from machine to machine, and so would the picture.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONT_FOLDER)])


def _page(view: MapView, sheet: _Sheet) -> Iterator[str]:
    layers = drawing_order(view.layers)
    top, head = _head(view, sheet)
    yield from head
    footer_width = sheet.width - 2 * sheet.margin
    sheet, footer, columns = _fitted(view, layers, sheet, top, footer_width)
    size = 9.5 * sheet.unit * sheet.scale
    footer_top = sheet.height - sheet.margin - len(footer) * size * 1.35
    for index, line in enumerate(footer):
        yield text_element(line, sheet.margin, footer_top + (index + 0.8) * size * 1.35, size, colour=GREY)
    legend = _legend_box(sheet, top, footer_top, columns)
    frame = fit_frame(
        bbox_of(view),
        x=sheet.margin,
        y=top,
        width=(legend[0] - 2 * sheet.margin) if sheet.landscape else footer_width,
        height=(footer_top - 10 * sheet.unit if sheet.landscape else legend[1] - 10 * sheet.unit) - top,
        unit=sheet.unit,
    )
    yield from draw_map(layers, frame, view.language)
    yield from _legend(columns, layers, sheet, legend)


def _head(view: MapView, sheet: _Sheet) -> tuple[float, list[str]]:
    """Return where the map begins, and title, date and banner."""
    unit, size = sheet.unit, 21 * sheet.unit
    date_text = f"{words.EXPORTED.to(view.language)} {format_day(view.generated_at, view.language)}"
    date_size = 11 * unit
    room = sheet.width - 2 * sheet.margin - text_width(date_text, date_size) - 20 * unit
    lines = wrap_text(view.title, size, room, bold=True, limit=2)
    parts = []
    y = sheet.margin
    for line in lines:
        parts.append(text_element(line, sheet.margin, y + size * 0.8, size, bold=True))
        y += size * 1.25
    parts.append(
        text_element(
            date_text, sheet.width - sheet.margin, sheet.margin + size * 0.8, date_size, colour=GREY, anchor="end"
        )
    )
    y += 4 * unit
    if view.shows_invented:
        banner_size = 12.5 * unit
        banner = wrap_text(
            words.INVENTED.to(view.language), banner_size, sheet.width - 2 * sheet.margin - 20 * unit, bold=True
        )
        height = (len(banner) * 1.35 + 0.5) * banner_size
        box = f'x="0" y="{y:.2f}" width="{sheet.width:.2f}" height="{height:.2f}"'
        parts.append(f'<rect id="banner" {box} fill="{WARNING}"/>')
        for index, line in enumerate(banner):
            baseline = y + (index + 1) * banner_size * 1.35
            parts.append(text_element(line, sheet.margin, baseline, banner_size, colour="#ffffff", bold=True))
        y += height + 8 * unit
    return y, parts


def _fitted(
    view: MapView, layers: tuple[RenderedLayer, ...], sheet: _Sheet, top: float, footer_width: float
) -> tuple[_Sheet, list[str], list[list[_Line]]]:
    """Return the first text scale at which legend and sources fit; the last one is cut."""
    for scale in TEXT_SCALES:
        scaled = replace(sheet, scale=scale)
        footer = _footer(view, layers, scaled, footer_width)
        footer_height = len(footer) * 9.5 * scaled.unit * scale * 1.35
        room = sheet.height - sheet.margin - footer_height - top - 10 * sheet.unit
        height = room if sheet.landscape else room * 0.42
        columns, left_out = _columns(_legend_lines(view, layers, scaled), scaled, height)
        if not left_out and footer_height <= FOOTER_SHARE * sheet.height:
            return scaled, footer, columns
    most = int(FOOTER_SHARE * sheet.height / (9.5 * scaled.unit * scale * 1.35))
    if left_out:
        text = f"{words.MORE_NOT_SHOWN.to(view.language)} {left_out}"
        columns[-1].append(_Line(text=text, size=9.5 * scaled.unit * scale, grey=True))
    return scaled, footer[:most], columns


def _footer(view: MapView, layers: tuple[RenderedLayer, ...], sheet: _Sheet, width: float) -> list[str]:
    size = 9.5 * sheet.unit * sheet.scale
    sources = dict.fromkeys(line for rendered in reversed(layers) for line in source_lines(rendered, view.language))
    text = [f"{words.SOURCES.to(view.language)}: {next(iter(sources), '')}".rstrip(": "), *list(sources)[1:]]
    return [line for paragraph in [*text, *notices(view.language)] for line in wrap_text(paragraph, size, width)]


def _legend_width(sheet: _Sheet) -> float:
    if sheet.landscape:
        return 270 * sheet.unit
    return (sheet.width - 2 * sheet.margin - 20 * sheet.unit) / 2


def _legend_lines(view: MapView, layers: tuple[RenderedLayer, ...], sheet: _Sheet) -> list[_Line]:
    """Return the legend from the uppermost layer down; labels explain themselves."""
    lines: list[_Line] = []
    for index in reversed(range(len(layers))):
        if layers[index].layer.geometry is not GeometryKind.LABEL:
            lines += _layer_lines(index, layers[index], view, sheet)
    return lines


def _layer_lines(index: int, rendered: RenderedLayer, view: MapView, sheet: _Sheet) -> Iterator[_Line]:
    text = sheet.unit * sheet.scale
    width, mark = _legend_width(sheet), 28 * text
    plain = not rendered.legend
    for number, line in enumerate(
        wrap_text(rendered.layer.title.to(view.language), 12.5 * text, width - (mark if plain else 0), bold=True)
    ):
        first = number == 0
        yield _Line(
            text=line, size=12.5 * text, bold=True, indent=mark if plain else 0,
            before=9 * text if first else 0, layer=index if plain and first else -1,
        )  # fmt: skip
    for line in wrap_text(rendered.choices, 11 * text, width):
        yield _Line(text=line, size=11 * text)
    for entry in rendered.legend:
        for number, line in enumerate(wrap_text(entry.label.to(view.language), 11.5 * text, width - mark)):
            marked = number == 0
            yield _Line(text=line, size=11.5 * text, indent=mark, layer=index if marked else -1, entry=entry)
    missing = sum(row.geometry is None for row in iterate_features(rendered, view.language))
    notes = [note_line(rendered, view.language)]
    if missing:
        notes.append(f"{words.NOT_PLACED.to(view.language)} {missing}")
    for note in filter(None, notes):
        for line in wrap_text(note, 9.5 * text, width):
            yield _Line(text=line, size=9.5 * text, grey=True)


def _columns(lines: Iterable[_Line], sheet: _Sheet, height: float) -> tuple[list[list[_Line]], int]:
    """Return the lines in the columns that the page has, and how many did not fit."""
    todo = list(lines)
    # One line is kept free for saying what did not fit.
    most = height - 14 * sheet.unit * sheet.scale
    if sheet.landscape:
        return _filled(todo, 1, most)
    # The lowest two columns that hold everything leave the map the most room.
    room = min(most, sum(line.height for line in todo) / 2)
    columns, left_out = _filled(todo, 2, room)
    while left_out and room < most:
        room = min(most, room + 4 * sheet.unit)
        columns, left_out = _filled(todo, 2, room)
    return columns, left_out


def _filled(lines: list[_Line], count: int, height: float) -> tuple[list[list[_Line]], int]:
    """Return `count` columns no higher than `height`, and how many lines were left."""
    rest = list(lines)
    columns: list[list[_Line]] = []
    for _ in range(count):
        column: list[_Line] = []
        room = height
        while rest and room >= rest[0].height:
            room -= rest[0].height
            column.append(rest.pop(0))
        columns.append(column)
    return columns, len(rest)


def _legend_box(sheet: _Sheet, top: float, footer_top: float, columns: list[list[_Line]]) -> tuple[float, float]:
    """Return the upper left corner of the legend: beside the map, or below it."""
    if sheet.landscape:
        return sheet.width - sheet.margin - _legend_width(sheet), top
    tallest = max(sum(line.height for line in column) for column in columns)
    return sheet.margin, footer_top - tallest - 10 * sheet.unit


def _legend(
    columns: list[list[_Line]], layers: tuple[RenderedLayer, ...], sheet: _Sheet, corner: tuple[float, float]
) -> Iterator[str]:
    for number, column in enumerate(columns):
        x = corner[0] + number * (_legend_width(sheet) + 20 * sheet.unit)
        y = corner[1]
        for line in column:
            y += line.height
            if line.layer >= 0:
                yield _mark(line, layers[line.layer], x, y - line.size * 0.68, sheet)
            yield text_element(
                line.text, x + line.indent, y - line.size * 0.34, line.size, bold=line.bold,
                colour=GREY if line.grey else "#1f2328",
            )  # fmt: skip


def _mark(line: _Line, rendered: RenderedLayer, x: float, y: float, sheet: _Sheet) -> str:
    """Return the mark of a class; `y` is its middle."""
    text = sheet.unit * sheet.scale
    style = rendered.layer.style
    fill = fill_of(line.layer, rendered, line.entry)
    if rendered.layer.geometry is GeometryKind.POINT:
        shape = line.entry.shape if line.entry else Shape.CIRCLE
        path = shape_path(shape, x + 11 * text, y, 5.5 * text)
        return f'<path d="{path}" {point_attributes(fill, line.entry, style, text)}/>'
    # White borders between areas would leave the lightest class without an edge on white paper.
    edge = replace(style, stroke="#9aa1a9", stroke_width=1.0) if line.entry else style
    box = f'x="{x + text:.2f}" y="{y - 5.5 * text:.2f}" width="{20 * text:.2f}" height="{11 * text:.2f}"'
    return f"<rect {box} {area_attributes(fill, edge, text)}/>"
