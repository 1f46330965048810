"""White spots: states, settings, and what an organisation declares to cover.

The method is in `docs/methods` ("White spots: three lenses"). Every number that decides something
is a setting here; `geo.coverage` does the arithmetic.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from domain.errors import InvalidValueError
from domain.text import Text

EARLIEST_VISIT = date(2000, 1, 1)
"""An earlier date is a slip of the keyboard: it is left out and reported."""


class CoverageState(StrEnum):
    """What may be said of the knowledge of a city part."""

    WHITE_SPOT = "white_spot"
    PROBABLE = "probable"
    CANNOT_TELL = "cannot_tell"
    KNOWN = "known"
    OVER_COVERED = "over_covered"


class CellState(StrEnum):
    """What may be said of a cell inside a city part."""

    NEVER = "never"
    NOTHING_FOUND = "nothing_found"
    NO_ACCESS = "no_access"
    KNOWN = "known"


class ZeroEvidence(StrEnum):
    """What finding nothing at all would mean in a unit: it depends on how much was expected."""

    NONE = "none"
    FIVE_PERCENT = "five_percent"
    ONE_PERCENT = "one_percent"


class NeedKind(StrEnum):
    """What attention is expected in proportion to."""

    FOREIGNERS = "foreigners"
    TEMPORARY_PROTECTION = "temporary_protection"
    RESIDENTS = "residents"
    EQUAL = "equal"
    OWN = "own"


class LeftOutReason(StrEnum):
    """Why a visit or a figure was not counted.

    CELL_UNREADABLE leaves out the cell only: the visit counts for its city part.
    LATER_THAN_AS_OF is no fault: on the day asked about, the visit had not happened or not been recorded.
    """

    FUTURE = "future"
    BEFORE_2000 = "before_2000"
    DATE_UNREADABLE = "date_unreadable"
    LATER_THAN_AS_OF = "later_than_as_of"
    UNKNOWN_CITY_PART = "unknown_city_part"
    CELL_UNREADABLE = "cell_unreadable"
    NEED_MISSING = "need_missing"
    NEED_ZERO = "need_zero"
    NEED_NEGATIVE = "need_negative"
    NEED_NOT_A_NUMBER = "need_not_a_number"
    NEED_TWICE = "need_twice"


class ShareBand(StrEnum):
    """Where the share of a city part stands against the threshold of the fringe rule."""

    ABOVE = "above"
    JUST_BELOW = "just_below"
    BELOW = "below"
    NO_FIGURE = "no_figure"


class ContactBand(StrEnum):
    """What is known of the contact with a town hall; NOT_STATED is never read as "none"."""

    NONE = "none"
    LONG_PAST = "long_past"
    NOT_STATED = "not_stated"
    APPROACHED = "approached"
    IN_CONTACT = "in_contact"


class StatedBy(StrEnum):
    """Who stated how the contact with a town hall stands, as the reader's organisation sees it."""

    OWN = "own"
    OTHERS = "others"
    PUBLISHED = "published"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many visits or units were left out for one reason.

    `examples` are a few of the values or codes concerned, sorted; `total` is how many there are.
    """

    reason: LeftOutReason
    total: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSettings:
    """All parameters of the model.

    Attributes
    ----------
    half_life_months
        Age at which attention counts half.
    cell_saturation
        Most attention that one cell can hold.
    dispersion_min, dispersion_max, dispersion_steps
        Grid (geometric) on which the shape `a` of the prior is estimated.
    dispersion_without_records
        `a` where there is nothing to estimate it from.
    low_ratio, high_ratio
        Below and above this multiple of the expected attention a unit is short of it, or ahead of it.
    white_spot_probability, probable_probability, over_covered_probability
        Probabilities from which the states are said.
    min_expected, strong_expected
        Expected attention from which zero means something at 5 % and at 1 %.
    interval
        Probability inside the printed interval.
    neglected_share, neglected_ratio
        The part of all units that is taken to be passed over, and the attention that such a unit
        gets on average, relative to the usual one. With a share of 0 the model is the plain
        Gamma-Poisson one.

    Raises
    ------
    InvalidValueError
        Code `invalid_coverage_setting`.

    Examples
    --------
    >>> CoverageSettings().half_life_months
    12.0
    """

    half_life_months: float = 12.0
    cell_saturation: float = 2.0
    dispersion_min: float = 0.2
    dispersion_max: float = 50.0
    dispersion_steps: int = 80
    dispersion_without_records: float = 1.0
    low_ratio: float = 0.5
    high_ratio: float = 2.0
    white_spot_probability: float = 0.8
    probable_probability: float = 0.6
    over_covered_probability: float = 0.8
    min_expected: float = 3.0
    strong_expected: float = 4.6
    interval: float = 0.8
    neglected_share: float = 0.15
    neglected_ratio: float = 0.1

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            possible = value > 0 or (value == 0 and item.name == "neglected_share")
            if not (math.isfinite(value) and possible):
                raise InvalidValueError("invalid_coverage_setting", field=item.name, value=str(value))
        if self.dispersion_steps > MAX_DISPERSION_STEPS:
            raise InvalidValueError(
                "invalid_coverage_setting", field="dispersion_steps", value=str(self.dispersion_steps)
            )
        for name in _PROBABILITIES:
            if not getattr(self, name) < 1:
                raise InvalidValueError("invalid_coverage_setting", field=name, value=str(getattr(self, name)))
        for lower, upper in _RISING:
            if not getattr(self, lower) < getattr(self, upper):
                raise InvalidValueError("invalid_coverage_setting", field=upper, value=str(getattr(self, upper)))


MAX_DISPERSION_STEPS = 1_000
_PROBABILITIES = (
    "white_spot_probability", "probable_probability", "over_covered_probability", "interval",
    "neglected_share", "neglected_ratio",
)  # fmt: skip
_RISING = (
    ("dispersion_min", "dispersion_max"),
    ("low_ratio", "high_ratio"),
    ("probable_probability", "white_spot_probability"),
    ("min_expected", "strong_expected"),
)
DEFAULT_SETTINGS = CoverageSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class FringeSettings:
    """Parameters of the fringe rule: percentages over Czech citizens, months without contact.

    `band_points` is how many percentage points under the threshold a share is still "just below".

    Raises
    ------
    InvalidValueError
        Code `invalid_coverage_setting`.
    """

    threshold_pct: float = 20.0
    band_points: float = 1.0
    long_past_months: int = 24

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not (math.isfinite(value) and value > 0):
                raise InvalidValueError("invalid_coverage_setting", field=item.name, value=str(value))


DEFAULT_FRINGE = FringeSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What a person stated about the contact with a town hall.

    `status` is a code of the vocabulary `stav_spoluprace`; `last_on` the day of the last contact, if known.
    """

    status: str
    last_on: date | None = None
    stated_by: StatedBy = StatedBy.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCoverage:
    """An organisation says that it works in a city part: knowledge of a third kind, beside visits and places.

    It is a statement, not an observation, and never enters the attention. `until` is the last day;
    None where no end was stated. `id` is a UUIDv7 made when the form opens.

    Raises
    ------
    InvalidValueError
        Code `invalid_declared_coverage` if the end is before the start or a part is empty.

    Examples
    --------
    >>> record = DeclaredCoverage(id="1", organisation_id="icp", city_part="547158", since=date(2026, 1, 1))
    >>> record.holds_on(date(2026, 7, 1)), record.holds_on(date(2025, 12, 31))
    (True, False)
    """

    id: str
    organisation_id: str
    city_part: str
    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if not (self.organisation_id and self.city_part):
            raise InvalidValueError("invalid_declared_coverage", field="organisation_id / city_part", value="")
        if self.until is not None and self.until < self.since:
            raise InvalidValueError("invalid_declared_coverage", field="until", value=self.until.isoformat())

    def holds_on(self, day: date) -> bool:
        """Return whether the statement covers a day."""
        return self.since <= day and (self.until is None or day <= self.until)


