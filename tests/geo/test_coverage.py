import time
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from domain.coverage import (
    CELL_STATE_LABELS,
    LEFT_OUT_LABELS,
    STATE_LABELS,
    CellState,
    CoverageSettings,
    CoverageState,
    DeclaredCoverage,
    LeftOutReason,
    NeedKind,
    ZeroEvidence,
)
from domain.errors import InvalidValueError
from geo.cell_pieces import city_part_codes, piece_table
from geo.cells import cell_name, cells_of_city_part
from geo.coverage import changed_units, coverage_of, estimate
from geo.coverage_attention import compute_attention, free_months
from geo.coverage_cells import cell_states
from geo.coverage_knowledge import knowledge_of
from geo.coverage_model import expected_attention, fit_dispersion, posterior, probability_low
from geo.coverage_need import clean_need, load_need
from geo.coverage_plan import LEAST_DROP, outing_gains, plan_outings, what_if
from geo.coverage_visits import visit_columns
from geo.crs import area_km2
from geo.figures import load_figure_tables

from .coverage_reference import any_cells
from .coverage_reference import posterior as integrated

PRAHA_1, PRAHA_4, NEBUSICE, LIBUS = "500054", "500119", "547158", "547051"
TODAY = date(2026, 7, 31)
CODES = city_part_codes()
PLAIN = CoverageSettings(neglected_share=0)
NEED = load_need(NeedKind.FOREIGNERS)
NUMBERS = ["observed", "expected", "mean", "low", "high", "p_low", "p_high", "certainty", "people_in_gap"]


def attention(rows, as_of=TODAY, today=None, settings=None):
    frame = pd.DataFrame(
        rows, columns=["city_part", "cell", "happened_on", *(["recorded_at"] if rows and len(rows[0]) == 4 else [])]
    )
    return compute_attention(visit_columns(frame), as_of, today=today, settings=settings or CoverageSettings())


def left_out(result):
    return {item.reason: item.total for item in result.left_out}


def cells_of(code):
    return cells_of_city_part(code, 9).index.tolist()


def even(total):
    """Attention exactly in proportion to need."""
    return total * NEED.values / NEED.values.sum()


# --- attention -----------------------------------------------------------------------------------


def test_ten_visits_to_one_cell_in_a_month_are_one():
    cell = cells_of(PRAHA_4)[3]
    once = attention([(PRAHA_4, cell, "2026-07-01")])
    often = attention([(PRAHA_4, cell, f"2026-07-{day:02d}") for day in range(1, 11)])
    assert once.observed[PRAHA_4] == often.observed[PRAHA_4] == 1.0
    assert often.cells.loc[0, ["months", "visits"]].tolist() == [1, 10]


def test_attention_halves_in_a_year_and_counts_whole_months():
    cell = cells_of(PRAHA_4)[3]
    assert attention([(PRAHA_4, cell, "2025-07-31")]).observed[PRAHA_4] == 0.5
    assert attention([(PRAHA_4, cell, "2025-07-01")]).observed[PRAHA_4] == 0.5
    assert (
        attention([(PRAHA_4, cell, "2026-04-15")], settings=CoverageSettings(half_life_months=3)).observed[PRAHA_4]
        == 0.5
    )


def test_a_cell_saturates_and_its_neighbour_does_not():
    first, second = cells_of(PRAHA_4)[3:5]
    months = [f"2026-{month:02d}-01" for month in range(1, 8)]
    result = attention([(PRAHA_4, first, month) for month in months])
    assert result.observed[PRAHA_4] == 2.0
    assert result.cells.loc[0, "raw"] > 5
    assert attention([(PRAHA_4, first, m) for m in months] + [(PRAHA_4, second, "2026-07-01")]).observed[PRAHA_4] == 3.0


def test_a_visit_known_only_to_its_city_part_is_one_pseudo_cell():
    rows = [(PRAHA_4, None, "2026-07-01"), (PRAHA_4, "", "2026-07-09"), (PRAHA_4, None, "2026-06-01")]
    result = attention(rows)
    assert result.observed[PRAHA_4] == pytest.approx(1 + 0.5 ** (1 / 12))
    assert result.cells["cell"].tolist() == [""]
    assert result.units.loc[PRAHA_4, ["visits", "visited_cells"]].tolist() == [3, 0]


def test_cells_of_two_city_parts_and_finer_cells_count_where_the_visit_was():
    table = piece_table(9)
    named, how_often = np.unique(table.cells, return_counts=True)
    shared = named[how_often > 1][0]
    parts = [table.codes[number] for number in table.city_parts[table.cells == shared]]
    result = attention([(part, cell_name(shared), "2026-07-01") for part in parts])
    assert [result.observed[part] for part in parts] == [1.0] * len(parts)
    fine = "8a1e3541aa27fff"
    assert (
        attention([(PRAHA_1, fine, "2026-07-01")]).cells["piece"].tolist()
        == attention([(PRAHA_1, "891e3541aa3ffff", "2026-07-01")]).cells["piece"].tolist()
    )


