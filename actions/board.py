"""The board: for each city part need, knowledge and answer side by side, a state and how sure it is.

`make_board` reads the store once per data version; what depends on parameters alone is arithmetic
on arrays that are in memory.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

import pandas as pd

from actions.board_model import (
    AnswerLens,
    Board,
    BoardRow,
    KnowledgeLens,
    Level,
    NeedChoice,
    NeedLens,
    Sentence,
    Tab,
    WriteRow,
)
from actions.board_rows import joint_sentence, make_rows, make_write_rows, next_to_go, small_one
from actions.board_store import Kept, kept_of, own_places
from actions.coverage_changes import CoverageStep, coverage_steps
from actions.import_table import figure_tables_from_store
from domain.coverage import DEFAULT_FRINGE, DEFAULT_SETTINGS, Contact, CoverageSettings, FringeSettings, NeedKind
from domain.errors import InvalidValueError
from domain.roles import Clearance, Permission, require_permission
from geo.contacts import contacts_on
from geo.coverage import coverage_of
from geo.coverage_attention import Attention, compute_attention
from geo.coverage_knowledge import knowledge_of
from geo.coverage_need import Need, clean_need, load_need
from geo.coverage_plan import outing_gains
from geo.figure_table import FigureTable
from geo.figure_table import Level as TableLevel
from geo.figures import load_figure_tables
from geo.fringe import Fringe, fringe_units
from geo.places_data import load_cooperation, load_services
from geo.reach import Question, reach_of_city_parts
from store import Store

__all__ = [
    "AnswerLens", "Board", "BoardRow", "KnowledgeLens", "Level", "NeedChoice", "NeedLens", "Sentence", "Tab",
    "WriteRow", "board_steps", "make_board", "need_choices", "parse_need", "town_hall_contacts",
]  # fmt: skip

BUNDLED_NEEDS = (NeedKind.FOREIGNERS, NeedKind.TEMPORARY_PROTECTION, NeedKind.RESIDENTS, NeedKind.EQUAL)
DEFAULT_NEED = NeedChoice(kind=NeedKind.FOREIGNERS)
FRINGE_DATASET = "foreigners_2019"
ADVICE = ("counselling_social", "counselling_legal")
VISITS_OF_AN_OUTING = 2


def make_board(
    store: Store,
    clearance: Clearance,
    *,
    need: NeedChoice = DEFAULT_NEED,
    settings: CoverageSettings = DEFAULT_SETTINGS,
    fringe: FringeSettings = DEFAULT_FRINGE,
    as_of: date | None = None,
    today: date,
) -> Board:
    """Return the board for a need, parameters and a day.

    Visits of all organisations count (acts of staff, not persons); places are those of the reader's
    own organisation.

    Parameters
    ----------
    store
        The store.
    clearance
        Who reads.
    need
        What attention is expected in proportion to.
    settings, fringe
        Parameters of the model and of the rule for "komu napsat".
    as_of
        The day asked about; `today` where None.
    today
        The day it is in Prague.

    Raises
    ------
    NotPermittedError
        `not_permitted` if the role sees no places.
    InvalidValueError
        `as_of_in_future`; `unknown_choice` for an imported table that is not there.
    """
    require_permission(clearance.role, Permission.SEE_PLACES)
    day = as_of or today
    if day > today:
        raise InvalidValueError("as_of_in_future", value=day.isoformat(), limit=today.isoformat())
    kept = kept_of(store)
    question = ("board", clearance.organisation_id, need, settings, fringe, day, today)
    return kept.answer(question, lambda: _make(store, kept, clearance, need, settings, fringe, day, today))


def board_steps(store: Store, board: Board, weeks: int) -> tuple[CoverageStep, ...]:
    """Return what the board would have said week by week up to its day; worked out once for a state of the store.

    Raises
    ------
    InvalidValueError
        `history_weeks_range`.
    """
    settings = board.coverage.settings
    question = ("steps", board.choice, settings, board.as_of, weeks)
    return kept_of(store).answer(
        question,
        lambda: coverage_steps(board.visits, board.need, today=board.as_of, weeks=weeks, settings=settings),
    )


def need_choices(store: Store) -> tuple[NeedChoice, ...]:
    """Return the needs that can be chosen: the bundled ones, then the columns of imported tables."""
    choices = [NeedChoice(kind=kind) for kind in BUNDLED_NEEDS]
    for key, table in figure_tables_from_store(store).items():
        if table.level is TableLevel.CITY_PART:
            choices += [NeedChoice(kind=NeedKind.OWN, dataset=key, column=column) for column in table.columns]
    return tuple(choices)


def parse_need(value: str, store: Store) -> NeedChoice:
    """Return the choice whose `value` this is.

    Raises
    ------
    InvalidValueError
        `unknown_choice`.
    """
    for choice in need_choices(store):
        if choice.value == value:
            return choice
    raise InvalidValueError("unknown_choice", field="need", value=value[:80])


def own_table(choice: NeedChoice, store: Store) -> FigureTable:
    """Return the imported table of a choice.

    Raises
    ------
    InvalidValueError
        `unknown_choice` if it is not there any more.
    """
    table = figure_tables_from_store(store).get(choice.dataset)
    if table is None or choice.column not in table.columns:
        raise InvalidValueError("unknown_choice", field="need", value=choice.value[:80])
    return table


def kept_attention(kept: Kept, day: date, today: date, settings: CoverageSettings) -> Attention:
    """Return the attention of a day; of the parameters only half-life and saturation matter to it."""
    question = ("attention", day, today, settings.half_life_months, settings.cell_saturation)
    return kept.answer(question, lambda: compute_attention(kept.visits, day, today=today, settings=settings))


def town_hall_contacts(
    store: Store, clearance: Clearance, *, day: date, settings: FringeSettings = DEFAULT_FRINGE
) -> dict[str, Contact]:
    """Return the contact with each town hall of which anything was stated by a day, as the board's "answer" has it.

    Raises
    ------
    NotPermittedError
        `not_permitted` if the role sees no places.
    """
    require_permission(clearance.role, Permission.SEE_PLACES)
    return _contacts(kept_of(store), store, clearance, day, settings)


def _contacts(
    kept: Kept, store: Store, clearance: Clearance, day: date, settings: FringeSettings
) -> dict[str, Contact]:
    """Return what people stated of contact by a day, and what was published without one."""
    notes = kept.answer(("contacts",), store.town_hall_contacts.all)
    published = {str(code): str(status) for code, status in load_cooperation()["status"].items()}
    return contacts_on(notes, published, day, organisation_id=clearance.organisation_id, settings=settings)


def _make(
    store: Store,
    kept: Kept,
    clearance: Clearance,
    choice: NeedChoice,
    settings: CoverageSettings,
    fringe_settings: FringeSettings,
    day: date,
    today: date,
) -> Board:
    attention = kept_attention(kept, day, today, settings)
    wanted = _need(choice, store)
    coverage = coverage_of(attention, wanted, settings=settings)
    places = kept.answer(("places", clearance.organisation_id), lambda: own_places(store, clearance.organisation_id))
    fringe = _fringe(kept, store, clearance, day, fringe_settings)
    rows = make_rows(
        coverage=coverage,
        knowledge=knowledge_of(attention, places, store.declared_coverage.all()),
        services=_services(),
        reach=_reach(),
        fringe=fringe,
        cold_start=coverage.cold_start,
    )
    gains = outing_gains(attention, coverage, VISITS_OF_AN_OUTING)
    chosen = next_to_go(rows, gains=gains, cold_start=coverage.cold_start)
    return Board(
        rows=rows,
        write_rows=make_write_rows(fringe),
        next_three=chosen,
        small=small_one(rows, coverage.joint, chosen),
        choice=choice,
        visits=kept.visits,
        organisations=kept.organisations,
        places=places,
        attention=attention,
        coverage=coverage,
        need=wanted,
        fringe=fringe,
        joint=coverage.joint,
        joint_sentence=joint_sentence(coverage.joint),
        left_out=coverage.left_out,
        cold_start=coverage.cold_start,
        as_of=day,
        today=today,
        data_version=kept.data_version,
    )


def _need(choice: NeedChoice, store: Store) -> Need:
    if choice.kind is not NeedKind.OWN:
        return load_need(choice.kind)
    table = own_table(choice, store)
    return clean_need(table.column(choice.column), info=table.info)


@cache
def _services() -> Mapping[str, int]:
    """Return how many services that are at work each city part has."""
    counts = load_services()["city_part"].dropna().value_counts()
    return {str(code): int(count) for code, count in counts.items()}


@cache
def _reach() -> pd.DataFrame:
    """Return the nearest social or legal advice, as the crow flies."""
    return reach_of_city_parts(Question(service_types=ADVICE)).frame


def _fringe(kept: Kept, store: Store, clearance: Clearance, day: date, settings: FringeSettings) -> Fringe:
    """Return the fringe rule over the contacts of a day."""
    contacts = _contacts(kept, store, clearance, day, settings)
    return fringe_units(load_figure_tables()[FRINGE_DATASET], contacts, day, settings=settings)
