"""City parts by what Czech offices write: a code, or a name in any of its usual spellings.

"Praha 4" alone names three areas: the městská část, the správní obvod (22 of them) and the městský
obvod (one of ten). It is never guessed; see `UnitState.AMBIGUOUS`.
"""

import csv
import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType

from domain.errors import DataFileError
from geo.provenance import BUNDLED_DATA

CITY_PARTS_FILE = BUNDLED_DATA / "figures" / "city_parts.csv"
PRAGUE_CODES = frozenset({"554782", "cz010", "cz0100", "cz01"})
"""Codes of the whole city in Czech code lists (obec, NUTS, kraj); rows with them are totals."""

LAST_OBVOD = 10
"""The městské obvody are Praha 1 to Praha 10."""

SUGGESTIONS = 3
_CACHED_TEXTS = 8192
_LIKENESS = 0.6
# Names by which numbered city parts were known before they got a number; offered, never assumed.
_FORMER_NAMES: Mapping[str, int] = {
    "radotin": 16,
    "repy": 17,
    "letnany": 18,
    "kbely": 19,
    "horni pocernice": 20,
    "ujezd nad lesy": 21,
    "uhrineves": 22,
}
_ABBREVIATED: Mapping[str, str] = {
    "d": "dolni",
    "dol": "dolni",
    "v": "velka",
    "vel": "velka",
    "p": "predni",
    "pr": "predni",
    "pred": "predni",
}
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u00ad\u2043\ufe58\ufe63\uff0d_-]")
_SUPERSCRIPTS = re.compile(r"[\u00b9\u00b2\u00b3\u2070-\u207f]+")
_FOOTNOTE = re.compile(r"(?:\s+\d{1,2}\)|(?<=[^\W\d])\d{1,2}\)|\s*[*†‡]+)+\s*$")
_CODE = re.compile(r"^(\d{6})(?:[.,]0+)?$")
_PART_PREFIX = re.compile(
    r"^(?:(?:u|urad|radnice)\s*)?"
    r"(?:m\s?c|u\s?m\s?c|mestsk[ae] casti?|mestska cast|mestske casti|city part|municipal district)\s+(?=\S)"
)
_DISTRICT_PREFIX = re.compile(
    r"^(?:(?P<so>s\s?o|spravni obvod[uy]?|administrative district)|(?P<obvod>(?:mestsky )?obvod[uy]?))\s+(?=\S)"
)
_SUFFIX = re.compile(r"^((?:praha|p) ?\d{1,2}) (mc|mestska cast|so|spravni obvod|obvod)$")
_CITY = re.compile(r"^(?:(?:hl|hlavni|m|mesto|mesta)\s+)*(?:praha|praze|prahy|prague)\b\s*")
_NUMBERED = re.compile(r"^(?:praha|prahy|praze|prague|p)?\s*0?(\d{1,2})$")
_TOTAL_MARKS = frozenset(
    ["celkem", "uhrnem", "uhrn", "soucet", "suma", "total", "souhrn", "hmp", "hlmp", "praha", "prahu", "praze",
     "prague", "σ"]
)  # fmt: skip
_TOTAL_WORDS = _TOTAL_MARKS | frozenset(
    ["celkovy", "celkove", "vsechny", "vsech", "cela", "cele", "mestske", "casti", "mc", "hl", "hlavni", "m", "mesto",
     "mesta", "prahy", "kraj", "za", "v", "57"]
)  # fmt: skip
_REMAINDER = re.compile(
    r"\b(?:nezjisten\w*|neuveden\w*|nezarazen\w*|neznam\w*|neurcen\w*|nelze zaradit|nerozdelen\w*|ostatni|"
    r"bez (?:urceni|mc|mestske|trvaleho)\w*|unknown|not stated)\b"
)


class UnitState(StrEnum):
    """What the text of a row turned out to be."""

    EXACT = "exact"
    AMBIGUOUS = "ambiguous"
    DISTRICT = "district"
    TOTAL = "total"
    REMAINDER = "remainder"
    UNKNOWN = "unknown"


class Division(StrEnum):
    """Which division "Praha 4" belongs to."""

    CITY_PART = "city_part"
    ADMIN_DISTRICT = "admin_district"
    OBVOD = "obvod"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMatch:
    """The result for one text.

    `code` is the city part of an EXACT match and the city part among the candidates of an
    AMBIGUOUS one. `number` is the N of "Praha N". `candidates` are the divisions an AMBIGUOUS or
    DISTRICT text may mean. `suggestions` are codes of city parts with a similar name.
    """

    text: str
    state: UnitState
    code: str | None = None
    number: int | None = None
    candidates: tuple[Division, ...] = ()
    suggestions: tuple[str, ...] = ()


