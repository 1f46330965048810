"""The board as layers ask for it (`layers.contract.BoardReader`), and the views that pages keep.

A view is a set of parameters and a day. A page keeps it here and names it by its digest, so that
its map is drawn from the same numbers as its list. The digest is the same in every process.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date
from threading import Lock

import geopandas as gpd
import pandas as pd

from actions.board import make_board, need_choices, own_table, parse_need, town_hall_contacts
from actions.board_model import Board, BoardRow, NeedChoice, Tab, WriteRow
from actions.board_store import kept_of, own_places, visits_of
from domain.coverage import (
    DEFAULT_FRINGE,
    DEFAULT_SETTINGS,
    ContactBand,
    CoverageSettings,
    CoverageState,
    FringeSettings,
    NeedKind,
    ShareBand,
)
from domain.errors import InvalidValueError
from domain.roles import Clearance, Permission, require_permission
from domain.text import Language, Text
from geo.coverage_attention import compute_attention
from geo.coverage_cells import cell_states
from geo.freshness import today_in_prague
from layers.contract import BoardChoices, Choice
from store import Store

SURE_FROM = 0.6
KEPT_VIEWS = 200
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
    """Parameters of the board and the day asked about; today where None."""

    settings: CoverageSettings = DEFAULT_SETTINGS
    fringe: FringeSettings = DEFAULT_FRINGE
    as_of: date | None = None

    @property
    def digest(self) -> str:
        """Return the view's name; "" for the default one."""
        if self == BoardView():
            return ""
        text = repr((astuple(self.settings), astuple(self.fringe), self.as_of))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


_views: OrderedDict[str, BoardView] = OrderedDict()
_lock = Lock()


def keep_view(view: BoardView) -> str:
    """Keep a view for the layers, the latest few hundred of them; return its name."""
    name = view.digest
    with _lock:
        if name:
            _views[name] = view
            _views.move_to_end(name)
            while len(_views) > KEPT_VIEWS:
                _views.popitem(last=False)
    return name


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
        """Return the needs that can be chosen and the views that are kept."""
        needs = need_choices(self._store)
        with _lock:
            views = ("", *_views)
        return BoardChoices(
            # A comma would part the values of an option; column names of a table may hold one.
            needs=tuple(
                Choice(value=need.value, label=need_label(need, self._store)) for need in needs if "," not in need.value
            ),
            views=views,
        )

    def city_parts(self, *, tab: str, need: str, view: str, clearance: Clearance) -> pd.DataFrame:
        """Return a row per city part by code: `class` and the columns of `layers/white_spots.py`.

        Raises
        ------
        NotPermittedError, InvalidValueError
            As `make_board`; `unknown_choice` for a view that is not kept.
        """
        kept = _view(view)
        board = make_board(
            self._store,
            clearance,
            need=parse_need(need, self._store),
            settings=kept.settings,
            fringe=kept.fringe,
            as_of=kept.as_of,
            today=self._today(),
        )
        return _write_frame(board) if tab == Tab.WRITE else _go_frame(board)

    def cells(self, *, city_part: str, view: str, clearance: Clearance) -> gpd.GeoDataFrame:
        """Return the cells of a city part, from visits and places of the reader's organisation alone.

        Raises
        ------
        NotPermittedError, InvalidValueError
            `not_permitted`, `unknown_city_part`, `unknown_choice` for a view that is not kept.
        """
        require_permission(clearance.role, Permission.SEE_PLACES)
        view_kept, kept, today = _view(view), kept_of(self._store), self._today()
        organisation = clearance.organisation_id or ""
        day, settings = view_kept.as_of or today, view_kept.settings
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
            `not_permitted`, `unknown_choice` for a view that is not kept.
        """
        kept = _view(view)
        found = town_hall_contacts(self._store, clearance, day=kept.as_of or self._today(), settings=kept.fringe)
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


def _view(name: str) -> BoardView:
    if not name:
        return BoardView()
    with _lock:
        if name not in _views:
            raise InvalidValueError("unknown_choice", field="view", value=name[:80])
        return _views[name]
