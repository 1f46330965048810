"""Photos: `POST /api/v1/photos` takes a raw body with a token, `GET /api/v1/photos/<id>` gives it back."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.photos import add_photo, photo_file
from api import process
from api.exact_views import writer_of
from api.loading import PUBLIC, bearer_of
from api.responses import PRIVATE, error_answer
from api.tokens import Bearer
from domain.errors import AppError, InvalidValueError, NotPermittedError
from domain.photos import MAX_UPLOAD_BYTES


def _bearer(request: Request) -> Bearer:
    bearer = bearer_of(request)
    if bearer == PUBLIC:
        raise NotPermittedError("token_missing")
    return bearer


async def _limited_body(request: Request) -> bytes:
    """Read the body and stop as soon as it is longer than a photo may be."""
    too_large = InvalidValueError("photo_too_large", limit=MAX_UPLOAD_BYTES // (1024 * 1024))
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > MAX_UPLOAD_BYTES:
        raise too_large
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > MAX_UPLOAD_BYTES:
            raise too_large
        parts.append(part)
    return b"".join(parts)


async def post_photo(request: Request) -> Response:
    """Answer `POST /api/v1/photos?id=&place=&consent=` with the photo's id and size."""
    try:
        # Who asks comes first: nobody else's bytes are read, let alone decoded.
        bearer = await run_in_threadpool(_bearer, request)
        if bearer.show_as:
            raise NotPermittedError("showing_as")
        content = await _limited_body(request)

        def store_it() -> dict[str, object]:
            asked = request.query_params
            photo = add_photo(
                process.store(), asked.get("id", ""), content, writer_of(bearer), bearer.clearance,
                place_id=asked.get("place", ""), consent=asked.get("consent", ""),
            )  # fmt: skip
            return {"id": photo.id, "width": photo.width, "height": photo.height}

        body = await run_in_threadpool(store_it)
    except AppError as error:
        return await run_in_threadpool(error_answer, request, error)
    return JSONResponse(body, status_code=201, headers={"Cache-Control": "no-store"})


def get_photo(request: Request) -> Response:
    """Answer `GET /api/v1/photos/<id>` with the picture, to whom the place is shown as a whole."""
    try:
        bearer = _bearer(request)
        path = photo_file(process.store(), request.path_params["photo_id"], bearer.clearance)
        # Read at once: a photo withdrawn meanwhile would be an answer cut short.
        content = path.read_bytes()
    except AppError as error:
        return error_answer(request, error)
    headers = {"Cache-Control": PRIVATE, "Vary": "Authorization", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="image/jpeg", headers=headers)


def photo_routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("/api/v1/photos", post_photo, methods=["POST"]),
        Route("/api/v1/photos/{photo_id}", get_photo, methods=["GET"]),
    ]
