"""Cells of office tables: numbers in Czech and English spelling, marks for "no value", footnotes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from geo.unit_names import fold


class Percent(float):
    """A number of percent (32.4 is 32.4 %) that the file stores as a fraction with a percent format."""


Cell = str | float | date | None

# Marks of the Czech Statistical Office and of offices. A dash there may mean "none occurred"; the
# product stores no value rather than a zero that nobody wrote.
NO_VALUE_MARKS = frozenset(
    ["", "-", "--", "---", ".", "..", "...", "…", "x", "i.d.", "i.d", "id", "n/a", "na", "n.a.", "null", "none"]
)
NO_VALUE_WORDS = frozenset(["neuvedeno", "nezjisteno", "neni k dispozici", "nesledovano", "duverne", "bez udaje"])
ERROR_VALUES = frozenset(["#ref!", "#div/0!", "#value!", "#name?", "#null!", "#num!", "#n/a", "#hodnota!", "#odkaz!"])
FIRST_YEAR, LAST_YEAR = 1900, 2100
PLAIN_THOUSAND = 100
"""A plain whole number from this on beside "1.234" says that the dot groups thousands."""

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\ufeff]+")
_SUPERSCRIPTS = re.compile(r"[\u00b9\u00b2\u00b3\u2070-\u207f]+")
_FOOTNOTE = re.compile(r"(?:\s*[*†‡]+|(?<=\d)\s+\d{1,2}\)|(?<=\d)\s*[a-z]\))+$")
_SUPPRESSED = re.compile(r"^(?:[<≤]\s*\d+|\d+\s*[-–]\s*\d+|mene nez \d+|do \d+|less than \d+)$")
_GROUPED_BY_SPACE = re.compile(r"^\d{1,3}(?:[ '’]\d{3})+(?=[.,]|$)")
_COMMA = re.compile(r"^(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?$")
_POINT = re.compile(r"^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$")
_MAYBE_GROUP = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


class DecimalMark(StrEnum):
    """What separates decimals; the other one then groups thousands."""

    COMMA = ","
    POINT = "."


class Reading(StrEnum):
    """What a cell of a column of numbers turned out to be."""

    NUMBER = "number"
    NO_VALUE = "no_value"
    SUPPRESSED = "suppressed"
    ERROR = "error"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReading:
    """A cell as a number; `value` is None unless `reading` is NUMBER. 32.4 % has the value 32.4."""

    reading: Reading
    value: float | None = None
    percent: bool = False


def read_number(cell: Cell, mark: DecimalMark = DecimalMark.COMMA) -> NumberReading:
    r"""Return the number a cell holds.

    Parameters
    ----------
    cell
        A cell as the file gives it.
    mark
        What separates decimals in texts; see `decide_decimal_mark`.

    Examples
    --------
    >>> read_number("1\u00a0234,5 *").value, read_number("1.234").value, read_number("32,4 %").percent
    (1234.5, 1234.0, True)
    >>> read_number("i.d.").reading, read_number("asi 5").reading
    (<Reading.NO_VALUE: 'no_value'>, <Reading.TEXT: 'text'>)
    """
    if cell is None:
        return NumberReading(reading=Reading.NO_VALUE)
    if isinstance(cell, float):
        return NumberReading(reading=Reading.NUMBER, value=float(cell), percent=isinstance(cell, Percent))
    if not isinstance(cell, str):
        return NumberReading(reading=Reading.TEXT)
    return _read_text(clean_number_text(cell), mark)


def decide_decimal_mark(columns: Iterable[Sequence[Cell]]) -> DecimalMark | None:
    """Return what separates decimals in the texts of a file, None where it cannot be told.

    "1.234" alone may be a thousand or a little more than one; "12,5", "1.234,5" or a plain "351"
    in the same column settle it. Without any mark the answer is the Czech comma.

    Examples
    --------
    >>> decide_decimal_mark([["12,5", "3"]]), decide_decimal_mark([["1.234", "351"]])
    (<DecimalMark.COMMA: ','>, <DecimalMark.COMMA: ','>)
    >>> decide_decimal_mark([["1.234", "5.678"]]) is None
    True
    """
    sure: set[DecimalMark] = set()
    unsure = False
    for column in columns:
        texts = [clean_number_text(cell).removesuffix("%").strip() for cell in column if isinstance(cell, str)]
        votes = [_vote(text) for text in texts]
        sure |= {vote for vote in votes if vote}
        maybe = {text[-4] for text in texts if _MAYBE_GROUP.match(text)}
        if not maybe:
            continue
        if any(_is_ungrouped(text) for text in texts) and not any(votes):
            sure |= {_other(group) for group in maybe}
        else:
            unsure = True
    if len(sure) > 1:
        return None
    if sure:
        return sure.pop()
    return None if unsure else DecimalMark.COMMA


def _is_ungrouped(text: str) -> bool:
    """Return whether a text is a whole number as long as one that is written in groups."""
    return text.isdecimal() and len(text.lstrip("0")) >= len(str(PLAIN_THOUSAND))


def clean_number_text(text: str) -> str:
    """Return the text with plain spaces and a plain minus, without footnote marks."""
    plain = _SPACES.sub(" ", _SUPERSCRIPTS.sub("", text)).strip()
    plain = _FOOTNOTE.sub("", plain).strip()
    return "-" + plain[1:].lstrip() if plain[:1] in {"-", "−", "–"} and plain[1:].strip() else plain


def text_of(cell: Cell) -> str:
    r"""Return a cell as a person reads it: whole numbers without a point, line breaks as spaces.

    Examples
    --------
    >>> text_of(2019.0), text_of("oby-\nvatel"), text_of(None)
    ('2019', 'obyvatel', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(float(cell))
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return f"{cell.day}. {cell.month}. {cell.year}"
    return _SPACES.sub(" ", re.sub(r"(?<=\w)-\r?\n(?=\w)", "", cell)).strip()


def is_year(cell: Cell) -> bool:
    """Return whether a cell is a year, as headers have them."""
    text = text_of(cell)
    return text.isdecimal() and len(text) == len(str(LAST_YEAR)) and FIRST_YEAR <= int(text) <= LAST_YEAR


def without_footnote(label: str) -> str:
    """Return a label without a footnote mark at its end.

    Examples
    --------
    >>> without_footnote("Cizinci 1)"), without_footnote("Cizinci*")
    ('Cizinci', 'Cizinci')
    """
    return re.sub(r"(?:\s*[*†‡]+|\s+\d{1,2}\))+$", "", _SUPERSCRIPTS.sub("", label)).strip()


def _read_text(text: str, mark: DecimalMark) -> NumberReading:
    """Read a cleaned text."""
    percent = text.endswith("%")
    digits = text.removesuffix("%").strip()
    sign = -1.0 if digits.startswith("-") else 1.0
    digits = digits.removeprefix("-").removeprefix("+")
    if _GROUPED_BY_SPACE.match(digits):
        digits = re.sub(r"[ '’]", "", digits)
    if digits.isascii() and (_COMMA if mark is DecimalMark.COMMA else _POINT).match(digits):
        value = sign * float(digits.replace(_other(mark).value, "").replace(mark.value, "."))
        return NumberReading(reading=Reading.NUMBER, value=value, percent=percent)
    return NumberReading(reading=_reading_of_text(text))


def _reading_of_text(text: str) -> Reading:
    """Return what a text is that is no number."""
    lowered = text.casefold()
    if lowered in NO_VALUE_MARKS or lowered in {"–", "—", "−", "i. d.", "×"} or fold(text) in NO_VALUE_WORDS:
        return Reading.NO_VALUE
    if lowered in ERROR_VALUES:
        return Reading.ERROR
    if _SUPPRESSED.match(lowered) or _SUPPRESSED.match(fold(text)):
        return Reading.SUPPRESSED
    return Reading.TEXT


def _other(mark: str) -> DecimalMark:
    """Return the mark that this one is not."""
    return DecimalMark.POINT if mark == DecimalMark.COMMA else DecimalMark.COMMA


def _vote(text: str) -> DecimalMark | None:
    """Return the decimal mark that a text can only have, None where it does not say."""
    text = re.sub(r"(?<=\d)[ '’](?=\d{3})", "", text.removeprefix("-"))
    if not re.fullmatch(r"[\d.,]*\d", text) or not re.search(r"[.,]", text):
        return None
    last = max(text.rfind("."), text.rfind(","))
    used = {c for c in text if c in ".,"}
    if len(used) > 1:
        return DecimalMark(text[last])
    if text.count(text[last]) > 1:
        return _other(text[last])
    return None if _MAYBE_GROUP.match(text) else DecimalMark(text[last])
