"""First paint with 1,000,000 places against 1,000, the same app over two DATA_DIRs, taking turns.

Run `python -m tests.bench.million_bench [SEED]`. Making a million places takes some minutes; they are kept
in build/bench-data for the next run with the same seed and the same store.
"""

import json
import sys
import time
from contextlib import ExitStack

from tests.bench.bench_data import data_dir
from tests.bench.browsing import chromium, cold_page, median
from tests.bench.figures import row, text_table
from tests.bench.map_bench import OUR_MAP, OUR_READY, default_layers, view
from tests.tools.server import running_app

FEW, MANY = 1_000, 1_000_000
TURNS = 7
RATIO_LIMIT = 1.3
WARM_UP_S = 3
MOST_MARKS = 5_000


def run(seed: int) -> list[dict]:
    """Return rows of name, value, unit, limit (None: told for comparison only) and within."""
    folders, made = {}, {}
    for rows in (FEW, MANY):
        folders[rows], made[rows] = data_dir(rows, seed)
    times = {rows: [] for rows in folders}
    with ExitStack() as stack:
        apps = {rows: stack.enter_context(running_app(folder)) for rows, folder in folders.items()}
        browser = stack.enter_context(chromium())
        time.sleep(WARM_UP_S)
        for turn in range(TURNS + 1):
            for rows, app in apps.items():
                with cold_page(browser) as page:
                    first = page.open(app.address + view(default_layers(app.address), turn), OUR_READY)
                    require_marks(page, rows)
                    page.check()
                # The first visit of each warms its server.
                if turn:
                    times[rows].append(first)
    few, many = median(times[FEW]), median(times[MANY])
    return [
        row("million: making 1,000,000 places (0: kept from an earlier run)", made[MANY], "s", digits=0),
        row("million: first paint, 1,000 places", few, "ms", digits=0),
        row("million: first paint, 1,000,000 places", many, "ms", digits=0),
        row("million: first paint, ratio", many / few, "x", RATIO_LIMIT),
    ]


def require_marks(page, rows):
    """Raise if the map shows no places, or sent them all one by one."""
    marks = json.loads(page.page.evaluate(f"{OUR_MAP}.dataset.features")).get("places", 0)
    if not 0 < marks <= min(rows, MOST_MARKS):
        raise RuntimeError(f"{marks} marks for {rows} places")


if __name__ == "__main__":
    print(text_table(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
