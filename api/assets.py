"""Front-end files: our own modules under a name that changes with them, Leaflet from its wheels."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from xstatic.pkg import leaflet, leaflet_markercluster

WEB = Path(__file__).parents[1] / "web"
IMMUTABLE = "public, max-age=31536000, immutable"
# The wheels' addresses carry no version, so a browser asks again after a day.
FOR_A_DAY = "public, max-age=86400"


@cache
def assets_hash() -> str:
    """Return a hash over the names and contents of web/, part of every address below it."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted(WEB.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(WEB)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def assets_base() -> str:
    """Return the address of web/: `/assets/app/<hash>`."""
    return f"/assets/app/{assets_hash()}"


class CachedFiles(StaticFiles):
    """Files that a browser may keep as `cache_control` says."""

    def __init__(self, directory: str | Path, cache_control: str) -> None:
        super().__init__(directory=directory)
        self.cache_control = cache_control

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with its cache time."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = self.cache_control
        return response


def asset_routes() -> list[BaseRoute]:
    """Return the mounts for our own files and for the XStatic wheels."""
    return [
        Mount(assets_base(), CachedFiles(WEB, IMMUTABLE)),
        Mount("/assets/leaflet", CachedFiles(leaflet.BASE_DIR, FOR_A_DAY)),
        Mount("/assets/markercluster", CachedFiles(leaflet_markercluster.BASE_DIR, FOR_A_DAY)),
    ]
