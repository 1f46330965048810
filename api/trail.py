"""A worker's own month as a file: a table, or a page to print, for that worker alone."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.own_trail import TrailEntry, note_trail_export, own_trail
from api import process
from api.exact_views import actor_of
from api.files import MEDIA_TYPES, file_answer, page_bytes, table_bytes
from api.loading import PUBLIC, bearer_of
from api.responses import error_answer
from domain.errors import AppError, NotPermittedError
from domain.place import Actor
from domain.quick_records import QUICK_LABELS, QuickKind
from domain.roles import Clearance, Permission, require_permission
from domain.text import Language
from domain.trail import TrailKind, month_days
from domain.vocabulary import LANGUAGES_HEARD, vocabularies
from geo.boundaries import city_part_name
from store import utc_now
from ui.localisation import Messages, parse_language

_VOCABULARIES = {
    TrailKind.PLACE: "typ_lokality", TrailKind.VISIT: "vysledek_kontaktu", TrailKind.CHANGE: "zmena_na_miste",
}  # fmt: skip
COLUMNS = ("day", "kind", "what", "where", "city-part", "more")


def trail_routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(f"/api/v1/trail/{{month}}.{file_format}", trail_file, methods=["GET"]) for file_format in MEDIA_TYPES]


def trail_file(request: Request) -> Response:
    """Answer `GET /api/v1/trail/<month>.csv` and `.html` with what the token's own account noted."""
    file_format = request.url.path.rpartition(".")[2]
    month = request.path_params["month"]
    try:
        bearer = bearer_of(request)
        if bearer == PUBLIC:
            raise NotPermittedError("token_missing")
        if bearer.show_as:
            raise NotPermittedError("showing_as")
        messages = Messages(parse_language(request.query_params.get("lang")))
        body = export_trail(month, actor_of(bearer), bearer.clearance, messages, file_format=file_format)
    except AppError as error:
        return error_answer(request, error)
    return file_answer(request, body, file_format, f"{messages('trail-file')}-{month}")


def export_trail(month: str, actor: Actor, clearance: Clearance, messages: Messages, *, file_format: str) -> bytes:
    """Return the actor's own month as a file, with its row in the audit log.

    Raises
    ------
    NotPermittedError, InvalidValueError
        `not_permitted`, `invalid_month`.
    """
    require_permission(clearance.role, Permission.SEE_OWN_TRAIL)
    store = process.store()
    entries = own_trail(store, month, actor, clearance, now=utc_now())
    rows = [entry_texts(entry, messages) for entry in entries]
    header = trail_header(messages)
    if file_format == "csv":
        body = table_bytes(header, rows, messages.language)
    else:
        title = messages("trail-file-title", month=messages.month(month_days(month)[0]))
        body = page_bytes(title, _note(entries, messages), header, rows, messages)
    note_trail_export(store, month, actor, file_format=file_format)
    return body


def trail_header(messages: Messages) -> tuple[str, ...]:
    """Return the headers of a trail's columns."""
    return tuple(messages(f"trail-column-{column}") for column in COLUMNS)


def entry_texts(entry: TrailEntry, messages: Messages) -> tuple[str, ...]:
    """Return an entry as the texts of its columns."""
    row = entry.row
    place = entry.place.name or messages("place-unnamed") if entry.place else ""
    return (
        messages.date(row.on),
        messages(f"trail-kind-{row.kind.value.replace('_', '-')}"),
        what_text(entry, messages),
        place or row.area,
        city_part_name(row.city_part) if row.city_part else "",
        _more_text(entry, messages),
    )


def what_text(entry: TrailEntry, messages: Messages) -> str:
    """Return what was noted: the kind of the place, the outcome, the change, what was done."""
    row = entry.row
    if row.kind is TrailKind.QUICK_RECORD:
        return QUICK_LABELS[QuickKind(row.code)].to(messages.language)
    return _label(_VOCABULARIES[row.kind], row.code, messages.language)


def _more_text(entry: TrailEntry, messages: Messages) -> str:
    row = entry.row
    if row.kind is TrailKind.PLACE:
        return messages(f"place-state-{row.state}")
    if row.kind is TrailKind.VISIT:
        return _label("forma_terenu", row.form, messages.language) if row.form else ""
    heard = LANGUAGES_HEARD.get(row.language)
    return heard.to(messages.language) if heard else ""


def _label(vocabulary: str, code: str, language: Language) -> str:
    text = vocabularies()[vocabulary].labels.get(code)
    return text.to(language) if text else code


def _note(entries: Sequence[TrailEntry], messages: Messages) -> str:
    parts = [messages("trail-file-note", date=messages.date(utc_now()), count=len(entries))]
    if process.is_training():
        parts.append(messages("training-banner") + ".")
    return " ".join(parts)
