"""A layer as a table that a Czech spreadsheet opens with a click."""

import csv
import io
from datetime import date

import pytest
from shapely.geometry import Point

from domain.text import Language, Text
from layers._csv import render_csv
from layers._view import RenderedLayer
from layers.contract import Features, Field, Formatter, GeometryKind
from tests.layers.hostile_texts import HOSTILE
from tests.layers.sample_view import DAY, city_view, dataset, frame, make_layer, same

CS, EN, UK = Language.CS, Language.EN, Language.UK


def read(content, language=CS):
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="," if language is EN else ";"))


def table(rows, *, fields=None, geometries=None, language=CS, kind=GeometryKind.POINT, **options):
    count = len(next(iter(rows.values())))
    layer = make_layer("x", kind, fields=fields)
    features = Features(frame=frame(rows, geometries or [None] * count), **options.pop("features", {}))
    return render_csv(RenderedLayer(layer=layer, features=features, **options), language, generated_at=DAY)


def one_cell(value, formatter=Formatter.TEXT, language=CS):
    fields = (Field(column="v", label=same("v"), formatter=formatter),)
    return read(table({"v": [value]}, fields=fields, language=language), language)[1][0]


def test_czech_spreadsheets_open_it():
    fields = (
        Field(column="name", label=Text(cs="Název", en="Name", uk="Назва")),
        Field(column="share", label=Text(cs="Podíl (%)", en="Share (%)", uk="Частка (%)"), formatter=Formatter.PERCENT),
    )
    content = table({"name": ["Praha-Ďáblice; sever", 'Praha "1"'], "share": [32.41, -1.5]}, fields=fields)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3
    rows = read(content)
    assert rows[0][:2] == ["Název", "Podíl (%)"]
    assert [row[:2] for row in rows[1:]] == [["Praha-Ďáblice; sever", "32,41"], ['Praha "1"', "-1,5"]]


@pytest.mark.parametrize(
    ("value", "formatter", "language", "expected"),
    [
        (1301432, Formatter.INTEGER, CS, "1301432"),
        (1301432, Formatter.INTEGER, EN, "1301432"),
        (-3, Formatter.INTEGER, CS, "-3"),
        (0.1 + 0.2, Formatter.DECIMAL, CS, "0,3"),
        (-2.5, Formatter.DECIMAL, EN, "-2.5"),
        (100.0, Formatter.PERCENT, UK, "100"),
        (1e-9, Formatter.DECIMAL, CS, "0"),
        (float("nan"), Formatter.DECIMAL, CS, ""),
        ("méně než 5", Formatter.INTEGER, CS, "méně než 5"),
        (date(2018, 4, 10), Formatter.DATE, CS, "10. 4. 2018"),
        (date(2018, 4, 10), Formatter.DATE, EN, "2018-04-10"),
        ("-12,5", Formatter.TEXT, CS, "-12,5"),
    ],
)
def test_a_number_stays_a_number(value, formatter, language, expected):
    assert one_cell(value, formatter, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+420 123 456",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        '=HYPERLINK("http://x";"y")',
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        "-1+1",
        "--1",
        "+1",
    ],
)
def test_no_cell_is_a_formula(text):
    cell = one_cell(text)
    assert cell.startswith("'")
    assert cell[1:] == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", [CS, EN])
def test_hostile_texts_stay_in_their_cells(text, language):
    """Wherever it stands, a text makes no further row or column and begins no formula."""
    fields = (
        Field(column="a", label=same(text)),
        Field(column="b", label=same("b"), formatter=Formatter.INTEGER),
    )
    layer = make_layer("x", GeometryKind.POLYGON, text=text, fields=fields)
    features = Features(frame=frame({"a": [text], "b": [7]}, [None]), note=same(text), source=dataset(text))
    content = render_csv(RenderedLayer(layer=layer, features=features, choices=text), language, generated_at=DAY)
    rows = read(content, language)
    assert [len(row) for row in rows] == [7, 7]
    assert rows[1][1] == "7"
    assert all(cell.lstrip()[:1] not in set("=+-@\t\r") for row in rows for cell in row if cell)


def test_provenance_travels_with_every_row():
    source = dataset(
        "Cizinci",
        publisher="IPR Praha",
        licence="CC BY-SA 4.0",
        does_not_count=same("pobyty do 90 dnů"),
        date_inferred=True,
    )
    content = table(
        {"name": ["a", "b"]}, features={"source": source, "note": same("Na obyvatelích.")}, choices="Míra: podíl"
    )
    head, *rows = read(content)
    columns = {name: [row[i] for row in rows] for i, name in enumerate(head)}
    assert columns["zdroj dat"] == ["IPR Praha: Cizinci"] * 2
    assert columns["licence"] == ["CC BY-SA 4.0"] * 2
    assert columns["stav k"] == ["31. 12. 2019 (datum vydavatel neuvádí, je odvozené)"] * 2
    assert columns["nezahrnuje"] == ["pobyty do 90 dnů"] * 2
    assert columns["poznámka k vrstvě"] == ["Míra: podíl. Na obyvatelích. Export z 2026-11-21."] * 2
    assert "smyšlená data" not in columns


def test_invented_data_are_marked():
    layer = make_layer("x", GeometryKind.POLYGON)
    rendered = RenderedLayer(layer=layer, features=Features(frame=frame({"name": ["a"]}, [None])))
    rows = read(render_csv(rendered, CS, generated_at=DAY, invented=True))
    assert (rows[0][-1], rows[1][-1]) == ("smyšlená data", "ano")
    invented = RenderedLayer(
        layer=layer, features=Features(frame=rendered.features.frame, source=dataset(invented=True))
    )
    assert read(render_csv(invented, EN, generated_at=DAY), EN)[0][-1] == "invented data"


def test_points_have_positions_and_rows_without_one_stay():
    rows = read(table({"name": ["a", "b"]}, geometries=[Point(14.4378, 50.0755), None]))
    start = rows[0].index("zeměpisná délka")
    assert rows[0][start + 1] == "zeměpisná šířka"
    assert [row[start : start + 2] for row in rows[1:]] == [["14,4378", "50,0755"], ["", ""]]


@pytest.mark.parametrize("column", ["precision", "position_precision"])
def test_a_mark_that_stands_for_a_city_part_is_no_position(column):
    rows = read(table({"name": ["a", "b"], column: ["city_part", "address"]}, geometries=[Point(14.4, 50.1)] * 2))
    start = rows[0].index("zeměpisná délka")
    assert [row[start : start + 2] for row in rows[1:]] == [["", ""], ["14,4", "50,1"]]


def test_clusters_say_how_many():
    rows = read(table({"name": ["a", "b"], "cluster": [0, 12]}))
    where = rows[0].index("počet bodů v řádku")
    assert [row[where] for row in rows[1:]] == ["1", "12"]


def test_areas_have_no_position_and_all_rows_are_there():
    shares = city_view().layers[0]
    rows = read(render_csv(shares, CS, generated_at=DAY))
    assert len(rows) == 58
    assert "zeměpisná délka" not in rows[0]
    assert rows[1][1] == "8,5"


def test_an_empty_layer_is_a_header():
    assert len(read(table({"name": []}))) == 1


@pytest.mark.parametrize("language", Language)
def test_the_header_is_in_the_language(language):
    names = {CS: "zdroj dat", EN: "source of the data", UK: "джерело даних"}
    assert names[language] in read(table({"name": ["a"]}, language=language), language)[0]
