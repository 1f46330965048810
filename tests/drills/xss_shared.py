"""The part of the drill of hostile texts that needs people: every text that only shared mode has, and where it is shown."""

import contextlib
import re
from datetime import timedelta

from domain.accounts import NAME_MAX_LENGTH, PURPOSE_MAX_LENGTH, InvitationDraft, ShareDraft
from domain.place import PlaceState
from domain.roles import Role
from store import open_store, utc_now
from tests.drills.hostile_records import Watch, add_events, add_place, batches
from tests.store.people import found, identity, join, new_id
from tests.tools.oidc import running_provider, running_shared_app
from tests.tools.reruns import settle

ACCOUNTS = 60  # a page of accounts is long: names and e-mails share the texts
PLACES = 40
PAGES = {
    "spravce": ("sprava", "protokol"),
    "koordinator": ("sprava", "prijem", "historie", "protokol", "moje-zaznamy"),
}
FEW = {"spravce": 1, "koordinator": 2}
SECRETS = {"spravce": "invited-spravce", "koordinator": "invited-koordinator", "host": "invited-host"}
ROLES = {"spravce": Role.ADMIN, "koordinator": Role.COORDINATOR, "host": Role.FIELD_WORKER}


def look_at_shared(browser, watch, texts, folder, *, few):
    """Load every sink of shared mode; return how many purposes of shares were shown as they are."""
    ids = prepare(folder / "data", texts)
    people = [claims(name, text) for name, text in zip(SECRETS, texts, strict=False)]
    with (
        running_provider(people, folder / "provider.log") as provider,
        running_shared_app(folder / "data", provider) as app,
    ):
        shown = []
        for name, pages in PAGES.items():
            with watching(browser, watch, provider) as own:
                come_in(own, app.address, name)
                for path in (
                    pages[: FEW[name]] if few else (*pages, f"historie?misto={ids[0]}", f"historie?misto={ids[-1]}")
                ):
                    own.open(f"{app.address}/{path}", tabs=0, wait_ms=700 if few else 2500)
                    own.look(f"{path[:20]} of {name}")
                    if (name, path) == ("koordinator", "sprava"):
                        shown = own.page.get_by_test_id("stText").all_text_contents()
                if name == "koordinator" or not few:
                    look_at_account(own, app.address, name)
        with watching(browser, watch, provider) as own:
            sign_in(own, app.address, "host")
            own.page.get_by_role("button", name="Přijmout pozvánku").wait_for()
            settle(own.page)
            own.look("an invitation")
    purposes = {purpose_of(text) for text in texts}
    return sum(any(purpose in line for line in shown) for purpose in purposes)


def prepare(data_dir, texts):
    """Found an organisation for every text, with its name in all that people write about each other; return places."""
    store = open_store(data_dir)
    try:
        own = found(store, texts[0][:NAME_MAX_LENGTH])
        others = [found(store, text[:NAME_MAX_LENGTH]) for text in texts[1:]]
        named = [join_as(store, own, group) for group in batches(texts, max(len(texts) // ACCOUNTS, 2))]
        worker = join(store, own, Role.FIELD_WORKER, "worker")
        owner = join(store, own, Role.COORDINATOR, "owner")
        until = utc_now() + timedelta(days=20)
        for text, other in zip(texts, [*others, others[0]], strict=True):
            store.organisations.name_partner(other.id, actor=owner)
            draft = ShareDraft(id=new_id(), organisation_id=other.id, purpose=purpose_of(text), until=until)
            store.shares.add(draft, actor=owner)
            invitation = InvitationDraft(id=new_id(), organisation_id=own.id, role=Role.VIEWER, email=text)
            store.invitations.add(invitation, secret=new_id(), actor=named[0])
        for name, secret in SECRETS.items():
            draft = InvitationDraft(id=new_id(), organisation_id=own.id, role=ROLES[name])
            store.invitations.add(draft, secret=secret, actor=named[0])
        places = [add_place(store, number, text, worker) for number, text in enumerate(texts[:PLACES])]
        for number, (place, text) in enumerate(zip(places, texts, strict=False)):
            add_events(store, place, number, text, worker)
        revision = store.places.get(places[0]).revision
        store.places.set_state(
            places[0], PlaceState.VERIFIED, revision=revision, actor=owner, reason=" ".join(texts[:50])
        )
        store.settings.set("first_run_seen", value=True, actor=named[0])
    finally:
        store.close()
    return places


def join_as(store, organisation, texts):
    """Let somebody in whose name and e-mail are hostile."""
    who = identity(texts[0], subject=new_id(), email=" ".join(texts))
    return join(store, organisation, Role.ADMIN, who=who)


def purpose_of(text):
    return " ".join(text.split())[:PURPOSE_MAX_LENGTH]


def claims(name, text):
    """Return what the provider says of somebody: the name and the e-mail are hostile."""
    return {"sub": f"sub-{name}", "email": f"{text}@example.org", "email_verified": True, "name": text}


@contextlib.contextmanager
def watching(browser, watch, provider):
    """Yield a watch over a browser of its own; what it found is told to `watch`.

    The provider's page asks for a style sheet elsewhere, and is not ours: only ours is watched.
    """
    context = browser.new_context(locale="cs-CZ", viewport={"width": 1440, "height": 900})
    own = Watch(context.new_page())
    try:
        yield own
    finally:
        watch.sinks += own.sinks
        watch.ran += own.ran
        watch.outside += [address for address in own.outside if "/npm/@picocss/pico@" not in address]
        context.close()


def sign_in(own, address, name):
    own.page.goto(f"{address}/pozvanka/{SECRETS[name]}")
    own.page.get_by_role("button", name="Přihlásit se").click()
    own.page.get_by_role("button", name=re.compile(f"^sub-{name}")).first.click()


def come_in(own, address, name):
    sign_in(own, address, name)
    own.page.get_by_role("button", name="Přijmout pozvánku").click()
    own.page.locator(".bm-map").wait_for()
    settle(own.page)
    own.look(f"first map of {name}")


def look_at_account(own, address, name):
    """Open the map with the menu of the account, and for a coordinator "Show as"."""
    own.open(f"{address}/#map=15/50.026/14.415&layers=city_parts,places", tabs=0, wait_ms=700)
    own.page.locator(".st-key-account_menu button").first.click()
    own.page.get_by_role("button", name="Odhlásit se").wait_for()
    own.look(f"menu of {name}")
    if name == "koordinator":
        own.page.get_by_text("partner", exact=False).last.click()
        own.page.locator(".st-key-show_as_banner").wait_for()
        settle(own.page)
        own.look("show as")
