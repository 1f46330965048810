"""`geo.locate.locate_many` against shapely's prepared `contains_xy`, side by side in one run.

Run `python -m tests.bench.locate_bench [SEED]`. The rival asks every polygon of all three
divisions (57 + 112 + 22) about the points in its bounding box.
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import shapely

from geo.boundaries import PRAGUE_BBOX, boundaries
from geo.locate import locate_many
from geo.point_index import build_point_index
from tests.bench.figures import row

POINTS = 1_000_000
ROUNDS = 3
RATIO_LIMIT = 1.0
MEMORY_LIMIT_MB = 1024
BUILD_LIMIT_S = 1.0
ROOT = Path(__file__).parents[2]


def uniform_points(seed):
    random = np.random.default_rng(seed)
    lon = random.uniform(PRAGUE_BBOX.minx, PRAGUE_BBOX.maxx, POINTS)
    return lon, random.uniform(PRAGUE_BBOX.miny, PRAGUE_BBOX.maxy, POINTS)


def border_points(seed):
    """The worst case: every point within some 20 m of a vertex of a border."""
    random = np.random.default_rng(seed)
    vertices = shapely.get_coordinates(boundaries().cadastral_areas.geometry.to_numpy())
    xy = vertices[random.integers(0, len(vertices), POINTS)] + random.normal(0, 1e-4, (POINTS, 2))
    return np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])


def prepared_contains(polygons, lon, lat):
    """Return for each point the position of the polygon that contains it, -1 where none does."""
    found = np.full(lon.size, -1, dtype=np.int16)
    for position, (minx, miny, maxx, maxy) in enumerate(shapely.bounds(polygons)):
        near = np.flatnonzero((lon >= minx) & (lon <= maxx) & (lat >= miny) & (lat <= maxy))
        found[near[shapely.contains_xy(polygons[position], lon[near], lat[near])]] = position
    return found


def median_s(call):
    call()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return sorted(times)[ROUNDS // 2]


def compare(lon, lat, divisions):
    """Return median seconds of ours and theirs, and how many answers inside Prague differ."""
    ours = locate_many(lon, lat)
    part, area, district = (prepared_contains(polygons, lon, lat) for polygons in divisions)
    # contains_xy gives points on a border to nobody, and knows a cadastral area a few metres outside Prague.
    differ = (
        ((part >= 0) & (ours.city_part != part))
        | ((district >= 0) & (ours.admin_district != district + 1))
        | ((area >= 0) & (ours.city_part >= 0) & (ours.cadastral_area != area))
    )
    our_s = median_s(lambda: locate_many(lon, lat))
    their_s = median_s(lambda: [prepared_contains(polygons, lon, lat) for polygons in divisions])
    return our_s, their_s, int(differ.sum())


def peak_memory_mb(seed):
    """Peak memory of a fresh process that locates the same points; shared with nothing else."""
    command = [sys.executable, "-m", "tests.bench.locate_bench", "--memory", str(seed)]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def print_own_peak_memory(seed):
    locate_many(*uniform_points(seed))
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        print(int(line.split()[1]) / 1024)
    else:
        import resource

        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1))


def run(seed: int) -> list[dict]:
    """Return rows of name, value, unit, limit (None: told for comparison only) and within."""
    bundled = boundaries()
    divisions = [
        frame.geometry.to_numpy() for frame in (bundled.city_parts, bundled.cadastral_areas, bundled.admin_districts)
    ]
    for polygons in divisions:
        shapely.prepare(polygons)
    start = time.perf_counter()
    build_point_index(bundled)
    rows = [row("locate: building the grid", time.perf_counter() - start, "s", BUILD_LIMIT_S)]
    for name, points in (
        ("1,000,000 points", uniform_points(seed)),
        ("1,000,000 points at borders", border_points(seed)),
    ):
        our_s, their_s, differ = compare(*points, divisions)
        rows += [
            row(f"locate: {name}, locate_many", our_s * 1000, "ms", None),
            row(f"locate: {name}, prepared contains_xy", their_s * 1000, "ms", None),
            row(f"locate: {name}, ratio", our_s / their_s, "x", RATIO_LIMIT),
            row(f"locate: {name}, answers that differ", differ, "points", 0),
        ]
    rows.append(row("locate: peak memory of the process", peak_memory_mb(seed), "MB", MEMORY_LIMIT_MB))
    return rows


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        print_own_peak_memory(int(sys.argv[2]))
    else:
        for entry in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
            limit = (
                "" if entry["limit"] is None else f"  limit {entry['limit']}  {'within' if entry['within'] else 'OVER'}"
            )
            print(f"{entry['name']:60} {entry['value']:>10} {entry['unit']}{limit}")