def test_a_visit_that_found_nothing_counts():
    frame = pd.DataFrame({"city_part": [LIBUS], "happened_on": ["2026-07-01"], "outcome": ["nic_nenalezeno"]})
    assert compute_attention(visit_columns(frame), TODAY).observed[LIBUS] == 1.0


def test_what_cannot_be_counted_is_left_out_with_its_reason():
    cell = cells_of(LIBUS)[0]
    rows = [
        (LIBUS, cell, "2026-07-31"),
        (LIBUS, cell, "2026-08-01"),
        (LIBUS, cell, "1999-12-31"),
        (LIBUS, cell, "yesterday"),
        (LIBUS, cell, None),
        ("999999", cell, "2026-07-01"),
        (None, cell, "2026-07-01"),
        (LIBUS, "no cell", "2026-06-01"),
        (LIBUS, "891f1d48177ffff", "2026-06-01"),
    ]
    result = attention(rows)
    assert left_out(result) == {
        LeftOutReason.UNKNOWN_CITY_PART: 2,
        LeftOutReason.DATE_UNREADABLE: 2,
        LeftOutReason.FUTURE: 1,
        LeftOutReason.BEFORE_2000: 1,
        LeftOutReason.CELL_UNREADABLE: 2,
    }
    examples = {item.reason: item.examples for item in result.left_out}
    assert examples[LeftOutReason.FUTURE] == ("2026-08-01",)
    assert examples[LeftOutReason.DATE_UNREADABLE] == ("yesterday", "")
    assert "no cell" in examples[LeftOutReason.CELL_UNREADABLE]
    # The two without a readable cell still count for their city part, in its pseudo-cell.
    assert result.observed[LIBUS] == pytest.approx(1 + 0.5 ** (1 / 12))


def test_the_first_of_2000_counts_and_the_future_is_measured_by_today():
    cell = cells_of(LIBUS)[0]
    assert not left_out(attention([(LIBUS, cell, "2000-01-01")]))
    past = attention([(LIBUS, cell, "2026-07-30"), (LIBUS, cell, "2026-09-01")], as_of=date(2026, 1, 1), today=TODAY)
    assert left_out(past) == {LeftOutReason.LATER_THAN_AS_OF: 1, LeftOutReason.FUTURE: 1}


def test_as_of_a_past_day_uses_what_was_dated_and_recorded_by_then():
    cells = cells_of(LIBUS)
    rows = [
        (LIBUS, cells[0], "2026-03-01", datetime(2026, 3, 2, tzinfo=UTC)),
        (LIBUS, cells[1], "2026-03-01", datetime(2026, 7, 1, tzinfo=UTC)),
        (LIBUS, cells[2], "2026-06-01", datetime(2026, 6, 1, tzinfo=UTC)),
    ]
    then = attention(rows, as_of=date(2026, 3, 31), today=TODAY)
    assert then.observed[LIBUS] == 1.0
    assert left_out(then) == {LeftOutReason.LATER_THAN_AS_OF: 2}
    assert attention(rows).units.loc[LIBUS, "visits"] == 3


def test_the_day_of_recording_ends_at_midnight_in_prague():
    cell = cells_of(LIBUS)[0]
    late, later = datetime(2026, 7, 31, 21, 59, tzinfo=UTC), datetime(2026, 7, 31, 22, 0, tzinfo=UTC)
    assert attention([(LIBUS, cell, "2026-07-31", late)]).observed[LIBUS] == 1.0
    assert attention([(LIBUS, cell, "2026-07-31", later)]).observed[LIBUS] == 0.0


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 7, 1),
        datetime(2026, 7, 1, 9, tzinfo=UTC),
        "2026-07",
        "2026-07-01",
        np.datetime64("2026-07-01"),
        pd.Period("2026-07"),
    ],
)
def test_days_are_read_in_every_form(value):
    columns = visit_columns(pd.DataFrame({"city_part": [LIBUS], "happened_on": pd.Series([value], dtype=object)}))
    assert columns.day.astype(str).tolist() == ["2026-07-01"]


