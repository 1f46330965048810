"""Reach: how far it is to the nearest service that states a language or a target group.

Kilometres as the crow flies, measured in EPSG:5514, and called so: no timetable and no street network
is loaded, so there are no minutes; hours are known of hardly any service, so nothing is "open now".
Only what a service states counts: silence about languages is not a language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from domain.errors import InvalidValueError
from domain.vocabulary import LANGUAGE_NAMES, vocabularies
from geo.boundaries import boundaries, representative_point
from geo.crs import FloatArray, lonlat_to_metric, to_metric
from geo.places_data import load_services

METRES_PER_KM = 1000.0
OF_ITS_CITY_PART = "city_part_contact"
"""Type of service that works for its own city part: the coordinator of a town hall."""

_AREA = "city_part"
_IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for: a language, a target group, types of service; all that are given must be stated.

    Raises
    ------
    InvalidValueError
        Code `reach_without_question` if nothing is asked, `reach_unknown_term` for an unknown code.
    """

    language: str | None = None
    target_group: str | None = None
    service_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.language is None and self.target_group is None and not self.service_types:
            raise InvalidValueError("reach_without_question")
        known = (
            (self.language, LANGUAGE_NAMES),
            (self.target_group, vocabularies()["cilova_skupina"].labels),
            *((code, vocabularies()["typ_sluzby"].labels) for code in self.service_types),
        )
        for code, labels in known:
            if code is not None and code not in labels:
                raise InvalidValueError("reach_unknown_term", value=code)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """The nearest service for each position.

    `frame` has one row per position, in order: `service` (id, "" where there is none), `name`, `km`
    (as the crow flies, None without a service), `competent` (the service is for this very city
    part), `approximate` (the service is known only to its city part: the distance is to the middle
    of it), `uncertainty_m` (of the service's position, 0 where not stated), `as_of_date` (the
    latest day that the source supports, None where undated), `languages_note` (how the source states
    languages: `organisation_wide` need not hold for the branch), `same_city_part`.

    `stating` services state what is asked and have a position; `silent` state no language (or no
    target group) at all, so nothing is known of them; `without_position` state it but nobody knows
    where they are.
    """

    question: Question
    frame: pd.DataFrame
    stating: int
    silent: int
    without_position: int


def reach_of_city_parts(
    question: Question,
    *,
    services: gpd.GeoDataFrame | None = None,
    competence: Mapping[str, frozenset[str]] | None = None,
) -> Reach:
    """Return the reach from the representative point of each city part; the frame is indexed by code.

    Parameters
    ----------
    question
        What the service must state.
    services
        `geo.places_data.load_services()` where None: without historical and unconfirmed ones.
    competence
        City parts that a service is for, by its id; `known_competence(services)` where None.

    Examples
    --------
    >>> reach = reach_of_city_parts(Question(language="vi"))
    >>> reach.frame.loc["547051", "service"], bool(reach.frame.loc["547051", "km"] > 5)
    ('inbaze', True)
    """
    codes = [str(code) for code in boundaries().city_parts.index]
    points = [representative_point(code) for code in codes]
    reach = reach_of_positions(
        np.array([point.lon for point in points]),
        np.array([point.lat for point in points]),
        codes,
        question,
        services=services,
        competence=competence,
    )
    frame = reach.frame.set_index(pd.Index(codes, name="code"))
    return Reach(
        question=question,
        frame=frame,
        stating=reach.stating,
        silent=reach.silent,
        without_position=reach.without_position,
    )


