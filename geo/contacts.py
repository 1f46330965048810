"""What the contact with each town hall amounts to on a day, from dated statements and what was published.

Who reads asks for their own organisation: what it stated last counts, whatever others say. Where it
has stated nothing, the best that another organisation stated or that was published counts, because
somebody who is in contact already can be asked.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from domain.contacts import NOT_STATED, ContactNote
from domain.coverage import DEFAULT_FRINGE, Contact, ContactBand, FringeSettings, StatedBy
from geo.freshness import PRAGUE
from geo.fringe import contact_band

_BEST_FIRST = (
    ContactBand.IN_CONTACT,
    ContactBand.APPROACHED,
    ContactBand.LONG_PAST,
    ContactBand.NONE,
    ContactBand.NOT_STATED,
)


def as_known_on(notes: Iterable[ContactNote], day: date) -> tuple[ContactNote, ...]:
    """Return the statements that were dated *and* written down by the end of a day in Prague, the latest first.

    Examples
    --------
    >>> as_known_on([], date(2026, 7, 31))
    ()
    """
    known = (note for note in notes if note.happened_on <= day and note.created_at.astimezone(PRAGUE).date() <= day)
    return tuple(sorted(known, key=lambda note: (note.happened_on, note.created_at, note.id), reverse=True))


def contacts_on(
    notes: Iterable[ContactNote],
    published: Mapping[str, str],
    day: date,
    *,
    organisation_id: str | None,
    settings: FringeSettings = DEFAULT_FRINGE,
) -> dict[str, Contact]:
    """Return the contact of each city part of which anything was stated.

    Parameters
    ----------
    notes
        Statements of all organisations.
    published
        Status by city part, without a day (`geo.places_data.load_cooperation`).
    day
        The day asked about.
    organisation_id
        Who asks.
    settings
        From when on a contact is long past.

    Examples
    --------
    >>> contacts_on([], {"547158": "navazano"}, date(2026, 7, 31), organisation_id="x")["547158"].stated_by.value
    'published'
    """
    offered: dict[str, list[Contact]] = {
        code: [Contact(status=status)] for code, status in published.items() if status != NOT_STATED
    }
    own: dict[str, Contact] = {}
    heard: set[tuple[str, str]] = set()
    for note in as_known_on(notes, day):
        # The latest statement of an organisation replaces its earlier ones.
        if (note.city_part, note.organisation_id) in heard:
            continue
        heard.add((note.city_part, note.organisation_id))
        is_own = note.organisation_id == organisation_id
        contact = Contact(
            status=note.status, last_on=note.happened_on, stated_by=StatedBy.OWN if is_own else StatedBy.OTHERS
        )
        if is_own:
            own[note.city_part] = contact
        else:
            offered.setdefault(note.city_part, []).append(contact)

    def rank(contact: Contact) -> tuple[int, int]:
        band = contact_band(contact, day, settings=settings)
        return _BEST_FIRST.index(band), -(contact.last_on or date.min).toordinal()

    return {**{code: min(contacts, key=rank) for code, contacts in offered.items()}, **own}
