"""Places and what happened there. Drafts come from people; records come from the store.

There are no persons in these types: no name, phone or status of an individual. Irregular stay,
stays up to 90 days, trafficking and exploitation have no field and no code here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from domain.geometry import LonLat

NAME_MAX_LENGTH = 120
NOTE_MAX_LENGTH = 2000
AREA_MAX_LENGTH = 200


class PositionPrecision(StrEnum):
    """How exactly a place is known: a point, or only its city part."""

    EXACT = "exact"
    CITY_PART = "city_part"


class PlaceState(StrEnum):
    """How far a place has been checked."""

    SUGGESTED = "suggested"
    VERIFIED = "verified"
    REJECTED = "rejected"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDraft:
    """What happened at a place, or in a city part where `place_id` is None.

    Codes are those of `data/places/vocabularies.csv` with scope `visit`; `languages` are ISO 639
    codes of `domain.vocabulary.LANGUAGES_HEARD`. `area` says in words which streets were searched,
    `cell` (H3 resolution 9) where about that was. A follow-up is a day and a kind of service
    (`typ_sluzby`), never a person.
    """

    id: str
    happened_on: date
    outcome: str
    place_id: str | None = None
    city_part: str | None = None
    form: str = "prima"
    contacts: str | None = None
    languages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    note: str = ""
    area: str = ""
    cell: str | None = None
    interpreter: str | None = None
    follow_up_on: date | None = None
    follow_up_service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDraft:
    """A change at a place (closing, eviction, mass recruiting...), vocabulary `zmena_na_miste`."""

    id: str
    place_id: str
    change: str
    happened_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraft:
    """A place as a person describes it, before it is located.

    Either `position` is given, or `city_part` alone (then the place counts for the city part and
    has no point). `id` is a UUIDv7 made when the form opens.
    """

    id: str
    kind: str
    name: str
    position: LonLat | None = None
    city_part: str | None = None
    note: str = ""
    languages: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    headcount: str | None = None
    access: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedPlace:
    """A draft together with what `geo.locate` said of its position.

    `border_city_part` is the city part on the other side where the place lies within the
    generalisation of a border (10 m); the place counts for `city_part` alone.
    """

    draft: PlaceDraft
    city_part: str
    admin_district: int
    cadastral_area: str | None
    border_city_part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: an account and its organisation. Never a person's name."""

    account_id: str
    organisation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """A stored visit."""

    id: str
    place_id: str | None
    city_part: str
    organisation_id: str
    happened_on: date
    outcome: str
    form: str
    contacts: str | None
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    barriers: tuple[str, ...]
    note: str
    created_at: datetime
    created_by: str
    revision: int
    area: str = ""
    cell: str | None = None
    interpreter: str | None = None
    follow_up_on: date | None = None
    follow_up_service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """A stored change event of a place."""

    id: str
    place_id: str
    organisation_id: str
    change: str
    happened_on: date
    note: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """A stored place with everything in it: exact position, names, notes.

    Only `store/` makes these and only `geo.disclosure` may read them; layers, api and pages take
    `geo.disclosure.DisclosedPlace`. Instants are UTC.
    """

    id: str
    organisation_id: str
    kind: str
    name: str
    note: str
    position: LonLat | None
    city_part: str
    admin_district: int
    cadastral_area: str | None
    border_city_part: str | None
    languages: tuple[str, ...]
    target_groups: tuple[str, ...]
    headcount: str | None
    access: str | None
    state: PlaceState
    created_at: datetime
    created_by: str
    updated_at: datetime
    revision: int
    visit_count: int = 0
    last_visit_on: date | None = None
    last_outcome: str | None = None
    last_change: str | None = None
    last_change_on: date | None = None

    @property
    def precision(self) -> PositionPrecision:
        """Return how exactly the place is known."""
        return PositionPrecision.EXACT if self.position else PositionPrecision.CITY_PART


class PlaceFacts(NamedTuple):
    """What the privacy gate counts of a stored place; a plain tuple, because it reads a million of them.

    As exact as a `PlaceRecord`, so the same holds: only `store/` makes these and only `geo.disclosure` reads them.
    """

    id: str
    revision: int
    organisation_id: str
    kind: str
    city_part: str
    lon: float | None
    lat: float | None
    state: str
    updated_at: datetime
    last_visit_on: date | None
    visit_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """How many places one organisation has in one H3 cell, per city part and kind.

    `lon_sum` and `lat_sum` are sums over the places, so that a mean position of any union of
    rows can be had.
    """

    cell: str
    resolution: int
    city_part: str
    organisation_id: str
    kind: str
    count: int
    lon_sum: float
    lat_sum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFilter:
    """Which places a reader wants; empty means all."""

    kinds: tuple[str, ...] = ()
    city_parts: tuple[str, ...] = ()
    organisation_ids: tuple[str, ...] = ()
    states: tuple[PlaceState, ...] = field(
        default=(PlaceState.SUGGESTED, PlaceState.VERIFIED),
    )
