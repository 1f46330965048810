"""Writes a value of a column as a person reads it, in the language of the reader.

Shared by the renderers of files (`_folium`, `_svg`) and by the table (`_csv`), so that a figure
looks the same wherever it is met. Babel knows the rules of numbers and months.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from babel.numbers import format_decimal

from domain.text import Language
from geo.dates import NO_BREAK_SPACE, write_date, write_month
from layers.contract import Field, Formatter

PRAGUE = ZoneInfo("Europe/Prague")
SAFE_SCHEMES = frozenset({"http", "https"})
NUMBERS = frozenset({Formatter.INTEGER, Formatter.DECIMAL, Formatter.PERCENT})
_MONTH_LENGTH = len("2026-07")


def is_missing(value: Any) -> bool:  # noqa: ANN401  cells of a frame
    """Return whether a cell holds nothing: None, NaN, NaT, NA or an empty text.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing(""), is_missing(0)
    (True, True, False)
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    return isinstance(value, str) and not value.strip()


def format_value(value: Any, field: Field, language: Language) -> str:  # noqa: ANN401  cells of a frame
    r"""Return `value` as `field` wants it written; a missing value is an empty text.

    A value that does not fit its formatter (a text such as "méně než 5" in a column of numbers) is
    written as it is: a renderer must never lose what a layer said.

    Examples
    --------
    >>> from domain.text import Text
    >>> share = Field(column="share_pct", label=Text(cs="podíl", en="share", uk="частка"), formatter=Formatter.PERCENT)
    >>> format_value(32.41, share, Language.CS)
    '32,4\xa0%'
    """
    if is_missing(value):
        return ""
    write = _WRITERS.get(field.formatter)
    return write(value, field, language) if write else str(value)


def format_day(value: Any, language: Language) -> str:  # noqa: ANN401  cells of a frame
    r"""Return a day in the language's spelling; an instant is shown as the day it was in Prague.

    Examples
    --------
    >>> format_day(date(2018, 4, 10), Language.CS)
    '10.\xa04.\xa02018'
    """
    day = to_day(value)
    if day is None:
        return str(value)
    return write_date(day, language)


def to_day(value: Any) -> date | None:  # noqa: ANN401  cells of a frame
    """Return the day of a date, an instant or an ISO 8601 text, None if it is none of them."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value).to_pydatetime()
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value.astimezone(PRAGUE) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


def to_number(value: Any) -> float | int | None:  # noqa: ANN401  cells of a frame
    """Return a finite number, None where the cell holds something else."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def split_codes(value: Any) -> tuple[str, ...]:  # noqa: ANN401  cells of a frame
    """Return the codes of a TERMS cell: a sequence, or a text parted by semicolons or commas.

    Examples
    --------
    >>> split_codes("uk; vi"), split_codes(["uk"])
    (('uk', 'vi'), ('uk',))
    """
    parts = value.replace(";", ",").split(",") if isinstance(value, str) else list(value)
    return tuple(str(part).strip() for part in parts if not is_missing(part))


def safe_link(value: Any) -> str | None:  # noqa: ANN401  cells of a frame
    """Return an address that may stand behind a link, None for any scheme but http and https.

    Examples
    --------
    >>> safe_link("https://metropolevsech.eu/"), safe_link("javascript:alert(1)")
    ('https://metropolevsech.eu/', None)
    """
    if not isinstance(value, str) or any(ord(sign) <= ord(" ") for sign in value.strip()):
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme.lower() in SAFE_SCHEMES and parts.netloc else None


def number_pattern(digits: int) -> str:
    """Return the Unicode number pattern with grouped thousands and a fixed count of decimals."""
    return "#,##0." + "0" * digits if digits > 0 else "#,##0"


def _format_number(value: Any, field: Field, language: Language) -> str:  # noqa: ANN401
    number = to_number(value)
    if number is None:
        return str(value)
    digits = 0 if field.formatter is Formatter.INTEGER else field.digits
    text = str(format_decimal(number, format=number_pattern(digits), locale=language.value))
    if field.formatter is not Formatter.PERCENT:
        return text
    # Columns of percentages hold 32.4 for 32.4 %; Czech and Ukrainian print a space before the sign.
    return f"{text}%" if language is Language.EN else f"{text}{NO_BREAK_SPACE}%"


def _format_date(value: Any, _field: Field, language: Language) -> str:  # noqa: ANN401
    return format_day(value, language)


def _format_month(value: Any, _field: Field, language: Language) -> str:  # noqa: ANN401
    day = to_day(f"{value.strip()}-01" if isinstance(value, str) and len(value.strip()) == _MONTH_LENGTH else value)
    if day is None:
        return str(value)
    return write_month(day, language)


def _format_term(value: Any, field: Field, language: Language) -> str:  # noqa: ANN401
    code = str(value)
    text = field.terms.get(code)
    return text.to(language) if text else code


def _format_terms(value: Any, field: Field, language: Language) -> str:  # noqa: ANN401
    return ", ".join(_format_term(code, field, language) for code in split_codes(value))


_WRITERS: Mapping[Formatter, Callable[[Any, Field, Language], str]] = {
    Formatter.INTEGER: _format_number,
    Formatter.DECIMAL: _format_number,
    Formatter.PERCENT: _format_number,
    Formatter.DATE: _format_date,
    Formatter.MONTH: _format_month,
    Formatter.TERM: _format_term,
    Formatter.TERMS: _format_terms,
}
