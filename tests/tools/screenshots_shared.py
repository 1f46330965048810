"""Pictures of the pages that only shared mode has, of an administrator and of a coordinator, signed in for real."""

import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

from actions.accounts import invite
from domain.accounts import ShareDraft
from domain.place import Actor
from domain.roles import Role
from store import LOCAL_ORGANISATION_ID, open_store, utc_now
from tests.store.people import everybody, found, new_id
from tests.tools.oidc import running_provider, running_shared_app
from tests.tools.reruns import settle, watch_reruns
from tests.tools.server import PROJECT

PEOPLE = [
    {"sub": f"sub-{name}", "email": f"{name}@example.org", "email_verified": True, "name": name.capitalize()}
    for name in ("spravce", "koordinator")
]
PAGES = {
    "spravce": ("sprava", "protokol"),
    "koordinator": ("sprava", "prijem", "historie", "moje-zaznamy", "protokol", "mapa"),
}


def take_shared(browser, folder, out, sizes):
    """Write a picture of every page in `PAGES` at each width."""
    folder.mkdir(parents=True, exist_ok=True)
    links = prepare(folder / "data")
    with (
        running_provider(PEOPLE, folder / "provider.log") as provider,
        running_shared_app(folder / "data", provider) as app,
    ):
        for name, pages in PAGES.items():
            context = browser.new_context(locale="cs-CZ")
            context.set_default_timeout(30_000)
            watch_reruns(context)
            page = context.new_page()
            page.goto(f"{app.address}{links[name]}")
            page.get_by_role("button", name="Přihlásit se").click()
            page.get_by_role("button", name=f"sub-{name}", exact=True).first.click()
            page.get_by_role("button", name="Přijmout pozvánku").click()
            page.locator(".bm-map").wait_for()
            for width, height in sizes.items():
                for slug in pages:
                    page.set_viewport_size({"width": width, "height": height})
                    page.goto(f"{app.address}/{'' if slug == 'mapa' else slug}")
                    page.locator(".bm-map" if slug == "mapa" else "h1").first.wait_for()
                    settle(page)
                    page.wait_for_timeout(1500)
                    if slug != "mapa":
                        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                        page.set_viewport_size({"width": width, "height": min(6000, max(height, tall + 80))})
                        page.wait_for_timeout(500)
                    path = out / f"{slug}-{name}-{width}.png"
                    page.screenshot(path=path)
                    print(path.relative_to(PROJECT))
            context.close()


def prepare(data_dir):
    """Found two organisations with people in them; return the paths of two open invitations."""
    done = subprocess.run(
        [sys.executable, "-m", "actions.found_organisation", str(data_dir), "--name", "Terén Praha", "--url", "http://127.0.0.1"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    store = open_store(data_dir)
    first = store.organisations.get(LOCAL_ORGANISATION_ID)
    second = found(store, "Poradna pro cizince")
    people = everybody(store, first)
    everybody(store, second)
    owner = people[Role.COORDINATOR]
    store.organisations.name_partner(second.id, actor=owner)
    draft = ShareDraft(
        id=new_id(), organisation_id=second.id, purpose="společný výjezd", until=utc_now() + timedelta(days=20)
    )
    store.shares.add(draft, actor=owner)
    inviting = Actor(account_id=people[Role.ADMIN].account_id, organisation_id=first.id)
    invite(store, first.id, Role.FIELD_WORKER, inviting, email="nova@example.org")
    _, secret = invite(store, first.id, Role.COORDINATOR, inviting)
    store.close()
    path = urlsplit(done.stdout.strip()).path
    return {"spravce": path, "koordinator": f"{path.rpartition('/')[0]}/{secret}"}
