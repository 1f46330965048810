"""Bundled figures: complete, equal to the published totals, and never mixed."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, MixedSeriesError, ProblemsError
from domain.text import Language, Text
from geo import figures
from geo.figure_table import detect_sums
from geo.figures import (
    ColumnKind,
    FigureColumn,
    Level,
    PartSum,
    as_time_series,
    combine,
    figure_table_from_frame,
    load_city_part_list,
    load_figure_tables,
    load_published_values,
    require_same_denominator,
    require_same_series,
    unbroken_lines,
)

TITLE = Text(cs="Žáci", en="Pupils", uk="Учні")
CODES = list(load_city_part_list().index)
PROTECTION_DATES = [
    "2022-03-31", "2022-04-30", "2022-05-31", "2022-06-30", "2022-07-31", "2022-08-31", "2022-09-30", "2022-10-07", "2026-07-21",
]  # fmt: skip


def make_info(**changes):
    info = DatasetInfo(
        id="pupils", title=TITLE, publisher="MČ", source="výkaz", licence="-", reference_date=date(2025, 9, 30)
    )
    return replace(info, **changes)


def make_table(column="pupils", values=None, **changes):
    frame = pd.DataFrame({column: values if values is not None else range(10, 67)}, index=CODES)
    return figure_table_from_frame(make_info(**changes), frame, {column: FigureColumn(label=TITLE)})


def protection(day):
    return load_figure_tables()[f"temporary_protection_{day}"]


def test_the_city_parts_are_57_with_admin_districts():
    parts = load_city_part_list()
    assert len(parts) == 57
    assert parts["admin_district"].nunique() == 22
    assert parts["is_admin_seat"].sum() == 22


@pytest.mark.parametrize(
    ("dataset", "column", "total"),
    [
        ("population_census_2021", "population", 1_301_432),
        ("foreigners_2019", "foreigners", 210_216),
        ("foreigners_2019", "population", 1_324_277),
    ],
)
def test_sums_are_the_published_totals(dataset, column, total):
    assert load_figure_tables()[dataset].values[column].sum() == total


@pytest.mark.parametrize("table", load_figure_tables().values(), ids=load_figure_tables().keys())
def test_every_table_says_whose_it_is_and_what_it_does_not_count(table):
    assert table.info.publisher
    assert table.info.source
    assert table.info.licence
    assert table.info.does_not_count is not None
    assert table.info.reference_date or table.info.date_note
    if table.level is Level.CITY_PART:
        assert sorted(table.values.index) == CODES == sorted(CODES)
        assert table.values.notna().all(axis=None)
        assert set(table.columns) == set(table.values.columns)


def test_the_inferred_date_is_said():
    info = load_figure_tables()["foreigners_2019"].info
    assert info.date_inferred
    assert "datum" in info.date_note.to(Language.CS)


def test_temporary_protection_has_one_table_per_date():
    days = [
        t.info.reference_date.isoformat() for t in load_figure_tables().values() if t.info.id.startswith("temporary")
    ]
    assert days == PROTECTION_DATES
    assert protection("2026-07-21").info.series != protection("2022-10-07").info.series


def test_persons_without_sex_stated_have_a_column_of_their_own():
    rest = pd.concat([protection(day).values["sex_not_stated"] for day in PROTECTION_DATES])
    assert (rest > 0).sum() == 38
    assert rest.max() == 6
    values = protection("2022-03-31").values
    assert (values["men"] + values["women"] + values["sex_not_stated"]).equals(values["total"])


def test_both_protection_series_never_make_one_line():
    with pytest.raises(MixedSeriesError) as caught:
        as_time_series([protection("2022-10-07"), protection("2026-07-21")])
    assert caught.value.code == "mixed_series"


def test_both_protection_series_never_stand_in_one_frame():
    with pytest.raises(MixedSeriesError, match="mixed_series"):
        combine([protection("2022-10-07"), load_figure_tables()["foreigners_2019"], protection("2026-07-21")])


def test_dates_of_2022_make_one_line_in_order():
    line = as_time_series(protection(day) for day in reversed(PROTECTION_DATES[:-1]))
    assert [day.isoformat() for day in line.columns] == PROTECTION_DATES[:-1]
    assert line.sum().is_monotonic_increasing


def test_census_and_permits_are_never_one_series():
    tables = load_figure_tables()
    with pytest.raises(MixedSeriesError):
        as_time_series([tables["population_census_2021"], tables["foreigners_2019"]], "population")
    census = make_table(series="foreigners_census", id="census")
    with pytest.raises(MixedSeriesError, match="mixed_series"):
        combine([tables["foreigners_2019"], census])


def test_a_table_without_a_series_joins_no_line():
    with pytest.raises(MixedSeriesError):
        require_same_series([make_table(id="a"), make_table(id="b")])
    require_same_series([make_table(id="a")])


def test_two_denominators_are_refused():
    inhabitants, citizens = make_info(denominator=Denominator.INHABITANTS), make_info(denominator=Denominator.CITIZENS)
    require_same_denominator([inhabitants, make_info(), inhabitants])
    with pytest.raises(MixedSeriesError, match="mixed_denominators"):
        require_same_denominator([inhabitants, make_info(), citizens])
    with pytest.raises(MixedSeriesError, match="mixed_denominators"):
        combine([load_figure_tables()["foreigners_2019"], make_table(denominator=Denominator.CITIZENS, series="icp")])


def test_other_denominators_are_the_same_only_in_the_same_words():
    pupils = make_info(denominator=Denominator.OTHER, denominator_note=TITLE)
    beds = make_info(denominator=Denominator.OTHER, denominator_note=Text(cs="Lůžka", en="Beds", uk="Ліжка"))
    require_same_denominator([pupils, replace(pupils, id="next_year")])
    with pytest.raises(MixedSeriesError):
        require_same_denominator([pupils, beds])


def test_a_time_line_needs_dates_each_once():
    one = make_table(series="s")
    with pytest.raises(InvalidValueError, match="figure_date_twice"):
        as_time_series([one, make_table(series="s", id="again")])
    with pytest.raises(InvalidValueError, match="figure_without_date"):
        as_time_series([make_table(series="s", reference_date=None)])
    with pytest.raises(InvalidValueError, match="unknown_figure_column"):
        as_time_series([one], "teachers")
    with pytest.raises(InvalidValueError, match="no_figure_table"):
        as_time_series([])
    with pytest.raises(InvalidValueError, match="no_figure_table"):
        combine([])


def test_prague_by_year_breaks_where_protection_came_in():
    table = load_figure_tables()["prague_foreigners_by_year"]
    assert table.level is Level.CITY
    lines = unbroken_lines(table, "foreigners")
    assert lines["foreigners_permits"][date(2019, 12, 31)] == 210_483
    assert list(lines["foreigners_permits_with_protection"].index) == [date(2022, 12, 31)]
    with pytest.raises(MixedSeriesError):
        combine([table, load_figure_tables()["foreigners_2019"]])


def test_prague_by_citizenship_keeps_what_is_rounded_apart():
    values = load_figure_tables()["prague_foreigners_by_citizenship"].values
    assert values.loc["2021-03-26/UA", "total"] == 54_233
    assert values.loc["2011-03-26/UA", "precision"] == "more_than"
    assert values.groupby("reference_date")["series"].nunique().eq(1).all()


def test_published_values_are_no_figure_table():
    info, frame = load_published_values()
    assert info.id not in load_figure_tables()
    assert set(frame["unit_type"]) == {"city_part", "city", "admin_district", "city_district"}
    assert set(frame.loc[frame["unit_type"] == "city_part", "code"].dropna()) <= set(CODES)


def test_a_broken_table_is_refused_with_every_problem_at_once():
    frame = pd.DataFrame(
        {"count": [5, -3, 2.5, 900, float("inf"), 7], "base": [10, 10, 10, 100, 10, 10]},
        index=["500054", "500089", "500097", "500119", "500143", "999999"],
    )
    columns = {
        "count": FigureColumn(label=TITLE, denominator_column="base"),
        "base": FigureColumn(label=TITLE),
    }
    with pytest.raises(ProblemsError) as caught:
        figure_table_from_frame(make_info(denominator=Denominator.INHABITANTS), frame, columns)
    assert {problem.code for problem in caught.value.problems} == {
        "figure_unknown_code", "figure_negative", "figure_not_whole", "figure_above_denominator", "figure_not_a_number",
    }  # fmt: skip
    assert any(problem.value.startswith("500089: -3") for problem in caught.value.problems)


def test_missing_columns_empty_tables_and_doublets_are_refused():
    column = {"pupils": FigureColumn(label=TITLE)}
    for frame, code in [
        (pd.DataFrame({"x": [1]}, index=["500054"]), "figure_column_missing"),
        (pd.DataFrame({"pupils": []}), "figure_table_empty"),
        (pd.DataFrame({"pupils": [1, 2]}, index=["500054", "500054"]), "figure_code_twice"),
        (pd.DataFrame({"pupils": ["many"]}, index=["500054"]), "figure_not_a_number"),
    ]:
        with pytest.raises(ProblemsError) as caught:
            figure_table_from_frame(make_info(), frame, column)
        assert code in {problem.code for problem in caught.value.problems}


def test_an_imported_table_may_have_gaps_and_does_not_share_the_frame():
    frame = pd.DataFrame({"pupils": [12, None]}, index=["500054", "500089"])
    table = figure_table_from_frame(make_info(), frame, {"pupils": FigureColumn(label=TITLE, kind=ColumnKind.COUNT)})
    frame.loc["500054", "pupils"] = 99
    assert table.values.loc["500054", "pupils"] == 12
    assert table.values["pupils"].isna().tolist() == [False, True]
    assert (table.main_column, table.level) == ("pupils", Level.CITY_PART)


def test_sums_among_columns_are_found():
    counts = pd.DataFrame({"total": [9, 20, 4], "men": [4, 8, 1], "women": [5, 12, 3], "flats": [7, 7, 2]})
    assert PartSum(total="total", parts=("men", "women")) in detect_sums(counts)
    assert detect_sums(counts[["men", "women", "flats"]]) == ()
    with_gap = counts.astype(float)
    with_gap.loc[0, "men"] = float("nan")
    assert PartSum(total="total", parts=("men", "women")) in detect_sums(with_gap)


def test_a_bundled_table_with_another_sum_is_refused():
    table = load_figure_tables()["foreigners_2019"]
    values = table.values.copy()
    values.iloc[0, 0] += 1
    with pytest.raises(ProblemsError) as caught:
        figures._checked(replace(table, values=values.iloc[:, :]))
    assert [problem.code for problem in caught.value.problems] == ["figure_total_differs"]
    with pytest.raises(ProblemsError, match="figure_row_missing"):
        figures._checked(replace(table, values=table.values.iloc[1:]))


def test_a_bundled_table_whose_parts_differ_is_refused():
    table = protection("2026-07-21")
    values = table.values.copy()
    values.loc["500054", "men"] += 1
    with pytest.raises(ProblemsError, match="figure_parts_differ"):
        figures._checked(replace(table, values=values))
