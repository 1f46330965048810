import pytest

from domain.geometry import LonLat
from domain.text import Language
from geo.boundaries import boundaries
from geo.locate import locate
from layers import admin_districts, cadastral_areas, city_parts, labels
from layers.contract import Context, GeometryKind
from layers.labels import short_name

MODULES = {
    "city_parts": (city_parts, 57),
    "admin_districts": (admin_districts, 22),
    "cadastral_areas": (cadastral_areas, 112),
    "labels": (labels, 57),
}


@pytest.mark.parametrize("name", MODULES)
def test_rows_and_columns(name):
    module, count = MODULES[name]
    frame = module.LAYER.load(Context()).frame
    assert module.LAYER.id == name
    assert len(frame) == count
    assert frame["id"].is_unique
    assert set(frame["id"]) == set(getattr(boundaries(), "city_parts" if name == "labels" else name).index)
    assert {field.column for field in module.LAYER.fields} <= set(frame.columns)
    assert frame.crs == "EPSG:4326"
    assert not frame.drop(columns="geometry").isna().any().any()


@pytest.mark.parametrize("name", MODULES)
def test_a_reader_cannot_spoil_the_layer_for_others(name):
    load = MODULES[name][0].LAYER.load
    load(Context()).frame["name"] = "x"
    assert "x" not in set(load(Context()).frame["name"])


@pytest.mark.parametrize("name", ["city_parts", "admin_districts", "cadastral_areas"])
def test_areas_add_up_to_prague(name):
    assert MODULES[name][0].LAYER.load(Context()).frame["area_km2"].sum() == pytest.approx(496.18, rel=1e-3)


def test_only_city_parts_and_names_are_shown_at_first():
    shown = {name for name, (module, _) in MODULES.items() if module.LAYER.shown_by_default}
    assert shown == {"city_parts", "labels"}
    assert 0 < city_parts.LAYER.style.fill_opacity < 0.1
    assert cadastral_areas.LAYER.style.dash


def test_members_of_a_district():
    frame = admin_districts.LAYER.load(Context()).frame.set_index("id")
    assert frame.loc["4", "members"] == "Praha 4, Praha-Kunratice"
    assert sum(len(members.split(", ")) for members in frame["members"]) == 57


def test_labels_stand_in_their_city_part_and_large_ones_come_first():
    frame = labels.LAYER.load(Context()).frame
    assert labels.LAYER.geometry is GeometryKind.LABEL
    assert labels.LAYER.style.label_column in frame.columns
    assert frame["rank"].tolist() == list(range(1, 58))
    assert frame["min_zoom"].is_monotonic_increasing
    assert set(frame["min_zoom"]) == set(labels.LEAST_AREA_KM2)
    for code, point in zip(frame["id"], frame.geometry, strict=True):
        assert locate(LonLat(lon=point.x, lat=point.y)).city_part == code


def test_short_names():
    assert short_name("Praha-Dolní Měcholupy") == "Dolní Měcholupy"
    assert short_name("Praha 4") == "Praha 4"


@pytest.mark.parametrize("name", MODULES)
def test_sources_speak_three_languages(name):
    for info in MODULES[name][0].LAYER.sources:
        assert info.publisher == "IPR Praha"
        assert len({info.title.to(language) for language in Language}) == 3
        assert info.does_not_count
        assert info.date_note
