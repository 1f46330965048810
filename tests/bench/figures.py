"""Rows of figures, what is made of measured times, and how they are printed and kept."""

import json
import math
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path


def row(name, value, unit, limit=None, *, digits=3):
    """Return one figure; without a limit it is told for comparison only."""
    value = round(value, digits)
    if not math.isfinite(value):
        raise ValueError(f"{name}: {value} is no figure")
    return {"name": name, "value": value, "unit": unit, "limit": limit, "within": limit is None or value <= limit}


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    if not 0 < share <= 1:
        raise ValueError("a share lies in 0..1")
    return ordered[math.ceil(share * len(ordered)) - 1]


def net_ratio(ours: Sequence[float], theirs: Sequence[float], empty: Sequence[float]) -> float:
    """Return (ours - empty) / (theirs - empty) of medians.

    Raises
    ------
    ValueError
        If theirs is no dearer than the empty page: then the ratio says nothing.
    """
    bottom = statistics.median(theirs) - statistics.median(empty)
    if bottom <= 0:
        raise ValueError("the alternative costs nothing over the empty page")
    return (statistics.median(ours) - statistics.median(empty)) / bottom


def verdict(entry) -> str:
    if entry["limit"] is None:
        return ""
    return "within" if entry["within"] else "OVER"


def shown(value) -> str:
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def text_table(rows) -> str:
    """Return the rows as columns of text."""
    cells = [("", "value", "unit", "limit", "")]
    cells += [(r["name"], shown(r["value"]), r["unit"], shown(r["limit"]), verdict(r)) for r in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {limit:>{widths[3]}}  {said}".rstrip()
        for name, value, unit, limit, said in cells
    )


def markdown_table(rows) -> str:
    """Return the rows as a table in Markdown."""
    lines = ["| figure | value | limit | |", "|---|---:|---:|---|"]
    for entry in rows:
        limit = "" if entry["limit"] is None else f"{shown(entry['limit'])} {entry['unit']}"
        lines.append(f"| {entry['name']} | {shown(entry['value'])} {entry['unit']} | {limit} | {verdict(entry)} |")
    return "\n".join(lines)


def write_json(path: Path, *, seed, machine, sections) -> None:
    """Keep a run: `sections` is {bench: {seconds, rows}}."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"seed": seed, "machine": machine, "benches": sections}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
