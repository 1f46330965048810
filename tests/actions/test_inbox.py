"""The inbox: steps of verification, alerts, follow-ups, duplicates; and the history of a place."""

from datetime import UTC, date, datetime, timedelta

import pytest

from actions.activity import city_part_quick_sums, organisation_activity
from actions.history import place_history, restore_version
from actions.inbox import InboxList, confirm_edit, dismiss_alert, read_inbox, revisit_of, take_step
from actions.merge_places import decide_pair, merge_places, undo_merge
from actions.place_reader import place_detail
from actions.record_place import PersonalDataSuspected, correct_place
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, ProblemsError, StaleRevisionError
from domain.geometry import LonLat
from domain.place import Actor, PlaceDraft, PlaceState, VisitDraft
from domain.quick_records import QuickKind, QuickRecordDraft
from domain.roles import Clearance, Role
from domain.verification import NEXT_STATES, RevisitReason
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
from tests.store.people import join
from tests.tools.made_up import ACTOR, change, new_id, record, today, visit

OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
WORKER = Clearance(role=Role.FIELD_WORKER, organisation_id=LOCAL_ORGANISATION_ID)
STRANGER = Actor(account_id="stranger", organisation_id="another")
THEIRS = Clearance(role=Role.COORDINATOR, organisation_id="another")


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    assert opened.audit.verify() == []
    assert opened.places.verify_cells() == []
    assert opened.visits.verify_groups() == []
    opened.close()


def now():
    return datetime.now(UTC)


def inbox(store, actor=ACTOR, clearance=OWN):
    return read_inbox(store, actor, clearance, now=now())


def shown(store, place):
    return place_detail(store, place.id, OWN).place


def step(store, place, state, reason="viděno na místě", **more):
    return take_step(store, shown(store, place), state, ACTOR, OWN, reason=reason, **more)


def stranger_place(store, lon, lat, **fields):
    from actions.record_place import record_place

    draft = PlaceDraft(id=new_id(), kind="ubytovna", name="Jejich", position=LonLat(lon=lon, lat=lat), **fields)
    return record_place(store, draft, STRANGER, today=today())


# --- verification -----------------------------------------------------------------------------


def test_every_step_is_taken_and_taken_back(store):
    place = record(store, 14.41, 50.03)
    walk = ["verified", "closed", "verified", "rejected", "suggested", "rejected", "verified", "suggested"]
    for state in walk:
        assert step(store, place, PlaceState(state), reason=f"kvůli {state}").state.value == state
    history = store.places.history(place.id)
    assert [version.record.state.value for version in history] == ["suggested", *walk]
    assert [version.reason for version in history[1:]] == [f"kvůli {state}" for state in walk]
    assert {version.changed_by for version in history} == {LOCAL_ACCOUNT_ID}


@pytest.mark.parametrize("present", list(PlaceState))
@pytest.mark.parametrize("wanted", list(PlaceState))
def test_no_other_step_than_those_of_the_table(store, present, wanted):
    place = record(store, 14.41, 50.03)
    ways = {PlaceState.SUGGESTED: [], PlaceState.VERIFIED: ["verified"], PlaceState.REJECTED: ["rejected"],
            PlaceState.CLOSED: ["verified", "closed"]}  # fmt: skip
    for state in ways[present]:
        step(store, place, PlaceState(state))
    if wanted in NEXT_STATES[present] or wanted is present:
        assert step(store, place, wanted).state is wanted
    else:
        with pytest.raises(InvalidValueError, match="state_step_not_allowed"):
            step(store, place, wanted)


def test_a_reason_is_asked_for_and_checked(store):
    place = record(store, 14.41, 50.03)
    for state in (PlaceState.REJECTED,):
        with pytest.raises(ProblemsError) as caught:
            step(store, place, state, reason="  ")
        assert [problem.code for problem in caught.value.problems] == ["reason_missing"]
    with pytest.raises(ProblemsError, match="text_too_long"):
        step(store, place, PlaceState.VERIFIED, reason="x" * 201)
    with pytest.raises(PersonalDataSuspected):
        step(store, place, PlaceState.VERIFIED, reason="volal 777 123 456")
    assert step(store, place, PlaceState.VERIFIED, reason="volal 777 123 456", accept_personal=True).revision == 2
    assert step(store, record(store, 14.42, 50.03), PlaceState.VERIFIED, reason="").state is PlaceState.VERIFIED