def test_rows_grouped_beforehand_say_the_same():
    cell = cells_of(LIBUS)[0]
    single = pd.DataFrame(
        {"city_part": LIBUS, "cell": cell, "happened_on": "2026-07", "organisation_id": ["a", "a", "b"]}
    )
    grouped = pd.DataFrame(
        {"city_part": LIBUS, "cell": cell, "happened_on": "2026-07", "organisation_id": ["a", "b"], "visits": [2, 1]}
    )
    one, other = (compute_attention(visit_columns(frame), TODAY) for frame in (single, grouped))
    pd.testing.assert_frame_equal(one.cells, other.cells)
    pd.testing.assert_frame_equal(one.units, other.units)
    assert one.units.loc[LIBUS, ["visits", "organisations", "age_months"]].tolist() == [3, 2, 0]


def test_columns_may_be_categorical():
    cells = cells_of(LIBUS)
    plain = pd.DataFrame(
        {
            "city_part": [LIBUS, PRAHA_1, None, LIBUS],
            "cell": [cells[0], None, None, cells[1]],
            "happened_on": np.array(["2026-07-01", "2026-06-01", "2026-06-01", "2026-05-01"], dtype="datetime64[s]"),
            "organisation_id": ["a", "b", "a", None],
            "outcome": ["nikdo", "predani", "nikdo", "vstup_odepren"],
            "recorded_at": np.array(["2026-07-02T10:00:00"] * 4, dtype="datetime64[s]"),
        }
    )
    packed = plain.astype(dict.fromkeys(("city_part", "cell", "organisation_id", "outcome"), "category"))
    one, other = (compute_attention(visit_columns(frame), TODAY) for frame in (plain, packed))
    pd.testing.assert_frame_equal(one.cells, other.cells)
    pd.testing.assert_frame_equal(one.units, other.units)
    assert one.left_out == other.left_out
    assert dict(zip(one.cells["cell"], one.cells["finding"], strict=True)) == {
        cells[0]: "nothing_found",
        cells[1]: "no_access",
        "": "known",
    }


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pd.DataFrame({"city_part": [LIBUS]}), "visit_column_missing"),
        (pd.DataFrame({"city_part": [LIBUS], "happened_on": ["2026-07"], "visits": [0]}), "invalid_visit_counts"),
        (pd.DataFrame({"city_part": [LIBUS], "happened_on": ["2026-07"], "visits": ["many"]}), "invalid_visit_counts"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(frame, code):
    with pytest.raises(InvalidValueError) as caught:
        visit_columns(frame)
    assert caught.value.code == code


# --- the model -----------------------------------------------------------------------------------


def test_the_plain_model_is_the_gamma_poisson_posterior():
    observed, expected, a = np.array([0.0, 1.0, 7.5]), np.array([3.0, 4.6, 2.0]), 1.7
    known = posterior(observed, expected, np.array(a), PLAIN)
    gamma = stats.gamma(a + observed, scale=1 / (a + expected))
    np.testing.assert_allclose(known.mean, gamma.mean())
    np.testing.assert_allclose(known.low, gamma.ppf(0.1), rtol=1e-9)
    np.testing.assert_allclose(known.high, gamma.ppf(0.9), rtol=1e-9)
    np.testing.assert_allclose(known.p_low, gamma.cdf(0.5))
    np.testing.assert_allclose(known.p_high, gamma.sf(2.0))


def test_the_plain_dispersion_is_the_likeliest_of_the_negative_binomial():
    random = np.random.default_rng(5)
    expected = random.lognormal(1, 1, 57)
    observed = random.poisson(expected * random.gamma(1.5, 1 / 1.5, 57)).astype(float)
    expected *= observed.sum() / expected.sum()
    grid = np.geomspace(PLAIN.dispersion_min, PLAIN.dispersion_max, PLAIN.dispersion_steps)
    likelihood = [stats.nbinom.logpmf(observed, a, a / (a + expected)).sum() for a in grid]
    assert fit_dispersion(observed, expected, PLAIN) == grid[int(np.argmax(likelihood))]


@pytest.mark.parametrize(
    ("observed", "expected", "a"), [(0, 3.0, 1.0), (0, 11.5, 50.0), (2.3, 5.9, 4.0), (9, 2.0, 0.3), (0, 0.4, 0.2)]
)
def test_the_mixture_is_prior_times_likelihood(observed, expected, a):
    settings = CoverageSettings()
    known = posterior(np.array([float(observed)]), np.array([expected]), np.array(a), settings)
    mean, p_low, p_high = integrated(observed, expected, a, settings.neglected_share, settings.neglected_ratio)
    assert [known.mean[0], known.p_low[0], known.p_high[0]] == pytest.approx([mean, p_low, p_high], abs=2e-4)
    inside = posterior(
        np.array([float(observed)]),
        np.array([expected]),
        np.array(a),
        replace(settings, low_ratio=float(known.high[0]), high_ratio=99.0),
    )
    assert inside.p_low[0] == pytest.approx(0.9, abs=1e-6)


def test_one_passed_over_unit_does_not_make_the_others_look_different():
    observed = even(230.0)
    observed[PRAHA_4] = 0.0
    ours = estimate(observed, NEED.values)
    plain = estimate(observed, NEED.values, settings=PLAIN)
    assert ours.units.loc[PRAHA_4, "state"] == CoverageState.WHITE_SPOT
    assert ours.units.loc[PRAHA_4, "p_low"] > plain.units.loc[PRAHA_4, "p_low"]
    assert ours.dispersion > plain.dispersion


def test_states_follow_the_thresholds():
    need = pd.Series(1.0, index=list("abcdefgh"))
    observed = pd.Series([0.0, 5.5, 12, 11, 9, 10, 11, 60], index=need.index)
    units = estimate(observed, need).units
    assert units["state"].tolist() == ["white_spot", "probable", *["known"] * 5, "over_covered"]
    assert (
        units["certainty"]
        == np.select(
            [units["state"].isin(["white_spot", "probable"]), units["state"] == "over_covered"],
            [units["p_low"], units["p_high"]],
            1 - units["p_low"] - units["p_high"],
        )
    ).all()
    assert (units["zero_evidence"] == ZeroEvidence.ONE_PERCENT).all()
    strict = estimate(
        observed, need, settings=CoverageSettings(white_spot_probability=0.999999, probable_probability=0.99999)
    ).units
    assert strict.loc["b", "state"] == "known"


@pytest.mark.parametrize(
    ("total", "evidence"), [(2.9, "none"), (3.0, "five_percent"), (4.59, "five_percent"), (4.6, "one_percent")]
)
def test_zero_means_something_only_where_enough_was_expected(total, evidence):
    need = pd.Series(1.0, index=list("abcde"))
    observed = pd.Series([0.0, *[total * 5 / 4] * 4], index=need.index)
    units = estimate(observed, need).units
    assert units.loc["a", "expected"] == pytest.approx(total)
    assert units.loc["a", "zero_evidence"] == evidence
    if evidence == "none":
        assert units.loc["a", "state"] == "cannot_tell"
    assert np.exp(-3.0) < 0.05
    assert np.exp(-4.6) < 0.0101


def test_a_small_unit_with_much_more_than_expected_is_still_told():
    observed = even(300.0)
    observed[NEBUSICE] = 20.0
    units = estimate(observed, NEED.values).units
    assert units.loc[NEBUSICE, "expected"] < 3
    assert units.loc[NEBUSICE, "state"] == CoverageState.OVER_COVERED


def test_small_units_are_judged_together():
    observed = even(200.0)
    units = estimate(observed, NEED.values).units
    small = units.index[units["state"] == "cannot_tell"]
    neglected = observed.copy()
    neglected[small] = 0.0
    result = estimate(neglected, NEED.values)
    assert set(result.joint.codes) == set(result.units.index[result.units["state"] == "cannot_tell"])
    assert result.joint.expected == pytest.approx(result.units.loc[list(result.joint.codes), "expected"].sum())
    assert result.joint.observed == 0.0
    assert result.joint.state is CoverageState.WHITE_SPOT
    assert estimate(observed, NEED.values).joint.state is CoverageState.KNOWN
    assert NEBUSICE in result.joint.codes


def test_rounding_the_weighted_sums_changes_little():
    random = np.random.default_rng(11)
    ages = random.integers(0, 60, 4000)
    rows = [
        (part, cell, f"{2026 - (age + 5) // 12}-{12 - (age + 5) % 12:02d}")
        for (part, cell), age in zip(any_cells(400) * 10, ages.tolist(), strict=True)
    ]
    observed = attention(rows).observed
    exact, rounded = (estimate(values, NEED.values).units for values in (observed, observed.round()))
    judged = exact["expected"] >= 3
    assert judged.sum() > 15
    assert (exact["p_low"] - rounded["p_low"]).abs()[judged].max() < 0.12
    # Some units do change their state by it: rounding is no harmless habit where little is expected.
    assert (exact["state"] != rounded["state"]).mean() < 0.1


# --- traps of methods.md -------------------------------------------------------------------------


def finite(result):
    return bool(np.isfinite(result.units[NUMBERS].to_numpy(dtype=float)).all()) and np.isfinite(result.dispersion)


def test_no_record_at_all_is_a_cold_start_without_nan():
    result = coverage_of(attention([]), NEED)
    assert result.cold_start
    assert result.joint is None
    assert finite(result)
    assert set(result.units["state"]) == {"cannot_tell"}
    assert result.units["people_in_gap"].sum() == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(result.units["mean"], 1.0)
    assert cell_states(attention([]))["state"].unique().tolist() == ["never"]


def test_one_record_says_nothing_of_anybody():
    result = coverage_of(attention([(NEBUSICE, cells_of(NEBUSICE)[0], "2026-07-01")]), NEED)
    assert result.cold_start
    assert set(result.units["state"]) == {"cannot_tell"}
    assert finite(result)


def test_one_unit_with_everything():
    rows = [(NEBUSICE, cell, f"2026-{month:02d}") for cell in cells_of(NEBUSICE) for month in range(1, 8)]
    result = coverage_of(attention(rows), NEED)
    assert finite(result)
    assert result.units.loc[NEBUSICE, "state"] == CoverageState.OVER_COVERED
    assert result.units.loc[PRAHA_4, "state"] == CoverageState.WHITE_SPOT


def test_one_organisation_with_ten_thousand_visits_in_one_cell_weighs_two():
    cell = cells_of(PRAHA_4)[0]
    frame = pd.DataFrame(
        {
            "city_part": PRAHA_4,
            "cell": cell,
            "happened_on": np.datetime64("2020-01-01") + np.arange(10_000) % 2400,
            "organisation_id": "x",
        }
    )
    result = compute_attention(visit_columns(frame), TODAY)
    assert result.observed[PRAHA_4] == 2.0
    assert result.units.loc[PRAHA_4, ["visits", "organisations"]].tolist() == [10_000, 1]
    assert coverage_of(result, NEED).cold_start


def test_equal_rates_are_all_known_or_too_small():
    result = estimate(even(400.0), NEED.values)
    assert set(result.units["state"]) == {"known", "cannot_tell"}
    assert result.dispersion == pytest.approx(50.0)
    np.testing.assert_allclose(result.units["observed"], result.units["expected"])
    tenth = estimate(0.1 * NEED.values, NEED.values, settings=PLAIN).units
    np.testing.assert_allclose(tenth["mean"] * tenth["expected"] / tenth["need"], 0.1)
    # A unit in line is a little more surely not passed over: the mixture lifts it by at most a seventh.
    assert estimate(0.1 * NEED.values, NEED.values).units["mean"].between(0.999, 1.16).all()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, LeftOutReason.NEED_MISSING),
        (float("nan"), LeftOutReason.NEED_MISSING),
        (pd.NA, LeftOutReason.NEED_MISSING),
        (0, LeftOutReason.NEED_ZERO),
        (-3, LeftOutReason.NEED_NEGATIVE),
        ("méně než 5", LeftOutReason.NEED_NOT_A_NUMBER),
        (float("inf"), LeftOutReason.NEED_NOT_A_NUMBER),
        (True, LeftOutReason.NEED_NOT_A_NUMBER),
    ],
)
def test_a_figure_that_cannot_be_used_leaves_out_its_unit_only(value, reason):
    values = NEED.values.astype(object).copy()
    values[PRAHA_4] = value
    need = clean_need(values)
    assert [(item.reason, item.examples) for item in need.left_out] == [(reason, (PRAHA_4,))]
    result = coverage_of(attention([(PRAHA_4, None, "2026-07-01"), (PRAHA_1, None, "2026-07-01")]), need)
    assert len(result.units) == 56
    assert PRAHA_4 not in result.units.index
    assert result.total_observed == 1.0
    assert finite(result)
    assert reason in left_out(result)


