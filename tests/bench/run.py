"""All benches in one run: `python -m tests.bench.run --seed 1 [--only NAME] [--write]`.

Prints the table, keeps it in build/bench.json and, with --write, puts it into docs/benchmarks.md. Ends with 1 where a
figure is over its limit.
"""

import argparse
import importlib
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import streamlit

from tests.bench.figures import markdown_table, text_table, write_json

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "build" / "bench.json"
PAGE = PROJECT / "docs" / "benchmarks.md"
# In this order: the browser first, while the machine is still fresh.
BENCHES = {
    "map": "tests.bench.map_bench",
    "million": "tests.bench.million_bench",
    "sessions": "tests.bench.sessions_bench",
    "locate": "tests.bench.locate_bench",
    "store": "tests.bench.store_bench",
    "gate": "tests.bench.disclosure_bench",
    "board": "tests.bench.board_bench",
}
HOW = """\
How each figure is taken:

- **map**: three apps run side by side: an empty Streamlit page with one slider; our app with the same slider added to
  its page; and streamlit-folium, which builds the same map on every rerun (57 + 112 polygons, the same 10,000 places in
  a `FastMarkerCluster`, Leaflet and its plugins served from the wheels, plain markers). Ours also draws its other
  default layers. They take turns; each turn is a new browser context with an empty cache over a warm server, and a
  view of its own, so that no answer for it is in our server's cache. Times run inside the page, from the DOM event (or
  the start of the navigation) until the frame after the one that shows the result. *Net ratio* is
  (ours - empty) / (streamlit-folium - empty) of medians; it is below zero where our change costs less than a rerun of
  the empty page. *Rerun after a widget* is a key on the slider, the same on all three pages, which runs the whole page
  of ours too. *Repaint* is another measure chosen in the layer panel, against another one chosen in the alternative's
  select box; ours keeps the view, theirs starts over; the empty page's rerun is taken off both. *Click to open form*
  is raw, a few seconds after the page was opened. Our form stands in the page by then, drawn and hidden (the map asks
  for it once it is painted); it counts as open when it can be seen and used, and how long it takes until Python's answer
  names the city part stands beside it. Websocket bytes are what arrives in the page, uncompressed. The
  *first load* counts what travels for /assets and /api, headers included. All three servers send at once
  (TCP_NODELAY), as our app does by itself: that saving is not counted in our favour.
- **million**: the app over 1,000 and over 1,000,000 places, taking turns as above.
- **sessions**: thirty websocket sessions without a browser act at the same moment; each waits for the end of its own
  script or for its own answer. *A filter of the map* is what choosing a kind of place costs: one request for the
  layer, of a view and a kind of each session's own. *A widget on the page of the map* runs the whole script. The page
  with one slider is Streamlit as it comes: it collects garbage after every run, over all it has loaded; our app takes
  what it loaded at the start out of that, which can make it the faster of the two.
- **board**: a store of a million visits by three organisations over four years. *From the store* forgets everything
  that the process holds before each turn; a parameter and a day are changed over what it holds, as on the page.
- **locate**, **store**, **gate**: see `tests/bench/`."""


def machine():
    """Describe the machine without naming it."""
    return {
        "processor": cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "streamlit": streamlit.__version__,
        "date": datetime.now(UTC).date().isoformat(),
    }


def cpu_model():
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def run_benches(names, seed):
    """Run the benches one after another; return {name: {seconds, rows}}, told as they end."""
    sections = {}
    for name in names:
        start = time.perf_counter()
        rows = importlib.import_module(BENCHES[name]).run(seed)
        seconds = time.perf_counter() - start
        sections[name] = {"seconds": round(seconds, 1), "rows": rows}
        print(f"\n{name} ({seconds:.0f} s)\n{text_table(rows)}", flush=True)
    return sections


def names_over(rows):
    return [entry["name"] for entry in rows if entry["limit"] is not None and not entry["within"]]


def page(sections, about, seed):
    """Return docs/benchmarks.md."""
    took = sum(section["seconds"] for section in sections.values())
    rows = [entry for section in sections.values() for entry in section["rows"]]
    over = names_over(rows)
    verdict = "Every figure is within its limit." if not over else f"Over the limit: {'; '.join(over)}."
    return f"""# Benchmarks

Written by `make bench SEED={seed}`; do not edit by hand.

{about["processor"]}, {about["cores"]} cores, {about["memory_gb"]} GB, {about["system"]}, Python {about["python"]}, \
Streamlit {about["streamlit"]}, {about["date"]}, {took / 60:.0f} minutes. {verdict}

{markdown_table(rows)}

{HOW}
"""


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(BENCHES), help="this bench alone; nothing is written")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    chosen = parser.parse_args(arguments)
    if chosen.only and chosen.write:
        parser.error("--write needs all benches: a page of some of them would look like all")
    sections = run_benches([chosen.only] if chosen.only else list(BENCHES), chosen.seed)
    if not chosen.only:
        about = machine()
        write_json(KEPT, seed=chosen.seed, machine=about, sections=sections)
        if chosen.write:
            PAGE.write_text(page(sections, about, chosen.seed), encoding="utf-8")
    rows = [entry for section in sections.values() for entry in section["rows"]]
    over = names_over(rows)
    print(f"\n{len(rows)} figures, {len(over)} over the limit" + "".join(f"\n  {name}" for name in over))
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
