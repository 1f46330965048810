"""Checks of what people type: every problem at once, and a question where a text looks personal."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.errors import InvalidValueError, NotFoundError, Problem
from domain.place import (
    AREA_MAX_LENGTH,
    NAME_MAX_LENGTH,
    NOTE_MAX_LENGTH,
    ChangeDraft,
    LocatedPlace,
    PlaceDraft,
    VisitDraft,
)
from domain.quick_records import INTERPRETER_CODES
from domain.vocabulary import LANGUAGES_HEARD, Scope, require_term
from geo.boundaries import boundaries, city_part_name
from geo.locate import OutsidePrague, locate

EARLIEST_DATE = date(2000, 1, 1)
KIND_THAT_NEEDS_A_NAME = "jina"
REASON_MAX_LENGTH = 200
UUID_VERSION = 7

# Invisible and without meaning between letters: they go without a word. The joiners U+200C and
# U+200D stay, some scripts need them.
_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Marks and overrides of direction and language tags can make a text read differently from what it says.
_REFUSED = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029") | {
    chr(code) for code in (*range(0xE0000, 0xE0080), 0xFFFE, 0xFFFF)
}
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})
_LAYOUT = frozenset("\n\t")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONES = (
    re.compile(r"(?<![\w+])(?:\+|00)\d{1,3}(?:[\s./-]?\(?\d\)?){7,11}(?!\d)"),
    re.compile(r"(?<![\d+])[2-79]\d{2}[\s.-]?\d{3}[\s.-]?\d{3}(?![\d/])"),
    re.compile(r"(?<!\d)0\d{2}[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\d)"),
)
_BIRTH_NUMBER = re.compile(r"(?<!\d)\d{2}(\d{2})(\d{2})\s?(/?)\s?\d{3,4}(?!\d)")
_BIRTH_MONTHS = frozenset(month + offset for month in range(1, 13) for offset in (0, 20, 50, 70))
_LAST_DAY = 31
_BIRTH_NUMBER_LENGTH = 10
_TITLED = re.compile(
    r"\b(?:(?:Ing|Mgr|MgA|BcA|Bc|MUDr|MDDr|MVDr|JUDr|PhDr|RNDr|PharmDr|PaedDr|ThDr|Dr|[Dd]oc|[Pp]rof)\.?"
    r"|[Pp]an(?:a|u|em|í|ové|e)?|[Ss]lečn(?:a|y|u|ou|ě)|Mr\.?|Mrs\.?|Ms\.?"
    r"|[Пп]ан(?:а|у|ом|ові|і|і)?|[Гг]осподин(?:а|у)?|[Гг]оспож[аиу])\s+(\w+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPlace:
    """A draft with its texts made tidy; `located` is None where a problem prevents it."""

    located: LocatedPlace | None
    problems: tuple[Problem, ...]


def clean_text(text: str) -> str:
    """Return `text` in NFC, with plain line ends, without zero-width characters and outer blanks.

    HTML and letters of any script stay as they were typed: they are shown as text everywhere.

    Examples
    --------
    >>> clean_text("  Ubytovna\u200b <b>Háje</b> ")
    'Ubytovna <b>Háje</b>'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    return unicodedata.normalize("NFC", plain).strip()


def text_problems(field: str, text: str, *, limit: int, lines: bool) -> list[Problem]:
    """Return what is wrong with a cleaned text: too long, or characters that cannot be seen."""
    problems = []
    if len(text) > limit:
        problems.append(Problem(code="text_too_long", field=field, value=str(len(text)), limit=str(limit)))
    allowed = _LAYOUT if lines else frozenset()
    if any(_is_refused(letter) and letter not in allowed for letter in text):
        problems.append(Problem(code="control_characters", field=field))
    return problems


def _is_refused(letter: str) -> bool:
    return letter in _REFUSED or unicodedata.category(letter) in _REFUSED_CATEGORIES