def test_a_step_from_an_old_page_is_refused(store):
    place = record(store, 14.41, 50.03)
    old = shown(store, place)
    step(store, place, PlaceState.VERIFIED)
    with pytest.raises(StaleRevisionError):
        take_step(store, old, PlaceState.REJECTED, ACTOR, OWN, reason="omyl")


def test_only_a_coordinator_of_the_owner_verifies(store):
    place = record(store, 14.41, 50.03)
    for clearance in (
        WORKER,
        Clearance(role=Role.VIEWER),
        Clearance(role=Role.ADMIN, organisation_id=LOCAL_ORGANISATION_ID),
    ):
        with pytest.raises(NotPermittedError):
            take_step(store, shown(store, place), PlaceState.VERIFIED, ACTOR, clearance, reason="")
        with pytest.raises(NotPermittedError):
            read_inbox(store, ACTOR, clearance, now=now())
    with pytest.raises(NotPermittedError, match="other_organisation"):
        take_step(store, shown(store, place), PlaceState.VERIFIED, STRANGER, THEIRS, reason="")


def test_new_and_edited_places_come_in_and_go_when_dealt_with(store):
    first, second = record(store, 14.41, 50.03, name="A"), record(store, 14.48, 50.09, name="B")
    stranger_place(store, 14.5, 50.1)
    assert [place.id for place in inbox(store).suggested.rows] == [second.id, first.id]
    step(store, first, PlaceState.VERIFIED)
    assert [place.id for place in inbox(store).suggested.rows] == [second.id]
    assert inbox(store).edited.rows == ()
    draft = PlaceDraft(id=first.id, kind="ubytovna", name="A2", position=LonLat(lon=14.41, lat=50.03))
    correct_place(store, draft, ACTOR, revision=2, today=today())
    (edited,) = inbox(store).edited.rows
    assert edited.name == "A2"
    confirm_edit(store, edited, ACTOR, OWN)
    assert inbox(store).edited.rows == ()


# --- changes and follow-ups -------------------------------------------------------------------


def test_a_change_alerts_until_somebody_was_there(store):
    place = record(store, 14.41, 50.03, outcome="informovan", day=today() - timedelta(days=30))
    noted = change(store, place, "uzavreni", today() - timedelta(days=3))
    (alert,) = inbox(store).alerts.rows
    assert (alert.change.id, alert.revisit.by) == (noted.id, noted.happened_on + timedelta(days=14))
    assert revisit_of(store, shown(store, place), today=today()).reason is RevisitReason.CHANGE
    visit(store, place, days_ago=5)
    assert len(inbox(store).alerts.rows) == 1
    visit(store, place)
    assert inbox(store).alerts.rows == ()
    assert revisit_of(store, shown(store, place), today=today()).reason is RevisitReason.STALE


def test_an_alert_is_dismissed_with_a_reason(store):
    place = record(store, 14.41, 50.03)
    noted = change(store, place, "provozovatel", today())
    with pytest.raises(ProblemsError, match="reason_missing"):
        dismiss_alert(store, noted.id, ACTOR, OWN, reason="")
    with pytest.raises(NotPermittedError):
        dismiss_alert(store, noted.id, STRANGER, THEIRS, reason="x")
    dismiss_alert(store, noted.id, ACTOR, OWN, reason="ověřeno telefonem u vrátnice")
    assert inbox(store).alerts.rows == ()
    assert len(store.changes.for_place(place.id)) == 1


def test_a_change_that_another_organisation_noted_alerts_the_owner_without_its_note(store):
    from domain.place import ChangeDraft

    place = record(store, 14.41, 50.03)
    store.changes.add(
        ChangeDraft(id=new_id(), place_id=place.id, change="nabor", happened_on=today(), note="tajné"), STRANGER
    )
    (alert,) = inbox(store).alerts.rows
    assert (alert.change.change, alert.change.note, alert.change.created_by) == ("nabor", None, None)


