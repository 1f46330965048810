"""The header of the map's page: everything in it is there, is public, and is what the map asks for."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from api.preloads import MapPagePreloads, imported_modules, links, streamlit_modules
from api.routes import all_routes
from domain.text import Language
from tests.tools.asgi import Client

# What common servers in front take as the whole head of an answer is 4 KB or more.
MOST_BYTES = 3500


@pytest.fixture
def page(data_dir):
    """Routes with a page in Streamlit's place."""
    stand_in = [
        Route("/", lambda _request: HTMLResponse("<p>")),
        Route("/other", lambda _request: HTMLResponse("<p>")),
        Route("/_stcore/health", lambda _request: JSONResponse({})),
    ]
    return Client(Starlette(routes=[*all_routes(), *stand_in], middleware=[Middleware(MapPagePreloads)]))


def addresses(answer):
    return re.findall(r"<([^>]+)>", answer.headers["link"])


def test_only_the_page_of_the_map_has_it(page):
    assert "link" in page.get("/").headers
    for path in ("/other", "/_stcore/health", "/api/v1/health", "/api/v1/layers"):
        assert "link" not in page.get(path).headers


@pytest.mark.parametrize("language", list(Language))
def test_everything_named_is_there_for_everybody(page, language):
    asked = addresses(page.get(f"/?lang={language.value}"))
    own = [address for address in asked if not address.startswith("/static/")]
    for address in own:
        assert page.get(address).status_code == 200, address
    assert [address for address in own if "/api/" in address] == [f"/api/v1/start?lang={language.value}"]
    assert [address for address in own if address.endswith("/map/all.js")]


def test_a_foreign_language_gets_the_default(page):
    assert addresses(page.get("/?lang=xx")) == addresses(page.get("/"))


def test_the_head_stays_small(data_dir):
    assert len(", ".join(links(Language.CS)).encode()) < MOST_BYTES


def test_ours_does_not_stand_before_what_streamlit_starts_with(data_dir):
    for link in links(Language.CS):
        assert link.endswith(";fetchpriority=low") == (not link.startswith("</static/")), link


def test_streamlit_still_has_the_parts():
    assert {name.split("/")[-1].split(".")[0] for name in streamlit_modules()} >= {"BidiComponent", "Html"}


def test_where_streamlit_is_built_otherwise_nothing_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("api.preloads.STREAMLIT_STATIC", tmp_path)
    assert streamlit_modules.__wrapped__() == ()


def test_below_a_linked_folder_everything_stays_below_it(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.js").write_text('import "./b.js"', encoding="utf-8")
    (tmp_path / "real" / "b.js").write_text("", encoding="utf-8")
    linked = tmp_path / "linked"
    linked.symlink_to(tmp_path / "real")
    assert imported_modules([linked / "a.js"]) == [linked / "a.js", linked / "b.js"]