def reach_of_positions(
    lon: FloatArray,
    lat: FloatArray,
    city_parts: Sequence[str],
    question: Question,
    *,
    services: gpd.GeoDataFrame | None = None,
    competence: Mapping[str, frozenset[str]] | None = None,
) -> Reach:
    """Return the nearest service that states what is asked, for each position.

    Competence goes before nearness: a service that is for the position's own city part is taken
    even where another is nearer, and one that is for other city parts is no answer at all. A
    service of which no competence is known is for everybody.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.
    city_parts
        Code of the city part of each position.
    question, services, competence
        As in `reach_of_city_parts`.

    Raises
    ------
    InvalidValueError
        Code `positions_not_paired` if the three differ in length.

    Examples
    --------
    >>> reach = reach_of_positions(np.array([14.33]), np.array([50.045]), ["539694"], Question(language="uk"))
    >>> reach.frame.loc[0, "service"], round(reach.frame.loc[0, "km"], 1)
    ('icp-p13', 0.2)
    """
    if not len(lon) == len(lat) == len(city_parts):
        raise InvalidValueError("positions_not_paired", lon=len(lon), lat=len(lat))
    given = load_services() if services is None else services
    answering = given[_states(given, question)]
    placed = answering[answering.geometry.notna() & ~answering.geometry.is_empty].sort_values("id")
    known = known_competence(given) if competence is None else competence
    x, y = lonlat_to_metric(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    row, metres, competent = _nearest(np.column_stack([x, y]), list(city_parts), placed, known)
    return Reach(
        question=question,
        frame=_frame(row, metres, competent, list(city_parts), placed),
        stating=len(placed),
        silent=_silent(given, question),
        without_position=len(answering) - len(placed),
    )


def known_competence(services: gpd.GeoDataFrame) -> Mapping[str, frozenset[str]]:
    """Return for which city parts services are, as far as that is known.

    Only coordinators of town halls are known to be for their own city part. Fixed districts of other
    offices are not in the data; give them where they are known.

    Examples
    --------
    >>> sorted(known_competence(load_services())["mc7-koord"])
    ['500186']
    """
    rows = zip(services["id"], services["service_types"], services["city_part"], strict=True)
    own = {str(id_): frozenset({str(part)}) for id_, types, part in rows if OF_ITS_CITY_PART in types}
    return MappingProxyType(own)


def _states(services: gpd.GeoDataFrame, question: Question) -> npt.NDArray[np.bool_]:
    """Return which services state everything that is asked."""
    stated = np.ones(len(services), dtype=np.bool_)
    if question.language is not None:
        stated &= np.array([question.language in codes for codes in services["languages"]], dtype=np.bool_)
    if question.target_group is not None:
        groups = [_codes(cell) for cell in services["target_groups"]]
        stated &= np.array([question.target_group in codes for codes in groups], dtype=np.bool_)
    if question.service_types:
        wanted = set(question.service_types)
        stated &= np.array([bool(wanted & set(types)) for types in services["service_types"]], dtype=np.bool_)
    return stated


def _silent(services: gpd.GeoDataFrame, question: Question) -> int:
    """Return how many services say nothing on what is asked."""
    silent = np.zeros(len(services), dtype=np.bool_)
    if question.language is not None:
        silent |= np.array([not codes for codes in services["languages"]], dtype=np.bool_)
    if question.target_group is not None:
        silent |= np.array([not _codes(cell) for cell in services["target_groups"]], dtype=np.bool_)
    return int(silent.sum())


def _codes(cell: object) -> tuple[str, ...]:
    """Return the codes of a cell, given as a tuple or as a text with semicolons."""
    if isinstance(cell, tuple):
        return cell
    return tuple(part.strip() for part in cell.split(";") if part.strip()) if isinstance(cell, str) else ()


def _nearest(
    points: FloatArray, city_parts: list[str], placed: gpd.GeoDataFrame, competence: Mapping[str, frozenset[str]]
) -> tuple[_IntArray, FloatArray, npt.NDArray[np.bool_]]:
    """Return row of the service (-1 without one), metres and whether it is the competent one."""
    row = np.full(len(points), -1, dtype=np.int64)
    metres = np.full(len(points), np.inf)
    competent = np.zeros(len(points), dtype=np.bool_)
    if placed.empty or not len(points):
        return row, metres, competent
    at = _metric_positions(placed)
    bound = [competence.get(str(id_)) for id_ in placed["id"]]
    open_rows = np.array([number for number, parts in enumerate(bound) if parts is None], dtype=np.int64)
    if open_rows.size:
        metres, found = cKDTree(at[open_rows]).query(points)
        row = open_rows[found]
    parts_of_points = np.array(city_parts, dtype=object)
    for number, parts in enumerate(bound):
        if parts is None:
            continue
        inside = np.isin(parts_of_points, sorted(parts))
        distance = np.hypot(*(points - at[number]).T)
        better = inside & (~competent | (distance < metres))
        row[better], metres[better], competent[better] = number, distance[better], True
    return row, np.asarray(metres, dtype=np.float64), competent


def _metric_positions(placed: gpd.GeoDataFrame) -> FloatArray:
    """Return x, y in EPSG:5514; the middle of the city part for services known only to it.

    Their mark on the map stands beside the middle, so that several can be told apart: no place to
    measure from.
    """
    at = np.asarray(shapely.get_coordinates(to_metric(placed).geometry), dtype=np.float64)
    middles = _middles()
    for number, (precision, part) in enumerate(zip(placed["position_precision"], placed["city_part"], strict=True)):
        if precision == _AREA:
            at[number] = middles[str(part)]
    return at


@cache
def _middles() -> Mapping[str, FloatArray]:
    codes = [str(code) for code in boundaries().city_parts.index]
    points = [representative_point(code) for code in codes]
    x, y = lonlat_to_metric(np.array([p.lon for p in points]), np.array([p.lat for p in points]))
    return MappingProxyType(dict(zip(codes, np.column_stack([x, y]), strict=True)))


def _frame(
    row: _IntArray,
    metres: FloatArray,
    competent: npt.NDArray[np.bool_],
    city_parts: list[str],
    placed: gpd.GeoDataFrame,
) -> pd.DataFrame:
    found = row >= 0

    def column(name: str, without: object) -> list[object]:
        values = placed[name].tolist() if len(placed) else []
        return [values[number] if number >= 0 else without for number in row.tolist()]

    parts = column("city_part", "")
    uncertainty = [0 if pd.isna(value) else int(value) for value in pd.Series(column("position_uncertainty_m", 0))]
    km = pd.Series((metres / METRES_PER_KM).tolist(), dtype=object).where(found, None)
    return pd.DataFrame(
        {
            "service": column("id", ""),
            "name": column("name", ""),
            "km": km,
            "competent": competent,
            "approximate": [value == _AREA for value in column("position_precision", "")],
            "uncertainty_m": uncertainty,
            "as_of_date": column("as_of_date", None),
            "languages_note": column("languages_note", ""),
            "same_city_part": [bool(part) and part == own for part, own in zip(parts, city_parts, strict=True)],
        }
    )
