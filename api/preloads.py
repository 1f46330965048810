"""What the page of the map will need, said in a header of the page itself.

Streamlit takes about a second to start in a browser, and only then does the map's own module ask for
its parts and its data. Named in a `Link` header they travel while Streamlit starts. Only the map's page
gets them, and only what is public: a preload carries no token.
"""

import os
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.assets import assets_base
from api.joined_modules import joined_address
from api.start import start_address
from domain.text import Language
from ui.localisation import parse_language

# Resolved: an environment may be a link to another, and modules are compared by where they really lie.
STREAMLIT_STATIC = Path(str(distribution("streamlit").locate_file("streamlit/static"))).resolve()
# Streamlit's parts for elements of the map's page and of the form that a click opens, which its own page does not name.
STREAMLIT_PARTS = ("BidiComponent", "Html", "Button", "ButtonGroup")
_STATIC_IMPORT = re.compile(r'(?:\bfrom|\bimport) ?"(\.[\w./~-]+\.js)"')
_NAMED_BY_PAGE = re.compile(r"\./(static/js/[\w.~-]+\.js)")


class MapPagePreloads:
    """Middleware that adds the `Link` header to the page of the map."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the header on the map's page."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        language = parse_language(parse_qs(scope["query_string"].decode("latin-1")).get("lang", [None])[0])

        async def send_with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("Link", ", ".join(links(language)))
            await send(message)

        await self.app(scope, receive, send_with_links)


def links(language: Language) -> list[str]:
    """Return the values of the header: parts of Streamlit, our modules, Leaflet, the default view's public data."""
    base = assets_base()
    modules = [joined_address("map"), joined_address("bar")]
    sheets = [f"{base}/{name}.css" for name in ("common/page", "common/account", "map/map")]
    own = [
        *(f"<{address}>;rel=modulepreload" for address in modules),
        "</assets/leaflet/leaflet.js>;rel=preload;as=script",
        *(f"<{address}>;rel=preload;as=style" for address in (*sheets, "/assets/leaflet/leaflet.css")),
        f"<{start_address(language)}>;rel=preload;as=fetch;crossorigin",
    ]
    # What Streamlit starts with goes first: ours is needed when it runs.
    return [
        *(f"<{address}>;rel=modulepreload" for address in streamlit_modules()),
        *(f"{link};fetchpriority=low" for link in own),
    ]


@cache
def streamlit_modules() -> tuple[str, ...]:
    """Return the addresses of Streamlit's modules that the map's page loads late.

    None where Streamlit is built otherwise than expected: then they just load later.
    """
    try:
        page = (STREAMLIT_STATIC / "index.html").read_text(encoding="utf-8")
        parts = [path for part in STREAMLIT_PARTS for path in (STREAMLIT_STATIC / "static/js").glob(f"{part}.*.js")]
        found = imported_modules(parts, known=(STREAMLIT_STATIC / name for name in _NAMED_BY_PAGE.findall(page)))
    except OSError:
        return ()
    return tuple(f"/{path.relative_to(STREAMLIT_STATIC).as_posix()}" for path in found)


def imported_modules(start: Iterable[Path], *, known: Iterable[Path] = ()) -> list[Path]:
    """Return modules with all that they import statically, each once, without those that are `known`."""
    seen, waiting, found = set(known), list(start), []
    while waiting:
        path = waiting.pop(0)
        if path not in seen:
            seen.add(path)
            found.append(path)
            names = _STATIC_IMPORT.findall(path.read_text(encoding="utf-8"))
            # Not `resolve`: below a linked folder it would lead out of the folder that the addresses are relative to.
            waiting += [Path(os.path.normpath(path.parent / name)) for name in names]
    return found
