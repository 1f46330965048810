"""Tables per city part as Czech offices send them: read, taken apart, checked.

`read_table` gives the rows as they stand in the file; `join_to_city_parts` (in `geo.table_join`)
finds the city part of each row.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.errors import DataFileError, Problem
from geo.table_cells import Cell, DecimalMark, decide_decimal_mark, read_number, text_of
from geo.table_files import FileContent, Sheet, column_letter, read_file
from geo.table_layout import Layout, find_layout, is_numeric, unit_states
from geo.unit_names import UnitState, fold

_MAX_ID = 40
_SAMPLE_ROWS = 500
_MIN_BIRTH_NUMBERS = 3
_PERSONAL_LABEL = re.compile(
    r"\b(?:jmeno|jmena|prijmeni|rodne cislo|rodna cisla|rc|telefon\w*|mobil|tel|e ?mail\w*|datum narozeni|"
    r"cislo (?:pasu|op|dokladu|obcanskeho prukazu)|first name|last name|surname|full name|date of birth|"
    r"birth number|phone|passport)\b"
)
# "Jméno městské části" is a name of a unit, "počet telefonů" a count.
_NOT_PERSONAL = re.compile(r"\b(?:mc|mestsk\w*|casti|obce|obvodu|uzemi|pocet|pocty|podil)\b")
_ORDINAL_LABEL = re.compile(r"^(?:por\w*|p ?c|c|cislo|cislo radku|radek|nr|no|#|)(?: c(?:islo)?)?$")
# Tried only where a word begins: a cell may hold 30,000 letters in a row.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]{2,}")
_PHONE = re.compile(r"(?:\+|00)\s?42[01][\s\d]{9,12}")
_BIRTH_NUMBER = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})\s?/\s?\d{3,4}(?!\d)")
_BARE_BIRTH_NUMBER = re.compile(r"^(\d{2})(\d{2})(\d{2})\d{4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawColumn:
    """A column with something in it. `letter` is its letter in a spreadsheet; `label` may be empty."""

    id: str
    label: str
    letter: str
    position: int

    @property
    def name(self) -> str:
        """Return the label, or the letter where the file has no header for the column."""
        return self.label or self.letter


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row of the body; `number` is its 1-based number in the file, `cells` are by column id."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One sheet of a file as it stands there.

    `title_lines` stand above the header, `notes` between and below the rows. `key_guess` is the
    column that names city parts, `value_guess` the columns of numbers. `sha256` is that of the file.
    """

    filename: str
    sha256: str
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    title_lines: tuple[str, ...]
    notes: tuple[str, ...]
    columns: tuple[RawColumn, ...]
    rows: tuple[RawRow, ...]
    key_guess: str | None
    value_guess: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def column(self, column_id: str) -> RawColumn:
        """Return the column with this id.

        Raises
        ------
        DataFileError
            Code `table_unknown_column`.
        """
        for column in self.columns:
            if column.id == column_id:
                return column
        raise DataFileError("table_unknown_column", column=column_id)

    def cells_of(self, column_id: str) -> list[Cell]:
        """Return the cells of a column, row by row."""
        return [row.cells[column_id] for row in self.rows]


def read_table(data: bytes, filename: str, *, sheet: str | None = None) -> RawTable:
    r"""Read an XLSX or CSV table as Czech offices send them.

    Parameters
    ----------
    data
        The file. Its kind is read from the content; the name decides nothing.
    filename
        Name to show.
    sheet
        Sheet to read; where None, the one that names most city parts.

    Returns
    -------
    RawTable
        One row per row of the body, whatever it names; nothing is joined or left out yet but blank
        rows and columns, repeated headers and notes.

    Raises
    ------
    DataFileError
        What `geo.table_files.read_file` raises, and `table_not_a_table` (less than two columns or
        no row), `table_unknown_sheet`, `table_units_across` (city parts stand in columns),
        `table_personal_data` (param `columns`): names, birth numbers, telephones or e-mails of
        persons are refused with the whole file.

    Examples
    --------
    >>> raw = read_table("Cizinci;;\nMČ;2019;2020\nPraha-Libuš;1 234;x\n".encode("cp1250"), "mc.csv")
    >>> raw.title_lines, [column.label for column in raw.columns], raw.key_guess
    (('Cizinci',), ['MČ', '2019', '2020'], 'mc')
    """
    content = read_file(data)
    chosen, layout = _choose_sheet(content, sheet)
    columns = _columns(layout)
    if len(columns) < 2 or not layout.body:  # noqa: PLR2004  a key and a value
        raise DataFileError("table_not_a_table")
    rows = tuple(
        RawRow(number=number, cells={column.id: cells[column.position] for column in columns})
        for number, cells in layout.body
    )
    if personal := _personal_columns(columns, rows):
        raise DataFileError("table_personal_data", columns=", ".join(personal))
    if layout.units_across:
        raise DataFileError("table_units_across")
    key = next((column.id for column in columns if column.position == layout.key), None)
    return RawTable(
        filename=filename,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=content.kind,
        encoding=content.encoding,
        delimiter=content.delimiter,
        sheet=chosen.name,
        sheets=tuple(found.name for found in content.sheets),
        title_lines=_without_contacts(layout.title_lines),
        notes=_without_contacts(layout.notes),
        columns=columns,
        rows=rows,
        key_guess=key,
        value_guess=tuple(c.id for c in columns if c.id != key and _holds_figures(c, rows)),
        problems=chosen.problems,
    )


