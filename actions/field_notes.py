"""What is noted beside places: visits in an area, quick records in two taps, notes per city part and quarter."""

from dataclasses import replace
from datetime import date

import h3

from actions.record_place import PersonalDataSuspected
from actions.validate import clean_text, id_problems, is_city_part, suspected_personal_data, text_problems
from domain.errors import InvalidValueError, Problem, ProblemsError
from domain.geometry import LonLat
from domain.place import Actor
from domain.quick_records import (
    QUARTER_NOTE_MAX_LENGTH,
    QUARTER_VOCABULARIES,
    QuarterNote,
    QuarterNoteDraft,
    QuickRecord,
    QuickRecordDraft,
    quarter_of,
    require_quarter,
)
from domain.roles import Clearance, Permission, require_permission
from domain.vocabulary import LANGUAGES_HEARD, Scope, terms
from store import Store

AREA_RESOLUTION = 9


def area_cell(position: LonLat) -> str:
    """Return the H3 cell (resolution 9) that stands for the area around a position.

    Examples
    --------
    >>> area_cell(LonLat(lon=14.4378, lat=50.0755))
    '891e3541aa3ffff'
    """
    return str(h3.latlng_to_cell(position.lat, position.lon, AREA_RESOLUTION))


def record_quickly(
    store: Store, draft: QuickRecordDraft, actor: Actor, clearance: Clearance, *, today: date
) -> QuickRecord:
    """Store accompaniment or interpreting; the same draft sent twice is one record.

    Raises
    ------
    ProblemsError
        `invalid_record`.
    NotPermittedError, NotFoundError, StaleRevisionError
        As `store.quick_records.QuickRecords.add`.
    """
    require_permission(clearance.role, Permission.RECORD_VISIT)
    problems = [*id_problems(draft.id)]
    if draft.language not in LANGUAGES_HEARD:
        problems.append(Problem(code="term_refused", field="languages", value=draft.language[:80]))
    if draft.happened_on > today:
        problems.append(Problem(code="date_in_future", field="happened_on", value=draft.happened_on.isoformat()))
    if draft.city_part is not None and not is_city_part(draft.city_part):
        problems.append(Problem(code="unknown_city_part", field="city_part", value=draft.city_part))
    if problems:
        raise ProblemsError("invalid_record", problems)
    return store.quick_records.add(draft, actor)


def note_quarter(
    store: Store,
    draft: QuarterNoteDraft,
    actor: Actor,
    clearance: Clearance,
    *,
    today: date,
    accept_personal: bool = False,
) -> QuarterNote:
    """Store a note of a city part and quarter: the only way for the terms that no place may carry.

    Raises
    ------
    ProblemsError
        `invalid_record`.
    PersonalDataSuspected
        The text looks as if it named a person; nothing was saved.
    NotPermittedError
        `not_permitted`.
    """
    require_permission(clearance.role, Permission.NOTE_AREA)
    note = clean_text(draft.note)
    problems = [*id_problems(draft.id), *text_problems("note", note, limit=QUARTER_NOTE_MAX_LENGTH, lines=True)]
    if not is_city_part(draft.city_part):
        problems.append(Problem(code="unknown_city_part", field="city_part", value=draft.city_part))
    problems += _quarter_problems(draft, today)
    if problems:
        raise ProblemsError("invalid_record", problems)
    found = suspected_personal_data({"note": note})
    if found and not accept_personal:
        raise PersonalDataSuspected(found)
    return store.quarter_notes.add(replace(draft, note=note), actor)


def _quarter_problems(draft: QuarterNoteDraft, today: date) -> list[Problem]:
    problems = []
    try:
        require_quarter(draft.quarter)
    except InvalidValueError as error:
        problems.append(Problem(code=error.code, field="quarter", value=draft.quarter[:20]))
    else:
        if draft.quarter > quarter_of(today):
            problems.append(Problem(code="quarter_in_future", field="quarter", value=draft.quarter))
    if draft.vocabulary not in QUARTER_VOCABULARIES or draft.code not in {
        term.code for term in terms(draft.vocabulary, Scope.CITY_PART_QUARTER)
    }:
        problems.append(Problem(code="term_refused", field="code", value=draft.code[:80]))
    return problems


def quarter_notes(store: Store, city_part: str, actor: Actor, clearance: Clearance) -> list[QuarterNote]:
    """Return the own organisation's notes of a city part, the latest quarter first."""
    require_permission(clearance.role, Permission.NOTE_AREA)
    return store.quarter_notes.for_city_part(city_part, organisation_id=actor.organisation_id)
