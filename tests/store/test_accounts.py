"""Accounts, invitations, partners, shares; the check inside every write."""

import json
from datetime import timedelta

import pytest

from domain.accounts import InvitationDraft
from domain.errors import AppError, InvalidValueError, NotFoundError, NotPermittedError
from domain.place import Actor
from domain.roles import OPERATOR_ONLY, PERMISSIONS, Role, Tier
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, OPERATOR_ACCOUNT_ID, SHOW_AS_ACCOUNT_ID
from store.permissions import NEEDS, WITHOUT_ACCOUNT
from store.writer import MUTATIONS
from tests.store.conftest import Clock
from tests.store.homes import ENGINES
from tests.store.people import COMMAND, everybody, found, identity, in_days, join, new_id, share_with


@pytest.fixture
def shared(home):
    opened = home.open(clock=Clock(), checks_accounts=True)
    yield opened
    assert opened.audit.verify() == []
    opened.close()


@pytest.fixture
def two(shared):
    """Two organisations with people in every role; the first runs the installation."""
    first, second = found(shared, "Terén"), found(shared, "Poradna")
    return first, everybody(shared, first), second, everybody(shared, second)


def refusal(call, *arguments, **options):
    with pytest.raises(AppError) as caught:
        call(*arguments, **options)
    return caught.value.code


def last_audit(store):
    return store.audit.rows(limit=1)[0]


def test_every_function_that_changes_data_is_in_the_table():
    ours = {name for name in MUTATIONS if "<locals>" not in name}
    assert ours <= set(NEEDS) | WITHOUT_ACCOUNT
    assert not set(NEEDS) & WITHOUT_ACCOUNT


def test_a_function_that_no_table_names_is_refused(two, shared, monkeypatch, make):
    _, people, *_ = two
    monkeypatch.delitem(NEEDS, "Places.add")
    assert refusal(shared.places.add, make.place(), people[Role.COORDINATOR]) == "not_permitted"


@pytest.fixture(scope="module", params=ENGINES)
def matrix(request, tmp_path_factory, clusters):
    home = clusters.home(request.param, tmp_path_factory.mktemp("matrix") / "data")
    opened = home.open(checks_accounts=True)
    yield opened, everybody(opened, found(opened, "Terén")), everybody(opened, found(opened, "Poradna"))
    opened.close()
    home.remove()


@pytest.mark.parametrize("name", sorted(NEEDS))
@pytest.mark.parametrize("role", list(Role))
def test_every_role_at_every_write(matrix, role, name):
    """The writer's own check: what the role lacks is refused and noted."""
    opened, operator, other = matrix
    for people, runs in ((operator, True), (other, False)):
        allowed = NEEDS[name] in PERMISSIONS[role] and (runs or NEEDS[name] not in OPERATOR_ONLY)
        done = []

        def write(_tx, done=done):
            done.append(True)

        if allowed:
            opened.writer.run_for(people[role], name, write)
        else:
            assert refusal(opened.writer.run_for, people[role], name, write) == "not_permitted"
            row = last_audit(opened)
            assert (row.action, row.entity_id, row.account_id) == ("refused", name, people[role].account_id)
        assert done == [True] * allowed


def test_revoked_is_refused_in_the_next_write(shared, two, make):
    _, people, *_ = two
    worker, admin = people[Role.FIELD_WORKER], people[Role.ADMIN]
    shared.places.add(make.place(), worker)
    shared.accounts.set_active(worker.account_id, active=False, actor=admin)
    assert refusal(shared.places.add, make.place(), worker) == "account_revoked"
    assert refusal(shared.accounts.standing, worker.account_id) == "account_revoked"
    shared.accounts.set_active(worker.account_id, active=True, actor=admin)
    shared.accounts.set_role(worker.account_id, role=Role.VIEWER, city_parts=(), actor=admin)
    assert refusal(shared.places.add, make.place(), worker) == "not_permitted"
    assert shared.places.count() == 1


