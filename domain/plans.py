"""Plans of outings: what a team means to do where, who has taken it, what came of it.

A plan belongs to one organisation. There are no persons in it: a team is a number, and other
organisations learn only that somebody is going to a city part on a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from domain.errors import AppError
from domain.text import Text

MAX_OUTINGS = 57
MAX_VISITS = 100
MAX_TEAM = 20
MAX_DAYS_AHEAD = 366
TITLE_MAX_LENGTH = 120
CRITERIA = "kriterium_vyberu_mista"
"""The vocabulary of the reasons for which a place of an outing is chosen."""


class PlanItemState(StrEnum):
    """Where an item of a plan stands; a given-back one can be taken again."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DONE = "done"
    NOBODY_THERE = "nobody_there"
    GIVEN_BACK = "given_back"


CLAIMABLE = frozenset({PlanItemState.PLANNED, PlanItemState.GIVEN_BACK})
FINISHED = frozenset({PlanItemState.DONE, PlanItemState.NOBODY_THERE})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItemDraft:
    """One outing of a plan before it is stored.

    `id` is a UUIDv7. `cell` is an H3 cell of resolution 9 inside the city part, None where the
    outing is for the city part as a whole. `gain` is the expected gain when it was chosen, in units
    of need; `p_low_before` and `p_low_after` are P(theta < low ratio) of the city part then.
    `reasons` are codes of `kriterium_vyberu_mista`.
    """

    id: str
    city_part: str
    visits: int
    gain: float
    p_low_before: float
    p_low_after: float
    cell: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan before it is stored; `need` says by which need it was chosen, items in the order of choice."""

    id: str
    title: str
    need: str
    items: tuple[PlanItemDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """A stored item. `team` and `day` are there once it is claimed, `visit_id` once somebody was there."""

    id: str
    plan_id: str
    rank: int
    city_part: str
    cell: str | None
    visits: int
    gain: float
    p_low_before: float
    p_low_after: float
    reasons: tuple[str, ...]
    state: PlanItemState
    team: int | None
    day: date | None
    claimed_by: str | None
    visit_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A stored plan with its items in the order of choice. `created_at` is UTC."""

    id: str
    organisation_id: str
    title: str
    need: str
    created_at: datetime
    created_by: str
    withdrawn: bool
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Somebody goes to a city part on a day: all that other teams may know of it."""

    city_part: str
    day: date
    own: bool


class ItemStateError(AppError):
    """An item is not in the state that this needs; `current` holds it as it stands now."""

    def __init__(self, code: str, current: PlanItem) -> None:
        self.current = current
        super().__init__(code, state=current.state.value)


PLAN_STATE_LABELS: Mapping[PlanItemState, Text] = MappingProxyType(
    {
        PlanItemState.PLANNED: Text(cs="naplánováno", en="planned", uk="заплановано"),
        PlanItemState.CLAIMED: Text(cs="někdo jde", en="somebody is going", uk="хтось іде"),
        PlanItemState.DONE: Text(cs="hotovo", en="done", uk="зроблено"),
        PlanItemState.NOBODY_THERE: Text(cs="nikdo tam nebyl", en="nobody was there", uk="нікого не було"),
        PlanItemState.GIVEN_BACK: Text(cs="vráceno, volné", en="given back, free", uk="повернено, вільно"),
    }
)
