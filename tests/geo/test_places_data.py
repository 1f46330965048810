"""Public facts about places: the bundled files, and what the loaders refuse."""

import re
import shutil
from datetime import date

import geopandas as gpd
import pytest
import shapely

from domain.errors import DataFileError, NotFoundError, ProblemsError
from domain.geometry import LonLat
from geo.boundaries import boundaries, representative_point
from geo.crs import distance_m
from geo.freshness import Freshness, freshness, needs_checking, today_in_prague
from geo.places_data import (
    AREA_MARK_DISTANCE_M,
    PLACES_DATA,
    area_marks,
    load_cooperation,
    load_metro_stations,
    load_public_localities,
    load_services,
    nearest_station,
    read_cooperation,
    read_metro_stations,
    read_public_localities,
    read_services,
    services_in,
)
from geo.provenance import read_dataset_info, sha256_of, verify_file

FILES = ("services", "public_localities", "metro_stations", "cooperation", "vocabularies")
PHONE = re.compile(r"\+\s?420|(?<!\d)\d{3}[ \u00a0]\d{3}[ \u00a0]\d{3}(?!\d)")


@pytest.fixture
def changed(tmp_path):
    """Copy a file with its card, change its text, write the new checksum: (stem, old, new) -> card."""

    def change(stem, old, new, *, keep_checksum=False):
        card, table = tmp_path / f"{stem}.toml", tmp_path / f"{stem}.csv"
        for path in (card, table):
            shutil.copy(PLACES_DATA / path.name, path)
        text = table.read_text(encoding="utf-8")
        assert old in text
        table.write_text(text.replace(old, new, 1), encoding="utf-8")
        if not keep_checksum:
            info = read_dataset_info(card)
            card.write_text(card.read_text(encoding="utf-8").replace(info.sha256, sha256_of(table)), encoding="utf-8")
        return card

    return change


def codes(caught):
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize("stem", FILES)
def test_card_and_file_agree(stem):
    info = read_dataset_info(PLACES_DATA / f"{stem}.toml")
    lines = verify_file(info, PLACES_DATA).read_text(encoding="utf-8").splitlines()
    assert tuple(lines[0].split(",")) == info.columns
    assert len(lines) - 1 == info.count
    assert info.does_not_count is not None
    assert info.date_note is not None


@pytest.mark.parametrize("stem", FILES)
def test_no_phone_number_in_the_files(stem):
    assert PHONE.search((PLACES_DATA / f"{stem}.csv").read_text(encoding="utf-8")) is None


def test_the_pattern_for_phones_finds_one():
    assert PHONE.search("phone +420 284 683 545")
    assert PHONE.search("tel. 284 683 545")
    assert not PHONE.search("120 00 Praha 2")


def test_services_by_precision():
    services = load_services(include_historical=True)
    assert len(services) == 40
    assert services.crs.to_epsg() == 4326
    unplaced = services[services["position_precision"] == "none"]
    assert set(unplaced["id"]) == {"simi", "meta", "ppo", "slovo21", "cvt-praha"}
    assert unplaced.geometry.isna().all()
    assert services[services["position_precision"] != "none"].geometry.notna().all()


def test_services_that_are_not_shown_without_asking():
    everything, current = load_services(include_historical=True), load_services()
    hidden = set(everything["id"]) - set(current["id"])
    assert hidden == {"icp-p4-hist", "cnpuu", "uapoint-motol", "kc-roztyly", "cvt-praha"}
    assert not current["historical"].any()
    assert not current["not_confirmed"].any()


def test_notes_of_services_stand_in_all_languages_or_in_none():
    for row in load_services(include_historical=True).itertuples():
        notes = [row.status_note_cs, row.status_note_en, row.status_note_uk]
        assert len({bool(note) for note in notes}) == 1, row.id