def test_nobody_is_somebody_else(shared, two, make):
    first, people, second, _ = two
    worker = people[Role.FIELD_WORKER]
    assert (
        refusal(shared.places.add, make.place(), Actor(account_id="nobody", organisation_id=first.id))
        == "account_unknown"
    )
    crossed = Actor(account_id=worker.account_id, organisation_id=second.id)
    assert refusal(shared.places.add, make.place(), crossed) == "account_unknown"
    assert refusal(shared.places.add, make.place(), COMMAND) == "account_unknown"


@pytest.mark.parametrize("checks", [False, True])
def test_show_as_never_writes(home, make, checks):
    opened = home.open(checks_accounts=checks)
    looking = Actor(account_id=SHOW_AS_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
    assert refusal(opened.places.add, make.place(), looking) == "showing_as"
    assert opened.places.count() == 0
    opened.close()


def test_local_mode_asks_no_account(store, make):
    store.places.add(make.place(), make.stranger)
    assert store.places.count() == 1


def test_the_first_founded_organisation_takes_over_the_local_one(store, make):
    store.places.add(make.place(), make.actor)
    first, second = found(store, "  Terén   Praha ", "mhmp"), found(store, "Poradna")
    assert (first.id, first.name, first.is_operator, first.is_town_hall) == (
        LOCAL_ORGANISATION_ID,
        "Terén Praha",
        True,
        True,
    )
    assert (second.is_operator, second.is_town_hall) == (False, False)
    assert [organisation.name for organisation in store.organisations.all()] == ["Poradna", "Terén Praha"]


@pytest.mark.parametrize(
    ("name", "type_code", "code"),
    [
        (" ", "nno", "organisation_name_missing"),
        ("x" * 81, "nno", "organisation_name_too_long"),
        ("X", "firma", "term_not_allowed"),
    ],
)
def test_an_organisation_has_a_name_and_a_type(store, name, type_code, code):
    assert refusal(found, store, name, type_code) == code


def test_an_invitation_lets_in_once(shared, two):
    first, people, *_ = two
    secret = "s" * 43
    draft = InvitationDraft(id=new_id(), organisation_id=first.id, role=Role.FIELD_WORKER, city_parts=("500089",))
    shared.invitations.add(draft, secret=secret, actor=people[Role.ADMIN])
    actor = Actor(account_id=new_id(), organisation_id=first.id)
    account = shared.invitations.accept(secret, identity=identity("jana"), account_id=actor.account_id, actor=actor)
    assert (account.role, account.city_parts, account.email) == (Role.FIELD_WORKER, ("500089",), "jana@example.org")
    again = Actor(account_id=new_id(), organisation_id=first.id)
    assert (
        refusal(shared.invitations.accept, secret, identity=identity("eva"), account_id=again.account_id, actor=again)
        == "invitation_invalid"
    )
    assert shared.accounts.standing_of(identity("jana")).account == account
    assert refusal(shared.accounts.standing_of, identity("eva")) == "account_unknown"
    assert refusal(shared.accounts.standing_of, identity("jana", issuer="https://other.example")) == "account_unknown"


def test_the_secret_of_a_link_is_not_kept(shared, two, home):
    first, people, *_ = two
    secret = "tajemstvi-odkazu-0123456789"
    draft = InvitationDraft(id=new_id(), organisation_id=first.id, role=Role.VIEWER)
    shared.invitations.add(draft, secret=secret, actor=people[Role.ADMIN])
    assert home.holding(secret) == []


def test_an_invitation_that_is_no_more(shared, two):
    first, people, second, _ = two

    def ask(**more):
        draft = InvitationDraft(id=new_id(), organisation_id=first.id, role=Role.VIEWER, **more)
        secret = new_id()
        return shared.invitations.add(draft, secret=secret, actor=people[Role.ADMIN]), secret

    def come(secret, who, organisation=first):
        actor = Actor(account_id=new_id(), organisation_id=organisation.id)
        return refusal(shared.invitations.accept, secret, identity=who, account_id=actor.account_id, actor=actor)

    withdrawn, secret = ask()
    shared.invitations.withdraw(withdrawn.id, actor=people[Role.ADMIN])
    assert come(secret, identity("a")) == "invitation_invalid"
    assert come("nothing", identity("a")) == "invitation_invalid"
    _, addressed = ask(email="Jana@Example.org")
    assert come(addressed, identity("eva")) == "invitation_other_email"
    assert come(addressed, identity("jana", email_verified=False)) == "invitation_other_email"
    assert come(addressed, identity("jana"), second) == "invitation_invalid"
    _, known = ask()
    join(shared, first, Role.VIEWER, "petr")
    assert come(known, identity("petr")) == "account_exists"
    _, late = ask()
    shared.writer._clock.now += timedelta(days=8)
    assert come(late, identity("a")) == "invitation_invalid"


def test_only_the_own_administrator_manages(shared, two):
    first, people, second, others = two
    admin, foreign = people[Role.ADMIN], others[Role.ADMIN]
    worker = people[Role.FIELD_WORKER].account_id
    assert refusal(shared.accounts.set_active, worker, active=False, actor=foreign) == "other_organisation"
    assert (
        refusal(shared.accounts.set_role, worker, role=Role.ADMIN, city_parts=(), actor=foreign) == "other_organisation"
    )
    assert refusal(shared.accounts.erase, worker, actor=foreign) == "other_organisation"
    into = InvitationDraft(id=new_id(), organisation_id=first.id, role=Role.ADMIN)
    assert refusal(shared.invitations.add, into, secret="x", actor=foreign) == "other_organisation"
    back = InvitationDraft(id=new_id(), organisation_id=second.id, role=Role.ADMIN)
    assert refusal(shared.invitations.add, back, secret="x", actor=admin) == "other_organisation"
    assert refusal(shared.organisations.found, new_id(), name="X", type_code="nno", actor=foreign) == "not_permitted"
    third = shared.organisations.found(new_id(), name="Třetí", type_code="nno", actor=admin)
    worker_first = InvitationDraft(id=new_id(), organisation_id=third.id, role=Role.FIELD_WORKER)
    assert refusal(shared.invitations.add, worker_first, secret="x", actor=admin) == "first_account_is_admin"
    first_in = InvitationDraft(id=new_id(), organisation_id=third.id, role=Role.ADMIN)
    assert shared.invitations.add(first_in, secret="x", actor=admin).organisation_id == third.id


def test_the_last_administrator_stays(shared, two):
    first, people, *_ = two
    admin = people[Role.ADMIN]
    assert refusal(shared.accounts.set_active, admin.account_id, active=False, actor=admin) == "last_admin"
    assert (
        refusal(shared.accounts.set_role, admin.account_id, role=Role.VIEWER, city_parts=(), actor=admin)
        == "last_admin"
    )
    assert refusal(shared.accounts.erase, admin.account_id, actor=admin) == "last_admin"
    second = join(shared, first, Role.ADMIN)
    shared.accounts.set_active(admin.account_id, active=False, actor=second)
    assert refusal(shared.accounts.erase, second.account_id, actor=second) == "last_admin"


def test_an_erased_account_is_a_pseudonym(shared, two, data_dir, make):
    first, people, *_ = two
    admin = people[Role.ADMIN]
    gone = join(shared, first, Role.FIELD_WORKER, "smazanajana", email="smazanajana@example.org")
    shared.places.add(make.place(), gone)
    erased = shared.accounts.erase(gone.account_id, actor=admin)
    assert (erased.name, erased.email, erased.active, erased.role) == ("", "", False, Role.FIELD_WORKER)
    assert erased.pseudonym == gone.account_id.replace("-", "")[-6:]
    assert refusal(shared.accounts.standing_of, identity("smazanajana")) == "account_unknown"
    assert refusal(shared.accounts.set_active, gone.account_id, active=True, actor=admin) == "account_erased"
    assert shared.places.find()[0].created_by == gone.account_id
    assert "smazanajana" not in json.dumps([str(row) for row in shared.audit.rows(limit=10_000)])
    with shared._readers.connect() as connection:
        for table in ("accounts", "invitations", "audit_log"):
            assert "smazanajana" not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())


