"""Routes of the files that leave the app: the map as HTML, PNG, PDF or SVG, a layer as CSV.

A layer that is not public goes out only with the permission to export, and the audit log says so
before the first byte is sent.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from api import process
from api.exact_views import actor_of
from api.export_files import ExportFile
from api.loading import (
    bearer_of,
    checked_options,
    features_for,
    pages_for,
    parse_bbox,
    readers,
    require_layer_access,
)
from api.responses import GZIP_LEVEL, PRIVATE, PUBLIC, error_answer
from api.tokens import Bearer
from domain.errors import AppError, InvalidValueError, NotFoundError, NotPermittedError
from domain.roles import PUBLIC_CLEARANCE, Clearance, Permission, require_permission
from domain.text import Language
from layers._csv import iterate_csv
from layers._format import PRAGUE
from layers._gpkg import write_gpkg
from layers._svg import MAX_PX, MIN_PX, render_pdf, render_png, render_svg
from layers._view import MapView, RenderedLayer
from layers.contract import Features, Group, Layer
from layers.registry import all_layers, get_layer
from store import Event
from ui.localisation import Messages, parse_language

PICTURE_WIDTH = 1600
PICTURE_HEIGHT = 1000
VIEW_PARAMS = ("bbox", "zoom")
MEDIA_TYPES: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
}
PACKED_ALREADY = frozenset({"png", "pdf"})

OnExport = Callable[[Sequence[str], Bearer], None]
"""Called with the ids of the internal layers in a file and its reader, before the file is sent."""

Load = Callable[[Layer, Mapping[str, str], Clearance], Features]
"""Returns a layer's answer to checked request parameters."""

LoadPages = Callable[[Layer, Mapping[str, str], Clearance], Iterator[Features]]
"""Returns all rows of a layer, a page at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """The handlers with what they are given: how to load, whom to tell, which day it is."""

    load: Load
    load_pages: LoadPages
    on_export: OnExport
    today: Callable[[], date]

    def map_file(self, request: Request) -> Response:
        """Answer `GET /api/v1/exports/map.html` and its likes."""
        file_format = request.url.path.rpartition(".")[2]
        try:
            query = request.query_params
            language = parse_language(query.get("lang"))
            bearer = bearer_of(request)
            clearance = bearer.clearance
            chosen = _chosen_layers(query.get("layers"))
            internal = _require_exportable(chosen, clearance)
            rendered = tuple(self._rendered(layer, _params_of(layer, query), clearance, language) for layer in chosen)
            view = MapView(
                title=_title(chosen, language),
                language=language,
                layers=rendered,
                generated_at=self.today(),
                bbox=parse_bbox(query.get("bbox")),
                invented=process.is_training(),
            )
            body = _render(view, file_format, query)
            self._tell(internal, bearer)
        except AppError as error:
            return error_answer(request, error)
        return _file_answer(request, body, file_format, f"mapa-{self.today().isoformat()}", private=bool(internal))

    def table_file(self, request: Request) -> Response:
        """Answer `GET /api/v1/exports/<id>.csv`."""
        try:
            language = parse_language(request.query_params.get("lang"))
            bearer = bearer_of(request)
            clearance = bearer.clearance
            layer = get_layer(request.path_params["layer_id"])
            internal = _require_exportable((layer,), clearance)
            pages = self._pages(layer, dict(request.query_params), clearance, language)
            chunks = iterate_csv(pages, language, generated_at=self.today(), invented=process.is_training())
            stem = f"{layer.id}-{self.today().isoformat()}"
            if layer.pages is not None:
                # The first page shows whether the database answers; a later failure ends the file in the middle.
                begun = _begun(chunks)
                self._tell(internal, bearer)
                return _streamed(request, begun, stem)
            body = b"".join(chunks)
            self._tell(internal, bearer)
        except AppError as error:
            return error_answer(request, error)
        return _file_answer(request, body, "csv", stem, private=bool(internal))

    def geopackage(self, request: Request) -> Response:
        """Answer `GET /api/v1/exports/<id>.gpkg`: made as a file first, then sent in pieces."""
        try:
            language = parse_language(request.query_params.get("lang"))
            bearer = bearer_of(request)
            layer = get_layer(request.path_params["layer_id"])
            if layer.pages is None:
                raise NotFoundError("unknown_layer", id=layer.id)
            internal = _require_exportable((layer,), bearer.clearance)
            pages = self._pages(layer, dict(request.query_params), bearer.clearance, language)
            with ExportFile(process.configuration().data_dir, f"{layer.id}.gpkg") as made:
                write_gpkg(pages, made.path, language, generated_at=self.today(), invented=process.is_training())
                self._tell(internal, bearer)
                size, chunks = made.taken()
        except AppError as error:
            return error_answer(request, error)
        headers = _headers("gpkg", f"{layer.id}-{self.today().isoformat()}", private=bool(internal))
        # Said so that no middleware packs it: it is large, and packing takes longer than sending.
        headers |= {"Content-Length": str(size), "Content-Encoding": "identity"}
        return StreamingResponse(chunks, media_type=MEDIA_TYPES["gpkg"], headers=headers)

    def _pages(
        self, layer: Layer, params: Mapping[str, str], clearance: Clearance, language: Language
    ) -> Iterator[RenderedLayer]:
        """Return a layer's rows a page at a time; what cannot be asked for is refused at once."""
        choices = _choices_text(layer, params, language)
        if layer.pages is None:
            return iter((self._rendered(layer, params, clearance, language),))
        pages = self.load_pages(layer, params, PUBLIC_CLEARANCE if _is_public(layer) else clearance)
        return (RenderedLayer(layer=layer, features=features, choices=choices) for features in pages)

    def _rendered(
        self, layer: Layer, params: Mapping[str, str], clearance: Clearance, language: Language
    ) -> RenderedLayer:
        asking = PUBLIC_CLEARANCE if _is_public(layer) else clearance
        return RenderedLayer(
            layer=layer,
            features=self.load(layer, params, asking),
            choices=_choices_text(layer, params, language),
        )

    def _tell(self, internal: Sequence[str], bearer: Bearer) -> None:
        if internal:
            self.on_export(internal, bearer)


