"""Entry of the app: `streamlit run app.py`. Checks the configuration, adds the HTTP routes."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import process
from api.routes import all_routes
from domain.errors import AppError
from domain.text import Language
from geo.boundaries import boundaries
from layers.registry import all_layers
from ui.localisation import Messages

TRUSTED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def refuse_bad_start() -> None:
    """Stop with a sentence where the configuration or DATA_DIR does not allow a start."""
    try:
        process.check_configuration(
            address=str(st.get_option("server.address") or ""),
            cors=bool(st.get_option("server.enableCORS")),
            xsrf=bool(st.get_option("server.enableXsrfProtection")),
        )
        process.store()
    except AppError as error:
        for language in (Language.CS, Language.EN):
            for sentence in Messages(language).sentences(error):
                print(sentence, file=sys.stderr)
        raise SystemExit(1) from error


def warm_up() -> None:
    """Read boundaries and layers before the first visitor needs them."""
    boundaries()
    all_layers()


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the store, warm the caches beside the start, close the store at the end."""
    refuse_bad_start()
    warming = asyncio.get_running_loop().run_in_executor(None, warm_up)
    yield
    await warming
    process.store().close()


app = st.App(
    "ui/main.py",
    routes=all_routes(),
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=TRUSTED_HOSTS)],
    lifespan=lifespan,
)
