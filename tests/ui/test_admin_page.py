"""Správa in shared mode without a browser: people, invitations, partners, shares, organisations."""

import pytest

from actions.accounts import invite
from api import process
from domain.accounts import Identity
from domain.roles import Role, Tier
from domain.text import Language
from store import utc_now
from tests.store.people import everybody, found, join
from tests.ui.app_walk import by_label, open_page, page_text, press, run, shown
from tests.ui.test_pages import keys_in
from ui import sign_in
from ui.localisation import Messages

CS = Messages(Language.CS)


class Shared:
    def __init__(self, store, monkeypatch):
        self.store = store
        self.first, self.second = found(store, "Terén <b>Praha</b>"), found(store, "Poradna")
        self.hall = found(store, "Úřad Prahy 99", "mestska_cast")
        self.people = everybody(store, self.first)
        self.others = everybody(store, self.second)
        self._patch = monkeypatch

    def sign_in(self, actor):
        """Let the next session be this account's, as `st.login` would."""
        account = self.store.accounts.get(actor.account_id)
        with self.store._readers.connect() as connection:
            row = connection.exec_driver_sql("SELECT issuer, subject FROM accounts WHERE id = ?", (account.id,)).one()
        identity = Identity(issuer=row.issuer, subject=row.subject, email=account.email, name=account.name)
        self._patch.setattr(sign_in, "signed_in_identity", lambda: identity)

    def open(self, role, lang="cs", page="sprava", people=None):
        self.sign_in((people or self.people)[role])
        return open_page(page, lang)


@pytest.fixture
def shared(tmp_path, monkeypatch):
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"), "BILA_MISTA_MODE": "shared", "BILA_MISTA_HOSTS": "127.0.0.1",
        "BILA_MISTA_URL": "http://127.0.0.1:8501",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    process.forget_process_state()
    store = process.store()
    yield Shared(store, monkeypatch)
    assert store.audit.verify() == []
    process.forget_process_state()


@pytest.mark.parametrize("lang", list(Language))
@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR])
def test_the_page_speaks_one_language(shared, role, lang):
    messages = Messages(lang)
    app = shared.open(role, lang.value)
    assert [element.value for element in app.title] == [messages("page-admin")]
    assert keys_in(app) == []
    headings = {element.value.replace("\\", "") for element in app.subheader}
    people, partners = messages("admin-people"), messages("admin-partners")
    assert (people in headings, partners in headings) == (role is Role.ADMIN, role is Role.COORDINATOR)


@pytest.mark.parametrize("lang", list(Language))
@pytest.mark.parametrize("page", ["moje_zaznamy", "protokol", "prijem", "historie"])
def test_other_pages_in_shared_mode(shared, page, lang):
    assert keys_in(shared.open(Role.COORDINATOR, lang.value, page)) == []


def test_an_invitation_is_made_shown_once_and_withdrawn(shared):
    app = shared.open(Role.ADMIN)
    by_label(app.text_input, CS("admin-invite-email")).set_value("nová@example.org")
    app = press(app, CS("admin-invite-make"))
    assert len(app.code) == 1
    assert app.code[0].value.startswith("http://127.0.0.1:8501/")
    (invitation,) = [one for one in shared.store.invitations.of_organisation(shared.first.id) if one.is_open(utc_now())]
    assert (invitation.role, invitation.email) == (Role.FIELD_WORKER, "nová@example.org")
    app = run(app)
    assert not app.code
    press(app, CS("admin-withdraw"))
    assert not [one for one in shared.store.invitations.of_organisation(shared.first.id) if one.is_open(utc_now())]


def test_a_wrong_address_is_said_above_the_page(shared):
    app = shared.open(Role.ADMIN)
    before = len(app.warning)
    by_label(app.text_input, CS("admin-invite-email")).set_value("bez zavináče")
    app = press(app, CS("admin-invite-make"))
    assert len(app.warning) == before + 1
    assert not [one for one in shared.store.invitations.of_organisation(shared.first.id) if one.is_open(utc_now())]


