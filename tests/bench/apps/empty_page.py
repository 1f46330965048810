"""One slider and the value it has."""

import streamlit as st

st.set_page_config(layout="wide")
st.html(f'<p id="drawn">{st.slider("value", 0, 100, 10)}</p>')
