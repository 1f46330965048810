"""A plan of outings as a file for the own organisation: a table, or a page to print.

The file may be carried about, so it ranks nothing: outings stand by day and name, without order of
choice or probability, and no city part is called a white spot. Each download is in the audit log.
"""

import csv
import hashlib
import html
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.outing_choice import Fact, choice_facts
from actions.plans import note_export, own_plan
from api import process
from api.exact_views import actor_of
from api.loading import bearer_of
from api.responses import PRIVATE, error_answer
from domain.errors import AppError, NotPermittedError
from domain.geometry import LonLat
from domain.place import Actor
from domain.plans import CRITERIA, PLAN_STATE_LABELS, Plan, PlanItem, PlanItemDraft
from domain.roles import PUBLIC_CLEARANCE, Clearance, Permission, require_permission
from domain.text import Language
from domain.vocabulary import vocabularies
from geo.boundaries import city_part_name
from geo.cells import cells_of_city_part
from geo.coverage_visits import RESOLUTION
from layers._view import clean
from ui.localisation import NO_BREAK_SPACE, PRAGUE, Messages, parse_language

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8"}
POSITION_DIGITS = 4
BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_DIGITS = re.compile(r"(\d+)")
_STYLE = """
body{font:14px/1.45 system-ui,sans-serif;color:#1c2526;margin:2rem auto;max-width:60rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.25rem 0;color:#55605f}
table{border-collapse:collapse;width:100%;margin-top:1rem}
th,td{border:1px solid #8a9494;padding:.4rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eef1f1}thead{display:table-header-group}tr{break-inside:avoid}
.internal{border:2px solid #b45309;color:#1c2526;padding:.4rem .6rem;display:inline-block}
.note{min-width:9rem}
@media print{body{margin:0;max-width:none;font-size:11pt}@page{size:A4 landscape;margin:14mm}}
"""


def plan_routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route(f"/api/v1/plans/{{plan_id}}.{file_format}", plan_file, methods=["GET"]) for file_format in MEDIA_TYPES
    ]


