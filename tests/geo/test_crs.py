import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point, box

from domain.errors import InvalidValueError
from domain.geometry import LonLat
from geo import crs

IN_PRAGUE = {"lon": st.floats(14.22, 14.71), "lat": st.floats(49.94, 50.18)}
positions = st.builds(LonLat, **IN_PRAGUE)


@settings(deadline=None)  # the first example builds what the others find ready
@given(a=positions, b=positions)
def test_distances_in_prague_agree_with_the_ellipsoid(a, b):
    # S-JTSK stretches by at most about 14 cm per kilometre.
    true = Geod(ellps="WGS84").inv(a.lon, a.lat, b.lon, b.lat)[2]
    assert crs.distance_m(a, b) == pytest.approx(true, rel=2e-4, abs=0.02)
    assert crs.distance_m(a, b) == pytest.approx(crs.distance_m(b, a))


def test_a_known_distance():
    # One minute of latitude at 50° N is 1,853.6 m (meridian arc of WGS84).
    assert crs.distance_m(LonLat(lon=14.4, lat=50.0), LonLat(lon=14.4, lat=50 + 1 / 60)) == pytest.approx(
        1853.6, abs=0.4
    )


def test_distances_far_away_follow_the_ellipsoid():
    prague, quito = LonLat(lon=14.42, lat=50.09), LonLat(lon=-78.5, lat=-0.2)
    assert crs.distance_m(prague, quito) == pytest.approx(Geod(ellps="WGS84").inv(14.42, 50.09, -78.5, -0.2)[2])


def test_there_and_back():
    random = np.random.default_rng(1)
    lon, lat = random.uniform(14.2, 14.8, 1000), random.uniform(49.9, 50.2, 1000)
    x, y = crs.lonlat_to_metric(lon, lat)
    back_lon, back_lat = crs.metric_to_lonlat(x, y)
    # The inverse of the datum shift is good to about a millimetre.
    assert np.abs(back_lon - lon).max() < 2e-8
    assert np.abs(back_lat - lat).max() < 2e-8
    # Longitude comes first: Krovak's x runs east, y runs north, both negative.
    assert -800_000 < x.min() < x.max() < -680_000
    assert -1_080_000 < y.min() < y.max() < -1_020_000


def test_helpers_agree_with_geopandas():
    series = gpd.GeoSeries.from_xy([14.42, 14.6], [50.09, 50.0], crs=crs.GEOGRAPHIC)
    metric = crs.to_metric(series)
    x, y = crs.lonlat_to_metric(np.array([14.42, 14.6]), np.array([50.09, 50.0]))
    assert metric.x.to_numpy() == pytest.approx(x)
    assert metric.y.to_numpy() == pytest.approx(y)
    assert crs.to_geographic(metric).geom_equals_exact(series, 2e-8).all()


def test_area_is_measured_in_metres_whatever_comes_in():
    square = gpd.GeoDataFrame({"a": ["x"]}, geometry=[box(-744_000, -1_043_000, -742_000, -1_042_000)], crs=crs.METRIC)
    square.index = ["row"]
    assert crs.area_km2(square).to_dict() == {"row": 2.0}
    assert crs.area_km2(crs.to_geographic(square)).to_dict() == pytest.approx({"row": 2.0}, rel=1e-6)


@pytest.mark.parametrize(
    "call", [crs.to_metric, crs.to_geographic, crs.area_km2, lambda g: crs.require_projected(g, "x")]
)
def test_without_a_crs_nothing_is_measured(call):
    with pytest.raises(InvalidValueError, match="crs_missing"):
        call(gpd.GeoSeries([Point(14, 50)]))


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4258", "EPSG:4156"])
def test_geographic_frames_are_refused(code):
    with pytest.raises(InvalidValueError, match=r"crs_not_projected.*area"):
        crs.require_projected(gpd.GeoSeries([Point(14, 50)], crs=code), "area")
    crs.require_projected(gpd.GeoSeries([Point(14, 50)], crs="EPSG:32633"), "area")
