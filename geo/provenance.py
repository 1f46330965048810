"""Cards of the bundled data: the TOML file beside each data file, read and checked.

A card says whose a file is, of when, over what its figures are, and what they do not count. The
form of a card is described in `docs/architecture.md`.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from domain.dataset import DatasetInfo, Denominator
from domain.errors import DataFileError, Problem, ProblemsError
from domain.text import Language, Text

BUNDLED_DATA = Path(__file__).parents[1] / "data"
"""Folder of the data files that come with the product."""

_KEYS: Mapping[str, type] = {
    "id": str,
    "path": str,
    "publisher": str,
    "source": str,
    "licence": str,
    "reference_date": date,
    "date_inferred": bool,
    "series": str,
    "denominator": str,
    "count": int,
    "sha256": str,
    "crs": str,
    "columns": list,
    "imported": bool,
    "invented": bool,
}
_REQUIRED = ("id", "path", "publisher", "source", "licence", "count", "sha256", "columns")
_TEXTS = ("title", "denominator_note", "date_note", "does_not_count")
_SHA256_LENGTH = 64
_CHUNK_BYTES = 1 << 20


def read_dataset_info(toml_path: Path) -> DatasetInfo:
    """Read and check one card.

    Parameters
    ----------
    toml_path
        The card; its data file lies beside it and has the same stem.

    Returns
    -------
    DatasetInfo
        The card with `path` as written: the file's name in the folder of the card.

    Raises
    ------
    ProblemsError
        Code `invalid_dataset_card`, with every problem of the card at once.

    Examples
    --------
    >>> read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml").count
    57
    """
    info, problems = _parse_card(toml_path)
    if problems or info is None:
        raise ProblemsError("invalid_dataset_card", problems, file=toml_path.name)
    return info


def read_all(data_dir: Path = BUNDLED_DATA) -> dict[str, DatasetInfo]:
    """Read every card below `data_dir`.

    Parameters
    ----------
    data_dir
        Folder that is searched with its subfolders.

    Returns
    -------
    dict
        Cards by id, in the order of their files; here `path` is relative to `data_dir`, so that
        `verify_file(info, data_dir)` finds the file.

    Raises
    ------
    ProblemsError
        Code `invalid_dataset_card`, with every problem of all cards at once; an id that stands
        in two cards is one.

    Examples
    --------
    >>> read_all()["city_parts"].path
    'boundaries/city_parts.geojson'
    """
    found: dict[str, DatasetInfo] = {}
    problems: list[Problem] = []
    for card in sorted(data_dir.rglob("*.toml")):
        info, own_problems = _parse_card(card)
        problems += own_problems
        if info is None:
            continue
        place = card.relative_to(data_dir)
        if info.id in found:
            problems.append(Problem(code="card_id_twice", field=str(place), value=info.id, limit=found[info.id].path))
            continue
        found[info.id] = replace(info, path=place.with_name(info.path).as_posix())
    if problems:
        raise ProblemsError("invalid_dataset_card", problems, file=data_dir.name)
    return found


def verify_file(info: DatasetInfo, base_dir: Path) -> Path:
    """Check that the data file of a card is there and is byte for byte the one described.

    Parameters
    ----------
    info
        The card.
    base_dir
        Folder that `info.path` is relative to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataFileError
        Code `data_file_missing` or `data_file_changed` (its SHA-256 is another).

    Examples
    --------
    >>> card = BUNDLED_DATA / "boundaries" / "city_parts.toml"
    >>> verify_file(read_dataset_info(card), card.parent).name
    'city_parts.geojson'
    """
    path = base_dir / info.path
    if not path.is_file():
        raise DataFileError("data_file_missing", file=info.path)
    if sha256_of(path) != info.sha256:
        raise DataFileError("data_file_changed", file=info.path)
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 lower-case hexadecimal digits.

    Raises
    ------
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> len(sha256_of(BUNDLED_DATA / "boundaries" / "city_parts.geojson"))
    64
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _parse_card(card: Path) -> tuple[DatasetInfo | None, list[Problem]]:
    """Return the card (None if it has problems) and its problems."""
    try:
        raw = tomllib.loads(card.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [Problem(code="card_unreadable", field=card.name, value=str(error))]
    problems = _problems_of_keys(raw, card.name)
    texts = {key: _parse_text(raw.get(key), f"{card.name}: {key}", problems) for key in _TEXTS}
    if texts["title"] is None and "title" not in raw:
        problems.append(Problem(code="card_key_missing", field=f"{card.name}: title"))
    if not problems:
        problems += _problems_of_values(raw, card)
    if problems:
        return None, problems
    values: dict[str, Any] = {key: raw[key] for key in _KEYS if key in raw} | texts
    values["columns"] = tuple(values["columns"])
    values["denominator"] = Denominator(values.get("denominator", Denominator.NONE))
    values.setdefault("reference_date", None)
    return DatasetInfo(**values), []


def _problems_of_keys(raw: Mapping[str, object], name: str) -> list[Problem]:
    """Return keys that are missing, unknown or of another type than they should be."""
    problems = [Problem(code="card_key_missing", field=f"{name}: {key}") for key in _REQUIRED if key not in raw]
    for key, value in raw.items():
        where = f"{name}: {key}"
        if key in _TEXTS:
            continue
        if key not in _KEYS:
            # A misspelt optional key would otherwise be lost without a word.
            problems.append(Problem(code="card_key_unknown", field=where))
        elif not _has_type(value, _KEYS[key]):
            problems.append(Problem(code="card_type", field=where, value=str(value), limit=_KEYS[key].__name__))
        elif key in _REQUIRED and isinstance(value, str) and not value.strip():
            problems.append(Problem(code="card_key_missing", field=where))
    return problems


def _has_type(value: object, expected: type) -> bool:
    """Return whether a TOML value has the type, keeping bool and int, date and datetime apart."""
    if expected is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if expected is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is expected


def _parse_text(value: object, where: str, problems: list[Problem]) -> Text | None:
    """Return a text in three languages, or None after adding what is wrong with it."""
    if value is None:
        return None
    if not isinstance(value, dict):
        problems.append(Problem(code="card_type", field=where, value=str(value), limit="cs, en, uk"))
        return None
    faults = [
        Problem(code="card_language_missing", field=where, value=language.value)
        for language in Language
        if not (isinstance(value.get(language.value), str) and value[language.value].strip())
    ]
    faults += [
        Problem(code="card_key_unknown", field=f"{where}.{key}")
        for key in value
        if key not in {language.value for language in Language}
    ]
    problems += faults
    return None if faults else Text(**value)


def _problems_of_values(raw: Mapping[str, Any], card: Path) -> list[Problem]:
    """Return values that have the right type and cannot be true."""
    problems = []

    def add(key: str, value: object, limit: str) -> None:
        problems.append(Problem(code="card_value", field=f"{card.name}: {key}", value=str(value), limit=limit))

    path, digest = raw["path"], raw["sha256"]
    if Path(path).name != path or Path(path).stem != card.stem:
        add("path", path, f"{card.stem}.*")
    if len(digest) != _SHA256_LENGTH or set(digest) - set("0123456789abcdef"):
        add("sha256", digest, "64 x 0-9a-f")
    if raw["count"] < 0:
        add("count", raw["count"], ">= 0")
    denominator = raw.get("denominator", Denominator.NONE)
    if denominator not in {kind.value for kind in Denominator}:
        add("denominator", denominator, ", ".join(Denominator))
    if len(set(raw["columns"])) != len(raw["columns"]):
        add("columns", ", ".join(raw["columns"]), "unique")
    if (raw.get("series") or denominator != Denominator.NONE) and "does_not_count" not in raw:
        # Every figure says what it does not count.
        problems.append(Problem(code="card_key_missing", field=f"{card.name}: does_not_count"))
    return problems
