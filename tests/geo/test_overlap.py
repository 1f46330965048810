"""Tables imported one by one that tell of the same persons: together they give nothing hidden back either."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from domain.dataset import DatasetInfo
from domain.text import Text
from geo.figure_table import FigureColumn, PartSum, figure_table_from_frame, load_city_part_list
from geo.overlap import link_tables
from geo.suppression import suppress_table
from tests.geo.recoverable import find_recoverable_together

CODES = list(load_city_part_list().index)
MEN = [40, 7, 22, 61, 35, 18, 90, 14]
WOMEN = [31, 3, 20, 55, 44, 26, 70, 9]
ALL = [a + b for a, b in zip(MEN, WOMEN, strict=True)]


def table(name, *, codes=CODES, sums=None, **columns):
    same = Text(cs=name, en=name, uk=name)
    info = DatasetInfo(
        id=f"import_{name}", title=same, publisher="Úřad", source="s", licence="l", reference_date=date(2026, 1, 1),
        imported=True,
    )  # fmt: skip
    length = max(map(len, columns.values()))
    frame = pd.DataFrame({key: pd.Series(values, dtype=float) for key, values in columns.items()})
    frame.index = list(codes)[:length]
    return figure_table_from_frame(info, frame, {key: FigureColumn(label=same) for key in columns}, sums)


def recoverable(tables, bonds, *, alone=False):
    """Return what comes back from several tables by whoever knows all sums; `alone`, as each hides by itself."""
    return find_recoverable_together(tables, tables if alone else link_tables(tuple(tables)), bonds)


def bond(total, *parts):
    return PartSum(total=f"import_{total}", parts=tuple(f"import_{part}" for part in parts))


def test_a_column_that_came_twice_is_hidden_in_the_same_cells():
    first = table("first", women=WOMEN)
    # Beside a small number of another kind, the second file would hide another complement.
    second = table(
        "second", women=WOMEN, asylum=[20, 30, 4, 50, 60, 70, 80, 90], both=[51, 33, 24, 105, 104, 96, 150, 99]
    )
    bonds = [bond("first/women", "second/women")]
    assert recoverable([first, second], bonds, alone=True)
    assert recoverable([first, second], bonds) == []
    one, two = (suppress_table(each).hidden["women"] for each in link_tables((first, second)))
    assert one[two].all()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_part_and_the_rest_hide_what_the_total_would_tell(order):
    parts = [table("all", persons=ALL), table("men", persons=MEN), table("women", persons=WOMEN)]
    tables = [parts[place] for place in order]
    bonds = [bond("all/persons", "men/persons", "women/persons")]
    assert recoverable(tables, bonds, alone=True)
    assert recoverable(tables, bonds) == []


def test_a_table_without_one_city_part_does_not_tell_it_by_its_sum():
    whole = table("whole", women=WOMEN)
    rest = table("rest", codes=[code for code in CODES if code != CODES[1]], women=[n for n in WOMEN if n != 3])
    bonds = [bond("whole/women", "rest/women")]
    assert recoverable([whole, rest], bonds, alone=True)
    assert recoverable([whole, rest], bonds) == []


def test_a_corrected_figure_loosens_nothing_else():
    first = table("first", women=WOMEN)
    corrected = table("corrected", women=[*WOMEN[:-1], 10], men=MEN, all=[*ALL[:-1], 24])
    assert link_tables((first, corrected))[0].together == (first, corrected)
    assert recoverable([first, corrected], [bond("first/women", "corrected/women")]) == []


def test_what_was_hidden_stays_hidden_and_what_was_shown_is_spared():
    first = table("first", women=WOMEN)
    second = table("second", women=WOMEN, men=MEN, all=ALL)
    before, after = suppress_table(first), suppress_table(link_tables((first, second))[0])
    assert after.hidden[before.hidden].fillna(value=True).all(axis=None)
    assert int(after.hidden.to_numpy().sum()) == int(before.hidden.to_numpy().sum())


def test_tables_of_other_persons_are_left_alone():
    tables = (table("first", women=WOMEN), table("other", pupils=[12, 80, 3, 44, 9, 31, 17, 60]))
    assert link_tables(tables) == tables
    rng = np.random.default_rng(5)
    sparse = [table(f"t{n}", persons=rng.integers(0, 400, 57).tolist()) for n in range(6)]
    assert link_tables(tuple(sparse)) == tuple(sparse)


def test_the_same_inhabitants_in_two_tables_bind_nothing_else():
    people = [900, 800, 700, 1200, 300, 450, 660, 510]
    tables = (
        table("first", women=WOMEN, people=people),
        table("other", pupils=[12, 80, 3, 44, 9, 31, 17, 60], people=people),
    )
    linked = link_tables(tables)
    assert [len(one.together) for one in linked] == [2, 2]
    for plain, joint in zip(tables, linked, strict=True):
        pd.testing.assert_frame_equal(suppress_table(joint).hidden, suppress_table(plain).hidden)
        pd.testing.assert_frame_equal(suppress_table(joint).primary, suppress_table(plain).primary)


def test_one_number_in_common_is_chance():
    first = table("first", codes=CODES[:8], women=WOMEN)
    second = table("second", codes=CODES[7:], pupils=[WOMEN[7], 3, 20, 8, 120, 33, 4, 70])
    assert link_tables((first, second)) == (first, second)


def test_linking_is_done_once():
    tables = (table("first", women=WOMEN), table("second", women=WOMEN))
    assert link_tables(tables)[1] is link_tables(tables)[1]