def test_missing_doubled_and_unknown_units_of_an_own_table():
    need = clean_need(pd.concat([NEED.values.drop(PRAHA_1), pd.Series({LIBUS: 1.0, "Praha 99": 5.0})]))
    assert {item.reason: item.examples for item in need.left_out} == {
        LeftOutReason.UNKNOWN_CITY_PART: ("Praha 99",),
        LeftOutReason.NEED_MISSING: (PRAHA_1,),
        LeftOutReason.NEED_TWICE: (LIBUS,),
    }


def test_a_table_without_any_usable_figure_gives_an_empty_board():
    result = coverage_of(attention([(PRAHA_1, None, "2026-07-01")]), clean_need(pd.Series(dtype=object)))
    assert len(result.units) == 0
    assert result.cold_start
    assert left_out(result) == {LeftOutReason.NEED_MISSING: 57}


@pytest.mark.parametrize(
    "kind", [NeedKind.FOREIGNERS, NeedKind.TEMPORARY_PROTECTION, NeedKind.RESIDENTS, NeedKind.EQUAL]
)
def test_need_can_be_switched(kind):
    need = load_need(kind)
    assert tuple(need.values.index) == CODES
    assert (need.values > 0).all()
    assert not need.left_out
    if kind is NeedKind.TEMPORARY_PROTECTION:
        series = [
            t.info.reference_date for t in load_figure_tables().values() if t.info.series == "temporary_protection_2026"
        ]
        assert need.info.reference_date == max(series)


