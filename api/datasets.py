"""`GET /api/v1/datasets` and the bundled files themselves, as published with their cards."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from api.responses import answer, error_answer, pack
from domain.errors import AppError, NotFoundError
from geo.provenance import BUNDLED_DATA, read_all, verify_file
from geo.published_rows import published_rows
from layers._live import describe_source
from ui.localisation import parse_language


def list_datasets(request: Request) -> Response:
    """Answer `GET /api/v1/datasets`: the card of every bundled dataset."""
    language = parse_language(request.query_params.get("lang"))
    cards = [
        {**describe_source(info, language), "count": info.count, "sha256": info.sha256} for info in read_all().values()
    ]
    return answer(request, pack({"datasets": cards}))


def dataset_file(request: Request) -> Response:
    """Answer `GET /api/v1/datasets/<id>` with the file, once its checksum holds; small counts are hidden."""
    try:
        info = read_all().get(request.path_params["dataset_id"])
        if info is None:
            raise NotFoundError("unknown_dataset", id=request.path_params["dataset_id"][:80])
        path = verify_file(info, BUNDLED_DATA)
    except AppError as error:
        return error_answer(request, error)
    if path.suffix == ".csv":
        text = published_rows(info).to_csv(index=False, lineterminator="\r\n")
        headers = {"Cache-Control": "public, no-cache", "Content-Disposition": f'attachment; filename="{path.name}"'}
        # The byte order mark makes a Czech Excel read UTF-8.
        return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
    return FileResponse(path, filename=path.name, headers={"Cache-Control": "public, no-cache"})


def dataset_routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("/api/v1/datasets", list_datasets, methods=["GET"]),
        Route("/api/v1/datasets/{dataset_id}", dataset_file, methods=["GET"]),
    ]
