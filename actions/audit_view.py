"""The audit log of the reader's own organisation, through the privacy gate.

What a row holds of a record is not shown but asked of the gate anew, so that the log tells nothing
that the map would not. Who was in the field is left out: it would be the trail of a single worker.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from actions.gate_settings import gate_settings
from domain.place import Actor
from domain.roles import Clearance, Permission, require_permission
from geo.disclosure import DisclosedPlace, disclose
from store import Store
from store.audit import AuditRow
from store.pages import Key, Page

PAGE_ROWS = 100


class AuditGroup(StrEnum):
    """What of the log is shown."""

    ALL = "all"
    RECORDS = "records"
    PEOPLE = "people"
    VIEWS = "views"
    REFUSALS = "refusals"
    ERASURES = "erasures"


_FIELD_WORK = ("place", "visit", "change", "quick_record", "quarter_note", "photo", "plan", "plan_item", "trail")
_ENTITIES: Mapping[AuditGroup, tuple[str, ...]] = {
    AuditGroup.RECORDS: (*_FIELD_WORK[:-1], "merge", "dataset", "declared_coverage", "town_hall_contact"),
    AuditGroup.PEOPLE: ("account", "invitation", "organisation", "share"),
    AuditGroup.ERASURES: ("erasure", "audit", "retention", "setting"),
}
_ACTIONS: Mapping[AuditGroup, tuple[str, ...]] = {
    AuditGroup.VIEWS: ("export", "exact_view", "show_as"),
    AuditGroup.REFUSALS: ("sign_in", "refused"),
}
# Times at which somebody works, or what somebody did in the field: shown to that account alone.
_NAMELESS_ACTIONS = frozenset({"sign_in"})
_NAMELESS = frozenset(_FIELD_WORK)
FACTS = ("with", "reason", "code", "role", "before", "detail", "format", "purpose", "until", "name", "count")
"""What of a payload is shown, and only of rows that are not about a record from the field."""
_RECORD_FACTS = ("reason",)
_STATE_FACTS = ("reason", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One row as the reader may see it.

    `by` is the account, None where it is not told; `organisation_id` is that of the account, which
    is another one where it saw the reader's places exactly. `entity_id` is empty where it would
    tell whose row it is. `place` is what the gate shows of the place that the row is about;
    `city_part` is where it was. `facts` are values of the payload that may be shown; `is_erased`
    says that the row has none any more.
    """

    seq: int
    at: datetime
    by: str | None
    organisation_id: str
    action: str
    entity: str
    entity_id: str
    place: DisclosedPlace | None
    city_part: str
    facts: tuple[tuple[str, str], ...]
    is_erased: bool


def audit_lines(
    store: Store,
    actor: Actor,
    clearance: Clearance,
    *,
    now: datetime,
    group: AuditGroup = AuditGroup.ALL,
    after: Key | None = None,
) -> Page[AuditLine]:
    """Return a page of `PAGE_ROWS` rows of the own organisation, the newest first.

    Exact views of the own places by others are among them.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_AUDIT)
    page = store.audit.of_organisation(
        actor.organisation_id, entities=_ENTITIES.get(group, ()), actions=_ACTIONS.get(group, ()), after=after,
        limit=PAGE_ROWS,
    )  # fmt: skip
    rows = page.rows
    payloads = [_payload_of(row) for row in rows]
    place_ids = [_place_of(row, payload) for row, payload in zip(rows, payloads, strict=True)]
    records = store.places.by_ids(sorted(set(place_ids) - {""}))
    places = disclose(records, clearance, now=now, settings=gate_settings(store))
    shown = {place.id: place for place in places if place.id is not None}
    lines = tuple(
        _line(row, payload, actor, shown.get(place_id))
        for row, payload, place_id in zip(rows, payloads, place_ids, strict=True)
    )
    return Page(rows=lines, further=page.further)


def _payload_of(row: AuditRow) -> dict[str, Any]:
    payload = json.loads(row.payload or "{}")
    return payload if isinstance(payload, dict) else {}


def _place_of(row: AuditRow, payload: Mapping[str, Any]) -> str:
    """Return the id of the place that a row of field work is about, "" where there is none."""
    if row.entity == "place":
        return row.entity_id
    return str(payload.get("place_id") or "") if row.entity in _NAMELESS else ""


def _line(row: AuditRow, payload: Mapping[str, Any], actor: Actor, place: DisclosedPlace | None) -> AuditLine:
    is_own = row.organisation_id == actor.organisation_id
    nameless = row.entity in _NAMELESS or row.action in _NAMELESS_ACTIONS
    told = is_own and (row.account_id == actor.account_id or not nameless)
    return AuditLine(
        seq=row.seq,
        at=row.at,
        by=row.account_id if told else None,
        organisation_id=row.organisation_id,
        action=row.action,
        entity=row.entity,
        # The account that signed in is the subject of its own row.
        entity_id=row.entity_id if told else "",
        place=place if is_own else None,
        city_part=str(payload.get("city_part") or "") if is_own and row.entity in _NAMELESS else "",
        facts=_facts(row, payload) if is_own else (),
        is_erased=row.payload is None,
    )


def _facts(row: AuditRow, payload: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    wanted: tuple[str, ...] = _RECORD_FACTS if row.entity in _NAMELESS else FACTS
    if row.action == "place.set_state":
        wanted = _STATE_FACTS
    return tuple((name, str(payload[name])) for name in wanted if payload.get(name) not in (None, "", []))