def test_a_role_is_given_taken_and_an_account_erased(shared):
    worker = shared.people[Role.FIELD_WORKER].account_id
    app = shared.open(Role.ADMIN)
    app.selectbox(key=f"role_{worker}").set_value(Role.COORDINATOR)
    app.multiselect(key=f"parts_{worker}").set_value(["547158"])
    app.button(key=f"save_{worker}").click()
    run(app)
    account = shared.store.accounts.get(worker)
    assert (account.role, account.city_parts) == (Role.COORDINATOR, ("547158",))
    app.button(key=f"turn_{worker}").click()
    run(app)
    assert not shared.store.accounts.get(worker).active
    app.checkbox(key=f"sure_{worker}").check()
    run(app)
    app.button(key=f"erase_{worker}").click()
    app = run(app)
    assert shared.store.accounts.get(worker).name == ""
    assert CS("admin-account-erased", pseudonym=shared.store.accounts.get(worker).pseudonym) in page_text(app)
    assert f'"id": "{worker}"' in (process.configuration().data_dir / "erasures.jsonl").read_text()


def test_the_last_administrator_is_told_why_not(shared):
    admin = shared.people[Role.ADMIN].account_id
    app = shared.open(Role.ADMIN)
    app.button(key=f"turn_{admin}").click()
    app = run(app)
    assert app.warning[0].value.replace("\\", "") == CS("error-last-admin")
    assert shared.store.accounts.get(admin).active


def test_partners_are_named_and_dropped(shared):
    app = shared.open(Role.COORDINATOR)
    offered = by_label(app.multiselect, CS("admin-partners-label"))
    assert set(offered.options) == {"Poradna", "Úřad Prahy 99"}
    offered.set_value([shared.second.id])
    app.button(key="save_partners").click()
    run(app)
    assert shared.store.organisations.partners_of(shared.first.id) == {shared.second.id}
    theirs = shared.store.accounts.standing(shared.others[Role.FIELD_WORKER].account_id).clearance
    assert theirs.partner_of == {shared.first.id}
    by_label(app.multiselect, CS("admin-partners-label")).set_value([])
    app.button(key="save_partners").click()
    run(app)
    assert shared.store.organisations.partners_of(shared.first.id) == frozenset()


def test_an_exact_view_is_given_for_a_purpose_and_ended(shared):
    app = shared.open(Role.COORDINATOR)
    offered = by_label(app.selectbox, CS("admin-share-with"))
    assert set(offered.options) == {"Poradna"}, "a town hall gets no exact view"
    offered.set_value(shared.second.id)
    app = press(app, CS("admin-share-make"))
    assert app.warning[0].value.replace("\\", "") == CS("error-share-purpose-missing")
    by_label(app.selectbox, CS("admin-share-with")).set_value(shared.second.id)
    by_label(app.text_input, CS("admin-share-purpose")).set_value("společný výjezd <script>")
    app = press(app, CS("admin-share-make"))
    (share,) = shared.store.shares.given_by(shared.first.id)
    assert (share.organisation_id, share.tier, share.purpose) == (
        shared.second.id, Tier.EXACT, "společný výjezd <script>",
    )  # fmt: skip
    assert "společný výjezd <script>" in page_text(app)
    app = press(app, CS("admin-share-end"))
    assert not [one for one in shared.store.shares.given_by(shared.first.id) if one.holds(utc_now())]
    assert "Poradna: společný výjezd" not in page_text(app)


def test_the_operator_founds_an_organisation_and_invites_its_administrator(shared):
    app = shared.open(Role.ADMIN)
    by_label(app.text_input, CS("admin-found-name")).set_value("Nová organizace")
    app = press(app, CS("admin-found-make"))
    assert len(app.code) == 1
    (new,) = [one for one in shared.store.organisations.all() if one.name == "Nová organizace"]
    (invitation,) = shared.store.invitations.of_organisation(new.id)
    assert invitation.role is Role.ADMIN
    elsewhere = shared.open(Role.ADMIN, people=shared.others)
    assert CS("admin-found") not in {element.value for element in elsewhere.subheader}


def test_names_and_addresses_are_the_administrator_s(shared):
    gone = join(shared.store, shared.first, Role.FIELD_WORKER, "jana")
    invite(shared.store, shared.first.id, Role.VIEWER, shared.people[Role.ADMIN], email="pozvana@example.org")
    email = shared.store.accounts.get(gone.account_id).email
    assert email in page_text(shared.open(Role.ADMIN))
    for role in (Role.COORDINATOR, Role.FIELD_WORKER):
        for page in ("sprava", "protokol", "historie", "moje_zaznamy"):
            if page in {"sprava", "protokol"} and role is Role.FIELD_WORKER:
                continue
            text = "\n".join(shown(shared.open(role, page=page)))
            assert "@example.org" not in text
