"""What happened at one place, for whoever may see the whole of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.place import ChangeRecord, PlaceRecord, VisitRecord
from domain.roles import Clearance
from geo.disclosure import DisclosedPlace, DisclosureSettings, disclose, is_own


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedVisit:
    """A visit as a reader may see it; note and author only to the organisation that noted it."""

    id: str
    organisation_id: str
    own: bool
    happened_on: date
    outcome: str
    form: str
    contacts: str | None
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    barriers: tuple[str, ...]
    note: str | None
    created_by: str | None
    interpreter: str | None = None
    follow_up_on: date | None = None
    follow_up_service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedChange:
    """A change at a place; note and author only to the organisation that noted it."""

    id: str
    organisation_id: str
    own: bool
    change: str
    happened_on: date
    note: str | None
    created_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedPlaceDetail:
    """A whole place with its visits and changes, the latest first."""

    place: DisclosedPlace
    visits: tuple[DisclosedVisit, ...]
    changes: tuple[DisclosedChange, ...]


def disclose_detail(
    record: PlaceRecord,
    visits: Iterable[VisitRecord],
    changes: Iterable[ChangeRecord],
    clearance: Clearance,
    *,
    now: datetime,
    settings: DisclosureSettings | None = None,
) -> DisclosedPlaceDetail | None:
    """Return a place with what happened there, None unless the reader may see the whole record.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone`.
    """
    whole = [place for place in disclose([record], clearance, now=now, settings=settings) if place.id is not None]
    if not whole:
        return None
    return DisclosedPlaceDetail(
        place=whole[0],
        visits=tuple(_visit(visit, clearance) for visit in visits if visit.place_id == record.id),
        changes=tuple(_change(change, clearance) for change in changes if change.place_id == record.id),
    )


def _visit(visit: VisitRecord, clearance: Clearance) -> DisclosedVisit:
    own = is_own(visit.organisation_id, clearance)
    return DisclosedVisit(
        id=visit.id,
        organisation_id=visit.organisation_id,
        own=own,
        happened_on=visit.happened_on,
        outcome=visit.outcome,
        form=visit.form,
        contacts=visit.contacts,
        languages=visit.languages,
        needs=visit.needs,
        barriers=visit.barriers,
        note=visit.note if own else None,
        created_by=visit.created_by if own else None,
        interpreter=visit.interpreter,
        follow_up_on=visit.follow_up_on if own else None,
        follow_up_service=visit.follow_up_service if own else None,
    )


def _change(change: ChangeRecord, clearance: Clearance) -> DisclosedChange:
    own = is_own(change.organisation_id, clearance)
    return DisclosedChange(
        id=change.id,
        organisation_id=change.organisation_id,
        own=own,
        change=change.change,
        happened_on=change.happened_on,
        note=change.note if own else None,
        created_by=change.created_by if own else None,
    )
