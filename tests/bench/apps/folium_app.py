"""The alternative: streamlit-folium, its assets served from the same wheels as ours."""

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from xstatic.pkg import jquery, leaflet, leaflet_markercluster

from tests.bench.apps.lifespans import same_socket

app = st.App(
    "folium_page.py",
    routes=[
        Mount("/assets/leaflet", StaticFiles(directory=leaflet.BASE_DIR)),
        Mount("/assets/markercluster", StaticFiles(directory=leaflet_markercluster.BASE_DIR)),
        Mount("/assets/jquery", StaticFiles(directory=jquery.BASE_DIR)),
    ],
    lifespan=same_socket,
)
