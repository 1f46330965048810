"""Provenance of a dataset: whose, of when, over what, and what it does not count."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.text import Text


class Denominator(StrEnum):
    """What a share is over. Two denominators never stand in one chart, table or ranking."""

    INHABITANTS = "inhabitants"
    CITIZENS = "citizens"
    NONE = "none"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """The card of a dataset, as `data/**/*.toml` or an import holds it.

    `series` groups the datasets that count the same thing in the same way: only they may be
    drawn as one line or subtracted. `reference_date` is the day the figures speak of;
    `date_inferred` says that the publisher did not print it.
    """

    id: str
    title: Text
    publisher: str
    source: str
    licence: str
    reference_date: date | None
    date_note: Text | None = None
    date_inferred: bool = False
    series: str = ""
    denominator: Denominator = Denominator.NONE
    denominator_note: Text | None = None
    does_not_count: Text | None = None
    count: int = 0
    sha256: str = ""
    crs: str = ""
    columns: tuple[str, ...] = ()
    path: str = ""
    imported: bool = False
    invented: bool = False
