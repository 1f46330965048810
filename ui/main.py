"""The Streamlit script: navigation, language, and the page that was asked for."""

import sys
from pathlib import Path

# Streamlit puts this file's folder first on the path; the packages stand one level above.
_ROOT = str(Path(__file__).resolve().parents[1])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import streamlit as st  # noqa: E402

from ui.navigation import run_page  # noqa: E402

st.set_page_config(page_title="Bílá místa", layout="wide", initial_sidebar_state="collapsed")
run_page()
