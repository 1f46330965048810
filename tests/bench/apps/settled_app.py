"""What Streamlit itself costs in a process set up like ours: a page with one slider."""

import streamlit as st

from tests.bench.apps.lifespans import same_process

app = st.App("empty_page.py", lifespan=same_process)
