"""What a drill found: counts decide whether it passed, times are told as within or over."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of a drill's report.

    `least` and `most` are the limits, None where there is none. Only a finding that `decides` can
    fail the drill: these machines are noisy, so a time over its limit is told and fails nothing.
    """

    name: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    decides: bool = True

    def __post_init__(self):
        if not math.isfinite(self.value):
            raise ValueError(f"{self.name}: {self.value} is no figure")

    @property
    def within(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


def none_of(name: str, value: int) -> Finding:
    """Return a count that must be 0: lost, leaked, doubled, executed."""
    return Finding(name=name, value=value, most=0)


def at_least(name: str, value: int, least: int) -> Finding:
    """Return how often something was tried, which must have happened often enough to mean anything."""
    return Finding(name=name, value=value, least=least)


def timing(name: str, value: float, unit: str, limit: float | None = None) -> Finding:
    """Return a time or a size, told beside its limit."""
    return Finding(name=name, value=value, unit=unit, most=limit, decides=False)


def told(name: str, value: float, unit: str = "") -> Finding:
    """Return a figure without a limit."""
    return Finding(name=name, value=value, unit=unit, decides=False)
