"""The words that people choose from: kinds of place, needs, outcomes, languages.

The terms live in `data/places/vocabularies.csv`; `scope` says on what a term may stand and
`origin` which terms a source names and which are a proposal. English and Ukrainian labels are the
product's own and unreviewed.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from domain.errors import DataFileError, InvalidValueError, Problem, ProblemsError
from domain.text import Text

VOCABULARIES_FILE = Path(__file__).parents[1] / "data" / "places" / "vocabularies.csv"
_COLUMNS = ("vocabulary", "code", "label_cs", "label_en", "label_uk", "scope", "origin", "source")

_NEVER_ON_A_PLACE = re.compile(
    r"neregul[eé]rn|neleg[aá]ln|nedokumentovan|bez (?:platných )?doklad|vyko[rř]is[tť]|obchod\w* s lidmi"
    r"|nucen\w* pr[aá]c"
    r"|irregular|illegal|undocumented|exploit|traffick|slavery|forced labou?r"
    r"|нелегальн|нерегулярн|неврегульован|без документів|експлуатац|торгівл\w* людьми|примусов\w* прац"
    r"|\b90[\s_-]*(?:d|д)|\bdo[\s_-]?90\b",
    re.IGNORECASE,
)


class Scope(StrEnum):
    """On what a term may stand."""

    PLACE = "place"
    VISIT = "visit"
    CITY_PART_QUARTER = "city_part_quarter"
    OUTING = "outing"
    SERVICE = "service"
    KNOWLEDGE = "knowledge"
    PROJECT = "project"
    CO_OPERATION = "co-operation"
    ORGANISATION = "organisation"


OF_PLACES = frozenset({Scope.PLACE, Scope.VISIT})
"""Scopes whose terms are stored on a place or on what happened there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One choice. `code` is what the store holds; `origin` is for the page of sources."""

    code: str
    label: Text
    scope: Scope
    origin: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Terms in the order in which they are offered, the commonest first."""

    id: str
    terms: tuple[Term, ...]

    @property
    def labels(self) -> Mapping[str, Text]:
        """Return the labels by code, all scopes together."""
        return {term.code: term.label for term in self.terms}


