"""Přidat data as a person walks through it, in three languages."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from actions.import_table import figure_tables_from_store
from api import process
from domain.text import Language
from ui.import_panel import EXAMPLE
from ui.localisation import Messages

MAIN = Path(__file__).parents[2] / "ui" / "main.py"
PAGE = "../pages/pridat_data.py"
TIMEOUT_S = 60
CS = Messages(Language.CS)
TABLE = (
    "Městská část;Osoby;Obyvatelé\r\nMČ Praha 4;120;1 000\r\nPraha-Libuš;50;200\r\nNebušicce;7;100\r\nCelkem;177;1 300\r\n"
).encode("cp1250")


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    process.forget_process_state()
    yield
    process.forget_process_state()


def open_page(language: Language = Language.CS) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=TIMEOUT_S)
    app.query_params["lang"] = language.value
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def upload(app: AppTest, data: bytes, name: str = "tabulka.csv") -> AppTest:
    app.file_uploader[0].upload(name, data)
    app.run()
    assert not app.exception
    return app


def by_label(elements, label: str):
    found = [element for element in elements if element.label == label]
    assert len(found) == 1, [element.label for element in elements]
    return found[0]


def texts(app: AppTest) -> str:
    kinds = (app.text, app.caption, app.warning, app.success, app.info, app.subheader)
    # Headings and warnings are Markdown, in which every sign is escaped.
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def fill(app: AppTest, messages: Messages = CS) -> AppTest:
    by_label(app.text_input, messages("import-title")).set_value("Osoby v péči")
    by_label(app.text_input, messages("import-publisher")).set_value("Úřad městské části")
    by_label(app.date_input, messages("import-date")).set_value(date(2025, 1, 1))
    by_label(app.radio, messages("import-denominator")).set_value("inhabitants")
    by_label(app.selectbox, messages("import-base")).set_value("obyvatele")
    by_label(app.checkbox, messages("import-not-stated")).check()
    return app


def send(app: AppTest, messages: Messages = CS) -> AppTest:
    by_label(app.button, messages("import-store")).click()
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", list(Language))
def test_the_empty_page_says_what_to_do(language: Language) -> None:
    messages = Messages(language)
    app = open_page(language)
    assert app.title[0].value == messages("page-import")
    assert messages("import-empty") in texts(app)
    assert messages("import-list-empty") in texts(app)
    assert by_label(app.get("download_button"), messages("import-example"))


@pytest.mark.parametrize("language", list(Language))
def test_from_file_to_map_and_back(language: Language) -> None:
    messages = Messages(language)
    app = upload(open_page(language), TABLE)
    shown = texts(app)
    assert messages("import-joined", joined=2, total=57) in shown
    assert messages("import-totals-match", count=2) in shown
    send(fill(app, messages), messages)
    assert messages("import-done", title="Osoby v péči", count=2) in texts(app)
    tables = figure_tables_from_store(process.store())
    assert [table.info.title.cs for table in tables.values()] == ["Osoby v péči"]
    assert app.file_uploader[0].value is None
    app.button(key="import_undo_done").click()
    app.run()
    assert not app.exception
    assert not figure_tables_from_store(process.store())
    by_label(app.button, messages("import-redo")).click()
    app.run()
    assert list(figure_tables_from_store(process.store())) == list(tables)


def test_a_row_with_a_misspelt_name_is_joined_by_hand() -> None:
    app = upload(open_page(), TABLE)
    assert CS("import-reason-unknown") in app.dataframe[1].value[CS("import-reason")].tolist()
    row = by_label(app.selectbox, CS("import-row-text", row=4, text="Nebušicce"))
    assert row.value == "-"
    row.set_value("547158").run()
    assert CS("import-joined", joined=3, total=57) in texts(app)
    send(fill(app))
    (table,) = figure_tables_from_store(process.store()).values()
    assert table.values.loc["547158", "count_osoby"] == 7


def test_praha_4_asks_and_a_table_of_districts_is_refused() -> None:
    app = upload(open_page(), "MČ;n\r\nPraha 4;5\r\nPraha 5;6\r\n".encode())
    question = by_label(app.radio, CS("import-division"))
    assert question.value is None
    assert CS("import-step-preview") not in texts(app)
    question.set_value("admin_district").run()
    assert not app.exception
    assert CS("error-table-per-district") in texts(app)
    assert CS("import-step-description") not in texts(app)
    by_label(app.radio, CS("import-division")).set_value("city_part").run()
    assert CS("import-joined", joined=2, total=57) in texts(app)


def test_an_unclear_decimal_mark_asks() -> None:
    app = upload(open_page(), "MČ;n\r\nLibuš;1.234\r\nTroja;2.345\r\n".encode())
    assert CS("import-step-description") not in texts(app)
    by_label(app.radio, CS("import-decimal", example="1\\.234")).set_value("COMMA").run()
    assert app.dataframe[0].value["n"].tolist() == [1234.0, 2345.0]
    assert CS("import-step-description") in texts(app)


def test_of_two_rows_that_contradict_one_is_kept() -> None:
    app = upload(open_page(), "MČ;n\r\nLibuš;1\r\nPraha-Libuš;2\r\nTroja;3\r\n".encode())
    assert CS("import-step-description") not in texts(app)
    by_label(app.selectbox, CS("import-keep-row", name="Praha\\-Libuš")).set_value(3).run()
    assert not app.exception
    assert app.dataframe[0].value["n"].tolist() == [2.0, 3.0]
    assert CS("import-step-description") in texts(app)


def test_what_is_missing_is_said_at_once_and_what_was_typed_stays() -> None:
    app = upload(open_page(), TABLE)
    by_label(app.text_input, CS("import-title")).set_value("Osoby")
    send(app)
    sentences = [warning.value.replace("\\", "") for warning in app.warning]
    for key in ("publisher-missing", "date-missing", "denominator-missing", "does-not-count-missing"):
        assert CS(f"error-import-{key}") in sentences
    assert by_label(app.text_input, CS("import-title")).value == "Osoby"
    assert not process.store().datasets.all()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "table-empty"), (b"%PDF-1.7", "table-wrong-type"), (b"PK\x03\x04rubbish", "table-damaged"),
        ("MČ;Jméno a příjmení;n\nLibuš;N. N.;1\nTroja;N. N.;2\n".encode(), "table-personal-data"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "table-old-excel"), (b"abc", "table-not-a-table"),
    ],
)  # fmt: skip
def test_a_bad_file_gets_a_sentence(data: bytes, key: str) -> None:
    app = upload(open_page(), data)
    assert len(app.warning) == 1
    assert app.warning[0].value.replace("\\", "")[:15] == CS(f"error-{key}")[:15]


def test_the_same_file_is_recognised() -> None:
    app = send(fill(upload(open_page(), TABLE)))
    upload(app, TABLE)
    assert CS("import-same-file", title="Osoby v péči") in texts(app)
    send(fill(app))
    assert len(process.store().datasets.all()) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "**x** [a](javascript:b)",
        ":red[x] $x$",
        "=cmd|'/c calc'!A1",
        "{{7*7}}",
        "\u202etxet",
    ],
)
def test_hostile_texts_are_shown_as_text(hostile: str) -> None:
    rows = f'"{hostile}";\r\n"MČ";"{hostile}"\r\nLibuš;1\r\nTroja;2\r\n"{hostile} nikde";3\r\n'
    app = upload(open_page(), rows.encode(), f"{hostile[:20]}.csv")
    assert CS("import-joined", joined=2, total=57) in texts(app)
    for element in app.markdown:
        assert hostile not in element.value


def test_the_example_is_marked_as_invented_and_works() -> None:
    app = upload(open_page(), EXAMPLE.encode("utf-8-sig"))
    assert CS("import-joined", joined=3, total=57) in texts(app)
    assert CS("import-totals-match", count=2) in texts(app)
    assert "VYMYŠLENÝ PŘÍKLAD" in texts(app)
