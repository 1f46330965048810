"""What Streamlit itself costs: a page with one slider."""

import streamlit as st

from tests.bench.apps.lifespans import same_socket

app = st.App("empty_page.py", lifespan=same_socket)