def test_follow_ups_are_a_day_and_a_service_until_met(store):
    place = record(store, 14.41, 50.03)
    visit(store, place, days_ago=2, outcome="opakovat", follow_up_on=today() + timedelta(days=5),
          follow_up_service="counselling_legal")  # fmt: skip
    (one,) = inbox(store).follow_ups.rows
    assert (one.on, one.service, one.place.id) == (today() + timedelta(days=5), "counselling_legal", place.id)
    assert revisit_of(store, shown(store, place), today=today()).reason is RevisitReason.FOLLOW_UP
    other = record(store, 14.42, 50.03)
    ids = [other.id, place.id]
    assert store.reviews.open_follow_ups(ACTOR.organisation_id, ids) == {place.id: today() + timedelta(days=5)}
    assert store.reviews.open_follow_ups(ACTOR.organisation_id, [other.id]) == {}
    assert store.reviews.open_follow_ups(STRANGER.organisation_id, ids) == {}
    later = VisitDraft(id=new_id(), place_id=place.id, happened_on=today() + timedelta(days=5), outcome="poradenstvi")
    store.visits.add(later, ACTOR)
    assert inbox(store).follow_ups.rows == ()
    assert store.reviews.open_follow_ups(ACTOR.organisation_id, ids) == {}


# --- duplicates -------------------------------------------------------------------------------


def test_near_places_alike_are_a_pair_and_far_or_unlike_ones_are_not(store):
    first = record(store, 14.4100, 50.0300, name="Ubytovna Řeka")
    second = record(store, 14.4106, 50.0302, name="hostel REKA")
    record(store, 14.4300, 50.0300, name="Ubytovna Řeka")
    record(store, 14.4112, 50.0307, kind="urad", name="Pobočka")
    (pair,) = inbox(store).duplicates.rows
    assert {pair.own_id, pair.other_id} == {first.id, second.id}
    assert pair.distance_m == pytest.approx(49, abs=3)
    assert (pair.same_kind, pair.shared_words, pair.is_across) == (True, ("reka",), False)


def test_places_without_a_point_are_compared_by_city_part_and_words(store):
    record(store, city_part="547051", name="Ubytovna Modrá hvězda")
    record(store, city_part="547051", name="Modra hvezda")
    record(store, city_part="547361", name="Modrá hvězda")
    (pair,) = inbox(store).duplicates.rows
    assert (pair.distance_m, pair.city_part) == (None, "547051")


def test_a_pair_is_merged_undone_and_told_apart(store):
    record(store, 14.4100, 50.0300, name="Řeka")
    record(store, 14.4101, 50.0300, name="Řeka")
    (pair,) = inbox(store).duplicates.rows
    merge_id = new_id()
    merge_places(store, merge_id, ACTOR, OWN, kept=pair.own, absorbed=pair.other)
    assert (inbox(store).duplicates.rows, len(inbox(store).suggested.rows)) == ((), 1)
    undo_merge(store, merge_id, ACTOR, OWN)
    (pair,) = inbox(store).duplicates.rows
    decide_pair(store, new_id(), pair, ACTOR, OWN, is_same=False)
    assert inbox(store).duplicates.rows == ()
    assert len(inbox(store).suggested.rows) == 2
    with pytest.raises(NotPermittedError):
        merge_places(store, new_id(), ACTOR, WORKER, kept=pair.own, absorbed=pair.other)


def test_across_organisations_a_pair_is_shown_at_t2_and_merged_when_both_agree(store):
    import h3

    ours = record(store, 14.4100, 50.0300, name="Naše")
    theirs = stranger_place(store, 14.4102, 50.0301)
    (pair,) = inbox(store).duplicates.rows
    assert pair.is_across
    assert (pair.other, pair.distance_m, pair.shared_words) == (None, None, ())
    assert (pair.coarse_kind, pair.cell) == ("live", h3.latlng_to_cell(50.0301, 14.4102, 9))
    (mirror,) = inbox(store, STRANGER, THEIRS).duplicates.rows
    assert (mirror.own_id, mirror.other) == (theirs.id, None)
    assert decide_pair(store, new_id(), pair, ACTOR, OWN, is_same=True) is False
    assert inbox(store).duplicates.rows == ()
    assert len(inbox(store, STRANGER, THEIRS).duplicates.rows) == 1
    assert decide_pair(store, new_id(), mirror, STRANGER, THEIRS, is_same=True) is True
    assert inbox(store, STRANGER, THEIRS).duplicates.rows == ()
    assert len(inbox(store).merges.rows) == len(inbox(store, STRANGER, THEIRS).merges.rows) == 1
    assert store.places.get(ours.id).state is PlaceState.SUGGESTED


