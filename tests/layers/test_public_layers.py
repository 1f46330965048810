"""Services, localities, stations and co-operation as layers."""

from datetime import date

import pandas as pd

from domain.roles import Clearance, Role
from domain.text import Language
from geo.boundaries import boundaries
from geo.places_data import load_services
from layers import cooperation, public_localities, services
from layers.contract import Context, Shape
from layers.metro_stations import LAYER as STATIONS
from layers.registry import get_layer

TODAY = date(2026, 11, 21)
FIELD_WORKER = Clearance(role=Role.FIELD_WORKER, organisation_id="o")


def ids(frame):
    return set(frame["id"])


def test_services_by_default():
    frame = services.LAYER.load(Context()).frame
    assert len(frame) == 35
    assert not ids(frame) & {"icp-p4-hist", "cnpuu", "uapoint-motol", "kc-roztyly", "cvt-praha"}


def test_historical_and_unconfirmed_services_say_so():
    frame = services.LAYER.load(Context(options={"historical": "yes"})).frame.set_index("id")
    assert len(frame) == 40
    assert frame.loc["cnpuu", "status"] == "historical"
    assert frame.loc["cvt-praha", "status"] == "not_confirmed"


def test_services_by_type_and_language():
    legal = services.services_frame(include_historical=False, types=["counselling_legal"], today=TODAY)
    assert ids(legal) == {"icp-hq", "icp-p13", "icp-p14", "simi", "inbaze", "opu", "charita-migrace", "ppo"}
    mongolian = services.services_frame(include_historical=False, languages=["mn"], today=TODAY)
    assert ids(mongolian) == {"inbaze"}
    both = services.services_frame(
        include_historical=False, types=["counselling_legal"], languages=["vi", "es"], today=TODAY
    )
    assert ids(both) == {"icp-hq", "icp-p13", "simi", "inbaze"}
    empty = services.services_frame(include_historical=False, types=["health"], languages=["mn"], today=TODAY)
    assert len(empty) == 0
    assert empty.crs.to_epsg() == 4326


def test_options_travel_as_commas():
    context = Context(options={"type": "office_employment,health", "historical": "yes"})
    assert ids(services.LAYER.load(context).frame) == {"up-praha", "cnpuu", "uapoint-motol"}


def test_the_age_of_a_fact_decides_its_status():
    young = services.services_frame(include_historical=False, today=date(2024, 3, 1)).set_index("id")["status"]
    old = services.services_frame(include_historical=False, today=TODAY).set_index("id")["status"]
    assert (young["icp-hq"], old["icp-hq"]) == ("recent", "to_check")
    assert (young["up-p2"], old["up-p2"]) == ("to_check", "to_check")
    assert set(old[old == "recent"].index) == {"simi", "ppo"}


def test_a_service_known_to_its_city_part_is_a_ring():
    frame = services.services_frame(include_historical=True, today=TODAY).set_index("id")
    areas = frame[frame["position_precision"] == "city_part"]
    assert set(areas["class"]) == {services.AREA}
    assert set(frame.loc[frame["class"] == services.AREA, "position_precision"]) == {"city_part"}
    assert areas["position_uncertainty_m"].isna().all()
    ring = next(entry for entry in services.LAYER.legend if entry.value == services.AREA)
    assert ring.shape is Shape.RING
    published = load_services(include_historical=True).set_index("id")
    parts = boundaries().city_parts.geometry
    for identifier, row in areas.iterrows():
        assert parts[published.loc[identifier, "city_part"]].covers(row.geometry)


def test_a_service_without_a_position_is_in_the_list_only():
    frame = services.services_frame(include_historical=False, today=TODAY).set_index("id")
    assert frame.geometry.isna().sum() == 4
    assert frame.loc["simi", "geometry"] is None
    assert frame.loc["simi", "position_precision"] == "none"


