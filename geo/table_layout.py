"""Where in a sheet the title, the header, the rows and the notes are; which column names the rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.table_cells import Cell, DecimalMark, Percent, Reading, is_year, read_number, text_of, without_footnote
from geo.table_files import Sheet
from geo.unit_names import UnitState, fold, match_unit

MAX_HEADER_ROWS = 5
MAX_LABEL = 120
SHORT_LABEL = 60
_SAMPLE_ROWS = 200
_MIN_UNITS = 3
_MIN_UNITS_IN_ROW = 5
_UNIT_WEIGHT: Mapping[UnitState, float] = {
    UnitState.EXACT: 1.0,
    # A code beside a name leaves nothing to ask, so it is preferred.
    UnitState.AMBIGUOUS: 0.9,
    UnitState.DISTRICT: 0.5,
}
_COLUMN_NUMBER = re.compile(r"[0-9]{1,4}")
_NOTE = re.compile(
    r"^(?:zdroj|pozn|poznamka|vysvetliv|kontakt|source|note|zpracoval|datum|stav k|aktualizace|[*†‡]|\d\))"
)

Row = tuple[int, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A sheet taken apart. `labels` has one text per column; `key` is the column that names the rows."""

    width: int
    title_lines: tuple[str, ...]
    labels: tuple[str, ...]
    body: tuple[Row, ...]
    notes: tuple[str, ...]
    key: int | None
    units_across: bool = False


def find_layout(sheet: Sheet) -> Layout:
    """Take a sheet apart.

    The body begins at the first row that names a city part, a district or a total and has a value;
    the header is what stands above it down to the title. Merged cells of a header, of which a file
    keeps the first only, are filled to the right where a lower row goes on.

    Examples
    --------
    >>> rows = ((1, ("Cizinci",)), (3, ("MČ", "2019")), (4, ("Praha-Libuš", "5")))
    >>> layout = find_layout(Sheet(name="", rows=rows))
    >>> layout.title_lines, layout.labels, layout.key
    (('Cizinci',), ('MČ', '2019'), 0)
    """
    width = max(len(cells) for _, cells in sheet.rows)
    rows: list[Row] = [(number, cells + (None,) * (width - len(cells))) for number, cells in sheet.rows]
    key, hits = _key_column(rows, width)
    across = max((_units_in(cells) for _, cells in rows[:_SAMPLE_ROWS]), default=0.0)
    units_across = across >= _MIN_UNITS_IN_ROW and across > hits
    start = _first_body_row(rows, key)
    header_start = _first_header_row(rows, start, key)
    header = [[text_of(cell) for cell in cells] for _, cells in rows[header_start:start] if not _is_numbering(cells)]
    titles = tuple(" ".join(filter(None, map(text_of, cells))) for _, cells in rows[:header_start])
    body, notes = _split_body(rows[start:], header, key)
    return Layout(
        width=width, title_lines=titles, labels=_join_header(header, width), body=body, notes=notes, key=key,
        units_across=units_across,
    )  # fmt: skip


def unit_states(cells: Sequence[Cell]) -> list[UnitState]:
    """Return what each cell names; numbers that are no code name nothing."""
    return [
        match_unit(cell, suggest=False).state
        for cell in cells
        if isinstance(cell, str | float) and not isinstance(cell, Percent) and len(text_of(cell)) <= MAX_LABEL
    ]


def is_numeric(cell: Cell) -> bool:
    """Return whether a cell holds a number or a mark that stands for one."""
    # Which mark separates decimals is decided later, over all columns that a person chose.
    return cell is not None and any(read_number(cell, mark).reading is not Reading.TEXT for mark in DecimalMark)


def _units_in(cells: Sequence[Cell]) -> float:
    return sum(_UNIT_WEIGHT.get(state, 0.0) for state in unit_states(cells))


def _key_column(rows: Sequence[Row], width: int) -> tuple[int | None, float]:
    """Return the column with most city parts, the leftmost of equals, and how many it has."""
    best, most = None, 0.0
    for column in range(width):
        hits = _units_in([cells[column] for _, cells in rows[:_SAMPLE_ROWS]])
        if hits > most:
            best, most = column, hits
    return best, most


