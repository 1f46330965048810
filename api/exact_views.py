"""Who saw exact positions of another organisation's places: a row in the audit log before they are sent."""

from threading import Lock

import geopandas as gpd

from api import process
from api.tokens import Bearer
from domain.place import Actor
from geo.freshness import today_in_prague
from store import SHOW_AS_ACCOUNT_ID, Event

_MOST_REMEMBERED = 10_000
_noted: dict[tuple[str, ...], None] = {}
_lock = Lock()


def owners_seen_exactly(frame: gpd.GeoDataFrame) -> frozenset[str]:
    """Return the organisations whose whole records are in a layer's frame and are not the reader's own."""
    if not {"id", "own"} <= set(frame.columns):
        return frozenset()
    others = frame.loc[frame["id"].notna() & ~frame["own"].fillna(value=False).astype(bool), "id"]
    return process.store().events.owners_of([str(identifier) for identifier in others])


def actor_of(bearer: Bearer) -> Actor:
    """Return the actor that a request's audit rows name."""
    if not process.configuration().is_shared:
        return process.local_actor()
    account = process.store().accounts.get(bearer.account_id)
    return Actor(account_id=account.id, organisation_id=account.organisation_id)


def writer_of(bearer: Bearer) -> Actor:
    """Return the actor of a write; in "Show as" one that every write refuses."""
    actor = actor_of(bearer)
    return Actor(account_id=SHOW_AS_ACCOUNT_ID, organisation_id=actor.organisation_id) if bearer.show_as else actor


def note_exact_views(actor: Actor, owners: frozenset[str], *, what: str) -> None:
    """Note once a day per account, owner and layer; a map that moves asks a hundred times."""
    store = process.store()
    day = today_in_prague().isoformat()
    for owner in sorted(owners):
        key = (str(store.data_dir), actor.account_id, owner, what, day)
        with _lock:
            if key in _noted:
                continue
        store.events.note(Event.EXACT_VIEW, "organisation", [owner], detail=what, actor=actor)
        with _lock:
            _noted[key] = None
            while len(_noted) > _MOST_REMEMBERED:
                del _noted[next(iter(_noted))]
