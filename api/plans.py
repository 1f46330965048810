"""A plan of outings as a file for the own organisation: a table, or a page to print.

The file may be carried about, so it ranks nothing: outings stand by day and name, without order of
choice or probability, and no city part is called a white spot. Each download is in the audit log.
"""

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
from api.files import MEDIA_TYPES, file_answer, page_bytes, table_bytes
from api.loading import bearer_of
from api.responses import error_answer
from domain.errors import AppError, NotPermittedError
from domain.geometry import LonLat
from domain.place import Actor
from domain.plans import CRITERIA, PLAN_STATE_LABELS, Plan, PlanItem, PlanItemDraft
from domain.roles import PUBLIC_CLEARANCE, Clearance, Permission, require_permission
from domain.vocabulary import vocabularies
from geo.boundaries import city_part_name
from geo.cells import cells_of_city_part
from geo.coverage_visits import RESOLUTION
from ui.localisation import PRAGUE, Messages, parse_language

POSITION_DIGITS = 4
_DIGITS = re.compile(r"(\d+)")


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
    return file_answer(request, body, file_format, f"plan-{datetime.now(PRAGUE).date().isoformat()}")


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
    note = _note(plan, messages, invented=invented)
    rows = [(*row, note) for row in _rows(plan, facts, messages)]
    return table_bytes((*_header(messages), messages("plan-column-note")), rows, messages.language)


def plan_html(plan: Plan, facts: Sequence[Fact], messages: Messages, *, invented: bool = False) -> bytes:
    """Return a plan as one page to print, without scripts; each row has room for a note by hand."""
    return page_bytes(
        plan_title(plan, messages), _note(plan, messages, invented=invented), _header(messages),
        _rows(plan, facts, messages), messages, by_hand=messages("plan-column-by-hand"),
    )  # fmt: skip


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
