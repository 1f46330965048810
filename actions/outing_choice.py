"""Which outings to make next, and the reasons known for each: greedy by expected gain.

No data says how many foreigners live in a cell. Cells of one city part are told apart by room for
attention first, then by what is known there and by nearness to it: a way to begin, not a finding.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from uuid_utils import uuid7

from actions.plans import check_request
from domain.geometry import LonLat
from domain.place import PlaceFilter
from domain.plans import MAX_OUTINGS, PlanItemDraft
from domain.roles import Clearance, Permission, is_permitted
from geo.boundaries import representative_point
from geo.cell_pieces import FloatArray, IntArray, city_part_codes, piece_table
from geo.cells import cell_name, cells_of
from geo.coverage import Coverage
from geo.coverage_attention import Attention
from geo.coverage_plan import PlannedOuting, plan_outings
from geo.coverage_visits import RESOLUTION
from geo.crs import lonlat_to_metric
from geo.locate import OutsidePrague, locate
from geo.places_data import load_metro_stations, load_public_localities
from store import Store

LOCALITY, COMMUNITY, COMPANIES, NODES = "lokalita", "komunita", "podniky", "dopravni_uzly"
CRITERION_OF_KIND: Mapping[str, str] = {
    "ubytovna": LOCALITY, "sidliste": LOCALITY, "ulice": LOCALITY, "azylove_zarizeni": LOCALITY,
    "komunita": COMMUNITY,
    "pracoviste": COMPANIES, "obchod": COMPANIES, "trznice": COMPANIES,
    "dopravni_uzel": NODES,
}  # fmt: skip
"""Which reason a kind of place (`typ_lokality`) is; schools, offices and "other" are none by themselves."""

_CRITERION_OF_PUBLIC = {
    "residential": LOCALITY, "accommodation": LOCALITY, "facility": LOCALITY, "emergency": LOCALITY,
    "market": COMPANIES, "node": NODES,
}  # fmt: skip
_NAMES_AT_MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that speaks for going somewhere.

    `criterion` is a code of `kriterium_vyberu_mista`. `names` are names of public places (metro
    stations, publicly discussed localities); places that the own organisation recorded are counted
    in `own_places` and not named. `cell` is None where only the city part is known.
    """

    criterion: str
    city_part: str
    cell: str | None
    names: tuple[str, ...] = ()
    own_places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An outing that is proposed, how it was chosen, and the facts from which its reasons come."""

    item: PlanItemDraft
    outing: PlannedOuting
    facts: tuple[Fact, ...]


def choice_facts(store: Store, clearance: Clearance) -> tuple[Fact, ...]:
    """Return what is known that speaks for going somewhere: public places and places of the own organisation."""
    return (*_public_facts(), *_own_facts(store, clearance))


def suggest_outings(
    attention: Attention,
    coverage: Coverage,
    facts: Iterable[Fact],
    *,
    outings: int,
    visits: int,
    among: Collection[str] | None = None,
    by_cell: bool = False,
) -> tuple[Suggestion, ...]:
    """Choose outings one after the other, each where an outing gains most then.

    Where none gains anything at once, as `geo.coverage_plan` says.

    Parameters
    ----------
    outings, visits
        How many outings, and how many visits a team makes in one. With `by_cell`, an outing is one
        visit to one cell and `outings` x `visits` cells (at most 57) are chosen.
    among
        City parts to choose from; all where None.

    Returns
    -------
    tuple
        In the order of choice; fewer than asked for where nothing gains any more.

    Raises
    ------
    ProblemsError
        As `actions.plans.check_request`.
    """
    check_request(outings=outings, visits=visits, among=among)
    known = tuple(facts)
    if by_cell:
        count = min(outings * visits, MAX_OUTINGS)
        chosen = plan_outings(attention, coverage, outings=count, visits=1, among=among, repeat=True)
        return _in_cells(attention, coverage, chosen, known)
    chosen = plan_outings(attention, coverage, outings=outings, visits=visits, among=among)
    return tuple(
        _suggestion(outing, None, tuple(fact for fact in known if fact.city_part == outing.city_part))
        for outing in chosen
    )


def _suggestion(outing: PlannedOuting, cell: str | None, facts: tuple[Fact, ...]) -> Suggestion:
    present = {fact.criterion for fact in facts}
    item = PlanItemDraft(
        id=str(uuid7()),
        city_part=outing.city_part,
        cell=cell,
        visits=outing.visits,
        gain=outing.gain,
        p_low_before=outing.p_low_before,
        p_low_after=outing.p_low_after,
        reasons=tuple(code for code in (LOCALITY, COMMUNITY, COMPANIES, NODES) if code in present),
    )
    return Suggestion(item=item, outing=outing, facts=facts)


def _in_cells(
    attention: Attention, coverage: Coverage, chosen: tuple[PlannedOuting, ...], facts: tuple[Fact, ...]
) -> tuple[Suggestion, ...]:
    """Give each visit a cell of its city part, the best first."""
    queues = {
        code: iter(_cells_in_order(attention, coverage, code, facts))
        for code in dict.fromkeys(outing.city_part for outing in chosen)
    }
    found = []
    for outing in chosen:
        cell = next(queues[outing.city_part])
        here = tuple(fact for fact in facts if (fact.city_part, fact.cell) == (outing.city_part, cell))
        found.append(_suggestion(outing, cell, here))
    return tuple(found)


def _cells_in_order(attention: Attention, coverage: Coverage, code: str, facts: tuple[Fact, ...]) -> list[str]:
    """Return the cells of a city part: most room first, then most reasons, then nearest to what is known."""
    table = piece_table(RESOLUTION)
    rows: IntArray = np.flatnonzero(table.city_parts == table.codes.index(code))
    room = np.full(len(table.cells), coverage.settings.cell_saturation)
    seen = attention.cells[attention.cells["piece"] < len(table.cells)]
    piece = seen["piece"].to_numpy()
    # The same rule as `geo.coverage_attention.free_months`, here with the cells' names.
    room[piece] = np.maximum(coverage.settings.cell_saturation - seen["raw"].to_numpy(), 0)
    room[piece[seen["this_month"].to_numpy(dtype=bool)]] = 0
    names = [cell_name(cell) for cell in table.cells[rows].tolist()]
    here = [fact for fact in facts if fact.city_part == code and fact.cell is not None]
    x, y = lonlat_to_metric(table.lon[rows], table.lat[rows])
    with_facts = {fact.cell for fact in here}
    anchors = [row for row, name in enumerate(names) if name in with_facts]
    if anchors:
        anchor_x, anchor_y = x[anchors], y[anchors]
    else:
        middle = representative_point(code)
        anchor_x, anchor_y = lonlat_to_metric(np.array([middle.lon]), np.array([middle.lat]))
    distance = np.hypot(x[:, None] - anchor_x[None, :], y[:, None] - anchor_y[None, :]).min(axis=1)
    order = sorted(
        range(len(rows)),
        key=lambda row: (
            -min(float(room[rows[row]]), 1.0),
            -len({fact.criterion for fact in here if fact.cell == names[row]}),
            round(float(distance[row])),
            names[row],
        ),
    )
    return [names[row] for row in order]


@cache
def _public_facts() -> tuple[Fact, ...]:
    """Return public places by city part; metro stations in their cell, localities without one."""
    named: dict[tuple[str, str, str | None], list[str]] = {}
    stations = load_metro_stations()
    lon: FloatArray = np.asarray(stations.geometry.x, dtype=np.float64)
    lat: FloatArray = np.asarray(stations.geometry.y, dtype=np.float64)
    cells = cells_of(lon, lat, RESOLUTION).tolist()
    for name, x, y, cell in zip(stations["name"], lon.tolist(), lat.tolist(), cells, strict=True):
        found = locate(LonLat(lon=x, lat=y))
        if not isinstance(found, OutsidePrague):
            key = (NODES, found.city_part, _piece_of(cell, found.city_part))
            named.setdefault(key, []).append(str(name))
    for row in load_public_localities().itertuples():
        criterion = _CRITERION_OF_PUBLIC.get(str(row.kind))
        if criterion is not None:
            named.setdefault((criterion, str(row.city_part), None), []).append(str(row.name))
    return tuple(
        Fact(criterion=criterion, city_part=part, cell=cell, names=tuple(sorted(names)[:_NAMES_AT_MOST]))
        for (criterion, part, cell), names in sorted(named.items(), key=lambda entry: str(entry[0]))
    )


def _own_facts(store: Store, clearance: Clearance) -> list[Fact]:
    """Return counts of the own organisation's places by cell: what it sees exactly in any case."""
    if clearance.organisation_id is None or not is_permitted(clearance.role, Permission.SEE_PLACES):
        return []
    own = PlaceFilter(organisation_ids=(clearance.organisation_id,))
    counts: dict[tuple[str, str, str | None], int] = {}
    for row in store.places.cells(resolution=RESOLUTION, only=own):
        criterion = CRITERION_OF_KIND.get(row.kind)
        if criterion is not None and row.city_part in city_part_codes():
            cell = _piece_of(int(row.cell, 16), row.city_part) if row.cell else None
            key = (criterion, row.city_part, cell)
            counts[key] = counts.get(key, 0) + row.count
    return [
        Fact(criterion=criterion, city_part=part, cell=cell, own_places=count)
        for (criterion, part, cell), count in sorted(counts.items(), key=lambda entry: str(entry[0]))
    ]


def _piece_of(cell: int, city_part: str) -> str | None:
    """Return the name of the piece that holds a cell: a small piece goes by its neighbour's name."""
    table = piece_table(RESOLUTION)
    part = np.array([table.codes.index(city_part)], dtype=np.int64)
    row = int(table.find(np.array([cell], dtype=np.uint64), part)[0])
    return cell_name(int(table.cells[row])) if row >= 0 else None
