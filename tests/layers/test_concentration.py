"""The two choropleths: every option answers, hidden numbers stay hidden, and it is quick."""

import itertools
import time
from datetime import date

import pandas as pd
import pytest

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError
from domain.text import Language, Text
from geo.figures import (
    PERCENT,
    ColumnKind,
    FigureColumn,
    figure_table_from_frame,
    load_city_part_list,
    load_figure_tables,
)
from layers import concentration, temporary_protection
from layers._live import render_geojson
from layers.contract import Context, Formatter, Group, Readers

NO_READERS = Readers()
LABEL = Text(cs="Žáci", en="Pupils", uk="Учні")
CODES = list(load_city_part_list().index)
BENICE = "538078"


def choices(layer, option_id, readers=NO_READERS):
    return [
        choice.value for option in layer.options_for(readers) if option.id == option_id for choice in option.choices
    ]


def load(layer, readers=NO_READERS, **options):
    return layer.load(Context(options=options, readers=readers))


def imported(frame, columns, **changes):
    info = DatasetInfo(
        id="import_1", title=LABEL, publisher="Praha 14", source="výkaz", licence="-", reference_date=date(2025, 9, 30),
        series="import_1", imported=True, **changes,
    )  # fmt: skip
    return Readers(figure_tables={**load_figure_tables(), info.id: figure_table_from_frame(info, frame, columns)})


def check_answer(features):
    frame = features.frame
    assert len(frame) == 57
    assert frame.crs.to_epsg() == 4326
    assert list(frame["id"]) == list(frame.index) == CODES
    legend = {entry.value: entry for entry in features.legend}
    assert set(frame["class"]) <= set(legend)
    assert len({entry.colour for entry in features.legend if not entry.hatched}) == sum(
        not e.hatched for e in features.legend
    )
    columns = {field.column for field in features.fields}
    assert columns <= set(frame.columns)
    shown = frame["status"].isna()
    assert [legend[value].hatched for value in frame["class"]] == list(~shown)
    for entry, language in itertools.product(features.legend, Language):
        assert entry.label.to(language)
    assert features.note is not None
    return frame


@pytest.mark.parametrize("measure", choices(concentration.LAYER, "measure"))
@pytest.mark.parametrize("classes", choices(concentration.LAYER, "classes"))
@pytest.mark.parametrize("dataset", choices(concentration.LAYER, "dataset"))
def test_every_choice_of_concentration_answers(dataset, measure, classes):
    features = load(concentration.LAYER, dataset=dataset, measure=measure, classes=classes)
    check_answer(features)
    assert features.source is load_figure_tables()[dataset].info
    assert features.source.publisher in features.note.cs


@pytest.mark.parametrize("day", choices(temporary_protection.LAYER, "date"))
@pytest.mark.parametrize("measure", choices(temporary_protection.LAYER, "measure"))
def test_every_choice_of_temporary_protection_answers(day, measure):
    features = load(temporary_protection.LAYER, date=day, measure=measure)
    check_answer(features)
    assert features.source.reference_date.isoformat() == day
    for language, word in zip(Language, ("srovnávat", "compared", "порівнювати"), strict=True):
        assert word in features.note.to(language)


def test_the_default_is_the_share_of_2019_by_ten_twenty_thirty():
    features = load(concentration.LAYER)
    frame = check_answer(features)
    assert frame["class"].value_counts().to_dict() == {"class_0": 16, "class_1": 31, "class_2": 9, "class_3": 1}
    assert [entry.label.cs for entry in features.legend] == [
        "méně než 10\u00a0%",
        "10–20\u00a0%",
        "20–30\u00a0%",
        "30\u00a0% a více",
    ]
    assert "z obyvatel celkem" in features.note.cs
    assert "Celá Praha: 15,9\u00a0%" in features.note.cs
    assert concentration.LAYER.legend == features.legend
    assert {field.column for field in concentration.LAYER.fields} == {"name", "value", "count", "base", "status"}


def test_the_layers_stand_where_they_should():
    one, two = concentration.LAYER, temporary_protection.LAYER
    assert (one.group, two.group) == (Group.CONCENTRATION, Group.CONCENTRATION)
    assert (one.shown_by_default, two.shown_by_default) == (True, False)
    assert one.geometry_from == two.geometry_from == "city_parts"
    assert one.order == 5 < two.order


def test_shares_over_citizens_are_not_on_the_map():
    assert "share_citizens" not in choices(concentration.LAYER, "measure")
    with pytest.raises(InvalidValueError, match="unknown_choice"):
        load(concentration.LAYER, measure="share_citizens")


@pytest.mark.parametrize(("option", "value"), [("dataset", "x"), ("measure", "x"), ("classes", "x")])
def test_unknown_choices_of_concentration_are_refused(option, value):
    with pytest.raises(InvalidValueError, match="unknown_choice"):
        load(concentration.LAYER, **{option: value})


@pytest.mark.parametrize("option", ["date", "measure"])
def test_unknown_choices_of_temporary_protection_are_refused(option):
    with pytest.raises(InvalidValueError, match="unknown_choice"):
        load(temporary_protection.LAYER, **{option: "x"})


