"""Rows of a table to city parts: what joined, what did not and why, and whether the totals hold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from domain.errors import DataFileError, InvalidValueError, Problem
from geo.table_cells import Cell, DecimalMark, NumberReading, Reading, decide_decimal_mark, read_number, text_of
from geo.tables import RawRow, RawTable
from geo.unit_names import Division, UnitMatch, UnitState, city_part_names, fold, match_unit

LEAVE_OUT = ""
BLOCKING = frozenset({"table_decimal_mark_unclear", "table_duplicate_unit", "table_nothing_joined"})
"""Problems that a person must settle before the table can be stored."""

_MAX_SUGGESTED_ROWS = 200
_MAX_DECIMALS = 6
_SHARE_LABEL = ("%", "podil", "procent", "prumer", "hustota", "index", "na 1 000", "na 1000", "na 100", "share", "rate")
_PROBLEM_OF_READING: Mapping[Reading, str] = MappingProxyType(
    {
        Reading.TEXT: "table_text_not_number",
        Reading.ERROR: "table_formula_error",
        Reading.SUPPRESSED: "table_suppressed",
    }
)


class NotJoinedReason(StrEnum):
    """Why a row is not among the figures."""

    UNKNOWN = "unknown"
    NO_NAME = "no_name"
    DISTRICT = "district"
    REMAINDER = "remainder"
    DUPLICATE = "duplicate"
    LEFT_OUT = "left_out"


class TotalState(StrEnum):
    """How a row of totals compares with the sum of the rows."""

    MATCHES = "matches"
    DIFFERS = "differs"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What a person decided about one file.

    `numbered_means` says which division "Praha 4" is of (None: not asked yet). `rows` gives the code
    of a city part, or `LEAVE_OUT`, for rows by their number in the file. `decimal_mark` is needed
    only where the file leaves it open.
    """

    numbered_means: Division | None = None
    rows: Mapping[int, str] = field(default_factory=dict)
    decimal_mark: DecimalMark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJoined:
    """A row that stands for no city part. `suggestions` are codes with a similar name."""

    row: int
    text: str
    reason: NotJoinedReason
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCheck:
    """A total as the file states it and as its rows sum up (districts left out of the sum).

    INCOMPLETE: some rows have no value, so that the sum may well be smaller than the total.
    """

    row: int
    column: str
    stated: float
    computed: float
    state: TotalState


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedTable:
    """Figures by city part.

    `values` is code -> column id -> number or None; `percent` are the columns of shares in percent
    (32.4 is 32.4 %); `missing` are the codes that no row stands for. `asks_division` says that
    "Praha 4" has to be explained first: then nothing is joined.
    """

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, float | None]]
    percent: frozenset[str] = frozenset()
    not_joined: tuple[NotJoined, ...] = ()
    missing: tuple[str, ...] = ()
    totals: tuple[TotalCheck, ...] = ()
    problems: tuple[Problem, ...] = ()
    asks_division: bool = False
    division_hint: Division | None = None

    @property
    def is_ready(self) -> bool:
        """Return whether nothing is left to be decided."""
        return not self.asks_division and not any(problem.code in BLOCKING for problem in self.problems)


@dataclass(slots=True, kw_only=True)
class _Sorted:
    """Rows by what they stand for."""

    units: dict[str, list[RawRow]] = field(default_factory=dict)
    totals: list[RawRow] = field(default_factory=list)
    summed: list[RawRow] = field(default_factory=list)
    not_joined: list[NotJoined] = field(default_factory=list)