STATE_LABELS: Mapping[CoverageState, Text] = MappingProxyType(
    {
        CoverageState.WHITE_SPOT: Text(cs="bílé místo", en="white spot", uk="біла пляма"),
        CoverageState.PROBABLE: Text(
            cs="pravděpodobně bílé místo", en="probably a white spot", uk="імовірно, біла пляма"
        ),
        CoverageState.CANNOT_TELL: Text(cs="nelze říci", en="cannot tell", uk="неможливо сказати"),
        CoverageState.KNOWN: Text(cs="přiměřeně navštěvováno", en="visited as expected", uk="відвідують, як очікувано"),
        CoverageState.OVER_COVERED: Text(
            cs="navštěvováno víc než jinde", en="visited more than elsewhere", uk="відвідують частіше, ніж деінде"
        ),
    }
)
CELL_STATE_LABELS: Mapping[CellState, Text] = MappingProxyType(
    {
        CellState.NEVER: Text(cs="bez návštěvy", en="never visited", uk="ще не відвідано"),
        CellState.NOTHING_FOUND: Text(
            cs="navštíveno, nic nenalezeno", en="visited, nothing found", uk="відвідано, нічого не знайдено"
        ),
        CellState.NO_ACCESS: Text(cs="bez přístupu", en="no access", uk="немає доступу"),
        CellState.KNOWN: Text(cs="známé", en="known", uk="відомо"),
    }
)
LEFT_OUT_LABELS: Mapping[LeftOutReason, Text] = MappingProxyType(
    {
        LeftOutReason.FUTURE: Text(
            cs="návštěva má datum v budoucnosti",
            en="the visit is dated in the future",
            uk="візит має дату в майбутньому",
        ),
        LeftOutReason.BEFORE_2000: Text(
            cs="návštěva má datum před rokem 2000",
            en="the visit is dated before 2000",
            uk="візит має дату до 2000 року",
        ),
        LeftOutReason.DATE_UNREADABLE: Text(
            cs="datum návštěvy nelze přečíst",
            en="the date of the visit cannot be read",
            uk="дату візиту неможливо прочитати",
        ),
        LeftOutReason.LATER_THAN_AS_OF: Text(
            cs="v ten den ještě nebyla zapsána", en="not yet on record on that day", uk="того дня ще не було записано"
        ),
        LeftOutReason.UNKNOWN_CITY_PART: Text(
            cs="neznámá městská část", en="unknown city part", uk="невідома міська частина"
        ),
        LeftOutReason.CELL_UNREADABLE: Text(
            cs="polohu nelze přečíst, počítá se jen za městskou část",
            en="the position cannot be read, counted for the city part only",
            uk="розташування неможливо прочитати, враховано лише для міської частини",
        ),
        LeftOutReason.NEED_MISSING: Text(cs="údaj chybí", en="the figure is missing", uk="дані відсутні"),
        LeftOutReason.NEED_ZERO: Text(cs="údaj je nula", en="the figure is zero", uk="значення дорівнює нулю"),
        LeftOutReason.NEED_NEGATIVE: Text(cs="údaj je záporný", en="the figure is negative", uk="значення від’ємне"),
        LeftOutReason.NEED_NOT_A_NUMBER: Text(
            cs="údaj není číslo", en="the figure is not a number", uk="значення не є числом"
        ),
        LeftOutReason.NEED_TWICE: Text(
            cs="údaj je uveden víckrát", en="the figure is given more than once", uk="значення наведено кілька разів"
        ),
    }
)
