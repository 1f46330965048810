"""Refused requests in the audit log: which account asked for what in vain, at most a row a minute for each.

A browser that asks again and again, or a flood of forged tokens, must not fill the log: one row per
account, route and minute, one a minute for tokens that nobody gave out, and never more than
`MOST_A_MINUTE` in all. Without a token nobody is named, and a token that has merely run out is no refusal.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from starlette.requests import Request

from api import process
from api.tokens import read_bearer
from domain.errors import AppError, NotFoundError, NotPermittedError
from domain.place import Actor
from store import utc_now

log = logging.getLogger(__name__)
MOST_A_MINUTE = 60
UNKNOWN = "unknown"
_NOT_NOTED = frozenset({"token_missing", "token_expired"})


class Refusals:
    """What was noted within the present minute."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._lock = Lock()
        self._minute: datetime | None = None
        self._noted: set[tuple[str, str, str]] = set()

    def note(self, request: Request, error: NotPermittedError) -> None:
        """Write a row for a refused request, unless this minute has one; a log that cannot be written stops nobody."""
        if error.code in _NOT_NOTED or not request.headers.get("authorization"):
            return
        actor = _actor_of(request)
        # A forged token may name any route: they share one row.
        route = _route_of(request) if actor.account_id != UNKNOWN else ""
        if not self._is_first(str(process.configuration().data_dir), actor.account_id, route):
            return
        try:
            process.store().events.note_refusal(error.code, actor=actor, entity="route", entity_id=route or UNKNOWN)
        except AppError:
            log.exception("a refusal could not be noted")

    def _is_first(self, data_dir: str, account_id: str, route: str) -> bool:
        minute = self._clock().replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._noted.clear()
            key = (data_dir, account_id, route)
            if key in self._noted or len(self._noted) >= MOST_A_MINUTE:
                return False
            self._noted.add(key)
            return True


def _actor_of(request: Request) -> Actor:
    """Return whose token it is, whatever that account may do now."""
    token = request.headers.get("authorization", "").partition(" ")[2]
    try:
        account_id = read_bearer(token, secret=process.signing_secret()).account_id
    except NotPermittedError:
        return Actor(account_id=UNKNOWN, organisation_id=UNKNOWN)
    if not process.configuration().is_shared:
        return process.local_actor()
    try:
        organisation_id = process.store().accounts.get(account_id).organisation_id
    except NotFoundError:
        return Actor(account_id=UNKNOWN, organisation_id=UNKNOWN)
    return Actor(account_id=account_id, organisation_id=organisation_id)


def _route_of(request: Request) -> str:
    """Return the pattern of the route: an address could hold anything."""
    return str(getattr(request.scope.get("route"), "path", "")) or UNKNOWN


refusals = Refusals()
