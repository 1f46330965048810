"""Pages of shared mode without a browser, opened by somebody who is signed in."""

import contextlib
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.store.people import identity, usual_name
from tests.ui.app_walk import MAIN, TIMEOUT_S


@contextlib.contextmanager
def signed_in(organisation, role, actor):
    """Sign an account in for every page that is opened meanwhile; yield the addresses of the pages that ran."""
    ran = []
    navigate = st.navigation

    def noted(*arguments, **options):
        chosen = navigate(*arguments, **options)
        ran.append(chosen.url_path or "mapa")
        return chosen

    who = identity(usual_name(organisation, role, actor))
    with (
        patch("ui.sign_in.signed_in_identity", lambda: who),
        patch("ui.navigation.st.navigation", noted),
    ):
        yield ran


def open_pages(slugs, **query):
    """Yield (address, AppTest) for each page that is asked for by its file, whether it may be seen or not."""
    app = AppTest.from_file(str(MAIN), default_timeout=TIMEOUT_S)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    for slug in slugs:
        with contextlib.suppress(ValueError):
            app.switch_page(f"../pages/{slug.replace('-', '_')}.py")
        yield slug, app.run()


def wire(app):
    """Return everything that the page sent to the browser, as bytes: each message of the websocket is made of these."""
    parts = []

    def walk(block):
        for child in block.children.values():
            proto = getattr(child, "proto", None)
            if proto is not None and hasattr(proto, "SerializeToString"):
                parts.append(proto.SerializeToString())
            if hasattr(child, "children"):
                walk(child)

    walk(app._tree)
    return b"\n".join(parts)
