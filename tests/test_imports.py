"""Imports go one way; a finding names file and line."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "domain": set(),
    "geo": {"domain"},
    "store": {"domain"},
    "layers": {"domain", "geo"},
    "actions": {"domain", "geo", "store", "layers"},
    "api": {"domain", "geo", "store", "layers", "actions", "ui.localisation"},
    "ui": {"domain", "geo", "store", "layers", "actions", "api", "pages"},
    "pages": {"domain", "geo", "store", "layers", "actions", "api", "ui"},
}
OURS = set(MAY_IMPORT) | {"app", "tests"}
ONLY_IN = {
    "streamlit": lambda path: path.parts[0] in {"ui", "pages"} or path.name == "app.py",
    "folium": lambda path: str(path) == "layers/_folium.py",
    "branca": lambda path: str(path) == "layers/_folium.py",
    "sqlalchemy": lambda path: path.parts[0] == "store",
    "alembic": lambda path: path.parts[0] == "store",
    "sqlite3": lambda path: path.parts[0] == "store" or str(path) == "api/base_map.py",
    "psycopg": lambda path: path.parts[0] == "store",
}
FILES = sorted(
    path.relative_to(ROOT)
    for folder in (*MAY_IMPORT, ".")
    for path in (ROOT / folder).glob("*.py" if folder == "." else "**/*.py")
    if "migrations/versions" not in str(path)
)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def findings(path, source):
    package = path.parts[0] if len(path.parts) > 1 else None
    for name, line in imported(ast.parse(source)):
        top = name.split(".")[0]
        if top in ONLY_IN and not ONLY_IN[top](path):
            yield f"{path}:{line} imports {name}"
        if package == "domain" and top not in OURS and top not in STANDARD_LIBRARY:
            yield f"{path}:{line} imports {name}, domain/ takes the standard library only"
        if package and top in OURS and top != package:
            allowed = MAY_IMPORT[package]
            exact = any(name == a or name.startswith(f"{a}.") for a in allowed)
            parent_of_allowed = any(a.startswith(f"{name}.") for a in allowed)
            if not (exact or parent_of_allowed):
                yield f"{path}:{line} imports {name}"


STANDARD_LIBRARY = __import__("sys").stdlib_module_names


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_go_one_way(path):
    assert list(findings(path, (ROOT / path).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("geo/x.py", "import streamlit"),
        ("geo/x.py", "from store import open_store"),
        ("domain/x.py", "import numpy"),
        ("layers/x.py", "import folium"),
        ("store/x.py", "from geo.locate import locate"),
        ("api/x.py", "from ui.map_page import show_map"),
    ],
)
def test_a_wrong_import_is_found(path, source):
    assert [finding for finding in findings(Path(path), source) if finding.startswith(f"{path}:1 ")]


def test_nothing_reads_the_founders_notes():
    notes = str(Path("..") / "shared")
    for path in (*FILES, *(found.relative_to(ROOT) for found in (ROOT / "web").rglob("*.*"))):
        assert notes not in (ROOT / path).read_text(encoding="utf-8"), path
