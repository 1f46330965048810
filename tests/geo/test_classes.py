"""Classes of a choropleth: breaks, labels in three languages, colours in order."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValueError
from domain.text import Language
from geo.classes import ClassMethod, NumberStyle, classify, missing_class, palette, write_number
from geo.measures import MEASURE_LABELS, Measure

PERCENT = NumberStyle(digits=1, percent=True)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_fixed_breaks_put_a_limit_into_the_upper_class():
    values = pd.Series([9.99, 10, 20, 30, np.nan], index=list("abcde"))
    found = classify(values, method=ClassMethod.FIXED, breaks=(10, 20, 30), style=PERCENT)
    assert found.codes.tolist() == ["class_0", "class_1", "class_2", "class_3", None]


def test_fixed_labels_in_three_languages():
    found = classify(pd.Series([1.0]), method=ClassMethod.FIXED, breaks=(10, 20, 30), style=PERCENT)
    labels = {language: [one.label.to(language) for one in found.classes] for language in Language}
    assert labels[Language.CS] == ["méně než 10\u00a0%", "10–20\u00a0%", "20–30\u00a0%", "30\u00a0% a více"]
    assert labels[Language.EN] == ["less than 10%", "10–20%", "20–30%", "30% and more"]
    assert labels[Language.UK] == ["менше ніж 10\u00a0%", "10–20\u00a0%", "20–30\u00a0%", "30\u00a0% і більше"]


def test_numbers_are_written_as_the_language_does():
    assert write_number(1301432, Language.CS) == "1\u00a0301\u00a0432"
    assert write_number(1301432, Language.EN) == "1,301,432"
    assert write_number(-2.25, Language.CS, NumberStyle(digits=2)) == "−2,25"


def test_natural_breaks_find_the_gaps():
    values = pd.Series([1, 2, 2, 3, 50, 52, 53, 200], index=range(8))
    found = classify(values, method=ClassMethod.NATURAL, count=3)
    assert found.codes.tolist() == ["class_0"] * 4 + ["class_1"] * 3 + ["class_2"]
    assert [one.label.cs for one in found.classes] == ["1–3", "50–53", "200"]


def test_signed_ranges_are_not_written_with_a_dash():
    found = classify(pd.Series([-9.0, -4.0, 100.0]), method=ClassMethod.NATURAL, count=2)
    assert [one.label.cs for one in found.classes] == ["−9 až −4", "100"]


@pytest.mark.parametrize("method", [ClassMethod.NATURAL, ClassMethod.QUANTILES])
@pytest.mark.parametrize(("values", "count"), [([], 0), ([np.nan, np.nan], 0), ([7, 7, 7], 1), ([1, 2], 2)])
def test_few_values_make_few_classes(method, values, count):
    found = classify(pd.Series(values, dtype=float), method=method)
    assert len(found.classes) == count
    assert found.codes.notna().sum() == pd.Series(values, dtype=float).notna().sum()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.sampled_from(ClassMethod), st.randoms())
def test_classes_follow_the_values_whatever_their_order(numbers, method, random):
    values = pd.Series(numbers, dtype=float)
    found = classify(values, method=method, breaks=(10, 100))
    ranks = found.codes.str.removeprefix("class_").astype(int)
    ordered = ranks[values.sort_values(kind="stable").index]
    assert ordered.is_monotonic_increasing
    assert set(found.codes) <= {one.value for one in found.classes}
    order = list(values.index)
    random.shuffle(order)
    pd.testing.assert_series_equal(
        classify(values[order], method=method, breaks=(10, 100)).codes.sort_index(), found.codes
    )
    if method is not ClassMethod.FIXED:
        assert set(found.codes) == {one.value for one in found.classes}


@pytest.mark.parametrize("breaks", [(), (10, 10), (20, 10), (1, 2, 3, 4, 5), (1, float("nan"))])
def test_bad_breaks_are_refused(breaks):
    with pytest.raises(InvalidValueError, match="invalid_breaks"):
        classify(pd.Series([1.0]), method=ClassMethod.FIXED, breaks=breaks)


@pytest.mark.parametrize("count", [0, 6])
def test_bad_counts_are_refused(count):
    with pytest.raises(InvalidValueError, match="invalid_class_count"):
        classify(pd.Series([1.0]), method=ClassMethod.NATURAL, count=count)
    with pytest.raises(InvalidValueError, match="invalid_class_count"):
        palette(6)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_colours_grow_darker_by_steps_that_a_projector_shows(count):
    light = [luminance(colour) + 0.05 for colour in palette(count)]
    assert all(pale / dark > 1.35 for pale, dark in itertools.pairwise(light))
    # A white wall is no class.
    assert 1.05 / light[0] > 1.25


def test_what_is_missing_is_hatched_and_no_class_of_numbers():
    entry = missing_class("no_data", MEASURE_LABELS[Measure.COUNT])
    assert entry.hatched
    assert entry.colour not in palette(5)