def test_need_without_its_table_is_refused():
    for kind in (NeedKind.OWN, NeedKind.FOREIGNERS):
        with pytest.raises(InvalidValueError, match="need_not_available"):
            load_need(kind, {})


def million():
    table = piece_table(9)
    random = np.random.default_rng(1)
    pieces = random.integers(0, len(table.cells), 1_000_000)
    names = np.array([cell_name(cell) for cell in table.cells], dtype=object)
    return pd.DataFrame(
        {
            "city_part": np.array(table.codes, dtype=object)[table.city_parts[pieces]],
            "cell": names[pieces],
            "happened_on": np.datetime64("2016-08-01") + random.integers(0, 3652, pieces.size),
            "organisation_id": np.array(["a", "b", "c"], dtype=object)[random.integers(0, 3, pieces.size)],
            "outcome": np.array(["nikdo", "predani", "bez_pristupu"], dtype=object)[random.integers(0, 3, pieces.size)],
        }
    )


def best_of(runs, call):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return min(times), result


def test_a_million_visits_are_counted_within_the_limits():
    frame = million()
    cell_states(attention([]))  # the pieces are cut once per process
    seconds, columns = best_of(3, lambda: visit_columns(frame))
    board_s, result = best_of(3, lambda: coverage_of(compute_attention(columns, TODAY), NEED))
    assert seconds + board_s < 1.0
    assert finite(result)
    cells_s, states = best_of(2, lambda: cell_states(compute_attention(columns, TODAY)))
    assert seconds + cells_s < 3.0
    assert (states["state"] == "known").all()
    assert compute_attention(columns, TODAY).observed.sum() == pytest.approx(2.0 * len(piece_table(9).cells), rel=0.01)


