"""Routes of the layers: what there is, and each layer's GeoJSON."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import process
from api.loading import clearance_of, context_for, readers, require_layer_access
from api.responses import PRIVATE, PUBLIC, Packed, answer, error_answer, pack
from domain.errors import AppError
from domain.roles import PUBLIC_CLEARANCE, Permission
from layers._live import describe_layer, render_geojson
from layers.contract import Group
from layers.registry import all_layers, get_layer
from ui.localisation import Messages, parse_language

CACHED_ANSWERS = 128


class AnswerCache:
    """The last answers by key, the least used dropped first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[Any, Packed] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], Packed]) -> Packed:
        """Return the answer for `key`, made if it is not there."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._answers[key] = made
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return made


_cache = AnswerCache(CACHED_ANSWERS)


def list_layers(request: Request) -> Response:
    """Answer `GET /api/v1/layers`."""
    language = parse_language(request.query_params.get("lang"))

    def make() -> Packed:
        messages = Messages(language)
        now = readers()
        return pack(
            {
                "groups": [{"id": group.value, "title": messages(f"group-{group.value}")} for group in Group],
                "layers": [describe_layer(layer, now, language) for layer in all_layers().values()],
            }
        )

    store = process.store()
    return answer(request, _cache.get(("layers", str(store.data_dir), store.data_version(), language), make))


def layer_features(request: Request) -> Response:
    """Answer `GET /api/v1/layers/<id>`."""
    try:
        layer = get_layer(request.path_params["layer_id"])
        clearance = clearance_of(request)
        require_layer_access(layer, clearance)
        language = parse_language(request.query_params.get("lang"))
        with_geometry = not (layer.geometry_from and request.query_params.get("geometry") == "none")
        public = layer.permission is Permission.SEE_PUBLIC_LAYERS
        # A public layer answers everybody alike, so a token must not split its cache.
        context = context_for(layer, dict(request.query_params), PUBLIC_CLEARANCE if public else clearance)
        view = (context.bbox, context.zoom) if layer.depends_on_view else None
        store = process.store()
        key = (
            layer.id, str(store.data_dir), store.data_version(), language, with_geometry, view,
            tuple(sorted(context.options.items())), context.clearance,
        )  # fmt: skip

        def make() -> Packed:
            return pack(render_geojson(layer, layer.load(context), language, with_geometry=with_geometry))

        return answer(
            request,
            _cache.get(key, make),
            cache_control=PUBLIC if public else PRIVATE,
            vary="Accept-Encoding" if public else "Accept-Encoding, Authorization",
        )
    except AppError as error:
        return error_answer(request, error)


def layer_routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("/api/v1/layers", list_layers, methods=["GET"]),
        Route("/api/v1/layers/{layer_id}", layer_features, methods=["GET"]),
    ]
