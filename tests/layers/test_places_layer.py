import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from actions.place_marks import COLUMNS, FEWER
from domain.geometry import BBox
from domain.roles import Clearance, Permission, Role
from domain.text import Language
from domain.vocabulary import COARSE_KIND_LABELS, CoarseKind
from geo.disclosure import MIXED_KIND, Precision
from layers.contract import Context, Readers
from layers.places import COARSE_LABELS, FIELDS, FRESHNESS_LABELS, KIND_LABELS, LAYER, LEGEND, PRECISION_LABELS
from layers.places import FEWER as FEWER_OF_LAYER

WORKER = Clearance(role=Role.FIELD_WORKER, organisation_id="o1")


class Reader:
    """Remembers the question and answers with given rows."""

    def __init__(self, rows=()):
        self.rows = list(rows)
        self.asked = None

    def places(self, **question):
        self.asked = question
        columns = {
            name: pd.Series([row.get(name) for row in self.rows], dtype=object)
            for name in COLUMNS
            if name != "geometry"
        }
        return gpd.GeoDataFrame(columns, geometry=[row.get("geometry") for row in self.rows], crs="EPSG:4326")


def load(reader, **options):
    view = BBox(minx=14.3, miny=50.0, maxx=14.6, maxy=50.1)
    return LAYER.load(Context(bbox=view, zoom=13, options=options, clearance=WORKER, readers=Readers(places=reader)))


def test_without_a_reader_the_frame_is_empty_and_has_its_columns():
    for features in (load(None), load(Reader())):
        assert features.frame.empty
        assert {field.column for field in FIELDS} <= set(features.frame.columns)
        assert features.frame.crs == "EPSG:4326"
        assert features.legend is None


def test_the_question_goes_to_the_reader_as_asked():
    reader = Reader()
    load(reader, kind="skola,ubytovna")
    assert reader.asked["only"].kinds == ("skola", "ubytovna")
    assert (reader.asked["zoom"], reader.asked["clearance"], reader.asked["bbox"].minx) == (13, WORKER, 14.3)


def test_the_legend_names_the_classes_that_occur_and_city_parts_have_names():
    rows = [
        {"id": "a", "kind": "skola", "class": "skola", "city_part": "500054", "geometry": Point(14.42, 50.08)},
        {"kind": "live", "class": "live", "city_part": "547158", "geometry": Point(14.33, 50.11)},
        {"cluster": 7, "geometry": Point(14.4, 50.1)},
    ]
    features = load(Reader(rows))
    assert [entry.value for entry in features.legend] == ["skola", "live"]
    assert features.frame["city_part_name"].tolist() == ["Praha 1", "Praha-Nebušice", None]


def test_the_legend_covers_every_kind_with_few_colours_and_no_mark_twice():
    values = [entry.value for entry in LEGEND]
    assert values == [*KIND_LABELS, *(kind.value for kind in CoarseKind), MIXED_KIND]
    assert len(values) == len(set(values))
    assert len({entry.colour for entry in LEGEND}) <= 8
    assert len({(entry.colour, entry.shape) for entry in LEGEND}) == len(LEGEND)


def test_every_code_of_the_gate_has_a_label():
    assert set(COARSE_LABELS) == {*(kind.value for kind in COARSE_KIND_LABELS), MIXED_KIND}
    assert set(PRECISION_LABELS) == {precision.value for precision in Precision}
    assert set(FRESHNESS_LABELS) == {"fresh", "ageing", "stale", "never"}
    assert FEWER_OF_LAYER == FEWER
    assert next(field for field in FIELDS if field.column == "places").terms[FEWER].cs == "méně než 5"


@pytest.mark.parametrize("language", list(Language))
def test_the_note_says_what_is_not_counted(language):
    note = load(Reader()).note.to(language)
    assert {"cs": "počet míst není počet lidí", "en": "not a number of people", "uk": "не є кількістю людей"}[
        language
    ] in note


def test_who_may_read_it_and_how_it_stands():
    assert LAYER.permission is Permission.SEE_PLACES
    assert (LAYER.order, LAYER.shown_by_default, LAYER.depends_on_view) == (70, True, True)
    assert LAYER.options[0].multiple
    assert not {"note", "created_by", "organisation_id"} & {field.column for field in FIELDS}
