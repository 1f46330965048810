"""HTTP routes beside Streamlit's own: layers, search, exports, assets. No page logic."""
