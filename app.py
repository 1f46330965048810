"""Entry of the app: `streamlit run app.py`. Checks the configuration, adds the HTTP routes."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import process
from api.configuration import read_secrets
from api.housekeeping import housekeeping
from api.kept_files import KeptFiles
from api.loading import readers
from api.preloads import MapPagePreloads
from api.routes import all_routes
from domain.errors import AppError
from domain.text import Language
from geo.boundaries import boundaries
from geo.locate import point_index
from layers.contract import Context
from layers.registry import all_layers
from ui.localisation import Messages
from ui.script_errors import say_error


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Turn an error of the configuration into a sentence and an end."""
    try:
        yield
    except AppError as error:
        for language in (Language.CS, Language.EN):
            for sentence in Messages(language).sentences(error):
                print(sentence, file=sys.stderr)
        raise SystemExit(1) from error


def check_configuration() -> None:
    """Stop with a sentence where the configuration does not allow a start."""
    process.check_configuration(
        address=str(st.get_option("server.address") or ""),
        cors=bool(st.get_option("server.enableCORS")),
        xsrf=bool(st.get_option("server.enableXsrfProtection")),
        trusts_headers=bool(st.get_option("server.trustedUserHeaders")),
    )


def warm_up() -> None:
    """Load what the first visitor needs: boundaries, layers, the grid that locates a click."""
    boundaries()
    now = readers()
    for layer in all_layers().values():
        layer.options_for(now)
        if layer.shown_by_default:
            layer.load(Context(readers=now))
    point_index()
    process.settle_memory()


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the store, warm the caches beside the start, close the store at the end."""
    with refusing():
        process.store()
    process.send_at_once()
    warming = asyncio.get_running_loop().run_in_executor(None, warm_up)
    async with housekeeping():
        yield
    await warming
    process.store().close()


# Here, not in the lifespan: the server has not begun yet and ends with the sentence alone.
with refusing():
    CONFIGURATION = process.configuration()
    SECRETS = read_secrets(CONFIGURATION)
    check_configuration()

MIDDLEWARE = [
    Middleware(TrustedHostMiddleware, allowed_hosts=list(CONFIGURATION.trusted_hosts)),
    Middleware(KeptFiles),
    Middleware(MapPagePreloads),
]

app = st.App(
    "ui/main.py",
    secrets=SECRETS or None,
    routes=all_routes(),
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=say_error,
)
