"""Change over time: what the board would have said on past days, and which white spots were closed.

"As of" a past day uses what had happened *and* was recorded by the end of that day in Prague. The
need is the same for all days: a figure of another date would change two things at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from domain.coverage import DEFAULT_SETTINGS, CoverageSettings, CoverageState
from domain.errors import InvalidValueError
from geo.cell_pieces import city_part_codes
from geo.coverage import Coverage, coverage_of
from geo.coverage_attention import compute_attention
from geo.coverage_need import Need
from geo.coverage_visits import VisitColumns
from geo.freshness import PRAGUE

DAYS_A_WEEK = 7
MAX_WEEKS = 260
SHORT_OF_ATTENTION = frozenset({CoverageState.WHITE_SPOT, CoverageState.PROBABLE})
ENOUGH_ATTENTION = frozenset({CoverageState.KNOWN, CoverageState.OVER_COVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageStep:
    """What the board would have said on a day: the state of each city part that has a need.

    `observed` is the attention of all city parts together; `cold_start` says that nothing could be
    said of any.
    """

    day: date
    states: Mapping[str, CoverageState]
    observed: float
    cold_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWhiteSpot:
    """A city part that was a white spot and is one no more.

    `flagged_on` is the first step at which it was one (`flagged_before`: it may have been one
    before the first step), `closed_on` the first at which it had enough attention, `weeks` the
    weeks between, exact to a step. `organisations` are the ids of those whose visits to it came to
    be known in between, with their number, the most first; it is empty where no visit closed it but
    attention elsewhere fading away.
    """

    city_part: str
    flagged_on: date
    flagged_before: bool
    closed_on: date
    weeks: int
    organisations: tuple[tuple[str, int], ...]


def coverage_as_of(
    visits: VisitColumns, need: Need, day: date, *, today: date, settings: CoverageSettings = DEFAULT_SETTINGS
) -> Coverage:
    """Return the coverage as it would have been worked out on a past day.

    Raises
    ------
    InvalidValueError
        `as_of_in_future`.
    """
    if day > today:
        raise InvalidValueError("as_of_in_future", value=day.isoformat(), limit=today.isoformat())
    return coverage_of(compute_attention(visits, day, today=today, settings=settings), need, settings=settings)


def coverage_steps(
    visits: VisitColumns, need: Need, *, today: date, weeks: int = 26, settings: CoverageSettings = DEFAULT_SETTINGS
) -> tuple[CoverageStep, ...]:
    """Return what the board would have said week by week, the oldest first, today last.

    Parameters
    ----------
    weeks
        How far back, 1 to 260.

    Raises
    ------
    InvalidValueError
        `history_weeks_range`.
    """
    if not 1 <= weeks <= MAX_WEEKS:
        raise InvalidValueError("history_weeks_range", value=weeks, limit=MAX_WEEKS)
    days = [today - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    return tuple(_step(visits, need, day, today, settings) for day in days)


def _step(visits: VisitColumns, need: Need, day: date, today: date, settings: CoverageSettings) -> CoverageStep:
    coverage = coverage_as_of(visits, need, day, today=today, settings=settings)
    states = coverage.units["state"]
    return CoverageStep(
        day=day,
        states={str(code): CoverageState(state) for code, state in zip(states.index, states.tolist(), strict=True)},
        observed=coverage.total_observed,
        cold_start=coverage.cold_start,
    )


def closed_white_spots(
    visits: VisitColumns, organisations: Sequence[str], steps: Sequence[CoverageStep]
) -> tuple[ClosedWhiteSpot, ...]:
    """Return which white spots were closed within the steps, the latest first.

    A white spot is closed when its city part is visited as expected, or more. One of which nothing
    can be said any more (too little is expected) stays open: that is no success.

    Parameters
    ----------
    visits
        The visits from which the steps were made.
    organisations
        Ids of organisations in the order in which `visits` numbers them (`Board.organisations`).
    """
    found = []
    for code in sorted({code for step in steps for code in step.states}):
        flagged: CoverageStep | None = None
        for step in steps:
            state = step.states.get(code, CoverageState.CANNOT_TELL)
            if state is CoverageState.WHITE_SPOT and flagged is None:
                flagged = step
            elif state in ENOUGH_ATTENTION and flagged is not None:
                closed = ClosedWhiteSpot(
                    city_part=code,
                    flagged_on=flagged.day,
                    flagged_before=flagged.day == steps[0].day,
                    closed_on=step.day,
                    weeks=(step.day - flagged.day).days // DAYS_A_WEEK,
                    organisations=_who_was_there(visits, organisations, code, flagged.day, step.day),
                )
                found.append(closed)
                flagged = None
    return tuple(sorted(found, key=lambda one: (-one.closed_on.toordinal(), one.city_part)))


def open_white_spots(steps: Sequence[CoverageStep]) -> tuple[tuple[str, date], ...]:
    """Return which city parts are a white spot, sure or probable, at the last step, and since which step."""
    found = []
    for code, state in sorted(steps[-1].states.items()) if steps else []:
        if state not in SHORT_OF_ATTENTION:
            continue
        since = steps[-1].day
        for step in reversed(steps):
            if step.states.get(code) not in SHORT_OF_ATTENTION:
                break
            since = step.day
        found.append((code, since))
    return tuple(found)


def _who_was_there(
    visits: VisitColumns, organisations: Sequence[str], code: str, after: date, until: date
) -> tuple[tuple[str, int], ...]:
    """Return organisations with their visits to a city part that came to be known after a day, until another."""
    rows = np.flatnonzero((visits.part == city_part_codes().index(code)) & (visits.organisation >= 0))
    recorded = pd.Series(visits.recorded_at[rows]).dt.tz_localize("UTC").dt.tz_convert(PRAGUE)
    recorded_on = recorded.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    # A visit is known once it has happened and is recorded; without an instant, from its day on.
    known_on = np.fmax(visits.day[rows], recorded_on)
    rows = rows[(known_on > np.datetime64(after)) & (known_on <= np.datetime64(until))]
    counts = np.bincount(visits.organisation[rows], weights=visits.visits[rows], minlength=len(organisations))
    there = [(organisations[number], int(counts[number])) for number in np.flatnonzero(counts).tolist()]
    return tuple(sorted(there, key=lambda entry: (-entry[1], entry[0])))
