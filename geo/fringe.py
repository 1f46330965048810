"""Whom to write to: city parts with a high share of foreigners and no contact with their town hall.

Tiny units never reach the expected attention that would make a white spot (`geo.coverage`), so this
rule stands beside it and asks another question. The share is over Czech citizens, as ICP counts;
it never stands in one table with the shares over inhabitants on the map.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain.contacts import APPROACHED, CONTACT_VOCABULARY, NO_CONTACT, NOT_STATED, SUSPENDED
from domain.coverage import DEFAULT_FRINGE, Contact, ContactBand, FringeSettings, ShareBand, StatedBy
from domain.vocabulary import Scope, require_term
from geo.concentration import MeasureResult, compute_measure
from geo.figure_table import FigureTable
from geo.measures import Measure

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fringe:
    """The city parts against the threshold.

    `units` has one row per city part of the table, index `code`, the highest share first and those
    without a figure last: `share_pct` (over citizens; None where it may not be shown or is not
    known), `band` (`ShareBand`), `contact` (`ContactBand`), `contact_status` (the code stated),
    `contact_on` (its day, None without one), `stated_by` (`StatedBy`), `write` (above the threshold,
    contact stated as none or long past), `ask` (above it, nothing stated: ask before anybody says
    "no contact"). `measure` names the dataset, its date and denominator.
    """

    units: pd.DataFrame
    measure: MeasureResult
    settings: FringeSettings


def fringe_units(
    table: FigureTable,
    contacts: Mapping[str, Contact],
    today: date,
    *,
    settings: FringeSettings = DEFAULT_FRINGE,
) -> Fringe:
    """Apply the fringe rule.

    Parameters
    ----------
    table
        Foreigners with inhabitants as denominator (`foreigners_2019`, IPR Praha and ČSÚ).
    contacts
        What people stated, by city part; a city part that is not in it is "neuvedeno".
    today
        The day of the question: a contact is long past by it.
    settings
        Threshold, width of the band under it, months.

    Raises
    ------
    InvalidValueError
        Code `measure_not_available` if the table gives no citizens, `term_not_allowed` for an unknown
        status.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> none = {"547158": Contact(status="zadna")}
    >>> found = fringe_units(load_figure_tables()["foreigners_2019"], none, date(2026, 7, 31)).units
    >>> found.index[found["write"]].tolist(), round(found.at["547158", "share_pct"], 1)
    (['547158'], 48.0)
    """
    measure = compute_measure(table, Measure.SHARE_CITIZENS)
    share = measure.values.sort_index().sort_values(ascending=False, kind="stable", na_position="last")
    states = [contacts.get(str(code), Contact(status=NOT_STATED, stated_by=StatedBy.NOBODY)) for code in share.index]
    bands = [_band(value, settings) for value in share.tolist()]
    contact = [contact_band(state, today, settings=settings) for state in states]
    above = [band is ShareBand.ABOVE for band in bands]
    units = pd.DataFrame(
        {
            "share_pct": share.astype(object).where(share.notna(), None),
            "band": [band.value for band in bands],
            "contact": [band.value for band in contact],
            "contact_status": [state.status for state in states],
            "contact_on": pd.Series([state.last_on for state in states], index=share.index, dtype=object),
            "stated_by": [state.stated_by.value for state in states],
            "write": [
                high and band in {ContactBand.NONE, ContactBand.LONG_PAST}
                for high, band in zip(above, contact, strict=True)
            ],
            "ask": [high and band is ContactBand.NOT_STATED for high, band in zip(above, contact, strict=True)],
        },
        index=share.index,
    )
    return Fringe(units=units, measure=measure, settings=settings)


def contact_band(contact: Contact, today: date, *, settings: FringeSettings = DEFAULT_FRINGE) -> ContactBand:
    """Return what a statement about contact amounts to on a day.

    Without a date a contact is not called long past; a suspended one is. A letter that was written
    is no contact yet, and no reason to write again.

    Raises
    ------
    InvalidValueError
        Code `term_not_allowed`.

    Examples
    --------
    >>> contact_band(Contact(status="schuzka", last_on=date(2023, 1, 1)), date(2026, 7, 31)).value
    'long_past'
    """
    require_term(CONTACT_VOCABULARY, contact.status, Scope.CO_OPERATION)
    if contact.status == NOT_STATED:
        return ContactBand.NOT_STATED
    if contact.status == NO_CONTACT:
        return ContactBand.NONE
    if contact.status == SUSPENDED:
        return ContactBand.LONG_PAST
    if contact.last_on is not None and _whole_months(contact.last_on, today) >= settings.long_past_months:
        return ContactBand.LONG_PAST
    return ContactBand.APPROACHED if contact.status == APPROACHED else ContactBand.IN_CONTACT


def _band(share_pct: float, settings: FringeSettings) -> ShareBand:
    if np.isnan(share_pct):
        return ShareBand.NO_FIGURE
    if share_pct >= settings.threshold_pct:
        return ShareBand.ABOVE
    return ShareBand.JUST_BELOW if share_pct >= settings.threshold_pct - settings.band_points else ShareBand.BELOW


def _whole_months(since: date, until: date) -> int:
    months = (until.year - since.year) * _MONTHS_A_YEAR + until.month - since.month
    return months - (until.day < since.day)