@cache
def city_part_names() -> Mapping[str, str]:
    """Return the official names of the 57 city parts by code (ČSÚ code list of MOMC).

    Raises
    ------
    DataFileError
        Code `data_file_missing` if the list is not there.

    Examples
    --------
    >>> city_part_names()["547051"]
    'Praha-Libuš'
    """
    try:
        with CITY_PARTS_FILE.open(encoding="utf-8", newline="") as file:
            return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(file)})
    except FileNotFoundError:
        raise DataFileError("data_file_missing", file=CITY_PARTS_FILE.name) from None


@lru_cache(maxsize=_CACHED_TEXTS)
def fold(text: str) -> str:
    r"""Return the text in lower case without diacritics, dashes, dots and doubled spaces.

    Examples
    --------
    >>> fold("MČ\u00a0Praha–Libuš")
    'mc praha libus'
    """
    plain = unicodedata.normalize("NFKD", _SUPERSCRIPTS.sub("", text))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    # A format character such as a zero-width space or a byte order mark is invisible to the writer.
    plain = "".join(" " if unicodedata.category(c) == "Zs" else c for c in plain if unicodedata.category(c) != "Cf")
    plain = _DASHES.sub(" ", plain)
    return " ".join(re.sub(r"[.,;:/()\"'„“”]", " ", plain).split())


def match_unit(text: str | float | None, *, suggest: bool = True) -> UnitMatch:
    """Return which city part a text, or a code read as a number, names.

    Parameters
    ----------
    text
        Cell of the column that names the rows.
    suggest
        Whether to look for similar names where the text is unknown; the slow part.

    Returns
    -------
    UnitMatch
        EXACT only where one reading is possible; a code, a name, or "MČ Praha 4". "Praha 4" and
        "P4" are AMBIGUOUS, "SO Praha 4" and "obvod 4" a DISTRICT, "Celkem" and "Hl. m. Praha" a
        TOTAL, "nezjištěno" a REMAINDER.

    Examples
    --------
    >>> match_unit("MČ Praha - Libuš").code
    '547051'
    >>> match_unit(500119.0).code
    '500119'
    >>> match_unit("Praha 4").candidates[0], match_unit("MČ Praha 4").code
    (<Division.CITY_PART: 'city_part'>, '500119')
    """
    return _match_text(_plain(text), suggest=suggest)


@lru_cache(maxsize=_CACHED_TEXTS)
def _match_text(raw: str, *, suggest: bool) -> UnitMatch:
    coded = _match_code(raw)
    if coded:
        return coded
    folded = _expand(_suffix_first(fold(_without_footnote(raw))))
    if not folded:
        return UnitMatch(text=raw, state=UnitState.UNKNOWN)
    return _match_district(raw, folded) or _match_name(raw, folded) or _match_rest(raw, folded, suggest=suggest)


def city_part_of_number(number: int) -> str | None:
    """Return the code of the city part "Praha `number`", None where there is none.

    Examples
    --------
    >>> city_part_of_number(22), city_part_of_number(23)
    ('538931', None)
    """
    return _index().get(f"praha {number}")


@cache
def _index() -> Mapping[str, str]:
    """Return codes by folded name, with and without "Praha" where the name has no number."""
    found: dict[str, str] = {}
    for code, name in city_part_names().items():
        folded = fold(name)
        found[folded] = code
        short = folded.removeprefix("praha ")
        if not short.isdigit():
            found[short] = code
    found["ujezd u pruhonic"] = found["ujezd"]
    return MappingProxyType(found)


def _plain(text: str | float | None) -> str:
    """Return the cell as a text; whole numbers lose their decimal point."""
    if text is None:
        return ""
    if isinstance(text, float) and text.is_integer():
        return str(int(text))
    return str(text).strip()


def _match_code(raw: str) -> UnitMatch | None:
    """Return the match of a code, None where the text is no code."""
    compact = re.sub(r"\s", "", raw)
    if compact.casefold().removesuffix(".0") in PRAGUE_CODES:
        return UnitMatch(text=raw, state=UnitState.TOTAL)
    found = _CODE.match(compact)
    if not found:
        return None
    if found[1] in city_part_names():
        return UnitMatch(text=raw, state=UnitState.EXACT, code=found[1])
    return UnitMatch(text=raw, state=UnitState.UNKNOWN)


