"""Classes of a choropleth: breaks, colours and labels.

Colours are ColorBrewer's YlGnBu (Cynthia Brewer, Pennsylvania State University), a sequential scale
that stays in order for colour-blind readers; its palest step is left out, since a projector shows
it as white. Natural breaks are Fisher and Jenks' optimum (mapclassify), the same for the same data.
"""

import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from babel.numbers import format_decimal

from domain.errors import InvalidValueError
from domain.text import Language, Text

MISSING_COLOUR = "#bdbdbd"
MAX_CLASSES = 5

_PALETTES: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("#41b6c4",),
        2: ("#c7e9b4", "#225ea8"),
        3: ("#c7e9b4", "#41b6c4", "#253494"),
        4: ("#c7e9b4", "#41b6c4", "#2c7fb8", "#253494"),
        5: ("#c7e9b4", "#7fcdbb", "#1d91c0", "#225ea8", "#081d58"),
    }
)
_NO_BREAK_SPACE = "\u00a0"


class ClassMethod(StrEnum):
    """How the breaks are found."""

    FIXED = "fixed"
    NATURAL = "natural"
    QUANTILES = "quantiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueClass:
    """One class: `value` is its name in the column `class` and sorts from low to high."""

    value: str
    label: Text
    colour: str
    hatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """How the numbers of a legend are written: digits after the point, and per cent or not."""

    digits: int = 0
    percent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classification:
    """`codes` has the index of the values and holds a class's `value`, or None without a number."""

    codes: "pd.Series[str]"
    classes: tuple[ValueClass, ...]
    method: ClassMethod


def classify(
    values: "pd.Series[float]",
    *,
    method: ClassMethod,
    breaks: Sequence[float] = (),
    count: int = MAX_CLASSES,
    style: NumberStyle = NumberStyle(),
) -> Classification:
    r"""Sort values into classes.

    Parameters
    ----------
    values
        Numbers; NaN where there is none to show.
    method
        With FIXED, class i holds `breaks[i-1] <= value < breaks[i]` and all classes stand in the
        legend; NATURAL and QUANTILES make at most `count` classes of what is there, and each class
        is named by its smallest and largest value.
    breaks
        Ascending; only with FIXED.
    count
        1 to 5.
    style
        How the labels write numbers.

    Raises
    ------
    InvalidValueError
        Code `invalid_breaks` (none, not ascending, more than four), `invalid_class_count`.

    Examples
    --------
    >>> shares = pd.Series([8.2, 20.0, 32.4], index=["a", "b", "c"])
    >>> found = classify(shares, method=ClassMethod.FIXED, breaks=(10, 20, 30), style=NumberStyle(percent=True))
    >>> found.codes.tolist()
    ['class_0', 'class_2', 'class_3']
    >>> found.classes[1].label.cs
    '10–20\xa0%'
    """
    known = values.dropna()
    numbers: npt.NDArray[np.float64] = np.asarray(known, dtype=np.float64)
    if method is ClassMethod.FIXED:
        _require_breaks(breaks)
        found = np.digitize(numbers, list(breaks))
        labels = _fixed_labels(breaks, style)
    else:
        if not 1 <= count <= MAX_CLASSES:
            raise InvalidValueError("invalid_class_count", value=count, limit=MAX_CLASSES)
        found = _data_classes(numbers, method, count)
        labels = _observed_labels(numbers, found, style)
    codes = pd.Series([f"class_{number}" for number in found], index=known.index, dtype=object).reindex(values.index)
    classes = tuple(
        ValueClass(value=f"class_{number}", label=label, colour=colour)
        for number, (label, colour) in enumerate(zip(labels, palette(len(labels)), strict=True))
    )
    return Classification(codes=codes.where(codes.notna(), None), classes=classes, method=method)


def palette(count: int) -> tuple[str, ...]:
    """Return `count` colours from pale to dark (ColorBrewer YlGnBu).

    Raises
    ------
    InvalidValueError
        Code `invalid_class_count` for more than five.

    Examples
    --------
    >>> palette(3)
    ('#c7e9b4', '#41b6c4', '#253494')
    """
    if count == 0:
        return ()
    if count not in _PALETTES:
        raise InvalidValueError("invalid_class_count", value=count, limit=MAX_CLASSES)
    return _PALETTES[count]