def test_a_trial_record_finds_another_organisation_s_place_no_nearer_than_its_cell(store):
    """Whoever records places on trial learns the cell, whatever point of it was tried."""
    import h3

    stranger_place(store, 14.4102, 50.0301)
    cell = h3.latlng_to_cell(50.0301, 14.4102, 9)
    answers = set()
    for lat, lon in [(50.0301, 14.4102), h3.cell_to_latlng(cell), *h3.cell_to_boundary(cell)]:
        # A little inwards, so that every trial lies in the cell.
        lat0, lon0 = h3.cell_to_latlng(cell)
        place = record(store, lon0 + (lon - lon0) * 0.8, lat0 + (lat - lat0) * 0.8)
        pairs = [pair for pair in inbox(store).duplicates.rows if pair.is_across and pair.own_id == place.id]
        answers.add(tuple((pair.cell, pair.coarse_kind, pair.score, pair.distance_m) for pair in pairs))
    assert len(answers) == 1


# --- pages ------------------------------------------------------------------------------------


def test_the_headings_count_what_is_on_all_pages(store, monkeypatch):
    monkeypatch.setattr("actions.inbox.PAGE_ROWS", 2)
    monkeypatch.setattr("actions.inbox.COUNTED", 3)
    for index in range(5):
        place = record(store, 14.30 + index / 50, 50.03, name=f"Místo {index}")
        change(store, place, "nabor", today())
        visit(store, place, days_ago=2, outcome="opakovat", follow_up_on=today() + timedelta(days=index))
        if index < 3:
            step(store, place, PlaceState.VERIFIED)
            draft = PlaceDraft(id=place.id, kind="ubytovna", name="Opravené", position=place.position)
            correct_place(store, draft, ACTOR, revision=2, today=today())
    read = inbox(store)
    assert (len(read.suggested.rows), read.suggested_count, read.suggested.further) == (2, 2, None)
    assert (len(read.edited.rows), read.edited_count) == (2, 3)
    # More than are counted.
    assert (len(read.alerts.rows), read.alert_count) == (2, 4)
    assert (len(read.follow_ups.rows), read.follow_up_count) == (2, 4)
    second = read_inbox(store, ACTOR, OWN, now=now(), after={InboxList.ALERTS: read.alerts.further})
    assert not {alert.change.id for alert in read.alerts.rows} & {alert.change.id for alert in second.alerts.rows}
    assert second.edited == read.edited


def test_every_pair_is_on_a_page_of_the_places_it_belongs_to(store, monkeypatch):
    monkeypatch.setattr("actions.inbox.PAGE_ROWS", 2)
    monkeypatch.setattr("actions.inbox.PAGE_PAIRS", 1)
    for name in ("Řeka", "Hvězda", "Řeka", "Hvězda", "Řeka"):
        record(store, city_part="547051", name=f"Ubytovna {name}")
    found, after = set(), {}
    while True:
        read = read_inbox(store, ACTOR, OWN, now=now(), after=after)
        found |= {frozenset((pair.own_id, pair.other_id)) for pair in read.duplicates.rows}
        assert len(read.duplicates.rows) <= 1
        if read.duplicates.further:
            after[InboxList.DUPLICATES] = read.duplicates.further
        elif read.suggested.further:
            after = {InboxList.SUGGESTED: read.suggested.further}
        else:
            break
    assert len(found) == 4


# --- history ----------------------------------------------------------------------------------


