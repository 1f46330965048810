"""The simulation with few maps; the whole one is `make bench-coverage`. Gi* and LISA need the bench group."""

import json

import numpy as np
import pandas as pd
import pytest

from domain.coverage import CoverageState
from geo.boundaries import boundaries
from geo.coverage import estimate
from tests.bench import coverage_simulation as bench


@pytest.fixture(scope="module")
def rows():
    return bench.simulate(31, 120, spatial=False)


def test_planted_spots_are_as_described():
    maps = bench.draw_maps(np.random.default_rng(4), 300, 150, 0.5)
    assert (maps.planted.sum(axis=1) == bench.PLANTED).all()
    assert (maps.need[maps.planted] > 0.5).all()
    assert (maps.observed.sum(axis=1) == 150).all()
    np.testing.assert_allclose(maps.expected.sum(axis=1), 150)
    assert maps.need.shape[1] == len(boundaries().city_parts)
    usual = maps.theta[~maps.planted]
    assert usual.mean() == pytest.approx(1.0, abs=0.03)
    assert usual.var() == pytest.approx(bench.OVERDISPERSION, abs=0.05)
    assert maps.theta[maps.planted].mean() == pytest.approx(0.1, abs=0.02)


def test_maps_with_too_few_units_are_drawn_again():
    maps = bench.draw_maps(np.random.default_rng(4), 200, 150, 2.0)
    assert maps.redrawn > 0
    assert len(maps.need) == 200
    assert ((maps.need > 2.0).sum(axis=1) >= bench.PLANTED).all()


def test_ours_is_first_in_every_row(rows):
    assert bench.losses(rows) == []
    assert all(row.hits["ours"].mean() > row.hits["raw_ratio"].mean() + 0.1 for row in rows)
    assert rows[2].hits["ours"].mean() > rows[2].hits["gamma_poisson"].mean()


def test_being_behind_is_told(rows):
    row = rows[0]
    worse = {**row.hits, "ours": row.hits["raw_ratio"]}
    changed = bench.Row(
        records=row.records, min_need=row.min_need, hits=worse, inputs={}, flagged=row.flagged, maps=row.maps
    )
    assert len(bench.losses([changed])) >= 2


def test_the_rows_have_the_form_of_the_file(rows):
    form = json.loads(json.dumps([row.as_json() for row in rows]))
    assert [(row["records"], row["min_need"]) for row in form] == [(60, 0.1), (150, 0.1), (400, 0.1), (150, 0.5)]
    for row in form:
        assert set(row) == {"records", "min_need", "hit", "flag"}
        assert set(row["hit"]) == {"raw_ratio", "shortfall", "poisson_tail", "gamma_poisson", "ours"}
        assert all(0 <= share <= 1 for share in row["hit"].values())
        assert set(row["flag"]) == {"precision", "recall"}
    assert form[2]["flag"]["precision"] > 0.55
    assert form[2]["flag"]["recall"] > form[0]["flag"]["recall"]


def test_the_same_seed_gives_the_same(rows):
    again = bench.simulate(31, 120, spatial=False)
    assert [row.as_json() for row in again] == [row.as_json() for row in rows]
    assert "±" in bench.describe(rows[0])


def test_the_simulated_flag_is_the_state_of_the_board(rows):
    maps = rows[2].maps
    codes = boundaries().city_parts.index
    for number in range(5):
        need, observed = (dict(zip(codes, values[number], strict=True)) for values in (maps.need, maps.observed))
        units = estimate(pd.Series(observed), pd.Series(need)).units
        assert (units["state"] == CoverageState.WHITE_SPOT).tolist() == rows[2].flagged[number].tolist()
