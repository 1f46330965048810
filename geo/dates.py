"""Days and months as people of the three languages write them, never torn apart at a line's end.

Files that programs read (`layers._csv`) put plain spaces in.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from babel.dates import format_date

from domain.text import Language

NO_BREAK_SPACE = "\u00a0"
_DAY_PATTERNS: Mapping[Language, str] = MappingProxyType(
    # Czech office documents write dates with spaces and without leading zeros.
    {Language.CS: "d. M. y", Language.EN: "d MMM y", Language.UK: "dd.MM.y"}
)


def write_date(day: date, language: Language) -> str:
    r"""Return a day in the language's spelling.

    Examples
    --------
    >>> write_date(date(2026, 7, 21), Language.CS)
    '21.\xa07.\xa02026'
    """
    return _write(day, _DAY_PATTERNS[language], language)


def write_month(day: date, language: Language) -> str:
    r"""Return the month of a day.

    Examples
    --------
    >>> write_month(date(2026, 7, 21), Language.CS)
    'červenec\xa02026'
    """
    return _write(day, "LLLL y", language)


def _write(day: date, pattern: str, language: Language) -> str:
    return str(format_date(day, format=pattern, locale=language.value)).replace(" ", NO_BREAK_SPACE)
