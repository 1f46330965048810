"""`GET /pozvanka/<secret>`: keeps an invitation's secret over the way through sign-in.

Opening the link uses nothing up (mail programs open links by themselves); that comes after the
sign-in, when the person confirms. The secret goes into a cookie that scripts cannot read and out
of the address.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api import process

COOKIE = "bm_invitation"
COOKIE_LIFE_S = 3600
PATH = "/pozvanka"
_SECRET_MAX_LENGTH = 100


def invitation_url(secret: str) -> str:
    """Return the link that an administrator hands on."""
    return f"{process.configuration().public_url}{PATH}/{secret}"


def open_invitation(request: Request) -> Response:
    """Answer `GET /pozvanka/<secret>`."""
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    answer = RedirectResponse("/", status_code=303, headers=headers)
    secret = request.path_params["secret"]
    if len(secret) <= _SECRET_MAX_LENGTH and secret.replace("-", "").replace("_", "").isalnum() and secret.isascii():
        answer.set_cookie(
            COOKIE, secret, max_age=COOKIE_LIFE_S, httponly=True, samesite="lax",
            secure=process.configuration().public_url.startswith("https://"),
        )  # fmt: skip
    return answer


def invitation_routes() -> list[Route]:
    """Return the route of this module."""
    return [Route(PATH + "/{secret}", open_invitation, methods=["GET"])]
