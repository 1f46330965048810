"""All own routes of the server; Streamlit's stand beside them."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api import process
from api.assets import asset_routes
from api.backups import backup_routes
from api.base_map import base_map_routes
from api.datasets import dataset_routes
from api.exports import export_routes
from api.invitations import invitation_routes
from api.joined_modules import joined_routes
from api.layers import layer_routes
from api.photos import photo_routes
from api.plans import plan_routes
from api.responses import error_answer
from api.search import search_routes
from api.start import start_routes
from api.trail import trail_routes
from domain.errors import AppError


def health(request: Request) -> Response:
    """Answer `GET /api/v1/health`; 503 while the database does not answer."""
    try:
        data_version = process.store().data_version()
    except AppError as error:
        return error_answer(request, error)
    body = {"status": "ok", "version": process.VERSION, "data_version": data_version}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def unknown(_request: Request) -> Response:
    """Answer any other address below /api, which would otherwise show Streamlit's page."""
    return JSONResponse({"error": {"code": "unknown_route", "message": ""}}, status_code=404)


def all_routes() -> list[BaseRoute]:
    """Return every own route."""
    return [
        Route("/api/v1/health", health, methods=["GET"]),
        *start_routes(),
        *layer_routes(),
        *search_routes(),
        *base_map_routes(),
        *export_routes(),
        *dataset_routes(),
        *plan_routes(),
        *trail_routes(),
        *photo_routes(),
        *backup_routes(),
        *joined_routes(),
        *asset_routes(),
        *invitation_routes(),
        Route("/api/{rest:path}", unknown),
    ]
