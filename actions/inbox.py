"""The coordinator's inbox (Příjem): what is new, what changed, what may be double, what waits for a visit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from actions.gate_settings import gate_settings
from actions.merge_places import PossibleDuplicate, likeness_key, possible_duplicates
from actions.record_place import PersonalDataSuspected
from actions.validate import REASON_MAX_LENGTH, clean_text, suspected_personal_data, text_problems
from domain.errors import Problem, ProblemsError
from domain.place import Actor, ChangeRecord, PlaceRecord, PlaceState
from domain.roles import Clearance, Permission, require_permission
from domain.verification import DEFAULT_REVISIT, Revisit, RevisitReason, RevisitSettings, revisit_by
from geo.disclosure import DisclosedPlace, disclose
from geo.disclosure_detail import DisclosedChange, disclose_detail
from store import Store
from store.merges import Merge
from store.pages import Key, Page, page_of
from store.reviews import AgreedFollowUp

PAGE_ROWS = 20
PAGE_PAIRS = 10
COUNTED = 1000
"""Lists are counted up to here; a longer one is said to have more."""
FOLLOW_UP_DAYS = 30
"""How far ahead agreed follow-ups are shown."""

T = TypeVar("T")
_NEEDS_A_REASON = frozenset({PlaceState.REJECTED, PlaceState.CLOSED, PlaceState.SUGGESTED})


class InboxList(StrEnum):
    """A list of the inbox; each has pages of its own."""

    SUGGESTED = "suggested"
    EDITED = "edited"
    ALERTS = "alerts"
    FOLLOW_UPS = "follow_ups"
    DUPLICATES = "duplicates"
    MERGES = "merges"


_FIRST_PAGES: Mapping[InboxList, Key] = MappingProxyType({})


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
    """What waits for a coordinator: a page of each list, and how many each has on all its pages.

    A count above `COUNTED` says that there are more than that; places to be verified are always counted.
    Duplicates are looked for among the places of the pages that are shown.
    """

    suggested: Page[DisclosedPlace]
    suggested_count: int
    edited: Page[DisclosedPlace]
    edited_count: int
    alerts: Page[Alert]
    alert_count: int
    follow_ups: Page[FollowUp]
    follow_up_count: int
    duplicates: Page[PossibleDuplicate]
    duplicate_count: int
    merges: Page[Merge]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing waits."""
        return not (self.suggested_count or self.edited_count or self.alert_count or self.follow_up_count)


def read_inbox(
    store: Store,
    actor: Actor,
    clearance: Clearance,
    *,
    now: datetime,
    after: Mapping[InboxList, Key] = _FIRST_PAGES,
) -> Inbox:
    """Return what waits for the coordinators of the reader's organisation, through the gate.

    Parameters
    ----------
    after
        The key after which the page of a list begins; the first page where there is none.

    Raises
    ------
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.SEE_INBOX)
    own, reviews = actor.organisation_id, store.reviews
    until = now.astimezone(UTC).date() + timedelta(days=FOLLOW_UP_DAYS)
    keys = {one: after.get(one) for one in InboxList}
    suggested = reviews.suggested(own, after=keys[InboxList.SUGGESTED], limit=PAGE_ROWS)
    edited = reviews.edited(own, after=keys[InboxList.EDITED], limit=PAGE_ROWS)
    alerts = reviews.alerts(own, after=keys[InboxList.ALERTS], limit=PAGE_ROWS)
    agreed = reviews.follow_ups(own, until=until, after=keys[InboxList.FOLLOW_UPS], limit=PAGE_ROWS)
    pairs = possible_duplicates(store, [*suggested.rows, *edited.rows], actor, clearance, now=now)
    pair_keys = [likeness_key(pair) for pair in pairs]

    def count(one: InboxList, page: Page[T], all_pages: Callable[[], int]) -> int:
        # A list that has one page alone is counted by looking at it.
        return len(page.rows) if keys[one] is None and page.further is None else all_pages()

    return Inbox(
        suggested=_whole(store, suggested, clearance, now),
        suggested_count=count(InboxList.SUGGESTED, suggested, lambda: reviews.count_suggested(own)),
        edited=_whole(store, edited, clearance, now),
        edited_count=count(InboxList.EDITED, edited, lambda: reviews.count_edited(own, at_most=COUNTED + 1)),
        alerts=_alerts(store, alerts, clearance, now),
        alert_count=count(InboxList.ALERTS, alerts, lambda: reviews.count_alerts(own, at_most=COUNTED + 1)),
        follow_ups=_follow_ups(store, agreed, clearance, now),
        follow_up_count=count(
            InboxList.FOLLOW_UPS,
            agreed,
            lambda: reviews.count_follow_ups(own, until=until, at_most=COUNTED + 1),
        ),
        duplicates=page_of(pairs, pair_keys, after=keys[InboxList.DUPLICATES], limit=PAGE_PAIRS),
        duplicate_count=len(pairs),
        merges=store.merges.of_organisation(own, after=keys[InboxList.MERGES], limit=PAGE_PAIRS),
    )


def _disclosed(
    store: Store, records: list[PlaceRecord], clearance: Clearance, now: datetime
) -> dict[str, DisclosedPlace]:
    """Return the whole records by their ids."""
    rows = disclose(records, clearance, now=now, settings=gate_settings(store))
    return {row.id: row for row in rows if row.id is not None}


def _whole(store: Store, page: Page[PlaceRecord], clearance: Clearance, now: datetime) -> Page[DisclosedPlace]:
    """Return whole records in the given order."""
    shown = _disclosed(store, list(page.rows), clearance, now)
    return Page(rows=tuple(shown[one.id] for one in page.rows if one.id in shown), further=page.further)


def _alerts(
    store: Store, page: Page[tuple[PlaceRecord, ChangeRecord]], clearance: Clearance, now: datetime
) -> Page[Alert]:
    found = []
    settings = gate_settings(store)
    for record, change in page.rows:
        detail = disclose_detail(record, [], [change], clearance, now=now, settings=settings)
        if detail is not None:
            by = change.happened_on + timedelta(days=DEFAULT_REVISIT.after_change_days)
            revisit = Revisit(by=by, reason=RevisitReason.CHANGE)
            found.append(Alert(place=detail.place, change=detail.changes[0], revisit=revisit))
    return Page(rows=tuple(found), further=page.further)


def _follow_ups(store: Store, page: Page[AgreedFollowUp], clearance: Clearance, now: datetime) -> Page[FollowUp]:
    ids = sorted({one.place_id for one in page.rows if one.place_id is not None})
    shown = _disclosed(store, store.places.by_ids(ids), clearance, now)
    found = [
        FollowUp(
            on=one.follow_up_on, service=one.follow_up_service, city_part=one.city_part, area=one.area,
            place=shown.get(one.place_id or ""),
        )
        for one in page.rows
    ]  # fmt: skip
    return Page(rows=tuple(found), further=page.further)


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