def test_services_at_one_position_name_each_other():
    frame = services.services_frame(include_historical=False, today=TODAY).set_index("id")
    assert frame.loc["oamp-zuk", "also_here"] == "Poradenství na OAMP Žukovského"
    assert frame.loc["charita-oamp-zuk", "also_here"] == "Pracoviště OAMP Praha Ruzyně"
    assert frame.loc["icp-hq", "also_here"] is None
    # The historical one at the same place is hidden, so it is not named either.
    assert frame.loc["kacpu", "also_here"] is None
    everything = services.services_frame(include_historical=True, today=TODAY).set_index("id")
    assert "Centrum následné podpory" in everything.loc["kacpu", "also_here"]


def test_marks_differ_by_colour_and_by_shape():
    for layer in (services.LAYER, public_localities.LAYER, STATIONS):
        assert len({entry.colour for entry in layer.legend}) == len(layer.legend) <= 8
        assert len({entry.shape for entry in layer.legend}) == len(layer.legend)


def test_every_type_has_a_group():
    assert set(services.GROUP_OF_TYPE) == set(services.TYPE_LABELS)
    drawn = {entry.value for entry in services.LAYER.legend}
    assert set(services.GROUP_OF_TYPE.values()) | {services.AREA} == drawn


def test_the_note_counts_what_is_shown():
    features = services.LAYER.load(Context(options={"language": "es"}))
    assert len(features.frame) == 1
    assert features.note.cs.startswith("Služeb a úřadů: 1,")
    assert "bez polohy (jen v seznamu): 1" in features.note.cs


def test_localities_that_ended_are_off_by_default():
    shown = public_localities.LAYER.load(Context()).frame
    asked = public_localities.LAYER.load(Context(options={"historical": "yes"})).frame
    everything = public_localities.localities_frame(include_historical=True, today=TODAY).set_index("id")
    assert set(asked["id"]) == set(everything.index)
    assert (len(shown), len(everything)) == (15, 17)
    assert set(shown["class"]) == {public_localities.LOCALITY}
    assert everything.loc["stan-troja", "class"] == public_localities.ENDED
    assert everything.loc["stan-troja", "status"] == "historical"
    assert everything.loc["sapa", "status"] == "recent"
    assert public_localities.LAYER.legend[0].shape is Shape.RING


def test_localities_say_that_the_mark_is_no_position():
    frame = public_localities.LAYER.load(Context(options={"historical": "yes"})).frame
    fields = {field.column: field for field in public_localities.LAYER.fields}
    assert fields["precision"].tooltip
    for language in Language:
        assert all(fields["precision"].terms[code].to(language) for code in frame["precision"])


def test_stations_have_the_class_of_their_line():
    frame = STATIONS.load(Context()).frame.set_index("name")
    assert frame["class"].value_counts().to_dict() == {"B": 22, "C": 18, "A": 15, "transfer": 3}
    assert frame.loc["Můstek", "lines"] == "A, B"
    assert frame.loc["Anděl", "step_free"] == "yes"


def test_cooperation_is_off_by_default_and_borrows_the_city_parts():
    layer = get_layer("cooperation")
    assert not layer.shown_by_default
    assert layer.geometry_from == "city_parts"
    assert set(layer.load(Context()).frame["id"]) == set(boundaries().city_parts.index)


def test_cooperation_that_is_not_stated_is_not_none():
    features = cooperation.LAYER.load(Context())
    assert features.frame["status"].value_counts().to_dict() == {
        "neuvedeno": 38, "pravidelny_kontakt": 13, "navazano": 6,
    }  # fmt: skip
    assert {entry.value for entry in features.legend} == set(features.frame["class"])


def test_what_everybody_shares_is_not_changed():
    before = load_services(include_historical=True).copy()
    frame = services.LAYER.load(Context(options={"historical": "yes"})).frame
    frame["name"] = "changed"
    pd.testing.assert_frame_equal(load_services(include_historical=True), before)