# --- what if, plans ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def board():
    rows = [(part, cell, "2026-05-10") for part, cell in any_cells(260) if part not in {NEBUSICE, "500216"}]
    now = attention(rows)
    return now, coverage_of(now, NEED)


def test_what_if_is_what_the_board_says_after_the_visits(board):
    now, coverage = board
    cells = cells_of("500216")[:3]
    planned = what_if(now, coverage, {"500216": 3})
    rows = [(part, cell, "2026-05-10") for part, cell in any_cells(260) if part not in {NEBUSICE, "500216"}]
    happened = attention([*rows, *(("500216", cell, "2026-07-20") for cell in cells)])
    after = estimate(happened.observed, NEED.values, dispersion=coverage.dispersion)
    pd.testing.assert_frame_equal(planned.after.units, after.units)
    assert planned.gain > 0
    fewer = coverage.units.loc["500216", "p_low"] - probability_low(
        np.array([coverage.units.loc["500216", "observed"] + 3]), np.array([coverage.units.loc["500216", "expected"]]),
        np.asarray(coverage.dispersion),
    )  # fmt: skip
    assert planned.gain == pytest.approx(float(fewer[0]) * NEED.values["500216"])
    assert float(outing_gains(now, coverage, 3)["500216"]) == pytest.approx(planned.gain)
    assert planned.changed.equals(changed_units(coverage, after))
    assert what_if(now, coverage, {}).gain == 0.0


def test_visits_to_saturated_cells_change_nothing():
    cells = cells_of(NEBUSICE)
    full = [(NEBUSICE, cell, f"2026-{month:02d}-01") for cell in cells for month in range(1, 8)]
    others = [(part, cell, "2026-07-01") for part, cell in any_cells(150) if part != NEBUSICE]
    before = attention(full + others)
    again = attention(full + others + [(NEBUSICE, cell, "2025-12-01") for cell in cells])
    pd.testing.assert_frame_equal(coverage_of(before, NEED).units, coverage_of(again, NEED).units)
    coverage = coverage_of(before, NEED)
    assert what_if(before, coverage, {NEBUSICE: 5}).added == {NEBUSICE: 0.0}
    assert outing_gains(before, coverage, 5)[NEBUSICE] == pytest.approx(0.0)


def test_a_cell_visited_this_month_has_nothing_more_to_give():
    cells = cells_of(LIBUS)
    free = dict(zip(CODES, free_months(attention([(LIBUS, cells[0], "2026-07-01")])), strict=True))
    assert free[LIBUS].tolist() == [1.0] * (len(cells) - 1) + [0.0]
    last_month = dict(
        zip(
            CODES,
            free_months(attention([(LIBUS, cells[0], "2026-06-01"), (LIBUS, cells[0], "2026-05-01")])),
            strict=True,
        )
    )
    assert 0 < last_month[LIBUS][-1] < 0.2


