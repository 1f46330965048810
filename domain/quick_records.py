"""What is noted in two taps beside visits, and what is noted per city part and quarter.

Neither names a person. Irregular stay, stays up to 90 days, trafficking and exploitation have no
field on a place or a visit; the terms of scope `city_part_quarter` may stand in a `QuarterNote` alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from domain.errors import InvalidValueError
from domain.text import Text

QUARTER_NOTE_MAX_LENGTH = 500
QUARTER_VOCABULARIES = ("cilova_skupina", "typ_pobytu")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


class QuickKind(StrEnum):
    """What was done, beside visits."""

    ACCOMPANIMENT = "accompaniment"
    PHONE_INTERPRETING = "phone_interpreting"
    ON_CALL_INTERPRETING = "on_call_interpreting"


class Interpreter(StrEnum):
    """Whether somebody interpreted at a visit, and how."""

    NONE = "none"
    PRESENT = "present"
    PHONE = "phone"
    MISSING = "missing"


QUICK_LABELS: Mapping[QuickKind, Text] = MappingProxyType(
    {
        QuickKind.ACCOMPANIMENT: Text(cs="Doprovod", en="Accompaniment", uk="Супровід"),
        QuickKind.PHONE_INTERPRETING: Text(
            cs="Tlumočení po telefonu", en="Interpreting by phone", uk="Усний переклад телефоном"
        ),
        QuickKind.ON_CALL_INTERPRETING: Text(
            cs="Tlumočení na zavolání", en="Interpreting on call", uk="Усний переклад на виклик"
        ),
    }
)
INTERPRETER_LABELS: Mapping[Interpreter, Text] = MappingProxyType(
    {
        Interpreter.NONE: Text(cs="Nebylo třeba", en="Not needed", uk="Не було потрібно"),
        Interpreter.PRESENT: Text(cs="Na místě", en="On the spot", uk="На місці"),
        Interpreter.PHONE: Text(cs="Po telefonu", en="By phone", uk="Телефоном"),
        Interpreter.MISSING: Text(cs="Chybělo", en="Was missing", uk="Бракувало"),
    }
)
INTERPRETER_CODES = frozenset(code.value for code in Interpreter)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRecordDraft:
    """Accompaniment or interpreting: kind and language, at a place, in a city part or nowhere in particular."""

    id: str
    kind: QuickKind
    happened_on: date
    language: str
    city_part: str | None = None
    place_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRecord:
    """A stored quick record."""

    id: str
    kind: QuickKind
    happened_on: date
    language: str
    city_part: str | None
    place_id: str | None
    organisation_id: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterNoteDraft:
    """What an organisation noted of a city part in a quarter: terms of scope `city_part_quarter` and words."""

    id: str
    city_part: str
    quarter: str
    vocabulary: str
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterNote:
    """A stored note of a city part and quarter; it has no day and no point."""

    id: str
    city_part: str
    quarter: str
    vocabulary: str
    code: str
    note: str
    organisation_id: str
    created_by: str


def quarter_of(day: date) -> str:
    """Return the quarter of a day as `YYYY-Qn`.

    Examples
    --------
    >>> quarter_of(date(2026, 11, 22))
    '2026-Q4'
    """
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def quarters_back(day: date, count: int) -> tuple[str, ...]:
    """Return the quarter of `day` and those before it, the latest first.

    Examples
    --------
    >>> quarters_back(date(2026, 2, 1), 3)
    ('2026-Q1', '2025-Q4', '2025-Q3')
    """
    number = day.year * 4 + (day.month - 1) // 3
    return tuple(f"{(number - back) // 4:04d}-Q{(number - back) % 4 + 1}" for back in range(count))


def require_quarter(text: str) -> str:
    """Return `text` if it is a quarter.

    Raises
    ------
    InvalidValueError
        Code `invalid_quarter`.
    """
    if not _QUARTER.fullmatch(text):
        raise InvalidValueError("invalid_quarter", value=text[:20])
    return text
