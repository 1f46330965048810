"""The board as layers ask for it (`layers.contract.BoardReader`), and views by name.

A view is a set of parameters and a day. Its name says all of it, so that a map is drawn from the
same numbers as the list beside it whichever process answers, and after a restart too: nothing is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from actions.board import make_board, need_choices, own_table, parse_need, town_hall_contacts
from actions.board_model import Board, BoardRow, NeedChoice, Tab, WriteRow
from actions.board_store import kept_of, own_places, visits_of
from domain.coverage import (
    DEFAULT_FRINGE,
    DEFAULT_SETTINGS,
    EARLIEST_VISIT,
    ContactBand,
    CoverageSettings,
    CoverageState,
    FringeSettings,
    NeedKind,
    ShareBand,
)
from domain.errors import AppError, InvalidValueError
from domain.roles import Clearance, Permission, require_permission
from domain.text import Language, Text
from geo.coverage_attention import compute_attention
from geo.coverage_cells import cell_states
from geo.freshness import today_in_prague
from layers.contract import BoardChoices, Choice
from store import Store

SURE_FROM = 0.6
NAME_MAX_LENGTH = 1_000
_AS_OF = "as_of"
NEED_LABELS = {
    NeedKind.FOREIGNERS: Text(cs="cizinci 2019", en="foreigners 2019", uk="іноземці 2019"),
    NeedKind.TEMPORARY_PROTECTION: Text(
        cs="dočasná ochrana 2026", en="temporary protection 2026", uk="тимчасовий захист 2026"
    ),
    NeedKind.RESIDENTS: Text(cs="obyvatelé 2021", en="residents 2021", uk="мешканці 2021"),
    NeedKind.EQUAL: Text(cs="všude stejná", en="equal everywhere", uk="усюди однакова"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """Parameters of the board and the day asked about; today where None.

    Examples
    --------
    >>> BoardView(settings=CoverageSettings(half_life_months=6.0), as_of=date(2026, 3, 1)).name
    'half_life_months:6.0;as_of:2026-03-01'
    """

    settings: CoverageSettings = DEFAULT_SETTINGS
    fringe: FringeSettings = DEFAULT_FRINGE
    as_of: date | None = None

    @property
    def name(self) -> str:
        """Return what differs from the default view, as a text; "" where nothing does."""
        said = [
            f"{item.name}:{type(getattr(default, item.name))(getattr(chosen, item.name))!r}"
            for chosen, default in ((self.settings, DEFAULT_SETTINGS), (self.fringe, DEFAULT_FRINGE))
            for item in fields(default)
            if getattr(chosen, item.name) != getattr(default, item.name)
        ]
        if self.as_of is not None:
            said.append(f"{_AS_OF}:{self.as_of.isoformat()}")
        return ";".join(said)


def parse_view(name: str) -> BoardView:
    """Return the view of a name.

    Raises
    ------
    InvalidValueError
        `unknown_choice` for a text that names none, `invalid_coverage_setting` for parameters that
        make no sense.
    """
    try:
        view = _read_view(name) if name and len(name) <= NAME_MAX_LENGTH else BoardView()
    except InvalidValueError:
        raise
    except ValueError:
        raise InvalidValueError("unknown_choice", field="view", value=name[:80]) from None
    # One spelling for each view: caches hang on it.
    if view.name != name:
        raise InvalidValueError("unknown_choice", field="view", value=name[:80])
    return view


def _read_view(name: str) -> BoardView:
    """Return what a name says; `ValueError` for one that says something else."""
    said = dict(part.split(":") for part in name.split(";"))
    day = date.fromisoformat(said.pop(_AS_OF)) if _AS_OF in said else None
    if day is not None and day < EARLIEST_VISIT:
        raise ValueError(name)
    numbers: dict[str, dict[str, Any]] = {}
    for part, default in (("settings", DEFAULT_SETTINGS), ("fringe", DEFAULT_FRINGE)):
        own = {item.name: type(getattr(default, item.name)) for item in fields(default)}
        numbers[part] = {field: own[field](said.pop(field)) for field in own if field in said}
    if said:
        raise ValueError(name)
    return BoardView(
        settings=CoverageSettings(**numbers["settings"]), fringe=FringeSettings(**numbers["fringe"]), as_of=day
    )


def _is_view(name: str) -> bool:
    try:
        parse_view(name)
    except AppError:
        return False
    return True


def need_label(choice: NeedChoice, store: Store) -> Text:
    """Return what a need is called; an imported column by its title, column and day."""
    if choice.kind is not NeedKind.OWN:
        return NEED_LABELS[choice.kind]
    table = own_table(choice, store)
    day = table.info.reference_date
    texts = {}
    for language in Language:
        label = f"{table.info.title.to(language)}: {table.columns[choice.column].label.to(language)}"
        texts[language.value] = f"{label} ({day.isoformat()})" if day else label
    return Text(**texts)


class StoreBoardReader:
    """Answers the layers from the store; cheap to make for every request."""

    def __init__(self, store: Store, *, today: Callable[[], date] = today_in_prague) -> None:
        self._store = store
        self._today = today

    def choices(self) -> BoardChoices:
        """Return the needs that can be chosen, and which names are views."""
        needs = need_choices(self._store)
        return BoardChoices(
            # A comma would part the values of an option; column names of a table may hold one.
            needs=tuple(
                Choice(value=need.value, label=need_label(need, self._store)) for need in needs if "," not in need.value
            ),
            is_view=_is_view,
        )

    def city_parts(self, *, tab: str, need: str, view: str, clearance: Clearance) -> pd.DataFrame:
        """Return a row per city part by code: `class` and the columns of `layers/white_spots.py`.

        Raises
        ------
        NotPermittedError, InvalidValueError
            As `make_board`; `parse_view`'s for a text that names no view.
        """
        asked = parse_view(view)
        board = make_board(
            self._store,
            clearance,
            need=parse_need(need, self._store),
            settings=asked.settings,
            fringe=asked.fringe,
            as_of=asked.as_of,
            today=self._today(),
        )
        return _write_frame(board) if tab == Tab.WRITE else _go_frame(board)

    def cells(self, *, city_part: str, view: str, clearance: Clearance) -> gpd.GeoDataFrame:
        """Return the cells of a city part, from visits and places of the reader's organisation alone.

        Raises
        ------
        NotPermittedError, InvalidValueError
            `not_permitted`, `unknown_city_part`, `parse_view`'s for a text that names no view.
        """
        require_permission(clearance.role, Permission.SEE_PLACES)
        asked, kept, today = parse_view(view), kept_of(self._store), self._today()
        organisation = clearance.organisation_id or ""
        day, settings = asked.as_of or today, asked.settings
        question = ("own", organisation, day, today, settings.half_life_months, settings.cell_saturation)
        attention = kept.answer(
            question,
            lambda: compute_attention(
                visits_of(kept.visits, kept.organisations, organisation), day, today=today, settings=settings
            ),
        )
        places = kept.answer(
            ("places", clearance.organisation_id), lambda: own_places(self._store, clearance.organisation_id)
        )
        return cell_states(attention, places, city_part=city_part)

    def contacts(self, *, view: str, clearance: Clearance) -> pd.DataFrame:
        """Return `status`, `contact_on` and `stated_by` by code, for city parts of which anything was stated.

        Raises
        ------
        NotPermittedError, InvalidValueError
            `not_permitted`, `parse_view`'s for a text that names no view.
        """
        asked = parse_view(view)
        found = town_hall_contacts(self._store, clearance, day=asked.as_of or self._today(), settings=asked.fringe)
        rows = {
            code: {"status": one.status, "contact_on": one.last_on, "stated_by": one.stated_by.value}
            for code, one in found.items()
        }
        columns = ["status", "contact_on", "stated_by"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype(object)


def go_class(row: BoardRow) -> str:
    """Return the class of a row on the map; "known" with little certainty is one of its own."""
    if row.need.value is None:
        return "no_need"
    if row.state is CoverageState.KNOWN and row.certainty < SURE_FROM:
        return "known_unsure"
    return row.state.value


def write_class(row: WriteRow) -> str:
    """Return the class of a row of "komu napsat" on the map."""
    if row.band is not ShareBand.ABOVE:
        return row.band.value
    if row.write or row.ask:
        return "write" if row.write else "ask"
    return "approached" if row.contact is ContactBand.APPROACHED else "in_contact"


def _go_frame(board: Board) -> pd.DataFrame:
    rows = {
        code: {
            "class": go_class(row),
            "state": go_class(row),
            "certainty_pct": 100 * row.certainty if row.certainty else None,
            "visits": row.knowledge.visits,
            "last_month": row.knowledge.last_month or None,
        }
        for code, row in board.rows.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").astype(object)


def _write_frame(board: Board) -> pd.DataFrame:
    rows = {
        code: {"class": write_class(row), "verdict": write_class(row), "share_pct": row.share_pct}
        for code, row in board.write_rows.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").astype(object)
