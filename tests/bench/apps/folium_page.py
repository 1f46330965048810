"""The same map with streamlit-folium: 57 + 112 polygons, places in a FastMarkerCluster, on every rerun."""

import json
import os
from functools import cache
from pathlib import Path

import folium
import streamlit as st
from folium.plugins import FastMarkerCluster
from streamlit_folium import st_folium

DATA = Path(__file__).parents[3] / "data"
JS = [
    ("leaflet", "/assets/leaflet/leaflet.js"),
    ("jquery", "/assets/jquery/jquery.min.js"),
    ("markercluster", "/assets/markercluster/leaflet.markercluster.js"),
]
CSS = [
    ("leaflet_css", "/assets/leaflet/leaflet.css"),
    ("markercluster", "/assets/markercluster/MarkerCluster.css"),
    ("markercluster_default", "/assets/markercluster/MarkerCluster.Default.css"),
]
# folium's own callback draws with Awesome Markers, which no wheel carries; a plain marker costs less.
PLAIN_MARKER = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"


@cache
def inputs():
    """Read once: the fair comparison is about building and sending the map, not about reading files."""
    points = json.loads(Path(os.environ["BENCH_POINTS"]).read_text(encoding="utf-8"))
    figures = (DATA / "figures" / "foreigners_2019.csv").read_text(encoding="utf-8").splitlines()[1:]
    shares = {code: (int(f) / int(p), int(f)) for code, f, p in (line.split(",") for line in figures)}
    return (
        json.loads((DATA / "boundaries" / "city_parts.geojson").read_text(encoding="utf-8")),
        json.loads((DATA / "boundaries" / "cadastral_areas.geojson").read_text(encoding="utf-8")),
        points, shares,
    )  # fmt: skip


def build(measure):
    city_parts, cadastral_areas, points, shares = inputs()
    m = folium.Map(location=[50.06, 14.45], zoom_start=11, tiles=None, prefer_canvas=True)
    m.default_js, m.default_css = JS[:2], CSS[:1]
    m.options["maxZoom"] = 19
    colours = ["#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#810f7c"]
    scale = max(value[measure] for value in shares.values())

    def style(feature):
        value = shares[feature["properties"]["code"]][measure]
        return {"weight": 1, "fillOpacity": 0.7, "fillColor": colours[min(4, int(5 * value / scale))]}

    folium.GeoJson(city_parts, style_function=style).add_to(m)
    folium.GeoJson(cadastral_areas, style_function=lambda _: {"weight": 1, "fillOpacity": 0}).add_to(m)
    cluster = FastMarkerCluster(points, callback=PLAIN_MARKER)
    cluster.default_js, cluster.default_css = JS[2:], CSS[1:]
    cluster.add_to(m)
    return m


st.set_page_config(layout="wide")
value = st.slider("value", 0, 100, 10)
measure = st.selectbox("measure", [0, 1])
result = st_folium(build(measure), height=600, use_container_width=True, returned_objects=["last_clicked"], key="map")
st.html(f'<p id="drawn">{value}/{measure}</p>')
if result and result.get("last_clicked"):
    with st.form("record"):
        st.text_input("name", key="form_name")
        st.form_submit_button("save")
