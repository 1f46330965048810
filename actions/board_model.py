"""What the board is made of: a row for each city part under three lenses, and all of it together.

Three lenses, never one index: nothing here adds them up. `actions.board.make_board` makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from domain.coverage import ContactBand, CoverageState, LeftOut, NeedKind, ShareBand, StatedBy, ZeroEvidence
from domain.dataset import DatasetInfo
from geo.coverage import Coverage, JointGroup
from geo.coverage_attention import Attention
from geo.coverage_need import Need
from geo.coverage_visits import VisitColumns
from geo.fringe import Fringe


class Tab(StrEnum):
    """The two questions of the board; they are never answered by one table."""

    GO = "go"
    WRITE = "write"


class Level(StrEnum):
    """How much of a lens there is, as one of three marks; each lens says what its marks mean."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedChoice:
    """Which need: one of the bundled ones, or a column of an imported table (`dataset`, `column`).

    Examples
    --------
    >>> NeedChoice(kind=NeedKind.FOREIGNERS).value
    'foreigners'
    """

    kind: NeedKind
    dataset: str = ""
    column: str = ""

    @property
    def value(self) -> str:
        """Return the choice as the value of an option: `foreigners` or `own:<dataset>:<column>`."""
        return self.kind.value if self.kind is not NeedKind.OWN else f"own:{self.dataset}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the catalogue `board.ftl`: its key and what is filled in."""

    key: str
    params: Mapping[str, str | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLens:
    """Need of a city part: the figure of the chosen dataset; None where it has no usable one."""

    value: float | None
    level: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeLens:
    """What is known: three kinds of knowledge side by side, and attention against what was expected.

    `last_month` is "" without a visit; `age_months` is -1 then. `declared` are ids of organisations.
    """

    visits: int
    cell_months: int
    visited_cells: int
    cells: int
    organisations: int
    places: int
    last_month: str
    age_months: int
    declared: tuple[str, ...]
    observed: float
    expected: float
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLens:
    """What answers the need: services in the city part, contact with its town hall.

    `contact_status` is a code of `stav_spoluprace`; "neuvedeno" is never read as none. `contact_on`
    is the day on which it stood so, None where it is not dated.
    """

    services: int
    contact: ContactBand
    contact_status: str
    contact_on: date | None
    stated_by: StatedBy
    nearest_km: float | None
    nearest_name: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A city part on the tab "kam jít".

    `certainty` is the probability of what `state` says (0 where nothing is said); `p_low` is
    P(theta < low ratio); `mean`, `low`, `high` describe theta; `people_in_gap` is need times the
    missing part of the mean, in units of need. All are 0 where the city part has no usable need.
    """

    code: str
    name: str
    admin_district: int
    need: NeedLens
    knowledge: KnowledgeLens
    answer: AnswerLens
    state: CoverageState
    certainty: float
    p_low: float
    mean: float
    low: float
    high: float
    people_in_gap: float
    zero_evidence: ZeroEvidence
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRow:
    """A city part on the tab "komu napsat": share over Czech citizens, and contact."""

    code: str
    name: str
    admin_district: int
    share_pct: float | None
    band: ShareBand
    contact: ContactBand
    contact_status: str
    contact_on: date | None
    write: bool
    ask: bool
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """Everything that the page Bílá místa shows, for one need, one set of parameters and one day.

    Attributes
    ----------
    rows
        All 57 city parts by code, in the order of `actions.board_rows.in_order`.
    write_rows
        All 57 by share over citizens, the highest first.
    next_three
        Codes of the three to go to next; empty where no need is usable.
    small
        Code of the city part to begin with among those that cannot be judged alone; None without one.
    visits, attention, coverage, need, fringe
        What the rows were made from; `geo.coverage_plan` takes attention and coverage.
    joint, joint_sentence
        The city parts that cannot be judged alone, judged together; None without any.
    organisations
        Ids of organisations in the order in which `visits` numbers them.
    places
        `city_part`, `cell`, `count` of the places of the reader's own organisation.
    left_out
        What was not counted, and why.
    cold_start
        True while nothing can be said of any city part.
    """

    rows: Mapping[str, BoardRow]
    write_rows: Mapping[str, WriteRow]
    next_three: tuple[str, ...]
    small: str | None
    choice: NeedChoice
    visits: VisitColumns
    organisations: tuple[str, ...]
    places: pd.DataFrame
    attention: Attention
    coverage: Coverage
    need: Need
    fringe: Fringe
    joint: JointGroup | None
    joint_sentence: Sentence | None
    left_out: tuple[LeftOut, ...]
    cold_start: bool
    as_of: date
    today: date
    data_version: int

    @property
    def need_info(self) -> DatasetInfo | None:
        """Return the dataset of the need; None for equal need."""
        return self.need.info