def audit_export(layer_ids: Sequence[str], bearer: Bearer) -> None:
    """Write a row per internal layer into the audit log."""
    role = bearer.clearance.role.value
    process.store().events.note(Event.EXPORT, "layer", layer_ids, detail=role, actor=actor_of(bearer))


def today_in_prague() -> date:
    """Return the day that it is in Prague."""
    return datetime.now(PRAGUE).date()


def export_routes(
    *,
    load: Load = features_for,
    load_pages: LoadPages = pages_for,
    on_export: OnExport = audit_export,
    today: Callable[[], date] = today_in_prague,
) -> list[Route]:
    """Return the routes of this module.

    Parameters
    ----------
    load
        Returns a layer's features; checks the layer's permission and the parameters.
    load_pages
        The same for a layer that grows without end, a page at a time.
    on_export
        Told of every file that holds internal layers; if it raises an `AppError`, nothing is sent.
    today
        Day that the files and their names bear.
    """
    exports = Exports(load=load, load_pages=load_pages, on_export=on_export, today=today)
    maps = [
        Route(f"/api/v1/exports/map.{file_format}", exports.map_file, methods=["GET"])
        for file_format in ("html", "svg", "png", "pdf")
    ]
    return [
        *maps,
        Route("/api/v1/exports/{layer_id}.csv", exports.table_file, methods=["GET"]),
        Route("/api/v1/exports/{layer_id}.gpkg", exports.geopackage, methods=["GET"]),
    ]


def _chosen_layers(value: str | None) -> tuple[Layer, ...]:
    """Return the asked layers without doublets; asked for none, the public ones shown by default."""
    ids = dict.fromkeys(part.strip() for part in (value or "").split(",") if part.strip())
    if ids:
        return tuple(get_layer(layer_id) for layer_id in ids)
    return tuple(layer for layer in all_layers().values() if layer.shown_by_default and _is_public(layer))


def _is_public(layer: Layer) -> bool:
    return layer.permission is Permission.SEE_PUBLIC_LAYERS


