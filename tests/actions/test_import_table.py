"""From a file of an office to a measure on the map, undone and redone; the same file again changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.import_table import (
    BASE_COLUMN,
    ImportDescription,
    ImportPreview,
    figure_tables_from_store,
    import_table,
    imported_from_file,
    prepare_import,
    preview_import,
    redo_import,
    undo_import,
)
from domain.dataset import Denominator
from domain.errors import (
    DataFileError,
    InvalidValueError,
    MixedSeriesError,
    NotFoundError,
    NotPermittedError,
    ProblemsError,
)
from domain.place import Actor
from domain.roles import Role
from geo.figures import ColumnKind, combine, load_figure_tables
from geo.table_join import Decisions
from geo.unit_names import Division
from layers.concentration import LAYER
from layers.contract import Context, Readers
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store

TODAY = date(2026, 7, 1)
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
ROLE = Role.COORDINATOR
FILE = (
    "Městská část;Žáci celkem;Žáci s jiným jazykem;Podíl (%)\r\n"
    "MČ Praha 4;1 000;120;12,0\r\nPraha-Libuš;200;50;25,0\r\nNebušice;100;x;x\r\nCelkem;1 300;170;13,1\r\n"
).encode("cp1250")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


def description(**changes: Any) -> ImportDescription:
    full = ImportDescription(
        title="Žáci s odlišným mateřským jazykem",
        publisher="Úřad",
        reference_date=date(2025, 9, 30),
        denominator=Denominator.OTHER,
        denominator_note="žáci škol zřizovaných městskou částí",
        does_not_count="žáky soukromých škol",
        base_column="zaci_celkem",
    )
    return replace(full, **changes)


def preview(**choices: Any) -> ImportPreview:
    return preview_import(FILE, "zaci.csv", **choices)


def test_a_file_becomes_a_measure_at_once(store: Store) -> None:
    before = store.data_version()
    info = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    assert store.data_version() > before
    table = figure_tables_from_store(store)[info.id]
    assert table.info.imported
    assert table.info.reference_date == date(2025, 9, 30)
    assert table.info.title.uk == "Žáci s odlišným mateřským jazykem"
    assert table.main_column == "count_zaci_s_jinym_jazykem"
    assert table.columns[table.main_column].denominator_column == BASE_COLUMN
    assert table.columns["share_podil"].kind is ColumnKind.SHARE
    assert table.values.loc["547051"].to_dict() == {
        "count_zaci_s_jinym_jazykem": 50,
        "share_podil": 25,
        BASE_COLUMN: 200,
    }
    assert table.values["share_podil"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(("measure", "expected"), [("count", 120.0), ("share", 12.0)])
def test_the_map_draws_it_at_once(store: Store, measure: str, expected: float) -> None:
    info = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    readers = Readers(figure_tables={**load_figure_tables(), **figure_tables_from_store(store)})
    offered = {choice.value for option in LAYER.options_for(readers) for choice in option.choices}
    assert {info.id, f"{info.id}:share_podil"} <= offered
    features = LAYER.load(Context(readers=readers, options={"dataset": info.id, "measure": measure}))
    drawn = features.frame.set_index("id")
    assert drawn.loc["500119", "value"] == pytest.approx(expected)
    assert features.source == info


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    first = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    version, rows = store.data_version(), len(store.datasets.all())
    table = figure_tables_from_store(store)[first.id]
    again = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    assert again == first
    assert (store.data_version(), len(store.datasets.all())) == (version, rows)
    assert figure_tables_from_store(store)[first.id] is table
    assert imported_from_file(store, preview().raw.sha256) == (first,)


def test_another_description_is_another_dataset(store: Store) -> None:
    first = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    other = description(reference_date=date(2024, 9, 30))
    second = import_table(store, prepare_import(preview(), other, today=TODAY), ACTOR, role=ROLE)
    assert first.id != second.id
    assert len(figure_tables_from_store(store)) == 2


def test_undo_takes_it_off_the_map_and_redo_brings_it_back(store: Store) -> None:
    info = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    undo_import(store, info.id, ACTOR, role=ROLE)
    assert not figure_tables_from_store(store)
    redo_import(store, info.id, ACTOR, role=ROLE)
    assert list(figure_tables_from_store(store)) == [info.id]
    undo_import(store, info.id, ACTOR, role=ROLE)
    assert import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE) == info
    assert list(figure_tables_from_store(store)) == [info.id]
    with pytest.raises(NotFoundError):
        undo_import(store, "import_0", ACTOR, role=ROLE)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_a_coordinator_imports_and_undoes(store: Store, role: Role) -> None:
    prepared = prepare_import(preview(), description(), today=TODAY)
    with pytest.raises(NotPermittedError):
        import_table(store, prepared, ACTOR, role=role)
    info = import_table(store, prepared, ACTOR, role=ROLE)
    for action in (undo_import, redo_import):
        with pytest.raises(NotPermittedError):
            action(store, info.id, ACTOR, role=role)
    assert len(store.datasets.all()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "import_title_missing"), ({"title": "\u200b\x00\n"}, "import_title_missing"),
        ({"publisher": ""}, "import_publisher_missing"), ({"reference_date": None}, "import_date_missing"),
        ({"reference_date": date(2026, 7, 2)}, "import_date_impossible"), ({"reference_date": date(1899, 12, 31)}, "import_date_impossible"),
        ({"denominator": None}, "import_denominator_missing"), ({"denominator_note": ""}, "import_denominator_note_missing"),
        ({"does_not_count": None}, "import_does_not_count_missing"), ({"title": "x" * 121}, "import_text_too_long"),
        ({"source": "volejte +420 000 000 000"}, "import_text_personal"), ({"publisher": "nekdo@example.org"}, "import_text_personal"),
        ({"denominator": Denominator.NONE}, "import_base_needs_denominator"),
        ({"denominator": Denominator.NONE, "base_column": None}, "import_share_needs_denominator"),
    ],
)  # fmt: skip
def test_a_description_that_lacks_something_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemsError) as error:
        prepare_import(preview(), description(**changes), today=TODAY)
    assert code in {problem.code for problem in error.value.problems}


def test_everything_that_is_missing_is_said_at_once() -> None:
    empty = ImportDescription(title="", publisher="", reference_date=None, denominator=None, does_not_count=None)
    with pytest.raises(ProblemsError) as error:
        prepare_import(preview(), empty, today=TODAY)
    assert {problem.code for problem in error.value.problems} == {
        "import_title_missing", "import_publisher_missing", "import_date_missing", "import_does_not_count_missing", "import_denominator_missing",
    }  # fmt: skip


def test_not_stated_is_an_answer() -> None:
    info = prepare_import(preview(), description(does_not_count=""), today=TODAY).info
    assert info.does_not_count is not None
    assert (info.does_not_count.cs, info.does_not_count.en) == ("neuvedeno", "not stated")


def test_an_open_question_blocks() -> None:
    file = "MČ;n\r\nPraha 4;5\r\nPraha 5;6\r\n".encode()
    plain = description(base_column=None, denominator=Denominator.NONE)
    with pytest.raises(ProblemsError) as error:
        prepare_import(preview_import(file, "x.csv"), plain, today=TODAY)
    assert [problem.code for problem in error.value.problems] == ["import_undecided"]
    decided = preview_import(file, "x.csv", decisions=Decisions(numbered_means=Division.CITY_PART))
    assert len(prepare_import(decided, plain, today=TODAY).values) == 2
    with pytest.raises(DataFileError) as refused:
        preview_import(file, "x.csv", decisions=Decisions(numbered_means=Division.OBVOD))
    assert refused.value.code == "table_per_district"


def test_a_file_without_key_asks_for_it() -> None:
    found = preview_import(b"a;b\r\nBrno;5\r\nOstrava;6\r\n", "x.csv")
    assert (found.key_column, found.joined) == (None, None)
    with pytest.raises(ProblemsError):
        prepare_import(found, description(base_column=None), today=TODAY)


def test_only_the_base_is_no_measure() -> None:
    with pytest.raises(ProblemsError) as error:
        prepare_import(preview(value_columns=["zaci_celkem"]), description(), today=TODAY)
    assert "import_only_base" in {problem.code for problem in error.value.problems}
    with pytest.raises(InvalidValueError):
        prepare_import(preview(value_columns=["podil"]), description(), today=TODAY)


def test_more_persons_than_their_base_are_refused_with_the_name_of_the_column() -> None:
    file = "MČ;cizinci;obyvatelé\r\nLibuš;50;20\r\nTroja;5;100\r\n".encode()
    with pytest.raises(ProblemsError) as error:
        prepare_import(
            preview_import(file, "x.csv"),
            description(base_column="obyvatele", denominator=Denominator.INHABITANTS),
            today=TODAY,
        )
    assert [(p.code, p.field) for p in error.value.problems] == [("figure_above_denominator", "cizinci")]


def test_values_that_are_no_counts_of_persons_are_not_taken_for_such() -> None:
    file = "MČ;změna;km\r\nLibuš;-5;1,5\r\nTroja;7;2\r\n".encode()
    prepared = prepare_import(
        preview_import(file, "x.csv"), description(base_column=None, denominator=Denominator.NONE), today=TODAY
    )
    assert set(prepared.columns) == {"other_zmena", "other_km"}
    beds = "MČ;lůžka\r\nLibuš;5\r\nTroja;7\r\n".encode()
    other = description(base_column=None, denominator=Denominator.NONE, counts_persons=False)
    assert set(prepare_import(preview_import(beds, "x.csv"), other, today=TODAY).columns) == {"other_luzka"}


def test_an_imported_table_never_mixes_its_denominator_with_another(store: Store) -> None:
    info = import_table(store, prepare_import(preview(), description(), today=TODAY), ACTOR, role=ROLE)
    with pytest.raises(MixedSeriesError):
        combine([figure_tables_from_store(store)[info.id], load_figure_tables()["foreigners_2019"]])


def test_control_characters_do_not_get_into_the_card() -> None:
    info = prepare_import(preview(), description(title="Žáci\x07\r\n<b>x</b>\u202e"), today=TODAY).info
    assert info.title.cs == "Žáci <b>x</b>"


def test_a_stored_table_that_figures_refuse_does_not_take_the_map_away(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    prepared = prepare_import(preview(), description(), today=TODAY)
    store.datasets.add(
        replace(prepared.info, id="broken"), prepared.columns, {"999999": dict.fromkeys(prepared.columns, 1.0)}, ACTOR
    )
    import_table(store, prepared, ACTOR, role=ROLE)
    assert list(figure_tables_from_store(store)) == [prepared.info.id]
    assert "broken" in caplog.text
