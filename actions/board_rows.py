"""The rows of the board: levels of the three lenses, the sentence, and the order.

A level is a mark for the eye, not a score: it says where a city part stands in one lens alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from actions.board_model import (
    AnswerLens,
    BoardRow,
    KnowledgeLens,
    Level,
    NeedLens,
    Sentence,
    WriteRow,
)
from domain.coverage import ContactBand, CoverageSettings, CoverageState, ShareBand, StatedBy, ZeroEvidence
from geo.boundaries import boundaries
from geo.coverage import Coverage, JointGroup
from geo.fringe import Fringe

GO_FIRST = (CoverageState.WHITE_SPOT, CoverageState.PROBABLE)
NEXT = 3

_STATE_ORDER = (
    CoverageState.WHITE_SPOT,
    CoverageState.PROBABLE,
    CoverageState.CANNOT_TELL,
    CoverageState.KNOWN,
    CoverageState.OVER_COVERED,
)
_LEVEL_ORDER = {Level.LOW: 0, Level.MIDDLE: 1, Level.HIGH: 2}
_THIRDS = 3


def need_levels(values: "pd.Series[float]") -> dict[str, Level]:
    """Return in which third of the city parts the need of each is; all alike where all needs are.

    Examples
    --------
    >>> need_levels(pd.Series({"a": 1.0, "b": 5.0, "c": 9.0})) == {"a": "low", "b": "middle", "c": "high"}
    True
    """
    codes = [str(code) for code in values.index]
    if values.empty or values.min() == values.max():
        return dict.fromkeys(codes, Level.MIDDLE)
    thirds = np.ceil(values.rank(method="max").to_numpy() * _THIRDS / len(values)).astype(int)
    levels = (Level.LOW, Level.MIDDLE, Level.HIGH)
    return {code: levels[third - 1] for code, third in zip(codes, thirds.tolist(), strict=True)}


def knowledge_level(visits: int, observed: float, expected: float, settings: CoverageSettings) -> Level:
    """Return how attention stands against what was expected: nothing or well below, below, or as much.

    Where nothing was expected (no usable need) one visit is something and two are no more.
    """
    if not visits or observed < settings.low_ratio * expected:
        return Level.LOW
    return Level.MIDDLE if observed < expected or not expected else Level.HIGH


def answer_level(services: int, contact: ContactBand) -> Level:
    """Return whether the city part has a service, contact with its town hall, both or neither."""
    return (Level.LOW, Level.MIDDLE, Level.HIGH)[int(services > 0) + int(contact is ContactBand.IN_CONTACT)]


def make_rows(
    *,
    coverage: Coverage,
    knowledge: pd.DataFrame,
    services: Mapping[str, int],
    reach: pd.DataFrame,
    fringe: Fringe,
    cold_start: bool,
) -> dict[str, BoardRow]:
    """Return the row of every city part, in order.

    Parameters
    ----------
    coverage
        The model's answer; city parts without a usable need are not in it.
    knowledge
        `geo.coverage_knowledge.knowledge_of`.
    services
        Number of services by code.
    reach
        `geo.reach.Reach.frame` by code.
    fringe
        Contact with the town halls.
    cold_start
        Nothing is said of any.
    """
    parts = boundaries().city_parts
    levels = need_levels(coverage.units["need"])
    units, known, near, contacts = (_by_code(frame) for frame in (coverage.units, knowledge, reach, fringe.units))
    rows = []
    for code, name, district in zip(parts.index, parts["name"], parts["admin_district"], strict=True):
        unit = units.get(code, {})
        need = NeedLens(value=unit.get("need"), level=levels.get(code))
        has = _knowledge(known[code], unit, coverage.settings)
        answer = _answer(services.get(code, 0), contacts[code], near[code])
        state = CoverageState(unit.get("state", CoverageState.CANNOT_TELL))
        rows.append(
            BoardRow(
                code=str(code),
                name=str(name),
                admin_district=int(district),
                need=need,
                knowledge=has,
                answer=answer,
                state=state,
                certainty=float(unit.get("certainty", 0.0)),
                p_low=float(unit.get("p_low", 0.0)),
                mean=float(unit.get("mean", 0.0)),
                low=float(unit.get("low", 0.0)),
                high=float(unit.get("high", 0.0)),
                people_in_gap=float(unit.get("people_in_gap", 0.0)),
                zero_evidence=ZeroEvidence(unit.get("zero_evidence", ZeroEvidence.NONE)),
                sentence=go_sentence(state, need, has, answer, cold_start=cold_start),
            )
        )
    return {row.code: row for row in in_order(rows, cold_start=cold_start)}


def _by_code(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(code): {str(k): v for k, v in row.items()} for code, row in frame.to_dict("index").items()}


def _knowledge(known: Mapping[str, Any], unit: Mapping[str, Any], settings: CoverageSettings) -> KnowledgeLens:
    observed, expected = float(unit.get("observed", 0.0)), float(unit.get("expected", 0.0))
    return KnowledgeLens(
        visits=int(known["visits"]),
        cell_months=int(known["cell_months"]),
        visited_cells=int(known["visited_cells"]),
        cells=int(known["cells"]),
        organisations=int(known["organisations"]),
        places=int(known["places"]),
        last_month=str(known["last_month"]),
        age_months=int(known["age_months"]),
        declared=tuple(known["declared"]),
        observed=observed,
        expected=expected,
        level=knowledge_level(int(known["visits"]), observed, expected, settings),
    )


def _answer(services: int, contact: Mapping[str, Any], near: Mapping[str, Any]) -> AnswerLens:
    band = ContactBand(contact["contact"])
    return AnswerLens(
        services=services,
        contact=band,
        contact_status=str(contact["contact_status"]),
        contact_on=contact["contact_on"],
        stated_by=StatedBy(contact["stated_by"]),
        nearest_km=None if near["km"] is None else float(near["km"]),
        nearest_name=str(near["name"]),
        level=answer_level(services, band),
    )


def go_sentence(
    state: CoverageState, need: NeedLens, knowledge: KnowledgeLens, answer: AnswerLens, *, cold_start: bool
) -> Sentence:
    """Return what the row says in plain words."""
    params: dict[str, str | float] = {
        "observed": knowledge.observed,
        "expected": knowledge.expected,
        "visits": knowledge.visits,
        "month": knowledge.last_month,
        "services": answer.services,
    }
    if need.value is None:
        return Sentence(key="board-says-no-need", params=params)
    visited = "seen" if knowledge.visits else "unseen"
    if cold_start:
        return Sentence(key=f"board-says-cold-{visited}", params=params)
    if state in {CoverageState.KNOWN, CoverageState.OVER_COVERED}:
        return Sentence(key=f"board-says-{state.value.replace('_', '-')}", params=params)
    return Sentence(key=f"board-says-{state.value.replace('_', '-')}-{visited}", params=params)


def in_order(rows: Iterable[BoardRow], *, cold_start: bool) -> list[BoardRow]:
    """Return rows in the order "where to go".

    White spots, then probable ones, then those of which nothing can be said, then the rest; each by
    people in the gap. On a cold start, when no row differs by knowledge, by third of need, then
    those with the least answer, then by need. City parts without a usable need come last.
    """
    if cold_start:
        return sorted(rows, key=_cold_key)
    return sorted(
        rows,
        key=lambda row: (row.need.value is None, _STATE_ORDER.index(row.state), -row.people_in_gap, row.code),
    )


def _cold_key(row: BoardRow) -> tuple[Any, ...]:
    level = _LEVEL_ORDER[row.need.level] if row.need.level is not None else -1
    return (row.need.value is None, -level, _LEVEL_ORDER[row.answer.level], -(row.need.value or 0.0), row.code)


def next_to_go(rows: Mapping[str, BoardRow], *, gains: "pd.Series[float]", cold_start: bool) -> tuple[str, ...]:
    """Return the three city parts to go to next.

    White spots and probable ones by people in the gap; where there are fewer, those where an
    outing of two visits gains most. On a cold start the first by need and answer. A city part that
    is visited more than others is never among them.
    """
    usable = [row for row in rows.values() if row.need.value is not None]
    if cold_start:
        return tuple(row.code for row in usable[:NEXT])
    first = [row.code for row in usable if row.state in GO_FIRST]
    rest = [row for row in usable if row.state not in {*GO_FIRST, CoverageState.OVER_COVERED}]
    rest.sort(key=lambda row: (-float(gains.get(row.code, 0.0)), row.code))
    return tuple([*first, *(row.code for row in rest)][:NEXT])


def small_one(rows: Mapping[str, BoardRow], joint: JointGroup | None, taken: Iterable[str]) -> str | None:
    """Return with which of the units that cannot be judged alone to begin: most people in the gap, not taken yet."""
    if joint is None:
        return None
    left = [rows[code] for code in joint.codes if code not in set(taken)]
    best = max(left, key=lambda row: (row.people_in_gap, row.code), default=None)
    return best.code if best is not None and best.people_in_gap > 0 else None


def joint_sentence(joint: JointGroup | None) -> Sentence | None:
    """Return the sentence on the units that are judged together."""
    if joint is None:
        return None
    params: dict[str, str | float] = {
        "count": len(joint.codes),
        "expected": joint.expected,
        "observed": joint.observed,
    }
    return Sentence(key=f"board-joint-{joint.state.value.replace('_', '-')}", params=params)


def make_write_rows(fringe: Fringe) -> dict[str, WriteRow]:
    """Return the rows of "komu napsat": whom to write to, whom to ask about, then the rest, by share."""
    parts = boundaries().city_parts
    rows = []
    for code, unit in _by_code(fringe.units).items():
        band, contact = ShareBand(unit["band"]), ContactBand(unit["contact"])
        rows.append(
            WriteRow(
                code=code,
                name=str(parts["name"][code]),
                admin_district=int(parts["admin_district"][code]),
                share_pct=None if unit["share_pct"] is None else float(unit["share_pct"]),
                band=band,
                contact=contact,
                contact_status=str(unit["contact_status"]),
                contact_on=unit["contact_on"],
                write=bool(unit["write"]),
                ask=bool(unit["ask"]),
                sentence=write_sentence(
                    band, contact, unit["share_pct"], fringe.settings.threshold_pct, contact_on=unit["contact_on"]
                ),
            )
        )
    rows.sort(key=lambda row: (not row.write, not row.ask, -(row.share_pct if row.share_pct is not None else -1.0)))
    return {row.code: row for row in rows}


def write_sentence(
    band: ShareBand, contact: ContactBand, share: float | None, threshold: float, *, contact_on: date | None = None
) -> Sentence:
    """Return what the row of "komu napsat" says in plain words, with the day of the contact where it has one."""
    params: dict[str, str | float] = {"share": share if share is not None else 0.0, "threshold": threshold}
    if band is ShareBand.NO_FIGURE:
        return Sentence(key="board-write-no-figure", params=params)
    if band is not ShareBand.ABOVE:
        return Sentence(key=f"board-write-{band.value.replace('_', '-')}", params=params)
    key = f"board-write-above-{contact.value.replace('_', '-')}"
    if contact_on is None:
        return Sentence(key=key, params=params)
    return Sentence(key=f"{key}-on", params={**params, "day": contact_on.isoformat()})
