from datetime import date

import pandas as pd
import pytest

from domain.coverage import Contact, ContactBand, FringeSettings, ShareBand
from domain.dataset import Denominator
from domain.errors import InvalidValueError
from geo.figure_table import figure_table_from_frame
from geo.figures import load_figure_tables
from geo.fringe import contact_band, fringe_units
from geo.places_data import load_cooperation

TODAY = date(2026, 7, 31)
NEBUSICE, KUNRATICE, MECHOLUPY, ZLICIN, REPORYJE, SUCHDOL = "547158", "547042", "547379", "539899", "539635", "547271"
WITHOUT_CONTACT_BEFORE_THE_LETTERS = (NEBUSICE, REPORYJE, ZLICIN, SUCHDOL, KUNRATICE, MECHOLUPY)


@pytest.fixture(scope="module")
def table():
    return load_figure_tables()["foreigners_2019"]


def published():
    """The state that ICP published, in which the six have answered."""
    return {code: Contact(status=status) for code, status in load_cooperation()["status"].items()}


def before_the_letters():
    return published() | {code: Contact(status="zadna") for code in WITHOUT_CONTACT_BEFORE_THE_LETTERS}


def test_before_the_letters_those_whose_share_passes_are_found(table):
    units = fringe_units(table, before_the_letters(), TODAY).units
    found = units[units["write"]]
    assert found.index.tolist() == [NEBUSICE, KUNRATICE, MECHOLUPY, ZLICIN, REPORYJE]
    assert [round(share, 1) for share in found["share_pct"]] == [48.0, 30.5, 29.0, 28.6, 23.4]
    assert units.loc[SUCHDOL, ["band", "write", "ask"]].tolist() == [ShareBand.JUST_BELOW, False, False]
    assert round(units.loc[SUCHDOL, "share_pct"], 1) == 19.6
    assert units.index[units["band"] == ShareBand.JUST_BELOW].tolist() == [SUCHDOL]


def test_seventeen_pass_the_threshold_over_citizens(table):
    fringe = fringe_units(table, {}, TODAY)
    above = fringe.units[fringe.units["band"] == ShareBand.ABOVE]
    assert len(above) == 17
    assert fringe.measure.denominator is Denominator.CITIZENS
    assert fringe.measure.info.id == "foreigners_2019"
    citizens = table.values["population"] - table.values["foreigners"]
    expected = 100 * table.values["foreigners"] / citizens
    assert (above["share_pct"].astype(float) - expected[above.index]).abs().max() < 1e-9


def test_after_the_letters_nobody_of_the_six_is_written_to_again(table):
    units = fringe_units(table, published(), TODAY).units
    assert not units["write"].any()


def test_nothing_stated_is_asked_about_and_never_called_none(table):
    units = fringe_units(table, {}, TODAY).units
    assert set(units["contact"]) == {ContactBand.NOT_STATED}
    assert not units["write"].any()
    assert units["ask"].sum() == 17


def test_the_threshold_and_its_band_are_settings(table):
    contacts = before_the_letters()
    lower = fringe_units(table, contacts, TODAY, settings=FringeSettings(threshold_pct=19.0)).units
    assert lower.loc[SUCHDOL, "write"]
    narrow = fringe_units(table, contacts, TODAY, settings=FringeSettings(band_points=0.3)).units
    assert narrow.loc[SUCHDOL, "band"] == ShareBand.BELOW
    with pytest.raises(InvalidValueError, match="invalid_coverage_setting"):
        FringeSettings(threshold_pct=0)


@pytest.mark.parametrize(
    ("contact", "band"),
    [
        (Contact(status="neuvedeno"), ContactBand.NOT_STATED),
        (Contact(status="zadna"), ContactBand.NONE),
        (Contact(status="pozastaveno"), ContactBand.LONG_PAST),
        (Contact(status="pravidelny_kontakt"), ContactBand.IN_CONTACT),
        (Contact(status="osloveno", last_on=date(2024, 7, 31)), ContactBand.LONG_PAST),
        (Contact(status="osloveno", last_on=date(2024, 8, 1)), ContactBand.APPROACHED),
        (Contact(status="schuzka", last_on=date(2024, 7, 31)), ContactBand.LONG_PAST),
        (Contact(status="schuzka", last_on=date(2024, 8, 1)), ContactBand.IN_CONTACT),
    ],
)
def test_contact_by_what_was_stated(contact, band):
    assert contact_band(contact, TODAY) is band


def test_an_unknown_state_of_contact_is_refused(table):
    with pytest.raises(InvalidValueError, match="term_not_allowed"):
        fringe_units(table, {NEBUSICE: Contact(status="snad")}, TODAY)


def test_units_without_a_figure_come_last_and_are_not_judged(table):
    values = table.values.copy().astype(float)
    values.loc[NEBUSICE, "foreigners"] = float("nan")
    values.loc[SUCHDOL, ["foreigners", "population"]] = [20.0, 45.0]
    changed = figure_table_from_frame(table.info, values, table.columns, sums=())
    units = fringe_units(changed, before_the_letters(), TODAY).units
    assert set(units.index[-2:]) == {NEBUSICE, SUCHDOL}
    assert units.loc[[NEBUSICE, SUCHDOL], "band"].tolist() == [ShareBand.NO_FIGURE] * 2
    assert units.loc[[NEBUSICE, SUCHDOL], "share_pct"].tolist() == [None, None]
    assert not units.loc[[NEBUSICE, SUCHDOL], "write"].any()


def test_a_table_without_citizens_is_refused():
    with pytest.raises(InvalidValueError, match="measure_not_available"):
        fringe_units(load_figure_tables()["population_census_2021"], {}, TODAY)


def test_the_order_of_the_rows_does_not_matter(table):
    turned = figure_table_from_frame(table.info, table.values.iloc[::-1], table.columns, sums=())
    one, other = (fringe_units(each, before_the_letters(), TODAY).units for each in (table, turned))
    pd.testing.assert_frame_equal(one, other)
