"""Places made up for tests and pictures, recorded as a person would record them."""

from datetime import UTC, date, datetime, timedelta

import uuid_utils

from actions.record_place import note_change, record_place, visit_again
from domain.geometry import LonLat
from domain.place import Actor, ChangeDraft, PlaceDraft, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID

ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)


def new_id():
    return str(uuid_utils.uuid7())


def today():
    return datetime.now(UTC).date()


def record(store, lon=None, lat=None, *, kind="ubytovna", name="", city_part=None, outcome=None, day=None, **more):
    """Record a place at a position or in a city part, with a first visit where `outcome` says so."""
    position = LonLat(lon=lon, lat=lat) if lon is not None else None
    draft = PlaceDraft(id=new_id(), kind=kind, name=name, position=position, city_part=city_part, **more)
    visit = VisitDraft(id=new_id(), place_id=draft.id, happened_on=day or today(), outcome=outcome) if outcome else None
    return record_place(store, draft, ACTOR, today=today(), visit=visit, accept_duplicates=True, accept_personal=True)


def visit(store, place, *, days_ago=0, outcome="informovan", **more):
    draft = VisitDraft(
        id=new_id(), place_id=place.id, happened_on=today() - timedelta(days=days_ago), outcome=outcome, **more
    )
    return visit_again(store, draft, ACTOR, today=today(), accept_personal=True)


def change(store, place, code, day: date):
    return note_change(
        store, ChangeDraft(id=new_id(), place_id=place.id, change=code, happened_on=day), ACTOR, today=today()
    )