def _without_footnote(raw: str) -> str:
    """Drop a footnote mark ("Libuš 1)"), unless it is the number of the city part ("Praha 4)")."""
    stripped = _FOOTNOTE.sub("", raw)
    words = fold(stripped).split()
    return raw if words and words[-1] in {"praha", "p", "mc", "cast"} else stripped


def _suffix_first(folded: str) -> str:
    """Turn "praha 4 mc" into "mc praha 4"."""
    found = _SUFFIX.match(folded)
    return f"{found[2]} {found[1]}" if found else folded


def _expand(folded: str) -> str:
    """Write abbreviated adjectives in full where that makes a known name ("D. Chabry")."""
    words = folded.split()
    for position, word in enumerate(words[:-1]):
        full = _ABBREVIATED.get(word)
        if full and f"{full} {words[position + 1]}" in _index():
            words[position] = full
    return " ".join(words)


def _match_district(raw: str, folded: str) -> UnitMatch | None:
    """Return a DISTRICT where the text says that it is one."""
    found = _DISTRICT_PREFIX.match(folded)
    if not found:
        return None
    number = _number_of(folded[found.end() :], bare=True)
    if number is None:
        return None
    kind = Division.ADMIN_DISTRICT if found["so"] or number > LAST_OBVOD else Division.OBVOD
    return UnitMatch(text=raw, state=UnitState.DISTRICT, number=number, candidates=(kind,))


def _match_name(raw: str, folded: str) -> UnitMatch | None:
    """Return EXACT or AMBIGUOUS for a name of a city part."""
    rest = _PART_PREFIX.sub("", folded)
    says_city_part = rest != folded
    rest = _without_former_name(rest)
    number = _number_of(rest, bare=says_city_part)
    if number is not None:
        code = city_part_of_number(number)
        if says_city_part:
            return UnitMatch(text=raw, state=UnitState.EXACT, code=code, number=number)
        candidates = [Division.CITY_PART, Division.ADMIN_DISTRICT]
        if number <= LAST_OBVOD:
            candidates.append(Division.OBVOD)
        return UnitMatch(text=raw, state=UnitState.AMBIGUOUS, code=code, number=number, candidates=tuple(candidates))
    name = _PART_PREFIX.sub("", _CITY.sub("", rest)) if _CITY.match(rest) else rest.removeprefix("p ")
    code = _index().get(rest) or _index().get(name)
    return UnitMatch(text=raw, state=UnitState.EXACT, code=code) if code else None


def _match_rest(raw: str, folded: str, *, suggest: bool) -> UnitMatch:
    """Return TOTAL, REMAINDER, or UNKNOWN with suggestions."""
    words = set(folded.split())
    if words <= _TOTAL_WORDS and words & _TOTAL_MARKS:
        return UnitMatch(text=raw, state=UnitState.TOTAL)
    if _REMAINDER.search(folded):
        return UnitMatch(text=raw, state=UnitState.REMAINDER)
    return UnitMatch(text=raw, state=UnitState.UNKNOWN, suggestions=_suggestions(folded) if suggest else ())


def _number_of(text: str, *, bare: bool = False) -> int | None:
    """Return N of "praha N" or "pN", or of "N" alone where `bare`, if a city part has that number."""
    found = _NUMBERED.match(_CITY.sub("praha ", text) if _CITY.match(text) else text)
    if not found or (text[0].isdigit() and not bare and not text.startswith("praha")):
        return None
    number = int(found[1])
    return number if city_part_of_number(number) else None


def _without_former_name(text: str) -> str:
    """Drop the name in "praha 20 horni pocernice" where it belongs to that number."""
    for name, number in _FORMER_NAMES.items():
        if text.endswith(f"{number} {name}"):
            return text.removesuffix(f" {name}")
    return text


def _suggestions(folded: str) -> tuple[str, ...]:
    """Return codes of the city parts whose names are nearest to a folded text."""
    name = _CITY.sub("", _PART_PREFIX.sub("", folded)) or folded
    if name in _FORMER_NAMES:
        code = city_part_of_number(_FORMER_NAMES[name])
        return (code,) if code else ()
    inside = [code for known, code in _index().items() if re.search(rf"\b{re.escape(known)}\b", folded)]
    near = difflib.get_close_matches(name, _index(), n=2 * SUGGESTIONS, cutoff=_LIKENESS)
    near += difflib.get_close_matches(folded, _index(), n=SUGGESTIONS, cutoff=_LIKENESS)
    return tuple(dict.fromkeys([*inside, *(_index()[known] for known in near)]))[:SUGGESTIONS]
