"""Files of the front end are read once, compressed, and answered from memory; nothing else is touched."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.kept_files import KeptFiles
from api.routes import all_routes
from tests.tools.asgi import Client

PLAIN = {"Accept-Encoding": "identity"}
SCRIPT = "export const a = 1;\n" * 200


class Counting:
    """An app with a script, a font, a page and a missing file, that counts what it was asked for."""

    def __init__(self):
        self.asked = []
        routes = [
            Route("/static/js/a.js", self.script),
            Route("/static/media/a.woff2", self.font),
            Route("/api/v1/x", self.script),
            Route("/static/{rest:path}", self.fallback),
        ]
        self.client = Client(Starlette(routes=routes, middleware=[Middleware(KeptFiles)]))

    async def script(self, request):
        self.asked.append(dict(request.headers))
        headers = {"ETag": '"one"', "Cache-Control": "immutable", "Accept-Ranges": "bytes"}
        return PlainTextResponse(SCRIPT, media_type="text/javascript", headers=headers)

    async def fallback(self, request):
        """What Streamlit answers to any other name."""
        self.asked.append(dict(request.headers))
        return HTMLResponse("<p>page</p>")

    async def font(self, request):
        self.asked.append(dict(request.headers))
        return Response(b"\x00font", media_type="font/woff2")


@pytest.fixture
def counting():
    return Counting()


def test_a_script_is_asked_for_once_and_comes_compressed(counting):
    answers = [counting.client.get("/static/js/a.js") for _ in range(3)]
    assert len(counting.asked) == 1
    for answer in answers:
        assert answer.text == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
        assert answer.headers["cache-control"] == "immutable"
        assert "Accept-Encoding" in answer.headers["vary"]
        assert "accept-ranges" not in answer.headers


def test_the_tag_is_another_one_than_of_the_plain_file_and_is_known_again(counting):
    tag = counting.client.get("/static/js/a.js").headers["etag"]
    assert tag == '"one-gzip"'
    again = counting.client.get("/static/js/a.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert counting.client.get("/static/js/a.js", headers={"If-None-Match": '"one"'}).status_code == 200


def test_a_first_question_with_a_condition_still_fills_the_memory(counting):
    answer = counting.client.get("/static/js/a.js", headers={"If-None-Match": '"one"'})
    assert (answer.status_code, answer.text) == (200, SCRIPT)
    assert "if-none-match" not in counting.asked[0]


@pytest.mark.parametrize("headers", [PLAIN, {"Range": "bytes=0-3"}])
def test_without_gzip_or_in_part_the_file_itself_answers(counting, headers):
    for _ in range(2):
        assert "content-encoding" not in counting.client.get("/static/js/a.js", headers=headers).headers
    assert len(counting.asked) == 2


def test_what_is_compressed_already_is_passed_on(counting):
    for _ in range(2):
        answer = counting.client.get("/static/media/a.woff2")
        assert (answer.content, answer.headers.get("content-encoding")) == (b"\x00font", None)
    assert len(counting.asked) == 2


@pytest.mark.parametrize("path", ["/static/js/made-up.js", "/static//js/a.js"])
def test_names_that_somebody_makes_up_do_not_fill_the_memory(counting, path):
    for _ in range(2):
        counting.client.get(path)
    assert len(counting.asked) == 2
    assert counting.client.get("/assets/b.js").status_code == 404


def test_answers_of_the_api_are_never_kept(counting):
    for _ in range(2):
        counting.client.get("/api/v1/x")
    assert len(counting.asked) == 2


def test_it_holds_for_the_real_files(data_dir):
    client = Client(Starlette(routes=all_routes(), middleware=[Middleware(KeptFiles)]))
    plain = client.get("/assets/leaflet/leaflet.js", headers=PLAIN)
    kept = client.get("/assets/leaflet/leaflet.js")
    assert kept.content == plain.content
    assert int(kept.headers["content-length"]) == len(gzip.compress(plain.content, mtime=0))
