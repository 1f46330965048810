"""A layer as a GeoPackage that a GIS program opens."""

import sqlite3
from contextlib import closing
from datetime import date

import pyogrio
import pytest
from shapely.geometry import Point

from domain.errors import StoreError
from domain.text import Language, Text
from layers._gpkg import write_gpkg
from layers._view import RenderedLayer
from layers.contract import Features, Field, Formatter, GeometryKind
from tests.layers.hostile_texts import HOSTILE
from tests.layers.sample_view import DAY, dataset, frame, make_layer, same

FIELDS = (
    Field(column="name", label=Text(cs="Název", en="Name", uk="Назва")),
    Field(column="kind", label=same("Druh"), formatter=Formatter.TERM, terms={"u": same("ubytovna")}),
    Field(column="day", label=same("Den"), formatter=Formatter.DATE),
    Field(column="month", label=same("Měsíc"), formatter=Formatter.MONTH),
    Field(column="count", label=same("Počet"), formatter=Formatter.INTEGER),
    Field(column="share", label=same("Podíl"), formatter=Formatter.DECIMAL),
)
LAYER = make_layer("places", GeometryKind.POINT, text="Místa", fields=FIELDS)
ROW = {
    "name": "Růžek", "kind": "u", "day": "2026-09-20", "month": "2026-07", "count": 3, "share": 0.25, "cluster": 0,
    "precision": "exact",
}  # fmt: skip


def page(rows, points, *, layer=LAYER, **options):
    columns = {name: [row[name] for row in rows] for name in ROW}
    return RenderedLayer(layer=layer, features=Features(frame=frame(columns, points), **options))


def written(tmp_path, *pages, language=Language.CS, invented=False):
    path = tmp_path / "places.gpkg"
    count = write_gpkg(iter(pages), path, language, generated_at=DAY, invented=invented)
    read = pyogrio.read_dataframe(path, layer="places")
    assert len(read) == count
    return path, read


def test_values_keep_their_types_and_points_their_place(tmp_path):
    point = Point(14.4378123, 50.0755321)
    _, read = written(tmp_path, page([], []), page([ROW], [point]), page([ROW | {"name": "Druhé"}], [point]))
    assert read.crs == "EPSG:4326"
    assert read["name"].tolist() == ["Růžek", "Druhé"]
    row = read.iloc[0]
    assert row.geometry.equals(point)
    assert (row["kind"], row["month"], row["count"], row["share"]) == ("ubytovna", "2026-07", 3, 0.25)
    assert row["day"].date() == date(2026, 9, 20)
    assert row["cluster"] == 1
    assert "invented" not in read


def test_what_is_missing_is_empty_and_a_city_part_is_no_position(tmp_path):
    nothing = dict.fromkeys(ROW) | {"cluster": 0, "share": float("nan"), "precision": "exact"}
    part = ROW | {"precision": "city_part"}
    point = Point(14.4, 50.1)
    _, read = written(tmp_path, page([nothing, part, ROW], [None, point, point]))
    assert [geometry is None for geometry in read.geometry] == [True, True, False]
    assert read.loc[0, ["name", "kind", "day", "month", "count", "share"]].isna().all()


@pytest.mark.parametrize("language", list(Language))
def test_the_file_says_whose_it_is_of_when_and_what_it_leaves_out(tmp_path, language):
    source = dataset("Organizace", licence="interní", does_not_count=same("Nejsou to osoby."))
    path, _ = written(tmp_path, page([ROW], [Point(14, 50)], source=source, note=same("Poznámka")), language=language)
    info = pyogrio.read_info(path)
    for about in (info["dataset_metadata"], info["layer_metadata"]):
        assert (about["licence"], about["does_not_count"], about["exported"]) == (
            "interní", "Nejsou to osoby.", DAY.isoformat(),
        )  # fmt: skip
        assert "Organizace" in about["source"]
        assert "Poznámka" in about["source"]
        assert "invented" not in about
    with closing(sqlite3.connect(path)) as database:
        titles = dict(database.execute("SELECT column_name, name FROM gpkg_data_columns"))
        assert titles["name"] == FIELDS[0].label.to(language)
        (described,) = database.execute("SELECT description FROM gpkg_contents")
        assert "Nejsou to osoby." in described[0]
        assert database.execute("SELECT count(*) FROM rtree_places_geom").fetchone() == (1,)


def test_training_data_are_marked_in_the_file_and_in_every_row(tmp_path):
    path, read = written(tmp_path, page([ROW, ROW], [Point(14, 50)] * 2), invented=True)
    assert read["invented"].tolist() == ["ano", "ano"]
    assert "vymyšlená" in pyogrio.read_info(path)["layer_metadata"]["invented"]
    path.unlink()
    _, read = written(tmp_path, page([ROW], [Point(14, 50)], source=dataset(invented=True)))
    assert read["invented"].tolist() == ["ano"]


def test_nothing_is_a_file_too(tmp_path):
    _, read = written(tmp_path, page([], []))
    assert list(read.columns) == [*(field.column for field in FIELDS), "cluster", "geometry"]


def test_hostile_texts_stay_texts(tmp_path):
    rows = [ROW | {"name": text} for text in HOSTILE]
    layer = make_layer("places", GeometryKind.POINT, text=HOSTILE[0], fields=FIELDS)
    _, read = written(tmp_path, page(rows, [Point(14, 50)] * len(rows), layer=layer))
    assert len(read) == len(HOSTILE)
    assert all(isinstance(name, str) for name in read["name"])


def test_what_the_database_refuses_halfway_is_said_as_it_is(tmp_path):
    def pages():
        yield page([ROW], [Point(14, 50)])
        raise StoreError("database_damaged")

    with pytest.raises(StoreError, match="database_damaged"):
        write_gpkg(pages(), tmp_path / "places.gpkg", Language.CS, generated_at=DAY)


def test_a_file_that_cannot_be_written_is_said_so(tmp_path):
    with pytest.raises(StoreError, match="export_not_written"):
        write_gpkg(iter([page([ROW], [Point(14, 50)])]), tmp_path / "no" / "places.gpkg", Language.CS, generated_at=DAY)
