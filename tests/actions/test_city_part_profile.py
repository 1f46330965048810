"""The page of a city part: each figure with its base, breaks kept, nothing published is not "none"."""

import math
from dataclasses import replace
from datetime import date

import pytest

from actions.city_part_profile import FIGURES, make_profile
from domain.dataset import Denominator
from domain.errors import NotFoundError
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from geo.boundaries import boundaries
from geo.figures import figure_table_from_frame, load_figure_tables
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store

NEBUSICE = "547158"
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def profile_of(code, store):
    return make_profile(code, tables=load_figure_tables(), store=store, organisation_id=LOCAL_ORGANISATION_ID)


def test_nebusice_has_its_figures_with_their_bases(store):
    profile = profile_of(NEBUSICE, store)
    assert profile.name == "Praha-Nebušice"
    assert len(profile.figures) == len(FIGURES)
    count, share, quotient, census, protection = profile.figures
    assert count.value == 1093
    assert share.value == pytest.approx(32.4, abs=0.05)
    assert share.result.denominator is Denominator.INHABITANTS
    assert quotient.value == pytest.approx(2.04, abs=0.005)
    assert census.value == 2734
    assert protection.result.info.reference_date == date(2026, 7, 21)
    assert "31.\u00a012.\u00a02019" in share.result.note.cs


def test_the_two_counts_of_protection_stay_apart(store):
    series = profile_of(NEBUSICE, store).protection
    assert sorted(len(line.values) for line in series) == [1, 8]
    assert len({line.info.series for line in series}) == 2


def test_small_counts_are_hidden_in_the_line_too(store):
    tables = dict(load_figure_tables())
    shipped = tables["temporary_protection_2026-07-21"]
    values = shipped.values[["total"]].astype(float)
    values.loc[NEBUSICE, "total"] = 3
    info = replace(shipped.info, imported=True)
    tables[shipped.info.id] = figure_table_from_frame(info, values, {"total": shipped.columns["total"]})
    profile = make_profile(NEBUSICE, tables=tables, store=store, organisation_id=LOCAL_ORGANISATION_ID)
    (line,) = (line for line in profile.protection if len(line.values) == 1)
    assert math.isnan(line.values.iloc[0])
    assert (profile.figures[-1].value, profile.figures[-1].status) == (None, "suppressed")


def test_own_records_are_counted_and_silence_is_not_none(store):
    empty = profile_of("538302", store)
    assert (empty.places, empty.visits, empty.last_visit_on, empty.cooperation) == (0, 0, None, "neuvedeno")
    place = PlaceDraft(id="01890000-0000-7000-8000-000000000002", kind="ubytovna", name="", city_part="538302")
    visit = VisitDraft(
        id="01890000-0000-7000-8000-000000000003", place_id=place.id, happened_on=date(2026, 5, 4), outcome="nikdo"
    )
    store.places.add(
        LocatedPlace(draft=place, city_part="538302", admin_district=21, cadastral_area=None), ACTOR, visit=visit
    )
    known = profile_of("538302", store)
    assert (known.places, known.visits, known.last_visit_on) == (1, 1, date(2026, 5, 4))


def test_every_city_part_has_a_profile_and_an_unknown_one_none(store):
    for code in boundaries().city_parts.index[::8]:
        assert profile_of(code, store).figures
    with pytest.raises(NotFoundError):
        profile_of("999999", store)