def test_a_plan_takes_the_greatest_gain_first_and_no_city_part_twice(board):
    now, coverage = board
    plan = plan_outings(now, coverage, outings=4, visits=5)
    assert [outing.rank for outing in plan] == [1, 2, 3, 4]
    assert len({outing.city_part for outing in plan}) == 4
    gains = outing_gains(now, coverage, 5)
    assert [outing.city_part for outing in plan] == gains.sort_values(ascending=False).index[:4].tolist()
    assert [outing.gain for outing in plan] == pytest.approx(sorted(gains, reverse=True)[:4])
    assert all(outing.p_low_after < outing.p_low_before and not outing.by_way for outing in plan)
    together = what_if(now, coverage, {outing.city_part: 5 for outing in plan})
    assert together.gain == pytest.approx(sum(outing.gain for outing in plan))


def planted():
    """One deep white spot, two city parts with plenty, and tiny ones; nobody was anywhere this month."""
    units = pd.Series({"500054": 100.0, "500089": 100.0, "500097": 100.0}).reindex(CODES).fillna(1.0)
    observed = pd.Series({"500089": 90.0, "500097": 62.0}).reindex(CODES).fillna(0.0)
    return attention([]), estimate(observed, units, settings=CoverageSettings(neglected_share=0), dispersion=4.0)


def test_an_outing_that_gains_goes_before_a_deep_white_spot_where_it_would_not():
    nobody, coverage = planted()
    plan = plan_outings(nobody, coverage, outings=57, visits=2)
    gains = outing_gains(nobody, coverage, 2)
    assert plan[0].city_part == gains.idxmax() != "500054"
    assert plan[0].p_low_before - plan[0].p_low_after > LEAST_DROP
    at = [outing.city_part for outing in plan].index("500054")
    # Everything that gains visibly was taken before the first outing that is chosen by its way.
    assert at == next(number for number, outing in enumerate(plan) if outing.by_way)
    assert all(outing.p_low_before - outing.p_low_after < LEAST_DROP for outing in plan[at:])
    assert [outing.gain for outing in plan[:at]] == sorted((outing.gain for outing in plan[:at]), reverse=True)


def test_greedy_again_and_again_in_one_city_part_is_what_asking_each_time_says():
    nobody, coverage = planted()
    asked: dict[str, int] = {}
    for outing in plan_outings(nobody, coverage, outings=12, visits=3, repeat=True):
        before = what_if(nobody, coverage, asked).gain
        ahead = {
            code: what_if(nobody, coverage, asked | {code: asked.get(code, 0) + 3}).gain - before for code in CODES
        }
        assert outing.gain == pytest.approx(ahead[outing.city_part])
        assert outing.by_way or outing.gain == pytest.approx(max(ahead.values()))
        asked[outing.city_part] = asked.get(outing.city_part, 0) + 3


def test_a_deep_white_spot_is_begun_though_the_first_visits_change_nothing():
    """By the next gain alone no plan would ever go where nobody was."""
    nobody, coverage = planted()
    assert coverage.units.loc["500054", "state"] == CoverageState.WHITE_SPOT
    first = what_if(nobody, coverage, {"500054": 2}).gain
    assert first < 0.001, "two visits leave the probability where it is"
    plan = plan_outings(nobody, coverage, outings=1, visits=2, among=["500054", "500089", "500097"])
    assert plan[0].city_part == "500054"
    assert plan[0].by_way
    assert plan[0].gain == pytest.approx(first)
    assert plan[0].way_visits > 10
    assert plan[0].p_low_way < 0.6 < plan[0].p_low_after
    ahead = what_if(nobody, coverage, {"500054": plan[0].way_visits})
    assert plan[0].worth == pytest.approx(2 * ahead.gain / plan[0].way_visits)
    for others in (plan[0].way_visits - 1, plan[0].way_visits + 1):
        assert what_if(nobody, coverage, {"500054": others}).gain / others <= ahead.gain / plan[0].way_visits


def test_a_plan_may_repeat_and_keep_to_some_city_parts(board):
    now, coverage = board
    twice = plan_outings(now, coverage, outings=2, visits=3, among=["500216"], repeat=True)
    assert [outing.city_part for outing in twice] == ["500216"] * 2
    assert twice[0].p_low_after == pytest.approx(twice[1].p_low_before)
    assert plan_outings(now, coverage, outings=3, visits=3, among=["500216"]) == twice[:1]
    assert plan_outings(now, coverage, outings=3, visits=3, among=[]) == ()


