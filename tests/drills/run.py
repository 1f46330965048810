"""Drills: `python -m tests.drills.run [--drill NAME] [--seed 1] [--short] [--write]`.

A drill is a module `tests/drills/<name>_drill.py` with a docstring that an administrator can read, and
`run(seed, *, full) -> list[Finding]`. Adding one touches no other file. With --write the report of each
drill that ran goes to docs/drills/<name>.md. Ends with 1 where a count decides against us.
"""

import argparse
import importlib
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.drills.findings import Finding

PROJECT = Path(__file__).parents[2]
PAGES = PROJECT / "docs" / "drills"
SUFFIX = "_drill.py"


def drill_names() -> list[str]:
    return sorted(path.name.removesuffix(SUFFIX) for path in Path(__file__).parent.glob(f"*{SUFFIX}"))


def drill(name: str):
    return importlib.import_module(f"tests.drills.{name}_drill")


def failed(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.decides and not finding.within]


def limit_of(finding: Finding) -> str:
    parts = []
    if finding.least is not None:
        parts.append(f"at least {shown(finding.least)}")
    if finding.most is not None:
        parts.append(f"at most {shown(finding.most)}")
    return ", ".join(parts)


def shown(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:.3g}"


def verdict(finding: Finding) -> str:
    if finding.least is None and finding.most is None:
        return ""
    if finding.within:
        return "ok" if finding.decides else "within"
    return "FAILED" if finding.decides else "over"


def text_table(findings: Sequence[Finding]) -> str:
    return "\n".join(
        f"  {finding.name}: {shown(finding.value)} {finding.unit}".rstrip()
        + (f" ({limit_of(finding)}: {verdict(finding)})" if limit_of(finding) else "")
        for finding in findings
    )


def report(name: str, findings: Sequence[Finding], *, seed: int, seconds: float) -> str:
    """Return docs/drills/<name>.md."""
    lines = [
        f"| {finding.name} | {shown(finding.value)} {finding.unit} | {limit_of(finding)} | {verdict(finding)} |"
        for finding in findings
    ]
    return "\n".join(
        (
            f"# Drill: {name.replace('_', ' ')}",
            "",
            f"Written by `make drills DRILL={name} SEED={seed}`; do not edit by hand. "
            f"{os.cpu_count()} cores, {round(psutil.virtual_memory().total / 2**30)} GB, {platform.system()}, "
            f"Python {platform.python_version()}, {datetime.now(UTC).date().isoformat()}, {seconds:.0f} s. "
            + ("**Not passed.**" if failed(findings) else "Passed."),
            "",
            (drill(name).__doc__ or "").strip(),
            "",
            "| what | found | limit | |",
            "|---|---:|---:|---|",
            *lines,
            "",
        )
    )


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drill", choices=drill_names(), help="this one alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="the form that the tests run")
    parser.add_argument("--write", action="store_true", help="write docs/drills")
    chosen = parser.parse_args(arguments)
    if chosen.short and chosen.write:
        parser.error("--write needs the full form")
    bad = 0
    for name in [chosen.drill] if chosen.drill else drill_names():
        print(f"{name} ...", flush=True)
        start = time.perf_counter()
        findings = drill(name).run(chosen.seed, full=not chosen.short)
        seconds = time.perf_counter() - start
        print(f"{text_table(findings)}\n  ({seconds:.0f} s)", flush=True)
        bad += len(failed(findings))
        if chosen.write:
            (PAGES / f"{name}.md").write_text(
                report(name, findings, seed=chosen.seed, seconds=seconds), encoding="utf-8"
            )
    print("every drill passed" if not bad else f"{bad} counts decide against us")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
