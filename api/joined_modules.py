"""The modules of a front end as one file: a page that starts asks for the map once instead of twenty-two times.

The modules of web/ need no build step, and no well-kept bundler comes with Python. What they may write is
narrow enough to be joined as text: named imports on one line, `export` before a declaration, and no cycle.
"""

import os
import re
from functools import cache, partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.assets import IMMUTABLE, WEB, assets_base

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "(\.{1,2}/[\w./]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import\b[^(]|export\b).*$", re.MULTILINE)


def imports_first(entry: Path) -> list[Path]:
    """Return a module and all that it imports, each after what it imports itself.

    Raises
    ------
    ValueError
        A module imports itself by way of others.
    """
    order: list[Path] = []
    open_: set[Path] = set()

    def visit(path: Path) -> None:
        if path in order:
            return
        if path in open_:
            raise ValueError(f"a cycle of imports at {path.name}")
        open_.add(path)
        for _, name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit(_beside(path.parent, name))
        order.append(path)

    visit(entry)
    return order


def join(entry: Path) -> str:
    """Return the text of one module that exports what `entry` does and imports nothing.

    Raises
    ------
    ValueError
        A cycle of imports, or an import or export that is written otherwise than above.
    """
    paths = imports_first(entry)
    names = {path: f"module{number}" for number, path in enumerate(paths)}
    parts = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        taken = _IMPORT.sub(partial(_take, path.parent, names), text)
        if path == entry:
            parts.append(taken)
            continue
        exports = ", ".join(_EXPORT.findall(taken))
        body = _EXPORT.sub("", taken)
        if left := _LEFT.search(body):
            raise ValueError(f"{path.name} cannot be joined: {left[0].strip()}")
        parts.append(f"const {names[path]} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();\n")
    return "".join(parts)


def _take(folder: Path, names: dict[Path, str], found: re.Match[str]) -> str:
    taken = found[1].replace(" as ", ": ")
    return f"const {{ {taken} }} = {names[_beside(folder, found[2])]};"


def _beside(folder: Path, name: str) -> Path:
    # Not `resolve`: below a linked folder it would lead out of the folder that the addresses are relative to.
    return Path(os.path.normpath(folder / name))


def joined_address(name: str) -> str:
    """Return the address of a front end's modules in one; beside its own ones, which may be asked for later."""
    return f"{assets_base()}/{name}/all.js"


@cache
def _joined(name: str) -> str:
    return join(WEB / name / "main.js")


def joined_routes() -> list[BaseRoute]:
    """Return a route for each front end below web/. They stand before its files."""

    def route(name: str) -> BaseRoute:
        def joined(_request: Request) -> Response:
            return Response(_joined(name), media_type="text/javascript", headers={"Cache-Control": IMMUTABLE})

        return Route(joined_address(name), joined, methods=["GET"])

    return [route(path.parent.name) for path in sorted(WEB.glob("*/main.js"))]
