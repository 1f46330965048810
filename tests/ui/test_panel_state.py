"""What a click on the map makes of the panel."""

import pytest

from domain.geometry import LonLat
from layers.contract import GeometryKind
from layers.registry import all_layers
from ui.panel_state import AREA_LAYERS, CLOSED, Panel, PanelKind, new_id, panel_for_click

HERE = {"lon": 14.4, "lat": 50.05, "zoom": 12, "seq": 7}
OPEN_FORM = Panel(kind=PanelKind.RECORD, position=LonLat(lon=14.5, lat=50.1), draft_id="d", seq=3)


def test_the_ground_opens_a_form_with_a_new_id():
    first = panel_for_click({**HERE, "layer": "city_parts", "id": "547051"}, CLOSED)
    assert (first.kind, first.position, first.seq) == (PanelKind.RECORD, LonLat(lon=14.4, lat=50.05), 7)
    assert first.draft_id != panel_for_click({**HERE, "layer": None, "id": None}, CLOSED).draft_id


@pytest.mark.parametrize("layer", sorted(AREA_LAYERS))
def test_an_area_is_ground_too(layer):
    assert panel_for_click({**HERE, "layer": layer, "id": "x"}, CLOSED).kind is PanelKind.RECORD


def test_every_layer_of_areas_is_known_as_ground():
    areas = {layer.id for layer in all_layers().values() if layer.geometry is not GeometryKind.POINT}
    assert areas == AREA_LAYERS


@pytest.mark.parametrize(
    ("layer", "kind"),
    [("places", PanelKind.PLACE), ("services", PanelKind.FEATURE), ("metro_stations", PanelKind.FEATURE)],
)
def test_a_point_opens_what_it_is(layer, kind):
    panel = panel_for_click({**HERE, "layer": layer, "id": "x"}, CLOSED)
    assert (panel.kind, panel.layer, panel.id) == (kind, layer, "x")


def test_the_ring_around_a_place_opens_the_place():
    panel = panel_for_click({**HERE, "layer": "revisits", "id": "x"}, CLOSED)
    assert (panel.kind, panel.layer, panel.id) == (PanelKind.PLACE, "places", "x")


def test_with_a_form_open_the_ground_moves_its_point_and_nothing_else():
    moved = panel_for_click({**HERE, "layer": "city_parts", "id": "547051"}, OPEN_FORM)
    assert (moved.kind, moved.draft_id, moved.position) == (PanelKind.RECORD, "d", LonLat(lon=14.4, lat=50.05))


def test_dragging_the_pin_moves_the_point_of_a_form():
    edit = Panel(kind=PanelKind.EDIT, layer="places", id="p", position=LonLat(lon=14.5, lat=50.1))
    for panel in (OPEN_FORM, edit):
        moved = panel_for_click({**HERE, "layer": None, "id": None, "drag": True}, panel)
        assert (moved.kind, moved.id, moved.draft_id) == (panel.kind, panel.id, panel.draft_id)
        assert moved.position == LonLat(lon=14.4, lat=50.05)


def test_the_same_event_twice_changes_nothing():
    panel = panel_for_click({**HERE, "layer": None, "id": None}, CLOSED)
    assert panel_for_click({**HERE, "layer": None, "id": None}, panel) is panel


def test_a_feature_without_a_position_opens_all_the_same():
    panel = panel_for_click({"seq": 2, "lon": None, "lat": None, "layer": "services", "id": "s"}, CLOSED)
    assert (panel.kind, panel.position) == (PanelKind.FEATURE, None)


def test_ids_are_uuid7_and_differ():
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {text[14] for text in ids} == {"7"}
    assert not CLOSED.is_open
    assert OPEN_FORM.is_open
