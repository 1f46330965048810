"""Messages, numbers and dates in the language of one session. Imports no Streamlit.

The catalogues are Fluent files in `ui/locales/<language>/`, one per page or topic.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource

from domain.errors import AppError, Problem, ProblemsError
from domain.text import Language
from geo.dates import NO_BREAK_SPACE, write_date, write_month

LOCALES = Path(__file__).parent / "locales"
PRAGUE = ZoneInfo("Europe/Prague")


def parse_language(value: str | None) -> Language:
    """Return the language for a code such as `uk`; anything unknown is Czech."""
    try:
        return Language(value or "")
    except ValueError:
        return Language.CS


@cache
def bundle(language: Language) -> FluentBundle:
    """Return the catalogue of `language`, read once."""
    found = FluentBundle([language.value], use_isolating=False)
    for path in sorted((LOCALES / language.value).glob("*.ftl")):
        found.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return found


def message_keys(language: Language) -> frozenset[str]:
    """Return the keys of all messages of `language`."""
    return frozenset(bundle(language)._messages)  # noqa: SLF001  fluent.runtime has no public list of keys


def file_messages(language: Language, file_name: str) -> dict[str, str]:
    """Return the plain messages of one catalogue file, for a front end."""
    resource = FluentResource((LOCALES / language.value / file_name).read_text(encoding="utf-8"))
    messages = Messages(language)
    return {entry.id.name: messages(entry.id.name) for entry in resource.body if hasattr(entry, "id")}


class Messages:
    r"""Speaks one language.

    Examples
    --------
    >>> Messages(Language.CS).percent(32.41)
    '32,4\xa0%'
    """

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **params: str | float) -> str:
        """Return the message `key` with `params` filled in; an unknown key stands for itself."""
        catalogue = bundle(self.language)
        if not catalogue.has_message(key):
            return key
        pattern = catalogue.get_message(key).value
        if pattern is None:
            return key
        text, _errors = catalogue.format_pattern(pattern, params)
        return str(text)

    def has(self, key: str) -> bool:
        """Return whether the catalogue holds `key`."""
        return bool(bundle(self.language).has_message(key))

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number in the language's spelling: `1 301 432`."""
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return str(format_decimal(value, format=pattern, locale=self.language.value))

    def percent(self, value: float, digits: int = 1) -> str:
        """Return a percentage (32.4 is 32.4 %) with a no-break space where the language has one."""
        space = "" if self.language is Language.EN else NO_BREAK_SPACE
        return f"{self.number(value, digits)}{space}%"

    def month(self, value: date) -> str:
        """Return the month of a day in words: `listopad 2026`."""
        return write_month(value, self.language)

    def quarter(self, value: str) -> str:
        """Return a quarter in words: `2026-Q4` is `4. čtvrtletí 2026`."""
        year, _, number = value.partition("-Q")
        return self("quarter-name", number=number, year=year)

    def date(self, value: date) -> str:
        """Return a day; an instant is shown as the day it was in Prague."""
        day = value.astimezone(PRAGUE).date() if isinstance(value, datetime) else value
        return write_date(day, self.language)

    def error(self, error: AppError) -> str:
        """Return the sentence for an error; an unlisted code gets the general sentence with its code."""
        key = f"error-{error.code.replace('_', '-')}"
        if not self.has(key):
            return self("error-general", code=error.code)
        return self(key, **error.params)

    def problem(self, problem: Problem) -> str:
        """Return the sentence for one finding of a validator."""
        key = f"error-{problem.code.replace('_', '-')}"
        if not self.has(key):
            return self("error-general", code=problem.code)
        return self(key, field=problem.field, row=problem.row or 0, value=problem.value, limit=problem.limit)

    def sentences(self, error: AppError) -> list[str]:
        """Return every sentence that `error` holds, without doublets."""
        if isinstance(error, ProblemsError) and error.problems:
            return list(dict.fromkeys(self.problem(problem) for problem in error.problems))
        return [self.error(error)]