def join_to_city_parts(
    raw: RawTable, key_column: str, value_columns: Sequence[str], decisions: Decisions | None = None
) -> JoinedTable:
    r"""Join the rows of a table to the 57 city parts.

    Parameters
    ----------
    raw
        A table read by `geo.tables.read_table`.
    key_column
        Id of the column that names the rows.
    value_columns
        Ids of the columns of numbers.
    decisions
        What a person decided; see `Decisions`.

    Returns
    -------
    JoinedTable
        With everything that was found, row by row. Nothing is guessed: a row whose name is not
        known exactly is not joined, and districts are never split over city parts.

    Raises
    ------
    DataFileError
        Codes `table_per_district` (the figures are per správní obvod or městský obvod),
        `table_unknown_column`.
    InvalidValueError
        Code `import_no_value_column`, or `unknown_city_part` where a decision names no city part.

    Examples
    --------
    >>> from geo.tables import read_table
    >>> raw = read_table(b"MC;pocet\nMC Praha 4;10\nLibus;5\nCelkem;15\n", "a.csv")
    >>> joined = join_to_city_parts(raw, "mc", ["pocet"])
    >>> dict(joined.values["547051"]), joined.totals[0].state
    ({'pocet': 5.0}, <TotalState.MATCHES: 'matches'>)
    """
    decisions = decisions or Decisions()
    wanted = [column for column in dict.fromkeys(value_columns) if column != key_column]
    if not wanted:
        raise InvalidValueError("import_no_value_column")
    names = {column: raw.column(column).name for column in wanted}
    matches = _match_rows(raw, key_column)
    _refuse_districts(matches, decisions)
    if _asks_division(matches, decisions):
        return JoinedTable(columns=names, values={}, asks_division=True, division_hint=_hint(matches))
    found = _sort_rows(matches, decisions)
    problems = list(raw.problems)
    readings = _read_columns(raw, wanted, decisions, names, problems)
    values = _values_of_units(found, readings, problems, key_column)
    if not values:
        problems.append(Problem(code="table_nothing_joined"))
    percent = _percent_columns(names, readings)
    summed = [column for column in wanted if column not in percent and not _is_share_label(names[column])]
    totals = _check_totals(found, readings, summed)
    problems += _differing(totals, names)
    return JoinedTable(
        columns=names, values=MappingProxyType(values), percent=percent, not_joined=tuple(found.not_joined),
        missing=tuple(code for code in city_part_names() if code not in values), totals=totals,
        problems=tuple(problems), division_hint=_hint(matches),
    )  # fmt: skip


def _match_rows(raw: RawTable, key_column: str) -> list[tuple[RawRow, UnitMatch]]:
    """Return what each row names; suggestions are looked up for the first unknown rows only."""
    raw.column(key_column)
    found, unknown = [], 0
    for row in raw.rows:
        cell = row.cells[key_column]
        if cell is None:
            # A row of totals has no code: its name stands in another column.
            cell = next((other for other in row.cells.values() if _names_something(other)), None)
        text = cell if isinstance(cell, float) else text_of(cell)
        match = match_unit(text, suggest=unknown < _MAX_SUGGESTED_ROWS)
        unknown += match.state is UnitState.UNKNOWN
        found.append((row, match))
    return found


def _names_something(cell: Cell) -> bool:
    return isinstance(cell, str) and match_unit(cell, suggest=False).state is not UnitState.UNKNOWN


def _hint(matches: Sequence[tuple[RawRow, UnitMatch]]) -> Division | None:
    """Return which division a file with "Praha 4" seems to be of, to be said beside the question."""
    if any(match.state is UnitState.EXACT for _, match in matches):
        return Division.CITY_PART
    numbers = {match.number for _, match in matches if match.state is UnitState.AMBIGUOUS}
    if numbers == set(range(1, 11)):
        return Division.OBVOD
    return Division.ADMIN_DISTRICT if numbers == set(range(1, 23)) else None


def _asks_division(matches: Sequence[tuple[RawRow, UnitMatch]], decisions: Decisions) -> bool:
    """Return whether some "Praha 4" is still to be explained, for all rows or for its own."""
    undecided = any(m.state is UnitState.AMBIGUOUS and row.number not in decisions.rows for row, m in matches)
    return undecided and decisions.numbered_means is None


def _refuse_districts(matches: Sequence[tuple[RawRow, UnitMatch]], decisions: Decisions) -> None:
    """Raise where the figures are per district: no key says how they fall on city parts."""
    states = [match.state for _, match in matches]
    only_districts = UnitState.DISTRICT in states and not {UnitState.EXACT, UnitState.AMBIGUOUS} & set(states)
    numbered = UnitState.AMBIGUOUS in states and decisions.numbered_means not in {None, Division.CITY_PART}
    if only_districts or numbered:
        raise DataFileError("table_per_district")


def _sort_rows(matches: Sequence[tuple[RawRow, UnitMatch]], decisions: Decisions) -> _Sorted:
    """Sort the rows by what they stand for, after the person's decisions."""
    found = _Sorted()
    for row, match in matches:
        decided = decisions.rows.get(row.number)
        if decided:
            if decided not in city_part_names():
                raise InvalidValueError("unknown_city_part", value=decided)
            _add_unit(found, decided, row)
        elif decided == LEAVE_OUT:
            found.not_joined.append(NotJoined(row=row.number, text=match.text, reason=NotJoinedReason.LEFT_OUT))
        elif match.code and match.state in {UnitState.EXACT, UnitState.AMBIGUOUS}:
            _add_unit(found, match.code, row)
        elif match.state is UnitState.TOTAL:
            found.totals.append(row)
        else:
            if match.state is not UnitState.DISTRICT:
                found.summed.append(row)
            reason = NotJoinedReason(match.state.value) if match.text else NotJoinedReason.NO_NAME
            found.not_joined.append(
                NotJoined(row=row.number, text=match.text, reason=reason, suggestions=match.suggestions)
            )
    return found


