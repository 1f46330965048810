"""What statements about contact amount to on a day."""

from datetime import UTC, date, datetime

from domain.contacts import ContactNote
from domain.coverage import StatedBy
from geo.contacts import as_known_on, contacts_on

NEBUSICE, SUCHDOL = "547158", "547271"
TODAY = date(2026, 10, 1)
OWN, OTHER = "own", "other"


def note(status, day, *, organisation=OWN, city_part=NEBUSICE, written=None, number=1):
    noted = written or datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return ContactNote(
        id=str(number), organisation_id=organisation, city_part=city_part, status=status, happened_on=day,
        created_at=noted,
    )  # fmt: skip


def contact(notes, published=None, day=TODAY, organisation=OWN):
    return contacts_on(notes, published or {}, day, organisation_id=organisation).get(NEBUSICE)


def test_nothing_stated_is_not_there():
    assert contact([]) is None
    assert contact([], {NEBUSICE: "neuvedeno"}) is None
    assert contact([note("zadna", TODAY, city_part=SUCHDOL)]) is None


def test_the_latest_statement_of_the_own_organisation_counts():
    notes = [note("schuzka", date(2026, 9, 1)), note("zadna", date(2026, 1, 1)), note("osloveno", date(2026, 8, 1))]
    found = contact(notes)
    assert (found.status, found.last_on, found.stated_by) == ("schuzka", date(2026, 9, 1), StatedBy.OWN)


def test_of_two_on_one_day_the_one_written_down_later_counts():
    day = date(2026, 9, 1)
    early = note("zadna", day, written=datetime(2026, 9, 1, 8, tzinfo=UTC))
    late = note("osloveno", day, written=datetime(2026, 9, 1, 15, tzinfo=UTC), number=2)
    assert contact([late, early]).status == contact([early, late]).status == "osloveno"


def test_what_the_own_organisation_states_goes_before_what_was_published():
    published = {NEBUSICE: "navazano"}
    assert contact([], published).stated_by is StatedBy.PUBLISHED
    assert contact([note("zadna", TODAY)], published).status == "zadna"


def test_of_others_the_best_counts_and_never_against_the_own_statement():
    notes = [
        note("zadna", date(2026, 9, 9), organisation=OTHER),
        note("schuzka", date(2026, 3, 3), organisation="third"),
        note("osloveno", date(2026, 9, 30), organisation="fourth"),
    ]
    found = contact(notes)
    assert (found.status, found.stated_by) == ("schuzka", StatedBy.OTHERS)
    assert contact([*notes, note("zadna", date(2026, 1, 1))]).status == "zadna"
    # A meeting three years ago is long past: a letter of last month says more.
    old = [note("schuzka", date(2023, 3, 3), organisation="third"), notes[2]]
    assert contact(old).status == "osloveno"


def test_a_past_day_knows_only_what_was_dated_and_written_down_by_then():
    written_late = note("osloveno", date(2026, 6, 1), written=datetime(2026, 9, 1, 9, tzinfo=UTC))
    assert contact([written_late], day=date(2026, 8, 31)) is None
    assert contact([written_late], day=date(2026, 9, 1)).status == "osloveno"
    ahead = note("schuzka", date(2026, 9, 20), written=datetime(2026, 9, 1, 9, tzinfo=UTC))
    assert contact([written_late, ahead], day=date(2026, 9, 19)).status == "osloveno"
    # 22.30 UTC on 31 August is already 1 September in Prague.
    at_night = note("osloveno", date(2026, 8, 1), written=datetime(2026, 8, 31, 22, 30, tzinfo=UTC))
    assert as_known_on([at_night], date(2026, 8, 31)) == ()
    assert as_known_on([at_night], date(2026, 9, 1)) == (at_night,)
