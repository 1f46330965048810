"""Files that never change while the app runs, compressed once and kept in memory.

Streamlit sends its front end, some 5 MB of JavaScript in a hundred files, uncompressed and from the disk
each time. A phone waits for it, and on a small machine so does the first picture of the map. Here each file
is read and compressed when somebody asks for it first, and answered from memory from then on.
"""

import gzip
import posixpath
from collections.abc import MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's front end, and ours with Leaflet. Nothing below these is made for one visitor.
PREFIXES = ("/static/", "/assets/")
# Fonts and pictures are compressed already. Not HTML: Streamlit answers its page to any name that is not there, and
# whoever made names up would fill the memory.
TEXT = ("text/javascript", "application/javascript", "text/css", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: MutableHeaders
    body: bytes


class KeptFiles:
    """Middleware that answers files of the front end from memory, with gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, _Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory; pass on what is no file of the front end, or asked for in part or without gzip."""
        if not _asks_for_file(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        answer = self._kept.get(path)
        if answer is None:
            answer = await _ask(self.app, scope, receive)
            if answer.status == HTTPStatus.OK and answer.headers.get("content-type", "").startswith(TEXT):
                answer = await run_in_threadpool(_compressed, answer)
                self._kept[path] = answer
        await _send(answer, Headers(scope=scope).get("if-none-match"), send)


def _asks_for_file(scope: MutableMapping[str, Any]) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PREFIXES):
        return False
    # One file has endless names with dots and slashes in them.
    if posixpath.normpath(scope["path"]) != scope["path"]:
        return False
    headers = Headers(scope=scope)
    return "range" not in headers and "gzip" in headers.get("accept-encoding", "")


async def _ask(app: ASGIApp, scope: Scope, receive: Receive) -> _Answer:
    """Ask the app behind for the whole file as it lies on the disk."""
    unconditional = {b"if-none-match", b"if-modified-since", b"accept-encoding"}
    plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in unconditional]}
    start: Message = {}
    body = bytearray()

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(plain, receive, take)
    return _Answer(status=start["status"], headers=MutableHeaders(raw=list(start["headers"])), body=bytes(body))


def _compressed(answer: _Answer) -> _Answer:
    body = gzip.compress(answer.body, mtime=0)
    headers = answer.headers
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    headers.add_vary_header("Accept-Encoding")
    # Another form of the same file is another answer to a cache.
    if "etag" in headers:
        headers["ETag"] = headers["etag"].removesuffix('"') + '-gzip"'
    del headers["accept-ranges"]
    return _Answer(status=answer.status, headers=headers, body=body)


async def _send(answer: _Answer, known: str | None, send: Send) -> None:
    same = known is not None and known == answer.headers.get("etag")
    status, body = (HTTPStatus.NOT_MODIFIED, b"") if same else (answer.status, answer.body)
    headers = [pair for pair in answer.headers.raw if not (same and pair[0] == b"content-length")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