def _require_exportable(chosen: Sequence[Layer], clearance: Clearance) -> tuple[str, ...]:
    """Return the ids of the layers that are not public; refuse who may not see or not export them.

    What ranks city parts never leaves the house, whoever asks.
    """
    for layer in chosen:
        require_layer_access(layer, clearance)
        if not layer.exported:
            raise NotPermittedError("layer_stays_here", layer=layer.id)
    internal = tuple(layer.id for layer in chosen if not _is_public(layer))
    if internal:
        require_permission(clearance.role, Permission.EXPORT_PLACES)
    return internal


def _params_of(layer: Layer, query: Mapping[str, str]) -> dict[str, str]:
    """Return a layer's own parameters out of `<layer>.<option>=`, and the view where it depends on it."""
    prefix = f"{layer.id}."
    own = {key.removeprefix(prefix): value for key, value in query.items() if key.startswith(prefix)}
    view = {key: query[key] for key in VIEW_PARAMS if key in query} if layer.depends_on_view else {}
    return {**own, **view}


def _choices_text(layer: Layer, params: Mapping[str, str], language: Language) -> str:
    """Return what a reader chose other than by default, as `Measure: share; Language: Ukrainian`."""
    parts = []
    options = layer.options_for(readers())
    checked = checked_options(options, params)
    for option in options:
        values = set(checked[option.id].split(","))
        labels = [choice.label.to(language) for choice in option.choices if choice.value in values]
        if labels and checked[option.id] != option.default:
            parts.append(f"{option.label.to(language)}: {', '.join(labels)}")
    return "; ".join(parts)


def _title(chosen: Sequence[Layer], language: Language) -> str:
    """Return a title that names what the map is about; boundaries go without saying."""
    messages = Messages(language)
    about = [layer.title.to(language) for layer in chosen if layer.group is not Group.BOUNDARIES]
    return messages("export-title", layers=", ".join(about)) if about else messages("export-title-plain")


def _render(view: MapView, file_format: str, query: Mapping[str, str]) -> bytes:
    if file_format == "html":
        # folium and what it loads take 12 MB, and most servers never write such a file.
        from layers._folium import render_html  # noqa: PLC0415

        return render_html(view).encode("utf-8")
    width = _pixels(query, "width", PICTURE_WIDTH)
    height = _pixels(query, "height", PICTURE_HEIGHT)
    if file_format == "png":
        return render_png(view, width_px=width, height_px=height)
    if file_format == "pdf":
        return render_pdf(view, width_px=width, height_px=height)
    return render_svg(view, width_px=width, height_px=height).encode("utf-8")


def _pixels(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_PX))):
        raise InvalidValueError("invalid_picture_size", field=name, value=text[:20], minimum=MIN_PX, maximum=MAX_PX)
    return int(text)


def _file_answer(request: Request, body: bytes, file_format: str, stem: str, *, private: bool) -> Response:
    """Return the body as a download; texts are packed where the client unpacks them."""
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, **_headers(file_format, stem, private=private)}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    if file_format not in PACKED_ALREADY and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, GZIP_LEVEL, mtime=0)
    return Response(body, media_type=MEDIA_TYPES[file_format], headers=headers)


def _headers(file_format: str, stem: str, *, private: bool) -> dict[str, str]:
    return {
        "Cache-Control": PRIVATE if private else PUBLIC,
        "Vary": "Accept-Encoding, Authorization" if private else "Accept-Encoding",
        "Content-Disposition": f'attachment; filename="bila-mista-{stem}.{file_format}"',
        "X-Content-Type-Options": "nosniff",
    }


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Return the same pieces with the first one made already."""
    first = next(chunks, b"")

    def all_chunks() -> Iterator[bytes]:
        yield first
        yield from chunks

    return all_chunks()


def _streamed(request: Request, chunks: Iterator[bytes], stem: str) -> Response:
    """Return a private table piece by piece, packed where the client unpacks it; nobody asks twice for the same."""
    headers = _headers("csv", stem, private=True)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        chunks = _gzipped(chunks)
    return StreamingResponse(chunks, media_type=MEDIA_TYPES["csv"], headers=headers)


def _gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(GZIP_LEVEL, wbits=zlib.MAX_WBITS | 16)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