def test_temporary_protection_is_not_among_the_datasets_of_concentration():
    assert choices(concentration.LAYER, "dataset") == ["foreigners_2019", "population_census_2021"]
    assert choices(temporary_protection.LAYER, "date")[0] == "2026-07-21"
    assert len(choices(temporary_protection.LAYER, "date")) == 9


def test_a_measure_without_a_base_gives_the_count_and_says_so():
    features = load(concentration.LAYER, dataset="population_census_2021", measure="share")
    assert features.frame["value"].sum() == 1_301_432
    assert "„Podíl“ z těchto dat spočítat nelze" in features.note.cs


def test_an_imported_table_is_a_dataset_at_once():
    frame = pd.DataFrame({"pupils": [3, 40, 500, 700], "all": [900, 900, 900, 40_000]}, index=CODES[:4])
    columns = {"pupils": FigureColumn(label=LABEL, denominator_column="all"), "all": FigureColumn(label=LABEL)}
    note = Text(cs="žáci všech škol", en="pupils of all schools", uk="учні всіх шкіл")
    readers = imported(frame, columns, denominator=Denominator.OTHER, denominator_note=note)
    assert choices(concentration.LAYER, "dataset", readers)[-1] == "import_1"
    features = load(concentration.LAYER, readers, dataset="import_1", measure="share")
    answer = check_answer(features)
    assert "žáci všech škol" in features.note.cs
    assert answer.loc[CODES[0], "status"] == "suppressed"
    assert answer.loc[CODES[1], "status"] == "complement"
    assert answer.loc[CODES[4], "status"] == "no_data"
    assert answer.loc[CODES[:2], ["value", "count", "base"]].isna().all(axis=None)
    hidden = {entry.value: entry for entry in features.legend if entry.hatched}
    assert set(hidden) == {"suppressed", "no_data"}
    text = render_geojson(concentration.LAYER, features, Language.CS, with_geometry=False).decode()
    assert "méně než 5" in text
    assert '"count":3' not in text


def test_imported_shares_and_other_values_can_be_drawn():
    frame = pd.DataFrame({"share": [5.0, 25.0, 31.5], "rent": [-3.5, 12.25, 300]}, index=CODES[:3])
    columns = {
        "share": FigureColumn(label=LABEL, unit=PERCENT, kind=ColumnKind.SHARE),
        "rent": FigureColumn(label=LABEL, unit=LABEL, kind=ColumnKind.OTHER),
    }
    readers = imported(frame, columns, denominator=Denominator.INHABITANTS)
    assert choices(concentration.LAYER, "dataset", readers)[-2:] == ["import_1", "import_1:rent"]
    shares = load(concentration.LAYER, readers, dataset="import_1")
    assert check_answer(shares).loc[CODES[:3], "class"].tolist() == ["class_0", "class_2", "class_3"]
    assert shares.fields[1].formatter is Formatter.PERCENT
    rents = load(concentration.LAYER, readers, dataset="import_1:rent")
    assert check_answer(rents).loc[CODES[0], "value"] == -3.5
    assert rents.fields[1].formatter is Formatter.DECIMAL


def test_limits_come_from_the_settings():
    readers = Readers(thresholds={"share_pct": (5, 15, 25), "half_life": (12,)})
    features = load(concentration.LAYER, readers)
    assert features.legend[0].label.cs == "méně než 5\u00a0%"
    levels = load(concentration.LAYER, readers, measure="level")
    assert "podíl od 15\u00a0%" in levels.legend[2].label.cs
    assert "nastavením této aplikace" in levels.note.cs


def test_hidden_numbers_of_temporary_protection_are_nowhere_in_the_answer():
    features = load(temporary_protection.LAYER, date="2022-03-31")
    frame = check_answer(features)
    row = frame.loc[BENICE]
    assert row["class"] == row["status"] == "suppressed"
    assert pd.isna(row["total"])
    assert set(row["small"]) == {"total", "women", "age_18_64"}
    table = load_figure_tables()["temporary_protection_2022-03-31"]
    for name in table.columns:
        shown = frame[name].dropna()
        assert not shown.between(1, 4).any()
        assert shown.equals(table.values.loc[shown.index, name])
    told = frame[["small", "hidden"]].map(lambda names: len(names) if names else 0).sum().sum()
    assert told == frame[list(table.columns)].isna().sum().sum() > 90


def test_parts_that_are_hidden_are_said_in_the_note():
    assert "1–4" in load(temporary_protection.LAYER).note.cs
    assert "1–4" in load(temporary_protection.LAYER, date="2022-03-31").note.cs
    assert "1–4" not in load(concentration.LAYER).note.cs


def test_changing_an_answer_does_not_change_the_next_one():
    first = load(concentration.LAYER)
    first.frame["value"] = 0
    del first.frame["name"]
    assert load(concentration.LAYER).frame["value"].max() > 32
    assert "name" in load(concentration.LAYER).frame
    other = load(temporary_protection.LAYER)
    other.frame.loc[BENICE, "total"] = -1
    assert load(temporary_protection.LAYER).frame.loc[BENICE, "total"] == 17


@pytest.mark.parametrize("layer", [concentration.LAYER, temporary_protection.LAYER], ids=lambda layer: layer.id)
def test_a_warm_answer_takes_under_fifty_milliseconds(layer):
    load(layer)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        load(layer)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
