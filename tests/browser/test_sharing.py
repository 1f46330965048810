"""Správa in a browser: a coordinator shares and ends it, an administrator invites and takes it back."""

import contextlib

import pytest
from playwright.sync_api import expect

from store import LOCAL_ORGANISATION_ID, open_store, utc_now
from tests.browser.app_steps import FORM_MS, settle, wait_for_map
from tests.tools.oidc import running_provider, running_shared_app
from tests.tools.screenshots_shared import PEOPLE, prepare


@pytest.fixture
def shared(tmp_path):
    """A running app of two organisations; `links` are the open invitations of its people."""
    links = prepare(tmp_path / "data")
    with (
        running_provider(PEOPLE, tmp_path / "provider.log") as provider,
        running_shared_app(tmp_path / "data", provider) as app,
    ):
        app.links, app.data_dir = links, tmp_path / "data"
        yield app


def come_in(page, shared, name):
    page.goto(f"{shared.address}{shared.links[name]}")
    page.get_by_role("button", name="Přihlásit se").click()
    page.get_by_role("button", name=f"sub-{name}", exact=True).first.click()
    page.get_by_role("button", name="Přijmout pozvánku").click()
    wait_for_map(page)
    page.goto(f"{shared.address}/sprava")
    page.get_by_role("heading", name="Správa").wait_for(timeout=FORM_MS)
    settle(page)
    return page


@contextlib.contextmanager
def stopped(shared):
    """Stop the app and look into its store; the chain of its log holds."""
    shared.process.terminate()
    shared.process.wait(10)
    store = open_store(shared.data_dir)
    try:
        yield store
        assert store.audit.verify() == []
    finally:
        store.close()


def test_an_exact_view_is_shared_for_a_purpose_and_ended(shared, open_page):
    page = come_in(open_page(), shared, "koordinator")
    page.get_by_text("Poradna pro cizince: společný výjezd").wait_for(timeout=FORM_MS)
    page.get_by_role("button", name="Ukončit sdílení").click()
    expect(page.get_by_text("Poradna pro cizince: společný výjezd")).to_have_count(0)
    settle(page)
    form = page.get_by_test_id("stForm").first
    form.get_by_role("combobox", name="Komu").click()
    page.get_by_role("option", name="Poradna pro cizince").click()
    form.get_by_role("button", name="Sdílet").click()
    page.get_by_text("Napište, k čemu").wait_for(timeout=FORM_MS)
    settle(page)
    # Refused, and nothing that was chosen is lost.
    expect(form.get_by_role("combobox", name="Komu")).to_have_value("Poradna pro cizince")
    form.get_by_role("textbox", name="K čemu").fill("mapování ubytoven")
    form.get_by_role("button", name="Sdílet").click()
    page.get_by_text("Poradna pro cizince: mapování ubytoven").wait_for(timeout=FORM_MS)
    settle(page)
    assert page.get_by_role("heading", name="Lidé").count() == 0
    with stopped(shared) as store:
        (share,) = [one for one in store.shares.given_by(LOCAL_ORGANISATION_ID) if one.holds(utc_now())]
        assert share.purpose == "mapování ubytoven"
        actions = [row.action for row in store.audit.rows(entity="share")]
        assert actions == ["share.add", "share.revoke", "share.add"]


def test_an_invitation_is_made_and_taken_back(shared, open_page):
    page = come_in(open_page(), shared, "spravce")
    withdraw = page.get_by_role("button", name="Zrušit pozvánku")
    withdraw.first.wait_for(timeout=FORM_MS)
    before = withdraw.count()
    form = page.get_by_test_id("stForm").first
    form.get_by_role("textbox", name="E-mail").fill("bez zavináče")
    form.get_by_role("button", name="Vytvořit odkaz").click()
    # Another sentence of the same kind stands below, about backups.
    refused = page.get_by_test_id("stAlert").filter(has_text="„bez zavináče“ není e-mailová adresa")
    refused.wait_for(timeout=FORM_MS)
    settle(page)
    expect(form.get_by_role("textbox", name="E-mail")).to_have_value("bez zavináče")
    form.get_by_role("textbox", name="E-mail").fill("dalsi@example.org")
    form.get_by_role("button", name="Vytvořit odkaz").click()
    page.get_by_test_id("stCode").wait_for(timeout=FORM_MS)
    settle(page)
    expect(refused).to_have_count(0)
    expect(withdraw).to_have_count(before + 1)
    line = page.locator('[class*="st-key-invitation_"]').filter(has_text="dalsi@example.org")
    line.get_by_role("button").click()
    expect(page.get_by_text("dalsi@example.org")).to_have_count(0)
    settle(page)
    assert page.get_by_role("heading", name="Partnerské organizace").count() == 0
    with stopped(shared) as store:
        assert "dalsi@example.org" not in str(store.audit.rows(limit=1000))
        assert {"invitation.add", "invitation.withdraw"} <= {row.action for row in store.audit.rows(limit=1000)}
