"""Who uses the app right now, in which language, over which store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn

import streamlit as st

from api import process
from api.exact_views import note_exact_views
from domain.accounts import Standing
from domain.errors import NotPermittedError
from domain.place import Actor
from domain.roles import LOOKING, OPERATOR_ONLY, Clearance, Permission, is_permitted
from domain.text import Language
from geo.disclosure import DisclosedPlace
from store import SHOW_AS_ACCOUNT_ID, Event, Store
from ui import show_as, sign_in
from ui.localisation import PRAGUE, Messages, parse_language
from ui.show_as import ShowAs

KEPT_LANGUAGE = "kept_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSession:
    """One person's session: made anew on every rerun, so that a revoked role acts at once.

    `standing` is None in local mode. While `showing_as` is set, `clearance` is that of the reader
    shown, and `actor` is one that every write refuses.
    """

    store: Store
    actor: Actor
    clearance: Clearance
    messages: Messages
    training: bool
    standing: Standing | None = None
    showing_as: ShowAs | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether the session has `permission` right now; nothing but looking in "Show as"."""
        if self.showing_as is not None and permission not in LOOKING:
            return False
        if self.standing is not None and permission in OPERATOR_ONLY and not self.standing.organisation.is_operator:
            return False
        return is_permitted(self.clearance.role, permission)

    def require(self, permission: Permission) -> None:
        """Raise `NotPermittedError` unless the session has `permission`."""
        if not self.may(permission):
            code = "showing_as" if self.showing_as else "not_permitted"
            raise NotPermittedError(code, role=self.clearance.role.value, permission=permission.value)

    def note_seen(self, place: DisclosedPlace) -> None:
        """Note that a whole record of another organisation was opened."""
        if place.id is not None and not place.own and place.organisation_id and self.showing_as is None:
            note_exact_views(self.actor, frozenset({place.organisation_id}), what=f"place {place.id}")

    @property
    def account_id(self) -> str:
        """Return the account that a token is made for, "" in local mode."""
        return self.standing.account.id if self.standing else ""

    @property
    def today(self) -> date:
        """Return the day it is in Prague."""
        return datetime.now(UTC).astimezone(PRAGUE).date()


def chosen_language() -> Language:
    """Return the language of `?lang=`; links of the bar do not carry it, so it is kept for the session."""
    asked = st.query_params.get("lang")
    if asked is not None:
        st.session_state[KEPT_LANGUAGE] = parse_language(asked).value
    return parse_language(st.session_state.get(KEPT_LANGUAGE))


def current_session() -> AppSession:
    """Return the session of this run.

    Role and state of the account are read from the store. Who is not signed in, or no longer let
    in, gets the page that says so instead of anything else.
    """
    messages = Messages(chosen_language())
    standing = _standing(messages) if process.configuration().is_shared else None
    if standing is None:
        actor, clearance = process.local_actor(), process.local_clearance()
    else:
        actor = Actor(account_id=standing.account.id, organisation_id=standing.organisation.id)
        clearance = standing.clearance
    seen = show_as.chosen() if is_permitted(clearance.role, Permission.SHOW_AS) else None
    if seen is not None:
        clearance = show_as.clearance_as(seen, clearance)
        actor = Actor(account_id=SHOW_AS_ACCOUNT_ID, organisation_id=actor.organisation_id)
    return AppSession(
        store=process.store(),
        actor=actor,
        clearance=clearance,
        messages=messages,
        training=process.is_training(),
        standing=standing,
        showing_as=seen,
    )


def _standing(messages: Messages) -> Standing:
    identity = sign_in.signed_in_identity()
    if identity is None:
        _instead(lambda: sign_in.draw_sign_in(messages))
    store = process.store()
    try:
        standing = store.accounts.standing_of(identity)
    except NotPermittedError as error:
        refusal = error
        _instead(lambda: sign_in.draw_refusal(messages, store, identity, refusal))
    if st.session_state.get("signed_in_as") != standing.account.id:
        st.session_state["signed_in_as"] = standing.account.id
        actor = Actor(account_id=standing.account.id, organisation_id=standing.organisation.id)
        store.events.note(Event.SIGN_IN, "account", [standing.account.id], actor=actor)
    return standing


def _instead(draw: "sign_in.Draw") -> NoReturn:
    """Draw the page that stands for everything else, and end the run."""
    if st.session_state.get("signed_in_as"):
        # Found out within a part of the page: the whole page must go, and is drawn anew.
        st.session_state.clear()
        st.rerun(scope="app")
    draw()
    st.stop()
