"""The parameters of the privacy gate as this installation set them."""

from domain.errors import InvalidValueError
from domain.place import Actor
from geo.disclosure import DEFAULT_SETTINGS, DisclosureSettings
from store import Store

UNCONFIRMED_SETTING = "unconfirmed_months"
UNCONFIRMED_MONTHS = (3, 120)
"""After how many months without a visit or a correction an exact position may fall to T2: least and most."""

NOTE_MONTHS_SETTING = "retention_note_months"
NOTE_MONTHS = (1, 240)
"""After how many months notes of visits and changes may be emptied: least and most. 0 keeps them."""


def gate_settings(store: Store) -> DisclosureSettings:
    """Return the gate's parameters; what was never set, or is no number of months, is as in the method."""
    months = store.settings.get(UNCONFIRMED_SETTING)
    if not isinstance(months, int) or not UNCONFIRMED_MONTHS[0] <= months <= UNCONFIRMED_MONTHS[1]:
        return DEFAULT_SETTINGS
    return DisclosureSettings(unconfirmed_months=months)


def note_months(store: Store) -> int:
    """Return after how many months notes are emptied, 0 where they are kept."""
    months = store.settings.get(NOTE_MONTHS_SETTING)
    return months if isinstance(months, int) and NOTE_MONTHS[0] <= months <= NOTE_MONTHS[1] else 0


def set_retention(store: Store, actor: Actor, *, unconfirmed_months: int, note_months: int) -> None:
    """Set what time does to records.

    Parameters
    ----------
    unconfirmed_months
        Months after which the exact position of a place that nobody confirmed falls to T2.
    note_months
        Months after which the notes of visits and changes are emptied for good; 0 keeps them.

    Raises
    ------
    InvalidValueError
        `retention_months_invalid`.
    NotPermittedError
        As `store.settings.Settings.set`.
    """
    for value, (least, most) in ((unconfirmed_months, UNCONFIRMED_MONTHS), (note_months, NOTE_MONTHS)):
        if not least <= value <= most and not (value == 0 and (least, most) == NOTE_MONTHS):
            raise InvalidValueError("retention_months_invalid", value=str(value), minimum=least, maximum=most)
    store.settings.set(UNCONFIRMED_SETTING, unconfirmed_months, actor=actor)
    store.settings.set(NOTE_MONTHS_SETTING, note_months, actor=actor)