def test_the_history_says_who_changed_what_and_why(store):
    place = record(store, 14.41, 50.03, name="Stará", languages=("uk",))
    draft = PlaceDraft(id=place.id, kind="ubytovna", name="Nová", position=LonLat(lon=14.41, lat=50.03))
    correct_place(store, draft, ACTOR, revision=1, today=today(), reason="přejmenováno")
    newest, first = place_history(store, place.id, OWN, now=now())
    assert (newest.revision, newest.by, newest.reason) == (2, LOCAL_ACCOUNT_ID, "přejmenováno")
    assert [(one.field, one.before, one.after) for one in newest.changes] == [
        ("name", "Stará", "Nová"), ("languages", ("uk",), ()),
    ]  # fmt: skip
    assert first.changes == ()
    with pytest.raises(NotFoundError, match="unknown_place"):
        place_history(store, place.id, THEIRS, now=now())
    with pytest.raises(NotPermittedError):
        place_history(store, place.id, Clearance(role=Role.VIEWER), now=now())


def test_a_version_is_restored_as_a_new_one_and_the_state_stays(store):
    place = record(store, 14.41, 50.03, name="Stará")
    draft = PlaceDraft(id=place.id, kind="pracoviste", name="Nová", position=LonLat(lon=14.42, lat=50.04))
    correct_place(store, draft, ACTOR, revision=1, today=today())
    step(store, place, PlaceState.VERIFIED)
    restored = restore_version(store, place.id, 1, ACTOR, OWN, revision=3, reason="omyl")
    assert (restored.name, restored.kind, restored.position, restored.revision) == (
        "Stará",
        "ubytovna",
        place.position,
        4,
    )
    assert restored.state is PlaceState.VERIFIED
    assert len(store.places.history(place.id)) == 4
    with pytest.raises(StaleRevisionError):
        restore_version(store, place.id, 2, ACTOR, OWN, revision=3, reason="")
    with pytest.raises(NotFoundError, match="unknown_version"):
        restore_version(store, place.id, 9, ACTOR, OWN, revision=4, reason="")
    with pytest.raises(NotPermittedError):
        restore_version(store, place.id, 1, ACTOR, WORKER, revision=4, reason="")


def test_sums_need_three_workers(store):
    join(store, store.organisations.get(LOCAL_ORGANISATION_ID), Role.FIELD_WORKER)
    place = record(store, 14.41, 50.03)
    for worker in ("a", "b"):
        store.visits.add(
            VisitDraft(id=new_id(), place_id=place.id, happened_on=today(), outcome="nikdo"),
            Actor(account_id=worker, organisation_id=LOCAL_ORGANISATION_ID),
        )
    (one,) = organisation_activity(store, ACTOR, OWN)
    assert (one.places, one.visits, one.changes) == (None, None, 0)
    store.visits.add(
        VisitDraft(id=new_id(), place_id=place.id, happened_on=date(2026, 1, 1), outcome="nikdo"),
        Actor(account_id="c", organisation_id=LOCAL_ORGANISATION_ID),
    )
    (one,) = organisation_activity(store, ACTOR, OWN)
    assert (one.places, one.visits) == (None, 3)
    with pytest.raises(NotPermittedError):
        organisation_activity(store, ACTOR, WORKER)


def test_who_works_alone_sees_the_own_sums(store):
    record(store, 14.41, 50.03, outcome="nikdo")
    (one,) = organisation_activity(store, ACTOR, OWN)
    assert (one.places, one.visits, one.changes) == (1, 1, 0)


def test_quick_records_of_a_city_part_are_sums_too(store):
    join(store, store.organisations.get(LOCAL_ORGANISATION_ID), Role.FIELD_WORKER)

    def note(worker, kind=QuickKind.ACCOMPANIMENT, city_part="547158", day=None):
        draft = QuickRecordDraft(id=new_id(), kind=kind, happened_on=day or today(), language="uk", city_part=city_part)
        store.quick_records.add(draft, Actor(account_id=worker, organisation_id=LOCAL_ORGANISATION_ID))

    def sums(clearance=OWN):
        return city_part_quick_sums(store, "547158", ACTOR, clearance, today=today())

    assert sums() == {}
    note("a")
    note("b")
    note("c", city_part="500089")
    note("c", day=date(2020, 1, 1))
    note("a", QuickKind.PHONE_INTERPRETING)
    assert sums() == {QuickKind.ACCOMPANIMENT: None, QuickKind.PHONE_INTERPRETING: None}
    note("c")
    note("c")
    assert sums() == {QuickKind.ACCOMPANIMENT: 4, QuickKind.PHONE_INTERPRETING: None}
    with pytest.raises(NotPermittedError):
        sums(WORKER)
