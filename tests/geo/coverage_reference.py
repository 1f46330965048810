"""The model once more, written for the eye and not for speed: what the arrays must agree with."""

import math
from collections import defaultdict
from itertools import pairwise

from scipy import integrate, stats

from geo.cell_pieces import city_part_codes, piece_table
from geo.cells import cell_name, cells_of_city_part


def piece_of(cell, city_part):
    """Return the piece (named by its leading cell) of a cell of resolution 9, by the public frame."""
    frame = cells_of_city_part(city_part, 9)
    return next(name for name, members in frame["members"].items() if cell in members)


def attention(visits, now, *, half_life=12, saturation=2):
    """Return O by city part of (city part, cell or None, (year, month)) in a loop."""
    months = {(part, cell and piece_of(cell, part), month) for part, cell, month in visits}
    cells = defaultdict(list)
    for part, cell, (year, month) in months:
        cells[part, cell].append(0.5 ** (((now[0] - year) * 12 + now[1] - month) / half_life))
    total = dict.fromkeys(city_part_codes(), 0.0)
    for (part, _), weights in cells.items():
        total[part] += min(math.fsum(weights), saturation)
    return total


def prior(a, share, ratio):
    """Return the density of theta before anything is seen; its mean is 1."""
    usual = 1 / (1 - share + share * ratio)

    def density(theta):
        ordinary = stats.gamma.pdf(theta, a, scale=usual / a)
        passed_over = stats.expon.pdf(theta, scale=ratio * usual)
        return (1 - share) * ordinary + share * passed_over

    return density


def posterior(observed, expected, a, share, ratio):
    """Return (mean, P(theta < 0.5), P(theta > 2)) by integrating prior times likelihood."""
    density = prior(a, share, ratio)

    def weight(theta):
        return density(theta) * math.exp(observed * math.log(theta) - expected * theta) if theta > 0 else 0.0

    def integral(function, low, high):
        return integrate.quad(function, low, high, limit=400, epsabs=1e-13)[0]

    ends = (1e-12, 0.05, 0.5, 2.0, 6.0, 60.0)
    pieces = [integral(weight, *pair) for pair in pairwise(ends)]
    mean = sum(integral(lambda t: t * weight(t), *pair) for pair in pairwise(ends))
    whole = sum(pieces)
    return mean / whole, sum(pieces[:2]) / whole, sum(pieces[3:]) / whole


def any_cells(count, seed=0):
    """Return (city part, cell) of some pieces, spread over Prague."""
    table = piece_table(9)
    step = max(1, len(table.cells) // count)
    rows = range(seed % step, len(table.cells), step)
    return [(table.codes[table.city_parts[row]], cell_name(table.cells[row])) for row in rows][:count]
