"""Who may see a place how exactly: the table of tiers, shares, and what time does to them.

Behind `geo.disclosure`, which is what others import.
"""

import calendar
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np

from domain.errors import InvalidValueError
from domain.place import PlaceRecord
from domain.roles import Clearance, Role, Share, Tier
from domain.vocabulary import OPEN_KINDS
from geo.cell_pieces import IntArray
from geo.disclosure_columns import PlaceColumns

_STAFF = frozenset({Role.FIELD_WORKER, Role.COORDINATOR, Role.ADMIN})
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureSettings:
    """Parameters of the gate; the defaults are those of the method.

    A cell needs `min_places` of `min_organisations`; counts below `least_count` are not shown;
    places unconfirmed for `unconfirmed_months` fall to T2 (None: never).
    """

    min_places: int = 3
    min_organisations: int = 2
    least_count: int = 5
    unconfirmed_months: int | None = 24


DEFAULT_SETTINGS = DisclosureSettings()


def default_tier(kind: str, clearance: Clearance, organisation_id: str) -> Tier:
    """Return the tier of a place of `organisation_id` before shares and time have their say.

    Parameters
    ----------
    kind
        Code of `typ_lokality`; one that is not known counts as closed.
    clearance
        Who reads.
    organisation_id
        Who owns the place.

    Examples
    --------
    >>> worker = Clearance(role=Role.FIELD_WORKER, organisation_id="a", partner_of=frozenset({"b"}))
    >>> [default_tier("ubytovna", worker, owner).name for owner in ("a", "b", "c")]
    ['EXACT', 'CELL_10', 'CELL_9']
    >>> default_tier("trznice", Clearance(role=Role.PARTICIPANT), "a").name
    'CELL_9'
    """
    if is_own(organisation_id, clearance):
        return Tier.EXACT
    if clearance.role in _STAFF:
        tier = Tier.CELL_10 if organisation_id in clearance.partner_of else Tier.CELL_9
    else:
        tier = Tier.CITY_PART if clearance.role is Role.PARTICIPANT else Tier.HIDDEN
    if kind in OPEN_KINDS:
        tier = Tier(max(tier - 1, Tier.EXACT))
    return _town_hall_floor(tier, clearance)


def is_own(organisation_id: str, clearance: Clearance) -> bool:
    """Return whether a place belongs to the reader's organisation and the role works with it."""
    return clearance.role in _STAFF and clearance.organisation_id == organisation_id


def valid_shares(clearance: Clearance, now: datetime) -> tuple[Share, ...]:
    """Return the shares that hold now: not run out, with a purpose, for a role of the field.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone`.
    """
    if now.tzinfo is None:
        raise InvalidValueError("instant_without_zone", value=now.isoformat())
    if clearance.role not in _STAFF:
        return ()
    return tuple(share for share in clearance.shares if share.purpose.strip() and _as_utc(share.until) > now)


def tier_of(
    record: PlaceRecord, clearance: Clearance, *, now: datetime, settings: DisclosureSettings = DEFAULT_SETTINGS
) -> Tier:
    """Return how exactly a reader may see the position of a place now.

    The owner's valid share makes it more exact, never above T2 for a town hall; a place that
    nobody visited or updated for 24 months falls to T2 for everybody, its owner included.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone` if `now` has no zone.
    """
    tier = _shared_tier(record.kind, clearance, record.organisation_id, valid_shares(clearance, now))
    confirmed = max(record.updated_at.date(), record.last_visit_on or date.min)
    limit = confirmation_limit(now, settings)
    return tier if limit is None or confirmed > limit else max(tier, Tier.CELL_9)


def tiers_of_columns(
    columns: PlaceColumns, clearance: Clearance, *, now: datetime, settings: DisclosureSettings
) -> IntArray:
    """Return `tier_of` of many places at once.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone` if `now` has no zone.
    """
    shares = valid_shares(clearance, now)
    tiers = np.array(
        [[_shared_tier(kind, clearance, owner, shares) for kind in columns.kinds] for owner in columns.organisations],
        dtype=np.int64,
    ).reshape(len(columns.organisations), len(columns.kinds))
    found = tiers[columns.organisation, columns.kind]
    limit = confirmation_limit(now, settings)
    if limit is not None:
        found = np.where(columns.confirmed > limit.toordinal(), found, np.maximum(found, Tier.CELL_9))
    return found


def confirmation_limit(now: datetime, settings: DisclosureSettings) -> date | None:
    """Return the last day on which a confirmation is too old, None where the setting is off.

    Examples
    --------
    >>> confirmation_limit(datetime(2026, 3, 31, tzinfo=UTC), DisclosureSettings(unconfirmed_months=1))
    datetime.date(2026, 2, 28)
    """
    if settings.unconfirmed_months is None:
        return None
    return months_before(_as_utc(now).date(), settings.unconfirmed_months)


@lru_cache(maxsize=1024)
def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last day of that month if it has no such day.

    Examples
    --------
    >>> months_before(date(2026, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cache_key(store_version: str | int, clearance: Clearance, *, now: datetime | None = None) -> str:
    """Return the key under which an answer for this clearance may be kept.

    Parameters
    ----------
    store_version
        Database and data version.
    clearance
        All of it counts: role, organisation, town hall, partners, shares.
    now
        Instant of the question, for answers that are kept while time goes on: shares that have
        run out no longer count, and the day does, because places grow old.

    Examples
    --------
    >>> viewer = Clearance(role=Role.VIEWER)
    >>> cache_key(1, viewer) == cache_key(1, viewer), cache_key(1, viewer) == cache_key(2, viewer)
    (True, False)
    """
    shares = sorted(
        [share.owner_organisation_id, int(share.tier), share.purpose, _as_utc(share.until).isoformat()]
        for share in (clearance.shares if now is None else valid_shares(clearance, now))
    )
    whole = [
        str(store_version),
        clearance.role.value,
        clearance.organisation_id,
        clearance.is_town_hall,
        sorted(clearance.partner_of),
        shares,
        _as_utc(now).date().isoformat() if now else None,
    ]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


def _shared_tier(kind: str, clearance: Clearance, organisation_id: str, shares: tuple[Share, ...]) -> Tier:
    tier = default_tier(kind, clearance, organisation_id)
    if is_own(organisation_id, clearance):
        return tier
    shared = [share.tier for share in shares if share.owner_organisation_id == organisation_id]
    return _town_hall_floor(min([tier, *shared]), clearance)


def _town_hall_floor(tier: Tier, clearance: Clearance) -> Tier:
    return max(tier, Tier.CELL_9) if clearance.is_town_hall else tier


def _as_utc(instant: datetime) -> datetime:
    """Return an instant in UTC; the store's and the tokens' instants are UTC where they say nothing."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
