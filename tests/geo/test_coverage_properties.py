"""What holds for any records and any need."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coverage import CoverageSettings, CoverageState, NeedKind
from geo.cell_pieces import city_part_codes
from geo.coverage import coverage_of, estimate
from geo.coverage_attention import compute_attention
from geo.coverage_need import Need, clean_need, load_need
from geo.coverage_plan import outing_gains, plan_outings, what_if
from geo.coverage_visits import visit_columns

from .coverage_reference import any_cells
from .coverage_reference import attention as slow_attention

TODAY = date(2026, 7, 31)
CODES = city_part_codes()
CELLS = any_cells(40, seed=3)
NEED = load_need(NeedKind.FOREIGNERS)
NUMBERS = ["observed", "expected", "mean", "low", "high", "p_low", "p_high", "certainty", "people_in_gap"]
FEW = settings(max_examples=40, deadline=None)

months = st.tuples(st.integers(2019, 2026), st.integers(1, 12)).filter(lambda m: m <= (2026, 7))
visits = st.lists(
    st.builds(
        lambda where, with_cell, month: (where[0], where[1] if with_cell else None, month),
        st.sampled_from(CELLS),
        st.booleans(),
        months,
    ),
    max_size=60,
)
observations = st.lists(st.floats(0, 500, allow_subnormal=False), min_size=57, max_size=57)
needs = st.lists(st.floats(1e-3, 1e5), min_size=57, max_size=57)
anything = st.one_of(
    st.none(), st.floats(), st.integers(-5, 10**9), st.text(max_size=3), st.booleans(), st.just(0), st.just(pd.NA)
)


def frame_of(rows):
    return pd.DataFrame(
        [(part, cell, f"{year}-{month:02d}") for part, cell, (year, month) in rows],
        columns=["city_part", "cell", "happened_on"],
    )


def attention_of(rows, **more):
    return compute_attention(visit_columns(frame_of(rows)), TODAY, **more)


def series(values):
    return pd.Series(values, index=pd.Index(CODES, name="code"), dtype=float)


@FEW
@given(visits)
def test_attention_is_that_of_the_slow_reference(rows):
    fast, slow = attention_of(rows).observed, slow_attention(rows, (2026, 7))
    np.testing.assert_allclose(fast.to_numpy(), [slow[code] for code in fast.index], rtol=1e-12)


@FEW
@given(visits, st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    one, other = attention_of(rows), attention_of(shuffled)
    pd.testing.assert_frame_equal(one.cells, other.cells)
    pd.testing.assert_frame_equal(coverage_of(one, NEED).units, coverage_of(other, NEED).units, check_exact=True)


@FEW
@given(visits, st.sampled_from(CELLS), months, st.floats(0.5, 5))
def test_one_more_visit_moves_the_sum_by_at_most_the_saturation(rows, where, month, saturation):
    chosen = CoverageSettings(cell_saturation=saturation)
    before = attention_of(rows, settings=chosen).observed
    after = attention_of([*rows, (*where, month)], settings=chosen).observed
    assert 0 <= after.sum() - before.sum() <= min(saturation, 1) + 1e-9
    assert (after.drop(where[0]) == before.drop(where[0])).all()


@FEW
@given(visits, months)
def test_as_of_a_past_month_nothing_later_counts(rows, month):
    as_of = date(*month, 28)
    columns = visit_columns(frame_of(rows))
    earlier = [row for row in rows if row[2] <= month]
    then = compute_attention(columns, as_of, today=TODAY).observed
    np.testing.assert_allclose(then, compute_attention(visit_columns(frame_of(earlier)), as_of).observed)


@FEW
@given(observations, needs)
def test_nothing_is_ever_nan(observed, need):
    result = estimate(series(observed), series(need))
    numbers = result.units[NUMBERS].to_numpy(dtype=float)
    assert np.isfinite(numbers).all()
    assert np.isfinite(result.dispersion)
    units = result.units
    assert ((units["p_low"] >= 0) & (units["p_low"] <= 1 + 1e-12)).all()
    assert (units["low"] <= units["high"]).all()
    assert (units["people_in_gap"] >= 0).all()
    assert set(units["state"]) <= set(CoverageState)
    assert not units.loc[units["expected"] < 3, "state"].isin(["white_spot", "probable", "known"]).any()


@FEW
@given(observations, needs, st.randoms(use_true_random=False))
def test_the_order_of_the_units_changes_nothing(observed, need, random):
    order = random.sample(CODES, len(CODES))
    one = estimate(series(observed), series(need))
    other = estimate(series(observed)[order], series(need)[order])
    pd.testing.assert_frame_equal(one.units, other.units, check_exact=True)
    assert one.dispersion == other.dispersion


@FEW
@given(observations, needs, st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_the_need_scales_people_only(observed, need, factor):
    one = estimate(series(observed), series(need)).units
    other = estimate(series(observed), series(need) * factor).units
    np.testing.assert_allclose(other["people_in_gap"], one["people_in_gap"] * factor)
    scaled = ["need", "people_in_gap"]
    pd.testing.assert_frame_equal(one.drop(columns=scaled), other.drop(columns=scaled), check_exact=True)


@FEW
@given(observations, needs)
def test_the_more_was_seen_the_less_a_unit_is_short(observed, need):
    before = estimate(series(observed), series(need))
    more = series(observed) + np.eye(57)[7]
    kept = estimate(more, series(need), dispersion=before.dispersion).units
    assert kept["p_low"].iloc[7] <= before.units["p_low"].iloc[7] + 1e-9


@FEW
@given(st.dictionaries(st.one_of(st.sampled_from(CODES), st.text(max_size=4)), anything, max_size=60))
def test_any_table_of_need_is_taken_or_explained(values):
    need = clean_need(pd.Series(values, dtype=object))
    assert (need.values > 0).all()
    assert np.isfinite(need.values.to_numpy()).all()
    explained = {code for item in need.left_out for code in item.examples if code in CODES}
    assert explained | set(need.values.index) == set(CODES)
    assert not explained & set(need.values.index)
    units = estimate(series(np.ones(57)), need.values).units
    assert np.isfinite(units[NUMBERS].to_numpy(dtype=float)).all()


@FEW
@given(visits, st.integers(1, 6), needs)
def test_no_outing_loses_and_plans_do_not_get_better_by_waiting(rows, team, need):
    now = attention_of(rows)
    coverage = coverage_of(now, Need(kind=NeedKind.OWN, values=series(need)))
    gains = outing_gains(now, coverage, team)
    assert (gains >= -1e-9).all()
    plan = plan_outings(now, coverage, outings=5, visits=team)
    greedy = [outing.gain for outing in plan if not outing.by_way]
    assert greedy == sorted(greedy, reverse=True)
    assert [outing.by_way for outing in plan] == sorted(outing.by_way for outing in plan), "the way comes last"
    assert all(outing.worth >= outing.gain - 1e-9 >= -1e-8 for outing in plan)
    if plan:
        together = what_if(now, coverage, {outing.city_part: team for outing in plan})
        np.testing.assert_allclose(together.gain, sum(outing.gain for outing in plan))