def _first_body_row(rows: Sequence[Row], key: int | None) -> int:
    """Return the position of the first row of figures."""
    if key is None:
        # Nothing names a city part: the first row with two cells is taken for the header.
        wide = next((i for i, (_, cells) in enumerate(rows) if _filled(cells) > 1), 0)
        return min(wide + 1, len(rows))
    first = next((i for i, (_, cells) in enumerate(rows) if _names_a_row(cells, key)), 0)
    # A row above with an unknown name and figures is a row of the body too (a misspelt name).
    while first > 0 and _looks_like_body(rows[first - 1][1], key):
        first -= 1
    return first


def _names_a_row(cells: Sequence[Cell], key: int) -> bool:
    others = [cell for i, cell in enumerate(cells) if i != key and cell is not None]
    # A row of totals has no code: its name stands in the column beside.
    named = cells[key] if cells[key] is not None else next((cell for cell in others if isinstance(cell, str)), None)
    states = unit_states([named])
    if not others or not states or states[0] is UnitState.UNKNOWN:
        return False
    # "Praha" above columns of years is a header, with figures a total.
    if states[0] in {UnitState.TOTAL, UnitState.REMAINDER}:
        return any(is_numeric(cell) and not is_year(cell) for cell in others)
    return True


def _looks_like_body(cells: Sequence[Cell], key: int) -> bool:
    others = [cell for i, cell in enumerate(cells) if i != key and cell is not None]
    figures = sum(1 for cell in others if is_numeric(cell) and not is_year(cell))
    named = cells[key] is not None or _names_a_row(cells, key)
    return named and figures > 0 and 2 * figures >= len(others) and not _is_numbering(cells)


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """Return whether a row only numbers the columns, as statistical tables do ("a, 1, 2, 3")."""
    texts = [text_of(cell) for cell in cells if cell is not None]
    numbers = [int(text) for text in texts if _COLUMN_NUMBER.fullmatch(text)]
    letters = [text for text in texts if len(text) == 1 and text.isalpha()]
    consecutive = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    return consecutive and numbers[0] <= 2 and len(numbers) >= 2 and len(letters) + len(numbers) == len(texts)  # noqa: PLR2004


def _first_header_row(rows: Sequence[Row], start: int, key: int | None) -> int:
    """Return the position of the first row of the header above the body."""
    top = start
    for position in range(start - 1, max(start - 1 - MAX_HEADER_ROWS, -1), -1):
        cells = rows[position][1]
        count = _filled(cells)
        if count == 1:
            column = next(i for i, cell in enumerate(cells) if cell is not None)
            below = [row[1] for row in rows[position + 1 : start]]
            nameless = column == key and all(row[column] is None for row in below)
            fits = len(text_of(cells[column])) <= SHORT_LABEL and bool(below) and (column != key or nameless)
            if not fits or column == 0 != key:
                break
        top = position
    return top


def _filled(cells: Sequence[Cell]) -> int:
    return sum(1 for cell in cells if cell is not None)


def _join_header(header: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Join the rows of a header to one label per column."""
    filled = [list(row) for row in header]
    for position, row in enumerate(filled[:-1]):
        lower = [any(below[column] for below in filled[position + 1 :]) for column in range(width)]
        current = ""
        for column in range(width):
            if row[column]:
                # A cell with nothing below is merged downwards and says nothing of its neighbours.
                current = row[column] if lower[column] else ""
            elif lower[column]:
                row[column] = current
    labels = []
    for column in range(width):
        parts = dict.fromkeys(without_footnote(row[column]) for row in filled if row[column])
        labels.append(" – ".join(filter(None, parts))[:MAX_LABEL].strip())
    return tuple(labels)


def _split_body(
    rows: Sequence[Row], header: Sequence[Sequence[str]], key: int | None
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the rows of figures, and the notes between and below them."""
    body, notes = [], []
    for number, cells in rows:
        texts = [text_of(cell) for cell in cells]
        if header and any(texts == list(row) for row in header):
            # Tables made for print repeat their header on each page.
            continue
        if key is not None and _is_note(cells, key):
            notes.append(" ".join(filter(None, texts)))
        else:
            body.append((number, cells))
    return tuple(body), tuple(notes)


def _is_note(cells: Sequence[Cell], key: int) -> bool:
    """Return whether a row is a remark: one text alone, or a text that says so, without a figure."""
    if any(is_numeric(cell) for i, cell in enumerate(cells) if i != key):
        return False
    states = unit_states([cells[key]])
    if states and states[0] in {UnitState.EXACT, UnitState.AMBIGUOUS, UnitState.DISTRICT}:
        return False
    first = next((text_of(cell) for cell in cells if cell is not None), "")
    return _filled(cells) == 1 or bool(_NOTE.match(fold(first)))
