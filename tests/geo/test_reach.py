import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from domain.errors import InvalidValueError
from domain.geometry import LonLat
from geo.boundaries import boundaries, representative_point
from geo.crs import distance_m
from geo.places_data import load_services
from geo.reach import Question, known_competence, reach_of_city_parts, reach_of_positions

PRAHA_1, PRAHA_3, PRAHA_7, NEBUSICE = "500054", "500097", "500186", "547158"


def service(id_, lon, lat, **more):
    return {
        "id": id_, "name": id_.upper(), "service_types": ("counselling_social",), "city_part": PRAHA_1, "languages": (),
        "languages_note": "", "target_groups": "", "position_precision": "address", "position_uncertainty_m": 10,
        "as_of_date": None, "geometry": None if lon is None else shapely.Point(lon, lat), **more,
    }  # fmt: skip


def made_up(*rows):
    return gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4326")


def nearest(services, question, position=None, city_part=PRAHA_1, **more):
    at = position or representative_point(city_part)
    reach = reach_of_positions(np.array([at.lon]), np.array([at.lat]), [city_part], question, services=services, **more)
    return reach.frame.iloc[0], reach


@pytest.mark.parametrize("language", ["uk", "vi", "mn", "ar"])
def test_the_nearest_that_states_the_language_for_every_city_part(language):
    services = load_services()
    bound = known_competence(services)
    reach = reach_of_city_parts(Question(language=language))
    assert reach.frame.index.tolist() == boundaries().city_parts.index.tolist()
    for code, row in reach.frame.iterrows():
        here = representative_point(code)
        metres = {}
        for item in services.itertuples():
            if language not in item.languages or item.geometry is None or code not in bound.get(item.id, {code}):
                continue
            area = item.position_precision == "city_part"
            there = representative_point(item.city_part) if area else LonLat(lon=item.geometry.x, lat=item.geometry.y)
            metres[item.id] = distance_m(here, there)
        own = {id_: far for id_, far in metres.items() if id_ in bound}
        best = min((own or metres).values())
        assert row["km"] == pytest.approx(best / 1000, abs=1e-9)
        assert row["competent"] == bool(own)
        assert metres[row["service"]] == pytest.approx(best)


def test_silence_about_languages_is_not_a_language():
    services = made_up(service("near", 14.42, 50.087), service("far", 14.6, 50.1, languages=("uk",)))
    row, reach = nearest(services, Question(language="uk"))
    assert row["service"] == "far"
    assert (reach.stating, reach.silent, reach.without_position) == (1, 1, 0)


def test_nobody_states_it_so_there_is_no_distance():
    row, reach = nearest(made_up(service("near", 14.42, 50.087)), Question(target_group="agenturni"))
    assert row[["service", "km", "competent"]].tolist() == ["", None, False]
    assert (reach.stating, reach.silent) == (0, 1)
    # Today no service of the bundled list states a target group.
    assert reach_of_city_parts(Question(target_group="deti_omj")).frame["km"].tolist() == [None] * 57


def test_a_target_group_counts_once_somebody_states_it():
    services = made_up(
        service("a", 14.42, 50.087, target_groups="tzz; agenturni"),
        service("b", 14.43, 50.087, target_groups=("agenturni",)),
    )
    row, reach = nearest(services, Question(target_group="agenturni"))
    assert reach.stating == 2
    assert row["service"] in {"a", "b"}


def test_competence_goes_before_nearness():
    services = made_up(
        service("near", 14.42, 50.087, languages=("uk",)),
        service("office", 14.55, 50.05, languages=("uk",)),
        service("other_office", 14.421, 50.087, languages=("uk",)),
    )
    districts = {"office": frozenset({PRAHA_1}), "other_office": frozenset({PRAHA_7})}
    row, _ = nearest(services, Question(language="uk"), competence=districts)
    assert row[["service", "competent"]].tolist() == ["office", True]
    elsewhere, _ = nearest(services, Question(language="uk"), city_part=NEBUSICE, competence=districts)
    assert elsewhere[["service", "competent"]].tolist() == ["near", False]
    only_others, _ = nearest(services.iloc[2:], Question(language="uk"), competence=districts)
    assert only_others[["service", "km"]].tolist() == ["", None]


