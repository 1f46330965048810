"""Contact of an organisation with a town hall: what a person stated, and on which day it stood so."""

from dataclasses import dataclass
from datetime import date, datetime

CONTACT_VOCABULARY = "stav_spoluprace"
NOT_STATED = "neuvedeno"
"""Nobody has stated anything; it is never read as "none" and is not noted: to take a note back is to withdraw it."""

NO_CONTACT = "zadna"
APPROACHED = "osloveno"
SUSPENDED = "pozastaveno"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """What somebody states about the contact with the town hall of a city part; no person is named in it.

    `status` is a code of `stav_spoluprace`, `happened_on` the day on which it stood so (of the
    letter, of the meeting). `id` is a UUIDv7 made when the form opens.
    """

    id: str
    city_part: str
    status: str
    happened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNote:
    """A statement as it is stored, with who stated it; `created_at` is when it was written down (UTC)."""

    id: str
    organisation_id: str
    city_part: str
    status: str
    happened_on: date
    created_at: datetime

    @property
    def draft(self) -> ContactDraft:
        """Return what was stated."""
        return ContactDraft(id=self.id, city_part=self.city_part, status=self.status, happened_on=self.happened_on)