def test_dates_of_services_are_not_later_than_the_text_says():
    for row in load_services(include_historical=True).itertuples():
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", row.as_of)]
        if row.as_of.startswith("undated"):
            assert row.as_of_date is None, row.id
        else:
            assert row.as_of_date.year == max(years), row.id


def test_area_marks_lie_in_their_city_part_and_apart():
    parts = boundaries().city_parts
    for code, shape in parts.geometry.items():
        marks = area_marks([code] * 9, start_deg=0.0)
        assert len({(mark.lon, mark.lat) for mark in marks}) == 9
        for mark in marks:
            assert shape.covers(shapely.Point(mark.lon, mark.lat)), parts.at[code, "name"]
            assert distance_m(mark, representative_point(code)) == pytest.approx(AREA_MARK_DISTANCE_M, abs=1)
    with pytest.raises(NotFoundError):
        area_marks(["999999"], start_deg=0.0)


def test_no_two_area_marks_coincide():
    services = load_services(include_historical=True)
    marks = [
        *services[services["position_precision"] == "city_part"].geometry,
        *load_public_localities(include_historical=True).geometry,
    ]
    assert len({mark.wkb for mark in marks}) == len(marks) == 7 + 17


def test_localities():
    places = load_public_localities(include_historical=True)
    assert places["id"].is_unique
    six = places[places["locality"] == "okrajove-mc"]
    assert set(six["city_part"]) == {"547158", "539635", "539899", "547271", "547042", "547379"}
    assert six["id"].tolist() == [f"okrajove-mc-{code}" for code in six["city_part"]]
    assert set(places["id"]) - set(load_public_localities()["id"]) == {"stan-troja", "stan-malesice"}
    parts = boundaries().city_parts.geometry
    assert all(parts[code].covers(point) for code, point in zip(places["city_part"], places.geometry, strict=True))


def test_stations():
    stations = load_metro_stations()
    assert len(stations) == 58
    assert stations["id"].is_unique
    several = stations[stations["lines"].map(len) > 1]
    assert dict(zip(several["name"], several["lines"], strict=True)) == {
        "Florenc": ("B", "C"), "Muzeum": ("A", "C"), "Můstek": ("A", "B"),
    }  # fmt: skip
    assert [sum(line in lines for lines in stations["lines"]) for line in "ABC"] == [17, 24, 20]


def test_nearest_station_agrees_with_brute_force():
    stations = load_metro_stations()
    for code in boundaries().city_parts.index:
        here = representative_point(code)
        distances = {
            row.id: distance_m(here, LonLat(lon=row.geometry.x, lat=row.geometry.y)) for row in stations.itertuples()
        }
        found = nearest_station(here)
        assert found.distance_m == pytest.approx(min(distances.values()))
        assert found.distance_m == pytest.approx(distances[found.id])


def test_cooperation_never_says_none():
    states = load_cooperation()
    assert len(states) == 57
    assert set(states["status"]) == {"neuvedeno", "navazano", "pravidelny_kontakt"}
    assert (states["source"] == "").sum() == (states["status"] == "neuvedeno").sum() == 38
    assert states.at["547158", "status"] == "navazano"
    assert states.at["500097", "status"] == "pravidelny_kontakt"


def test_services_in_a_city_part():
    everything = load_services(include_historical=True)
    for code in boundaries().city_parts.index:
        found = services_in(code, include_historical=True)
        assert isinstance(found, gpd.GeoDataFrame)
        assert set(found["id"]) == set(everything.loc[everything["city_part"] == code, "id"])
    assert "icp-p4-hist" not in set(services_in("500119")["id"])
    with pytest.raises(NotFoundError, match="unknown_city_part"):
        services_in("praha")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("counselling_social;counselling_legal", "unknown_type;counselling_legal", "places_file_term_unknown"),
        ("en;ru;uk;vi;zh;ar", "en;klingon", "places_file_term_unknown"),
        (",500054,50.07715,14.43010,", ",500143,50.07715,14.43010,", "places_file_outside_city_part"),
        (",500054,50.07715,14.43010,", ",999999,50.07715,14.43010,", "places_file_city_part_unknown"),
        (",500054,50.07715,14.43010,street", ",500054,,,street", "places_file_position"),
        (",50.07715,14.43010,street", ",50.07715,14.43010,exact", "places_file_value"),
        ("https://icpraha.com", "javascript:alert(1)", "places_file_value"),
        (",2024-02-29,false,", ",2024-02-31,false,", "places_file_value"),
        ("icp-p13,", "icp-hq,", "places_file_value"),
    ],
)
def test_broken_services_are_refused(changed, old, new, code):
    with pytest.raises(ProblemsError) as caught:
        read_services(changed("services", old, new))
    assert code in codes(caught)


