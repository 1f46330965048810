"""Routes of the layers: what there is, and each layer's GeoJSON."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import process
from api.exact_views import actor_of, note_exact_views, owners_seen_exactly
from api.loading import bearer_of, context_for, readers, require_layer_access
from api.responses import PRIVATE, PUBLIC, Packed, answer, error_answer, pack
from domain.errors import AppError
from domain.roles import PUBLIC_CLEARANCE, Clearance, Permission
from domain.text import Language
from geo.disclosure import cache_key
from geo.freshness import today_in_prague
from layers._live import describe_layer, render_geojson
from layers.contract import Group, Layer
from layers.registry import all_layers, get_layer
from store import utc_now
from ui.localisation import Messages, parse_language

CACHED_BYTES = 16 * 1024 * 1024
# More at a time would only share the processor; and each of these threads keeps the memory that its largest answer
# took, in the allocator's arena of the thread and in the page cache of its connection.
MAKERS = 2


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer, and the organisations whose places it shows exactly (that is noted at each view)."""

    packed: Packed
    owners: frozenset[str] = frozenset()


class AnswerCache:
    """The last answers by key, as many as fit into `max_bytes`, the least used dropped first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._answers: OrderedDict[Any, KeptAnswer] = OrderedDict()
        self._lock = Lock()
        self._makers = ThreadPoolExecutor(MAKERS, thread_name_prefix="answers")

    def clear(self) -> None:
        """Drop every answer."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def get(self, key: object, make: Callable[[], KeptAnswer]) -> KeptAnswer:
        """Return the answer for `key`, made if it is not there; one that is too large is not kept."""
        return self.find(key) or self._makers.submit(self._make, key, make).result()

    def _make(self, key: object, make: Callable[[], KeptAnswer]) -> KeptAnswer:
        # Who waited for a thread may have waited for this very answer.
        found = self.find(key)
        if found is None:
            found = make()
            self._keep(key, found)
        return found

    def find(self, key: object) -> KeptAnswer | None:
        """Return the answer for `key` where it is kept."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def _keep(self, key: object, made: KeptAnswer) -> None:
        with self._lock:
            before = self._answers.pop(key, None)
            self._bytes += len(made.packed.gzipped) - (len(before.packed.gzipped) if before else 0)
            self._answers[key] = made
            while self._bytes > self._max_bytes:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped.packed.gzipped)


answers = AnswerCache(CACHED_BYTES)


def forget_answers() -> None:
    """Drop every kept answer: what was erased must not stay in memory either."""
    answers.clear()


def kept_layers(language: Language) -> KeptAnswer:
    """Return what `GET /api/v1/layers` answers."""

    def make() -> KeptAnswer:
        messages = Messages(language)
        now = readers()
        body = pack(
            {
                "groups": [{"id": group.value, "title": messages(f"group-{group.value}")} for group in Group],
                "layers": [describe_layer(layer, now, language) for layer in all_layers().values()],
            }
        )
        return KeptAnswer(body)

    store = process.store()
    return answers.get(("layers", str(store.data_dir), store.data_version(), language), make)


def kept_features(layer: Layer, query: Mapping[str, str], clearance: Clearance) -> KeptAnswer:
    """Return what `GET /api/v1/layers/<id>` answers to the parameters `query`, for a reader who may see the layer.

    Raises
    ------
    InvalidValueError
        If a parameter is not what it should be.
    """
    language = parse_language(query.get("lang"))
    with_geometry = not (layer.geometry_from and query.get("geometry") == "none")
    public = layer.permission is Permission.SEE_PUBLIC_LAYERS
    # A public layer answers everybody alike, so a token must not split its cache.
    context = context_for(layer, query, PUBLIC_CLEARANCE if public else clearance)
    view = (context.bbox, context.zoom) if layer.depends_on_view else None
    store = process.store()
    key = (
        layer.id, str(store.data_dir), store.data_version(), language, with_geometry, view,
        tuple(sorted(context.options.items())),
        today_in_prague() if public else cache_key("", clearance, now=utc_now()),
    )  # fmt: skip

    def make() -> KeptAnswer:
        features = layer.load(context)
        packed = pack(render_geojson(layer, features, language, with_geometry=with_geometry))
        return KeptAnswer(packed, frozenset() if public else owners_seen_exactly(features.frame))

    return answers.get(key, make)


def list_layers(request: Request) -> Response:
    """Answer `GET /api/v1/layers`."""
    return answer(request, kept_layers(parse_language(request.query_params.get("lang"))).packed)


def layer_features(request: Request) -> Response:
    """Answer `GET /api/v1/layers/<id>`."""
    try:
        layer = get_layer(request.path_params["layer_id"])
        bearer = bearer_of(request)
        require_layer_access(layer, bearer.clearance)
        kept = kept_features(layer, dict(request.query_params), bearer.clearance)
        if kept.owners:
            note_exact_views(actor_of(bearer), kept.owners, what=layer.id)
        public = layer.permission is Permission.SEE_PUBLIC_LAYERS
        return answer(
            request,
            kept.packed,
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
