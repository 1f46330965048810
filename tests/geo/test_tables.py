"""Tables as Czech offices send them, and files that are none."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import DataFileError, InvalidValueError
from geo import table_files
from geo.figures import load_figure_tables
from geo.table_cells import DecimalMark, Reading, decide_decimal_mark, read_number
from geo.table_join import Decisions, JoinedTable, NotJoinedReason, TotalState, join_to_city_parts
from geo.tables import RawTable, read_table
from geo.unit_names import Division, city_part_names
from tests.geo.table_samples import CZECH, MALFORMED, text_file, xlsx

NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"
LIBUS, NEBUSICE, PRAHA_4, KUNRATICE = "547051", "547158", "500119", "547042"


def join(raw: RawTable, **decisions: Any) -> JoinedTable:
    assert raw.key_guess is not None
    return join_to_city_parts(raw, raw.key_guess, raw.value_guess, Decisions(**decisions))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "iso8859-2", "cp852", "mac-latin2"],
)
def test_each_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    raw = read_table(text_file(CZECH, delimiter, encoding), "tabulka.csv")
    joined = join(raw)
    assert raw.delimiter == delimiter
    assert joined.values[NEBUSICE] == {"cizinci": 1204.0}
    assert len(joined.values) == 6
    assert raw.columns[0].label == "Městská část"


def test_the_content_decides_not_the_name() -> None:
    assert read_table(xlsx(CZECH), "tabulka.csv").kind == "xlsx"
    assert read_table(text_file(CZECH), "tabulka.xlsx").kind == "csv"


def test_merged_headers_titles_and_notes_in_a_workbook() -> None:
    rows = [
        ["Cizinci v městských částech hl. m. Prahy podle pohlaví"], ["stav k 31. 12. 2019"], [],
        ["Kód", "Městská část", "Cizinci", None, None, "Obyvatelé\ncelkem 1)"],
        [None, None, "muži", "ženy", "celkem", None],
        ["a", "b", 1, 2, 3, 4],
        [None, "Hl. m. Praha", 110, 95, 205, 3200],
        [500119, "Praha 4", 60, 40, 100, 2000], [547051, "Praha-Libuš", 50, 55, 105, 1200], [],
        ["Zdroj: Český statistický úřad"], ["1) podle registru", None, "obyvatel"],
    ]  # fmt: skip
    raw = read_table(xlsx(rows, merge=["A4:A5", "B4:B5", "C4:E4", "F4:F5"]), "x.xlsx")
    assert [c.label for c in raw.columns] == [
        "Kód",
        "Městská část",
        "Cizinci – muži",
        "Cizinci – ženy",
        "Cizinci – celkem",
        "Obyvatelé celkem",
    ]
    assert raw.title_lines == ("Cizinci v městských částech hl. m. Prahy podle pohlaví", "stav k 31. 12. 2019")
    assert raw.notes[0] == "Zdroj: Český statistický úřad"
    assert raw.key_guess == "kod"
    joined = join_to_city_parts(
        raw, "mestska_cast", ["cizinci_muzi", "cizinci_celkem"], Decisions(numbered_means=Division.CITY_PART)
    )
    assert joined.values == {
        PRAHA_4: {"cizinci_muzi": 60, "cizinci_celkem": 100},
        LIBUS: {"cizinci_muzi": 50, "cizinci_celkem": 105},
    }
    assert [check.state for check in joined.totals] == [TotalState.MATCHES] * 2
    assert len(joined.missing) == 55
    assert joined.is_ready


def test_the_code_column_leaves_nothing_to_ask() -> None:
    rows = [["Kód", "Název", "Počet"], [500119, "Praha 4", 5], ["500143.0", "Praha 5", 6], ["500 178", "Praha 6", 7]]
    joined = join(read_table(xlsx(rows), "x.xlsx"))
    assert not joined.asks_division
    assert {code: values["pocet"] for code, values in joined.values.items()} == {"500119": 5, "500143": 6, "500178": 7}


def test_a_numbered_name_asks_once() -> None:
    raw = read_table(text_file([["MČ", "n"], ["Praha 4", "1"], ["Praha 5", "2"], ["Libuš", "3"]]), "x.csv")
    asked = join(raw)
    assert asked.asks_division
    assert not asked.values
    assert not asked.is_ready
    assert asked.division_hint is Division.CITY_PART
    assert len(join(raw, numbered_means=Division.CITY_PART).values) == 3


@pytest.mark.parametrize("means", [Division.ADMIN_DISTRICT, Division.OBVOD])
def test_districts_are_never_split(means: Division) -> None:
    raw = read_table(text_file([["obvod", "n"], *([f"Praha {n}", str(n)] for n in range(1, 11))]), "x.csv")
    assert join(raw).division_hint is Division.OBVOD
    with pytest.raises(DataFileError) as error:
        join(raw, numbered_means=means)
    assert error.value.code == "table_per_district"


def test_a_file_of_named_districts_is_refused() -> None:
    raw = read_table(text_file([["SO", "n"], *([f"SO Praha {n}", str(n)] for n in range(1, 23))]), "x.csv")
    with pytest.raises(DataFileError) as error:
        join(raw)
    assert error.value.code == "table_per_district"


def test_district_subtotals_are_left_out_and_reported() -> None:
    rows = [["", "n"], ["SO Praha 4", "30"], ["MČ Praha 4", "20"], ["MČ Praha-Kunratice", "10"], ["Celkem", "30"]]
    joined = join(read_table(text_file(rows), "x.csv"))
    assert [(item.row, item.reason) for item in joined.not_joined] == [(2, NotJoinedReason.DISTRICT)]
    assert joined.totals[0].state is TotalState.MATCHES
    assert set(joined.values) == {PRAHA_4, KUNRATICE}


def test_rows_that_do_not_join_come_with_reason_and_suggestion() -> None:
    rows = [
        ["MČ", "n"],
        ["Praha-Nebušicce", "1"],
        ["Praha-Libuš", "2"],
        ["Kunratice", "2"],
        ["Brno", "3"],
        ["nezjištěno", "4"],
        ["", "5"],
        ["Libuš", "2"],
    ]
    joined = join(read_table(text_file(rows), "x.csv"))
    found = {item.row: item for item in joined.not_joined}
    assert [item.reason for item in found.values()] == [
        NotJoinedReason.UNKNOWN, NotJoinedReason.UNKNOWN, NotJoinedReason.REMAINDER, NotJoinedReason.NO_NAME, NotJoinedReason.DUPLICATE,
    ]  # fmt: skip
    assert NEBUSICE in found[2].suggestions
    assert joined.is_ready
    settled = join(read_table(text_file(rows), "x.csv"), rows={2: NEBUSICE, 5: ""})
    assert settled.values[NEBUSICE] == {"n": 1.0}
    assert {item.row: item.reason for item in settled.not_joined}[5] is NotJoinedReason.LEFT_OUT


def test_two_rows_that_contradict_block_until_one_is_left_out() -> None:
    raw = read_table(text_file([["MČ", "n"], ["Libuš", "1"], ["Praha-Libuš", "2"], ["Troja", "3"]]), "x.csv")
    joined = join(raw)
    assert not joined.is_ready
    assert [(p.code, p.row, p.limit) for p in joined.problems] == [("table_duplicate_unit", 3, "2")]
    assert join(raw, rows={2: ""}).values[LIBUS] == {"n": 2.0}
    assert join(raw, rows={2: ""}).is_ready


def test_totals_are_checked_column_by_column() -> None:
    rows = [
        ["MČ", "a", "b", "podíl (%)"],
        ["Libuš", "1", "5", "10,5"],
        ["Troja", "2", "6", "11"],
        ["nezařazeno", "1", "0", ""],
        ["Praha celkem", "4", "12", "10,7"],
    ]
    joined = join(read_table(text_file(rows), "x.csv"))
    assert {check.column: check.state for check in joined.totals} == {"a": TotalState.MATCHES, "b": TotalState.DIFFERS}
    problem = next(p for p in joined.problems if p.code == "table_total_differs")
    assert (problem.field, problem.row, problem.value, problem.limit) == ("b", 5, "12", "11")


def test_a_total_over_rows_without_value_is_incomplete_not_wrong() -> None:
    rows = [["MČ", "a"], ["Libuš", "1"], ["Troja", "i.d."], ["Kunratice", "5"], ["Celkem", "8"]]
    joined = join(read_table(text_file(rows), "x.csv"))
    assert joined.totals[0].state is TotalState.INCOMPLETE
    assert joined.values["547328"] == {"a": None}


def test_rounded_decimals_do_not_make_a_total_wrong() -> None:
    rows = [["MČ", "km"], ["Libuš", "1,4"], ["Troja", "1,4"], ["Kunratice", "1,4"], ["Celkem", "4,3"]]
    assert join(read_table(text_file(rows), "x.csv")).totals[0].state is TotalState.MATCHES


@pytest.mark.parametrize(
    ("text", "value"),
    [("1234", 1234), ("1 234", 1234), (f"1{NBSP}234", 1234), (f"1{THIN}234{NARROW}567", 1234567), ("1'234", 1234), ("1.234.567", 1234567),
     ("1.234,5", 1234.5), ("12,5", 12.5), ("32,4 %", 32.4), (f"32,4{NBSP}%", 32.4), ("-5", -5), ("−5", -5), ("– 5", -5), ("12*", 12), ("12¹", 12),
     ("12 1)", 12), ("1 234 2)", 1234), ("12 a)", 12), ("0", 0), ("+3", 3), ("0,5", 0.5), (" 7 ", 7)],
)  # fmt: skip
def test_czech_numbers(text: str, value: float) -> None:
    assert read_number(text).value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "-",
        "–",
        "—",
        ".",
        "..",
        "…",
        "x",
        "X",
        "×",
        "i.d.",
        "i. d.",
        "I.D.",
        "n/a",
        "neuvedeno",
        "-*",
        NBSP,
    ],
)
def test_marks_for_no_value(text: str | None) -> None:
    assert read_number(text).reading is Reading.NO_VALUE


@pytest.mark.parametrize(
    "text",
    [
        "12 34",
        "1,2,3",
        "abc",
        "12 Kč",
        "5-",
        ",5",
        "1e5",
        "1 2345",
        "(12)",
        "٣٤",
        "0x1F",
        "nan",
        "inf",
        "--5",
        "1,234.5",
        "²",
        "5 osob",
    ],
)
def test_what_is_no_czech_number(text: str) -> None:
    assert read_number(text).value is None


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("<5", Reading.SUPPRESSED),
        ("méně než 5", Reading.SUPPRESSED),
        ("1-4", Reading.SUPPRESSED),
        ("#REF!", Reading.ERROR),
        ("#DIV/0!", Reading.ERROR),
    ],
)
def test_suppressed_and_errors(text: str, reading: Reading) -> None:
    assert read_number(text).reading is reading


@pytest.mark.parametrize(
    ("columns", "mark"),
    [([["1", "2"]], DecimalMark.COMMA), ([["1,5"]], DecimalMark.COMMA), ([["1.5"]], DecimalMark.POINT), ([["1,234.5"]], DecimalMark.POINT),
     ([["1.234.567"]], DecimalMark.COMMA), ([["1,234,567"]], DecimalMark.POINT), ([["1.234"], ["0,5"]], DecimalMark.COMMA), ([["1.234", "999"]], DecimalMark.COMMA),
     ([["1,234", "999"]], DecimalMark.POINT), ([["1.234"]], None), ([["1,234", "5"]], None), ([["1.5", "2,5"]], None), ([["0.123"]], DecimalMark.POINT)],
)  # fmt: skip
def test_the_decimal_mark_is_found_or_asked(columns: list[list[str]], mark: DecimalMark | None) -> None:
    assert decide_decimal_mark(columns) is mark


def test_an_unclear_decimal_mark_blocks_until_decided() -> None:
    raw = read_table(text_file([["MČ", "n"], ["Libuš", "1.234"], ["Troja", "2.345"]]), "x.csv")
    joined = join(raw)
    assert not joined.is_ready
    assert [(p.code, p.value) for p in joined.problems] == [("table_decimal_mark_unclear", "1.234")]
    assert join(raw, decimal_mark=DecimalMark.COMMA).values[LIBUS] == {"n": 1234.0}
    assert join(raw, decimal_mark=DecimalMark.POINT).values[LIBUS] == {"n": 1.234}


def test_percent_formats_of_a_workbook() -> None:
    raw = read_table(
        xlsx([["MČ", "podíl"], ["Libuš", 0.324], ["Troja", 0.1]], formats={"B2": "0.0%", "B3": "0%"}), "x.xlsx"
    )
    joined = join(raw)
    assert joined.values[LIBUS] == {"podil": 32.4}
    assert joined.percent == {"podil"}


def test_every_problem_is_reported_with_row_and_column() -> None:
    rows = [
        ["MČ", "a", "b"],
        ["Libuš", "asi 5", "1"],
        ["Troja", "-3", "#REF!"],
        ["Kunratice", "7", "<5"],
        ["Suchdol", "8", "9"],
        ["Lipence", "8", "9"],
    ]
    joined = join(read_table(text_file(rows), "x.csv"))
    assert {(p.code, p.field, p.row) for p in joined.problems} == {
        ("table_text_not_number", "a", 2), ("table_negative", "a", 3), ("table_formula_error", "b", 3), ("table_suppressed", "b", 4),
    }  # fmt: skip


def test_formulas_without_a_result_are_reported() -> None:
    raw = read_table(xlsx([["MČ", "n"], ["Libuš", 5], ["Troja", "=B2+1"], ["Kunratice", 3]]), "x.xlsx")
    assert [(p.code, p.field, p.row) for p in raw.problems] == [("table_formula_without_value", "B", 3)]


def test_sheets_are_chosen_by_city_parts_and_hidden_ones_left_out() -> None:
    data = xlsx([["Obsah"], ["Tabulka 1", "viz List2"]], CZECH)
    raw = read_table(data, "x.xlsx")
    assert (raw.sheet, raw.sheets) == ("List2", ("List1", "List2"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["List1"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "x.xlsx").sheets == ("List2",)
    with pytest.raises(DataFileError) as error:
        read_table(data, "x.xlsx", sheet="List9")
    assert error.value.code == "table_unknown_sheet"


def test_blank_rows_columns_repeated_headers_and_numbering_are_dropped() -> None:
    rows = [
        ["MČ", "", "n", ""],
        ["a", "", "1", "2"],
        ["Libuš", "", "5", ""],
        ["", "", "", ""],
        ["MČ", "", "n", ""],
        ["Troja", "", "6", ""],
    ]
    raw = read_table(text_file(rows), "x.csv")
    assert [c.letter for c in raw.columns] == ["A", "C"]
    assert [row.number for row in raw.rows] == [3, 6]


def test_a_misspelt_first_row_is_not_taken_for_the_header() -> None:
    raw = read_table(text_file([["MČ", "n"], ["Prahha-Libbuš", "1"], ["Troja", "2"], ["Suchdol", "3"]]), "x.csv")
    assert [row.number for row in raw.rows] == [2, 3, 4]
    assert raw.columns[1].label == "n"


def test_excel_hint_line_and_dates_in_headers() -> None:
    assert join(read_table("sep=;\r\nMČ;n\r\nLibuš;1,5\r\nTroja;2\r\n".encode("cp1250"), "x.csv")).values[LIBUS] == {
        "n": 1.5
    }
    raw = read_table(xlsx([["MČ", date(2019, 12, 31), 2020], ["Libuš", 1, 2], ["Troja", 3, 4]]), "x.xlsx")
    assert [c.label for c in raw.columns] == ["MČ", "31. 12. 2019", "2020"]


def test_same_labels_get_different_ids() -> None:
    raw = read_table(text_file([["MČ", "n", "n", ""], ["Libuš", "1", "2", "3"], ["Troja", "1", "2", "3"]]), "x.csv")
    assert [c.label for c in raw.columns] == ["MČ", "n", "n (C)", ""]
    assert len({c.id for c in raw.columns}) == 4


def test_contacts_in_notes_are_not_kept() -> None:
    rows = [
        ["MČ", "n"],
        ["Libuš", "1"],
        ["Troja", "2"],
        ["Kontakt: oddělení, e-mail urad@example.org", ""],
        ["Zdroj: ČSÚ", ""],
    ]
    assert read_table(text_file(rows), "x.csv").notes == ("Zdroj: ČSÚ",)


@pytest.mark.parametrize(
    ("make", "code"), [(make, code) for _, make, code in MALFORMED], ids=[name for name, _, _ in MALFORMED]
)
def test_malformed_files_are_refused(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(DataFileError) as error:
        read_table(make(), "x.xlsx")
    assert error.value.code == code


@pytest.mark.parametrize("encoding", ["cp1250", "utf-8-sig", "utf-16"])
def test_the_figures_of_2019_come_back_whole_from_an_office_file(encoding: str) -> None:
    figures = load_figure_tables()["foreigners_2019"].values
    names = city_part_names()

    def grouped(number: float) -> str:
        return f"{int(number):,}".replace(",", NBSP)

    rows = [["Tab. 5 Cizinci v městských částech hl. m. Prahy k 31. 12. 2019"], [], ["Městská část", "Cizinci s povolením k pobytu", "", "Obyvatelé"],
            ["", "celkem", "podíl (%)", "celkem"]]  # fmt: skip
    rows.append(["Hl. m. Praha", grouped(figures["foreigners"].sum()), "15,9", grouped(figures["population"].sum())])
    rows += [[names[str(code)], grouped(row["foreigners"]), f"{100 * row['foreigners'] / row['population']:.1f}".replace(".", ","), grouped(row["population"])]
             for code, row in figures.iterrows()]  # fmt: skip
    rows += [[], ["Zdroj: ČSÚ"]]
    raw = read_table(text_file(rows, encoding=encoding), "cizinci.csv")
    assert join(raw).asks_division
    joined = join(raw, numbered_means=Division.CITY_PART)
    first, _, last = raw.value_guess
    assert {code: row[first] for code, row in joined.values.items()} == figures["foreigners"].to_dict()
    assert sum(row[last] or 0 for row in joined.values.values()) == 1_324_277
    assert [check.state for check in joined.totals] == [TotalState.MATCHES] * 2
    assert (joined.missing, joined.not_joined, joined.problems) == ((), (), ())
    assert len(joined.percent) == 1


def test_names_of_units_are_no_personal_data() -> None:
    rows = [["Jméno městské části", "počet mobilních telefonů"], ["Libuš", "5"], ["Troja", "6"]]
    assert len(join(read_table(text_file(rows), "x.csv")).values) == 2


def test_a_wide_but_blank_sheet_costs_no_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_CELLS_VISITED", 50_000)
    book = openpyxl.Workbook()
    for row in range(1, 6):
        book.active.cell(row, 16_384).number_format = "0.0"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(DataFileError) as error:
        read_table(out.getvalue(), "x.xlsx")
    assert error.value.code == "table_too_many_columns"


def test_a_join_without_columns_or_with_unknown_ones_is_refused() -> None:
    raw = read_table(text_file(CZECH), "x.csv")
    with pytest.raises(InvalidValueError) as error:
        join_to_city_parts(raw, "mestska_cast", ["mestska_cast"])
    assert error.value.code == "import_no_value_column"
    with pytest.raises(DataFileError) as unknown:
        join_to_city_parts(raw, "nic", ["cizinci"])
    assert unknown.value.code == "table_unknown_column"
    with pytest.raises(InvalidValueError) as decided:
        join_to_city_parts(raw, "mestska_cast", ["cizinci"], Decisions(rows={2: "999999"}))
    assert decided.value.code == "unknown_city_part"


def test_nothing_joined_blocks() -> None:
    raw = read_table(text_file([["obec", "n"], ["Brno", "1"], ["Ostrava", "2"]]), "x.csv")
    assert raw.key_guess is None
    joined = join_to_city_parts(raw, "obec", ["n"])
    assert "table_nothing_joined" in {p.code for p in joined.problems}
    assert not joined.is_ready


def refusal(data: bytes) -> str | None:
    try:
        read_table(data, "x")
    except DataFileError as error:
        return error.code
    return None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_give_anything_but_a_table_or_a_sentence(data: bytes) -> None:
    for content in (data, b"PK\x03\x04" + data, "MČ;n\nLibuš;".encode() + data):
        code = refusal(content)
        assert code is None or code.startswith("table_")


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(city_part_names())), st.integers(min_value=0, max_value=10**7), min_size=1)
)
def test_what_is_written_is_what_is_read(figures: dict[str, int]) -> None:
    names = city_part_names()
    rows = [
        ["MČ", "počet"],
        *([f"MČ {names[c]}", f"{n:,}".replace(",", NBSP)] for c, n in figures.items()),
        ["Celkem", str(sum(figures.values()))],
    ]
    joined = join(read_table(text_file(rows, encoding="utf-8"), "x.csv"))
    assert {code: values["pocet"] for code, values in joined.values.items()} == figures
    assert joined.totals[0].state is TotalState.MATCHES
    assert len(joined.missing) == 57 - len(figures)


def test_texts_and_digits_without_end_are_read_like_any_other() -> None:
    rows = [["MČ", "n"], ["9" * 5000, "1"], ["Libuš", "9" * 5000], ["Troja", "²"], ["Lipence", "a" * 30_000]]
    raw = read_table(text_file(rows), "x.csv")
    assert len(raw.rows) == 4
    assert decide_decimal_mark([["1.234", "9" * 5000]]) is not None
    assert decide_decimal_mark([["1.234", "²"]]) is None