def test_of_two_competent_ones_the_nearer():
    services = made_up(service("far", 14.6, 50.1, languages=("uk",)), service("near", 14.43, 50.087, languages=("uk",)))
    both = dict.fromkeys(("far", "near"), frozenset({PRAHA_1}))
    assert nearest(services, Question(language="uk"), competence=both)[0]["service"] == "near"
    assert nearest(services.iloc[::-1], Question(language="uk"), competence=both)[0]["service"] == "near"


def test_a_coordinator_is_for_the_own_city_part_only():
    frame = reach_of_city_parts(Question(language="uk", service_types=("city_part_contact",))).frame
    assert frame.loc[PRAHA_7, ["service", "competent"]].tolist() == ["mc7-koord", True]
    assert frame.loc[PRAHA_3, "service"] == ""
    assert frame["service"].isin(["", "mc7-koord", "mc5-info"]).all()


def test_a_service_known_to_its_city_part_only_is_measured_to_the_middle_and_says_so():
    away = representative_point(PRAHA_7)
    mark = service(
        "area", away.lon + 0.003, away.lat, languages=("uk",), city_part=PRAHA_7, position_precision="city_part"
    )
    row, _ = nearest(made_up(mark), Question(language="uk"))
    assert row["approximate"]
    assert row["km"] == pytest.approx(distance_m(representative_point(PRAHA_1), away) / 1000, abs=1e-6)


def test_services_without_a_position_are_counted_not_placed():
    services = made_up(
        service("somewhere", None, None, languages=("uk",), position_precision="none"),
        service("a", 14.5, 50.1, languages=("uk",)),
    )
    row, reach = nearest(services, Question(language="uk"))
    assert row["service"] == "a"
    assert (reach.stating, reach.without_position) == (1, 1)


def test_historical_and_unconfirmed_services_are_no_answer():
    for language in ("uk", "ru", "cs"):
        ids = set(reach_of_city_parts(Question(language=language)).frame["service"])
        every = load_services(include_historical=True).set_index("id")
        assert not every.loc[sorted(ids - {""}), ["historical", "not_confirmed"]].any().any()


def test_there_are_no_minutes_and_no_hours():
    columns = reach_of_city_parts(Question(language="uk")).frame.columns
    assert "km" in columns
    assert not [name for name in columns if "min" in name or "open" in name or "hour" in name]


def test_the_order_of_the_services_changes_nothing():
    services = load_services()
    one, other = (
        reach_of_city_parts(Question(language="ru"), services=each).frame for each in (services, services.iloc[::-1])
    )
    pd.testing.assert_frame_equal(one, other)


def test_many_positions_at_once():
    random = np.random.default_rng(2)
    lon, lat = random.uniform(14.25, 14.68, 2000), random.uniform(49.96, 50.16, 2000)
    frame = reach_of_positions(lon, lat, [PRAHA_1] * 2000, Question(language="ar")).frame
    assert len(frame) == 2000
    assert all(0 <= km < 40 for km in frame["km"])
    assert len(reach_of_positions(lon[:0], lat[:0], [], Question(language="ar")).frame) == 0


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({}, "reach_without_question"),
        ({"language": "tlh"}, "reach_unknown_term"),
        ({"service_types": ("x",)}, "reach_unknown_term"),
        ({"target_group": "x"}, "reach_unknown_term"),
    ],
)
def test_questions_that_make_no_sense_are_refused(question, code):
    with pytest.raises(InvalidValueError) as caught:
        Question(**question)
    assert caught.value.code == code


def test_positions_must_come_in_threes():
    with pytest.raises(InvalidValueError, match="positions_not_paired"):
        reach_of_positions(np.zeros(2), np.zeros(2), [PRAHA_1], Question(language="uk"))