def plan_file(request: Request) -> Response:
    """Answer `GET /api/v1/plans/<id>.csv` and `.html`; needs a token of the plan's organisation."""
    file_format = request.url.path.rpartition(".")[2]
    try:
        bearer = bearer_of(request)
        if bearer.clearance == PUBLIC_CLEARANCE:
            raise NotPermittedError("token_missing")
        messages = Messages(parse_language(request.query_params.get("lang")))
        plan_id = request.path_params["plan_id"]
        body = export_plan(plan_id, actor_of(bearer), bearer.clearance, messages, file_format=file_format)
    except AppError as error:
        return error_answer(request, error)
    day = datetime.now(PRAGUE).date().isoformat()
    headers = {
        "ETag": f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        "Cache-Control": PRIVATE,
        "Vary": "Authorization",
        "Content-Disposition": f'attachment; filename="bila-mista-plan-{day}.{file_format}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }
    if headers["ETag"] in {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPES[file_format], headers=headers)


def export_plan(plan_id: str, actor: Actor, clearance: Clearance, messages: Messages, *, file_format: str) -> bytes:
    """Return a plan as a file, with its row in the audit log.

    Raises
    ------
    NotPermittedError
        `not_permitted` for a role that may not export.
    NotFoundError
        `unknown_plan`, also for a plan of another organisation.
    """
    require_permission(clearance.role, Permission.EXPORT_PLACES)
    store = process.store()
    plan = own_plan(store, plan_id, clearance.organisation_id)
    facts = choice_facts(store, clearance)
    make = plan_csv if file_format == "csv" else plan_html
    body = make(plan, facts, messages, invented=process.is_training())
    note_export(store, plan, actor, file_format=file_format)
    return body


def plan_title(plan: Plan, messages: Messages) -> str:
    """Return the title of a plan, or one made of the day where it was given none."""
    return plan.title or messages("plan-untitled", date=messages.date(plan.created_at))


def reason_text(item: PlanItem | PlanItemDraft, facts: Iterable[Fact], messages: Messages) -> str:
    """Return why an outing is in a plan: each reason with what is known of it."""
    labels = vocabularies()[CRITERIA].labels
    here = [
        fact
        for fact in facts
        if fact.city_part == item.city_part and (item.cell is None or fact.cell == item.cell)
    ]  # fmt: skip
    parts = []
    for code in item.reasons:
        details = [name for fact in here if fact.criterion == code for name in fact.names]
        own = sum(fact.own_places for fact in here if fact.criterion == code)
        if own:
            details.append(messages("plan-own-places", count=own))
        label = labels[code].to(messages.language)
        parts.append(f"{label} ({', '.join(dict.fromkeys(details))})" if details else label)
    return "; ".join(parts) or messages("plan-reason-none")


def where_text(item: PlanItem | PlanItemDraft, messages: Messages) -> str:
    """Return the city part of an outing, with the point of its cell where it is for one."""
    name = city_part_name(item.city_part)
    position = cell_position(item)
    if position is None:
        return name
    lat, lon = (messages.number(value, POSITION_DIGITS) for value in (position.lat, position.lon))
    return messages("plan-where-cell", city_part=name, lat=lat, lon=lon)


def cell_position(item: PlanItem | PlanItemDraft) -> LonLat | None:
    """Return the point shown for the cell of an outing, None where it is for the whole city part."""
    if item.cell is None:
        return None
    row = cells_of_city_part(item.city_part, RESOLUTION).loc[[item.cell], ["lon", "lat"]].to_numpy()[0]
    return LonLat(lon=float(row[0]), lat=float(row[1]))


def plan_csv(plan: Plan, facts: Sequence[Fact], messages: Messages, *, invented: bool = False) -> bytes:
    """Return a plan as CSV that Czech spreadsheets open with a click; no cell begins a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="," if messages.language is Language.EN else ";", lineterminator="\r\n")
    writer.writerow([_cell(text) for text in (*_header(messages), messages("plan-column-note"))])
    note = _note(plan, messages, invented=invented)
    for row in _rows(plan, facts, messages):
        writer.writerow([*(_cell(text) for text in row), _cell(note)])
    return (BYTE_ORDER_MARK + buffer.getvalue()).encode("utf-8")


def plan_html(plan: Plan, facts: Sequence[Fact], messages: Messages, *, invented: bool = False) -> bytes:
    """Return a plan as one page to print, without scripts; each row has room for a note by hand."""
    title = html.escape(plan_title(plan, messages))
    head = "".join(f"<th>{html.escape(text)}</th>" for text in (*_header(messages), messages("plan-column-by-hand")))
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(clean(text))}</td>" for text in row) + '<td class="note"></td></tr>'
        for row in _rows(plan, facts, messages)
    )
    page = (
        f'<!doctype html><html lang="{messages.language.value}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
        f'<body><p class="internal">{html.escape(messages("plan-internal"))}</p><h1>{title}</h1>'
        f"<p>{html.escape(_note(plan, messages, invented=invented))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></body></html>"
    )
    return page.encode("utf-8")


def _header(messages: Messages) -> tuple[str, ...]:
    columns = ("day", "where", "visits", "why", "team", "state")
    return tuple(messages(f"plan-column-{column}") for column in columns)


def _rows(plan: Plan, facts: Sequence[Fact], messages: Messages) -> list[tuple[str, ...]]:
    """Return the outings by day and name: the order of choice stays inside the app."""
    return [
        (
            messages.date(item.day) if item.day else "",
            where_text(item, messages),
            messages.number(item.visits),
            reason_text(item, facts, messages),
            str(item.team or ""),
            PLAN_STATE_LABELS[item.state].to(messages.language),
        )
        for item in sorted(plan.items, key=_by_day_and_name)
    ]


def _by_day_and_name(item: PlanItem) -> tuple[date, list[tuple[int, str]], str]:
    return item.day or date.max, _natural(city_part_name(item.city_part)), item.cell or ""


def _note(plan: Plan, messages: Messages, *, invented: bool) -> str:
    parts = [messages("plan-file-note", date=messages.date(plan.created_at))]
    if invented:
        parts.append(messages("training-banner") + ".")
    return " ".join(parts)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts Praha 2 before Praha 10."""
    return [(int(part), "") if part.isdigit() else (-1, part.casefold()) for part in _DIGITS.split(name) if part]


def _cell(text: str) -> str:
    # A spreadsheet takes a date with no-break spaces for a text.
    text = clean(text).replace(NO_BREAK_SPACE, " ")
    return f"'{text}" if _FORMULA.match(text) else text
