"""How many places some disclosed rows stand for, said so that no hidden number can be found."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.disclosure import DEFAULT_SETTINGS, DisclosedPlace, DisclosureSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCount:
    """What may be said of how many places some rows stand for: between `at_least` and `at_most`."""

    at_least: int
    at_most: int

    @property
    def exact(self) -> int | None:
        """Return the number where it may be shown, else None."""
        return self.at_least if self.at_least == self.at_most else None


def count_places(places: Iterable[DisclosedPlace], *, settings: DisclosureSettings = DEFAULT_SETTINGS) -> ShownCount:
    """Return how many places the rows stand for, from what the rows show and nothing else.

    A sum with a hidden number in it is never shown exactly: this is the complementary suppression.
    With it nothing can be subtracted that the rows do not say themselves.

    Examples
    --------
    >>> count_places([]).exact
    0
    """
    counts = [place.count for place in places]
    shown, hidden = sum(count for count in counts if count is not None), counts.count(None)
    return ShownCount(at_least=shown + hidden, at_most=shown + hidden * (settings.least_count - 1))
