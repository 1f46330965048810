"""Suppression: whoever has all the published numbers gets no hidden one back."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValueError
from geo import suppression
from geo.figures import PartSum, load_figure_tables
from geo.suppression import CITY, COMPLEMENT, SUPPRESSED, suppress, suppress_table
from tests.geo.recoverable import find_recoverable, with_city

SEX = (PartSum(total="total", parts=("men", "women")),)
BOTH = (*SEX, PartSum(total="total", parts=("young", "middle", "old")))


def make_counts(rows, *, ages=False):
    frame = pd.DataFrame(rows, columns=["men", "women", "young", "middle", "old"][: len(rows[0])])
    frame.insert(0, "total", frame["men"] + frame["women"])
    if ages:
        frame["young"] = frame["total"] // 3
        frame["middle"] = (frame["total"] - frame["young"]) // 2
        frame["old"] = frame["total"] - frame["young"] - frame["middle"]
    frame.index = [f"{500000 + i}" for i in range(len(frame))]
    return frame


def test_nothing_small_means_nothing_hidden():
    assert not suppress(make_counts([[10, 12], [0, 30]]), SEX).hidden.any(axis=None)


def test_a_lone_small_cell_takes_a_second_one_with_it():
    counts = pd.DataFrame({"persons": [3, 40, 12, 0]}, index=list("abcd"))
    masks = suppress(counts)
    assert masks.primary["persons"].to_dict() == {"a": True, "b": False, "c": False, "d": False, CITY: False}
    assert masks.complement["persons"].sum() == 1
    assert masks.visible(counts)["persons"].dropna().to_dict() == {"b": 40, "d": 0}
    assert masks.visible_total(counts, "persons") == 55


def test_small_cells_that_give_each_other_away_take_more():
    # 1 + 1 + 1 = 3: each must be 1, although all three are hidden.
    counts = pd.DataFrame({"persons": [1, 1, 1, 50, 60]}, index=list("abcde"))
    masks = suppress(counts)
    assert masks.complement["persons"].any()
    assert find_recoverable(counts, (), masks) == []


def test_a_five_cannot_guard_a_one():
    # 1 + 5 = 6: a reader who knows that one is below 5 and the other is not has both.
    counts = pd.DataFrame({"persons": [1, 5, 70]}, index=list("abc"))
    masks = suppress(counts)
    assert masks.hidden.loc["c", "persons"]
    assert find_recoverable(counts, (), masks) == []


def test_the_city_total_is_hidden_where_nothing_else_helps():
    counts = pd.DataFrame({"persons": [4, 8, 0, 0]}, index=list("abcd"))
    alone = pd.DataFrame({"persons": [2, 0, 0]}, index=list("abc"))
    assert suppress(alone).primary.loc[CITY, "persons"]
    assert suppress(alone).visible_total(alone, "persons") is None
    assert not suppress(counts).hidden.loc[CITY, "persons"]
    pair = pd.DataFrame({"persons": [1, 5]}, index=list("ab"))
    assert suppress(pair).complement.loc[CITY, "persons"]


def test_gaps_bind_nobody_and_zeros_stay():
    counts = pd.DataFrame({"persons": [3, np.nan, 30, 0]}, index=list("abcd"))
    hidden = suppress(counts).hidden["persons"]
    assert hidden.to_dict() == {"a": True, "b": False, "c": True, "d": False, CITY: False}


def test_the_audit_finds_a_bad_suppression():
    counts = pd.DataFrame({"persons": [3, 40, 12]}, index=list("abc"))
    masks = suppress(counts)
    naive = suppression.Suppression(primary=masks.primary, complement=masks.complement & False)
    assert find_recoverable(counts, (), naive) == [("a", "persons")]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=2, max_size=6), st.booleans())
def test_no_hidden_cell_can_be_worked_out(rows, ages):
    counts = make_counts(rows, ages=ages)
    sums = BOTH if ages else SEX
    masks = suppress(counts, sums)
    small = (with_city(counts) >= 1) & (with_city(counts) <= 4)
    assert masks.hidden[small].where(small, True).all(axis=None)
    assert not (masks.primary & ~small).any(axis=None)
    assert find_recoverable(counts, sums, masks) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=4))
def test_every_hidden_cell_has_two_values_when_all_tables_are_tried(values):
    counts = pd.DataFrame({"persons": values}, index=list("abcd")[: len(values)])
    masks = suppress(counts)
    table = with_city(counts)["persons"]
    options = [
        range(1, 5) if masks.primary.loc[row, "persons"]
        else range(5 if table[row] >= 5 else 0, 40) if masks.complement.loc[row, "persons"]
        else [table[row]]
        for row in table.index
    ]  # fmt: skip
    seen = [set() for _ in counts.index]
    city = set()
    for combination in itertools.product(*options[:-1]):
        if sum(combination) in options[-1]:
            city.add(sum(combination))
            for number, value in enumerate(combination):
                seen[number].add(value)
    for row, found in zip(counts.index, seen, strict=True):
        assert (len(found) > 1) == masks.hidden.loc[row, "persons"]
    assert (len(city) > 1) == masks.hidden.loc[CITY, "persons"]


@given(st.permutations(range(7)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_nothing(order):
    counts = make_counts([[1, 20], [3, 3], [15, 9], [40, 2], [0, 6], [12, 12], [30, 31]])
    masks = suppress(counts, SEX)
    shuffled = suppress(counts.iloc[list(order)], SEX)
    pd.testing.assert_frame_equal(shuffled.hidden.loc[masks.hidden.index], masks.hidden)


@pytest.mark.parametrize("day", ["2022-03-31", "2022-10-07", "2026-07-21"])
def test_no_hidden_number_of_temporary_protection_can_be_worked_out(day):
    table = load_figure_tables()[f"temporary_protection_{day}"]
    masks = suppress_table(table)
    assert masks.primary.to_numpy().sum() > 30
    assert not masks.hidden.loc[CITY, "total"]
    assert find_recoverable(table.values, table.sums, masks) == []


def test_the_remainder_without_sex_stated_is_hidden_where_small():
    table = load_figure_tables()["temporary_protection_2022-03-31"]
    rest = table.values["sex_not_stated"]
    hidden = suppress_table(table).hidden["sex_not_stated"].drop(CITY)
    assert hidden[rest.between(1, 4)].all()
    assert rest.between(1, 4).sum() == 16


def test_small_cells_that_always_give_each_other_away_are_not_called_small():
    # Four cells from 1 to 4 with a total below 5 can only be four ones.
    counts = pd.DataFrame({"persons": [1, 1, 1, 1, 0]}, index=list("abcde"))
    masks = suppress(counts)
    assert masks.hidden["persons"].tolist() == [True, True, True, True, False, True]
    assert masks.complement.loc[CITY, "persons"]
    assert masks.complement["persons"].sum() == 2
    assert find_recoverable(counts, (), masks) == []


def test_only_counts_can_be_suppressed():
    for values in ([1.5, 2], [-1, 3]):
        with pytest.raises(InvalidValueError, match="suppression_not_counts"):
            suppress(pd.DataFrame({"persons": values}))
    with pytest.raises(InvalidValueError, match="suppression_not_counts"):
        suppress_table(load_figure_tables()["prague_foreigners_by_year"])


def test_the_words_for_a_hidden_number():
    assert SUPPRESSED.cs == "méně než 5"
    assert COMPLEMENT.cs.startswith("skryto")


def test_the_shipped_list_is_what_the_tables_give():
    from geo.build_suppressed_cells import build
    from geo.figure_table import FIGURES_FOLDER

    assert build(load_figure_tables().values()) == (FIGURES_FOLDER / "suppressed_cells.csv").read_text(encoding="utf-8")
