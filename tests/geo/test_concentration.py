"""Measures of concentration: values of the sources, identities, and what is never shown."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, MixedSeriesError
from domain.text import Language, Text
from geo.concentration import available_measures, combine_results, compute_measure
from geo.concentration_values import MIN_DENOMINATOR, Thresholds, city_part_areas_km2
from geo.figures import (
    PERCENT,
    ColumnKind,
    FigureColumn,
    figure_table_from_frame,
    load_city_part_list,
    load_figure_tables,
)
from geo.measures import Measure, Status, note_line
from geo.rates import rate_per_1000

LABEL = Text(cs="Osoby", en="Persons", uk="Особи")
CODES = list(load_city_part_list().index)
FOREIGNERS = load_figure_tables()["foreigners_2019"]
NEBUSICE, KUNRATICE, PRAHA_2 = "547158", "547042", "500089"
COLUMNS = {
    "persons": FigureColumn(label=LABEL, denominator_column="base"),
    "base": FigureColumn(label=LABEL),
}


def make_table(persons, base, **changes):
    info = DatasetInfo(
        id="made", title=LABEL, publisher="MČ", source="s", licence="-", reference_date=date(2025, 1, 1),
        denominator=Denominator.INHABITANTS,
    )  # fmt: skip
    frame = pd.DataFrame({"persons": persons, "base": base}, index=CODES[: len(persons)])
    return figure_table_from_frame(replace(info, **changes), frame, COLUMNS, sums=())


tables = st.lists(
    st.integers(60, 100_000).flatmap(lambda base: st.tuples(st.integers(5, base), st.just(base))),
    min_size=2,
    max_size=57,
).map(lambda rows: make_table(*map(list, zip(*rows, strict=True))))


@pytest.mark.parametrize(("code", "share"), [(NEBUSICE, 32.4), (PRAHA_2, 23.6)])
def test_shares_over_inhabitants_are_those_of_the_sources(code, share):
    assert round(compute_measure(FOREIGNERS, Measure.SHARE).values[code], 1) == share


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("Praha-Nebušice", 48.0),
        ("Praha-Kunratice", 30.5),
        ("Praha-Dolní Měcholupy", 29.0),
        ("Praha-Zličín", 28.6),
        ("Praha-Řeporyje", 23.4),
        ("Praha-Suchdol", 19.6),
    ],
)
def test_shares_over_citizens_are_those_of_the_letters(name, share):
    code = load_city_part_list().query("name == @name").index[0]
    assert round(compute_measure(FOREIGNERS, Measure.SHARE_CITIZENS).values[code], 1) == share


def test_the_two_bases_pass_twenty_per_cent_differently():
    assert (compute_measure(FOREIGNERS, Measure.SHARE).values >= 20).sum() == 10
    assert (compute_measure(FOREIGNERS, Measure.SHARE_CITIZENS).values >= 20).sum() == 17


def test_the_two_bases_never_stand_in_one_table():
    results = [compute_measure(FOREIGNERS, measure) for measure in (Measure.SHARE, Measure.SHARE_CITIZENS)]
    with pytest.raises(MixedSeriesError, match="mixed_denominators"):
        combine_results(results)
    with pytest.raises(MixedSeriesError, match="mixed_denominators"):
        combine_results([results[1], compute_measure(FOREIGNERS, Measure.LOCATION_QUOTIENT)])


def test_measures_of_two_datasets_never_stand_in_one_table():
    census = compute_measure(load_figure_tables()["population_census_2021"], Measure.COUNT)
    with pytest.raises(MixedSeriesError, match="mixed_series"):
        combine_results([compute_measure(FOREIGNERS, Measure.COUNT), census])


@pytest.mark.parametrize("measure", available_measures(FOREIGNERS))
def test_every_result_says_over_what_whose_of_when_and_what_it_does_not_count(measure):
    result = compute_measure(FOREIGNERS, measure)
    for language, inferred in zip(Language, ("datum odvozeno", "date inferred", "дату визначено"), strict=True):
        note = result.note.to(language)
        assert FOREIGNERS.info.publisher in note
        assert inferred in note
        assert FOREIGNERS.info.does_not_count.to(language) in note
    assert "2019" in result.note.cs


def test_the_note_names_the_base():
    assert compute_measure(FOREIGNERS, Measure.SHARE).note.cs.startswith(
        "Podíl z obyvatel celkem; IPR Praha (ČSÚ, Cizinecká policie), 31.\u00a012.\u00a02019 (datum odvozeno); nezahrnuje:"
    )
    assert compute_measure(FOREIGNERS, Measure.SHARE_CITIZENS).note.cs.startswith("Podíl z občanů ČR;")
    undated = replace(FOREIGNERS.info, reference_date=None)
    assert "datum neuvedeno" in note_line(undated, Measure.COUNT, Denominator.NONE).cs


@settings(max_examples=40, deadline=None)
@given(tables)
def test_identities_of_the_measures(table):
    counts, base = table.values["persons"], table.values["base"]
    count = compute_measure(table, Measure.COUNT)
    assert count.values.sum() == counts.sum() == count.city_value
    share = compute_measure(table, Measure.SHARE)
    assert np.isclose((share.values / 100 * base).sum(), counts.sum())
    assert np.isclose(share.city_value, 100 * counts.sum() / base.sum())
    quotient = compute_measure(table, Measure.LOCATION_QUOTIENT)
    assert quotient.city_value == 1
    assert np.isclose((quotient.values * base).sum() / base.sum(), 1)
    difference = compute_measure(table, Measure.DIFFERENCE)
    assert np.isclose(difference.values.sum(), 0, atol=1e-6 * counts.sum())
    areas = city_part_areas_km2()
    density = compute_measure(table, Measure.DENSITY)
    assert np.isclose((density.values * areas[density.values.index]).sum(), counts.sum())


@settings(max_examples=25, deadline=None)
@given(tables, st.randoms(), st.sampled_from(available_measures(FOREIGNERS)))
def test_the_order_of_city_parts_changes_nothing(table, random, measure):
    order = list(table.values.index)
    random.shuffle(order)
    shuffled = replace(table, values=table.values.loc[order])
    one, other = compute_measure(table, measure), compute_measure(shuffled, measure)
    pd.testing.assert_series_equal(one.values, other.values[one.values.index], rtol=1e-9)
    assert one.units_to == other.units_to


@settings(max_examples=40, deadline=None)
@given(tables)
def test_cumulative_concentration_gathers_the_highest_shares(table):
    result = compute_measure(table, Measure.CUMULATIVE)
    counts, shares = table.values["persons"], table.values["persons"] / table.values["base"]
    for group, part in ((1, 20), (2, 50)):
        inside = result.values <= group
        assert inside.sum() == result.units_to[part]
        assert counts[inside].sum() >= counts.sum() * part / 100
        weakest = counts[inside][shares[inside] == shares[inside].min()].max()
        assert counts[inside].sum() - weakest < counts.sum() * part / 100
        if (~inside).any():
            assert shares[inside].min() >= shares[~inside].max()


def test_cumulative_concentration_of_2019():
    result = compute_measure(FOREIGNERS, Measure.CUMULATIVE)
    assert result.values[NEBUSICE] == 1
    assert 0 < result.units_to[20] < result.units_to[50] < 57


def test_a_level_needs_count_share_and_above_average_together():
    # The city: 3,900 of 20,000, that is 19.5 %.
    table = make_table([1200, 60, 600, 2040], [2500, 100, 2000, 15400])
    levels = compute_measure(table, Measure.LEVEL).values
    assert levels.tolist() == [2, 0, 1, 0]
    lower = Thresholds(share_pct=(10, 20), location_quotient=(1.1, 1.2), difference=(10, 20))
    assert compute_measure(table, Measure.LEVEL, thresholds=lower).values.tolist() == [2, 2, 2, 0]


@pytest.mark.parametrize(
    "limits",
    [{"share_pct": (10, 20)}, {"share_pct": (20, 10, 30)}, {"difference": (0, 1, 2)}, {"location_quotient": ()}],
)
def test_thresholds_that_make_no_levels_are_refused(limits):
    with pytest.raises(InvalidValueError, match="invalid_thresholds"):
        Thresholds(**limits)


def test_no_share_over_fewer_than_fifty():
    table = make_table([20, 20, 300], [MIN_DENOMINATOR - 1, MIN_DENOMINATOR, 900])
    for measure in (Measure.SHARE, Measure.LOCATION_QUOTIENT, Measure.LEVEL, Measure.CUMULATIVE):
        result = compute_measure(table, measure)
        assert result.status.tolist() == [Status.SMALL_BASE, Status.SHOWN, Status.SHOWN]
        assert result.values.isna().tolist() == [True, False, False]
    assert compute_measure(table, Measure.COUNT).values.tolist() == [20, 20, 300]
    citizens = compute_measure(table, Measure.SHARE_CITIZENS)
    assert citizens.status.tolist() == [Status.SMALL_BASE, Status.SMALL_BASE, Status.SHOWN]


@pytest.mark.parametrize("measure", available_measures(FOREIGNERS))
def test_a_small_count_and_what_gives_it_back_are_hidden_in_every_measure(measure):
    table = make_table([3, 40, 500, 700], [900, 900, 900, 900])
    result = compute_measure(table, measure)
    assert result.status.tolist() == [Status.SUPPRESSED, Status.COMPLEMENT, Status.SHOWN, Status.SHOWN]
    assert result.values.isna().tolist() == [True, True, False, False]
    assert result.counts.isna().tolist() == [True, True, False, False]
    # The citizens of a city part are its inhabitants less the hidden count.
    assert result.base is None or result.base.isna().tolist() == [True, True, False, False]
    assert "1–4" in result.note.cs


def test_a_hidden_city_total_is_not_told():
    table = make_table([2, 0], [900, 900])
    assert compute_measure(table, Measure.COUNT).city_value is None
    assert compute_measure(table, Measure.SHARE).city_value is None


def test_printed_shares_do_not_give_a_hidden_count_back():
    frame = pd.DataFrame({"persons": [3, 40, 500], "base": [900, 900, 900], "share": [0.3, 4.4, 55.6]}, index=CODES[:3])
    columns = {**COLUMNS, "share": FigureColumn(label=LABEL, unit=PERCENT, kind=ColumnKind.SHARE)}
    table = figure_table_from_frame(make_table([9], [90]).info, frame, columns)
    assert available_measures(table, "share") == (Measure.AS_PRINTED,)
    printed = compute_measure(table, Measure.AS_PRINTED, column="share")
    assert printed.values.isna().tolist() == [True, True, False]


def test_gaps_are_no_data_and_zero_is_a_number():
    table = make_table([None, 0, 500, 30], [900, 900, 900, None])
    share = compute_measure(table, Measure.SHARE)
    assert share.status.tolist() == [Status.NO_DATA, Status.SHOWN, Status.SHOWN, Status.NO_DATA]
    assert share.values.tolist()[1] == 0
    nobody = make_table([0, 0], [900, 900])
    assert compute_measure(nobody, Measure.LOCATION_QUOTIENT).status.tolist() == [Status.NO_DATA] * 2
    assert compute_measure(nobody, Measure.SHARE).values.tolist() == [0, 0]


def test_what_cannot_be_worked_out_is_refused():
    census = load_figure_tables()["population_census_2021"]
    with pytest.raises(InvalidValueError, match="measure_not_available"):
        compute_measure(census, Measure.SHARE)
    with pytest.raises(InvalidValueError, match="unknown_figure_column"):
        compute_measure(FOREIGNERS, Measure.COUNT, column="dogs")
    assert available_measures(load_figure_tables()["prague_foreigners_by_year"]) == ()
    citizens = make_table([60], [900], denominator=Denominator.CITIZENS)
    assert Measure.SHARE_CITIZENS not in available_measures(citizens)
    assert compute_measure(citizens, Measure.SHARE).note.cs.startswith("Podíl z občanů ČR")


def test_areas_are_measured_in_metres_not_degrees():
    areas = city_part_areas_km2()
    assert abs(areas.sum() - 496.18) < 0.5
    stated = load_city_part_list()["area_ha"] / 100
    assert (areas / stated - 1).abs().max() < 0.02


def test_a_rate_names_both_datasets_and_never_mixes_the_protection_series():
    all_tables = load_figure_tables()
    rate = rate_per_1000(all_tables["temporary_protection_2026-07-21"], all_tables["population_census_2021"])
    assert np.isclose(rate.city_value, 1000 * 100_458 / 1_301_432)
    for part in ("MV ČR", "21.\u00a07.\u00a02026", "ČSÚ", "26.\u00a03.\u00a02021"):
        assert part in rate.note.cs
    with pytest.raises(MixedSeriesError):
        rate_per_1000(all_tables["temporary_protection_2026-07-21"], all_tables["temporary_protection_2022-10-07"])
    early = rate_per_1000(all_tables["temporary_protection_2022-03-31"], all_tables["population_census_2021"])
    assert early.values["538078"] != early.values["538078"]
    assert early.status["538078"] == Status.SUPPRESSED


def test_where_the_city_s_sum_is_hidden_nothing_is_compared_with_it():
    """1 and 5 persons: neither they nor their sum may be told, and a quotient beside its share would tell it."""
    table = make_table([1, 5, 0, 0], [200, 300, 400, 500])
    assert compute_measure(table, Measure.COUNT).city_value is None
    for measure in (Measure.DIFFERENCE, Measure.LOCATION_QUOTIENT, Measure.LEVEL, Measure.CUMULATIVE):
        result = compute_measure(table, measure)
        assert result.values.isna().all()
        assert result.city_value is None
        assert result.units_to == {}
        assert set(result.status) <= {Status.SUPPRESSED, Status.COMPLEMENT}
    assert compute_measure(table, Measure.SHARE).values.tolist()[2:] == [0, 0]


def test_a_unit_without_a_base_is_not_told_by_what_the_others_have_together():
    """The measures are over units with a base; their sum taken from the city's would be the hidden fourth."""
    table = make_table([3, 40, 60, 9], [200, 300, 400, np.nan])
    hidden = compute_measure(table, Measure.COUNT)
    assert hidden.values.isna().tolist() == [True, False, False, True]
    assert hidden.city_value == 112
    for measure in available_measures(table):
        if measure is not Measure.COUNT:
            assert compute_measure(table, measure).city_value is None
    assert compute_measure(table, Measure.LOCATION_QUOTIENT).values.isna().all()


def test_how_many_units_hold_half_is_left_out_where_hidden_ones_would_be_among_them():
    told = compute_measure(make_table([3, 40, 300, 310], [2000, 3000, 4000, 4100]), Measure.CUMULATIVE)
    assert told.values.isna().tolist() == [True, True, False, False]
    assert told.units_to == {20: 1, 50: 2}
    # 603 of 1,203 are hidden: half of all persons ends among the hidden ones.
    untold = compute_measure(make_table([3, 600, 600], [2000, 3000, 4000]), Measure.CUMULATIVE)
    assert untold.values.isna().sum() == 2
    assert untold.units_to == {20: 1}
