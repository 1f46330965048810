"""The history of a place: who changed what, when and why; a version restored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.gate_settings import gate_settings
from actions.validate import REASON_MAX_LENGTH, clean_text, text_problems
from domain.errors import NotFoundError, ProblemsError
from domain.place import Actor, LocatedPlace, PlaceDraft, PlaceRecord
from domain.roles import Clearance, Permission, require_permission
from geo.disclosure import DisclosedPlace, DisclosureSettings, disclose
from store import PlaceVersion, Store

SHOWN_FIELDS = (
    "kind", "name", "note", "position", "city_part", "languages", "target_groups", "headcount", "access", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that a revision changed; both values as the reader may see them."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision: when, by which account of the own organisation, why, and what it changed.

    `place` is the whole record as it stood then.
    """

    revision: int
    at: datetime
    by: str
    reason: str
    changes: tuple[FieldChange, ...]
    place: DisclosedPlace


def place_history(store: Store, place_id: str, clearance: Clearance, *, now: datetime) -> tuple[Step, ...]:
    """Return the revisions of a place of the reader's own organisation, the latest first.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    NotFoundError
        `unknown_place` if there is none or it is another organisation's: the answer does not tell.
    """
    require_permission(clearance.role, Permission.SEE_HISTORY)
    versions = store.places.history(place_id)
    settings = gate_settings(store)
    steps: list[Step] = []
    before: DisclosedPlace | None = None
    for version in versions:
        place = _shown(version.record, clearance, now, settings)
        steps.append(
            Step(
                revision=version.record.revision,
                at=version.changed_at,
                by=version.changed_by,
                reason=version.reason,
                changes=tuple(_differences(before, place)),
                place=place,
            )
        )
        before = place
    return tuple(reversed(steps))


def _shown(record: PlaceRecord, clearance: Clearance, now: datetime, settings: DisclosureSettings) -> DisclosedPlace:
    rows = disclose([record], clearance, now=now, settings=settings)
    found = [row for row in rows if row.id is not None and row.own]
    if not found:
        raise NotFoundError("unknown_place", id=record.id)
    return found[0]


def _differences(before: DisclosedPlace | None, after: DisclosedPlace) -> Iterable[FieldChange]:
    if before is None:
        return
    for field in SHOWN_FIELDS:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield FieldChange(field=field, before=was, after=now)


def restore_version(
    store: Store,
    place_id: str,
    wanted: int,
    actor: Actor,
    clearance: Clearance,
    *,
    revision: int,
    reason: str,
) -> PlaceRecord:
    """Write an earlier version of a place as its newest one; how far it has been checked stays as it is.

    Parameters
    ----------
    wanted
        Number of the version to restore.
    revision
        The version that stood when the person decided.

    Raises
    ------
    NotFoundError
        `unknown_place`, `unknown_version`.
    ProblemsError
        `invalid_record` where the reason cannot be stored.
    StaleRevisionError, NotPermittedError, InvalidValueError
        As `store.places.Places.update`; a code that may no longer stand on a place is refused.
    """
    require_permission(clearance.role, Permission.RESTORE_VERSION)
    reason = clean_text(reason)
    problems = text_problems("reason", reason, limit=REASON_MAX_LENGTH, lines=False)
    if problems:
        raise ProblemsError("invalid_record", problems)
    version = next((one for one in store.places.history(place_id) if one.record.revision == wanted), None)
    if version is None:
        raise NotFoundError("unknown_version", id=str(wanted))
    return store.places.update(_located(version), revision=revision, actor=actor, reason=reason)


def _located(version: PlaceVersion) -> LocatedPlace:
    record = version.record
    draft = PlaceDraft(
        id=record.id, kind=record.kind, name=record.name, position=record.position,
        city_part=None if record.position else record.city_part, note=record.note, languages=record.languages,
        target_groups=record.target_groups, headcount=record.headcount, access=record.access,
    )  # fmt: skip
    return LocatedPlace(
        draft=draft,
        city_part=record.city_part,
        admin_district=record.admin_district,
        cadastral_area=record.cadastral_area,
        border_city_part=record.border_city_part,
    )