def _add_unit(found: _Sorted, code: str, row: RawRow) -> None:
    found.units.setdefault(code, []).append(row)
    found.summed.append(row)


def _read_columns(
    raw: RawTable, wanted: Sequence[str], decisions: Decisions, names: Mapping[str, str], problems: list[Problem]
) -> dict[int, dict[str, NumberReading]]:
    """Return each cell as a number, by row number and column; report what is none."""
    mark = decisions.decimal_mark or decide_decimal_mark([raw.cells_of(column) for column in wanted])
    if mark is None:
        problems.append(Problem(code="table_decimal_mark_unclear", value=_example(raw, wanted)))
        mark = DecimalMark.COMMA
    readings: dict[int, dict[str, NumberReading]] = {}
    for row in raw.rows:
        readings[row.number] = {}
        for column in wanted:
            cell = row.cells[column]
            reading = readings[row.number][column] = read_number(cell, mark)
            code = _PROBLEM_OF_READING.get(reading.reading)
            if reading.value is not None and reading.value < 0:
                code = "table_negative"
            if code:
                problems.append(Problem(code=code, field=names[column], row=row.number, value=text_of(cell)[:60]))
    return readings


def _example(raw: RawTable, wanted: Sequence[str]) -> str:
    """Return a text with a mark that may be read in two ways."""
    cells: list[Cell] = [cell for column in wanted for cell in raw.cells_of(column)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    return next((text_of(text) for text in texts if decide_decimal_mark([[text]]) is None), "")


def _values_of_units(
    found: _Sorted, readings: Mapping[int, Mapping[str, NumberReading]], problems: list[Problem], key: str
) -> dict[str, Mapping[str, float | None]]:
    """Return the figures by code; of rows that say the same twice one is taken."""
    values: dict[str, Mapping[str, float | None]] = {}
    for code, rows in found.units.items():
        first, *others = rows
        values[code] = {column: reading.value for column, reading in readings[first.number].items()}
        for row in others:
            found.summed.remove(row)
            text = text_of(row.cells[key])
            found.not_joined.append(NotJoined(row=row.number, text=text, reason=NotJoinedReason.DUPLICATE))
            again = {column: reading.value for column, reading in readings[row.number].items()}
            if again != values[code]:
                name = city_part_names()[code]
                problems.append(
                    Problem(code="table_duplicate_unit", row=row.number, value=name, limit=str(first.number))
                )
    found.not_joined.sort(key=lambda item: item.row)
    return values


def _percent_columns(names: Mapping[str, str], readings: Mapping[int, Mapping[str, NumberReading]]) -> frozenset[str]:
    """Return the columns of shares in percent: the heading or a cell says so."""
    return frozenset(
        column
        for column, name in names.items()
        if "%" in name or any(reading[column].percent for reading in readings.values())
    )


def _is_share_label(label: str) -> bool:
    """Return whether a column holds shares or means, which do not add up."""
    return "%" in label or any(word in fold(label) for word in _SHARE_LABEL)


def _check_totals(
    found: _Sorted, readings: Mapping[int, Mapping[str, NumberReading]], columns: Sequence[str]
) -> tuple[TotalCheck, ...]:
    """Compare each row of totals with the sum of the rows, column by column."""
    checks = []
    for row in found.totals:
        for column in columns:
            stated = readings[row.number][column].value
            if stated is None:
                continue
            parts = [readings[part.number][column].value for part in found.summed]
            known = [value for value in parts if value is not None]
            computed = math.fsum(known)
            tolerance = _rounding(known) * (len(known) + 1)
            state = TotalState.MATCHES if abs(stated - computed) <= tolerance else TotalState.DIFFERS
            if state is TotalState.DIFFERS and len(known) < len(parts) and computed < stated:
                state = TotalState.INCOMPLETE
            computed = round(computed, _MAX_DECIMALS)
            checks.append(TotalCheck(row=row.number, column=column, stated=stated, computed=computed, state=state))
    return tuple(checks)


def _differing(totals: Sequence[TotalCheck], names: Mapping[str, str]) -> list[Problem]:
    """Return a problem for each total that is not the sum of its rows."""
    return [
        Problem(code="table_total_differs", field=names[check.column], row=check.row,
                value=text_of(check.stated), limit=text_of(check.computed))
        for check in totals if check.state is TotalState.DIFFERS
    ]  # fmt: skip


def _rounding(values: Sequence[float]) -> float:
    """Return half a unit of the last decimal place used; nothing for whole numbers."""
    places = max((len(repr(v).partition(".")[2]) for v in values if not v.is_integer()), default=0)
    return 0.5 * 10.0 ** -min(places, _MAX_DECIMALS) if places else 1e-9