def names_what_is_never_stored(text: str) -> bool:
    """Return whether a text names what is never stored on a place or a visit.

    Irregular stay, stays up to 90 days, trafficking and exploitation, in Czech, English or
    Ukrainian. Meant for terms and for headings of imported tables, not as a filter of free text.

    Examples
    --------
    >>> names_what_is_never_stored("Pobyt do 90 dnů"), names_what_is_never_stored("Tržnice / velkoobchod")
    (True, False)
    """
    return _NEVER_ON_A_PLACE.search(text) is not None


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Return all vocabularies by id, read and checked once per process.

    Raises
    ------
    ProblemsError
        As `load_vocabularies`.

    Examples
    --------
    >>> vocabularies()["typ_lokality"].terms[0].code
    'ubytovna'
    """
    return load_vocabularies(VOCABULARIES_FILE)


def load_vocabularies(path: Path) -> Mapping[str, Vocabulary]:
    """Read and check a file of vocabularies.

    Raises
    ------
    DataFileError
        Code `data_file_missing`.
    ProblemsError
        Code `invalid_vocabularies`, with every problem at once: missing columns or labels, unknown
        scopes, codes that stand twice, terms that may not stand on a place or a visit.
    """
    if not path.is_file():
        raise DataFileError("data_file_missing", file=path.name)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    problems = [Problem(code="vocabulary_column_missing", field=column) for column in missing]
    if not problems:
        problems = list(_problems_of_rows(rows))
    if problems:
        raise ProblemsError("invalid_vocabularies", problems, file=path.name)
    found: dict[str, list[Term]] = {}
    for row in rows:
        label = Text(cs=row["label_cs"], en=row["label_en"], uk=row["label_uk"])
        found.setdefault(row["vocabulary"], []).append(
            Term(code=row["code"], label=label, scope=Scope(row["scope"]), origin=row["origin"], source=row["source"])
        )
    return MappingProxyType({name: Vocabulary(id=name, terms=tuple(terms)) for name, terms in found.items()})


def terms(vocabulary_id: str, scope: Scope) -> tuple[Term, ...]:
    """Return the terms that may stand on `scope`, in the order in which they are offered.

    Raises
    ------
    InvalidValueError
        Code `unknown_vocabulary`.

    Examples
    --------
    >>> [term.code for term in terms("pristup", Scope.PLACE)]
    ['volny', 's_vratnym', 'odepren', 'nevim']
    """
    return tuple(term for term in _vocabulary(vocabulary_id).terms if term.scope is scope)


def require_term(vocabulary_id: str, code: str, scope: Scope) -> Term:
    """Return the term with this code.

    Every way into the store (form, import, API) asks here.

    Raises
    ------
    InvalidValueError
        Code `unknown_vocabulary`; `term_not_allowed` if there is no such code or it may not stand
        on `scope`.

    Examples
    --------
    >>> require_term("cilova_skupina", "do90", Scope.PLACE)
    Traceback (most recent call last):
    domain.errors.InvalidValueError: term_not_allowed (vocabulary='cilova_skupina', value='do90')
    """
    for term in terms(vocabulary_id, scope):
        if term.code == code:
            return term
    raise InvalidValueError("term_not_allowed", vocabulary=vocabulary_id, value=code)


def _vocabulary(vocabulary_id: str) -> Vocabulary:
    try:
        return vocabularies()[vocabulary_id]
    except KeyError:
        raise InvalidValueError("unknown_vocabulary", vocabulary=vocabulary_id) from None


def _problems_of_rows(rows: Iterable[Mapping[str, str]]) -> Iterable[Problem]:
    """Yield what is wrong with the rows; row 1 is the heading."""
    seen: set[tuple[str, str]] = set()
    scopes = {scope.value for scope in Scope}
    for number, row in enumerate(rows, start=2):
        cells = {column: row[column] or "" for column in _COLUMNS}
        for column in _COLUMNS[:6]:
            if not cells[column].strip():
                yield Problem(code="vocabulary_cell_empty", field=column, row=number)
        key = (cells["vocabulary"], cells["code"])
        if key in seen:
            yield Problem(code="vocabulary_code_twice", field=key[0], row=number, value=key[1])
        seen.add(key)
        if cells["scope"] not in scopes:
            yield Problem(code="vocabulary_scope_unknown", field="scope", row=number, value=cells["scope"])
        elif Scope(cells["scope"]) in OF_PLACES:
            for column in ("code", "label_cs", "label_en", "label_uk"):
                if names_what_is_never_stored(cells[column]):
                    yield Problem(code="vocabulary_term_forbidden", field=column, row=number, value=cells[column])


LANGUAGE_NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "cs": Text(cs="čeština", en="Czech", uk="чеська"),
        "uk": Text(cs="ukrajinština", en="Ukrainian", uk="українська"),
        "ru": Text(cs="ruština", en="Russian", uk="російська"),
        "vi": Text(cs="vietnamština", en="Vietnamese", uk="в’єтнамська"),
        "en": Text(cs="angličtina", en="English", uk="англійська"),
        "sk": Text(cs="slovenština", en="Slovak", uk="словацька"),
        "ro": Text(cs="rumunština, moldavština", en="Romanian, Moldovan", uk="румунська, молдовська"),
        "bg": Text(cs="bulharština", en="Bulgarian", uk="болгарська"),
        "mn": Text(cs="mongolština", en="Mongolian", uk="монгольська"),
        "zh": Text(cs="čínština", en="Chinese", uk="китайська"),
        "ar": Text(cs="arabština", en="Arabic", uk="арабська"),
        "hi": Text(cs="hindština", en="Hindi", uk="гінді"),
        "ka": Text(cs="gruzínština", en="Georgian", uk="грузинська"),
        "uz": Text(cs="uzbečtina", en="Uzbek", uk="узбецька"),
        "kk": Text(cs="kazaština", en="Kazakh", uk="казахська"),
        "pl": Text(cs="polština", en="Polish", uk="польська"),
        "es": Text(cs="španělština", en="Spanish", uk="іспанська"),
        "fr": Text(cs="francouzština", en="French", uk="французька"),
        "de": Text(cs="němčina", en="German", uk="німецька"),
        "tr": Text(cs="turečtina", en="Turkish", uk="турецька"),
        "fil": Text(cs="filipínština", en="Filipino", uk="філіппінська"),
        "ne": Text(cs="nepálština", en="Nepali", uk="непальська"),
        "be": Text(cs="běloruština", en="Belarusian", uk="білоруська"),
        "other": Text(cs="jiný jazyk", en="another language", uk="інша мова"),
    }
)
"""Names of languages by ISO 639 code, Czech among them because services offer it."""

LANGUAGES_HEARD: Mapping[str, Text] = MappingProxyType(
    {code: name for code, name in LANGUAGE_NAMES.items() if code != "cs"}
)
"""Languages that may be noted as heard at a place, the commonest in Prague first."""


class CoarseKind(StrEnum):
    """What remains of a kind of place where the privacy gate hides the kind itself."""

    LIVE = "live"
    WORK = "work"
    MEET = "meet"
    OTHER = "other"


COARSE_KIND_LABELS: Mapping[CoarseKind, Text] = MappingProxyType(
    {
        CoarseKind.LIVE: Text(cs="bydlení", en="living", uk="проживання"),
        CoarseKind.WORK: Text(cs="práce", en="work", uk="робота"),
        CoarseKind.MEET: Text(cs="setkávání", en="meeting", uk="зустрічі"),
        CoarseKind.OTHER: Text(cs="jiné", en="other", uk="інше"),
    }
)

_COARSE_KINDS: Mapping[str, CoarseKind] = MappingProxyType(
    {
        "ubytovna": CoarseKind.LIVE,
        "sidliste": CoarseKind.LIVE,
        "azylove_zarizeni": CoarseKind.LIVE,
        "pracoviste": CoarseKind.WORK,
        "trznice": CoarseKind.WORK,
        "obchod": CoarseKind.WORK,
        "komunita": CoarseKind.MEET,
        "dopravni_uzel": CoarseKind.MEET,
        "skola": CoarseKind.MEET,
        "urad": CoarseKind.MEET,
        "ulice": CoarseKind.MEET,
    }
)

OPEN_KINDS = frozenset({"trznice", "obchod", "skola", "urad", "dopravni_uzel"})
"""Kinds of place that anybody may enter: they are shown one tier more openly than the others."""


def coarse_kind(kind: str) -> CoarseKind:
    """Return how a kind of place is named where the kind itself is hidden.

    A kind that is not known here becomes `other`: the gate must never fail open.

    Examples
    --------
    >>> coarse_kind("ubytovna").value, coarse_kind("jina").value
    ('live', 'other')
    """
    return _COARSE_KINDS.get(kind, CoarseKind.OTHER)
