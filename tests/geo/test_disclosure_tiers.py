"""Who stands in which tier: roles, partners, town halls, shares and age."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import InvalidValueError
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role, Tier
from domain.vocabulary import OPEN_KINDS
from geo.disclosure import (
    DisclosureSettings,
    Precision,
    cache_key,
    default_tier,
    disclose,
    tier_of,
)
from geo.locate import locate_many
from tests.geo.disclosure_samples import (
    KINDS,
    NOW,
    OUTSIDER,
    PARTICIPANT,
    PARTNER,
    TOWN_HALL,
    columns_of,
    make_record,
    random_records,
    share,
)

STAFF = (Role.FIELD_WORKER, Role.COORDINATOR, Role.ADMIN)


def clearance_for(who, role):
    return {
        "own": Clearance(role=role, organisation_id="o1"),
        "partner": Clearance(role=role, organisation_id="reader", partner_of=frozenset({"o1"})),
        "other": Clearance(role=role, organisation_id="reader"),
        "town hall": Clearance(role=role, organisation_id="reader", is_town_hall=True),
        "partner town hall": Clearance(
            role=role, organisation_id="reader", is_town_hall=True, partner_of=frozenset({"o1"})
        ),
        "no organisation": Clearance(role=role),
    }[who]


CLOSED_OPEN = {
    "own": (0, 0),
    "partner": (1, 0),
    "other": (2, 1),
    "town hall": (2, 2),
    "partner town hall": (2, 2),
    "no organisation": (2, 1),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", CLOSED_OPEN)
@pytest.mark.parametrize("role", STAFF)
def test_tiers_of_staff(role, who, kind):
    assert default_tier(kind, clearance_for(who, role), "o1") == CLOSED_OPEN[who][kind in OPEN_KINDS]
    assert tier_of(make_record(kind=kind), clearance_for(who, role), now=NOW) == CLOSED_OPEN[who][kind in OPEN_KINDS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", CLOSED_OPEN)
def test_tiers_of_participants_and_viewers(who, kind):
    is_open = kind in OPEN_KINDS
    participant, viewer = clearance_for(who, Role.PARTICIPANT), clearance_for(who, Role.VIEWER)
    assert default_tier(kind, participant, "o1") == (Tier.CELL_9 if is_open else Tier.CITY_PART)
    assert default_tier(kind, viewer, "o1") == (Tier.CITY_PART if is_open else Tier.HIDDEN)


def test_an_unknown_kind_counts_as_closed_and_the_open_kinds_are_those_of_the_method():
    assert default_tier("nova", OUTSIDER, "o1") is Tier.CELL_9
    assert {"trznice", "obchod", "skola", "urad", "dopravni_uzel"} == OPEN_KINDS


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (share(), Tier.EXACT),
        (share(Tier.CELL_10), Tier.CELL_10),
        (share(Tier.CITY_PART), Tier.CELL_9),
        (share(until=NOW), Tier.CELL_9),
        (share(until=NOW - timedelta(seconds=1)), Tier.CELL_9),
        (share(owner="o2"), Tier.CELL_9),
        (share(purpose="  "), Tier.CELL_9),
    ],
)
def test_a_share_holds_for_its_owner_purpose_and_time(given, expected):
    reader = dataclasses.replace(OUTSIDER, shares=(given,))
    assert tier_of(make_record(), reader, now=NOW) is expected
    assert tier_of(make_record(), reader, now=NOW.astimezone()) is expected


def test_no_share_lifts_a_town_hall_a_participant_or_a_viewer():
    for reader, expected in ((TOWN_HALL, Tier.CELL_9), (PARTICIPANT, Tier.CITY_PART), (PUBLIC_CLEARANCE, Tier.HIDDEN)):
        assert tier_of(make_record(), dataclasses.replace(reader, shares=(share(),)), now=NOW) is expected


@pytest.mark.parametrize(
    "reader",
    [
        Clearance(role=Role.COORDINATOR, organisation_id="o1"),
        dataclasses.replace(OUTSIDER, shares=(share(),)),
        PARTNER,
    ],
)
def test_a_place_nobody_confirmed_for_24_months_falls_to_t2(reader):
    last_day = datetime(2024, 11, 1, 23, tzinfo=UTC)
    day_after = datetime(2024, 11, 2, tzinfo=UTC)
    old, young = make_record(updated_at=last_day), make_record(updated_at=day_after)
    assert tier_of(old, reader, now=NOW) is Tier.CELL_9
    assert tier_of(young, reader, now=NOW) < Tier.CELL_9
    assert tier_of(make_record(updated_at=last_day, last_visit_on=date(2024, 11, 2)), reader, now=NOW) < Tier.CELL_9
    assert tier_of(old, reader, now=NOW, settings=DisclosureSettings(unconfirmed_months=None)) < Tier.CELL_9
    assert tier_of(old, reader, now=NOW, settings=DisclosureSettings(unconfirmed_months=25)) < Tier.CELL_9


def test_age_makes_no_place_more_exact():
    old = make_record(updated_at=NOW - timedelta(days=2000))
    assert tier_of(old, PARTICIPANT, now=NOW) is Tier.CITY_PART
    assert tier_of(old, PUBLIC_CLEARANCE, now=NOW) is Tier.HIDDEN


def test_an_own_place_nobody_confirmed_keeps_its_record_and_loses_its_position():
    old = make_record(updated_at=NOW - timedelta(days=2000))
    (row,) = disclose([old], Clearance(role=Role.COORDINATOR, organisation_id="o1"), now=NOW)
    assert (row.id, row.name, row.precision, row.resolution) == (old.id, old.name, Precision.CELL, 9)
    assert row.position != old.position
    assert locate_many([row.position.lon], [row.position.lat]).codes_of_city_parts().tolist() == [old.city_part]
    assert row.cadastral_area is None
    (partner,) = disclose([old], PARTNER, now=NOW)
    assert partner.id is None


def test_refuses_an_instant_without_a_zone():
    for call in (lambda now: tier_of(make_record(), OUTSIDER, now=now), lambda now: disclose([], OUTSIDER, now=now)):
        with pytest.raises(InvalidValueError) as refused:
            call(NOW.replace(tzinfo=None))
        assert refused.value.code == "instant_without_zone"


@pytest.mark.parametrize("reader", [OUTSIDER, PARTNER, TOWN_HALL, PARTICIPANT, PUBLIC_CLEARANCE])
def test_columns_and_single_records_agree_on_every_tier(reader):
    from geo.disclosure_tiers import DEFAULT_SETTINGS, tiers_of_columns

    reader = dataclasses.replace(reader, shares=(share(owner="o3"),))
    records = [
        dataclasses.replace(record, updated_at=NOW - timedelta(days=40 * (number % 30)))
        for number, record in enumerate(random_records(5))
    ]
    tiers = tiers_of_columns(columns_of(records), reader, now=NOW, settings=DEFAULT_SETTINGS)
    assert tiers.tolist() == [tier_of(record, reader, now=NOW) for record in records]


def test_cache_key_holds_the_whole_clearance():
    variants = [
        OUTSIDER,
        dataclasses.replace(OUTSIDER, role=Role.ADMIN),
        dataclasses.replace(OUTSIDER, organisation_id="o9"),
        dataclasses.replace(OUTSIDER, organisation_id=None),
        dataclasses.replace(OUTSIDER, is_town_hall=True),
        dataclasses.replace(OUTSIDER, partner_of=frozenset({"o1"})),
        dataclasses.replace(OUTSIDER, partner_of=frozenset({"o1", "o2"})),
        *(
            dataclasses.replace(OUTSIDER, shares=(given,))
            for given in (
                share(),
                share(Tier.CELL_10),
                share(owner="o2"),
                share(purpose="jiný"),
                share(until=NOW),
            )
        ),
    ]
    assert len({cache_key(7, variant) for variant in variants}) == len(variants)
    assert cache_key(7, OUTSIDER) != cache_key(8, OUTSIDER)
    shared = dataclasses.replace(OUTSIDER, shares=(share(),))
    assert cache_key(7, shared, now=NOW) == cache_key(7, shared, now=NOW + timedelta(minutes=59))
    assert cache_key(7, shared, now=NOW) != cache_key(7, shared, now=NOW + timedelta(minutes=60))
    assert cache_key(7, OUTSIDER, now=NOW) != cache_key(7, OUTSIDER, now=NOW + timedelta(days=1))
    both = (share(), share(owner="o2"))
    assert cache_key(1, dataclasses.replace(OUTSIDER, shares=both)) == cache_key(
        1, dataclasses.replace(OUTSIDER, shares=both[::-1])
    )
