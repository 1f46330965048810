"""The coordinator's inbox (Příjem): what is new, what changed, what may be double, what waits for a visit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from actions.gate_settings import gate_settings
from actions.merge_places import PossibleDuplicate, possible_duplicates
from actions.record_place import PersonalDataSuspected
from actions.validate import REASON_MAX_LENGTH, clean_text, suspected_personal_data, text_problems
from domain.errors import Problem, ProblemsError
from domain.place import Actor, PlaceRecord, PlaceState
from domain.roles import Clearance, Permission, require_permission
from domain.verification import DEFAULT_REVISIT, Revisit, RevisitReason, RevisitSettings, revisit_by
from geo.disclosure import DisclosedPlace, disclose
from geo.disclosure_detail import DisclosedChange, disclose_detail
from store import Store
from store.merges import Merge

LIMIT = 50
FOLLOW_UP_DAYS = 30
"""How far ahead agreed follow-ups are shown."""

_NEEDS_A_REASON = frozenset({PlaceState.REJECTED, PlaceState.CLOSED, PlaceState.SUGGESTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A change at an own place that nobody visited since, and the day by which somebody should."""

    place: DisclosedPlace
    change: DisclosedChange
    revisit: Revisit


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """An agreed follow-up: a day and a kind of service, at a place or in an area; never a person."""

    on: date
    service: str | None
    city_part: str
    area: str
    place: DisclosedPlace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What waits for a coordinator. Lists hold at most `LIMIT`; `suggested_count` counts all."""

    suggested: tuple[DisclosedPlace, ...]
    suggested_count: int
    edited: tuple[DisclosedPlace, ...]
    alerts: tuple[Alert, ...]
    follow_ups: tuple[FollowUp, ...]
    duplicates: tuple[PossibleDuplicate, ...]
    merges: tuple[Merge, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing waits."""
        return not (self.suggested or self.edited or self.alerts or self.follow_ups or self.duplicates)


def read_inbox(store: Store, actor: Actor, clearance: Clearance, *, now: datetime) -> Inbox:
    """Return what waits for the coordinators of the reader's organisation, through the gate.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_INBOX)
    organisation = actor.organisation_id
    suggested = store.reviews.suggested(organisation, limit=LIMIT)
    edited = store.reviews.edited(organisation, limit=LIMIT)
    duplicates = possible_duplicates(store, [*suggested, *edited], actor, clearance, now=now)
    return Inbox(
        suggested=_whole(store, suggested, clearance, now),
        suggested_count=store.reviews.count_suggested(organisation),
        edited=_whole(store, edited, clearance, now),
        alerts=tuple(_alerts(store, organisation, clearance, now)),
        follow_ups=tuple(_follow_ups(store, organisation, clearance, now)),
        duplicates=tuple(duplicates[:LIMIT]),
        merges=tuple(store.merges.of_organisation(organisation, limit=10)),
    )


def _whole(store: Store, records: list[PlaceRecord], clearance: Clearance, now: datetime) -> tuple[DisclosedPlace, ...]:
    """Return whole records in the given order."""
    rows = disclose(records, clearance, now=now, settings=gate_settings(store))
    shown = {row.id: row for row in rows if row.id is not None}
    return tuple(shown[record.id] for record in records if record.id in shown)


def _alerts(store: Store, organisation: str, clearance: Clearance, now: datetime) -> list[Alert]:
    found = []
    settings = gate_settings(store)
    for record, change in store.reviews.alerts(organisation, limit=LIMIT):
        detail = disclose_detail(record, [], [change], clearance, now=now, settings=settings)
        if detail is not None:
            by = change.happened_on + timedelta(days=DEFAULT_REVISIT.after_change_days)
            revisit = Revisit(by=by, reason=RevisitReason.CHANGE)
            found.append(Alert(place=detail.place, change=detail.changes[0], revisit=revisit))
    return found


def _follow_ups(store: Store, organisation: str, clearance: Clearance, now: datetime) -> list[FollowUp]:
    until = now.astimezone(UTC).date() + timedelta(days=FOLLOW_UP_DAYS)
    rows = store.reviews.follow_ups(organisation, until=until, limit=LIMIT)
    found = []
    for row in rows:
        place = None
        if row["place_id"] is not None:
            whole = _whole(store, [store.places.get(row["place_id"])], clearance, now)
            place = whole[0] if whole else None
        found.append(
            FollowUp(
                on=row["follow_up_on"],
                service=row["service"],
                city_part=row["city_part"],
                area=row["area"],
                place=place,
            )
        )
    return found


def take_step(
    store: Store,
    place: DisclosedPlace,
    state: PlaceState,
    actor: Actor,
    clearance: Clearance,
    *,
    reason: str,
    accept_personal: bool = False,
) -> PlaceRecord:
    """Verify, reject, close or put back a place as it was shown, with a reason.

    Raises
    ------
    ProblemsError
        `invalid_record`: the reason is missing (for all but verifying) or cannot be stored.
    PersonalDataSuspected
        The reason looks as if it named a person; nothing was saved.
    NotPermittedError, StaleRevisionError, InvalidValueError
        As `store.reviews.Reviews.step`.
    """
    require_permission(clearance.role, Permission.VERIFY_PLACE)
    reason = _checked_reason(reason, required=state in _NEEDS_A_REASON, accept_personal=accept_personal)
    return store.reviews.step(place.id or "", state, revision=place.revision or 0, actor=actor, reason=reason)


def confirm_edit(store: Store, place: DisclosedPlace, actor: Actor, clearance: Clearance) -> None:
    """Say that the correction of a verified place has been looked at and holds."""
    require_permission(clearance.role, Permission.VERIFY_PLACE)
    store.reviews.mark_place(place.id or "", revision=place.revision or 0, actor=actor)


def dismiss_alert(store: Store, change_id: str, actor: Actor, clearance: Clearance, *, reason: str) -> None:
    """Say that a change asks for no visit, and why; raises as `take_step`."""
    require_permission(clearance.role, Permission.VERIFY_PLACE)
    store.reviews.mark_change(change_id, actor=actor, note=_checked_reason(reason, required=True))


def revisit_of(
    store: Store, place: DisclosedPlace, *, settings: RevisitSettings = DEFAULT_REVISIT, today: date
) -> Revisit | None:
    """Return when somebody should be at a place again; None unless the whole record is shown.

    `today` stands in for the day of recording where that is not disclosed.
    """
    if place.id is None:
        return None
    return revisit_by(
        recorded_on=place.created_at.date() if place.created_at else today,
        last_visit_on=place.last_visit_on,
        last_change_on=place.last_change_on,
        follow_up_on=store.reviews.follow_up_on(place.id) if place.own else None,
        settings=settings,
    )


def _checked_reason(reason: str, *, required: bool, accept_personal: bool = False) -> str:
    reason = clean_text(reason)
    problems = text_problems("reason", reason, limit=REASON_MAX_LENGTH, lines=False)
    if required and not reason:
        problems.append(Problem(code="reason_missing", field="reason"))
    if problems:
        raise ProblemsError("invalid_record", problems)
    found = suspected_personal_data({"reason": reason})
    if found and not accept_personal:
        raise PersonalDataSuspected(found)
    return reason
