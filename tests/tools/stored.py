"""What a store holds, for tests that look behind the ways the app has to it."""

from store.tables import visits


def visits_in(store, code):
    """Return all visits in a city part that nobody took back, of every organisation, the latest first."""
    return store.visits._find(visits.c.city_part == code)