def test_plans_that_make_no_sense_are_refused(board):
    now, coverage = board
    for call in (
        lambda: plan_outings(now, coverage, outings=0, visits=3),
        lambda: plan_outings(now, coverage, outings=1, visits=0),
        lambda: outing_gains(now, coverage, 0),
        lambda: what_if(now, coverage, {PRAHA_1: -1}),
    ):
        with pytest.raises(InvalidValueError, match="invalid_plan"):
            call()
    with pytest.raises(InvalidValueError, match="unknown_city_part"):
        what_if(now, coverage, {"1": 1})


# --- cells, knowledge, settings ------------------------------------------------------------------


def test_cells_of_a_city_part_have_four_states():
    cells = cells_of(LIBUS)
    visits = pd.DataFrame(
        {
            "city_part": LIBUS,
            "cell": [cells[0], cells[1], cells[1], cells[2], cells[2], cells[3], None],
            "happened_on": "2026-07-01",
            "outcome": ["nikdo", "nikdo", "vstup_odepren", "bez_pristupu", "poradenstvi", None, "predani"],
        }
    )
    places = pd.DataFrame({"city_part": [LIBUS, LIBUS], "cell": [cells[4], None], "count": [3, 1]})
    frame = cell_states(compute_attention(visit_columns(visits), TODAY), places, city_part=LIBUS)
    assert frame["state"].loc[cells[:6]].tolist() == [
        "nothing_found",
        "no_access",
        "known",
        "nothing_found",
        "known",
        "never",
    ]
    assert frame["places"].sum() == 3
    assert frame["visits"].sum() == 6
    assert frame.crs.to_string() == "EPSG:4326"
    assert area_km2(frame).sum() == pytest.approx(frame["area_km2"].sum(), rel=1e-6)
    assert not frame.isna().any().any()


def test_all_cells_are_those_of_the_city_parts_in_the_order_of_the_table():
    table = piece_table(9)
    frame = cell_states(attention([]))
    assert frame.index.tolist() == [cell_name(cell) for cell in table.cells]
    assert frame["city_part"].tolist() == [table.codes[number] for number in table.city_parts]
    with pytest.raises(InvalidValueError, match="unknown_city_part"):
        cell_states(attention([]), city_part="1")


def test_three_kinds_of_knowledge_stay_apart():
    declared = [
        DeclaredCoverage(id="1", organisation_id="b", city_part=LIBUS, since=date(2026, 1, 1)),
        DeclaredCoverage(id="2", organisation_id="a", city_part=LIBUS, since=date(2026, 1, 1), until=TODAY),
        DeclaredCoverage(id="3", organisation_id="c", city_part=LIBUS, since=date(2026, 1, 1), until=date(2026, 7, 30)),
        DeclaredCoverage(id="4", organisation_id="d", city_part=LIBUS, since=date(2026, 8, 1)),
    ]
    places = pd.DataFrame({"city_part": [LIBUS, LIBUS, PRAHA_1]})
    frame = knowledge_of(attention([(LIBUS, None, "2026-05-01")]), places, declared)
    assert frame.loc[LIBUS, ["visits", "places", "declared", "last_month", "age_months"]].tolist() == [
        1,
        2,
        ("a", "b"),
        "2026-05",
        2,
    ]
    assert frame.loc[NEBUSICE, ["visits", "places", "declared", "last_month", "age_months"]].tolist() == [
        0,
        0,
        (),
        "",
        -1,
    ]
    assert attention([]).observed.sum() == 0


def test_a_declaration_that_ends_before_it_starts_is_refused():
    for wrong in ({"until": date(2025, 1, 1)}, {"organisation_id": ""}):
        with pytest.raises(InvalidValueError, match="invalid_declared_coverage"):
            DeclaredCoverage(
                **{"id": "1", "organisation_id": "a", "city_part": LIBUS, "since": date(2026, 1, 1), **wrong}
            )


@pytest.mark.parametrize(
    "wrong",
    [
        {"half_life_months": 0},
        {"cell_saturation": float("nan")},
        {"white_spot_probability": 1.0},
        {"probable_probability": 0.9},
        {"low_ratio": 3.0},
        {"dispersion_max": 0.1},
        {"neglected_share": -0.1},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InvalidValueError, match="invalid_coverage_setting"):
        CoverageSettings(**wrong)


def test_every_state_and_reason_has_words():
    assert set(STATE_LABELS) == set(CoverageState)
    assert set(CELL_STATE_LABELS) == set(CellState)
    assert set(LEFT_OUT_LABELS) == set(LeftOutReason)


def test_expected_attention_spreads_the_whole_sum():
    assert expected_attention(np.array([1.0, 2.0, 0.0]), np.array([1.0, 1.0, 2.0])).tolist() == [0.75, 0.75, 1.5]
