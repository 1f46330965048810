"""Our app as it is, with the slider and the mark of the other two pages added to its script."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

import app as product
from api.routes import all_routes

app = st.App(
    "our_page.py",
    routes=all_routes(),
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(product.CONFIGURATION.trusted_hosts))],
    lifespan=product.lifespan,
)