def test_all_problems_at_once(changed):
    card = changed("services", "en;ru;uk;vi;zh;ar,organisation_wide", "en;klingon,nobody_knows", keep_checksum=True)
    with pytest.raises(ProblemsError) as caught:
        read_services(card)
    assert sorted(codes(caught)) == ["places_file_changed", "places_file_term_unknown", "places_file_value"]
    assert {problem.row for problem in caught.value.problems} == {None, 2}


def test_a_column_that_is_missing(changed):
    with pytest.raises(ProblemsError) as caught:
        read_services(changed("services", ",not_confirmed,", ",confirmed,"))
    assert codes(caught) == ["places_file_column_missing"]


def test_a_row_that_is_missing(changed):
    line = "547158,navazano,established,"
    with pytest.raises(ProblemsError) as caught:
        read_cooperation(changed("cooperation", line + '"ICP, Novinky v síťování (AMIF/20/06)"\n', ""))
    assert codes(caught) == ["places_file_count"]


@pytest.mark.parametrize(
    ("read", "stem", "old", "new", "code"),
    [
        (read_cooperation, "cooperation", "547158,navazano", "547158,zadna_takova", "places_file_term_unknown"),
        (read_cooperation, "cooperation", "547158,", "111111,", "places_file_city_part_unknown"),
        (read_metro_stations, "metro_stations", "14.40377,50.06995", "16.60377,49.2", "places_file_outside_prague"),
        (read_metro_stations, "metro_stations", "Anděl,B", "Anděl,D", "places_file_value"),
        (read_public_localities, "public_localities", ",547051,", ",547050,", "places_file_city_part_unknown"),
    ],
)
def test_other_broken_files_are_refused(changed, read, stem, old, new, code):
    with pytest.raises(ProblemsError) as caught:
        read(changed(stem, old, new))
    assert codes(caught) == [code]


def test_a_missing_file(changed):
    card = changed("cooperation", "navazano", "navazano")
    card.with_suffix(".csv").unlink()
    with pytest.raises(DataFileError, match="data_file_missing"):
        read_cooperation(card)


@pytest.mark.parametrize(
    ("as_of", "today", "expected"),
    [
        (None, date(2026, 11, 21), True),
        (date(2024, 11, 21), date(2026, 11, 21), False),
        (date(2024, 11, 20), date(2026, 11, 21), True),
        (date(2026, 2, 28), date(2028, 2, 29), False),
        (date(2026, 2, 27), date(2028, 2, 29), True),
        (date(2030, 1, 1), date(2026, 11, 21), False),
    ],
)
def test_what_is_older_than_two_years_needs_checking(as_of, today, expected):
    assert needs_checking(as_of, today) is expected


def test_what_is_known_goes_before_age():
    today = date(2026, 11, 21)
    assert freshness(as_of_date=today, today=today, historical=True, not_confirmed=True) is Freshness.HISTORICAL
    assert freshness(as_of_date=today, today=today, not_confirmed=True) is Freshness.NOT_CONFIRMED
    assert freshness(as_of_date=None, today=today) is Freshness.TO_CHECK
    assert freshness(as_of_date=today, today=today) is Freshness.RECENT
    assert abs((today_in_prague() - date.today()).days) <= 1  # noqa: DTZ011
