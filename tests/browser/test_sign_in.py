"""Shared mode in a browser, against a real OpenID Connect provider on loopback."""

import subprocess
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from store import LOCAL_ORGANISATION_ID, open_store
from tests.browser.app_steps import FORM_MS, mark, settle, wait_for_map
from tests.tools.oidc import running_provider, running_shared_app
from tests.tools.server import PROJECT

PEOPLE = [
    {"sub": f"sub-{name}", "email": f"{name}@example.org", "email_verified": True, "name": name.capitalize()}
    for name in ("sprava", "teren", "koord", "cizi")
]


def invite_first(data_dir):
    """Found the first organisation by the server's own command; return the path of the link."""
    done = subprocess.run(
        [sys.executable, "-m", "actions.found_organisation", str(data_dir), "--name", "Terén Praha", "--url", "http://127.0.0.1"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return urlsplit(done.stdout.strip()).path


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    with running_provider(PEOPLE, tmp_path_factory.mktemp("provider") / "provider.log") as address:
        yield address


@pytest.fixture
def shared(provider, tmp_path):
    """A running app of one organisation whose administrator has been invited; each test has its own."""
    link = invite_first(tmp_path / "data")
    with running_shared_app(tmp_path / "data", provider) as app:
        app.link, app.data_dir = link, tmp_path / "data"
        yield app


@pytest.fixture
def open_shared(open_page):
    """Like `open_app`; what the mock provider's own page asks for (a style sheet, blocked) is not the app's."""
    pages = []

    def open_(*arguments):
        pages.append(open_page(*arguments))
        return pages[-1]

    yield open_
    assert [target for page in pages for target in page.outside if "/npm/@picocss/pico@" not in target] == []
    # A map that is left while Leaflet still animates throws this; it belongs to web/map and harms nothing here.
    errors = [error for page in pages for error in page.console_errors]
    assert [error for error in errors if "_leaflet_pos" not in error] == []


def sign_in(page, address, name, *, link="/"):
    page.goto(f"{address}{link}")
    page.get_by_role("button", name="Přihlásit se").click()
    page.get_by_role("button", name=f"sub-{name}", exact=True).first.click()
    return page


def accept(page):
    page.get_by_role("button", name="Přijmout pozvánku").click()
    wait_for_map(page)


def open_admin(page, address):
    page.goto(f"{address}/sprava")
    page.get_by_role("heading", name="Správa").wait_for(timeout=FORM_MS)
    settle(page)
    return page


def make_link(page, role):
    """Invite somebody with a role and return the path of the link."""
    form = page.get_by_test_id("stForm").first
    form.get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name=role, exact=True).click()
    form.get_by_role("button", name="Vytvořit odkaz").click()
    code = page.get_by_test_id("stCode")
    code.wait_for(timeout=FORM_MS)
    settle(page)
    return urlsplit(code.inner_text().strip()).path


def status(url, token=None):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def token_of(page):
    """Return the token that the map sends along."""
    with page.expect_request(
        lambda request: "/layers/places" in request.url and "authorization" in request.headers
    ) as asked:
        page.reload()
    return asked.value.headers["authorization"].removeprefix("Bearer ")


def test_nobody_gets_in_without_an_account(shared, open_shared):
    page = open_shared(f"{shared.address}/")
    page.get_by_role("button", name="Přihlásit se").wait_for(timeout=FORM_MS)
    settle(page)
    assert page.locator(".bm-map").count() == 0
    sign_in(page, shared.address, "cizi")
    page.get_by_text("Tento účet tu nemá přístup").wait_for(timeout=FORM_MS)
    settle(page)
    assert page.locator(".bm-map").count() == 0
    for path in ("sprava", "zaznamenat", "nastaveni", "historie"):
        page.goto(f"{shared.address}/{path}")
        page.get_by_text("Tento účet tu nemá přístup").wait_for(timeout=FORM_MS)
    assert status(f"{shared.address}/api/v1/layers/places") == 401
    require_logged(shared, "refused")


def test_invitation_role_and_revoking_in_an_open_session(shared, open_shared):
    admin = sign_in(open_shared(), shared.address, "sprava", link=shared.link)
    admin.get_by_text("Zve vás organizace Terén Praha.").wait_for(timeout=FORM_MS)
    accept(admin)
    link = make_link(open_admin(admin, shared.address), "terénní pracovník")
    second = open_shared()
    sign_in(second, shared.address, "teren", link=link)
    accept(second)

    # The link is used up, and the first administrator's too.
    late = sign_in(open_shared(), shared.address, "koord", link=link)
    late.get_by_text("Tento účet tu nemá přístup").wait_for(timeout=FORM_MS)

    second.goto(f"{shared.address}/?lang=cs#map=16/50.0755/14.4378&layers=city_parts,places")
    wait_for_map(second)
    mark(second, 14.4378, 50.0755, name="Zápis terénu")
    settle(second)
    assert second.get_by_role("link", name="Správa").count() == 0
    token = token_of(second)
    wait_for_map(second)
    assert status(f"{shared.address}/api/v1/layers/places", token) == 200

    open_admin(admin, shared.address)
    account = admin.locator("details").filter(has_text="Teren · terénní pracovník")
    account.locator("summary").click()
    account.get_by_role("button", name="Odebrat přístup").click()
    admin.get_by_text("přístup odebrán").wait_for(timeout=FORM_MS)

    # The same session, still open, and the same token, still young.
    assert status(f"{shared.address}/api/v1/layers/places", token) == 403
    second.get_by_role("link", name="Městské části").click()
    second.get_by_text("Přístup k tomuto účtu byl odebrán").wait_for(timeout=FORM_MS)
    settle(second)
    assert second.locator(".bm-map").count() == 0
    require_logged(shared, "sign_in", "account.add", "account.revoke", "place.add")


def test_show_as_is_a_banner_without_any_writing(shared, open_shared):
    admin = sign_in(open_shared(), shared.address, "sprava", link=shared.link)
    accept(admin)
    link = make_link(open_admin(admin, shared.address), "koordinátor")
    page = sign_in(open_shared(), shared.address, "koord", link=link)
    accept(page)
    page.get_by_role("button", name="Otevřít mapu").click()
    page.locator(".st-key-first_run").wait_for(state="detached")
    settle(page)
    page.goto(f"{shared.address}/?lang=cs#map=16/50.0655/14.4378&layers=city_parts,places")
    wait_for_map(page)
    mark(page, 14.4378, 50.0655, name="Zápis koordinátora")
    own = token_of(page)
    wait_for_map(page)
    page.get_by_role("button", name="Účet a pohled").click()
    page.get_by_text("jiná organizace", exact=True).click()
    page.get_by_text("Takto mapu vidí: jiná organizace").wait_for(timeout=FORM_MS)
    expect(page.get_by_role("link", name="Zaznamenat")).to_have_count(0)
    settle(page)
    assert page.get_by_role("link", name="Příjem").count() == 0
    shown = shared_places(shared, own)
    assert "Zápis koordinátora" in shown
    expect(page.locator(".bm-map")).to_have_count(1)
    settle(page)
    page.get_by_role("button", name="Zpět k mému pohledu").click()
    page.get_by_role("link", name="Zaznamenat").wait_for(timeout=FORM_MS)
    require_logged(shared, "show_as")


def shared_places(shared, token):
    request = urllib.request.Request(
        f"{shared.address}/api/v1/layers/places", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def require_logged(shared, *actions):
    """Stop the app and look into its store: the log tells what happened, names nobody, and its chain holds."""
    shared.process.terminate()
    shared.process.wait(10)
    store = open_store(shared.data_dir)
    try:
        rows = store.audit.rows(limit=10_000)
        assert set(actions) <= {row.action for row in rows}
        assert "@example.org" not in str(rows)
        assert store.audit.verify() == []
        by = {row.account_id for row in rows if row.action == "place.add"}
        assert all(store.accounts.get(account).organisation_id == LOCAL_ORGANISATION_ID for account in by)
    finally:
        store.close()
