"""Every function that changes organisations, accounts, invitations and shares: what goes before it, and the write."""

from functools import partial

from domain.accounts import InvitationDraft
from domain.roles import Role
from tests.store.people import found, identity, in_days, join, new_id, share_with

# They write an audit row of their own and change no data.
EVENTS = {"Events.note", "Events.note_refusal"}


def after(prepare, write):
    """Return a function that prepares a store and answers with the write itself."""
    return lambda store, make: partial(write, store, make, prepare(store, make))


def own(store, make):
    return store.organisations.get(make.actor.organisation_id)


def other(store, make):
    found(store, "Provozovatel")
    return found(store, "Jiná organizace")


def member(store, make):
    return join(store, own(store, make), Role.FIELD_WORKER).account_id


def partner(store, make):
    organisation = other(store, make)
    store.organisations.name_partner(organisation.id, actor=make.actor)
    return organisation


def draft(store, make):
    return InvitationDraft(id=new_id(), organisation_id=make.actor.organisation_id, role=Role.VIEWER)


def invitation(store, make):
    return store.invitations.add(draft(store, make), secret=new_id(), actor=make.actor)


def asked_in(store, make):
    secret = new_id()
    store.invitations.add(draft(store, make), secret=secret, actor=make.actor)
    return secret, new_id(), identity("nová")


def share_draft(store, make):
    return share_with(other(store, make), until=in_days(store.writer._clock(), 30))


def shared(store, make):
    return store.shares.add(share_draft(store, make), actor=make.actor)


ACCOUNT_WRITES = {
    "Organisations.found": after(
        other, lambda s, m, o: s.organisations.found("founded", name="Třetí", type_code="nno", actor=m.actor)
    ),
    "Organisations.name_partner": after(other, lambda s, m, o: s.organisations.name_partner(o.id, actor=m.actor)),
    "Organisations.drop_partner": after(partner, lambda s, m, o: s.organisations.drop_partner(o.id, actor=m.actor)),
    "Invitations.add": after(draft, lambda s, m, d: s.invitations.add(d, secret="s" * 43, actor=m.actor)),
    "Invitations.withdraw": after(invitation, lambda s, m, i: s.invitations.withdraw(i.id, actor=m.actor)),
    "Invitations.accept": after(
        asked_in, lambda s, m, a: s.invitations.accept(a[0], account_id=a[1], identity=a[2], actor=m.actor)
    ),
    "Accounts.set_role": after(
        member, lambda s, m, a: s.accounts.set_role(a, role=Role.COORDINATOR, city_parts=("500089",), actor=m.actor)
    ),
    "Accounts.set_active": after(member, lambda s, m, a: s.accounts.set_active(a, active=False, actor=m.actor)),
    "Accounts.erase": after(member, lambda s, m, a: s.accounts.erase(a, actor=m.actor)),
    "Shares.add": after(share_draft, lambda s, m, d: s.shares.add(d, actor=m.actor)),
    "Shares.revoke": after(shared, lambda s, m, d: s.shares.revoke(d.id, actor=m.actor)),
}