def test_the_audit_log_holds_no_name_and_no_email(shared, two):
    log = str(shared.audit.rows(limit=10_000))
    assert "@example.org" not in log
    assert "Terén-" not in log


def test_partners_are_named_one_way(shared, two):
    first, people, second, others = two
    shared.organisations.name_partner(second.id, actor=people[Role.COORDINATOR])
    assert shared.organisations.partners_of(first.id) == {second.id}
    assert shared.accounts.standing(others[Role.FIELD_WORKER].account_id).clearance.partner_of == {first.id}
    assert shared.accounts.standing(people[Role.FIELD_WORKER].account_id).clearance.partner_of == frozenset()
    shared.organisations.drop_partner(second.id, actor=people[Role.COORDINATOR])
    assert shared.accounts.standing(others[Role.FIELD_WORKER].account_id).clearance.partner_of == frozenset()
    assert refusal(shared.organisations.name_partner, first.id, actor=people[Role.COORDINATOR]) == "partner_is_self"
    assert refusal(shared.organisations.name_partner, "x", actor=people[Role.COORDINATOR]) == "unknown_organisation"


def test_a_share_has_a_purpose_a_time_and_an_end(shared, two):
    first, people, second, others = two
    owner, now = people[Role.COORDINATOR], shared.writer._clock.now
    hall = found(shared, "Praha 99", "mestska_cast")
    good = share_with(second, until=in_days(now, 30))
    for draft, code in (
        (share_with(second, until=in_days(now, 30), purpose=" \n "), "share_purpose_missing"),
        (share_with(second, until=in_days(now, 30), purpose="x" * 201), "share_purpose_too_long"),
        (share_with(second, until=in_days(now, -1)), "share_until_invalid"),
        (share_with(second, until=in_days(now, 400)), "share_until_invalid"),
        (share_with(second, until=in_days(now, 30), tier=Tier.HIDDEN), "share_tier_invalid"),
        (share_with(first, until=in_days(now, 30)), "share_with_self"),
        (share_with(hall, until=in_days(now, 30)), "share_with_town_hall"),
    ):
        assert refusal(shared.shares.add, draft, actor=owner) == code
    record = shared.shares.add(good, actor=owner)
    assert record.holds(now)
    row = last_audit(shared)
    assert (row.action, json.loads(row.payload)["purpose"], row.account_id) == (
        "share.add",
        "společný výjezd",
        owner.account_id,
    )
    (seen,) = shared.accounts.standing(others[Role.FIELD_WORKER].account_id).clearance.shares
    assert (seen.owner_organisation_id, seen.tier, seen.until) == (first.id, Tier.EXACT, good.until)
    assert refusal(shared.shares.revoke, record.id, actor=others[Role.COORDINATOR]) == "other_organisation"
    shared.shares.revoke(record.id, actor=owner)
    assert shared.accounts.standing(others[Role.FIELD_WORKER].account_id).clearance.shares == ()
    assert [share.revoked_at is not None for share in shared.shares.given_to(second.id)] == [True]
    assert refusal(shared.shares.revoke, "x", actor=owner) == "unknown_share"


def test_nobody_reads_what_there_is_not(store):
    with pytest.raises(NotFoundError, match="unknown_account"):
        store.accounts.get("x")
    with pytest.raises(NotFoundError, match="unknown_organisation"):
        store.organisations.get("x")
    assert store.accounts.standing(LOCAL_ACCOUNT_ID).clearance.role is Role.COORDINATOR
    assert OPERATOR_ACCOUNT_ID not in {account.id for account in store.accounts.of_organisation(LOCAL_ORGANISATION_ID)}
    assert issubclass(NotPermittedError, AppError)
    assert issubclass(InvalidValueError, ValueError)
