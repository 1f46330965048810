"""What a person does with places, each in one call: record, correct, visit, note a change, undo.

Every function checks first and writes last. Problems are raised all at once (`ProblemsError`);
then come the questions that a person may answer with "save all the same".
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from actions.validate import (
    REASON_MAX_LENGTH,
    check_change,
    check_place,
    check_visit,
    clean_text,
    suspected_personal_data,
    text_problems,
)
from domain.errors import AppError, NotFoundError, Problem, ProblemsError
from domain.place import (
    Actor,
    ChangeDraft,
    ChangeRecord,
    LocatedPlace,
    PlaceDraft,
    PlaceRecord,
    PlaceState,
    VisitDraft,
    VisitRecord,
)
from store import Store

DUPLICATE_RADIUS_M = 75.0


class PossibleDuplicates(AppError):  # noqa: N818  a question, not an error
    """Near by the own organisation has places of the same kind; nothing was saved.

    `places` holds each with its distance in metres, the nearest first.
    """

    def __init__(self, places: Sequence[tuple[PlaceRecord, float]]) -> None:
        self.places = tuple(places)
        super().__init__("possible_duplicates", count=len(self.places))


class PersonalDataSuspected(AppError):  # noqa: N818  a question, not an error
    """A text looks as if it named a person; nothing was saved. `found` are the passages."""

    def __init__(self, found: Sequence[str]) -> None:
        self.found = tuple(found)
        super().__init__("personal_data_suspected", found=", ".join(self.found))


def record_place(
    store: Store,
    draft: PlaceDraft,
    actor: Actor,
    *,
    today: date,
    visit: VisitDraft | None = None,
    accept_duplicates: bool = False,
    accept_personal: bool = False,
) -> PlaceRecord:
    """Store a new place, with what happened there where `visit` says so, and return the record.

    The same draft sent twice is one record.

    Parameters
    ----------
    today
        The day it is in Prague.
    accept_duplicates, accept_personal
        The person has seen the question and wants to save all the same.

    Raises
    ------
    ProblemsError
        `invalid_record` with every problem of place and visit.
    PersonalDataSuspected, PossibleDuplicates
        Before anything is saved.
    StaleRevisionError
        If the id was used for a place that says something else.
    """
    checked = check_place(draft)
    problems = list(checked.problems)
    if visit is not None:
        visit, found = check_visit(replace(visit, place_id=draft.id, city_part=None), today=today)
        problems += found
    if problems or checked.located is None:
        raise ProblemsError("invalid_record", _unique(problems))
    located = checked.located
    # Sent again after it was saved: the questions have been answered.
    if not _is_stored(store, draft.id):
        texts = {"name": located.draft.name, "note": located.draft.note, "visit_note": visit.note if visit else ""}
        _ask_about_personal_data(texts, accepted=accept_personal)
        if not accept_duplicates:
            _ask_about_duplicates(store, located, actor)
    return store.places.add(located, actor, visit=visit)


def correct_place(
    store: Store,
    draft: PlaceDraft,
    actor: Actor,
    *,
    revision: int,
    today: date,  # noqa: ARG001  every action takes it; a correction dates nothing yet
    reason: str = "",
    accept_personal: bool = False,
) -> PlaceRecord:
    """Store a corrected place, if nobody changed it since `revision`, and return the record.

    Raises
    ------
    ProblemsError, PersonalDataSuspected
        As `record_place`; only passages that the stored place does not hold yet are asked about.
    StaleRevisionError, NotFoundError, NotPermittedError
        As `store.Store.places.update`.
    """
    checked = check_place(draft)
    reason = clean_text(reason)
    problems = [*checked.problems, *text_problems("reason", reason, limit=REASON_MAX_LENGTH, lines=False)]
    if problems or checked.located is None:
        raise ProblemsError("invalid_record", problems)
    present = store.places.get(draft.id)
    known = suspected_personal_data({"name": present.name, "note": present.note})
    texts = {"name": checked.located.draft.name, "note": checked.located.draft.note, "reason": reason}
    _ask_about_personal_data(texts, accepted=accept_personal, known=known)
    return store.places.update(checked.located, revision=revision, actor=actor, reason=reason)


def visit_again(
    store: Store, visit: VisitDraft, actor: Actor, *, today: date, accept_personal: bool = False
) -> VisitRecord:
    """Store another visit at a place, or one in a city part, and return the record.

    Raises
    ------
    ProblemsError, PersonalDataSuspected
        As `record_place`.
    NotFoundError
        `unknown_place`.
    """
    visit, problems = check_visit(visit, today=today)
    if problems:
        raise ProblemsError("invalid_record", problems)
    _ask_about_personal_data({"visit_note": visit.note, "area": visit.area}, accepted=accept_personal)
    return store.visits.add(visit, actor)


def note_change(
    store: Store, change: ChangeDraft, actor: Actor, *, today: date, accept_personal: bool = False
) -> ChangeRecord:
    """Store a change at a place (closing, moving in, mass recruiting...) and return the record.

    Raises
    ------
    ProblemsError, PersonalDataSuspected, NotFoundError
        As `visit_again`.
    """
    change, problems = check_change(change, today=today)
    if problems:
        raise ProblemsError("invalid_record", problems)
    _ask_about_personal_data({"note": change.note}, accepted=accept_personal)
    return store.changes.add(change, actor)


def set_place_state(
    store: Store, place_id: str, state: PlaceState, actor: Actor, *, revision: int, reason: str
) -> PlaceRecord:
    """Verify, reject, close or reopen a place, with a reason; raises as `correct_place`."""
    reason = clean_text(reason)
    problems = text_problems("reason", reason, limit=REASON_MAX_LENGTH, lines=False)
    if problems:
        raise ProblemsError("invalid_record", problems)
    return store.places.set_state(place_id, state, revision=revision, actor=actor, reason=reason)


def undo_record(store: Store, place_id: str, actor: Actor, *, revision: int) -> PlaceRecord:
    """Take back a place right after it was recorded, with the visits noted there by the same account.

    Raises
    ------
    NotPermittedError
        `undo_not_own`.
    StaleRevisionError
        If somebody has changed the place since.
    """
    return store.places.undo_add(place_id, revision=revision, actor=actor)


def undo_visit(store: Store, visit_id: str, actor: Actor) -> None:
    """Take back a visit that the same account noted."""
    store.visits.withdraw(visit_id, actor)


def undo_change(store: Store, change_id: str, actor: Actor) -> None:
    """Take back a change that the same account noted."""
    store.changes.withdraw(change_id, actor)


def _is_stored(store: Store, place_id: str) -> bool:
    try:
        store.places.get(place_id)
    except NotFoundError:
        return False
    return True


def _ask_about_personal_data(texts: Mapping[str, str], *, accepted: bool, known: Sequence[str] = ()) -> None:
    found = [passage for passage in suspected_personal_data(texts) if passage not in known]
    if found and not accepted:
        raise PersonalDataSuspected(found)


def _ask_about_duplicates(store: Store, located: LocatedPlace, actor: Actor) -> None:
    draft = located.draft
    if draft.position is None:
        return
    near = store.places.nearby(
        draft.position, radius_m=DUPLICATE_RADIUS_M, kind=draft.kind, organisation_id=actor.organisation_id
    )
    others = [(place, distance) for place, distance in near if place.id != draft.id]
    if others:
        raise PossibleDuplicates(others)


def _unique(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
