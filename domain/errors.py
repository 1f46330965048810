"""Errors with a stable code; `ui/` turns the code into a sentence for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class AppError(Exception):
    """Base of every error that a person may see.

    Parameters
    ----------
    code
        Stable key of the message (`error-<code>` in the catalogues).
    params
        Values that the sentence quotes.
    """

    def __init__(self, code: str, **params: str | float) -> None:
        self.code = code
        self.params: Mapping[str, str | float] = params
        quoted = ", ".join(f"{k}={v!r}" for k, v in params.items())
        super().__init__(f"{code} ({quoted})" if quoted else code)


class InvalidValueError(AppError, ValueError):
    """A value that cannot be taken as it is."""


class NotFoundError(AppError):
    """There is no such record."""


class NotPermittedError(AppError):
    """The role does not allow this."""


class DataFileError(AppError):
    """A file of data/ or an imported file is not what it says."""


class MixedSeriesError(AppError, ValueError):
    """Figures that count different things were about to stand in one series."""


class StoreError(AppError):
    """The database refused; nothing was written."""


class ConfigurationError(AppError):
    """The app must not start like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding of a validator.

    `field` names the column, form field or file; `row` the 1-based row where there is one.
    """

    code: str
    field: str = ""
    row: int | None = None
    value: str = ""
    limit: str = ""


class ProblemsError(AppError):
    """All problems of one file or form at once."""

    def __init__(self, code: str, problems: Sequence[Problem], **params: str | float) -> None:
        self.problems = tuple(problems)
        super().__init__(code, count=len(self.problems), **params)

    def __str__(self) -> str:
        lines = (f"{p.code}: {p.field} {p.row or ''} {p.value} {p.limit}".strip() for p in self.problems)
        return f"{super().__str__()}\n" + "\n".join(lines)


class StaleRevisionError(AppError):
    """Somebody else changed the record meanwhile.

    `current` holds the record as it stands now, so that both versions can be shown.
    """

    def __init__(self, current: object, *, expected: int) -> None:
        self.current = current
        super().__init__("stale_revision", expected=expected)
