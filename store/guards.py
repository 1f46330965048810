"""The last door before the tables: no code reaches them whose term may not stand there.

Forms, imports and the API check earlier and say more; this holds for whatever calls the store.
Irregular stay, stays up to 90 days, trafficking and exploitation have no code that passes.
"""

from collections.abc import Iterable
from functools import cache

import h3

from domain.errors import InvalidValueError
from domain.place import ChangeDraft, PlaceDraft, VisitDraft
from domain.quick_records import INTERPRETER_CODES
from domain.vocabulary import LANGUAGES_HEARD, Scope, require_term, terms

AREA_RESOLUTION = 9


@cache
def _allowed(vocabulary: str, scope: Scope) -> frozenset[str]:
    return frozenset(term.code for term in terms(vocabulary, scope))


def check_place(draft: PlaceDraft) -> None:
    """Raise `InvalidValueError` unless every code of `draft` may stand on a place."""
    _require("typ_lokality", (draft.kind,), Scope.PLACE)
    _require("cilova_skupina", draft.target_groups, Scope.PLACE)
    _require("pocet_lidi", _given(draft.headcount), Scope.PLACE)
    _require("pristup", _given(draft.access), Scope.PLACE)
    _require_languages(draft.languages)


def check_visit(draft: VisitDraft) -> None:
    """Raise `InvalidValueError` unless every code of `draft` may stand on a visit."""
    _require("vysledek_kontaktu", (draft.outcome,), Scope.VISIT)
    _require("forma_terenu", (draft.form,), Scope.VISIT)
    _require("pocet_kontaktu", _given(draft.contacts), Scope.VISIT)
    _require("potreba", draft.needs, Scope.VISIT)
    _require("bariera", draft.barriers, Scope.VISIT)
    _require("typ_sluzby", _given(draft.follow_up_service), Scope.SERVICE)
    _require_languages(draft.languages)
    if draft.interpreter is not None and draft.interpreter not in INTERPRETER_CODES:
        raise InvalidValueError("term_not_allowed", vocabulary="interpreter", value=draft.interpreter)
    if draft.cell is not None and not _is_cell(draft.cell):
        raise InvalidValueError("area_cell_unknown", value=draft.cell[:40])


def check_change(draft: ChangeDraft) -> None:
    """Raise `InvalidValueError` unless the change is one of the vocabulary."""
    _require("zmena_na_miste", (draft.change,), Scope.PLACE)


def _is_cell(code: str) -> bool:
    return bool(h3.is_valid_cell(code)) and h3.get_resolution(code) == AREA_RESOLUTION


def _given(code: str | None) -> tuple[str, ...]:
    return () if code is None else (code,)


def _require(vocabulary: str, codes: Iterable[str], scope: Scope) -> None:
    allowed = _allowed(vocabulary, scope)
    for code in codes:
        if code not in allowed:
            require_term(vocabulary, code, scope)


def _require_languages(codes: Iterable[str]) -> None:
    for code in codes:
        if code not in LANGUAGES_HEARD:
            raise InvalidValueError("unknown_language", value=code)