def _choose_sheet(content: FileContent, name: str | None) -> tuple[Sheet, Layout]:
    """Return the sheet of this name, or the one whose rows name most city parts."""
    if name is not None:
        for sheet in content.sheets:
            if sheet.name == name:
                return sheet, find_layout(sheet)
        raise DataFileError("table_unknown_sheet", sheet=name)
    best = None
    for sheet in content.sheets:
        layout = find_layout(sheet)
        found = 0
        if layout.key is not None:
            states = unit_states([cells[layout.key] for _, cells in layout.body])
            found = sum(1 for state in states if state is not UnitState.UNKNOWN)
        if best is None or found > best[0]:
            best = (found, sheet, layout)
    if best is None:
        raise DataFileError("table_empty")
    return best[1], best[2]


def _columns(layout: Layout) -> tuple[RawColumn, ...]:
    """Return the columns with something in the body, each with an id of its own."""
    found: list[RawColumn] = []
    for position in range(layout.width):
        if all(cells[position] is None for _, cells in layout.body):
            continue
        letter = column_letter(position)
        label = layout.labels[position]
        if label and any(column.label == label for column in found):
            label = f"{label} ({letter})"
        column_id = _slug(label) or f"column_{letter.lower()}"
        if any(column.id == column_id for column in found):
            column_id = f"{column_id}_{letter.lower()}"
        found.append(RawColumn(id=column_id, label=label, letter=letter, position=position))
    return tuple(found)


def _slug(label: str) -> str:
    """Return a label as an identifier of ASCII letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", fold(label)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_MAX_ID].strip("_")
    return f"column_{slug}" if slug[:1].isdigit() else slug


def _holds_figures(column: RawColumn, rows: Sequence[RawRow]) -> bool:
    """Return whether a column holds numbers that are neither codes nor the numbers of its rows."""
    filled = [row.cells[column.id] for row in rows[:_SAMPLE_ROWS] if row.cells[column.id] is not None]
    numbers = [cell for cell in filled if is_numeric(cell)]
    mark = decide_decimal_mark([filled]) or DecimalMark.COMMA
    values = [read_number(cell, mark).value for cell in numbers]
    if 2 * len(numbers) < len(filled) or all(value is None for value in values):
        return False
    exact = sum(1 for state in unit_states(filled) if state in {UnitState.EXACT, UnitState.AMBIGUOUS})
    counts_rows = values == [float(n) for n in range(1, len(values) + 1)] and _ORDINAL_LABEL.match(fold(column.label))
    return 2 * exact < len(filled) and not counts_rows


def _personal_columns(columns: Sequence[RawColumn], rows: Sequence[RawRow]) -> list[str]:
    """Return the columns that hold, or seem to hold, data of persons."""
    found = []
    for column in columns:
        label = fold(column.label)
        named = bool(_PERSONAL_LABEL.search(label)) and not _NOT_PERSONAL.search(label)
        cells = [text_of(row.cells[column.id]) for row in rows]
        bare = sum(1 for cell in cells if _is_bare_birth_number(cell))
        if named or any(map(looks_personal, cells)) or bare >= max(_MIN_BIRTH_NUMBERS, len(rows) / 2):
            found.append(column.name)
    return found


def looks_personal(text: str) -> bool:
    """Return whether a text holds an e-mail, a telephone with its prefix or a birth number.

    Examples
    --------
    >>> looks_personal("nekdo@example.org"), looks_personal("1 234 567")
    (True, False)
    """
    if _EMAIL.search(text) or _PHONE.search(text):
        return True
    return any(_is_birth_date(*match.groups()) for match in _BIRTH_NUMBER.finditer(text))


def _is_bare_birth_number(text: str) -> bool:
    """Return whether ten digits are a birth number without its slash (a multiple of 11)."""
    match = _BARE_BIRTH_NUMBER.match(text)
    return bool(match and int(text) % 11 == 0 and _is_birth_date(*match.groups()))


def _is_birth_date(_year: str, month: str, day: str) -> bool:
    """Return whether month and day can stand in a birth number (women +50, surplus +20)."""
    return int(month) % 50 % 20 in range(1, 13) and int(day) in range(1, 32)


def _without_contacts(lines: Sequence[str]) -> tuple[str, ...]:
    """Drop lines with a telephone or an e-mail: who made the table is nobody's business here."""
    return tuple(line for line in lines if not looks_personal(line) and not _PERSONAL_LABEL.search(fold(line)))
