"""Bytes of an XLSX or CSV file to rows of cells, within limits that a hostile file cannot pass.

The kind of a file is read from its content; its name decides nothing.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from domain.errors import DataFileError, Problem
from geo.table_cells import Cell, Percent

MAX_FILE_BYTES = 10 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
MAX_PARTS = 1000
MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_CELLS = 200_000
MAX_SHEETS = 40
MAX_PHYSICAL_ROWS = 100_000
"""Rows of a sheet that are looked at; formatted empty rows below the data do no harm."""

MAX_CELLS_VISITED = 5_000_000
"""Cells of a sheet that are looked at, blank ones included: one formatted cell far right costs a whole row."""

MAX_FIELD_CHARACTERS = 32_767
_CONTROL_SHARE = 0.005
_DELIMITERS = (";", "\t", "|", ",")
_SAMPLE_LINES = 300
_CZECH = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"
_NEUTRAL = "äëöüľĺŕôÄËÖÜßąćęłńśźż„“”‚‘’«»–—…§°€\u00a0×±•²³½"
_ENCODINGS = ("cp1250", "iso8859-2", "cp852", "mac-latin2")
_LETTER_IN_NUMBER = re.compile(r"(?<=\d)[^\W\d_](?=\d)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: Sequence[tuple[bytes, str]] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows with anything in them, each with its 1-based number in the file."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What a file holds: its sheets that are neither empty nor hidden (a CSV file has one)."""

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ""


