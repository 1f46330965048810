"""`ui/main.py` with a slider before the page and its value after it, as on the pages it is measured against."""

import streamlit as st

from ui.navigation import run_page

st.set_page_config(layout="wide", initial_sidebar_state="collapsed")
value = st.slider("value", 0, 100, 10)
run_page()
st.html(f'<p id="drawn">{value}</p>')
