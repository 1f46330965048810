"""JSON answers with an ETag and ready gzip; errors as code and sentence."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.refusals import refusals
from domain.errors import AppError, NotFoundError, NotPermittedError, StoreError
from ui.localisation import Messages, parse_language

GZIP_LEVEL = 6
PUBLIC = "public, no-cache"
PRIVATE = "private, no-store"


@dataclass(frozen=True, slots=True)
class Packed:
    """A body that was serialised and compressed once, with the tag of its content."""

    gzipped: bytes
    etag: str

    @property
    def body(self) -> bytes:
        """Return the body as it was; every browser takes it compressed, so only that is kept."""
        return gzip.decompress(self.gzipped)


def pack(value: Any) -> Packed:  # noqa: ANN401  anything that json takes
    """Serialise and compress `value`; bytes are taken as JSON already."""
    body = (
        value
        if isinstance(value, bytes)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    )
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return Packed(gzip.compress(body, GZIP_LEVEL, mtime=0), etag)


def answer(request: Request, packed: Packed, *, cache_control: str = PUBLIC, vary: str = "Accept-Encoding") -> Response:
    """Return the packed body, or 304 where the client has it."""
    headers = {"ETag": packed.etag, "Cache-Control": cache_control, "Vary": vary}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if packed.etag in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed.gzipped, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
    return Response(packed.body, media_type="application/json", headers=headers)


def error_answer(request: Request, error: AppError) -> Response:
    """Return an error as JSON: 404 unknown, 401 no or old token, 403 refused, 503 no database, else 400.

    A refusal is noted.
    """
    status = 400
    if isinstance(error, NotFoundError):
        status = 404
    elif isinstance(error, NotPermittedError):
        status = 401 if error.code in {"token_expired", "token_invalid", "token_missing"} else 403
        refusals.note(request, error)
    elif isinstance(error, StoreError):
        status = 503
    message = Messages(parse_language(request.query_params.get("lang"))).error(error)
    return JSONResponse(
        {"error": {"code": error.code, "message": message}}, status_code=status, headers={"Cache-Control": "no-store"}
    )
