"""What the map asks for first: the front ends' texts, and all that an ordinary page needs in one answer."""

import contextlib
import json
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import process
from api.base_map import packed_base
from api.layers import KeptAnswer, answers, kept_features, kept_layers
from api.loading import readers
from api.responses import Packed, answer, error_answer, pack
from domain.errors import AppError
from domain.roles import PUBLIC_CLEARANCE, Permission
from domain.text import Language
from geo.freshness import today_in_prague
from layers.contract import Layer
from layers.registry import all_layers
from ui.localisation import file_messages, parse_language


def strings(request: Request) -> Response:
    """Answer `GET /api/v1/strings`: the front ends' messages in one language."""
    return answer(request, _packed_strings(parse_language(request.query_params.get("lang"))))


@cache
def _packed_strings(language: Language) -> Packed:
    return pack(file_messages(language, "javascript.ftl"))


def start(request: Request) -> Response:
    """Answer `GET /api/v1/start`: what other routes answer to everybody, by their addresses."""
    try:
        language = parse_language(request.query_params.get("lang"))
        base = packed_base()
        store = process.store()
        # The base also follows files of DATA_DIR, which no data version knows of.
        key = ("start", str(store.data_dir), store.data_version(), today_in_prague(), language, base.etag)
        kept = answers.find(key)
        if kept is None:
            # Gathered before: what makes one answer must not wait for others that are made beside it.
            parts = dict(_parts(language, base))
            kept = answers.get(key, lambda: KeptAnswer(_joined(parts)))
        return answer(request, kept.packed)
    except AppError as error:
        return error_answer(request, error)


def start_address(language: Language) -> str:
    """Return the address of the first answer, as web/map/main.js writes it."""
    return f"/api/v1/start?lang={language.value}"


def _parts(language: Language, base: Packed) -> Iterator[tuple[str, Packed]]:
    """Yield addresses, as web/map/api.js writes them, with their answers."""
    yield f"/api/v1/layers?lang={language.value}", kept_layers(language).packed
    yield f"/api/v1/base?lang={language.value}", base
    yield f"/api/v1/strings?lang={language.value}", _packed_strings(language)
    for layer in all_layers().values():
        if layer.shown_by_default and layer.permission is Permission.SEE_PUBLIC_LAYERS and not layer.depends_on_view:
            query = default_query(layer, language)
            # One layer that fails must not take the map with it: it is asked for alone and says what is wrong.
            with contextlib.suppress(AppError):
                packed = kept_features(layer, query, PUBLIC_CLEARANCE).packed
                yield f"/api/v1/layers/{layer.id}?{urlencode(query)}", packed


def default_query(layer: Layer, language: Language) -> dict[str, str]:
    """Return the parameters with which the map asks for a layer that nobody has changed."""
    query = {"lang": language.value, **{option.id: option.default for option in layer.options_for(readers())}}
    if layer.geometry_from:
        query["geometry"] = "none"
    return {name: value for name, value in query.items() if value}


def _joined(parts: dict[str, Packed]) -> Packed:
    pairs = (json.dumps(address).encode() + b":" + packed.body for address, packed in parts.items())
    return pack(b"{" + b",".join(pairs) + b"}")


def start_routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("/api/v1/start", start, methods=["GET"]),
        Route("/api/v1/strings", strings, methods=["GET"]),
    ]
