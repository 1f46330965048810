"""Show as...: a coordinator looks at the map with the eyes of a viewer, a partner, a town hall, a participant.

The clearance is one that such a reader would have, with an organisation that does not exist, so it
opens nothing that is anybody's own. While it is on, nothing can be written.
"""

from enum import StrEnum

import streamlit as st

from domain.roles import Clearance, Role

KEY = "show_as"
_NOBODY = "show-as"


class ShowAs(StrEnum):
    """Whose eyes."""

    VIEWER = "viewer"
    PARTICIPANT = "participant"
    PARTNER = "partner"
    TOWN_HALL = "town_hall"
    OTHER_ORGANISATION = "other_organisation"


def clearance_as(seen: ShowAs, own: Clearance) -> Clearance:
    """Return the clearance of such a reader, as the coordinator's organisation would meet it.

    Examples
    --------
    >>> clearance_as(ShowAs.PARTNER, Clearance(role=Role.COORDINATOR, organisation_id="a")).partner_of
    frozenset({'a'})
    """
    match seen:
        case ShowAs.VIEWER:
            return Clearance(role=Role.VIEWER)
        case ShowAs.PARTICIPANT:
            return Clearance(role=Role.PARTICIPANT)
        case ShowAs.PARTNER:
            owners = frozenset({own.organisation_id}) if own.organisation_id else frozenset()
            return Clearance(role=Role.FIELD_WORKER, organisation_id=_NOBODY, partner_of=owners)
        case ShowAs.TOWN_HALL:
            return Clearance(role=Role.FIELD_WORKER, organisation_id=_NOBODY, is_town_hall=True)
        case ShowAs.OTHER_ORGANISATION:
            return Clearance(role=Role.FIELD_WORKER, organisation_id=_NOBODY)


def chosen() -> ShowAs | None:
    """Return whose eyes this session looks with, None for its own."""
    value = st.session_state.get(KEY)
    return ShowAs(value) if value in set(ShowAs) else None


def choose(seen: ShowAs | None) -> None:
    """Look with somebody's eyes from the next run on, None for one's own."""
    st.session_state[KEY] = None if seen is None else seen.value