def read_file(data: bytes) -> FileContent:
    r"""Read the bytes of an XLSX or CSV file.

    Raises
    ------
    DataFileError
        Codes `table_too_large`, `table_empty`, `table_wrong_type` (param `found`),
        `table_old_excel`, `table_encrypted`, `table_damaged`, `table_unpacked_too_large`,
        `table_too_many_rows`, `table_too_many_columns`, `table_too_many_cells`,
        `table_broken_quotes`, `table_unreadable_text`, `table_not_a_table`.

    Examples
    --------
    >>> read_file("MČ;počet\nPraha-Libuš;1\n".encode("cp1250")).encoding
    'cp1250'
    """
    if len(data) > MAX_FILE_BYTES:
        raise DataFileError("table_too_large", limit=MAX_FILE_BYTES // 2**20)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise DataFileError("table_empty")
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise DataFileError("table_encrypted" if encrypted else "table_old_excel")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise DataFileError("table_wrong_type", found=name)
    if data.startswith(b"PK"):
        return _read_xlsx(data)
    return _read_csv(data)


def _read_xlsx(data: bytes) -> FileContent:
    """Read a workbook after its package has been looked through."""
    try:
        formulas = _check_package(data)
        with warnings.catch_warnings():
            # openpyxl warns of extensions it leaves out; none of them holds values.
            warnings.simplefilter("ignore")
            sheets = _read_sheets(data, formulas=formulas)
    except DataFileError:
        raise
    except MemoryError:
        raise DataFileError("table_unpacked_too_large", limit=MAX_UNPACKED_BYTES // 2**20) from None
    except Exception as error:
        # A damaged package may fail anywhere inside the reader, and a person must never see that.
        raise DataFileError("table_damaged", detail=type(error).__name__) from error
    if not sheets:
        raise DataFileError("table_empty")
    return FileContent(kind="xlsx", sheets=tuple(sheets))


def _check_package(data: bytes) -> bool:
    """Refuse what is no workbook or unpacks to too much; return whether there are formulas.

    `zipfile` never yields more than the size that a part declares, so declared sizes bound memory.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        names = {part.filename for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise DataFileError("table_encrypted")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise DataFileError("table_unpacked_too_large", limit=MAX_UNPACKED_BYTES // 2**20)
        if "xl/workbook.xml" not in names:
            raise DataFileError("table_wrong_type", found=_kind_of_package(package, names))
        formulas = False
        for part in parts:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            content = package.read(part)
            # No office writes a document type; entities are how a small file grows.
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                raise DataFileError("table_damaged", detail="DOCTYPE")
            formulas |= part.filename.startswith("xl/worksheets/") and bool(re.search(rb"<(?:\w+:)?f[ />]", content))
    return formulas


def _kind_of_package(package: zipfile.ZipFile, names: set[str]) -> str:
    """Return what a ZIP that is no workbook seems to be."""
    if "mimetype" in names:
        mimetype = package.read("mimetype")[:100].decode("ascii", "replace")
        return "ODS" if "spreadsheet" in mimetype else "OpenDocument"
    for start, kind in (("word/", "DOCX"), ("ppt/", "PPTX"), ("xl/workbook.bin", "XLSB"), ("Index/", "Numbers")):
        if any(name.startswith(start) for name in names):
            return kind
    return "ZIP"


def _read_sheets(data: bytes, *, formulas: bool) -> list[Sheet]:
    """Return the visible sheets that hold something."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    plain = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if formulas else None
    found = []
    try:
        for sheet in book.worksheets[:MAX_SHEETS]:
            if sheet.sheet_state != "visible":
                continue
            rows = _within_limits((n, tuple(_cell(c) for c in row)) for n, row in _sheet_rows(sheet))
            problems = _formulas_without_value(plain[sheet.title], dict(rows)) if plain else []
            if rows:
                found.append(Sheet(name=sheet.title, rows=rows, problems=tuple(problems)))
    finally:
        book.close()
        if plain:
            plain.close()
    return found


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401  openpyxl has no type for it
    """Yield the cells of each row with its number; the size that the file states may be wrong."""
    sheet.reset_dimensions()
    visited = 0
    for number, row in enumerate(sheet.iter_rows(min_row=1, max_row=MAX_PHYSICAL_ROWS), start=1):
        visited += len(row)
        if visited > MAX_CELLS_VISITED:
            raise DataFileError("table_too_many_columns", limit=MAX_COLUMNS)
        yield number, row


def _cell(cell: Any) -> Cell:  # noqa: ANN401
    """Return the value of a workbook's cell."""
    value = cell.value
    if value is None or isinstance(value, datetime | date):
        return value
    if isinstance(value, bool | time | timedelta):
        return str(value)
    if isinstance(value, int | float):
        if "%" in (cell.number_format or ""):
            # Ten digits are more than any share has and hide the rounding of binary fractions.
            return Percent(round(value * 100, 10))
        return float(value)
    text = str(value)
    if len(text) > MAX_FIELD_CHARACTERS:
        # No spreadsheet holds so much in a cell.
        raise DataFileError("table_damaged", detail="text")
    return text if text.strip() else None


def _formulas_without_value(sheet: Any, rows: dict[int, tuple[Cell, ...]]) -> list[Problem]:  # noqa: ANN401
    """Report formulas whose result the file does not hold (it was never opened in a spreadsheet)."""
    problems = []
    for number, cells in _sheet_rows(sheet):
        for position, cell in enumerate(cells):
            if getattr(cell, "data_type", "") != "f":
                continue
            known = rows.get(number, ())
            if position >= len(known) or known[position] is None:
                problems.append(Problem(code="table_formula_without_value", field=column_letter(position), row=number))
    return problems


def _within_limits(rows: Iterator[tuple[int, tuple[Cell, ...]]]) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    """Drop blank rows and blank ends of rows, and refuse too many of either."""
    found: list[tuple[int, tuple[Cell, ...]]] = []
    total = 0
    for number, cells in rows:
        used = max((i for i, cell in enumerate(cells, start=1) if cell is not None), default=0)
        if not used:
            continue
        if used > MAX_COLUMNS:
            raise DataFileError("table_too_many_columns", limit=MAX_COLUMNS)
        if len(found) == MAX_ROWS:
            raise DataFileError("table_too_many_rows", limit=MAX_ROWS)
        total += used
        if total > MAX_CELLS:
            raise DataFileError("table_too_many_cells", limit=MAX_CELLS)
        found.append((number, cells[:used]))
    return tuple(found)


def column_letter(position: int) -> str:
    """Return the letter of a column in a spreadsheet, for a position counted from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    return str(get_column_letter(position + 1))


def _read_csv(data: bytes) -> FileContent:
    """Read a delimited text."""
    text, encoding = decode(data)
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype html", "<html", "<table", "<meta", "<head")):
        raise DataFileError("table_wrong_type", found="HTML")
    if start.startswith(("<?xml", "<")):
        raise DataFileError("table_wrong_type", found="XML")
    if start.startswith(("{", "[")):
        raise DataFileError("table_wrong_type", found="JSON")
    controls = sum(1 for c in text if ord(c) < ord(" ") and c not in "\t\r\n\f\v\x1a")
    if "\x00" in text or controls > _CONTROL_SHARE * len(text):
        raise DataFileError("table_wrong_type", found="?")
    named = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    delimiter = named[1] if named else _delimiter_of(text)
    if not delimiter:
        raise DataFileError("table_not_a_table")
    rows = _within_limits(_csv_rows(text, delimiter, skip=1 if named else 0))
    if not rows:
        raise DataFileError("table_empty")
    sheets = (Sheet(name="", rows=rows),)
    return FileContent(kind="csv", sheets=sheets, encoding=encoding, delimiter=delimiter)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding.

    A byte order mark decides; then strict UTF-8, which Czech text in another encoding never
    passes by chance; then the one of cp1250, ISO 8859-2, cp852 and Mac Central Europe that gives
    the most Czech letters.

    Raises
    ------
    DataFileError
        Code `table_unreadable_text`.

    Examples
    --------
    >>> decode("Žižkov".encode("iso8859-2"))
    ('Žižkov', 'iso8859-2')
    """
    marks = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"))
    marked = next((name for mark, name in (*marks, (b"\xfe\xff", "utf-16")) if data.startswith(mark)), "")
    for name in [marked] if marked else _unmarked_unicode(data):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            if marked:
                raise DataFileError("table_unreadable_text") from None
    best: tuple[float, str, str] | None = None
    for name in _ENCODINGS:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        score = _czechness(text)
        if best is None or score > best[0]:
            best = (score, text, name)
    if best is None or best[0] <= 0:
        raise DataFileError("table_unreadable_text")
    return best[1], best[2]


def _unmarked_unicode(data: bytes) -> list[str]:
    """Return the Unicode encodings worth trying on a text without a byte order mark."""
    sample = data[:4000]
    third = len(sample) / 3
    if sample[1::2].count(0) > third:
        return ["utf-16-le"]
    if sample[0::2].count(0) > third:
        return ["utf-16-be"]
    return ["utf-8"]


def _czechness(text: str) -> float:
    """Return how many letters are Czech, less what Czech text does not hold."""
    # The no-break space that groups thousands in one encoding is a letter in another.
    score = -4.0 * len(_LETTER_IN_NUMBER.findall(text))
    for character in text:
        if character.isascii():
            continue
        if character in _CZECH:
            score += 1
        elif character not in _NEUTRAL:
            score -= 3
    # A capital inside a lower-case word comes from a wrong table.
    return score - 2 * len(re.findall(rf"[a-z{_CZECH[:15]}][{_CZECH[15:]}]", text))


def _delimiter_of(text: str) -> str:
    """Return the delimiter that cuts most lines into the same number of fields, at least two."""
    lines = [line for line in text.splitlines() if line.strip()][:_SAMPLE_LINES]
    best, most = "", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        usual = max((w for w in set(widths) if w > 1), key=widths.count, default=0)
        count = widths.count(usual) if usual else 0
        # A decimal comma cuts lines as evenly as a semicolon does: the first of equals wins.
        if count > most:
            best, most = delimiter, count
    return best


def _csv_rows(text: str, delimiter: str, *, skip: int) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Yield the cells of each line with the number of the line in which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if reader.line_num <= skip:
                continue
            if any(len(field) > MAX_FIELD_CHARACTERS for field in row):
                raise DataFileError("table_broken_quotes", row=reader.line_num)
            yield reader.line_num, tuple(field if field.strip("\x1a \t\u00a0") else None for field in row)
    except csv.Error:
        raise DataFileError("table_broken_quotes", row=reader.line_num) from None
