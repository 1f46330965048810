"""Our app as it is, with the slider and the mark of the other two pages added to its script."""

import streamlit as st

import app as product
from api.routes import all_routes

app = st.App(
    "our_page.py",
    routes=all_routes(),
    middleware=product.MIDDLEWARE,
    lifespan=product.lifespan,
)
