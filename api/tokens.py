"""Signed, short-lived tokens that carry a reader's whole clearance to the HTTP routes."""

from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from domain.errors import NotPermittedError
from domain.roles import Clearance, Role, Share, Tier

MAX_AGE_S = 300
_SALT = "bila-mista-clearance-v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who asks: a clearance, and the account it was given to ("" in local mode and for the public).

    `show_as` says that the account looks with somebody else's clearance.
    """

    clearance: Clearance
    account_id: str = ""
    show_as: bool = False


def make_token(clearance: Clearance, *, secret: bytes, account_id: str = "", show_as: bool = False) -> str:
    """Return a token for `clearance`, good for five minutes; `account_id` is asked about at every use."""
    payload = {
        "a": account_id,
        "v": show_as,
        "r": clearance.role.value,
        "o": clearance.organisation_id,
        "t": clearance.is_town_hall,
        "p": sorted(clearance.partner_of),
        "s": [[s.owner_organisation_id, int(s.tier), s.purpose, s.until.isoformat()] for s in clearance.shares],
    }
    return str(URLSafeTimedSerializer(secret, salt=_SALT).dumps(payload))


def read_token(token: str, *, secret: bytes) -> Clearance:
    """Return the clearance that a token carries; raises as `read_bearer`."""
    return read_bearer(token, secret=secret).clearance


def read_bearer(token: str, *, secret: bytes) -> Bearer:
    """Return who asks by a token; whether the account still stands is for the caller to ask.

    Raises
    ------
    NotPermittedError
        `token_expired` or `token_invalid`.
    """
    try:
        payload = URLSafeTimedSerializer(secret, salt=_SALT).loads(token, max_age=MAX_AGE_S)
        clearance = Clearance(
            role=Role(payload["r"]),
            organisation_id=payload["o"],
            is_town_hall=bool(payload["t"]),
            partner_of=frozenset(payload["p"]),
            shares=tuple(
                Share(
                    owner_organisation_id=owner,
                    tier=Tier(tier),
                    purpose=purpose,
                    until=datetime.fromisoformat(until),
                )
                for owner, tier, purpose, until in payload["s"]
            ),
        )
        return Bearer(clearance=clearance, account_id=str(payload["a"]), show_as=bool(payload["v"]))
    except SignatureExpired:
        raise NotPermittedError("token_expired") from None
    except (BadSignature, KeyError, TypeError, ValueError):
        raise NotPermittedError("token_invalid") from None