def missing_class(value: str, label: Text) -> ValueClass:
    """Return a class in hatched grey for what has no number to show.

    Examples
    --------
    >>> missing_class("no_data", Text(cs="bez údaje", en="no data", uk="немає даних")).hatched
    True
    """
    return ValueClass(value=value, label=label, colour=MISSING_COLOUR, hatched=True)


def write_number(value: float, language: Language, style: NumberStyle = NumberStyle()) -> str:
    r"""Return a number as the language writes it.

    Examples
    --------
    >>> write_number(1234.5, Language.CS, NumberStyle(digits=1))
    '1\xa0234,5'
    >>> write_number(32.41, Language.EN, NumberStyle(digits=1, percent=True))
    '32.4%'
    """
    return _plain(value, language, style) + _unit(language, style)


def _plain(value: float, language: Language, style: NumberStyle, digit: str = "#") -> str:
    pattern = "#,##0." + digit * style.digits if style.digits else "#,##0"
    return str(format_decimal(value, format=pattern, locale=language.value)).replace("-", "−")


def _unit(language: Language, style: NumberStyle) -> str:
    if not style.percent:
        return ""
    return "%" if language is Language.EN else f"{_NO_BREAK_SPACE}%"


def _require_breaks(breaks: Sequence[float]) -> None:
    ascending = all(a < b for a, b in itertools.pairwise(breaks))
    if not breaks or not ascending or len(breaks) >= MAX_CLASSES or not np.isfinite(breaks).all():
        raise InvalidValueError("invalid_breaks", value=", ".join(map(str, breaks)))


def _data_classes(numbers: npt.NDArray[np.float64], method: ClassMethod, count: int) -> npt.NDArray[np.int64]:
    """Return the class of each number, counted from 0 without gaps."""
    distinct = np.unique(numbers)
    wanted = min(count, len(distinct))
    if wanted < 2:  # noqa: PLR2004  one value is one class
        return np.zeros(len(numbers), dtype=np.int64)
    if method is ClassMethod.QUANTILES:
        bins = np.quantile(numbers, np.arange(1, wanted + 1) / wanted)
    else:
        # mapclassify takes 1.4 s to import and is needed for natural breaks alone.
        from mapclassify import FisherJenks  # noqa: PLC0415

        with warnings.catch_warnings():
            # It advises Numba; for some hundred numbers plain Python is fast enough.
            warnings.filterwarnings("ignore", message="Numba not installed")
            bins = np.asarray(FisherJenks(numbers, k=wanted).bins, dtype=float)
    found = np.searchsorted(bins, numbers, side="left").clip(max=wanted - 1)
    return np.asarray(np.unique(found, return_inverse=True)[1], dtype=np.int64)


def _fixed_labels(breaks: Sequence[float], style: NumberStyle) -> list[Text]:
    first, last = breaks[0], breaks[-1]
    low = {language: write_number(first, language, style) for language in Language}
    high = {language: write_number(last, language, style) for language in Language}
    return [
        Text(
            cs=f"méně než {low[Language.CS]}",
            en=f"less than {low[Language.EN]}",
            uk=f"менше ніж {low[Language.UK]}",
        ),
        *(_range_label(lower, upper, style) for lower, upper in itertools.pairwise(breaks)),
        Text(
            cs=f"{high[Language.CS]} a více",
            en=f"{high[Language.EN]} and more",
            uk=f"{high[Language.UK]} і більше",
        ),
    ]


def _observed_labels(
    numbers: npt.NDArray[np.float64], classes: npt.NDArray[np.int64], style: NumberStyle
) -> list[Text]:
    members = [numbers[classes == number] for number in range(classes.max(initial=-1) + 1)]
    return [_range_label(float(member.min()), float(member.max()), style, digit="0") for member in members]


def _range_label(lower: float, upper: float, style: NumberStyle, digit: str = "#") -> Text:
    texts = {}
    for language in Language:
        first, last = (_plain(value, language, style, digit) for value in (lower, upper))
        # A dash between signed numbers cannot be told from a minus.
        dash = " až " if language is Language.CS else " to " if language is Language.EN else " до "
        between = "–" if lower >= 0 else dash
        texts[language.value] = (first if first == last else f"{first}{between}{last}") + _unit(language, style)
    return Text(**texts)
