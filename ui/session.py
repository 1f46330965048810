"""Who uses the app right now, in which language, over which store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from api import process
from domain.place import Actor
from domain.roles import Clearance, Permission, is_permitted
from store import Store
from ui.localisation import PRAGUE, Messages, parse_language


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSession:
    """One person's session: made anew on every rerun, so that a revoked role acts at once."""

    store: Store
    actor: Actor
    clearance: Clearance
    messages: Messages
    training: bool

    def may(self, permission: Permission) -> bool:
        """Return whether the role has `permission`."""
        return is_permitted(self.clearance.role, permission)

    @property
    def today(self) -> date:
        """Return the day it is in Prague."""
        return datetime.now(UTC).astimezone(PRAGUE).date()


def current_session() -> AppSession:
    """Return the session of this rerun; the language comes from `?lang=`."""
    return AppSession(
        store=process.store(),
        actor=process.local_actor(),
        clearance=process.local_clearance(),
        messages=Messages(parse_language(st.query_params.get("lang"))),
        training=process.is_training(),
    )
