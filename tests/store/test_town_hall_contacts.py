"""Statements about contact with town halls: by organisation, once each, taken back, never changed."""

from dataclasses import replace
from datetime import date

import pytest

from domain.contacts import ContactDraft
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError

NEBUSICE, RUZYNE = "547158", "547166"


def draft(make, **fields):
    values = {"id": make.id(), "city_part": NEBUSICE, "status": "osloveno", "happened_on": date(2026, 9, 3)}
    return ContactDraft(**(values | fields))


def test_statements_stay_beside_each_other_the_latest_first(store, make):
    none = store.town_hall_contacts.add(draft(make, status="zadna", happened_on=date(2026, 1, 5)), make.actor)
    letter = store.town_hall_contacts.add(draft(make), make.actor)
    other = store.town_hall_contacts.add(draft(make, status="schuzka"), make.stranger)
    elsewhere = store.town_hall_contacts.add(draft(make, city_part="500054"), make.actor)
    assert store.town_hall_contacts.all() == [elsewhere, other, letter, none]
    assert (letter.organisation_id, other.organisation_id) == (make.actor.organisation_id, "another-organisation")
    assert letter.created_at.tzinfo is not None


def test_the_same_statement_sent_twice_is_one(store, make):
    sent = draft(make)
    first = store.town_hall_contacts.add(sent, make.actor)
    assert store.town_hall_contacts.add(sent, make.actor) == first
    assert store.town_hall_contacts.all() == [first]
    with pytest.raises(StaleRevisionError):
        store.town_hall_contacts.add(replace(sent, status="zadna"), make.actor)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.town_hall_contacts.add(sent, make.stranger)
    assert store.town_hall_contacts.all() == [first]


def test_only_words_of_the_vocabulary_are_stored(store, make):
    with pytest.raises(InvalidValueError, match="term_not_allowed"):
        store.town_hall_contacts.add(draft(make, status="snad"), make.actor)
    assert store.town_hall_contacts.all() == []


def test_a_slip_is_taken_back_by_its_own_organisation_alone(store, make):
    kept = store.town_hall_contacts.add(draft(make, status="zadna", happened_on=date(2026, 1, 5)), make.actor)
    slip = store.town_hall_contacts.add(draft(make), make.actor)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.town_hall_contacts.withdraw(slip.id, make.stranger)
    store.town_hall_contacts.withdraw(slip.id, make.actor)
    assert store.town_hall_contacts.all() == [kept]
    with pytest.raises(NotFoundError, match="unknown_contact_note"):
        store.town_hall_contacts.withdraw("x", make.actor)