def _is_visible(text: str) -> bool:
    """Return whether anything of `text` can be seen: joiners and combining marks alone cannot."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def check_place(draft: PlaceDraft) -> CheckedPlace:
    """Check a draft and locate it; every problem at once.

    A draft with a position counts for the city part that holds it, whatever its `city_part` says.
    """
    name, note = clean_text(draft.name), clean_text(draft.note)
    problems = [
        *id_problems(draft.id),
        *_term_problems("kind", "typ_lokality", _required(draft.kind), Scope.PLACE),
        *text_problems("name", name, limit=NAME_MAX_LENGTH, lines=False),
        *text_problems("note", note, limit=NOTE_MAX_LENGTH, lines=True),
        *_term_problems("target_groups", "cilova_skupina", draft.target_groups, Scope.PLACE),
        *_term_problems("headcount", "pocet_lidi", _given(draft.headcount), Scope.PLACE),
        *_term_problems("access", "pristup", _given(draft.access), Scope.PLACE),
        *_language_problems(draft.languages),
    ]
    if not draft.kind:
        problems.append(Problem(code="kind_missing", field="kind"))
    if draft.kind == KIND_THAT_NEEDS_A_NAME and not _is_visible(name):
        problems.append(Problem(code="name_missing", field="name"))
    tidy = replace(
        draft,
        name=name if _is_visible(name) else "",
        note=note if _is_visible(note) else "",
        city_part=None if draft.position else draft.city_part,
        languages=_unique(draft.languages),
        target_groups=_unique(draft.target_groups),
        headcount=draft.headcount or None,
        access=draft.access or None,
    )
    located = _locate(tidy)
    if isinstance(located, Problem):
        return CheckedPlace(located=None, problems=(*problems, located))
    return CheckedPlace(located=None if problems else located, problems=tuple(problems))


def _locate(draft: PlaceDraft) -> LocatedPlace | Problem:
    if draft.position is not None:
        found = locate(draft.position)
        if isinstance(found, OutsidePrague):
            # Whole kilometres, rounded up: the sentence says "within", in any language's spelling.
            distance_km = max(1, math.ceil(found.distance_km))
            nearest = city_part_name(found.nearest_city_part)
            return Problem(code="outside_prague", field="position", value=str(distance_km), limit=nearest)
        return LocatedPlace(
            draft=draft,
            city_part=found.city_part,
            admin_district=found.admin_district,
            cadastral_area=found.cadastral_area,
            border_city_part=found.border_city_part,
        )
    if not draft.city_part:
        return Problem(code="where_missing", field="position")
    if not is_city_part(draft.city_part):
        return Problem(code="unknown_city_part", field="city_part", value=draft.city_part)
    district = int(boundaries().city_parts["admin_district"][draft.city_part])
    return LocatedPlace(draft=draft, city_part=draft.city_part, admin_district=district, cadastral_area=None)


def is_city_part(code: str) -> bool:
    """Return whether `code` is that of a city part."""
    try:
        city_part_name(code)
    except (InvalidValueError, NotFoundError):
        return False
    return True


def check_visit(draft: VisitDraft, *, today: date) -> tuple[VisitDraft, list[Problem]]:
    """Return the visit with its texts made tidy, and every problem of it."""
    note, area = clean_text(draft.note), clean_text(draft.area)
    problems = [
        *id_problems(draft.id),
        *_term_problems("outcome", "vysledek_kontaktu", _required(draft.outcome), Scope.VISIT),
        *_term_problems("form", "forma_terenu", (draft.form,), Scope.VISIT),
        *_term_problems("contacts", "pocet_kontaktu", _given(draft.contacts), Scope.VISIT),
        *_term_problems("needs", "potreba", draft.needs, Scope.VISIT),
        *_term_problems("barriers", "bariera", draft.barriers, Scope.VISIT),
        *_language_problems(draft.languages),
        *date_problems(draft.happened_on, today=today),
        *text_problems("visit_note", note, limit=NOTE_MAX_LENGTH, lines=True),
        *text_problems("area", area, limit=AREA_MAX_LENGTH, lines=False),
        *_follow_up_problems(draft),
    ]
    if draft.interpreter and draft.interpreter not in INTERPRETER_CODES:
        problems.append(Problem(code="term_refused", field="interpreter", value=draft.interpreter[:80]))
    if not draft.outcome:
        problems.append(Problem(code="outcome_missing", field="outcome"))
    if draft.place_id is None:
        if not draft.city_part:
            problems.append(Problem(code="where_missing", field="city_part"))
        elif not is_city_part(draft.city_part):
            problems.append(Problem(code="unknown_city_part", field="city_part", value=draft.city_part))
    tidy = replace(
        draft,
        note=note if _is_visible(note) else "",
        area=area if _is_visible(area) else "",
        interpreter=draft.interpreter or None,
        follow_up_service=draft.follow_up_service or None,
        contacts=draft.contacts or None,
        languages=_unique(draft.languages),
        needs=_unique(draft.needs),
        barriers=_unique(draft.barriers),
    )
    return tidy, problems


def _follow_up_problems(draft: VisitDraft) -> list[Problem]:
    """Return what is wrong with a follow-up: a day and a kind of service, never a person."""
    problems = _term_problems("follow_up_service", "typ_sluzby", _given(draft.follow_up_service), Scope.SERVICE)
    if draft.follow_up_on is None:
        if draft.follow_up_service:
            problems.append(Problem(code="follow_up_service_without_date", field="follow_up_on"))
    elif draft.follow_up_on < draft.happened_on:
        value = draft.follow_up_on.isoformat()
        problems.append(Problem(code="follow_up_before_visit", field="follow_up_on", value=value))
    return problems


def check_change(draft: ChangeDraft, *, today: date) -> tuple[ChangeDraft, list[Problem]]:
    """Return the change with its note made tidy, and every problem of it."""
    note = clean_text(draft.note)
    problems = [
        *id_problems(draft.id),
        *_term_problems("change", "zmena_na_miste", (draft.change,), Scope.PLACE),
        *date_problems(draft.happened_on, today=today),
        *text_problems("note", note, limit=NOTE_MAX_LENGTH, lines=True),
    ]
    return replace(draft, note=note if _is_visible(note) else ""), problems


def id_problems(record_id: str) -> list[Problem]:
    """Return a problem unless `record_id` is a UUIDv7 in its one spelling."""
    try:
        parsed = UUID(record_id)
    except (ValueError, AttributeError, TypeError):
        return [Problem(code="invalid_id", field="id")]
    # One spelling only: the same id in capitals would be a second record.
    is_good = parsed.version == UUID_VERSION and str(parsed) == record_id
    return [] if is_good else [Problem(code="invalid_id", field="id")]


def _term_problems(field: str, vocabulary: str, codes: Iterable[str], scope: Scope) -> list[Problem]:
    problems = []
    for code in codes:
        try:
            require_term(vocabulary, code, scope)
        except InvalidValueError:
            problems.append(Problem(code="term_refused", field=field, value=str(code)[:80]))
    return problems


def _language_problems(codes: Iterable[str]) -> list[Problem]:
    return [
        Problem(code="term_refused", field="languages", value=str(code)[:80])
        for code in codes
        if code not in LANGUAGES_HEARD
    ]


def date_problems(day: date, *, today: date) -> list[Problem]:
    """Return a problem if a day is later than today or before 2000."""
    if day > today:
        return [Problem(code="date_in_future", field="happened_on", value=day.isoformat(), limit=today.isoformat())]
    if day < EARLIEST_DATE:
        limit = str(EARLIEST_DATE.year)
        return [Problem(code="date_too_old", field="happened_on", value=day.isoformat(), limit=limit)]
    return []


def _given(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()


def _required(code: str) -> tuple[str, ...]:
    """Return the code to check; a missing one has a problem of its own."""
    return (code,) if code else ()


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def suspected_personal_data(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the passages that look like a person's phone, e-mail, birth number or name with a title.

    A hint, not a filter: a name without a title is not recognised, and the number of a reception is
    taken for a person's. Whoever writes decides.

    Examples
    --------
    >>> suspected_personal_data({"note": "Volat Ing. Nováka, 777 123 456"})
    ('777 123 456', 'Ing. Nováka')
    """
    found: list[str] = []
    for text in texts.values():
        # Compatibility forms, so that full-width digits are digits; blanks of any kind are one.
        plain = unicodedata.normalize("NFKC", text)
        found += _EMAIL.findall(plain)
        found += [match.group().strip() for match in _BIRTH_NUMBER.finditer(plain) if _is_birth_number(match)]
        for pattern in _PHONES:
            found += [match.group().strip() for match in pattern.finditer(plain)]
        found += [match.group() for match in _TITLED.finditer(plain) if match.group(1)[0].isupper()]
    return _unique(found)


def _is_birth_number(match: re.Match[str]) -> bool:
    """Return whether six digits are a date of birth and the whole is written or divides as one."""
    month, day, slash = int(match.group(1)), int(match.group(2)), match.group(3)
    if month not in _BIRTH_MONTHS or not 1 <= day <= _LAST_DAY:
        return False
    digits = re.sub(r"\D", "", match.group())
    return bool(slash) or (len(digits) == _BIRTH_NUMBER_LENGTH and int(digits) % 11 == 0)
