"""Stating how the contact with the town hall of a city part stands, and taking a slip back."""

from datetime import date

from actions.validate import date_problems, id_problems, is_city_part
from domain.contacts import CONTACT_VOCABULARY, NOT_STATED, ContactDraft, ContactNote
from domain.errors import Problem, ProblemsError
from domain.place import Actor
from domain.vocabulary import Scope, terms
from geo.contacts import as_known_on
from store import Store


def statable_codes() -> tuple[str, ...]:
    """Return what can be stated, in the order of the vocabulary; "neuvedeno" is what nobody has stated.

    Examples
    --------
    >>> statable_codes()[:2]
    ('zadna', 'osloveno')
    """
    return tuple(term.code for term in terms(CONTACT_VOCABULARY, Scope.CO_OPERATION) if term.code != NOT_STATED)


def note_contact(store: Store, draft: ContactDraft, actor: Actor, *, today: date) -> ContactNote:
    """Check and store what the own organisation states; the same draft sent twice is one statement.

    Raises
    ------
    ProblemsError
        `invalid_record` with every problem: `invalid_id`, `unknown_city_part`, `term_refused`,
        `date_in_future`, `date_too_old`.
    NotPermittedError, StaleRevisionError
        As `store.town_hall_contacts.TownHallContacts.add`.
    """
    problems = [*id_problems(draft.id), *date_problems(draft.happened_on, today=today)]
    if not is_city_part(draft.city_part):
        problems.append(Problem(code="unknown_city_part", field="city_part", value=draft.city_part[:40]))
    if draft.status not in statable_codes():
        problems.append(Problem(code="term_refused", field="status", value=draft.status[:80]))
    if problems:
        raise ProblemsError("invalid_record", problems)
    return store.town_hall_contacts.add(draft, actor)


def withdraw_contact(store: Store, note_id: str, actor: Actor) -> None:
    """Take a statement back; raises as `store.town_hall_contacts.TownHallContacts.withdraw`."""
    store.town_hall_contacts.withdraw(note_id, actor)


def contact_history(store: Store, city_part: str, *, as_of: date) -> tuple[ContactNote, ...]:
    """Return what was stated of a city part and known on a day, the latest first."""
    return tuple(note for note in as_known_on(store.town_hall_contacts.all(), as_of) if note.city_part == city_part)
