"""Which measures there are, and what is said about each: labels and the grey line under a figure."""

from collections.abc import Mapping
from enum import StrEnum

from domain.dataset import DatasetInfo, Denominator
from domain.text import Language, Text
from geo.dates import write_date


class Measure(StrEnum):
    """What is worked out from a count."""

    COUNT = "count"
    SHARE = "share"
    SHARE_CITIZENS = "share_citizens"
    DENSITY = "density"
    DIFFERENCE = "difference"
    LOCATION_QUOTIENT = "location_quotient"
    CUMULATIVE = "cumulative"
    LEVEL = "level"
    AS_PRINTED = "as_printed"


class Status(StrEnum):
    """Why a unit has no number; SHOWN where it has one."""

    SHOWN = "shown"
    SUPPRESSED = "suppressed"
    COMPLEMENT = "complement"
    SMALL_BASE = "small_base"
    NO_DATA = "no_data"


_OVER_BASE: Mapping[Denominator, Text] = {
    Denominator.INHABITANTS: Text(cs="z obyvatel celkem", en="over all inhabitants", uk="від усіх мешканців"),
    Denominator.CITIZENS: Text(cs="z občanů ČR", en="over Czech citizens", uk="від громадян ЧР"),
    Denominator.OTHER: Text(
        cs="ze základu, který uvádí zdroj", en="over the base that the source names", uk="від бази, яку називає джерело"
    ),
    Denominator.NONE: Text(cs="bez uvedeného základu", en="without a stated base", uk="без зазначеної бази"),
}
MEASURE_LABELS: Mapping[Measure, Text] = {
    Measure.COUNT: Text(cs="Počet osob", en="Number of persons", uk="Кількість осіб"),
    Measure.SHARE: Text(cs="Podíl", en="Share", uk="Частка"),
    Measure.SHARE_CITIZENS: Text(cs="Podíl z občanů ČR", en="Share over Czech citizens", uk="Частка від громадян ЧР"),
    Measure.DENSITY: Text(cs="Osob na km²", en="Persons per km²", uk="Осіб на км²"),
    Measure.DIFFERENCE: Text(cs="Rozdíl proti očekávání", en="Difference from expected", uk="Різниця від очікуваного"),
    Measure.LOCATION_QUOTIENT: Text(cs="Lokalizační kvocient", en="Location quotient", uk="Коефіцієнт локалізації"),
    Measure.CUMULATIVE: Text(cs="Kumulativní koncentrace", en="Cumulative concentration", uk="Накопичена концентрація"),
    Measure.LEVEL: Text(
        cs="Počet, podíl a nadprůměr zároveň",
        en="Count, share and above average together",
        uk="Кількість, частка й вище середнього разом",
    ),
    Measure.AS_PRINTED: Text(cs="Hodnota ze zdroje", en="Value from the source", uk="Значення з джерела"),
}
_EXPLAINED: Mapping[Measure, Text] = {
    Measure.DENSITY: Text(
        cs="plocha podle hranic IPR Praha", en="area by the boundaries of IPR Praha", uk="площа за межами IPR Praha"
    ),
    Measure.DIFFERENCE: Text(
        cs="počet minus obyvatelé krát podíl celé Prahy",
        en="count minus inhabitants times the share of all Prague",
        uk="кількість мінус мешканці, помножені на частку всієї Праги",
    ),
    Measure.LOCATION_QUOTIENT: Text(
        cs="podíl části dělený podílem celé Prahy, obojí {over}",
        en="share of the part divided by the share of all Prague, both {over}",
        uk="частка частини, поділена на частку всієї Праги, обидві {over}",
    ),
    Measure.CUMULATIVE: Text(
        cs="části od nejvyššího podílu {over}, dokud neobsáhnou 20 % a 50 % osob",
        en="parts from the highest share {over} until they hold 20% and 50% of the persons",
        uk="частини від найвищої частки {over}, доки не охоплять 20 % і 50 % осіб",
    ),
    Measure.LEVEL: Text(
        cs="tři kritéria najednou, podíl {over}; hranice stupňů jsou nastavením této aplikace",
        en="three criteria at once, share {over}; the limits of the levels are settings of this app",
        uk="три критерії одночасно, частка {over}; межі ступенів є налаштуванням цього застосунку",
    ),
}
_INFERRED = Text(cs="datum odvozeno", en="date inferred", uk="дату визначено опосередковано")
_UNDATED = Text(cs="datum neuvedeno", en="date not stated", uk="дату не вказано")
_DOES_NOT_COUNT = Text(cs="nezahrnuje:", en="does not count:", uk="не враховує:")
HIDES_SMALL = Text(
    cs="Počty 1–4 a ty, ze kterých by se daly dopočítat, jsou skryté.",
    en="Counts from 1 to 4, and those that would give them away, are hidden.",
    uk="Числа від 1 до 4 і ті, з яких їх можна обчислити, приховано.",
)


def note_line(info: DatasetInfo, measure: Measure, denominator: Denominator, *, suppressed: bool = False) -> Text:
    r"""Return the grey line: what a figure is over, whose, of when, and what it does not count.

    Parameters
    ----------
    info
        The dataset.
    measure
        What is shown.
    denominator
        What its share is over; NONE for a count.
    suppressed
        Whether small numbers are hidden in it.

    Examples
    --------
    >>> from datetime import date
    >>> info = DatasetInfo(
    ...     id="x", title=_INFERRED, publisher="ČSÚ", source="s", licence="l",
    ...     reference_date=date(2019, 12, 31), date_inferred=True,
    ... )
    >>> note_line(info, Measure.SHARE, Denominator.INHABITANTS).cs
    'Podíl z obyvatel celkem; ČSÚ, 31.\xa012.\xa02019 (datum odvozeno).'
    """
    return Text(**{lang.value: _note(info, measure, denominator, lang, suppressed=suppressed) for lang in Language})


def describe_measure(info: DatasetInfo, measure: Measure, denominator: Denominator, language: Language) -> str:
    """Return a measure with what it is over: `Podíl z obyvatel celkem`."""
    over = _OVER_BASE[denominator].to(language)
    if denominator is Denominator.OTHER and info.denominator_note is not None:
        over = f"({info.denominator_note.to(language)})"
    if measure is Measure.SHARE:
        return f"{MEASURE_LABELS[measure].to(language)} {over}"
    label = MEASURE_LABELS[measure].to(language)
    if measure is Measure.AS_PRINTED and denominator is not Denominator.NONE:
        return f"{label}, {over}"
    if measure in _EXPLAINED:
        return f"{label} ({_EXPLAINED[measure].to(language).format(over=over)})"
    return label


def write_reference_date(info: DatasetInfo, language: Language) -> str:
    """Return the day of a dataset as a person reads it; says where it is inferred or not stated."""
    if info.reference_date is None:
        return _UNDATED.to(language)
    day = write_date(info.reference_date, language)
    return f"{day} ({_INFERRED.to(language)})" if info.date_inferred else day


def _note(
    info: DatasetInfo, measure: Measure, denominator: Denominator, language: Language, *, suppressed: bool
) -> str:
    head = describe_measure(info, measure, denominator, language)
    line = f"{head}; {info.publisher}, {write_reference_date(info, language)}"
    if info.does_not_count is not None:
        line += f"; {_DOES_NOT_COUNT.to(language)} {info.does_not_count.to(language)}"
    line = f"{line.rstrip('.')}."
    return f"{line} {HIDES_SMALL.to(language)}" if suppressed else line
