"""Signed, short-lived tokens that carry a reader's whole clearance to the HTTP routes."""

from datetime import datetime

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from domain.errors import NotPermittedError
from domain.roles import Clearance, Role, Share, Tier

MAX_AGE_S = 300
_SALT = "bila-mista-clearance-v1"


def make_token(clearance: Clearance, *, secret: bytes) -> str:
    """Return a token for `clearance`, good for five minutes."""
    payload = {
        "r": clearance.role.value,
        "o": clearance.organisation_id,
        "t": clearance.is_town_hall,
        "p": sorted(clearance.partner_of),
        "s": [[s.owner_organisation_id, int(s.tier), s.purpose, s.until.isoformat()] for s in clearance.shares],
    }
    return str(URLSafeTimedSerializer(secret, salt=_SALT).dumps(payload))


def read_token(token: str, *, secret: bytes) -> Clearance:
    """Return the clearance that a token carries.

    Raises
    ------
    NotPermittedError
        `token_expired` or `token_invalid`.
    """
    try:
        payload = URLSafeTimedSerializer(secret, salt=_SALT).loads(token, max_age=MAX_AGE_S)
        return Clearance(
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
    except SignatureExpired:
        raise NotPermittedError("token_expired") from None
    except (BadSignature, KeyError, TypeError, ValueError):
        raise NotPermittedError("token_invalid") from None
