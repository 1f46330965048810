"""What is known of a city part: visits, places, and what organisations declare to cover.

Three kinds of knowledge, side by side and never added up.
"""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from domain.coverage import DeclaredCoverage
from geo.cell_pieces import city_part_codes
from geo.coverage_attention import Attention


def knowledge_of(
    attention: Attention,
    places: pd.DataFrame | None = None,
    declared: Iterable[DeclaredCoverage] = (),
) -> pd.DataFrame:
    """Return the three kinds of knowledge side by side.

    Parameters
    ----------
    attention
        Attention of all visits, with its day.
    places
        `city_part` of the known places, one row a place or a group of them (then with `count`).
    declared
        Declarations; those that hold on the day of `attention` count, and never as a visit.

    Returns
    -------
    pandas.DataFrame
        One row per city part, index `code`: the columns of `Attention.units`, `places`, `declared`
        (ids of organisations, sorted tuple).

    Examples
    --------
    >>> from geo.coverage_attention import compute_attention
    >>> from geo.coverage_visits import visit_columns
    >>> none = visit_columns(pd.DataFrame({"city_part": [], "happened_on": []}))
    >>> record = DeclaredCoverage(id="1", organisation_id="icp", city_part="547158", since=date(2026, 1, 1))
    >>> frame = knowledge_of(compute_attention(none, date(2026, 7, 31)), declared=[record])
    >>> int(frame.loc["547158", "visits"]), frame.loc["547158", "declared"]
    (0, ('icp',))
    """
    frame = attention.units.copy()
    frame["places"] = 0
    if places is not None and not places.empty:
        counts = places["count"] if "count" in places else pd.Series(1, index=places.index)
        sums = counts.groupby(places["city_part"]).sum()
        frame["places"] = sums.reindex(frame.index).fillna(0).astype("int64")
    found = declared_organisations(declared, attention.as_of)
    frame["declared"] = pd.Series([found[code] for code in frame.index], index=frame.index, dtype=object)
    return frame


def declared_organisations(declared: Iterable[DeclaredCoverage], day: date) -> dict[str, tuple[str, ...]]:
    """Return which organisations declare to cover each of the 57 city parts on a day.

    Examples
    --------
    >>> declared_organisations([], date(2026, 7, 31))["547158"]
    ()
    """
    found: dict[str, set[str]] = {code: set() for code in city_part_codes()}
    for record in declared:
        if record.city_part in found and record.holds_on(day):
            found[record.city_part].add(record.organisation_id)
    return {code: tuple(sorted(organisations)) for code, organisations in found.items()}
