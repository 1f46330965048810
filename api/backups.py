"""`POST /api/v1/backup`: a backup as a stream, to whom may take one.

In local mode the person chooses the passphrase. In shared mode the installation's own seals it, so
that who downloads the file of all organisations cannot read it.
"""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from actions.backup import backup_name, note_backup
from api import process
from api.backup_secret import kept_passphrase
from api.exact_views import actor_of
from api.loading import PUBLIC, bearer_of
from api.responses import PRIVATE, error_answer
from api.tokens import Bearer
from domain.errors import AppError, ConfigurationError, InvalidValueError, NotPermittedError
from domain.roles import OPERATOR_ONLY, Permission, require_permission
from store import Event, utc_now
from store.sealed_file import check_passphrase

MAX_BODY_BYTES = 4096


def _require_permitted(request: Request) -> Bearer:
    bearer = bearer_of(request)
    if bearer == PUBLIC:
        raise NotPermittedError("token_missing")
    if bearer.show_as:
        raise NotPermittedError("showing_as")
    role, permission = bearer.clearance.role, Permission.BACK_UP
    require_permission(role, permission)
    if process.configuration().is_shared and permission in OPERATOR_ONLY:
        standing = process.store().accounts.standing(bearer.account_id)
        if not standing.organisation.is_operator:
            raise NotPermittedError("not_permitted", role=role.value, permission=permission.value)
    return bearer


async def _typed(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise InvalidValueError("backup_request_invalid")
    try:
        passphrase = json.loads(body)["passphrase"]
    except (ValueError, KeyError, TypeError):
        raise InvalidValueError("backup_request_invalid") from None
    if not isinstance(passphrase, str):
        raise InvalidValueError("backup_request_invalid")
    return passphrase


async def post_backup(request: Request) -> Response:
    """Answer `POST /api/v1/backup` with the sealed file; the audit log says so before the first byte."""
    try:
        bearer = await run_in_threadpool(_require_permitted, request)
        here = process.configuration()
        if here.is_shared:
            passphrase = kept_passphrase(here.data_dir)
            if passphrase is None:
                raise ConfigurationError("backup_secret_missing")
        else:
            passphrase = await _typed(request)
        check_passphrase(passphrase)
        store, name = process.store(), backup_name(utc_now())
        blocks = await run_in_threadpool(
            lambda: store.backups.stream(
                passphrase, done=lambda report: note_backup(store.data_dir, report, is_checked=False)
            )
        )
        await run_in_threadpool(
            lambda: store.events.note(Event.BACKUP, "backup", [name], detail="download", actor=actor_of(bearer))
        )
    except AppError as error:
        return error_answer(request, error)
    headers = {
        "Cache-Control": PRIVATE,
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        # Sealed bytes do not get smaller: keeps the server from trying.
        "Content-Encoding": "identity",
    }
    return StreamingResponse(blocks, media_type="application/octet-stream", headers=headers)


def backup_routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route("/api/v1/backup", post_backup, methods=["POST"])]
